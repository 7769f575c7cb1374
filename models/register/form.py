"""How the register speaks of a table: an activity, the data, why it is kept and how it ends."""

from typing import NamedTuple

from ..base import N_, Entity, Vocabulary
from ..sealed import SealedColumn

# What every row has: neither is told again, table by table.
COMMON = ("id", "code", "created_at")
REST = "*"


class Basis(Vocabulary):
    """Why the law allows it (RGPD, article 6). The accord de partage is no basis, since a public
    mission does not rest on consent: it is a rule of the charter (access.md §1)."""

    MISSION = "mission", N_("Mission d’intérêt public (RGPD, article 6.1.e)")
    DUTY = "obligation", N_("Obligation légale (RGPD, article 6.1.c)")


class Activity(NamedTuple):
    """One line of the register (article 30). `name` is its address; `access` says how people get
    at what is kept of them. `is_of_persons`: it is about people accompanied."""

    name: str
    title: str
    purpose: str
    basis: Basis
    people: str
    recipients: str
    access: str
    is_of_persons: bool = False
    rule: str = ""


class Data(NamedTuple):
    """Columns of one table (their names, separated by spaces) that are one thing for a reader.
    `withheld` says why she does not find them in her export, `note` what else holds."""

    words: str
    columns: str
    is_sealed: bool = False
    withheld: str = ""
    note: str = ""


# What a table about professionals holds besides them.
NOTHING_PERSONAL = Data(N_("Le reste, qui ne parle de personne"), REST)


class Entry(NamedTuple):
    """One table. Its end is the rule of `models/retention.py`, or the one of the table it
    `goes_with`, or there is a reason, `because`, to keep it."""

    table: type[Entity]
    activity: Activity | None
    words: str
    kept: str
    data: tuple[Data, ...] = (NOTHING_PERSONAL,)
    goes_with: type[Entity] | None = None
    because: str = ""

    @property
    def columns(self):
        """`{column: Data}`, those that every row has aside."""
        declared = {name: data for data in self.data for name in data.columns.split()}
        rest = declared.pop(REST, None)
        if rest:
            declared |= dict.fromkeys(own_columns(self.table) - set(declared), rest)
        return declared


def own_columns(table):
    return {field.name for field in table._meta.sorted_fields} - set(COMMON)


def is_sealed(field):
    """Sealed by its field, or by the hand of the entity that owns it."""
    return isinstance(field, SealedColumn) or field.name.startswith("sealed_")


def nobody(table, words, kept, **ends):
    """A table that tells of nobody, in one line."""
    return Entry(table, None, words, kept, **ends)
