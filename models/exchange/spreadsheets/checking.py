"""Deciding what a row of a spreadsheet would change: all of it, or nothing and every reason why.

What a cell leaves as it was is not judged again: an export that comes back changes nothing, and an
old fault of a sheet stops nobody from correcting another line of it.
"""

import datetime as dt
from dataclasses import dataclass, field

from ...action_bank.sheets import SOURCE, exceeded
from ...base import today
from ...territories import find_communes, place_of
from ...text import fold, one_line, tidy
from .. import sentences
from ..checking import Refused, draft_of
from .cells import BadCell
from .columns import IDENTIFIER, NAMING

# Enough of a value to recognise it on the page that shows what will change.
SHOWN = 90
# A valid record, for the schema to judge only what a row changes.
_VALID = {"source": SOURCE, "structure_id": SOURCE, "id": SOURCE, "nom": "Fiche",
          "description": "Description."}  # fmt: skip


@dataclass
class Proposal:
    """What a row would write: `{our column: JSON value}`. `shown` holds `[header, before, after]`
    of each change of a row of ours."""

    values: dict = field(default_factory=dict)
    shown: list = field(default_factory=list)


@dataclass(frozen=True)
class RowFault:
    """One reason to refuse a row: the column at fault (a path, or None), and the words."""

    path: str | None
    words: str


def check_row(sheet, paths, cells, held):
    """`(Proposal, faults)` of a row: `held` is the row of ours it changes, None for a new one."""
    typed, faults = _typed(sheet, paths, cells, held)
    if held is None:
        faults += [
            RowFault(path, sentences.MISSING) for path in sheet.required if path not in cells
        ]
    fields, others = _judged(sheet, typed)
    faults += others
    proposal = _proposal(sheet, fields, held)
    faults += _contradictions(sheet, proposal.values, held, {fault.path for fault in faults})
    return (Proposal(), faults) if faults else (proposal, [])


def _typed(sheet, paths, cells, held):
    """`{column: value of the record}` of the cells that differ from what is held."""
    typed, faults = {}, []
    for column in sheet.columns:
        text = cells.get(column.path, "")
        if column.path not in paths or same(text, column.text_of(held) if held else ""):
            continue
        try:
            value = column.cell.read(text, getattr(held, column.target, None)) if text else None
        except BadCell as bad:
            faults.append(RowFault(column.path, bad.words))
        else:
            typed[column] = value
    return typed, faults


def same(text, written):
    """Whether a cell still says what we write, whatever a spreadsheet made of its spaces."""
    written = str(written)
    return text == written or (bool(text and written) and _bare(text) == _bare(written))


def _bare(text):
    return "\n".join(line.strip() for line in tidy(text).replace("\t", " ").split("\n"))


def _judged(sheet, typed):
    """`{column: our value}`, judged by the schema, and every fault: one by column."""
    faults, typed = [], dict(typed)
    while typed:
        try:
            fields = draft_of(sheet.kind, _record(sheet, typed), 1).fields
        except Refused as fault:
            wrong = [column for column in typed if column.key == fault.field] or list(typed)
            faults.append(RowFault(wrong[0].path, fault.words))
            typed = {column: value for column, value in typed.items() if column not in wrong}
        else:
            return {column: fields[column.target] for column in typed}, faults
    return {}, faults


def _record(sheet, typed):
    """A national record that says only what a row changes."""
    record = {**_VALID, "date_maj": today().isoformat(), "portail": {}}
    for column, value in typed.items():
        place = record if column.path in sheet.kind.national else record["portail"]
        key, _, inner = column.path.partition(".")
        if inner:
            place.setdefault(key, {})[inner] = value
        else:
            place[key] = value
        if value is None and key in sheet.required:
            del place[key]
    return record


def _proposal(sheet, fields, held):
    proposal = Proposal()
    for column, value in fields.items():
        before = getattr(held, column.target) if held else None
        if held and _sorted(value) == _sorted(before):
            continue
        proposal.values[column.target] = _plain(value)
        if held:
            both = (column.cell.write(one) for one in (before, value))
            proposal.shown.append([column.header, *map(_short, both)])
    _place(proposal.values)
    return proposal


def _contradictions(sheet, values, held, told):
    """Why what a row changes cannot be true with the rest of the sheet: the limits of its form.

    A column whose fault is `told` already says nothing more.
    """
    paths = {column.target: column.path for column in sheet.columns}
    said = {target: getattr(held, target, None) for target in paths} | values
    faults = []
    for limit in exceeded(said):
        changed = [name for name in (limit.column, limit.most) if name in values]
        if changed and not told & {paths[limit.column], paths[limit.most]}:
            at = limit.asked if limit.asked in changed else changed[0]
            faults.append(RowFault(paths[at], limit.sentence.removesuffix(".")))
    return faults


def _sorted(value):
    """Lists of values say the same in any order."""
    is_plain = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return sorted(value) if is_plain else value


def _plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def _short(text):
    text = one_line(str(text))
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"


def _place(values):
    """The code and the centre of a commune that its name and postcode leave no doubt about: the
    former ones are those of the former commune, and without any a sheet is near everywhere."""
    if values.get("commune") and "insee_code" not in values:
        found = find_communes(f"{values['commune']} {values.get('postcode') or ''}")
        if len(found) == 1:
            known = place_of(found[0], None)
            for name in ("insee_code", "latitude", "longitude"):
                values.setdefault(name, known[name])


# Which row of ours a line is about


def key_of(name, commune, address):
    """What makes two sheets of an organisation the same one, to who reads them."""
    return tuple(fold(one_line(text or "")) for text in (name, commune, address))


def identifiers(rows):
    """The identifiers that these rows of cells give."""
    return {one_line(cells[IDENTIFIER]) for _, cells in rows if cells.get(IDENTIFIER)}


def twins(sheet, rows):
    """`{line: (path, words)}` of the rows that say again what an earlier one says."""
    seen, found = {}, {}
    for line, cells in rows:
        given = one_line(cells.get(IDENTIFIER, ""))
        parts = (cells.get(path) for path in ("nom", "commune", "adresse"))
        key = given or (key_of(*parts) if cells.get("nom") else None)
        if key in seen:
            words = (
                f"cet identifiant est déjà celui de la ligne {seen[key]}"
                if given
                else f"la ligne {seen[key]} porte déjà cette fiche, au même endroit"
            )
            found[line] = (IDENTIFIER if given else "nom", words)
        elif key:
            seen[key] = line
    return found


def names_another(cells, organisation, identifier):
    """Why a line of the sheet of structures is not about this organisation, or None."""
    given = one_line(cells.get(IDENTIFIER, ""))
    if given and given not in (identifier, organisation.code):
        return RowFault(IDENTIFIER, _OTHER)
    siret = "".join(cells.get("siret", "").split())
    if siret and organisation.siret and siret != organisation.siret:
        return RowFault("siret", _OTHER)
    if cells.get("nom") and fold(one_line(cells["nom"])) != fold(one_line(organisation.name)):
        return RowFault("nom", _OTHER)
    return None if given or siret or cells.get("nom") else RowFault(IDENTIFIER, _OTHER)


_OTHER = "seul votre organisme peut être modifié ici, et son nom ne change pas"


def contact_paths(paths):
    """The columns of the sheet of structures that may be changed."""
    return tuple(path for path in paths if path not in NAMING)
