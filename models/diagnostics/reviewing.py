"""She reads her synthesis again, box by box: agree, disagree, no reason asked (L7, I6)."""

from typing import NamedTuple

import peewee as pw

from ..accounts.account import Account
from ..base import N_, RuleBroken, transaction
from ..network.organisations import Organisation
from ..persons.sharing import Domain
from ..questionnaire.deriving import DomainState, derive
from .answers import Answers
from .domains import DomainLine
from .needs import NeedDecision, Wish

# What she can do comes before what she lacks.
ORDER = (
    DomainState.STRENGTH, DomainState.NO_OBSTACLE, DomainState.NEED, DomainState.NOT_DISCUSSED,
)  # fmt: skip


class Box(NamedTuple):
    """One domain as she reads it. `lines` are those noted, several until somebody chooses; without
    any, `state` is what her answers propose."""

    domain: Domain
    state: DomainState
    lines: list[DomainLine]


def boxes_of(diagnostic):
    """A `Box` for each domain, strengths first: three queries, however many lines."""
    template = diagnostic.template
    noted = _lines(diagnostic)
    kept = NeedDecision.standing(diagnostic).items()
    declined = {key for key, decision in kept if decision.keeping is Wish.NO}
    derived = derive(template, Answers(diagnostic).given, declined=declined)
    spoken = {domain for section in template.sections for domain in section.domains}
    boxes = [
        Box(domain, lines[0].state if lines else derived.state(domain), lines)
        for domain in Domain
        if (lines := noted.get(domain, [])) or domain in spoken
    ]
    return sorted(boxes, key=lambda box: ORDER.index(box.state))


def _lines(diagnostic):
    """`{domain: [standing lines]}`, each with who noted it."""
    rows = (
        DomainLine.select(DomainLine, Account, Organisation)
        .join_from(DomainLine, Account, pw.JOIN.LEFT_OUTER)
        .join_from(DomainLine, Organisation, pw.JOIN.LEFT_OUTER)
        .where(DomainLine.diagnostic == diagnostic, DomainLine.replaced_at.is_null())
        .order_by(DomainLine.id)
    )
    found = {}
    for row in rows:
        row.diagnostic = diagnostic
        found.setdefault(row.domain, []).append(row)
    return found


@transaction
def review(diagnostic, opinions, *, by):
    """Write `{line code: Opinion}`; a line that changed since she read it refuses them all."""
    lines = {line.code: line for lines in _lines(diagnostic).values() for line in lines}
    if not opinions.keys() <= lines.keys():
        raise RuleBroken(N_("Une case a changé pendant votre lecture : relisez-la."))
    for code, opinion in opinions.items():
        if lines[code].opinion is not opinion:
            lines[code].give_opinion(opinion, by=by)


class Asked(NamedTuple):
    """A need that her answers raise, and what she decided of it, or None."""

    key: str
    label: str
    sensitivity: int
    keeping: Wish | None


def needs_of(diagnostic, language):
    """Each need `Asked` of her, in the order of her answers."""
    template = diagnostic.template
    raised = derive(template, Answers(diagnostic).given).raised
    decided = NeedDecision.standing(diagnostic)
    return [
        Asked(
            key, template.needs[key].label.said(language),
            template.sensitivity_of(key, raised[key].question),
            decided[key].keeping if key in decided else None,
        )
        for key in raised
    ]  # fmt: skip


def strengths_of(diagnostic):
    """The soft skills that her answers suggest; none is kept without her click (REQ-40)."""
    return derive(diagnostic.template, Answers(diagnostic).given).strengths
