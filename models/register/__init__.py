"""The register: why each column is kept, on what basis, who reads it, and until when.

Pages are generated from it (`/registre`), and so is what may leave with a person; the tests refuse
a column without a line (access.md §4.1).
"""

from typing import NamedTuple

from .. import TABLES
from .activities import ACTIVITIES
from .form import COMMON, NOTHING_PERSONAL, Data, Entry, own_columns
from .tables import ENTRIES

__all__ = ["ACTIVITIES", "COMMON", "ENTRIES", "Line", "activity", "entries_of", "exported", "lines"]


class Line(NamedTuple):
    """All that the register says of one column."""

    column: str
    entry: Entry
    data: Data

    @property
    def is_personal(self):
        return self.data is not NOTHING_PERSONAL

    @property
    def is_exported(self):
        """Whether the person accompanied finds it in what she takes away."""
        activity = self.entry.activity
        return bool(activity and activity.is_of_persons and not self.data.withheld)


def lines():
    """`{(table, column): Line}` of everything the service keeps."""
    return {
        (entry.table, column): Line(column, entry, data)
        for entry in ENTRIES
        for column, data in entry.columns.items()
    }


def faults():
    """What to write so that the register tells everything, in one sentence each."""
    declared = {entry.table: entry for entry in ENTRIES}
    for table in TABLES:
        name = table.__name__
        if table not in declared:
            yield (
                f"{name}: add to models/register/tables.py « Entry({name}, ACTIVITY, N_(…), kept, "
                f'(Data(N_(…), "column …"),)) », or « nobody({name}, N_(…), N_(…)) ».'
            )
            continue
        told, kept = set(declared[table].columns), own_columns(table)
        for column in sorted(kept - told):
            yield f"{name}.{column}: add it to a Data of its Entry in models/register/tables.py."
        for column in sorted(told - kept):
            yield f"{name}.{column}: it no longer exists, remove it from models/register/tables.py."


def activity(name):
    """The activity of this address, or None."""
    return next((one for one in ACTIVITIES if one.name == name), None)


def entries_of(one):
    """The tables of an activity; those that tell of nobody for None."""
    return [entry for entry in ENTRIES if entry.activity is one]


def exported(table):
    """The columns of this table that the person takes away."""
    return [
        line.column for (owner, _), line in lines().items() if owner is table and line.is_exported
    ]
