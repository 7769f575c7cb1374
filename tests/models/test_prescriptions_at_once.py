"""Two answers, an answer and its cancelling, an act sent twice: in the same instant, one state."""

import pytest

from models import OutgoingEmail, Prescription, Transition
from models.base import RuleBroken, database, today
from models.prescriptions import acting
from models.prescriptions.mover import herself, provider
from models.prescriptions.states import Move, Outcome, Refusal, State
from tests import factories
from tests.at_once import together


@pytest.fixture
def asked(shared):
    """Sent; each act reads it anew, as each request does."""
    with database.connection_context():
        factories.charter()
        writer = factories.writer()
        return factories.sent(factories.accompanied(writer), writer)


def act(what, *words, by=None, **said):
    """This act of the provider, or of another mover, on what it has just read."""

    def run():
        found = Prescription.get()
        what(found, *words, mover=by(found) if by else provider(found.provider), **said)
        return found.state

    return run


def moves(kind):
    return Transition.select().where(Transition.move == kind).count()


def told(kind):
    return OutgoingEmail.select().where(OutgoingEmail.kind == kind).count()


def test_the_same_answer_six_times_is_one(asked):
    together([act(acting.accept)] * 6)
    with database.connection_context():
        assert (moves(Move.ACCEPTED), told("prescription_answered")) == (1, 1)


def test_of_two_answers_that_differ_one_counts_and_the_other_is_told_so(asked):
    said = together([act(acting.accept), act(acting.decline, [Refusal.FULL])] * 3)
    with database.connection_context():
        state = Prescription.get().state
        assert state in (State.ACCEPTED, State.DECLINED)
        assert moves(Move.ACCEPTED) + moves(Move.DECLINED) == 1
        assert any(isinstance(one, RuleBroken) for one in said)


def test_called_off_while_it_is_answered_it_is_one_or_the_other_then_off(asked):
    """I3: whatever the order, nothing of hers is read afterwards."""
    together([act(acting.accept), act(acting.cancel, by=lambda one: herself(one.person))])
    with database.connection_context():
        left = Prescription.get()
        assert left.state is State.CANCELLED
        assert not left.is_readable_by_provider


def test_the_same_outcome_from_both_sides_is_written_once(asked):
    with database.connection_context():
        acting.accept(Prescription.get(), mover=provider(asked.provider))
    together([act(acting.conclude, Outcome.CAME, today())] * 4)
    with database.connection_context():
        assert moves(Move.CONCLUDED) == 1
