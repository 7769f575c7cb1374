"""Counts that may be shown (I11): nothing under eleven, and no total that gives it away.

Every table of counts goes through here. A count from 1 to 10 is hidden (`None`); 0 is shown, since
it is a fact about nobody. The total of a line is shown when it tells nothing more: each hidden cell
could still be any number from 1 to 10. Otherwise only the least it can be is told, which anyone
works out from what is shown. Show no other sum over the same cells: a second margin would make
equations with the first.
"""

from typing import NamedTuple

# « k ≥ 11 »: the rule of French health statistics, kept for all counts beyond one’s own work.
K = 11


class Line(NamedTuple):
    """A line of a table as it may be shown: its cells, its total or None, the least it can be."""

    cells: list[int | None]
    total: int | None
    at_least: int


def shown_count(count):
    """The count, or None when it is from 1 to 10."""
    return count if count == 0 or count >= K else None


def shown_line(counts):
    """The `Line` of these counts."""
    cells = [shown_count(count) for count in counts]
    hidden = [count for count, cell in zip(counts, cells, strict=True) if cell is None]
    shown = sum(counts) - sum(hidden)
    total = sum(counts) if _tells_nothing(len(hidden), sum(hidden)) else None
    return Line(cells, total, shown + len(hidden))


def _tells_nothing(cells, total):
    """Whether each of some hidden cells of this sum could be 1, and could be 10: the others then
    hold the rest, with no more than 10 and no less than 1 each."""
    most = K - 1
    return cells == 0 or most + cells - 1 <= total <= 1 + most * (cells - 1)
