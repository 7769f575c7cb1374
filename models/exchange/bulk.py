"""Depositing a spreadsheet: kept, checked, shown, then written; by slices that outlive a cut.

Each slice (`BulkChunk`) is checked, written or published in one transaction that also says so: a
worker that is killed loses the slice it was at, and the next one takes it again, never twice.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account
from ..action_bank import lifecycle, versions
from ..action_bank.sheets import Action
from ..action_bank.versions import Act, Conflict
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    database,
    now,
    transaction,
)
from ..database import held, is_sqlite
from ..network.organisations import Organisation
from ..permissions import Permission, can
from ..text import one_line
from ..vocabularies import Status
from .data_inclusion import source_id_of
from .spreadsheets import checking
from .spreadsheets.checking import RowFault, check_row
from .spreadsheets.columns import IDENTIFIER, SERVICES, SHEETS, STRUCTURES

# Rows of a slice, whose transaction must not keep others waiting (a sheet takes 15 ms), and the
# seconds left to them after it: SQLite has one writer, and does not serve those who wait in turn.
CHUNK, BREATH_SECONDS = 20, 0.1
MOST_OPEN = 3
MOST_ERRORS = 500
MOST_SHOWN = 20
# How long the task of the worker keeps at it, and what one press of the button does.
TASK_SECONDS, BY_HAND_SECONDS = 20, 3
# Past that without progress, no worker is at it: the page offers to do it by hand.
PATIENCE = dt.timedelta(seconds=6)
# A cell that holds far more than a field may must not fill the page that says so.
LONGEST_SENTENCE = 300


class State(Vocabulary):
    """Where a deposit stands."""

    WAITING = "attente", N_("En attente de vérification")
    CHECKING = "verification", N_("Vérification en cours")
    CHECKED = "verifie", N_("Vérifié, rien n’est encore importé")
    APPLYING = "import", N_("Import en cours")
    APPLIED = "importe", N_("Importé")
    PUBLISHING = "publication", N_("Publication en cours")
    PUBLISHED = "publie", N_("Importé et publié")
    FAILED = "panne", N_("Interrompu")
    ABANDONED = "abandonne", N_("Abandonné, rien n’a été importé")


OPEN = (State.WAITING, State.CHECKING, State.CHECKED)


class BulkImport(Entity):
    """A spreadsheet deposited for an organisation; the file itself is not kept, nor its name.

    `columns` maps each sheet to the paths it has; `done` counts the rows of the phase under way,
    out of `total`. `errors` holds `{sheet, line, column, sentence}`, the first `MOST_ERRORS` of
    `error_count`; `sample` what some rows change. `publisher` is who publishes it all.
    """

    organisation = pw.ForeignKeyField(Organisation, backref="bulk_imports", on_delete="CASCADE")
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    publisher = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
    state = VocabularyField(State, default=State.WAITING, index=True)
    columns = pw.JSONField(default=dict)
    ignored = pw.JSONField(default=list)
    done = pw.IntegerField(default=0)
    total = pw.IntegerField(default=0)
    row_count = pw.IntegerField(default=0)
    new_count = pw.IntegerField(default=0)
    changed_count = pw.IntegerField(default=0)
    unchanged_count = pw.IntegerField(default=0)
    refused_count = pw.IntegerField(default=0)
    error_count = pw.IntegerField(default=0)
    errors = pw.JSONField(default=list)
    sample = pw.JSONField(default=dict)
    trouble = pw.TextField(default="")
    former_state = VocabularyField(State, null=True)
    touched_at = pw.DateTimeField(default=now)
    applied_at = pw.DateTimeField(null=True)

    @property
    def is_running(self):
        return self.state in _PHASES

    @property
    def is_left_alone(self):
        """Whether it waits, and nobody has moved it for a while."""
        return self.is_running and self.touched_at < now() - PATIENCE

    @property
    def valid_count(self):
        return self.new_count + self.changed_count

    @classmethod
    def reading(cls, code):
        """The deposit of this code with its organisation, or None."""
        rows = cls.select(cls, Organisation).join(Organisation)
        return rows.where(cls.code == code).first()

    @classmethod
    def of(cls, organisation):
        """The deposits of an organisation, the latest first."""
        rows = cls.select().where(cls.organisation == organisation)
        return list(rows.order_by(cls.id.desc()).limit(MOST_SHOWN))

    @classmethod
    @transaction
    def receive(cls, organisation, deposit, *, by):
        """Keep what `read_file` found, to be checked soon."""
        held(Organisation.select(Organisation.id).where(Organisation.id == organisation.id))
        mine = (cls.organisation == organisation) & (cls.state << OPEN)
        if cls.select().where(mine).count() >= MOST_OPEN:
            raise RuleBroken(
                N_("Trois dépôts attendent déjà : importez-les ou abandonnez-les d’abord.")
            )
        count = sum(len(rows.rows) for rows in deposit)
        bulk = cls.create(
            organisation=organisation,
            account=by,
            columns={rows.sheet.key: list(rows.paths) for rows in deposit},
            ignored=[header for rows in deposit for header in rows.ignored],
            total=count,
            row_count=count,
        )
        BulkChunk.fill(bulk, deposit)
        audit.record("bulk_import:receive", bulk, by=by, rows=count)
        return bulk

    @transaction
    def apply(self, *, by):
        """Let the valid rows be written; asking twice is asking once."""
        bulk = _hold(self)
        if bulk.state in (State.APPLYING, State.APPLIED):
            return
        _refuse_unless(bulk, State.CHECKED)
        if not bulk.valid_count:
            raise RuleBroken(N_("Aucune ligne ne change quelque chose : il n’y a rien à importer."))
        bulk._begin(State.APPLYING, bulk.valid_count)
        audit.record("bulk_import:apply", bulk, by=by, rows=bulk.total)

    @transaction
    def abandon(self, *, by):
        """Forget it before anything of it is written."""
        bulk = _hold(self)
        if bulk.state == State.ABANDONED:
            return
        if bulk.state != State.FAILED or bulk.former_state not in OPEN:
            _refuse_unless(bulk, *OPEN)
        bulk._begin(State.ABANDONED, 0)
        BulkChunk.delete().where(BulkChunk.bulk == bulk).execute()
        audit.record("bulk_import:abandon", bulk, by=by)

    @transaction
    def resume(self, *, by):
        """Go on after an interruption."""
        bulk = _hold(self)
        if bulk.state != State.FAILED:
            return
        bulk.state, bulk.former_state, bulk.trouble = bulk.former_state, None, ""
        bulk.touched_at = now()
        bulk.save()
        audit.record("bulk_import:resume", bulk, by=by)

    @transaction
    def publish(self, *, by):
        """Publish every sheet it brought, by somebody who did not bring them."""
        bulk = _hold(self)
        if bulk.state in (State.PUBLISHING, State.PUBLISHED):
            return
        _refuse_unless(bulk, State.APPLIED)
        if bulk.account_id == by.id:
            raise RuleBroken(
                N_("Vous avez déposé ces fiches : une autre personne doit les relire.")
            )
        bulk.publisher = by
        bulk._begin(State.PUBLISHING, bulk.in_review_count())
        audit.record("bulk_import:publish", bulk, by=by)

    def in_review_count(self):
        """How many of the sheets it brought wait for a review."""
        return self.brought()[Status.IN_REVIEW]

    def brought(self):
        """`{status: how many}` of the new sheets it brought, as they are today."""
        codes = [row["code"] for chunk in self.chunks for row in chunk.rows if row.get("is_new")]
        rows = Action.select(Action.status, pw.fn.COUNT(Action.id)).where(Action.code << codes)
        return Counter(dict(rows.group_by(Action.status).tuples()) if codes else {})

    def _begin(self, state, total):
        self.state, self.done, self.total, self.touched_at = state, 0, total, now()
        self.save()

    def _moved(self, count):
        self.done, self.touched_at = self.done + count, now()

    def _refuse(self, row, faults):
        """Keep why a row is refused."""
        self.refused_count += 1
        self.error_count += len(faults)
        sheet = SHEETS[row["sheet"]]
        room = MOST_ERRORS - len(self.errors)
        self.errors = self.errors + [
            {
                "sheet": sheet.title,
                "line": row["line"],
                "column": sheet.header_of(fault.path).removesuffix(" *") if fault.path else "",
                "sentence": fault.words[:LONGEST_SENTENCE],
            }
            for fault in faults[: max(0, room)]
        ]


class BulkChunk(Entity):
    """Some rows of a deposit. At each `stage` they are less: what was typed, what it changes, the
    codes of the sheets that were written."""

    bulk = pw.ForeignKeyField(BulkImport, backref="chunks", on_delete="CASCADE")
    number = pw.IntegerField()
    stage = pw.SmallIntegerField(default=0)
    rows = pw.JSONField(default=list)

    class Meta:
        indexes = ((("bulk", "number"), True),)

    @classmethod
    def fill(cls, bulk, deposit):
        """The rows of a deposit, in slices."""
        rows = [row for one in deposit for row in _rows_of(one)]
        starts = range(0, len(rows), CHUNK)
        slices = [
            cls(bulk=bulk, number=number, rows=rows[start : start + CHUNK])
            for number, start in enumerate(starts)
        ]
        cls.bulk_create(slices, batch_size=20)


def _rows_of(rows):
    twins = checking.twins(rows.sheet, rows.rows)
    return [
        {"sheet": rows.sheet.key, "line": line, "cells": cells, "twin": twins.get(line)}
        for line, cells in rows.rows
    ]


def _hold(bulk):
    return held(BulkImport.select().where(BulkImport.id == bulk.id))[0]


def _refuse_unless(bulk, *allowed):
    if bulk.state not in allowed:
        raise RuleBroken(N_("Ce dépôt a changé d’état entre-temps : relisez sa page."))


# What the worker does


def work_next(seconds=TASK_SECONDS):
    """Move on the deposits that wait, the oldest first; answers how many rows were done."""
    until, done = time.monotonic() + seconds, 0
    waiting = BulkImport.select(BulkImport.id).where(BulkImport.state << list(_PHASES))
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
    bulk = _hold(bulk)
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
    bulk = _hold(bulk)
    if bulk.is_running:
        bulk.former_state, bulk.state, bulk.trouble = bulk.state, State.FAILED, sentence
        bulk.save()


def _taken(bulk, chunk, phase):
    """Both rows, held, when nobody has done this slice meanwhile."""
    bulk = _hold(bulk)
    chunk = BulkChunk.get_or_none(BulkChunk.id == chunk.id)
    if _PHASES.get(bulk.state) is not phase or chunk is None or chunk.stage >= phase.stage:
        return None
    return bulk, chunk


def _keep(bulk, chunk, phase, rows, count):
    chunk.rows, chunk.stage = rows, phase.stage
    chunk.save()
    bulk._moved(count)
    bulk.save()
    return count


# Checking: nothing is written but the report


def _check(bulk, chunk):
    # Judged before the transaction, which then only keeps the answer.
    judged = _judged(bulk, chunk.rows)
    return _keep_checked(bulk, chunk, judged)


@transaction
def _keep_checked(bulk, chunk, judged):
    phase = _PHASES[State.CHECKING]
    taken = _taken(bulk, chunk, phase)
    if taken is None:
        return 0
    bulk, chunk = taken
    bulk.state, kept = State.CHECKING, []
    for row, seen, proposal, faults in judged:
        if faults:
            bulk._refuse(row, faults)
        elif not proposal.values:
            bulk.unchanged_count += 1
        else:
            is_new = row["sheet"] == SERVICES.key and seen is None
            bulk.new_count += is_new
            bulk.changed_count += not is_new
            _show(bulk, row, proposal, seen, is_new)
            kept.append(_kept(row, seen, proposal))
    return _keep(bulk, chunk, phase, kept, len(judged))


def _judged(bulk, rows):
    """`[(row, the row of ours it changes, its Proposal, its faults)]`."""
    given = [(row["line"], row["cells"]) for row in rows if row["sheet"] == SERVICES.key]
    known = _known(bulk.organisation, checking.identifiers(given))
    alike = _alike(bulk.organisation, {one_line(cells.get("nom", "")) for _, cells in given})
    return [(row, *_judge(bulk, row, known, alike)) for row in rows]


def _judge(bulk, row, known, alike):
    cells, paths = row["cells"], bulk.columns[row["sheet"]]
    if row["twin"]:
        return None, None, [RowFault(*row["twin"])]
    if row["sheet"] == STRUCTURES.key:
        return _judge_structure(bulk.organisation, cells, paths)
    seen, identifier = None, one_line(cells.get(IDENTIFIER, ""))
    if identifier:
        seen = known.get(identifier)
        if seen is None:
            return None, None, [RowFault(IDENTIFIER, _NOT_YOURS)]
        if seen.is_archived:
            return None, None, [RowFault(IDENTIFIER, _ARCHIVED)]
    proposal, faults = check_row(SERVICES, paths, cells, seen)
    if not faults and seen is None:
        faults = _already_there(proposal.values, alike)
    return seen, proposal, faults


def _judge_structure(organisation, cells, paths):
    fault = checking.names_another(cells, organisation, source_id_of(organisation))
    if fault:
        return organisation, None, [fault]
    proposal, faults = check_row(STRUCTURES, checking.contact_paths(paths), cells, organisation)
    return organisation, proposal, faults


# One sentence for what does not exist and for what is somebody else's (I13).
_NOT_YOURS = "votre organisme n’a aucune fiche de cet identifiant"
_ARCHIVED = "cette fiche est archivée\u00a0: remettez-la en service avant de la modifier"


def _known(organisation, identifiers):
    """`{identifier or code: sheet}` of this organisation, and of no other."""
    if not identifiers:
        return {}
    named = (Action.source_id << list(identifiers)) | (Action.code << list(identifiers))
    rows = list(Action.select().where(Action.organisation == organisation, named))
    return {row.source_id: row for row in rows} | {row.code: row for row in rows}


def _alike(organisation, names):
    """`{key of the sheet: identifier}` of the sheets of these names."""
    shown = (Action.name, Action.commune, Action.address, Action.source_id)
    mine = (Action.organisation == organisation) & (Action.status != Status.ARCHIVED)
    rows = Action.select(*shown).where(mine, Action.name << list(names))
    return {checking.key_of(*parts): identifier for *parts, identifier in rows.tuples()}


def _already_there(values, alike):
    key = checking.key_of(values["name"], values.get("commune"), values.get("address"))
    if key not in alike:
        return []
    words = (
        "votre organisme a déjà cette fiche, au même endroit\u00a0: "
        f"donnez son identifiant, {alike[key]}, pour la modifier"
    )
    return [RowFault("nom", words)]


def _show(bulk, row, proposal, seen, is_new):
    """Some of what will change, for the page that asks before writing."""
    shown = bulk.sample.get("new" if is_new else "changed", [])
    if len(shown) < MOST_SHOWN:
        name = proposal.values.get("name") if is_new else seen.name
        one = {"sheet": SHEETS[row["sheet"]].title, "line": row["line"], "name": name}
        one["shown"] = [] if is_new else proposal.shown
        bulk.sample = bulk.sample | {"new" if is_new else "changed": [*shown, one]}


def _kept(row, seen, proposal):
    kept = {"sheet": row["sheet"], "line": row["line"], "values": proposal.values}
    if row["sheet"] == STRUCTURES.key:
        return kept | {"before": {name: getattr(seen, name) for name in proposal.values}}
    return kept | {"code": seen and seen.code, "seen": seen and seen.edition}


# Writing


@transaction
def _apply(bulk, chunk):
    phase = _PHASES[State.APPLYING]
    taken = _taken(bulk, chunk, phase)
    if taken is None:
        return 0
    bulk, chunk = taken
    written = []
    for row in chunk.rows:
        try:
            with database.atomic():
                written.append(_write(bulk, row))
        except RuleBroken as broken:
            _refuse_late(bulk, row, str(broken))
        except (pw.DataError, pw.IntegrityError):
            _refuse_late(bulk, row, "la base de données la refuse")
    return _keep(bulk, chunk, phase, written, len(chunk.rows))


def _refuse_late(bulk, row, words):
    is_new = row["sheet"] == SERVICES.key and row["code"] is None
    bulk.new_count -= is_new
    bulk.changed_count -= not is_new
    bulk._refuse(row, [RowFault(None, words)])


def _write(bulk, row):
    """`{code, is_new}` of the sheet that a row made or changed."""
    if row["sheet"] == STRUCTURES.key:
        return _write_structure(bulk, row)
    if row["code"] is None:
        return {"code": _create(bulk, row["values"]).code, "is_new": True}
    mine = (Action.organisation == bulk.organisation_id) & (Action.code == row["code"])
    sheet = Action.get_or_none(mine)
    if sheet is None or sheet.is_archived:
        raise RuleBroken(N_("La fiche a été archivée ou jetée depuis la vérification."))
    try:
        versions.write(sheet, row["values"], by=bulk.account, seen=row["seen"], act=Act.IMPORTED)
    except Conflict:
        raise RuleBroken(
            N_(
                "Une autre personne a modifié cette fiche depuis la vérification : "
                "rien n’a été écrit."
            )
        ) from None
    return {"code": sheet.code, "is_new": False}


def _create(bulk, values):
    """A new sheet, proposed to review when it lacks nothing."""
    if _already_there(values, _alike(bulk.organisation, {values["name"]})):
        raise RuleBroken(N_("Cette fiche a été créée entre-temps, par quelqu’un d’autre."))
    rest = {name: value for name, value in values.items() if name != "name"}
    sheet = lifecycle.start(bulk.organisation, by=bulk.account, name=values["name"])
    sheet, _ = versions.write(sheet, rest, by=bulk.account, seen=sheet.edition, act=Act.IMPORTED)
    return sheet if lifecycle.lacks(sheet) else lifecycle.submit(sheet, by=bulk.account)


def _write_structure(bulk, row):
    [organisation] = held(Organisation.select().where(Organisation.id == bulk.organisation_id))
    if any(getattr(organisation, name) != value for name, value in row["before"].items()):
        raise RuleBroken(
            N_("Votre organisme a changé depuis la vérification : rien n’a été écrit.")
        )
    organisation.describe(row["values"], by=bulk.account)
    return {"code": organisation.code, "is_new": False}


@transaction
def _publish(bulk, chunk):
    phase = _PHASES[State.PUBLISHING]
    taken = _taken(bulk, chunk, phase)
    if taken is None:
        return 0
    bulk, chunk = taken
    codes = [row["code"] for row in chunk.rows if row["is_new"]]
    waiting = (Action.code << codes) & (Action.status == Status.IN_REVIEW)
    sheets = list(Action.select().where(waiting)) if codes else []
    for sheet in sheets:
        # Somebody may have changed its state, or proposed it again: it stays in the queue.
        try:
            with database.atomic():
                lifecycle.publish(sheet, by=bulk.publisher, tells=False)
        except RuleBroken:
            continue
    return _keep(bulk, chunk, phase, chunk.rows, len(sheets))


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
