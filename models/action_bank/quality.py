"""How good a sheet is, point by point, with what to write next (data·inclusion’s quality score).

The score is the mean of the criteria that apply to the sheet: one that is only remote needs no
address, one that nobody asks for by e-mail needs none.
"""

from typing import NamedTuple

from ..base import N_, today
from ..days import months_before
from .sheets import REMOTE

FRESH_MONTHS, OLD_MONTHS = 6, 24
SHORT, GOOD, LONG = 50, 200, 2_000
FREE = "gratuit"
# What a way of asking needs: the mode, the field that answers it, what to say when it is empty.
_NEEDED = (
    ("envoyer-un-courriel", "email", N_("On vous demande par courriel : donnez l’adresse.")),
    ("telephoner", "phone", N_("On vous demande par téléphone : donnez le numéro.")),
    (
        "utiliser-lien-mobilisation",
        "mobilisation_url",
        N_("On vous demande par un lien : donnez son adresse."),
    ),
)


class Point(NamedTuple):
    """One criterion: `part` is the step of the form that earns it, `score` goes from 0 to 1, and
    `advice` says in French why something is missing (None when nothing is)."""

    name: str
    part: str
    score: float
    advice: str | None


class Quality(NamedTuple):
    points: list[Point]

    @property
    def percent(self):
        """The mean of the points, as a whole number out of 100."""
        return round(100 * sum(point.score for point in self.points) / len(self.points))

    @property
    def missing(self):
        """The points not fully earned, those that cost most first."""
        return sorted((p for p in self.points if p.score < 1), key=lambda point: point.score)


def quality_of(action):
    """The `Quality` of a sheet as it stands."""
    found = (criterion(action) for criterion in _CRITERIA)
    return Quality([point for point in found if point])


def _address(action):
    if action.reception_modes == [REMOTE]:
        return None
    is_there = bool(action.address and action.commune)
    advice = N_("Donnez l’adresse : sans elle, personne ne trouve le lieu.")
    return _all_or_nothing("address", "lieu", is_there, advice)


def _mobilisation(action):
    halves = [bool(action.mobilisation_modes), bool(action.mobilisers)]
    advice = {
        (False, False): N_("Dites comment demander cette action, et qui peut la demander."),
        (False, True): N_("Dites comment demander cette action."),
        (True, False): N_("Dites qui peut demander cette action."),
    }.get(tuple(halves))
    return Point("mobilisation", "demande", sum(halves) / 2, advice)


def _audience(action):
    advice = N_("Dites à qui l’action s’adresse.")
    return _all_or_nothing("audience", "public", bool(action.audiences), advice)


def _theme(action):
    advice = N_("Choisissez au moins un thème : c’est par lui qu’on vous trouve.")
    return _all_or_nothing("theme", "essentiel", bool(action.thematics), advice)


def _contact(action):
    advice = N_("Donnez un téléphone ou un courriel.")
    return _all_or_nothing("contact", "demande", bool(action.phone or action.email), advice)


def _contact_of_mode(action):
    asked = [need for need in _NEEDED if need[0] in action.mobilisation_modes]
    if not asked:
        return None
    lacking = [sentence for _, field, sentence in asked if not getattr(action, field)]
    score = 1 - len(lacking) / len(asked)
    return Point("contact-of-mode", "demande", score, lacking[0] if lacking else None)


def _freshness(action):
    """1 up to six months, then down to 0 at two years."""
    fresh = months_before(today(), FRESH_MONTHS)
    old = months_before(today(), OLD_MONTHS)
    share = (action.last_verified_on - old).days / (fresh - old).days
    score = round(min(1.0, max(0.0, share)), 2)
    advice = N_("Relisez la fiche, puis dites qu’elle est toujours à jour.")
    return Point("freshness", "relecture", score, None if score == 1 else advice)


def _fees(action):
    if not action.fees and not action.other_values.get("fees"):
        return Point("fees", "public", 0, N_("Dites si l’action est gratuite ou payante."))
    if action.fees == FREE or action.fees_detail:
        return Point("fees", "public", 1, None)
    return Point(
        "fees", "public", 0.5, N_("L’action n’est pas gratuite : dites combien, pour qui.")
    )


def _description(action):
    length = len(action.description)
    if length < SHORT:
        words = N_(
            "Décrivez l’action en 200 signes au moins : ce qu’on y fait, et ce qu’on y gagne."
        )
        return Point("description", "essentiel", 0, words)
    if length < GOOD:
        words = N_("La description est courte : 200 signes au moins aident à choisir.")
        return Point("description", "essentiel", 0.5, words)
    if length >= LONG:
        words = N_("La description est longue : gardez moins de 2 000 signes.")
        return Point("description", "essentiel", 0.5, words)
    return Point("description", "essentiel", 1, None)


def _all_or_nothing(name, part, is_earned, advice):
    return Point(name, part, int(is_earned), None if is_earned else advice)


_CRITERIA = (
    _theme, _description, _audience, _fees, _address, _mobilisation, _contact, _contact_of_mode,
    _freshness,
)  # fmt: skip
