"""Editing by several hands: words that were not read are never written over."""

import hashlib

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
