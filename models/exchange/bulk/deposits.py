"""The deposits of a spreadsheet: what is kept of them, and what people ask of them."""

import datetime as dt
from collections import Counter

import peewee as pw

from ... import audit
from ...accounts.account import Account
from ...action_bank.sheets import Action
from ...base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, transaction
from ...database import held
from ...network.organisations import Organisation
from ...vocabularies import Status
from ..spreadsheets import checking
from ..spreadsheets.columns import SHEETS

# Rows of a slice, whose transaction must not keep others waiting (a sheet takes 15 ms).
CHUNK = 20
MOST_OPEN = 3
MOST_ERRORS = 500
MOST_SHOWN = 20
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


# Before anything is written, and while something is left to do without being asked.
OPEN = (State.WAITING, State.CHECKING, State.CHECKED)
RUNNING = (State.WAITING, State.CHECKING, State.APPLYING, State.PUBLISHING)


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
        return self.state in RUNNING

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
        bulk = hold(self)
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
        bulk = hold(self)
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
        bulk = hold(self)
        if bulk.state != State.FAILED:
            return
        bulk.state, bulk.former_state, bulk.trouble = bulk.former_state, None, ""
        bulk.touched_at = now()
        bulk.save()
        audit.record("bulk_import:resume", bulk, by=by)

    @transaction
    def publish(self, *, by):
        """Publish every sheet it brought, by somebody who did not bring them."""
        bulk = hold(self)
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

    def moved(self, count):
        """Count some more rows as done."""
        self.done, self.touched_at = self.done + count, now()

    def refuse(self, row, faults):
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


def hold(bulk):
    """The deposit as it stands, kept from others until the act ends."""
    return held(BulkImport.select().where(BulkImport.id == bulk.id))[0]


def _refuse_unless(bulk, *allowed):
    if bulk.state not in allowed:
        raise RuleBroken(N_("Ce dépôt a changé d’état entre-temps : relisez sa page."))
