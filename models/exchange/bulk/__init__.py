"""Depositing a spreadsheet: kept, checked, shown, then written; by slices that outlive a cut.

Each slice (`BulkChunk`) is checked, written or published in one transaction that also says so: a
worker that is killed loses the slice it was at, and the next one takes it again, never twice.
"""

from .deposits import BulkChunk, BulkImport, State
from .work import advance, advance_by_hand, work_next

__all__ = ["BulkChunk", "BulkImport", "State", "advance", "advance_by_hand", "work_next"]
