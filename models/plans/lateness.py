"""A month after the orientation, there is a plan: who is late, and whom it is told to.

Loi plein emploi: the contract is made within a month of the orientation.
"""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account
from ..audit import AuditEntry
from ..base import today, transaction
from ..database import held
from ..days import months_after
from ..persons.accompaniments import Accompaniment
from ..persons.pathways import Pathway, PathwayEnd
from ..persons.person import Person
from .plan import Plan

WITHIN_MONTHS = 1
TOLD_ACT = "plan:due"


class Late(NamedTuple):
    """A person led on a pathway since a month at least, without a plan that she agreed to."""

    person: int
    pathway: Pathway
    since: dt.date


def late_among(persons):
    """`{row number: Late}` of these persons, given by row number: two queries."""
    return _late(Pathway.person << list(persons))


def late_plan_of(person):
    """The same of one person, or None."""
    return late_among([person.id]).get(person.id)


def _late(*conditions):
    living = Pathway.select(Pathway.person).where(Pathway.slot.is_null(False), *conditions)
    led = [who for (who,) in living.where(~pw.fn.EXISTS(_in_force())).tuples()]
    of_each = {}
    for row in Pathway.select().where(Pathway.person << led).order_by(Pathway.id.desc()):
        of_each.setdefault(row.person_id, []).append(row)
    found = {who: Late(who, rows[0], _due_on(rows)) for who, rows in of_each.items()}
    return {who: one for who, one in found.items() if one.since <= today()}


def _in_force():
    """A living plan of the same person, to which she agreed."""
    mine = (Plan.person == Pathway.person) & Plan.slot.is_null(False)
    return Plan.select(Plan.id).where(mine, Plan.agreed_at.is_null(False))


def _due_on(rows):
    """A month after the orientation that led to the present pathway: a change of pathway does not
    put it off, a break begins again."""
    started = rows[0].started_on
    for former in rows[1:]:
        if former.end is not PathwayEnd.CHANGED:
            break
        started = former.started_on
    return months_after(started, WITHIN_MONTHS)


def remind():
    """Tell each référent unique, once per pathway, that a plan is to be made; answers how many
    messages were written. Nobody is named."""
    late = _late(~pw.fn.EXISTS(_told()), Pathway.person << _open_files())
    leads = Accompaniment.select().where(
        Accompaniment.lead_slot << [str(person) for person in late]
    )
    by_account = {}
    for link in leads:
        by_account.setdefault(link.account_id, []).append(late[link.person_id])
    return sum(_tell(account, theirs) for account, theirs in by_account.items())


def _told():
    """The trace of an alert about this pathway."""
    return AuditEntry.select(AuditEntry.id).where(
        AuditEntry.act == TOLD_ACT, AuditEntry.subject_type == Pathway._meta.table_name,
        AuditEntry.subject_id == Pathway.id,
    )  # fmt: skip


def _open_files():
    return Person.select(Person.id).where(
        Person.closed_at.is_null(), Person.anonymised_at.is_null()
    )


@transaction
def _tell(account_id, theirs):
    """One message, unless another worker has just written it: the account's row is held."""
    [account] = held(Account.select().where(Account.id == account_id))
    pathways = {one.pathway.id: one for one in theirs}
    told = Pathway.select(Pathway.id).where(Pathway.id << list(pathways), pw.fn.EXISTS(_told()))
    for (row,) in told.tuples():
        del pathways[row]
    if not pathways or not account.is_active:
        return 0
    for one in pathways.values():
        audit.record(TOLD_ACT, one.pathway, person=one.pathway.person)
    outbox.post("plan_due", account.identifier, account.language, count=len(pathways))
    return 1
