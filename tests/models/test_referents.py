"""Référents pass on, are asked for, are named; pathways and their history (REQ-9, 73, 209, I14)."""

import datetime as dt

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from playhouse.test_utils import count_queries

from models import (
    Accompaniment,
    AccompanimentRequest,
    Account,
    Agreement,
    AuditEntry,
    CharterSignature,
    CharterVersion,
    Handover,
    OutgoingEmail,
    Pathway,
    PathwayTime,
    Person,
    PersonNotice,
    TrainingCompletion,
)
from models.accounts.account import Role
from models.base import ZONE, RuleBroken, now, today
from models.charter.signatures import Capacity
from models.network.rights import stopped_writing
from models.permissions import Permission
from models.persons import caseload
from models.persons.accompaniments import EndReason, ReferentRole, StartReason
from models.persons.agreements import Given, usual_end
from models.persons.circle import circle
from models.persons.handover import HandoverReason, hand_over, leave, name_lead, stop, successors
from models.persons.notices import News
from models.persons.opening import open_file
from models.persons.orphans import Lack, is_orphan, lack_of_lead, orphan, orphan_ids, orphans
from models.persons.pathways import (
    PathwayEnd,
    PathwayKind,
    PathwayReason,
    Time,
    TimeEnd,
    timeline,
)
from models.persons.requests import (
    DAILY,
    OPEN_DAYS,
    Answer,
    NoLongerWaiting,
    last_day,
)
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

READ = {"permission": Permission.FILE_READ, "act": "file:read"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    return factories.accompanied(writer)


def opened(person, writer):
    """What the account of this membership reads of a file, as a new request would."""
    account = Account.get_by_id(writer.account_id)
    return open_file(person.code, actor=account, **READ)


def shared(**values):
    return {"ends_on": usual_end(today()), "domains": []} | values


def passed(samia, writer, successor, **options):
    reason = HandoverReason.LEAVING
    return hand_over(samia, successor, reason, by=writer.account, **options)


def news(person):
    return [notice.news for notice in PersonNotice.unread(person)]


def facts(person):
    """Her history as it was written: what must never change once ended."""
    kept = Accompaniment.select().where(Accompaniment.person == person).order_by(Accompaniment.id)
    return [row.__data__ for row in kept if row.ended_at]


# Passing on


def test_a_handover_is_immediate_where_the_person_agrees_today(samia, writer):
    """REQ-9: the history stays, the former référent is cut at his very next request (I3)."""
    colleague = factories.writer(organisation=writer.organisation)
    assert opened(samia, writer)
    passed(samia, writer, colleague)
    assert opened(samia, writer) is None
    assert opened(samia, colleague) == samia
    former, present = Accompaniment.select().order_by(Accompaniment.id)
    assert (former.account, former.end_reason) == (writer.account, EndReason.HANDED_OVER)
    assert (present.account, present.start_reason) == (colleague.account, StartReason.HANDED_OVER)
    assert present.role is ReferentRole.LEAD


def test_a_handover_tells_the_person_and_the_successor(samia, writer):
    colleague = factories.writer(organisation=writer.organisation)
    passed(samia, writer, colleague)
    assert news(samia) == [News.HANDED_OVER]
    [mail] = OutgoingEmail.select().where(OutgoingEmail.kind == "referent_named")
    assert mail.recipient == colleague.account.identifier


def test_a_handover_leaves_a_trace_on_both_sides(samia, writer):
    colleague = factories.writer(organisation=writer.organisation)
    passed(samia, writer, colleague)
    traces = AuditEntry.select().where(AuditEntry.person_id == samia.id)
    told = {(one.act, one.changes.get("account")) for one in traces}
    assert ("accompaniment:end", writer.account_id) in told
    assert ("accompaniment:start", colleague.account_id) in told


def test_the_former_lead_may_stay_for_another_subject(samia, writer):
    colleague = factories.writer(organisation=writer.organisation)
    passed(samia, writer, colleague, stays=True)
    assert opened(samia, writer)
    mine = Accompaniment.get(Accompaniment.account == writer.account, Accompaniment.living())
    assert (mine.role, mine.start_reason) == (ReferentRole.OTHER, StartReason.STAYED)


def test_another_referent_who_becomes_the_lead_keeps_his_history(samia, writer):
    other = factories.writer(organisation=writer.organisation)
    factories.accompanied(other, samia, role=ReferentRole.OTHER)
    passed(samia, writer, other)
    ended = Accompaniment.get(Accompaniment.account == other.account, ~Accompaniment.living())
    assert ended.end_reason is EndReason.PROMOTED
    assert Accompaniment.lead_of(samia).account == other.account


def test_elsewhere_the_handover_waits_until_the_person_agrees(samia, writer):
    """The former référent stays meanwhile, and the next one reads nothing."""
    elsewhere = factories.writer()
    handover = passed(samia, writer, elsewhere)
    assert handover.is_waiting
    assert news(samia) == [News.HANDOVER_ASKED]
    assert opened(samia, writer)
    assert opened(samia, elsewhere) is None
    handover.accept(by=samia, given=Given.OWN_SPACE, shared=shared())
    assert opened(samia, writer) is None
    assert opened(samia, elsewhere) == samia


def test_the_person_may_decline_a_handover_and_nothing_moves(samia, writer):
    handover = passed(samia, writer, factories.writer())
    handover.decline(by=samia)
    assert opened(samia, writer)
    with pytest.raises(NoLongerWaiting):
        Handover.get_by_id(handover.id).accept(by=samia, given=Given.OWN_SPACE, shared=shared())


def test_a_handover_nobody_answered_ends_by_itself_and_makes_room(samia, writer):
    late = passed(samia, writer, factories.writer())
    with time_machine.travel(dt.datetime.now(dt.UTC) + 31 * DAY, tick=False):
        assert Handover.waiting_of(samia) is None
        with pytest.raises(NoLongerWaiting):
            late.accept(by=samia, given=Given.OWN_SPACE, shared=shared())
        assert passed(samia, writer, factories.writer()).is_waiting


def test_two_successors_named_at_once_one_wins(samia, writer):
    """The other page learns it in a clear sentence."""
    first, second = (factories.writer(organisation=writer.organisation) for _ in range(2))
    passed(samia, writer, first)
    with pytest.raises(RuleBroken, match="plus, son référent unique"):
        passed(samia, writer, second)
    assert Accompaniment.lead_of(samia).account == first.account


def test_two_handovers_that_wait_are_one(samia, writer):
    first = factories.writer()
    passed(samia, writer, first)
    with pytest.raises(RuleBroken, match=first.account.name):
        passed(samia, writer, factories.writer())


def test_nobody_hands_over_to_who_has_not_the_right_to_write(samia, writer):
    member = factories.membership(organisation=writer.organisation)
    with pytest.raises(RuleBroken, match="droit d’écrire"):
        passed(samia, writer, member)
    assert opened(samia, writer)


def test_a_successor_who_lost_the_right_meanwhile_is_refused_when_the_person_agrees(samia, writer):
    elsewhere = factories.writer()
    handover = passed(samia, writer, elsewhere)
    elsewhere.organisation.suspend("risque", by=None)
    with pytest.raises(RuleBroken):
        handover.accept(by=samia, given=Given.OWN_SPACE, shared=shared())
    assert Agreement.between(samia, elsewhere.organisation) is None
    assert opened(samia, writer)


def test_only_the_lead_hands_over(samia, writer):
    other = factories.writer(organisation=writer.organisation)
    factories.accompanied(other, samia, role=ReferentRole.OTHER)
    with pytest.raises(RuleBroken):
        passed(samia, other, factories.writer(organisation=writer.organisation))


def test_the_proposal_may_be_taken_back(samia, writer):
    handover = passed(samia, writer, factories.writer())
    handover.cancel(by=writer.account)
    handover.cancel(by=writer.account)
    assert Handover.waiting_of(samia) is None
    assert AuditEntry.select().where(AuditEntry.act == "handover:end").count() == 1


def test_history_is_never_rewritten(samia, writer):
    """REQ-9: each act adds; what has ended stays word for word."""
    team = [factories.writer(organisation=writer.organisation) for _ in range(4)]
    held, told = writer, []
    for successor in [*team, writer]:
        passed(samia, held, successor)
        assert facts(samia)[: len(told)] == told
        told, held = facts(samia), successor
    assert len(told) == 5


# Leaving


def test_leaving_a_person_without_lead_is_said_and_never_silent(samia, writer):
    link = Accompaniment.lead_of(samia)
    with pytest.raises(RuleBroken):
        leave(link, EndReason.DONE, by=writer.account)
    leave(link, EndReason.DONE, by=writer.account, without_lead=True)
    assert opened(samia, writer) is None
    assert news(samia) == [News.REFERENT_ENDED]
    assert is_orphan(samia)


def test_another_referent_leaves_without_more_ado(samia, writer):
    other = factories.writer(organisation=writer.organisation)
    factories.accompanied(other, samia, role=ReferentRole.OTHER)
    link = Accompaniment.get(Accompaniment.account == other.account)
    leave(link, EndReason.MOVED, by=other.account)
    assert opened(samia, other) is None
    assert not is_orphan(samia)


def test_a_reason_that_is_not_his_to_give_is_refused(samia, writer):
    with pytest.raises(RuleBroken):
        leave(Accompaniment.lead_of(samia), EndReason.LAPSED, by=writer.account, without_lead=True)


# Stopped by the person


def mails(kind="referent_stopped"):
    return list(OutgoingEmail.select().where(OutgoingEmail.kind == kind))


def test_the_professional_whom_a_person_stops_is_told_without_her_name(samia, writer):
    """REQ-209, I3: he reads nothing more, and knows that something ended."""
    link = Accompaniment.lead_of(samia)
    for _ in range(2):
        stop(link, by=samia)
    assert opened(samia, writer) is None
    [mail] = mails()
    assert (mail.recipient, mail.values) == (writer.account.identifier, {})
    ended = AuditEntry.select().where(AuditEntry.act == "accompaniment:end")
    assert [row.person_id for row in ended] == [samia.id]


def test_what_she_stops_and_its_message_are_written_together(samia, writer, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("models.persons.handover.outbox.post", broken)
    with pytest.raises(ConnectionError):
        stop(Accompaniment.lead_of(samia), by=samia)
    assert Accompaniment.lead_of(samia)
    assert mails() == []


def test_an_address_that_takes_no_mail_does_not_keep_her_from_stopping(samia, writer):
    Account.update(identifier="accueil").where(Account.id == writer.account_id).execute()
    stop(Accompaniment.lead_of(samia), by=samia)
    assert Accompaniment.lead_of(samia) is None


def test_a_closed_account_is_not_told(samia, writer):
    writer.account.deactivate()
    stop(Accompaniment.lead_of(samia), by=samia)
    assert mails() == []


def test_what_a_person_stopped_is_listed_for_thirty_days_without_her_name(samia, writer):
    stop(Accompaniment.lead_of(samia), by=samia)
    [told] = caseload.stopped_lately(writer.account)
    assert told.person.identifier == samia.identifier
    assert "family_name" not in told.person.__data__
    assert caseload.stopped_lately(factories.writer(organisation=writer.organisation).account) == []
    with time_machine.travel(dt.datetime.now(dt.UTC) + 31 * DAY, tick=False):
        assert caseload.stopped_lately(writer.account) == []


def test_what_a_person_stopped_and_gave_again_is_not_listed(samia, writer):
    stop(Accompaniment.lead_of(samia), by=samia)
    factories.accompanied(writer, samia)
    assert caseload.stopped_lately(writer.account) == []


def test_what_the_professional_ended_himself_is_not_listed(samia, writer):
    leave(Accompaniment.lead_of(samia), EndReason.DONE, by=writer.account, without_lead=True)
    assert caseload.stopped_lately(writer.account) == []


# Without référent (I14)


LOSSES = {
    Lack.GONE: lambda samia, writer: writer.end(by=None),
    Lack.ORGANISATION: lambda samia, writer: writer.organisation.suspend("risque", by=None),
    Lack.AGREEMENT: lambda samia, writer: Agreement.get().withdraw(by=samia),
    Lack.NOBODY: lambda samia, writer: Accompaniment.get().end(EndReason.BY_PERSON, by=samia),
    Lack.CHARTER: lambda samia, writer: CharterSignature.update(withdrawn_at=now()).execute(),
}


@pytest.mark.parametrize("lack", LOSSES)
def test_whoever_lost_her_lead_is_listed_with_why_and_since_when(samia, writer, lack):
    assert (is_orphan(samia), orphan_ids()) == (False, [])
    assert lack_of_lead(samia) is None
    LOSSES[lack](samia, writer)
    [seen] = orphans(orphan_ids())
    assert (seen.identifier, seen.lack) == (samia.identifier, lack)
    assert seen.since == today()


def test_a_lead_under_a_charter_that_was_replaced_lapses_after_its_last_day(samia, writer):
    """REQ-69: the day after the former version stopped counting, not the day one looks."""
    factories.charter(grace=10 * DAY)
    with time_machine.travel(dt.datetime.now(dt.UTC) + 10 * DAY, tick=False):
        assert not is_orphan(samia)
    with time_machine.travel(dt.datetime.now(dt.UTC) + 40 * DAY, tick=False):
        seen = orphan(samia)
        assert (seen.lack, seen.since) == (Lack.CHARTER, today() - 29 * DAY)


def test_of_several_terms_that_lapsed_the_first_one_counts(samia, writer):
    """I1: one term that fails is enough."""
    with time_machine.travel(dt.datetime.now(dt.UTC) + 3 * DAY, tick=False):
        TrainingCompletion.of_account(writer.account).cancel(by=None)
    with time_machine.travel(dt.datetime.now(dt.UTC) + 5 * DAY, tick=False):
        CharterSignature.withdraw_own(writer)
        assert orphan(samia).since == today() - 2 * DAY


def test_a_right_to_write_that_was_never_there_has_no_day(samia, writer):
    """What nobody wrote is not invented: the page says that the day is not known."""
    TrainingCompletion.delete().execute()
    seen = orphan(samia)
    assert (seen.lack, seen.since) == (Lack.CHARTER, None)


def test_a_signature_given_again_lapses_no_more(samia, writer):
    CharterSignature.withdraw_own(writer)
    assert is_orphan(samia)
    CharterSignature.sign(CharterVersion.current(), writer, Capacity.PROFESSIONAL)
    assert not is_orphan(samia)
    assert stopped_writing([writer]) == {}


def test_orphans_are_told_why_in_as_many_queries_for_one_as_for_several(writer):
    """Those of a charter that lapsed: it lapses for a whole organisation at once."""
    team = [writer, *(factories.writer(organisation=writer.organisation) for _ in range(3))]
    counts = []
    for one in team:
        factories.accompanied(one)
        CharterSignature.withdraw_own(one)
        with count_queries() as counted:
            orphans(orphan_ids())
        counts.append(counted.count)
    assert len(set(counts)) == 1


def test_a_circle_is_read_in_three_queries_and_its_lacks_in_a_few_more(samia, writer):
    counts = []
    for _ in range(3):
        other = factories.writer(organisation=writer.organisation)
        factories.accompanied(other, samia, role=ReferentRole.OTHER)
        with count_queries() as counted:
            around = circle(samia)
        assert counted.count == 3
        with count_queries() as counted:
            assert around.lacks() == {}
        counts.append(counted.count)
    assert len(set(counts)) == 1


def test_a_circle_tells_who_opens_nothing_why_and_since_when(samia, writer):
    other = factories.writer(organisation=writer.organisation)
    factories.accompanied(other, samia, role=ReferentRole.OTHER)
    CharterSignature.withdraw_own(other)
    around = circle(samia)
    assert around.lead.link.account == writer.account
    assert list(around.lacks().values()) == [(Lack.CHARTER, today())]


def test_a_closed_account_leaves_its_persons_without_lead_until_it_is_opened_again(samia, writer):
    """A mistake is undone by giving the access back: nothing was ended."""
    writer.account.deactivate()
    assert orphan(samia).lack is Lack.GONE
    Account.get_by_id(writer.account_id).reactivate()
    assert not is_orphan(samia)
    assert opened(samia, writer)


def test_a_file_that_was_just_started_or_closed_is_not_listed(samia, writer):
    factories.person()
    Accompaniment.get().end(EndReason.DONE, by=samia)
    Person.update(closed_at=dt.datetime(2026, 1, 1)).where(Person.id == samia.id).execute()
    assert orphan_ids() == []


def test_what_the_animation_sees_holds_no_name(samia, writer):
    """I14: a successor is named without reading anything."""
    writer.end(by=None)
    seen = orphan(Person.get_by_id(samia.id))
    assert set(seen._fields) == {"code", "identifier", "commune", "lack", "since"}
    assert samia.family_name not in repr(seen)


def test_the_animation_names_a_successor_where_she_agrees(samia, writer):
    """I14"""
    colleague = factories.writer(organisation=writer.organisation)
    writer.end(by=None)
    animator = factories.account(role=Role.ANIMATOR)
    name_lead(samia, colleague, by=animator)
    assert opened(samia, colleague) == samia
    former, present = Accompaniment.select().order_by(Accompaniment.id)
    assert (former.end_reason, present.start_reason) == (EndReason.LEFT, StartReason.NAMED)
    assert news(samia) == [News.HANDED_OVER]
    assert open_file(samia.code, actor=animator, **READ) is None


def test_elsewhere_the_animation_sends_the_person_a_request(samia, writer):
    elsewhere = factories.writer()
    writer.end(by=None)
    handover = name_lead(samia, elsewhere, by=factories.account(role=Role.ANIMATOR))
    assert opened(samia, elsewhere) is None
    handover.accept(by=samia, given=Given.OWN_SPACE, shared=shared())
    assert opened(samia, elsewhere) == samia


def test_nobody_is_named_in_the_place_of_a_lead_who_opens_her_file(samia, writer):
    animator = factories.account(role=Role.ANIMATOR)
    with pytest.raises(RuleBroken):
        name_lead(samia, factories.writer(organisation=writer.organisation), by=animator)


def test_the_person_names_among_those_of_the_organisations_she_agrees_with(samia, writer):
    """I14"""
    colleague = factories.writer(organisation=writer.organisation)
    Accompaniment.get().end(EndReason.BY_PERSON, by=samia)
    with pytest.raises(RuleBroken):
        name_lead(samia, factories.writer(), by=samia)
    name_lead(samia, colleague, by=samia)
    assert Accompaniment.lead_of(samia).start_reason is StartReason.CHOSEN


def test_successors_are_those_with_the_right_to_write(writer):
    colleague = factories.writer(organisation=writer.organisation)
    factories.membership(organisation=writer.organisation)
    elsewhere = factories.writer()
    assert set(successors(besides=writer.account)) == {colleague, elsewhere}
    assert successors(organisations={writer.organisation_id}, besides=writer.account) == [colleague]


# Asking


def asked(identifier, writer):
    return AccompanimentRequest.ask(identifier, writer, by=writer.account)


def requests(person):
    return AccompanimentRequest.waiting_for(person)


def test_a_request_goes_to_the_person_who_chooses_what_she_shares(writer):
    """REQ-73"""
    somebody = factories.person(identifier="k0m1abcd")
    asked("KOMI abcd", writer)
    assert news(somebody) == [News.JOIN_ASKED]
    assert opened(somebody, writer) is None
    [request] = requests(somebody)
    request.accept(ReferentRole.LEAD, shared(has_passport=True), by=somebody)
    assert opened(somebody, writer) == somebody
    agreement = Agreement.between(somebody, writer.organisation)
    assert (agreement.given, agreement.has_passport) == (Given.OWN_SPACE, True)
    assert requests(somebody) == []


def test_an_unknown_identifier_is_asked_in_the_same_way(writer):
    """Nothing tells whether somebody has this identifier: same answer, same row, same count."""
    assert asked("00000000", writer) is asked(factories.person().identifier, writer) is None
    rows = AccompanimentRequest.select().order_by(AccompanimentRequest.id)
    assert [row.person_id is None for row in rows] == [True, False]
    assert {row.expires_on for row in rows} == {last_day()}


@pytest.mark.parametrize("text", ["", "k7m2p9x", "k7m2p9x45", "Benali"])
def test_what_has_not_the_shape_of_an_identifier_is_refused(writer, text):
    with pytest.raises(RuleBroken):
        asked(text, writer)
    assert AccompanimentRequest.select().count() == 0


def test_so_many_requests_in_a_day_and_no_more(writer):
    somebody = factories.person()
    noon = dt.datetime.combine(today(), dt.time(12), tzinfo=ZONE)
    with time_machine.travel(noon, tick=False):
        for _ in range(DAILY):
            asked("00000000", writer)
        with pytest.raises(RuleBroken):
            asked(somebody.identifier, writer)
    with time_machine.travel(noon + dt.timedelta(hours=12, minutes=1), tick=False):
        asked(somebody.identifier, writer)
    assert len(requests(somebody)) == 1


def test_she_is_asked_once_and_not_again_for_a_month_after_she_declined(writer):
    somebody = factories.person()
    asked(somebody.identifier, writer)
    asked(somebody.identifier, writer)
    [request] = requests(somebody)
    request.decline(by=somebody)
    asked(somebody.identifier, writer)
    assert requests(somebody) == []
    assert news(somebody) == [News.JOIN_ASKED]
    with time_machine.travel(dt.datetime.now(dt.UTC) + 31 * DAY, tick=False):
        asked(somebody.identifier, writer)
        assert len(requests(somebody)) == 1


def test_who_accompanies_her_already_asks_nothing(samia, writer):
    asked(samia.identifier, writer)
    assert requests(samia) == []


def test_a_request_is_answered_once(writer):
    somebody = factories.person()
    asked(somebody.identifier, writer)
    [request] = requests(somebody)
    request.decline(by=somebody)
    with pytest.raises(NoLongerWaiting):
        AccompanimentRequest.get_by_id(request.id).accept(ReferentRole.LEAD, shared(), by=somebody)
    assert AccompanimentRequest.get().answer is Answer.DECLINED
    assert opened(somebody, writer) is None


def test_who_asked_and_lost_the_right_meanwhile_is_not_accepted(writer):
    somebody = factories.person()
    asked(somebody.identifier, writer)
    writer.account.deactivate()
    [request] = requests(somebody)
    with pytest.raises(RuleBroken):
        request.accept(ReferentRole.LEAD, shared(), by=somebody)
    assert Agreement.select().count() == 0


def test_a_member_without_the_right_to_write_asks_nobody(writer):
    member = factories.membership(organisation=writer.organisation)
    with pytest.raises(RuleBroken):
        asked(factories.person().identifier, member)


@settings(max_examples=20, deadline=None)
@given(
    day=st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    minutes=st.integers(-3, 3),
)
def test_a_request_holds_to_the_last_minute_of_its_day_in_france(day, minutes):
    """Whatever the season: the clock is the one of the wall."""
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=ZONE)
    with time_machine.travel(midnight - (OPEN_DAYS + 1) * DAY + dt.timedelta(hours=12), tick=False):
        request = AccompanimentRequest(expires_on=last_day())
    at = midnight.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)
    with time_machine.travel(at, tick=False):
        assert request.is_waiting == (minutes < 0)


def test_the_role_left_to_take_is_the_lead_when_nobody_holds_it(samia):
    assert Accompaniment.free_role(samia) is ReferentRole.OTHER
    assert Accompaniment.free_role(factories.person()) is ReferentRole.LEAD


# The pathway


START = dt.date(2026, 1, 12)


def decided(samia, writer, kind, reason=PathwayReason.FIRST, day=START):
    names = samia, kind, reason, writer.organisation, day
    return Pathway.decide(*names, by=writer.account)


def reached(samia, writer, time, day=START):
    return PathwayTime.reach(samia, time, writer.organisation, day, by=writer.account)


def states(samia):
    return [stretch.state for stretch in timeline(samia)]


def test_changing_of_pathway_keeps_the_former_with_its_reason(samia, writer):
    """REQ-9"""
    decided(samia, writer, PathwayKind.SOCIAL)
    march = dt.date(2026, 3, 2)
    decided(samia, writer, PathwayKind.EMPLOYMENT, PathwayReason.BARRIER_LIFTED, march)
    present, former = Pathway.of_person(samia)
    assert (present.kind, present.ended_on) == (PathwayKind.EMPLOYMENT, None)
    assert (former.kind, former.reason, former.started_on) == (
        PathwayKind.SOCIAL,
        PathwayReason.FIRST,
        START,
    )
    assert (former.ended_on, former.end) == (march, PathwayEnd.CHANGED)
    assert Pathway.current_of(samia) == present


@pytest.mark.parametrize(
    ("kind", "reason", "day"),
    [
        (PathwayKind.SOCIAL, PathwayReason.ASKED, START + DAY),
        (PathwayKind.GLOBAL, PathwayReason.FIRST, START + DAY),
        (PathwayKind.GLOBAL, PathwayReason.ASKED, START - DAY),
        (PathwayKind.GLOBAL, PathwayReason.ASKED, dt.date(2024, 12, 31)),
    ],
    ids=["the same", "a second first", "before the former", "before the law"],
)
def test_a_change_of_pathway_that_cannot_be_is_refused(samia, writer, kind, reason, day):
    decided(samia, writer, PathwayKind.SOCIAL)
    with pytest.raises(RuleBroken):
        decided(samia, writer, kind, reason, day)
    assert Pathway.select().count() == 1


def test_a_pathway_begins_today_at_the_latest_in_france(samia, writer):
    night = dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC)  # 1 July in France
    with time_machine.travel(night, tick=False):
        with pytest.raises(RuleBroken):
            decided(samia, writer, PathwayKind.SOCIAL, day=dt.date(2026, 7, 2))
        decided(samia, writer, PathwayKind.SOCIAL, day=dt.date(2026, 7, 1))


def test_the_three_times_go_forward_and_keep_what_is_gained(samia, writer):
    """REQ-209"""
    assert states(samia) == ["later", "later", "later"]
    reached(samia, writer, Time.MOBILISATION)
    assert states(samia) == ["now", "later", "later"]
    reached(samia, writer, Time.TRAINING, START + 30 * DAY)
    assert states(samia) == ["done", "now", "later"]
    with pytest.raises(RuleBroken):
        reached(samia, writer, Time.TRAINING, START + 31 * DAY)


def test_a_return_after_a_break_starts_again_from_what_was_gained(samia, writer):
    """REQ-209: « reprise après rupture sans repartir de zéro »."""
    decided(samia, writer, PathwayKind.GLOBAL)
    reached(samia, writer, Time.MOBILISATION)
    reached(samia, writer, Time.TRAINING, START + 30 * DAY)
    Pathway.interrupt(samia, START + 60 * DAY, by=writer.account)
    assert states(samia) == ["done", "paused", "later"]
    assert Pathway.current_of(samia) is None
    back = START + 200 * DAY
    decided(samia, writer, PathwayKind.GLOBAL, PathwayReason.RESUMED, back)
    assert states(samia) == ["done", "now", "later"]
    assert [stay.started_on for stay in timeline(samia)[1].spells] == [START + 30 * DAY, back]
    assert [row.end for row in PathwayTime.of_person(samia)] == [
        None,
        TimeEnd.PAUSED,
        TimeEnd.GAINED,
    ]


def test_going_back_to_training_keeps_it_gained_once(samia, writer):
    for number, time in enumerate((Time.TRAINING, Time.EMPLOYMENT, Time.TRAINING)):
        reached(samia, writer, time, START + number * DAY)
    assert states(samia) == ["later", "now", "paused"]
    assert [row.end for row in timeline(samia)[1].spells] == [TimeEnd.GAINED, None]


def test_nothing_in_progress_cannot_be_interrupted(samia, writer):
    with pytest.raises(RuleBroken):
        Pathway.interrupt(samia, today(), by=writer.account)
