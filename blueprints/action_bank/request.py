"""Reading the search form from the address: what is asked, and what cannot be understood."""

from dataclasses import dataclass, field

from flask import request

from models.action_bank.asking import FACETS, LONGEST_TEXT, RADIUS_RANGE
from models.action_bank.search import DEFAULT_RADIUS, Search
from models.base import CODE_ALPHABET, N_, today
from models.days import months_after
from models.network.organisations import Organisation
from models.territories import Commune, find_communes
from models.text import one_line
from models.vocabularies import OTHER

from ..display import month
from ..languages import gettext

# How far ahead one looks for a date.
MONTHS_AHEAD = 4


@dataclass
class Asked:
    """The search as typed: `problems` says by field what cannot be understood, `communes` the
    places among which a person must choose."""

    search: Search = field(default_factory=Search)
    text: str = ""
    commune_text: str = ""
    communes: list[Commune] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def known_facets():
    """`FACETS`, and the months to come: those of the sessions, which the day decides."""
    first = today().replace(day=1)
    months = [months_after(first, ahead) for ahead in range(MONTHS_AHEAD)]
    return FACETS | {"date": ("month", {f"{one:%Y-%m}": month(one) for one in months})}


def read_search():
    asked = Asked(
        text=one_line(request.args.get("q", "")),
        commune_text=one_line(request.args.get("commune", ""), 100),
    )
    asked.search = Search(
        text=_text(asked),
        commune=_commune(asked),
        radius_km=_radius(asked),
        chosen=_chosen(asked),
        with_stale="anciennes" in request.args,
        after=_after(),
    )
    return asked


def _text(asked):
    if len(asked.text) <= LONGEST_TEXT:
        return asked.text
    asked.text = asked.text[:LONGEST_TEXT]
    asked.problems["q"] = gettext(
        N_("Votre phrase est trop longue. Écrivez moins de %(most)d caractères.")
    ) % {"most": LONGEST_TEXT}
    return ""


def _commune(asked):
    if not asked.commune_text:
        return None
    found = find_communes(asked.commune_text)
    if len(found) == 1:
        asked.commune_text = found[0].name
        return found[0]
    asked.communes = found
    if not found:
        asked.problems["commune"] = gettext(
            N_("Nous ne trouvons pas cette commune en Haute-Garonne. Vérifiez son nom.")
        )
    return None


def _radius(asked):
    text = request.args.get("rayon") or str(DEFAULT_RADIUS)
    if text.isascii() and text.isdigit() and int(text[:6]) in RADIUS_RANGE:
        return int(text)
    asked.problems["rayon"] = gettext(
        N_("La distance doit être un nombre de kilomètres, de %(least)d à %(most)d.")
    ) % {"least": RADIUS_RANGE[0], "most": RADIUS_RANGE[-1]}
    return DEFAULT_RADIUS


def _chosen(asked):
    chosen = {}
    for name, (facet, known) in known_facets().items():
        values = tuple(dict.fromkeys(value for value in request.args.getlist(name) if value))
        if any(value not in known and value != OTHER for value in values):
            asked.problems[name] = gettext(N_("Ce filtre n’existe pas ou n’existe plus."))
        elif values:
            chosen[facet] = values
    return chosen | _organisations(asked)


def _organisations(asked):
    codes = [code for code in request.args.getlist("organisme") if code][:20]
    if not codes:
        return {}
    found = tuple(str(row) for row in Organisation.ids_of(one_line(code) for code in codes))
    if len(found) < len(set(codes)):
        asked.problems["organisme"] = gettext(N_("Cet organisme n’existe pas ou n’existe plus."))
        return {}
    return {"organisation": found}


def _after():
    code = request.args.get("apres", "")
    return code if code and set(code) <= set(CODE_ALPHABET) else None
