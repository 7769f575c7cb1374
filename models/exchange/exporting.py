"""Exporting the bank: a data·inclusion v1 document of the listed sheets, written as it is read."""

import itertools
import json
import os
import pathlib
import secrets
from dataclasses import dataclass, field

from ..action_bank.sheets import Action
from ..network.organisations import Organisation
from ..text import fold
from ..vocabularies import Status
from .checking import Refused, sentence, validated
from .data_inclusion import SERVICE, STRUCTURE, service_record, source_id_of, structure_record
from .spreadsheets.columns import SERVICES, STRUCTURES
from .spreadsheets.writing import cells_of

BATCH = 200


@dataclass
class ExportReport:
    """What was written, and one French sentence per record that the schema does not allow."""

    organisations: int = 0
    actions: int = 0
    sentences: list[str] = field(default_factory=list)


def export_file(path, *, progress=None):
    """Write the document of every listed sheet; the file appears whole or not at all.

    The same bank always gives the same bytes. A sheet the national schema refuses is left out
    and told in the report, with its reason.
    """
    path = pathlib.Path(path)
    # Beside the final file, so that renaming cannot leave half of it.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as file:
            report = _Export(file, progress).run()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return report


def export_of(organisation, file):
    """Write the document of one organisation's listed sheets in an open text file."""
    return _Export(file, None, organisation).run()


def spreadsheet_rows(organisation):
    """`{sheet: rows}` of what an organisation may change by a spreadsheet: what is archived stays
    out."""
    own = (Action.organisation == organisation) & (Action.status != Status.ARCHIVED)
    sheets = sorted(Action.select().where(own), key=lambda sheet: (fold(sheet.name), sheet.id))
    return {
        SERVICES.key: [cells_of(SERVICES, sheet, sheet.source_id) for sheet in sheets],
        STRUCTURES.key: [cells_of(STRUCTURES, organisation, source_id_of(organisation))],
    }


class _Export:
    """One export. Only identifiers are held in memory; records pass by batches."""

    def __init__(self, file, progress, only=None):
        self.file, self.progress, self.report = file, progress, ExportReport()
        self.left_out, self.only = set(), only

    def run(self):
        actions, organisations = _listed(self.only)
        self.total = len(actions) + len(organisations)
        self.file.write('{"structures": [')
        self._write_list(STRUCTURE, _organisations(organisations))
        self.file.write('], "services": [')
        self._write_list(SERVICE, _actions(actions))
        self.file.write("]}\n")
        return self.report

    def _write_list(self, kind, entities):
        separator = "\n"
        for entity in entities:
            record = self._record(kind, entity)
            if record is not None:
                self.file.write(separator + json.dumps(record, ensure_ascii=False))
                separator = ",\n"
                self._count(kind)
        self.file.write("\n")

    def _record(self, kind, entity):
        """The record, or None when the schema refuses it or its organisation."""
        record = structure_record(entity) if kind is STRUCTURE else service_record(entity)
        if record.get("structure_id") in self.left_out:
            fault = Refused("structure_id", "cette organisation n’a pas pu être exportée")
        else:
            fault = _fault(kind, record)
        if fault is None:
            return record
        self.left_out.add(record["id"])
        self.report.sentences.append(sentence(kind, record["id"], 0, fault))
        return None

    def _count(self, kind):
        self.report.organisations += kind is STRUCTURE
        self.report.actions += kind is SERVICE
        done = self.report.organisations + self.report.actions
        if self.progress and (done % BATCH == 0 or done == self.total):
            self.progress(done, self.total)


def _fault(kind, record):
    try:
        validated(kind.schema, record)
    except Refused as fault:
        return fault
    return None


def _listed(only):
    """The ids of the listed sheets and of their organisations, in the order they are written.

    Sorted here, by code point: the two engines do not order text alike.
    """
    listed = Action.is_listed() & (Action.organisation == only) if only else Action.is_listed()
    rows = Action.select(Action.source_id, Action.id, Action.organisation).where(listed)
    keys = sorted(rows.tuples())
    wanted = {organisation for _, _, organisation in keys}
    columns = (Organisation.id, Organisation.source_id, Organisation.code)
    organisations = [row for row in Organisation.select(*columns) if row.id in wanted]
    organisations.sort(key=source_id_of)
    return [action for _, action, _ in keys], [row.id for row in organisations]


def _organisations(ids):
    return _in_order(Organisation.select(), Organisation, ids)


def _actions(ids):
    query = Action.select(Action, Organisation).join(Organisation)
    return _in_order(query, Action, ids)


def _in_order(query, entity, ids):
    remaining = iter(ids)
    while batch := list(itertools.islice(remaining, BATCH)):
        rows = {row.id: row for row in query.where(entity.id.in_(batch))}
        # A row deleted since the ids were read is simply no longer there.
        yield from (rows[id] for id in batch if id in rows)
