"""What became of the prescriptions of twelve whole months, for who steers; never of anybody (I11).

Each one counts once, in what it was at the end of the last month: reading the page twice within a
month tells nothing of a day.
"""

import datetime as dt
import itertools
from collections import Counter
from typing import NamedTuple

from ..counts import Line, shown_line
from ..days import first_moment
from ..unmet_needs import period
from .history import Transition
from .prescription import Prescription
from .states import Move, Outcome, Refusal, State

# What it became, in the order of the page.
BECAME = (State.ACCEPTED, State.DECLINED, State.EXPIRED, State.CANCELLED, State.SENT)
# Why it was declined: one reason, or several together, so that each counts once.
SEVERAL = "plusieurs"
REFUSALS = (*Refusal, SEVERAL)
# What came of it once accepted; None is not said yet.
OUTCOMES = (*Outcome, None)
_STATE_AFTER = {
    Move.SENT: State.SENT, Move.ACCEPTED: State.ACCEPTED, Move.DECLINED: State.DECLINED,
    Move.EXPIRED: State.EXPIRED, Move.CANCELLED: State.CANCELLED,
}  # fmt: skip


class Figures(NamedTuple):
    """The months (`start` included, `end` excluded), then `Line`s whose cells are `BECAME`,
    `REFUSALS` of the declined, `OUTCOMES` of the accepted: None where they would tell too much."""

    start: dt.date
    end: dt.date
    became: Line
    refusals: Line | None
    outcomes: Line | None

    @property
    def accepted_share(self):
        """Among those that were answered, from what is shown alone; None when one is hidden."""
        accepted, declined = self.became.cells[:2]
        if accepted is None or declined is None or not accepted + declined:
            return None
        return accepted / (accepted + declined)

    @property
    def done_shares(self):
        """`{Outcome: share}` of those whose outcome is said, from what is shown alone."""
        said = self.outcomes.cells[: len(Outcome)] if self.outcomes else [None]
        if None in said or not sum(said):
            return {}
        return dict(zip(Outcome, (count / sum(said) for count in said), strict=True))


def figures():
    """The `Figures` of the last twelve whole months: one query."""
    start, end = period()
    became, refusals, outcomes = _counted(first_moment(start), first_moment(end))
    first = shown_line([became[one] for one in BECAME])
    accepted, declined = first.cells[:2]
    return Figures(
        start, end, first,
        _within(declined, [refusals[one] for one in REFUSALS]),
        _within(accepted, [outcomes[one] for one in OUTCOMES]),
    )  # fmt: skip


def _within(total, counts):
    """The `Line` of a cell cut in parts. The cell stands in another line already, so that its parts
    show only where their own total may be known."""
    line = shown_line(counts)
    return line if total and line.total is not None else None


def _counted(start, end):
    """Three `Counter`s: what they became, why declined, what came of the accepted."""
    became, refusals, outcomes = Counter(), Counter(), Counter()
    for _, lines in itertools.groupby(_moves(start, end), key=lambda row: row[0]):
        state, said = _folded(lines)
        became[state] += 1
        if state is State.DECLINED:
            reasons = said["refusals"]
            refusals[Refusal(reasons[0]) if len(reasons) == 1 else SEVERAL] += 1
        elif state is State.ACCEPTED:
            outcomes[said.get("outcome") and Outcome(said["outcome"])] += 1
    return became, refusals, outcomes


def _moves(start, end):
    """The moves made before `end` of those sent from `start` on, each one’s together."""
    line = Transition
    moves = (*_STATE_AFTER, Move.CONCLUDED)
    return (
        line.select(line.prescription, line.move, line.said)
        .join(Prescription)
        .where(Prescription.sent_at >= start, Prescription.sent_at < end)
        .where(line.created_at < end, line.move << moves)
        .order_by(line.prescription, line.id)
        .tuples()
        .iterator()
    )


def _folded(lines):
    """`(state, what its answers said)` after these moves."""
    state, said = State.SENT, {}
    for _, move, words in lines:
        state = _STATE_AFTER.get(move, state)
        said |= words
    return state, said
