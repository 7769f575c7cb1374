"""The keys that seal this database: each leaves a proof, by which a wrong one is recognised."""

import peewee as pw

from . import sealing
from .base import Entity

KNOWN = "Portail SPIE"


class SealingKey(Entity):
    """A key that sealed, or seals, something here; the key itself is never kept.

    `proof` is a known text under this very key. `retired_at` says since when nothing is under it.
    """

    key_id = pw.CharField(max_length=sealing.KEY_ID_DIGITS, unique=True)
    proof = pw.TextField()
    retired_at = pw.DateTimeField(null=True)

    @property
    def is_held(self):
        """Whether this process holds this very key, and not another of the same number."""
        try:
            return sealing.unseal(self.proof, _place(self.key_id)) == KNOWN
        except sealing.Unreadable:
            return False

    @classmethod
    def remember(cls, key_id):
        """Write down a key held by this process as one that seals; twice is once."""
        proof = sealing.seal(KNOWN, _place(key_id), under=key_id)
        cls.insert(key_id=key_id, proof=proof).on_conflict_ignore().execute()
        cls.update(retired_at=None).where(cls.key_id == key_id).execute()


def _place(key_id):
    return f"sealing_key·{key_id}·proof"
