"""The keys of the database: which one seals what, changing it, and refusing a wrong one.

A key is changed while the service works. Rows pass by slices, each in one transaction; a row that
somebody else holds is left for the next round. Killed at any moment, it is run again and goes on.
"""

import contextlib
import functools
import operator
import time
from collections import Counter
from typing import NamedTuple

import peewee as pw

from . import TABLES, sealing
from .base import database, now, transaction
from .database import in_haste, is_sqlite
from .persons.person import FOUND_BY, Person
from .sealed import SealedBytesField, SealedColumn, kept
from .sealing_keys import SealingKey

SLICE = 200
# Rows that hold files, five megabytes each.
SLICE_OF_FILES = 2
# SQLite's only writer is left free between two slices.
BREATH_SECONDS = 0.01
# Rows that others hold: looked at again, and left to the next run when they last.
MOST_WAITS = 50
WAIT_SECONDS = 0.2
# Entity → its sealed columns that a fingerprint finds again.
FINGERPRINTED = {Person: FOUND_BY}


class WrongKey(Exception):
    """The database holds what none of our keys opens; `key_ids` says under which keys."""

    def __init__(self, key_ids):
        super().__init__(", ".join(sorted(key_ids)))
        self.key_ids = key_ids


class Outcome(NamedTuple):
    """What one run did, and what it leaves under another key than the present one: `unreadable`
    texts that no key held opens are among those `left`."""

    done: int
    left: int
    unreadable: int


def sealed_fields():
    """`{entity: its sealed columns}`, out of the models."""
    found = {
        table: [field for field in table._meta.sorted_fields if isinstance(field, SealedColumn)]
        for table in TABLES
    }
    return {table: fields for table, fields in found.items() if fields}


def status():
    """`{(entity, key number): texts}`: the sealed texts and files that each key opens."""
    counts = Counter()
    for table, fields in sealed_fields().items():
        for field in fields:
            key = _key_of(field).alias("key")
            rows = table.select(key, pw.fn.COUNT(table.id)).where(field.is_null(False))
            for key_id, count in rows.group_by(pw.SQL("key")).tuples():
                counts[table, key_id] += count
    return dict(counts)


def _key_of(field):
    """The number of the key of a column, as text, whatever the column holds."""
    key = pw.fn.SUBSTR(field, 1, sealing.KEY_ID_DIGITS)
    if not isinstance(field, SealedBytesField):
        return key
    # PostgreSQL would refuse to read as text what is none; this writes it otherwise.
    return key.cast("text") if is_sqlite() else pw.fn.ENCODE(key, "escape")


# Starting


def check_if_it_answers():
    """As `check`, on an open connection, when the database is migrated; answers whether it was."""
    with contextlib.suppress(pw.OperationalError, pw.InterfaceError):
        if database.table_exists(SealingKey._meta.table_name):
            check()
            return True
    return False


def check():
    """Raise `WrongKey` unless our keys open all that the database holds; remember a new key."""
    keys = list(SealingKey.select())
    living = {key.key_id for key in keys if key.retired_at is None}
    lost = {key.key_id for key in keys if key.key_id in living and not key.is_held}
    if not lost and sealing.present_id() in living:
        return
    used = {key_id for _, key_id in status()}
    if lost := (used & lost) | (used - sealing.held_ids()):
        raise WrongKey(lost)
    _keep_keys(used | {sealing.present_id()}, living)


def _keep_keys(used, living):
    """These keys seal something here, the other living ones nothing any more; written at the next
    start when somebody else is writing."""
    with contextlib.suppress(pw.OperationalError), in_haste():
        for key_id in used - living:
            SealingKey.remember(key_id)
        _retire(living - used)


def _retire(key_ids):
    SealingKey.update(retired_at=now()).where(SealingKey.key_id << list(key_ids)).execute()


# Changing the key


def rotate(*, progress=lambda table, done: None, is_stopped=lambda: False):
    """Seal again, under the present key, all that another one sealed; answers its `Outcome`.

    `progress(entity, texts of rows done)` is called after each slice.
    """
    check()
    run = _Run(progress, is_stopped)
    for _ in range(MOST_WAITS):
        before = run.done
        run.round()
        left = run.left()
        if is_stopped() or left == run.unreadable:
            break
        if run.done == before:
            time.sleep(WAIT_SECONDS)
    if not left:
        others = SealingKey.select().where(SealingKey.key_id != sealing.present_id())
        _retire({key.key_id for key in others})
    return Outcome(run.done, left, run.unreadable)


class _Run:
    def __init__(self, progress, is_stopped):
        self.progress, self.is_stopped = progress, is_stopped
        self.done = self.unreadable = 0

    def left(self):
        """The rows that hold something of another key."""
        return sum(table.select().where(_stale(table)).count() for table in sealed_fields())

    def round(self):
        """Every row once; those held by others are left."""
        self.unreadable = 0
        for table in sealed_fields():
            after = 0
            while after is not None and not self.is_stopped():
                after = self._slice(table, after)
                time.sleep(BREATH_SECONDS)

    @transaction
    def _slice(self, table, after):
        """Rows that follow this one; answers the last one, or None when there was none."""
        rows = _held(table.select().where(_stale(table), table.id > after))
        for row in rows:
            is_whole = _reseal(row)
            self.done += is_whole
            self.unreadable += not is_whole
        if rows:
            self.progress(table, self.done)
        return rows[-1].id if rows else None


def _held(query):
    """The first rows of a query, which nobody else can change meanwhile."""
    fields = sealed_fields()[query.model]
    holds_files = any(isinstance(field, SealedBytesField) for field in fields)
    rows = query.order_by(query.model.id).limit(SLICE_OF_FILES if holds_files else SLICE)
    # A row may go on being pointed to; one that is held elsewhere is passed over, without waiting.
    return list(rows if is_sqlite() else rows.for_update("FOR NO KEY UPDATE", skip_locked=True))


def _stale(table):
    """The condition of rows that hold a text or a fingerprint of another key."""
    found_by = [getattr(table, name) for _, name in FINGERPRINTED.get(table, {}).values()]
    present, clauses = sealing.present_id(), []
    for field in [*sealed_fields()[table], *found_by]:
        clauses.append(field.is_null(False) & (_key_of(field) != present))
    return functools.reduce(operator.or_, clauses)


def _reseal(row):
    """Write the row under the present key, if it still holds what was read; True when all of it
    could be read."""
    table, fields, is_whole = type(row), sealed_fields()[type(row)], True
    unchanged = [field == kept(row, field.name) for field in fields if kept(row, field.name)]
    values = {}
    for field in fields:
        try:
            values |= _renewed(row, field)
        except sealing.Unreadable:
            is_whole = False
    if values:
        table.update(values).where(table.id == row.id, *unchanged).execute()
    return is_whole


def _renewed(row, field):
    """`{column: value}` of one sealed column, with its fingerprint."""
    text = getattr(row, field.name)
    setattr(row, field.name, text)
    values = {field: kept(row, field.name)}
    if field.name in FINGERPRINTED.get(type(row), {}):
        compare, found_by = FINGERPRINTED[type(row)][field.name]
        again = None if text is None else sealing.fingerprint(compare(text), field.name)
        values[getattr(type(row), found_by)] = again
    return values
