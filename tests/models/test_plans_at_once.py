"""A plan begun, and changed while she agrees, in the same instant (REQ-71)."""

from models import Plan, PlanPriority, PlanStep
from models.base import database
from models.persons.agreements import Given
from tests import factories
from tests.at_once import together


def test_of_six_plans_begun_at_the_same_moment_one_lives(shared):
    with database.connection_context():
        factories.charter()
        writer = factories.writer()
        somebody = factories.accompanied(writer)
    begun = together([lambda: factories.plan(somebody, writer)] * 6)
    assert len({plan.id for plan in begun}) == 1
    with database.connection_context():
        assert Plan.select().count() == 1


def test_what_is_proposed_while_she_agrees_is_never_agreed_to_unread(shared):
    """Either it came after her agreement, or she is asked to read again."""
    with database.connection_context():
        factories.charter()
        writer = factories.writer()
        somebody = factories.accompanied(writer)
        factories.answered(somebody, writer, mob_permis="souhaite")
        plan = factories.plan(somebody, writer, "mobilite-permis")
        [priority] = PlanPriority.of_plan(plan)
        read = factories.step(priority, writer)
        hers, theirs = Plan.current_of(somebody), PlanPriority.of_plan(Plan.current_of(somebody))

    def agree():
        hers.agree(by=somebody, given=Given.OWN_SPACE, seen=hers.revision)

    together([agree, lambda: factories.step(theirs[0], writer)])
    with database.connection_context():
        late = [one for one in PlanStep.select() if one.id != read.id]
        assert [one.agreed_at for one in late] == [None]
