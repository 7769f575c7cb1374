"""Editing by several hands: words that were not read are never written over, rows stay in order."""

import hashlib

import peewee as pw

from .base import N_, RuleBroken


class EditConflict(RuleBroken):
    """Somebody else wrote since it was read; `theirs` is the row as it now stands."""

    def __init__(self, theirs):
        super().__init__(N_("Une autre personne a modifié ce texte pendant que vous l’écriviez."))
        self.theirs = theirs


class Edited:
    """What several people may edit: `stamp` tells which words were read, and words that were not
    read are never written over."""

    EDITED = ()

    @property
    def stamp(self):
        words = "\0".join(str(getattr(self, name)) for name in self.EDITED)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def rewrite(self, values, *, seen=None):
        """Write `values`; raises `EditConflict` when the row no longer says what was `seen`."""
        model, held = type(self), type(self).get_by_id(self.id)
        if any(getattr(held, name) != value for name, value in values.items()):
            unchanged = [getattr(model, name) == getattr(held, name) for name in self.EDITED]
            row = model.update(values).where(model.id == self.id, *unchanged)
            if (seen and held.stamp != seen) or not row.execute():
                raise EditConflict(model.get_by_id(self.id))
        for name, value in values.items():
            setattr(self, name, value)


def move_to(place, row, rows, field):
    """Put `row` at `place`, counted from one, among `rows`: all those of its parent, in order, read
    while the parent is held. `field` is the column of their numbers.

    Returns the place it took, the first or the last one when it was asked for less or more; None
    when it is not among them any more, and then nothing moves.
    """
    if row not in rows:
        return None
    place = min(max(place, 1), len(rows))
    moved, others = rows[rows.index(row)], [one for one in rows if one != row]
    renumber([*others[: place - 1], moved, *others[place - 1 :]], field)
    setattr(row, field.name, place)
    return place


def renumber(rows, field):
    """Number these rows from one in this order: two writes at most, none when nothing changes."""
    model, name = field.model, field.name
    changed = {row.id: at for at, row in enumerate(rows, 1) if getattr(row, name) != at}
    theirs = model.id.in_(list(changed))
    if len(changed) > 1:
        # Out of the way first: engines check that a number is unique row after row.
        model.update({field: 0 - field}).where(theirs).execute()
    if changed:
        model.update({field: pw.Case(model.id, list(changed.items()))}).where(theirs).execute()
    for at, row in enumerate(rows, 1):
        setattr(row, name, at)
