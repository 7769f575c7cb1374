"""What is forgotten of prescriptions: after two years, whom they were for (product.md §3)."""

import peewee as pw

from ..base import now, today, transaction
from ..days import first_moment, months_before
from ..liaison.sheet import LiaisonSheet
from .delays import delays
from .history import Transition
from .prescription import Prescription

SLICE = 500


def forget_contents():
    """Forget who, and what was shared, of the prescriptions that are old enough; answers how many.
    Their dates and states remain, and tell of nobody."""
    before = first_moment(months_before(today(), delays().content_months))
    done = 0
    while forgotten := _slice(before):
        done += forgotten
    return done


@transaction
def _slice(before):
    old = (Prescription.created_at < before) & Prescription.person.is_null(False)
    ids = [row for (row,) in Prescription.select(Prescription.id).where(old).limit(SLICE).tuples()]
    if not ids:
        return 0
    Transition.update(account=None).where(Transition.prescription << ids).execute()
    LiaisonSheet.delete().where(LiaisonSheet.prescription << ids).execute()
    nobody = dict.fromkeys(("person", "content", "step", "account", "slot"))
    # What was still open so long after is over.
    over = pw.fn.COALESCE(Prescription.ended_at, now())
    Prescription.update(**nobody, ended_at=over).where(Prescription.id << ids).execute()
    return len(ids)
