"""« Sans solution » (REQ-208): persons to whom nobody proposed anything for some time, and for whom
nothing of what was proposed goes on.

A step of a plan or a prescription is a proposal. A few queries, however many persons.
"""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from .. import audit
from ..base import local_day, today, transaction
from ..counts import shown_count
from ..days import first_moment
from ..persons import caseload
from ..persons.accompaniments import Accompaniment
from ..persons.person import Person
from ..plans.plan import Plan
from ..plans.priorities import PlanPriority
from ..plans.steps import PlanStep
from .delays import delays
from .prescription import Prescription
from .states import State

CRITERION = "sans-solution"


class Waiting(NamedTuple):
    """A person without a solution; `since` is the day of the last proposal, or that on which her
    file was opened when there never was one."""

    person: Person
    since: dt.date
    was_proposed: bool


@transaction
def list_of(account):
    """`[Waiting]` of those whom this account accompanies today, who has waited longest first. One
    line of the trail for each list shown."""
    audit.record("files:list", account, by=account, criteria=[CRITERION])
    followed = {one.person.id: one.person for one in caseload.followed_by(account)}
    found = [
        Waiting(followed[row], local_day(last or opened), last is not None)
        for row, opened, last in _last_proposals(followed)
    ]
    return sorted(found, key=lambda one: (one.since, one.person.id))


def count_among(persons):
    """How many of these persons, given by row number: one query."""
    return _lacking().where(Person.id << list(persons)).count()


def shown_total():
    """How many of all those who are accompanied, or None when it may not be told: one query. Never
    by anything else: a second count would tell more."""
    followed = Accompaniment.select(Accompaniment.person).where(Accompaniment.living())
    return shown_count(_lacking().where(Person.id << followed).count())


def _lacking():
    is_open = Person.closed_at.is_null() & Person.anonymised_at.is_null()
    limit = first_moment(today() - dt.timedelta(days=delays().solution))
    has_step = _steps().where((PlanStep.created_at >= limit) | _step_goes_on())
    has_asked = _prescriptions().where((Prescription.created_at >= limit) | _asked_goes_on())
    return Person.select(Person.id).where(
        is_open, Person.created_at < limit, ~pw.fn.EXISTS(has_step), ~pw.fn.EXISTS(has_asked)
    )


def _last_proposals(persons):
    """`(row number, when the file was opened, when something was last proposed)`: one query."""
    step = _steps(pw.fn.MAX(PlanStep.created_at))
    asked = _prescriptions(pw.fn.MAX(Prescription.created_at))
    lacking = _lacking().where(Person.id << list(persons))
    rows = lacking.select(Person.id, Person.created_at, step, asked).tuples()
    as_moment = Person.created_at.python_value
    return [
        (row, opened, max((as_moment(one) for one in (step, asked) if one), default=None))
        for row, opened, step, asked in rows
    ]


def _steps(*columns):
    """Those of the person of the outer query."""
    return (
        PlanStep.select(*(columns or (PlanStep.id,)))
        .join(PlanPriority)
        .join(Plan)
        .where(Plan.person == Person.id)
    )


def _step_goes_on():
    agreed = PlanStep.agreed_at.is_null(False) & PlanStep.ended_at.is_null()
    return agreed & Plan.slot.is_null(False)


def _prescriptions(*columns):
    mine = Prescription.person == Person.id
    return Prescription.select(*(columns or (Prescription.id,))).where(mine)


def _asked_goes_on():
    sent = Prescription.state << (State.SENT, State.ACCEPTED)
    return sent & Prescription.slot.is_null(False)
