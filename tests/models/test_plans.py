"""The action plan: what is decided together, what binds only once she agrees, and its balance."""

import datetime as dt

import pytest
import time_machine

from models import (
    Action,
    AuditEntry,
    Engagement,
    OutgoingEmail,
    Plan,
    PlanPriority,
    PlanStep,
    UnmetNeed,
    Waiver,
)
from models.base import RuleBroken, database, today
from models.diagnostics.diagnostic import Writer
from models.diagnostics.matching import Circumstances, Why
from models.diagnostics.needs import NeedDecision, Wish
from models.diagnostics.openness import Openness
from models.diagnostics.synthesis import Synthesis
from models.permissions import Permission
from models.persons.agreements import Given
from models.persons.notices import News, PersonNotice
from models.persons.opening import open_file
from models.persons.pathways import Pathway, PathwayKind, PathwayReason
from models.persons.sharing import Domain
from models.plans import closing, hours, lateness
from models.plans.plan import MeetingBy, ProposalEnd
from models.plans.priorities import Outcome, offers_of
from models.plans.proposing import choices_for
from models.plans.reading import WholePlan
from models.plans.steps import HerPart, OurPart, Side
from models.plans.waivers import WaiverReason
from tests import factories
from tests.factories import in_days

pytestmark = pytest.mark.usefixtures("db")

LICENCE, NETWORK, CHILDCARE = "mobilite-permis", "reseau-pro", "garde-enfants"
ALL_OPEN = Openness(Domain)
ANSWERS = {
    "mob_permis": "souhaite", "rsx_pro": "non", "rsx_parrain": "oui", "fam_charge": "enfants",
    "fam_moins3": "oui", "fam_garde": "aucune",
}  # fmt: skip


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


@pytest.fixture
def by(writer):
    return Writer(writer.account, writer.organisation)


@pytest.fixture
def samia(writer):
    somebody = factories.accompanied(writer, domains=[Domain.FAMILY])
    factories.answered(somebody, writer, **ANSWERS)
    return somebody


@pytest.fixture
def plan(samia, writer):
    return factories.plan(samia, writer, LICENCE, CHILDCARE)


@pytest.fixture
def agreed(plan, writer):
    """The plan with one accepted step, whose action takes seven hours a week for six weeks."""
    factories.step(first_of(plan), writer, action=course())
    agree(plan)
    return plan


def course(**values):
    return factories.action(**{"weekly_hours": 7, "weeks": 6, "name": "Code de la route"} | values)


def first_of(plan):
    return PlanPriority.of_plan(plan)[0]


def step_of(plan):
    return PlanStep.of_priorities(PlanPriority.of_plan(plan))[0]


def agree(plan, **values):
    values = {"by": plan.person, "given": Given.OWN_SPACE, "seen": plan.revision} | values
    plan.agree(**values)


def outcomes(plan, *said):
    rows = PlanPriority.of_plan(plan)
    return {row.code: outcome for row, outcome in zip(rows, said, strict=True)}


def offers(person, *needs):
    known = {one.need: one for one in offers_of(person)}
    return [known[key] for key in needs]


@pytest.fixture
def queries(monkeypatch):
    """The statements sent to the database."""
    sent, execute = [], database.obj.execute_sql

    def counted(sql, *more, **named):
        sent.append(sql)
        return execute(sql, *more, **named)

    monkeypatch.setattr(database.obj, "execute_sql", counted)
    return sent


# The plan and its next point


def test_one_plan_lives_for_a_person(samia, writer):
    """Two référents who begin it at once find the same one."""
    assert factories.plan(samia, writer) == factories.plan(samia, writer, days=60)
    assert Plan.current_of(samia).meets_on == in_days(30)


@pytest.mark.parametrize("days", [-1, 181])
def test_there_is_no_plan_without_a_next_point_to_come(samia, writer, days):
    """REQ-31: the day of the point is mandatory, within six months."""
    with pytest.raises(RuleBroken):
        factories.plan(samia, writer, days=days)
    assert Plan.current_of(samia) is None


def test_a_new_point_is_written_and_she_is_told(plan, writer):
    plan.meet(in_days(60), MeetingBy.PHONE, by=writer.account, organisation=writer.organisation)
    found = Plan.current_of(plan.person)
    assert (found.meets_on, found.meets_by) == (in_days(60), MeetingBy.PHONE)
    assert News.PLAN_MEETING in [one.news for one in PersonNotice.unread(plan.person)]


def test_a_plan_whose_point_has_passed_says_so_and_is_not_agreed_to(plan, writer):
    """The date is mandatory, also the next one."""
    factories.step(first_of(plan), writer)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31), tick=False):
        assert plan.is_overdue
        with pytest.raises(RuleBroken, match="date du prochain point"):
            agree(plan)


def test_the_plan_of_another_person_is_not_found(plan, writer):
    """I13"""
    other = factories.accompanied(writer)
    assert Plan.of_hers(plan.person, plan.code) == plan
    assert Plan.of_hers(other, plan.code) is None


# Priorities


def test_what_may_be_a_priority_is_what_her_diagnostic_raises(samia, by):
    """REQ-31: those she named first come first, those she declined are not offered."""
    draft = factories.diagnostic(samia)
    NeedDecision.decide(draft, {LICENCE: Wish.NO}, writer=by)
    assert LICENCE not in [one.need for one in offers_of(samia)]
    NeedDecision.decide(draft, {LICENCE: Wish.YES}, writer=by)
    factories.answered(samia, by_membership(by), pri_priorites=[CHILDCARE])
    assert offers_of(samia)[0].need == CHILDCARE
    assert {LICENCE, NETWORK, CHILDCARE} <= {one.need for one in offers_of(samia)}


def test_what_a_new_diagnostic_has_not_asked_yet_stays_offered(samia, by):
    """Her last word on each question counts, whichever diagnostic it was said in."""
    entry = factories.diagnostic(samia)
    entry.seal(by=by.account)
    factories.answered(samia, by_membership(by), mob_permis="oui")
    needs = [one.need for one in offers_of(samia)]
    assert LICENCE not in needs
    assert {NETWORK, CHILDCARE} <= set(needs)


def by_membership(by):
    return type("Place", (), {"account": by.account, "organisation": by.organisation})


def test_three_priorities_at_most_each_once(samia, writer, by):
    plan = factories.plan(samia, writer)
    several = offers_of(samia)[:4]
    assert len(several) == 4
    with pytest.raises(RuleBroken, match="3 priorités au plus"):
        PlanPriority.choose(plan, several, writer=by)
    with pytest.raises(RuleBroken, match="deux fois"):
        PlanPriority.choose(plan, offers(samia, LICENCE, LICENCE), writer=by)
    PlanPriority.choose(plan, several[:3], writer=by)
    assert len(PlanPriority.of_plan(plan)) == 3


def test_priorities_change_places_but_one_with_a_step_stays(samia, plan, writer, by):
    factories.step(first_of(plan), writer)
    PlanPriority.choose(plan, offers(samia, NETWORK, LICENCE), writer=by)
    assert [one.need for one in PlanPriority.of_plan(plan)] == [NETWORK, LICENCE]
    with pytest.raises(RuleBroken, match="reste dans le plan"):
        PlanPriority.choose(plan, offers(samia, NETWORK), writer=by)


def test_priorities_chosen_from_a_page_that_is_no_longer_true_are_refused(samia, plan, by):
    """Nothing that was not read is written over."""
    seen = plan.revision
    PlanPriority.choose(plan, offers(samia, NETWORK), writer=by, seen=seen)
    with pytest.raises(RuleBroken, match="a changé"):
        PlanPriority.choose(plan, offers(samia, LICENCE), writer=by, seen=seen)
    assert [one.need for one in PlanPriority.of_plan(plan)] == [NETWORK]


def test_the_database_does_not_tell_who_needs_what(plan, writer):
    """Access.md §4.10: needs, actions, parts and reasons are sealed."""
    factories.step(first_of(plan), writer, action=course())
    by = Writer(writer.account, writer.organisation)
    Waiver.propose(plan, WaiverReason.HEALTH, 0, in_days(30), writer=by)
    for table in ("plan_priority", "plan_step", "engagement", "waiver"):
        rows = database.execute_sql(f"SELECT content FROM {table}").fetchall()
        assert rows
        for (content,) in rows:
            assert not any(word in content for word in (LICENCE, "Code", "visiter", "sante"))


# Steps and her agreement


def test_a_step_binds_nobody_until_she_agrees(plan, writer):
    """REQ-71: « le plan d’action refuse une étape sans accord de la personne »."""
    step = factories.step(first_of(plan), writer, action=course())
    whole = WholePlan(plan, ALL_OPEN)
    assert (whole.waiting, whole.under_way, whole.week.counted) == ([step], [], 0)
    with pytest.raises(RuleBroken, match="pas encore accepté"):
        step.finish(True, by=writer.account)
    for one in Engagement.select():
        with pytest.raises(RuleBroken, match="pas en cours"):
            Engagement.of_hers(plan, one.code).keep(by=writer.account)
    agree(Plan.current_of(plan.person))
    whole = WholePlan(Plan.current_of(plan.person), ALL_OPEN)
    assert (whole.waiting, whole.under_way, whole.week.counted) == ([], [step], 7)
    assert whole.plan.agreed_at is not None


def test_a_step_says_what_each_side_does(plan, writer):
    """REQ-68: engagements of the structure as much as those of the person."""
    step = factories.step(first_of(plan), writer)
    hers, ours = Engagement.of_steps([step])[step.id]
    assert (hers.side, hers.part, hers.account) == (Side.PERSON, HerPart.VISIT, None)
    assert (ours.side, ours.part, ours.account) == (Side.REFERENT, OurPart.CALL, writer.account)
    alone = {Side.PERSON: (HerPart.VISIT, in_days(5))}
    with pytest.raises(RuleBroken, match="chacun des deux"):
        factories.step(first_of(plan), writer, parts=alone)


@pytest.mark.parametrize("days", [-1, 366])
def test_an_engagement_is_for_a_day_to_come(plan, writer, days):
    parts = {
        Side.PERSON: (HerPart.VISIT, in_days(5)),
        Side.REFERENT: (OurPart.CALL, in_days(days)),
    }
    with pytest.raises(RuleBroken, match="jour à venir"):
        factories.step(first_of(plan), writer, parts=parts)


def test_she_agrees_to_the_very_plan_she_read(plan, writer):
    """What was added meanwhile is not agreed to."""
    factories.step(first_of(plan), writer)
    seen = plan.revision
    factories.step(first_of(plan), writer)
    with pytest.raises(RuleBroken, match="a changé"):
        agree(plan, seen=seen)
    assert all(one.agreed_at is None for one in PlanStep.select())


def test_with_nothing_to_agree_to_nothing_is_agreed(plan):
    with pytest.raises(RuleBroken, match="Rien n’attend"):
        agree(plan)


def test_how_she_agreed_is_written(plan, writer):
    factories.step(first_of(plan), writer)
    agree(plan, by=writer.account, given=Given.CODE)
    assert step_of(plan).given is Given.CODE
    assert AuditEntry.get(AuditEntry.act == "plan:agree").person_id == plan.person_id


def test_she_refuses_a_step_without_a_reason_and_nobody_does_it_for_her(plan, writer):
    """REQ-71: she alone says no."""
    step = factories.step(first_of(plan), writer)
    with pytest.raises(RuleBroken, match="Seule la personne"):
        step.refuse(by=writer.account)
    with pytest.raises(RuleBroken, match="Seule la personne"):
        step.refuse(by=factories.person())
    step.refuse(by=plan.person)
    assert step_of(plan).end is ProposalEnd.DECLINED
    with pytest.raises(RuleBroken):
        agree(plan)


def test_she_may_stop_a_step_that_she_had_accepted(agreed):
    step_of(agreed).refuse(by=agreed.person)
    assert step_of(agreed).end is ProposalEnd.STOPPED


def test_a_step_is_withdrawn_only_before_her_answer(agreed, writer):
    with pytest.raises(RuleBroken, match="déjà répondu"):
        step_of(agreed).withdraw(by=writer.account)
    waiting = factories.step(first_of(agreed), writer)
    waiting.withdraw(by=writer.account)
    assert PlanStep.get_by_id(waiting.id).end is ProposalEnd.WITHDRAWN


def test_four_steps_at_most_for_a_priority(plan, writer):
    for _ in range(4):
        factories.step(first_of(plan), writer)
    with pytest.raises(RuleBroken, match="4 étapes au plus"):
        factories.step(first_of(plan), writer)


def test_an_action_that_is_no_longer_listed_is_not_a_step(plan, writer):
    with pytest.raises(RuleBroken, match="plus proposée"):
        factories.step(first_of(plan), writer, action=course(status="archivee"))


def test_what_was_agreed_does_not_change_with_the_sheet(agreed):
    """A contract never changes by itself."""
    Action.update(name="Autre", weekly_hours=1).execute()
    step = step_of(agreed)
    assert (step.name, step.weekly_hours, step.weeks) == ("Code de la route", 7, 6)


def test_each_side_says_that_its_part_is_done(agreed, writer):
    hers, ours = Engagement.of_steps([step_of(agreed)])[step_of(agreed).id]
    with pytest.raises(RuleBroken, match="votre référent"):
        Engagement.of_hers(agreed, ours.code).keep(by=agreed.person)
    Engagement.of_hers(agreed, hers.code).keep(by=agreed.person)
    Engagement.of_hers(agreed, ours.code).keep(by=writer.account)
    done = list(Engagement.select().order_by(Engagement.id))
    assert all(one.done_at for one in done)
    assert [one.done_by for one in done] == [None, writer.account]


def test_she_is_told_once_that_something_waits_for_her(plan, writer):
    factories.step(first_of(plan), writer)
    factories.step(first_of(plan), writer)
    told = [one for one in PersonNotice.unread(plan.person) if one.news is News.PLAN_PROPOSED]
    assert len(told) == 1


def test_what_is_proposed_is_found_in_the_bank_near_her(samia, plan, writer):
    """REQ-31: what answers the need and why, then the bookmarks of the professional."""
    there = course(
        thematics=["mobilite--preparer-un-permis"], insee_code="31555", latitude=43.6,
        longitude=1.44, commune="Toulouse",
    )  # fmt: skip
    index(there)
    choices = choices_of(plan, writer)
    assert [reason.why for reason in choices.found[there.code].reasons[:2]] == [Why.THEME, Why.NEAR]
    step = factories.step(first_of(plan), writer, action=choices.actions[there.code])
    assert (step.weekly_hours, step.weeks) == (7, 6)
    asked = course()
    assert list(choices_of(plan, writer, asked=asked.code).found) == [asked.code, there.code]
    assert list(choices_of(plan, writer, asked=there.code).found) == [there.code]
    assert list(choices_of(plan, writer, asked="0000000000").found) == [there.code]
    assert UnmetNeed.select().count() == 0


def test_what_nothing_answers_near_her_is_counted_for_the_map_of_gaps(plan, writer):
    """REQ-31: the theme and the place, and nobody."""
    assert choices_of(plan, writer).is_lacking
    [lack] = UnmetNeed.select()
    assert (lack.theme, lack.searches) == ("mobilite", 1)


def choices_of(plan, writer, **asked):
    row = first_of(plan)
    lived = Circumstances.of(plan.person, Synthesis(row.diagnostic, ALL_OPEN))
    return choices_for(row.offer.said, lived, writer.account, **asked)


def index(action):
    from models.search_index import current_index

    current_index().put(action)


# Hours and waivers


def test_hours_are_counted_from_the_steps_week_by_week(plan, writer):
    """`weekly hours by weeks`, from the day it begins; not filled in is not zero."""
    priority = first_of(plan)
    factories.step(priority, writer, action=course(weekly_hours=6, weeks=2))
    factories.step(priority, writer, action=course(weekly_hours=3.5, weeks=None))
    factories.step(priority, writer, action=course(weekly_hours=None, weeks=3))
    factories.step(priority, writer, action=course(), starts_on=in_days(7))
    agree(plan)
    steps = WholePlan(plan, ALL_OPEN).steps
    weeks = hours.weeks_from(steps, [], today(), in_days(21))
    assert [one.counted for one in weeks] == [9.5, 16.5, 10.5, 10.5]
    assert [one.unknown for one in weeks] == [1, 1, 1, 0]
    assert hours.volume(steps) == 6 * 2 + 7 * 6
    assert (weeks[0].wanted, weeks[0].missing, weeks[0].share) == (15, 5.5, 63)
    assert (weeks[1].missing, weeks[1].share) == (0, 100)


def test_a_step_that_ended_counts_no_more(agreed, writer):
    step_of(agreed).finish(True, by=writer.account)
    steps = WholePlan(agreed, ALL_OPEN).steps
    assert hours.week_of(steps, [], today()).counted == 7
    assert hours.week_of(steps, [], in_days(7)).counted == 0


def test_fewer_hours_hold_once_she_agrees_and_until_their_day(plan, by):
    """A coded waiver; the last one accepted holds."""
    waiver = Waiver.propose(plan, WaiverReason.WORKS, 8, in_days(30), writer=by)
    assert hours.wanted_on(Waiver.of_plan(plan), today()) == 15
    agree(plan)
    assert hours.wanted_on(Waiver.of_plan(plan), today()) == 8
    assert hours.wanted_on(Waiver.of_plan(plan), in_days(31)) == 15
    Waiver.of_hers(plan, waiver.code).refuse(by=plan.person)
    assert hours.wanted_on(Waiver.of_plan(plan), today()) == 15


def test_only_the_reasons_of_the_law_ask_for_no_hour_at_all(plan, by):
    for reason in WaiverReason:
        if reason.may_exempt:
            Waiver.propose(plan, reason, 0, in_days(30), writer=by)
        else:
            with pytest.raises(RuleBroken, match="de 1 à 14"):
                Waiver.propose(plan, reason, 0, in_days(30), writer=by)
        with pytest.raises(RuleBroken):
            Waiver.propose(plan, reason, 15, in_days(30), writer=by)
    assert len(Waiver.waiting_of(plan)) == 1


def test_a_reason_is_read_with_the_agreement_of_its_domain(samia, plan, writer, by):
    """I1: health is of level 3."""
    health = Waiver.propose(plan, WaiverReason.HEALTH, 0, in_days(30), writer=by)
    file = open_file(samia.code, Permission.PLAN_READ, actor=writer.account, act="plan:read")
    opened = Openness.of_asker(file, writer.account)
    assert not WholePlan(plan, opened).shows_reason(health)
    assert WholePlan(plan, Openness.of_asker(samia, samia)).shows_reason(health)


def test_a_priority_of_a_domain_she_does_not_share_is_said_and_not_shown(samia, plan, writer):
    """I1: level 2 opens with its domain; without it, neither need nor step is told."""
    factories.step(PlanPriority.of_plan(plan)[1], writer)
    shut = WholePlan(plan, Openness([Domain.MOBILITY]))
    licence, childcare = shut.priorities
    assert (licence.is_open, childcare.is_open, childcare.steps) == (True, False, [])
    assert shut.hidden == [childcare]
    assert WholePlan(plan, ALL_OPEN).hidden == []


# Closing


def test_closing_makes_the_balance_and_what_is_still_there_goes_on(agreed, writer):
    """Done, lifted, still there; the next plan begins with the open needs."""
    factories.step(PlanPriority.of_plan(agreed)[1], writer)
    step, by = step_of(agreed), writer.account
    said = outcomes(agreed, Outcome.LIFTED, Outcome.STILL_THERE)
    closing.close(agreed, {step.code}, said, by=by, organisation=writer.organisation)
    whole = WholePlan(Plan.of_hers(agreed.person, agreed.code), ALL_OPEN)
    assert whole.balance == closing.Balance(done=1, not_done=0, stopped=0, lifted=1, still_there=1)
    assert Plan.current_of(agreed.person) is None
    following = factories.plan(agreed.person, writer)
    assert following.previous == agreed
    assert [one.need for one in PlanPriority.of_plan(following)] == [CHILDCARE]


def test_a_plan_does_not_close_without_a_word_on_each_priority(agreed, writer):
    one = outcomes(agreed, Outcome.LIFTED, Outcome.STILL_THERE)
    one.popitem()
    with pytest.raises(RuleBroken, match="chaque priorité"):
        closing.close(agreed, set(), one, by=writer.account)
    assert Plan.current_of(agreed.person) == agreed
    assert step_of(agreed).is_agreed


def test_a_closed_plan_never_changes(agreed, writer, by):
    step, priority = step_of(agreed), first_of(agreed)
    said = outcomes(agreed, Outcome.LIFTED, Outcome.LIFTED)
    closing.close(agreed, set(), said, by=writer.account)
    acts = (
        lambda: factories.step(priority, writer),
        lambda: step.refuse(by=agreed.person),
        lambda: agreed.meet(in_days(9), MeetingBy.DESK, by=writer.account),
        lambda: Waiver.propose(agreed, WaiverReason.WORKS, 8, in_days(3), writer=by),
        lambda: PlanPriority.choose(agreed, [], writer=by),
        lambda: closing.close(agreed, set(), said, by=writer.account),
    )
    for act in acts:
        with pytest.raises(RuleBroken, match="terminé"):
            act()


def test_she_asks_to_change_and_it_is_said_until_it_is_done(agreed, writer):
    agreed.ask_change(by=agreed.person)
    agreed.ask_change(by=agreed.person)
    assert AuditEntry.select().where(AuditEntry.act == "plan:ask-change").count() == 1
    assert Plan.current_of(agreed.person).change_asked_at
    agreed.meet(in_days(9), MeetingBy.DESK, by=writer.account)
    assert Plan.current_of(agreed.person).change_asked_at is None


def test_a_plan_is_read_in_as_many_queries_whatever_it_holds(plan, writer, queries):
    """Flat: one more step asks nothing more of the database."""
    counts = []
    for number in range(3):
        factories.step(PlanPriority.of_plan(plan)[number % 2], writer, action=course())
        queries.clear()
        WholePlan(Plan.current_of(plan.person), ALL_OPEN)
        counts.append(len(queries))
    assert counts == [6, 6, 6]


# A month after the orientation


def led(person, writer, days, kind=PathwayKind.SOCIAL, reason=PathwayReason.FIRST):
    day = in_days(-days)
    return Pathway.decide(person, kind, reason, writer.organisation, day, by=writer.account)


def test_a_month_after_the_orientation_without_a_plan_is_late(samia, writer):
    led(samia, writer, 20)
    assert lateness.late_plan_of(samia) is None
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=15), tick=False):
        assert lateness.late_plan_of(samia).since <= today()


def test_a_change_of_pathway_does_not_put_the_plan_off_a_break_does(samia, writer):
    led(samia, writer, 90)
    led(samia, writer, 10, PathwayKind.GLOBAL, PathwayReason.BARRIER_LIFTED)
    assert lateness.late_plan_of(samia)
    Pathway.interrupt(samia, in_days(-5), by=writer.account)
    assert lateness.late_plan_of(samia) is None
    led(samia, writer, 2, PathwayKind.GLOBAL, PathwayReason.RESUMED)
    assert lateness.late_plan_of(samia) is None


def test_only_a_plan_that_she_accepted_is_a_plan(samia, plan, writer):
    led(samia, writer, 90)
    assert lateness.late_plan_of(samia)
    factories.step(first_of(plan), writer)
    agree(plan)
    assert lateness.late_plan_of(samia) is None


def test_the_lead_is_told_once_without_any_name(samia, writer):
    led(samia, writer, 90)
    other = factories.accompanied(writer)
    led(other, writer, 40)
    assert lateness.remind() == 1
    [sent] = OutgoingEmail.select().where(OutgoingEmail.kind == "plan_due")
    assert sent.recipient == writer.account.identifier
    assert lateness.remind() == 0
    assert AuditEntry.select().where(AuditEntry.act == "plan:due").count() == 2


def test_nobody_is_told_of_a_file_that_is_closed(samia, writer):
    led(samia, writer, 90)
    samia.closed_at = dt.datetime(2026, 1, 1)
    samia.save()
    assert lateness.remind() == 0
