"""What employers say of an action: dated, under the name of an organisation (REQ 24).

Nothing may be said of a person: no number of hers, no way to reach her, no name after a title.
"""

import datetime as dt
import re

from ..base import N_, RuleBroken, today
from ..identifiers import holds_social_security_number
from ..text import one_line, tidy

MOST = 6
LONGEST_EMPLOYER = 150
SHORTEST_WORDS, LONGEST_WORDS = 10, 500
FIRST_YEAR = 2000
FIELDS = ("employer", "words", "day")

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# Nine digits in a row or more, spaces or dots between them: somebody could be called.
_TELEPHONE = re.compile(r"\+?\d(?:[\s.\-()]*\d){8,}")
_TITLED = re.compile(
    r"\b(?:M\.|MM\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle)[ \u00a0\u202f]*[A-ZÀ-Þ]"
)


def checked_testimonials(testimonials):
    """The same words, tidy, as a sheet keeps them: `[{employer, words, day}]`, `day` as
    `2026-11-03`; raises `RuleBroken` for what may not be said. Wholly empty ones are left out."""
    if not isinstance(testimonials, list) or not all(isinstance(t, dict) for t in testimonials):
        raise RuleBroken(N_("Un témoignage a un employeur, des mots et un jour."))
    found = [{name: _text(one, name) for name in FIELDS} for one in testimonials]
    found = [one for one in found if any(one.values())]
    if len(found) > MOST:
        raise RuleBroken(N_("Gardez %(most)d témoignages au plus."), most=MOST)
    for one in found:
        _check(one)
    return found


def _text(one, name):
    value = one.get(name)
    if isinstance(value, dt.date):
        value = value.isoformat()
    if value is not None and not isinstance(value, str):
        raise RuleBroken(N_("Un témoignage a un employeur, des mots et un jour."))
    return (tidy if name == "words" else one_line)(value or "")


def _check(one):
    if not 0 < len(one["employer"]) <= LONGEST_EMPLOYER:
        raise RuleBroken(N_("Dites quel employeur parle, en 150 signes au plus."))
    if not SHORTEST_WORDS <= len(one["words"]) <= LONGEST_WORDS:
        raise RuleBroken(N_("Un témoignage a de 10 à 500 signes."))
    for text in (one["employer"], one["words"]):
        _refuse_persons(text)
    _check_day(one["day"])


def _refuse_persons(text):
    if holds_social_security_number(text):
        raise RuleBroken(
            N_("Un numéro de sécurité sociale n’a pas sa place ici : ne l’écrivez jamais.")
        )
    if _EMAIL.search(text) or _TELEPHONE.search(text):
        raise RuleBroken(N_("Un témoignage ne donne ni adresse électronique, ni téléphone."))
    if _TITLED.search(text):
        raise RuleBroken(N_("Un témoignage ne nomme personne : l’employeur est un organisme."))


def _check_day(text):
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or day.year < FIRST_YEAR:
        raise RuleBroken(N_("Un témoignage porte le jour où il a été dit."))
    if day > today():
        raise RuleBroken(N_("Un témoignage ne peut pas être dit dans le futur."))
