"""What the person carries away of her plans: every row, in words."""

from types import SimpleNamespace

from ..diagnostics.openness import Openness
from ..persons.sharing import Domain
from .plan import Plan
from .reading import WholePlan


def plans_of(person):
    """Each plan, the latest first, under the names of the columns that it tells."""
    return [
        SimpleNamespace(
            code=one.code, created_at=one.created_at, organisation=one.organisation,
            started_by=one.started_by, meets_on=one.meets_on, meets_by=one.meets_by,
            agreed_at=one.agreed_at, change_asked_at=one.change_asked_at, closed_at=one.closed_at,
            closed_by=one.closed_by,
        )
        for one in Plan.of_person(person)
    ]  # fmt: skip


def priorities_of(person):
    return [
        SimpleNamespace(plan=whole.plan.code, place=one.row.place, content=one.offer.said.label.fr,
                        diagnostic=one.row.diagnostic.code, outcome=one.row.outcome,
                        created_at=one.row.created_at)
        for whole in _wholes(person)
        for one in whole.priorities
    ]  # fmt: skip


def steps_of(person):
    return [
        _proposal(one.step, plan=whole.plan.code, priority=priority.offer.said.label.fr,
                  content=one.step.name, starts_on=one.step.starts_on)
        for whole, priority, one in _steps(person)
    ]  # fmt: skip


def engagements_of(person):
    return [
        SimpleNamespace(
            plan=whole.plan.code, step=step.step.name or priority.offer.said.label.fr,
            side=one.side, content=one.part.label, account=one.account, due_on=one.due_on,
            done_at=one.done_at, done_by=one.done_by,
        )
        for whole, priority, step in _steps(person)
        for one in step.engagements
    ]  # fmt: skip


def waivers_of(person):
    return [
        _proposal(one, plan=whole.plan.code, ends_on=one.ends_on,
                  content=f"{one.reason.label} : {one.hours} h")
        for whole in _wholes(person)
        for one in whole.waivers
    ]  # fmt: skip


def _wholes(person):
    opened = Openness(Domain)
    return [WholePlan(plan, opened) for plan in Plan.of_person(person)]


def _steps(person):
    for whole in _wholes(person):
        for priority in whole.priorities:
            for step in [*priority.steps, *priority.ended]:
                yield whole, priority, step


def _proposal(row, **told):
    return SimpleNamespace(
        created_at=row.created_at, account=row.account, organisation=row.organisation,
        agreed_at=row.agreed_at, given=row.given, end=row.end, ended_at=row.ended_at, **told,
    )  # fmt: skip
