"""Before asking: whether this action is for her, who may ask, what to bring; each with its words.

What would be refused for sure stops here, so that no button leads to a refusal.
"""

from typing import NamedTuple

from ..base import N_, Vocabulary, today
from .correspondence import can_be_answered

PROFESSIONALS = {"referent-spie", "tout-professionnel"}
PROFESSIONAL_MOBILISERS = "professionnels"


class Finding(Vocabulary):
    """What was looked at. The blank of a sentence is filled by the page."""

    GONE = "plus-proposee", N_("Cette action n’est plus proposée dans la banque.")
    UNANSWERED = (
        "sans-adresse",
        N_("Cette fiche n’a pas d’adresse électronique : appelez l’organisme."),
    )
    TOO_YOUNG = "trop-jeune", N_("Il faut avoir %(years)s ans au moins.")
    TOO_OLD = "trop-age", N_("Il faut avoir %(years)s ans au plus.")
    ELSEWHERE = "hors-zone", N_("Cette action est pour d’autres communes que la sienne.")
    HERSELF = "elle-meme", N_("C’est à la personne de demander elle-même.")
    RIGHT_AGE = "bon-age", N_("La personne a l’âge demandé.")
    UNKNOWN_AGE = "age-inconnu", N_("L’âge demandé est à vérifier avec la personne.")
    HERE = "dans-la-zone", N_("La personne habite dans la zone de l’action.")
    UNKNOWN_PLACE = "commune-inconnue", N_("La commune est à vérifier avec la personne.")
    FULL = "complet", N_("Il n’y avait plus de place le %(day)s.")
    PLACES = "places", N_("Places libres le %(day)s : %(places)s.")
    PAPERS = "papiers", N_("Vérifiez que la personne a les papiers demandés.")
    OTHER_REFERRER = "autre-prescripteur", N_("Vérifiez que vous pouvez prescrire : %(who)s.")


_STOPPING = {
    Finding.GONE, Finding.UNANSWERED, Finding.TOO_YOUNG, Finding.TOO_OLD, Finding.ELSEWHERE,
    Finding.HERSELF,
}  # fmt: skip
_TO_CHECK = {
    Finding.UNKNOWN_AGE, Finding.UNKNOWN_PLACE, Finding.FULL, Finding.PAPERS,
    Finding.OTHER_REFERRER,
}  # fmt: skip


class Check(NamedTuple):
    """One finding; `said` fills its sentence: an age, a day, a number, or values of `REFERRERS`."""

    finding: Finding
    said: dict = {}

    @property
    def is_stopping(self):
        return self.finding in _STOPPING

    @property
    def is_to_verify(self):
        return self.finding in _TO_CHECK


def checks_of(person, action):
    """Every `Check` of an action for her, those that stop it first."""
    found = [one for check in _CHECKS if (one := check(person, action))]
    return sorted(found, key=lambda one: (not one.is_stopping, not one.is_to_verify))


def may_prescribe(action):
    """Whether some professional may ask for this action here, whoever it is for."""
    return not any(one.is_stopping for one in (_gone(None, action), _herself(None, action),
                                               _unanswered(None, action)) if one)  # fmt: skip


def _gone(person, action):
    return None if action.is_listed_now else Check(Finding.GONE)


def _unanswered(person, action):
    return None if can_be_answered(action) else Check(Finding.UNANSWERED)


def _herself(person, action):
    by_referrer = action.referrers and set(action.referrers) == {"personne"}
    by_mobiliser = action.mobilisers and PROFESSIONAL_MOBILISERS not in action.mobilisers
    return Check(Finding.HERSELF) if by_referrer or by_mobiliser else None


def _referrer(person, action):
    others = [one for one in action.referrers if one != "personne"]
    if not others or PROFESSIONALS & set(others):
        return None
    return Check(Finding.OTHER_REFERRER, {"who": others})


def _age(person, action):
    if action.age_min is None and action.age_max is None:
        return None
    if person.birth_year is None:
        return Check(Finding.UNKNOWN_AGE)
    # Born on an unknown day of that year.
    most = today().year - person.birth_year
    least = most - 1
    if action.age_min is not None and most < action.age_min:
        return Check(Finding.TOO_YOUNG, {"years": action.age_min})
    if action.age_max is not None and least > action.age_max:
        return Check(Finding.TOO_OLD, {"years": action.age_max})
    is_sure = (action.age_min or 0) <= least and most <= (action.age_max or most)
    return Check(Finding.RIGHT_AGE if is_sure else Finding.UNKNOWN_AGE)


def _place(person, action):
    if not action.eligibility:
        return None
    if person.commune is None:
        return Check(Finding.UNKNOWN_PLACE)
    is_inside = set(person.commune.zone_codes) & set(action.eligibility)
    return Check(Finding.HERE if is_inside else Finding.ELSEWHERE)


def _places(person, action):
    if action.places_left is None or action.places_on is None:
        return None
    said = {"day": action.places_on, "places": action.places_left}
    return Check(Finding.PLACES if action.places_left else Finding.FULL, said)


def _papers(person, action):
    return Check(Finding.PAPERS) if action.documents else None


_CHECKS = (_gone, _unanswered, _herself, _age, _place, _places, _referrer, _papers)
