"""What may be begun with a person: the single template, and the grid that her answers propose."""

from typing import NamedTuple

from ..questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE, TemplateVersion
from .answers import Answers

YES = "oui"


class Offer(NamedTuple):
    """A template that has no draft yet; `is_proposed` when an answer leads to it, which obliges to
    nothing (REQ-38)."""

    version: TemplateVersion
    is_proposed: bool


def offers(diagnostics, openness):
    """The templates to begin, of somebody who has these diagnostics, the latest first."""
    begun = {one.version.key for one in diagnostics if one.is_draft}
    proposed = _proposed(diagnostics, openness)
    return [
        Offer(version, key in proposed) for key, version in versions().items() if key not in begun
    ]


def versions():
    """`{template key: TemplateVersion}` that new diagnostics follow."""
    current = {key: TemplateVersion.current(key) for key in (SINGLE_TEMPLATE, POTENTIALS_GRID)}
    return {key: version for key, version in current.items() if version}


def _proposed(diagnostics, openness):
    """The keys of the templates that the answers of the latest diagnostic propose."""
    latest = next((one for one in diagnostics if one.version.key == SINGLE_TEMPLATE), None)
    if latest is None:
        return set()
    given = Answers(latest).given
    return {
        question.proposes
        for question in latest.template.questions.values()
        if question.proposes and openness.shows(question) and given.get(question.key) == YES
    }
