"""The day of a point, and a point that nobody answers: by the worker, once each (REQ-13)."""

import contextlib
import datetime as dt

from .. import audit, outbox
from ..accounts.account import Account
from ..base import RuleBroken, hash_token, new_token, now, today, transaction
from ..database import held
from ..persons.accompaniments import Accompaniment
from ..persons.notices import News, PersonNotice
from ..persons.person import ContactBy, Person
from ..prescriptions.delays import delays
from .entry import EmploymentEntry
from .points import EmploymentPoint, silent_since

SLICE = 200


def ask_points():
    """Ask the questions of today and of the days missed; answers how many."""
    done = after = 0
    while points := _to_ask(after):
        done += sum(_ask(point) for point in points)
        after = points[-1].id
    return done


def _to_ask(after):
    rows = _open_points().where(EmploymentPoint.id > after, *_unasked())
    return list(rows.order_by(EmploymentPoint.id).limit(SLICE))


def _unasked():
    return EmploymentPoint.due_on <= today(), EmploymentPoint.asked_at.is_null()


def _open_points():
    """Those without an answer, of a living entry and of an open file."""
    return (
        EmploymentPoint.select(EmploymentPoint, EmploymentEntry, Person)
        .join_from(EmploymentPoint, EmploymentEntry)
        .join_from(EmploymentEntry, Person)
        .where(
            EmploymentPoint.answer.is_null(), EmploymentEntry.slot.is_null(False),
            Person.closed_at.is_null(), Person.anonymised_at.is_null(),
        )
    )  # fmt: skip


@transaction
def _ask(point):
    """Ask it, unless another worker has just done so: what concerns her is held."""
    point.entry.person.hold()
    point = _open_points().where(EmploymentPoint.id == point.id, *_unasked()).first()
    if point is None or point.is_past:
        return 0
    person, token = point.entry.person, new_token()
    if _mailed(person, token):
        point.token_hash = hash_token(token)
        point.link_ends_at = now() + dt.timedelta(days=delays().question)
    else:
        # No word of it by e-mail: she wants none, or her address takes none.
        PersonNotice.create(person=person, news=News.EMPLOYMENT_POINT)
    point.asked_at = now()
    point.save(only=point.dirty_fields)
    audit.record("employment:ask", point, person=person, months=point.months)
    return 1


def _mailed(person, token):
    """Whether she wants e-mails, and one could be written: nothing in it says who she is."""
    if person.contact_by is ContactBy.EMAIL and person.email:
        with contextlib.suppress(RuleBroken):
            outbox.post_privately("employment_point", person.email, person.language, token=token)
            return True
    return False


def report_silence():
    """Tell each référent unique, once per point, that a person did not answer; answers how many
    messages were written. Nobody is named."""
    told = after = 0
    while accounts := _with_silence(after):
        told += sum(_report_to(account) for account in accounts)
        after = accounts[-1]
    return told


def _silent_points():
    """The points nobody was told about, each with the person’s lead."""
    lead = (Accompaniment.person == Person.id) & Accompaniment.lead_slot.is_null(False)
    return (
        _open_points()
        .join_from(Person, Accompaniment, on=lead)
        .where(EmploymentPoint.asked_at < silent_since(), EmploymentPoint.told_at.is_null())
    )


def _with_silence(after):
    """The row numbers of the next référents to tell."""
    account = Accompaniment.account
    rows = _silent_points().select(account).where(account > after).distinct()
    return [row for (row,) in rows.order_by(account).limit(SLICE).tuples()]


@transaction
def _report_to(account_id):
    """One message, unless another worker has just written it: the account’s row is held."""
    [account] = held(Account.select().where(Account.id == account_id))
    if not account.is_active:
        return 0
    points = list(_silent_points().where(Accompaniment.account == account))
    for point in points:
        point.told_at = now()
        point.save(only=point.dirty_fields)
        audit.record("employment:late", point, person=point.entry.person, months=point.months)
    if points:
        with contextlib.suppress(RuleBroken):
            outbox.post(
                "employment_silence", account.identifier, account.language, count=len(points)
            )
    return int(bool(points))
