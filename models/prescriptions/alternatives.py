"""What else the bank holds when an action was refused, or nobody answered (REQ-31).

Read on the page of whoever may know the need; never in an e-mail.
"""

import dataclasses

from ..diagnostics import matching
from ..diagnostics.diagnostic import Diagnostic
from ..diagnostics.matching import Circumstances
from ..diagnostics.synthesis import Synthesis
from ..questionnaire.shape import Need, Words
from .prescription import Prescription

MOST = 3


def alternatives_to(prescription, person, opened):
    """Up to three `Match`es for the needs it was asked for, for a reader of this `Openness`: none
    that was asked for already and goes on, nor this one. `[]` when a need is not his to read."""
    shared = prescription.shared
    if shared is None or not shared.is_open(opened):
        return []
    diagnostics = Diagnostic.of_person(person)
    needs = _needs(shared, diagnostics) or _themes_of(prescription.action)
    around = _circumstances(person, diagnostics, opened)
    around = dataclasses.replace(around, but_not=_asked_already(prescription, person))
    return _one_of_each(matching.proposals(needs, around))


def _needs(shared, diagnostics):
    """The `Need`s, as the latest template of hers that knows them says them."""
    templates = [one.template for one in diagnostics]
    found = (
        next((known.needs[one.key] for known in templates if one.key in known.needs), None)
        for one in shared.needs
    )
    return [one for one in found if one]


def _themes_of(action):
    """Asked for without a need: what its sheet is about stands for one."""
    if action is None or not action.thematics:
        return []
    return [Need("", Words(""), None, tuple(action.thematics), matching.BANK, True)]


def _circumstances(person, diagnostics, opened):
    if not diagnostics:
        return Circumstances(person.commune, frozenset(), None)
    return Circumstances.of(person, Synthesis(diagnostics[0], opened))


def _asked_already(prescription, person):
    asked = {one.action_id for one in Prescription.living_of(person)}
    return frozenset(asked | {prescription.action_id})


def _one_of_each(proposals):
    """The best of each need first, then the seconds; an action once."""
    ranked = [
        match
        for rank in range(matching.MOST_ACTIONS)
        for proposal in proposals
        for match in proposal.matches[rank : rank + 1]
    ]
    found = {}
    for match in ranked:
        found.setdefault(match.action.id, match)
    return list(found.values())[:MOST]
