"""Counts that may be shown (I11): nothing under eleven, and no total that gives it away.

Every table of counts goes through here. A count from 1 to 10 is hidden (`None`); 0 is shown, since
it is a fact about nobody. The total of a line is shown when it tells nothing more: each hidden cell
could still be any number from 1 to 10. Otherwise only the least it can be is told, which anyone
works out from what is shown. Show no other sum over the same cells: a second margin would make
equations with the first. Where it is known how many people they are counted among, ask
`tell_no_more`: eleven shown among twelve tell that the hidden one is 1.
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


def tell_no_more(lines, *, among):
    """Whether lines without a common cell may be shown to who knows that they count no more people
    than `among`: every hidden cell could be 10 at once."""
    most = sum(_most(line) for line in lines)
    return most <= among or not any(None in line.cells for line in lines)


def _most(line):
    """The most that this line can count, for who reads it."""
    hidden = line.cells.count(None)
    return line.at_least + hidden * (K - 2) if line.total is None else line.total


def _tells_nothing(cells, total):
    """Whether each of some hidden cells of this sum could be 1, and could be 10: the others then
    hold the rest, with no more than 10 and no less than 1 each."""
    most = K - 1
    return cells == 0 or most + cells - 1 <= total <= 1 + most * (cells - 1)
