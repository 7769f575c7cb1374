"""« File sans solution »: to whom nobody proposed anything for some time (REQ-208)."""

import datetime as dt

import pytest

from models import Account, AuditEntry, Person
from models.base import local_day, now
from models.counts import K
from models.persons.agreements import Given
from models.persons.closing import Keeping, close
from models.plans.priorities import PlanPriority
from models.prescriptions import acting, delays, without_solution
from models.prescriptions.mover import herself, provider
from models.prescriptions.states import Refusal
from models.prescriptions.without_solution import list_of, shown_total
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
NEED = "mobilite-permis"


@pytest.fixture
def start(time_machine):
    moment = dt.datetime.now(dt.UTC).replace(hour=12, minute=0)
    time_machine.move_to(moment)
    return moment


@pytest.fixture
def amina(start):
    return factories.writer()


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina)


@pytest.fixture
def wait(start, time_machine):
    return lambda days: time_machine.move_to(start + dt.timedelta(days=days))


def proposed(samia, amina, action=None):
    """A step of a plan that waits for her agreement."""
    factories.answered(samia, amina, mob_permis="souhaite")
    plan = factories.plan(samia, amina, NEED, days=90)
    return factories.step(PlanPriority.of_plan(plan)[0], amina, action=action)


def agreed(samia, amina):
    step = proposed(samia, amina)
    step.plan.agree(by=samia, given=Given.OWN_SPACE, seen=step.plan.revision)
    return step


def listed(amina):
    """As his next request finds it."""
    return list_of(Account.get_by_id(amina.account_id))


def test_who_was_proposed_nothing_is_listed_after_the_delay(samia, amina, wait):
    """REQ-208: « personne sans action proposée depuis N jours »."""
    wait(30)
    assert listed(amina) == []
    wait(31)
    [one] = listed(amina)
    assert (one.person, one.since, one.was_proposed) == (samia, local_day(samia.created_at), False)


def test_the_delay_is_a_setting(samia, amina, wait, monkeypatch):
    monkeypatch.setattr(delays, "_delays", delays.Delays(solution=5))
    wait(6)
    assert len(listed(amina)) == 1


def test_a_step_proposed_counts_from_its_day(samia, amina, wait):
    wait(20)
    proposed(samia, amina)
    wait(50)
    assert listed(amina) == []
    wait(51)
    [one] = listed(amina)
    assert (one.since, one.was_proposed) == (local_day(now()) - dt.timedelta(days=31), True)


def test_a_prescription_started_counts_even_when_it_is_refused(samia, amina, wait):
    wait(20)
    asked = factories.sent(samia, amina)
    acting.decline(asked, [Refusal.FULL], mover=provider(asked.provider))
    wait(50)
    assert listed(amina) == []
    wait(51)
    assert [one.person for one in listed(amina)] == [samia]


def test_a_step_that_goes_on_is_a_solution_however_long(samia, amina, wait):
    step = agreed(samia, amina)
    wait(80)
    assert listed(amina) == []
    step.finish(True, by=amina.account, organisation=amina.organisation)
    assert [one.person for one in listed(amina)] == [samia]


def test_a_prescription_that_goes_on_is_a_solution_however_long(samia, amina, wait):
    asked = factories.sent(samia, amina)
    acting.accept(asked, mover=provider(asked.provider))
    wait(80)
    assert listed(amina) == []
    acting.cancel(asked, mover=herself(samia))
    assert [one.person for one in listed(amina)] == [samia]


def test_a_draft_left_aside_is_no_solution(samia, amina, wait):
    factories.prescription(samia, amina)
    wait(31)
    assert [one.person for one in listed(amina)] == [samia]


def test_what_is_done_for_somebody_else_changes_nothing(samia, amina, wait):
    other = factories.accompanied(amina)
    agreed(other, amina)
    wait(31)
    assert [one.person for one in listed(amina)] == [samia]


def test_the_list_holds_only_whom_one_accompanies(samia, amina, wait):
    """I1"""
    somebody_else = factories.writer()
    wait(31)
    assert listed(somebody_else) == []


def test_who_has_waited_longest_comes_first(samia, amina, wait):
    wait(10)
    later = factories.accompanied(amina)
    wait(60)
    assert [one.person for one in listed(amina)] == [samia, later]


def test_a_closed_file_waits_for_nothing(samia, amina, wait):
    wait(31)
    close(samia, Keeping.KEEP, factories.ACCESS_CODE)
    assert listed(amina) == []
    assert without_solution.count_among([samia.id]) == 0


def test_each_list_shown_leaves_a_line_of_the_trail(samia, amina, wait):
    wait(31)
    listed(amina)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.act, entry.actor_id) == ("files:list", amina.account_id)


def test_a_long_caseload_takes_the_same_queries(samia, amina, wait, queries):
    def asked():
        account = Account.get_by_id(amina.account_id)
        assert account.rights.places
        del queries[:]
        list_of(account)
        return len(queries)

    wait(31)
    before = asked()
    for _ in range(3):
        somebody = factories.accompanied(amina)
        Person.update(created_at=samia.created_at).where(Person.id == somebody.id).execute()
    assert len(listed(amina)) == 4
    assert asked() == before


def test_the_total_is_told_from_eleven_on(amina, wait):
    """I11: « comptée pour la coordination », agrégée."""
    people = [factories.accompanied(amina) for _ in range(K)]
    factories.person()
    assert shown_total() == 0
    wait(31)
    assert shown_total() == K
    proposed(people[0], amina)
    assert shown_total() is None
