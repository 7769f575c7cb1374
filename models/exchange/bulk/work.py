"""What the worker does of the deposits: the phases of each, slice by slice."""

import time
from collections.abc import Callable
from typing import NamedTuple

import peewee as pw

from ... import outbox
from ...base import N_, now, transaction
from ...database import is_sqlite
from ...permissions import Permission, can
from . import judging, writing
from .deposits import RUNNING, BulkChunk, BulkImport, State, hold

# How long the task of the worker keeps at it, and what one press of the button does.
TASK_SECONDS, BY_HAND_SECONDS = 20, 3
# Left to others after a slice of writing: SQLite has one writer, and does not serve in turn.
BREATH_SECONDS = 0.1


def work_next(seconds=TASK_SECONDS):
    """Move on the deposits that wait, the oldest first; answers how many rows were done."""
    until, done = time.monotonic() + seconds, 0
    waiting = BulkImport.select(BulkImport.id).where(BulkImport.state << RUNNING)
    for (row,) in list(waiting.order_by(BulkImport.id).tuples()):
        done += advance(row, until)
    return done


def advance_by_hand(bulk):
    """What one press of a button does, where no worker runs."""
    return advance(bulk.id, time.monotonic() + BY_HAND_SECONDS)


def advance(row, until):
    """Do the slices of one deposit until this moment of the monotonic clock; at least one."""
    done = 0
    while (count := _step(row)) is not None:
        done += count
        if time.monotonic() >= until:
            break
    return done


def _step(row):
    """One slice more; None when the deposit has nothing left to do by itself."""
    bulk = BulkImport.get_or_none(BulkImport.id == row)
    if bulk is None or not bulk.is_running:
        return None
    phase = _PHASES[bulk.state]
    actor = phase.actor(bulk)
    if not (actor and actor.is_active and can(actor, phase.permission, bulk.organisation)):
        _fail(bulk, N_("Qui l’a demandé n’a plus le droit de le faire."))
        return None
    left = (BulkChunk.bulk == bulk) & (BulkChunk.stage < phase.stage)
    chunk = BulkChunk.select().where(left).order_by(BulkChunk.number).first()
    try:
        done = _finish(bulk, phase) if chunk is None else phase.act(bulk, chunk)
    except (pw.OperationalError, pw.InterfaceError):
        # The database is away: nothing was done, and nothing is wrong with the deposit.
        raise
    except Exception:
        _fail(bulk, N_("Une panne l’a arrêté. Rien n’est perdu : vous pouvez le reprendre."))
        raise
    if is_sqlite() and phase.writes_sheets:
        time.sleep(BREATH_SECONDS)
    return done


@transaction
def _finish(bulk, phase):
    bulk = hold(bulk)
    if _PHASES.get(bulk.state) is phase:
        bulk.state, bulk.touched_at = phase.then, now()
        if phase.then == State.APPLIED:
            bulk.applied_at = now()
        bulk.save()
        if phase.then == State.PUBLISHED:
            _tell_depositor(bulk)
    return 0


def _tell_depositor(bulk):
    """One message for all the sheets; a closed account is not written to."""
    account = bulk.account
    if account and account.is_active:
        values = {"code": bulk.code, "count": bulk.done, "organisation": bulk.organisation.name}
        outbox.post("deposit_published", account.identifier, account.language, **values)


@transaction
def _fail(bulk, sentence):
    bulk = hold(bulk)
    if bulk.is_running:
        bulk.former_state, bulk.state, bulk.trouble = bulk.state, State.FAILED, sentence
        bulk.save()


# The phases, of one slice each


def _check(bulk, chunk):
    # Judged before the transaction, which then only keeps the answer.
    judged = judging.judge(bulk, chunk.rows)
    return _once(bulk, chunk, _CHECK, lambda bulk, rows: (judging.report(bulk, judged), len(rows)))


def _apply(bulk, chunk):
    return _once(bulk, chunk, _APPLY, lambda bulk, rows: (writing.write(bulk, rows), len(rows)))


def _publish(bulk, chunk):
    return _once(bulk, chunk, _PUBLISH, lambda bulk, rows: (rows, writing.publish(bulk, rows)))


@transaction
def _once(bulk, chunk, phase, act):
    """Do a slice, unless somebody has done it meanwhile, and say so; answers how many were done.

    `act(bulk, rows)` answers what is kept of the rows, and how many it did.
    """
    bulk = hold(bulk)
    chunk = BulkChunk.get_or_none(BulkChunk.id == chunk.id)
    if _PHASES.get(bulk.state) is not phase or chunk is None or chunk.stage >= phase.stage:
        return 0
    chunk.rows, count = act(bulk, chunk.rows)
    chunk.stage = phase.stage
    chunk.save()
    bulk.moved(count)
    bulk.save()
    return count


class _Phase(NamedTuple):
    """`act` takes the slices to `stage`, in the name of `actor`; the deposit is `then`."""

    act: Callable
    stage: int
    then: State
    permission: Permission
    actor: Callable
    writes_sheets: bool


def _depositor(bulk):
    return bulk.account


def _publisher(bulk):
    return bulk.publisher


_CHECK = _Phase(_check, 1, State.CHECKED, Permission.BULK_WRITE, _depositor, False)
_APPLY = _Phase(_apply, 2, State.APPLIED, Permission.BULK_WRITE, _depositor, True)
_PUBLISH = _Phase(_publish, 3, State.PUBLISHED, Permission.ACTION_REVIEW, _publisher, True)
_PHASES = {
    State.WAITING: _CHECK,
    State.CHECKING: _CHECK,
    State.APPLYING: _APPLY,
    State.PUBLISHING: _PUBLISH,
}
