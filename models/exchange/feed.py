"""What the bank publishes for the national base: data·inclusion v1, page by page or whole.

Records are national and nothing else: `portail` stays here. Each one is judged by the schema, and
left out when it refuses it. Model sheets never leave, invented ones neither unless asked for.
"""

import contextlib
import json
from typing import NamedTuple

from ..action_bank.sheets import Action
from ..audit import AuditEntry
from ..base import database
from ..network.organisations import Organisation
from .checking import Refused, validated
from .data_inclusion import SERVICE, STRUCTURE, service_record, structure_record

MOST_PER_PAGE = 1_000
BATCH = 500
# How far behind the last trace another one may still be on its way to be committed.
IN_FLIGHT = 1_000
# Raised when the same rows are written otherwise: what was kept elsewhere is then stale.
FORM = 1
SERVICES, STRUCTURES = "services", "structures"
_TRACED = ("action", "organisation")
_SERVICE_COLUMNS = [getattr(Action, target) for target in SERVICE.national.values()]
_STRUCTURE_COLUMNS = [
    *(getattr(Organisation, target) for target in STRUCTURE.national.values()),
    Organisation.id,
    Organisation.code,
    Organisation.created_at,
]


class FeedState(NamedTuple):
    """What changes whenever a record may have changed: `tag`, and the moment it last did."""

    tag: str
    moment: object


class Selection(NamedTuple):
    """What is asked of the feed: of one producer only, invented sheets included."""

    source: str | None = None
    with_demonstration: bool = False


class Page(NamedTuple):
    """Records in the order of their codes, and the code to go on after, None at the end."""

    records: list
    next: str | None


def state():
    """Read from the traces alone: every act on a sheet or an organisation leaves one.

    Two acts may be committed in the other order of their numbers: those of the latest thousand are
    counted too, so that the late one shows.
    """
    mine = AuditEntry.subject_type << _TRACED
    latest = AuditEntry.select(AuditEntry.id, AuditEntry.created_at).where(mine)
    top = latest.order_by(AuditEntry.id.desc()).first()
    if top is None:
        return FeedState(f"{FORM}-0", None)
    recent = AuditEntry.id.between(top.id - IN_FLIGHT, top.id)
    count = AuditEntry.select().where(recent, mine).count()
    return FeedState(f"{FORM}-{top.id:x}-{count:x}", top.created_at)


def page(name, selection, after="", size=MOST_PER_PAGE):
    """A `Page` of the services or of the structures whose code comes after this one.

    A record added meanwhile is on a page to come or waits for the next reading; those that were
    there are each given once.
    """
    entity, rows = _READ[name](selection)
    size = min(size, MOST_PER_PAGE)
    rows = list(rows.where(entity.code > after).order_by(entity.code).limit(size + 1))
    records = [record for row in rows[:size] if (record := _RECORD[name](row))]
    return Page(records, rows[size - 1].code if len(rows) > size else None)


def whole(selection):
    """The pieces of the whole document, in constant memory.

    The connection is borrowed for each batch: a slow reader keeps none from the others.
    """
    told = set()
    yield '{"structures": ['
    yield from _list(_batches(STRUCTURES, selection), told)
    yield '\n], "services": ['
    yield from _list(_batches(SERVICES, selection), told, is_service=True)
    yield "\n]}\n"


def _list(batches, told, is_service=False):
    separator = "\n"
    for records in batches:
        lines = []
        for record in records:
            # A structure that came, or was refused, since the others were written.
            if is_service and record["structure_id"] not in told:
                continue
            if not is_service:
                told.add(record["id"])
            lines.append(json.dumps(record, ensure_ascii=False))
        if lines:
            yield separator + ",\n".join(lines)
            separator = ",\n"


def _batches(name, selection):
    last = 0
    while True:
        with _connected():
            entity, rows = _READ[name](selection)
            rows = list(rows.where(entity.id > last).order_by(entity.id).limit(BATCH))
        if not rows:
            return
        last = rows[-1].id
        yield [record for row in rows if (record := _RECORD[name](row))]


@contextlib.contextmanager
def _connected():
    """A connection given back at once, unless the caller holds one already."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()


def _services(selection):
    """The listed sheets whose organisation the schema allows too: it is judged with them."""
    columns = [*_SERVICE_COLUMNS, Action.id, Action.code]
    rows = Action.select(*columns, *_STRUCTURE_COLUMNS).join(Organisation)
    return Action, rows.where(_published(selection))


def _structures(selection):
    """The organisations of these sheets."""
    theirs = Action.select(Action.organisation).join(Organisation).where(_published(selection))
    return Organisation, Organisation.select(*_STRUCTURE_COLUMNS).where(Organisation.id << theirs)


def _published(selection):
    condition = Action.is_listed()
    if not selection.with_demonstration:
        condition &= Action.is_demonstration == False  # noqa: E712
        condition &= Organisation.is_demonstration == False  # noqa: E712
    if selection.source is not None:
        condition &= Action.source == selection.source
    return condition


def _service(row):
    record = service_record(row, is_pure=True)
    return record if _is_allowed(SERVICE, record) and _structure(row.organisation) else None


def _structure(row):
    record = structure_record(row, is_pure=True)
    return record if _is_allowed(STRUCTURE, record) else None


def _is_allowed(kind, record):
    try:
        validated(kind.schema, record)
    except Refused:
        return False
    return True


_READ = {SERVICES: _services, STRUCTURES: _structures}
_RECORD = {SERVICES: _service, STRUCTURES: _structure}
