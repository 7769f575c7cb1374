"""What time does to a request without an answer: the provider is reminded, then it closes
(product.md §3: reminded every 10 days, closed at 30).

Each prescription is moved in a transaction of its own, its row held and read again: cut anywhere,
run twice or by several processes, nothing is said twice. They are walked by slices: memory does
not grow with them.
"""

import contextlib
import datetime as dt

from ..base import RuleBroken, now, today, transaction
from ..database import held
from ..days import first_moment
from .correspondence import tell_provider, tell_referent
from .delays import delays
from .links import AnswerLink
from .mover import SERVICE
from .prescription import Prescription
from .standing import stands
from .states import Move, State

SLICE = 200
LAST_DAY = dt.timedelta(days=1)


def remind_providers():
    """Ask again those who have not answered, with a new link; answers how many."""
    return sum(_remind(row) for row in _walk(_is_unanswered()))


def expire_old():
    """Close those that nobody answered in time, and tell the référents; answers how many."""
    return sum(_expire(row) for row in _walk(Prescription.expires_at <= now()))


def _is_unanswered():
    """Counted in days, so that reminders do not slip from hour to hour; none on the last day."""
    waits = Prescription.other_day.is_null() & (Prescription.expires_at > now() + LAST_DAY)
    since = first_moment(today() - dt.timedelta(days=delays().reminder - 1))
    never = Prescription.reminded_at.is_null() & (Prescription.sent_at < since)
    return waits & (never | (Prescription.reminded_at < since))


def _walk(is_due):
    """The row number of each prescription that was sent and is due, in the order in which they
    end: that of their index, so that a slice costs the same wherever it begins."""
    sent = (Prescription.state == State.SENT) & Prescription.person.is_null(False)
    ends, row = Prescription.expires_at, Prescription.id
    rows = Prescription.select(ends, row).where(sent, is_due).order_by(ends, row).limit(SLICE)
    found = list(rows.tuples())
    while found:
        yield from (row_number for _, row_number in found)
        last_end, last_row = found[-1]
        further = (ends > last_end) | ((ends == last_end) & (row > last_row))
        found = list(rows.where(ends >= last_end, further).tuples())


def _remind(row):
    """Whether it was this process that reminded its provider. Nothing is written down when nobody
    would receive it."""
    with contextlib.suppress(RuleBroken):
        return _ask_again(row)
    return False


@transaction
def _ask_again(row):
    due = Prescription.select().where(Prescription.id == row, Prescription.state == State.SENT)
    for prescription in held(due.where(_is_unanswered(), Prescription.action.is_null(False))):
        if stands(prescription.provider, was_bound=prescription.is_bound):
            prescription.reminded_at = now()
            prescription.save(only=[Prescription.reminded_at])
            prescription.record("prescription:remind", Move.REMINDED, SERVICE)
            tell_provider(prescription, "prescription_reminder")
            return True
    return False


@transaction
def _expire(row):
    """Whether it was this process that closed it; it holds the row by itself."""
    prescription = Prescription.get_by_id(row)
    if not prescription.expire(mover=SERVICE):
        return False
    AnswerLink.close(prescription)
    tell_referent(prescription, "prescription_expired")
    return True
