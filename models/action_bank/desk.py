"""What waits for somebody among the sheets: what « Mon espace » says first."""

from typing import NamedTuple

from ..permissions import Permission, can, organisations_within
from . import shelves
from .corrections import Correction
from .shelves import Shelf


class Desk(NamedTuple):
    """How many drafts, sheets to confirm, corrections to answer and sheets to review."""

    drafts: int = 0
    overdue: int = 0
    corrections: int = 0
    in_review: int = 0


def desk_of(account):
    """The `Desk` of an account: nothing of what it could not act upon."""
    writes_for = organisations_within(account, Permission.ACTION_WRITE)
    # Whoever may write everywhere reviews and answers; the drafts are their authors’.
    counts = shelves.counts_of(writes_for) if writes_for else {}
    reviews = can(account, Permission.ACTION_REVIEW)
    return Desk(
        drafts=counts.get(Shelf.DRAFTS, 0),
        overdue=counts.get(Shelf.OVERDUE, 0),
        corrections=Correction.waiting_count(account),
        in_review=shelves.in_review_count() if reviews else 0,
    )
