"""Importing a data·inclusion document: record by record, and as many times as wished."""

import contextlib
import itertools
from dataclasses import dataclass, field

import peewee as pw

from .. import audit
from ..action_bank import versions
from ..action_bank.sheets import Action
from ..base import database, transaction
from ..network.organisations import Organisation
from ..search_index import current_index
from .checking import Refused, check, sentence
from .data_inclusion import SERVICE, STRUCTURE, code_in
from .reading import MAX_BYTES, lists_of, read_document

# Large enough for commits to cost little, small enough for other writers to wait little.
BATCH = 200


@dataclass
class Tally:
    """How many records of one sort were…"""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass
class Report:
    """What an import did: the counts, and one French sentence per refused record."""

    organisations: Tally = field(default_factory=Tally)
    actions: Tally = field(default_factory=Tally)
    sentences: list[str] = field(default_factory=list)


def import_file(path, *, by=None, dry_run=False, progress=None, max_bytes=MAX_BYTES):
    """Import the document of a file; raises `UnusableFile` when nothing of it can be read."""
    document = read_document(path, max_bytes)
    return import_document(document, by=by, dry_run=dry_run, progress=progress)


def import_document(document, *, by=None, dry_run=False, progress=None):
    """Create or update each record by its identifier; answers a `Report`.

    Batches are committed one after the other: a run that was cut short is run again. With
    `dry_run` everything is done, then undone. `progress(done, total)` is called after each batch.
    """
    structures, services = lists_of(document)
    with database.atomic() if dry_run else contextlib.nullcontext() as everything:
        run = _Run(by, progress, len(structures) + len(services))
        run.structures(structures)
        run.services(services)
        if dry_run:
            everything.rollback()
    return run.report


class _Run:
    """One import: what it has seen so far."""

    def __init__(self, by, progress, total):
        self.by, self.progress, self.total = by, progress, total
        self.report, self.index = Report(), current_index()
        self.organisations, self.refused = {}, set()

    def structures(self, records):
        drafts, self.refused = self._checked(STRUCTURE, records, self.report.organisations)
        for batch in _batches(drafts):
            self._write_structures(batch)

    def services(self, records):
        drafts, _ = self._checked(SERVICE, records, self.report.actions)
        # The most recent are written last, where a list by order of arrival shows them first.
        drafts.sort(key=lambda draft: draft.fields["updated_on"])
        for batch in _batches(drafts):
            self._write_services(batch)

    def _checked(self, kind, records, tally):
        drafts, refusals, refused = check(kind, records)
        self.report.sentences += refusals
        tally.rejected += len(refusals)
        self._tell()
        return drafts, refused

    def _write_structures(self, batch):
        tally, ids = self.report.organisations, [draft.source_id for draft in batch]
        with database.atomic():
            stored = _stored_organisations(ids)
            for draft in batch:
                row = stored.get(draft.source_id)
                organisation = self._write(STRUCTURE, draft, row, draft.fields, tally)
                if organisation is None:
                    self.refused.add(draft.source_id)
                else:
                    self.organisations[draft.source_id] = organisation
        self._tell()

    def _write_services(self, batch):
        tally, ids = self.report.actions, [draft.source_id for draft in batch]
        with database.atomic():
            self._load_organisations({draft.structure_id for draft in batch})
            stored = _stored(SERVICE, ids)
            for draft in batch:
                organisation = self.organisations.get(draft.structure_id)
                if organisation is None:
                    self._refuse_orphan(draft)
                    continue
                fields = {**draft.fields, "organisation": organisation.id}
                row = stored.get(draft.source_id)
                self._write(SERVICE, draft, row, fields, tally, organisation)
        self._tell()

    def _load_organisations(self, ids):
        """The organisations that only the database knows, leaving out the refused ones."""
        missing = ids - self.organisations.keys() - self.refused
        self.organisations |= _stored_organisations(missing)

    def _refuse_orphan(self, draft):
        words = (
            "cette organisation a été refusée"
            if draft.structure_id in self.refused
            else "cette organisation est inconnue"
        )
        self._refuse(SERVICE, draft, Refused("structure_id", words), self.report.actions)

    def _refuse(self, kind, draft, fault, tally):
        tally.rejected += 1
        self.report.sentences.append(sentence(kind, draft.source_id, draft.position, fault))

    def _write(self, kind, draft, row, fields, tally, organisation=None):
        """The row written, or as it was when nothing differs; None when the engine refuses it."""
        changed = sorted(name for name, value in fields.items() if _differs(row, name, value))
        if row is not None and not changed:
            tally.unchanged += 1
            return row
        try:
            saved = self._save(kind, row, fields, changed, organisation)
        except (pw.DataError, pw.IntegrityError):
            # Every rule was checked above: only another writer at the same moment leads here.
            self._refuse(kind, draft, Refused(None, "la base de données la refuse"), tally)
            return None
        tally.created += row is None
        tally.updated += row is not None
        return saved

    @transaction
    def _save(self, kind, row, fields, changed, organisation):
        saved = row or kind.entity()
        # A sheet that people write here too keeps what it said before this import.
        before = versions.content_of(row) if kind is SERVICE and row and row.edition else None
        for name in changed:
            setattr(saved, name, fields[name])
        if organisation:
            # Known already: the index reads it without another query.
            saved.organisation = organisation
        if before is not None:
            versions.record(saved, versions.Act.IMPORTED, by=self.by, before=before, fields=changed)
            return saved
        saved.save()
        act = f"{kind.entity._meta.table_name}:import"
        audit.record(act, saved, by=self.by, created=row is None, fields=changed if row else [])
        self._index(kind, saved, changed, is_new=row is None)
        return saved

    def _index(self, kind, saved, changed, *, is_new):
        """A sheet is also found by the name of its organisation."""
        if kind is SERVICE:
            self.index.put(saved)
        elif "name" in changed and not is_new:
            for action in saved.actions.where(Action.is_listed()):
                self.index.put(action)

    def _tell(self):
        if self.progress:
            tallies = (self.report.organisations, self.report.actions)
            done = sum(sum(vars(tally).values()) for tally in tallies)
            self.progress(done, self.total)


def _differs(row, name, value):
    # A new row says nothing of what it leaves empty: half of the columns, half of the time.
    return value is not None if row is None else row.__data__[name] != value


def _batches(drafts):
    remaining = iter(drafts)
    while batch := list(itertools.islice(remaining, BATCH)):
        yield batch


def _stored(kind, ids):
    """The rows of these identifiers, by identifier."""
    entity = kind.entity
    rows = entity.select().where(entity.source_id.in_(list(ids))) if ids else ()
    return {row.source_id: row for row in rows}


def _stored_organisations(ids):
    """As `_stored`; an identifier given by an export of ours leads back to its organisation."""
    stored = _stored(STRUCTURE, ids)
    codes = {code: name for name in ids if (code := code_in(name)) and name not in stored}
    if codes:
        unnamed = Organisation.source_id.is_null() & Organisation.code.in_(list(codes))
        stored |= {codes[row.code]: row for row in Organisation.select().where(unnamed)}
    return stored
