"""What became of prescriptions, counted for who steers and told of nobody (I11)."""

import datetime as dt
import itertools

import pytest

from models import Prescription
from models.base import today
from models.counts import K
from models.prescriptions import acting, figures
from models.prescriptions.figures import BECAME, OUTCOMES, REFUSALS, SEVERAL
from models.prescriptions.mover import SERVICE, herself, provider
from models.prescriptions.states import Outcome, Refusal, State
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
FEBRUARY, MARCH = (dt.datetime(2027, month, 10, 9, tzinfo=dt.UTC) for month in (2, 3))


@pytest.fixture
def amina(time_machine):
    time_machine.move_to(FEBRUARY)
    return factories.writer()


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina)


@pytest.fixture
def ask(samia, amina):
    """So many prescriptions sent today, to which this happened."""

    def ask(count, happen=lambda asked: None):
        for _ in range(count):
            asked = factories.sent(samia, amina)
            happen(asked)

    return ask


def accepted(asked):
    acting.accept(asked, mover=provider(asked.provider))


def declined(*reasons):
    return lambda asked: acting.decline(asked, reasons, mover=provider(asked.provider))


def concluded(outcome):
    def conclude(asked):
        accepted(asked)
        acting.conclude(asked, outcome, today(), mover=provider(asked.provider))

    return conclude


def told(line, cells):
    """`{cell: count}` of what is not zero."""
    return {cell: count for cell, count in zip(cells, line.cells, strict=True) if count != 0}


def test_each_counts_once_in_what_it_became(ask, samia, time_machine):
    ask(12, accepted)
    ask(13, declined(Refusal.FULL))
    ask(14)
    ask(15, lambda asked: acting.cancel(asked, mover=herself(samia)))
    time_machine.move_to(MARCH)
    found = figures.figures()
    assert told(found.became, BECAME) == {
        State.ACCEPTED: 12, State.DECLINED: 13, State.SENT: 14, State.CANCELLED: 15,
    }  # fmt: skip
    assert found.became.total == 54
    assert found.accepted_share == 12 / 25


def test_what_nobody_answered_is_told(ask, time_machine):
    ask(11)
    time_machine.move_to(FEBRUARY.replace(day=27))
    Prescription.update(expires_at=dt.datetime(2027, 2, 26)).execute()
    for one in Prescription.select():
        one.expire(mover=SERVICE)
    time_machine.move_to(MARCH)
    assert told(figures.figures().became, BECAME) == {State.EXPIRED: 11}


def test_the_present_month_is_not_counted(ask, time_machine):
    """Whole months: reading twice within one tells nothing of a day."""
    ask(11)
    assert figures.figures().became.total == 0
    time_machine.move_to(MARCH)
    before = figures.figures()
    ask(11, accepted)
    for one in Prescription.select().where(Prescription.state == State.SENT):
        accepted(one)
    assert figures.figures() == before


def test_why_it_was_declined_counts_once_several_reasons_together(ask, time_machine):
    ask(11, declined(Refusal.FULL))
    ask(12, declined(Refusal.FULL, Refusal.DATES))
    time_machine.move_to(MARCH)
    found = figures.figures()
    assert told(found.refusals, REFUSALS) == {Refusal.FULL: 11, SEVERAL: 12}


def test_what_came_of_the_accepted_is_told_with_what_is_not_said_yet(ask, time_machine):
    ask(11, concluded(Outcome.DONE))
    ask(33, concluded(Outcome.NOT_COME))
    ask(14, accepted)
    time_machine.move_to(MARCH)
    found = figures.figures()
    assert told(found.outcomes, OUTCOMES) == {Outcome.DONE: 11, Outcome.NOT_COME: 33, None: 14}
    assert found.done_shares[Outcome.DONE] == 0.25


def test_under_eleven_no_rate_is_told(ask, time_machine):
    """I11: a share of what is hidden would tell it."""
    ask(12, accepted)
    ask(3, declined(Refusal.FULL))
    time_machine.move_to(MARCH)
    found = figures.figures()
    assert told(found.became, BECAME) == {State.ACCEPTED: 12, State.DECLINED: None}
    assert (found.became.total, found.accepted_share) == (None, None)


def test_the_parts_of_a_hidden_count_are_hidden_whole(ask, time_machine):
    """Ten parts of one each, of a number from 1 to 10, would tell them all."""
    ask(3, declined(Refusal.FULL))
    time_machine.move_to(MARCH)
    assert figures.figures().refusals is None


def test_the_parts_of_a_shown_count_tell_no_other_part():
    """Brute force: whoever knows the whole and what is shown still believes each hidden part to be
    any number from 1 to 10."""
    for counts in itertools.product(range(14), repeat=3):
        line = figures._within(sum(counts) if sum(counts) >= K else None, list(counts))
        if line is None or None not in line.cells:
            continue
        hidden = line.cells.count(None)
        left = sum(counts) - sum(filter(None, line.cells))
        possible = {
            guess[0]
            for guess in itertools.product(range(1, K), repeat=hidden)
            if sum(guess) == left
        }
        assert possible == set(range(1, K)), counts


def test_all_is_read_in_one_query(ask, time_machine, queries):
    ask(3, accepted)
    time_machine.move_to(MARCH)
    del queries[:]
    figures.figures()
    assert len(queries) == 1
