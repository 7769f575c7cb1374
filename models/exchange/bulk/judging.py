"""Judging the rows of a deposit, and the report of it: nothing else is written."""

from typing import NamedTuple

from ...action_bank.sheets import Action
from ...base import Entity
from ...text import one_line
from ...vocabularies import Status
from ..data_inclusion import source_id_of
from ..spreadsheets import checking
from ..spreadsheets.checking import Proposal, RowFault, check_row
from ..spreadsheets.columns import IDENTIFIER, SERVICES, SHEETS, STRUCTURES
from .deposits import MOST_SHOWN, State


class Judged(NamedTuple):
    """A row, the row of ours it changes, what it would write, or why it may not."""

    row: dict
    seen: Entity | None
    proposal: Proposal | None
    faults: list[RowFault]

    @property
    def is_new(self):
        return self.row["sheet"] == SERVICES.key and self.seen is None


def judge(bulk, rows):
    """Each of these rows as a `Judged`; reads, and writes nothing."""
    given = [(row["line"], row["cells"]) for row in rows if row["sheet"] == SERVICES.key]
    known = _known(bulk.organisation, checking.identifiers(given))
    there = already_there(bulk.organisation, {one_line(cells.get("nom", "")) for _, cells in given})
    return [Judged(row, *_judge(bulk, row, known, there)) for row in rows]


def report(bulk, judged):
    """Count the rows of a slice that was judged; answers what is kept of those to write."""
    bulk.state, kept = State.CHECKING, []
    for one in judged:
        if one.faults:
            bulk.refuse(one.row, one.faults)
        elif not one.proposal.values:
            bulk.unchanged_count += 1
        else:
            bulk.new_count += one.is_new
            bulk.changed_count += not one.is_new
            _show(bulk, one)
            kept.append(_kept(one))
    return kept


def _judge(bulk, row, known, there):
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
    if not faults and seen is None and (ours := there.get(key_of(proposal.values))):
        faults = [RowFault("nom", _ALREADY_THERE.format(identifier=ours))]
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
_ALREADY_THERE = (
    "votre organisme a déjà cette fiche, au même endroit\u00a0: "
    "donnez son identifiant, {identifier}, pour la modifier"
)


def _known(organisation, identifiers):
    """`{identifier or code: sheet}` of this organisation, and of no other."""
    if not identifiers:
        return {}
    named = (Action.source_id << list(identifiers)) | (Action.code << list(identifiers))
    rows = list(Action.select().where(Action.organisation == organisation, named))
    return {row.source_id: row for row in rows} | {row.code: row for row in rows}


def already_there(organisation, names):
    """`{key of the sheet: identifier}` of what the organisation already has under these names."""
    shown = (Action.name, Action.commune, Action.address, Action.source_id)
    mine = (Action.organisation == organisation) & (Action.status != Status.ARCHIVED)
    rows = Action.select(*shown).where(mine, Action.name << list(names))
    return {checking.key_of(*parts): identifier for *parts, identifier in rows.tuples()}


def key_of(values):
    """The key of the new sheet that would say these values."""
    return checking.key_of(values["name"], values.get("commune"), values.get("address"))


def _show(bulk, one):
    """Some of what will change, for the page that asks before writing."""
    sort = "new" if one.is_new else "changed"
    shown = bulk.sample.get(sort, [])
    if len(shown) < MOST_SHOWN:
        line = {
            "sheet": SHEETS[one.row["sheet"]].title,
            "line": one.row["line"],
            "name": one.proposal.values.get("name") if one.is_new else one.seen.name,
            "shown": [] if one.is_new else one.proposal.shown,
        }
        bulk.sample = bulk.sample | {sort: [*shown, line]}


def _kept(one):
    row, seen, values = one.row, one.seen, one.proposal.values
    kept = {"sheet": row["sheet"], "line": row["line"], "values": values}
    if row["sheet"] == STRUCTURES.key:
        return kept | {"before": {name: getattr(seen, name) for name in values}}
    return kept | {"code": seen and seen.code, "seen": seen and seen.edition}
