"""After an entry into employment: three points, one question each, and who is told (REQ-13)."""

import datetime as dt

import pytest

from models import (
    Account,
    AuditEntry,
    EmploymentEntry,
    EmploymentPoint,
    OutgoingEmail,
    PersonNotice,
)
from models.base import RuleBroken, database, hash_token, today
from models.days import months_after, months_before
from models.employment.asking import ask_points, report_silence
from models.employment.entry import EntryEnd
from models.employment.points import AnsweredBy, InWork, LinkState
from models.employment.reading import points_among
from models.persons import caseload
from models.persons.anonymising import anonymise
from models.persons.closing import Keeping, close
from models.persons.exporting import export_of
from models.persons.notices import News
from models.persons.person import ContactBy
from models.prescriptions.delays import delays
from models.tasks import TASKS
from tests import factories
from tests.at_once import together

ADDRESS = "samia@example.org"


@pytest.fixture
def amina(db):
    """Her référent unique."""
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(amina):
    """Somebody who reads no e-mail."""
    return factories.accompanied(amina)


@pytest.fixture
def reached(amina):
    """Somebody who wants e-mails."""
    mail = {"email": ADDRESS, "contact_by": ContactBy.EMAIL}
    return factories.accompanied(amina, factories.person(**mail))


def points(entry):
    return EmploymentPoint.of_entry(entry)


def entered(somebody, writer, *, months):
    """So many months ago, as it was written that day: every point is there."""
    entry = factories.employed(somebody, writer)
    started = months_before(today(), months)
    EmploymentEntry.update(started_on=started).where(EmploymentEntry.id == entry.id).execute()
    for point in points(entry):
        point.due_on = months_after(started, point.months)
        point.save()
    return EmploymentEntry.current_of(somebody)


def messages(kind):
    return [one for one in OutgoingEmail.select() if one.kind == kind]


def later(time_machine, days):
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False)


def test_the_day_makes_three_points(samia, amina):
    """REQ-13: « tâches créées à la date d’entrée en emploi »."""
    entry = factories.employed(samia, amina)
    assert [(one.months, one.due_on) for one in points(entry)] == [
        (months, months_after(today(), months)) for months in (1, 3, 6)
    ]


def test_the_same_day_twice_is_one_entry(samia, amina):
    """Bad input: a form sent twice, or two référents."""
    assert factories.employed(samia, amina) == factories.employed(samia, amina)
    assert EmploymentPoint.select().count() == 3


def test_one_entry_lives_at_a_time(samia, amina):
    entry = factories.employed(samia, amina)
    with pytest.raises(RuleBroken, match="déjà notée"):
        factories.employed(samia, amina, factories.in_days(-3))
    entry.finish(EntryEnd.MISTAKE, by=amina.account)
    factories.employed(samia, amina, factories.in_days(-3))


@pytest.mark.parametrize("day", [months_before(today(), 7), months_after(today(), 4)])
def test_a_day_without_any_point_to_come_or_too_far_is_refused(samia, amina, day):
    with pytest.raises(RuleBroken, match="Écrivez un jour"):
        factories.employed(samia, amina, day)
    assert not EmploymentEntry.select().exists()


def test_what_is_past_is_not_asked_about(samia, amina):
    """Written two months later, the first point has passed."""
    entry = factories.employed(samia, amina, months_before(today(), 2))
    assert [one.months for one in points(entry)] == [3, 6]


def test_it_may_come_from_what_was_asked_for_her(samia, amina):
    asked = factories.sent(samia, amina)
    entry = factories.employed(samia, amina, prescription=asked)
    assert EmploymentEntry.get_by_id(entry.id).prescription == asked


def test_a_prescription_of_somebody_else_is_refused(samia, amina):
    """I13."""
    asked = factories.sent(factories.accompanied(amina), amina)
    with pytest.raises(RuleBroken, match="pas de cette personne"):
        factories.employed(samia, amina, prescription=asked)


def test_she_is_told_of_what_is_written_of_her_and_not_of_what_she_writes(samia, amina):
    factories.employed(samia, amina)
    [notice] = PersonNotice.unread(samia)
    assert notice.news is News.EMPLOYMENT_STARTED
    EmploymentEntry.current_of(samia).finish(EntryEnd.STOPPED, by=samia)
    mine = EmploymentEntry.record(samia, today(), mover_account=None, organisation=None)
    assert (mine.account, len(PersonNotice.unread(samia))) == (None, 1)


def test_on_the_day_she_is_asked_on_her_own_page(samia, amina):
    entered(samia, amina, months=1)
    PersonNotice.delete().execute()
    assert ask_points() == 1
    assert [one.news for one in PersonNotice.unread(samia)] == [News.EMPLOYMENT_POINT]
    assert messages("employment_point") == []


def test_whoever_wants_e_mails_is_sent_one_link(reached, amina):
    """Neither her name nor the word of her employment is in the message’s values."""
    entry = entered(reached, amina, months=1)
    assert ask_points() == 1
    [mail] = messages("employment_point")
    assert (mail.is_private, mail.address) == (True, ADDRESS)
    assert list(mail.values) == ["token"]
    point = points(entry)[0]
    assert point.token_hash == hash_token(mail.values["token"])
    assert EmploymentPoint.of_token(mail.values["token"]).link_state is LinkState.OPEN


def test_an_address_that_takes_no_mail_stops_nobody(amina):
    for _ in range(2):
        entered(factories.accompanied(amina), amina, months=1)
    wrong = EmploymentEntry.get().person
    wrong.contact_by = ContactBy.EMAIL
    wrong.describe(email="sans arobase")
    wrong.save()
    PersonNotice.delete().execute()
    assert ask_points() == 2
    assert [one.news for one in PersonNotice.unread(wrong)] == [News.EMPLOYMENT_POINT]


def test_nothing_is_asked_before_the_day_nor_twice(samia, amina):
    """Faults: the worker runs again, or two of them."""
    factories.employed(samia, amina)
    assert ask_points() == 0
    EmploymentEntry.current_of(samia).finish(EntryEnd.MISTAKE, by=amina.account)
    entered(samia, amina, months=1)
    assert [ask_points(), ask_points()] == [1, 0]


def test_nothing_is_asked_of_a_file_that_is_closed_nor_of_what_ended(samia, amina):
    entered(samia, amina, months=1)
    close(samia, Keeping.KEEP, factories.ACCESS_CODE)
    assert EmploymentEntry.get().end is EntryEnd.CLOSED
    assert (ask_points(), report_silence()) == (0, 0)


def test_more_points_than_a_slice_are_all_asked(amina, monkeypatch):
    monkeypatch.setattr("models.employment.asking.SLICE", 2)
    for _ in range(5):
        entered(factories.accompanied(amina), amina, months=1)
    assert ask_points() == 5


def test_an_answer_is_written_once(samia, amina):
    """The same answer again is one, another is refused."""
    point = points(entered(samia, amina, months=1))[0]
    for _ in range(2):
        point.reply(InWork.WELL, how=AnsweredBy.SPACE, by=samia)
    assert AuditEntry.select().where(AuditEntry.act == "employment:answer").count() == 1
    with pytest.raises(RuleBroken, match="déjà une réponse"):
        points(point.entry)[0].reply(InWork.LEFT, how=AnsweredBy.LINK)


def test_a_point_is_not_answered_months_before_its_day(samia, amina):
    first, second, _ = points(factories.employed(samia, amina))
    for point in (first, second):
        with pytest.raises(RuleBroken, match="trop tôt"):
            point.reply(InWork.WELL, how=AnsweredBy.DESK, by=amina.account)


def test_nobody_is_asked_two_questions_at_a_time(samia, amina):
    """The worker was stopped for months: the question of today alone is asked, and answered."""
    first, _, third = points(entered(samia, amina, months=6))
    assert ask_points() == 1
    assert [point.asked_at is not None for point in points(third.entry)] == [False, False, True]
    with pytest.raises(RuleBroken, match="passé"):
        first.reply(InWork.WELL, how=AnsweredBy.SPACE, by=samia)
    third.reply(InWork.WELL, how=AnsweredBy.SPACE, by=samia)
    assert EmploymentEntry.get().end is EntryEnd.DONE
    assert points_among([samia.id]) == {}


def test_beside_her_référent_she_answers_some_days_before(samia, amina, time_machine):
    first = points(factories.employed(samia, amina))[0]
    later(time_machine, 20)
    first.reply(InWork.WELL, how=AnsweredBy.DESK, by=amina.account)
    assert EmploymentPoint.get_by_id(first.id).account == amina.account


@pytest.mark.parametrize("answer", [InWork.HARD, InWork.LEFT])
def test_the_référent_is_told_that_it_is_hard_or_over(samia, amina, answer):
    points(entered(samia, amina, months=1))[0].reply(answer, how=AnsweredBy.LINK)
    [mail] = messages("employment_news")
    assert (mail.recipient, mail.values) == (amina.account.identifier, {})


@pytest.mark.parametrize("answer", [InWork.WELL, InWork.CHANGED, InWork.UNSAID])
def test_the_référent_is_not_written_to_for_the_rest(samia, amina, answer):
    points(entered(samia, amina, months=1))[0].reply(answer, how=AnsweredBy.LINK)
    assert messages("employment_news") == []


def test_the_référent_who_notes_it_beside_her_is_not_told_what_he_knows(samia, amina):
    point = points(entered(samia, amina, months=1))[0]
    point.reply(InWork.HARD, how=AnsweredBy.DESK, by=amina.account)
    assert messages("employment_news") == []


def test_once_she_is_no_longer_there_nothing_more_is_asked(samia, amina):
    _, second, third = points(entered(samia, amina, months=3))
    second.reply(InWork.LEFT, how=AnsweredBy.SPACE, by=samia)
    assert EmploymentEntry.get().end is EntryEnd.LEFT
    assert ask_points() == 0
    with pytest.raises(RuleBroken, match="terminé"):
        third.reply(InWork.WELL, how=AnsweredBy.SPACE, by=samia)


def test_once_every_point_is_answered_it_is_over(samia, amina, time_machine):
    entered(samia, amina, months=1)
    for number, wait in enumerate((0, 63, 93)):
        later(time_machine, wait)
        points(EmploymentEntry.get())[number].reply(InWork.WELL, how=AnsweredBy.LINK)
        assert (EmploymentEntry.get().end is EntryEnd.DONE) == (number == 2)
    assert EmploymentEntry.current_of(samia) is None


def test_silence_is_told_once_to_the_référent_without_any_name(samia, amina, time_machine):
    """REQ-13: « absence de point signalée »."""
    entered(samia, amina, months=1)
    ask_points()
    assert report_silence() == 0
    later(time_machine, delays().silence + 1)
    assert [report_silence(), report_silence()] == [1, 0]
    [mail] = messages("employment_silence")
    assert (mail.recipient, mail.values) == (amina.account.identifier, {"count": 1})
    assert AuditEntry.select().where(AuditEntry.act == "employment:late").count() == 1


def test_one_message_counts_all_the_silences_of_a_référent(amina, time_machine):
    for _ in range(3):
        entered(factories.accompanied(amina), amina, months=1)
    ask_points()
    later(time_machine, delays().silence + 1)
    assert report_silence() == 1
    assert messages("employment_silence")[0].values == {"count": 3}


def test_whoever_answers_in_time_is_not_silent(samia, amina, time_machine):
    point = points(entered(samia, amina, months=1))[0]
    ask_points()
    later(time_machine, delays().silence - 1)
    EmploymentPoint.get_by_id(point.id).reply(InWork.UNSAID, how=AnsweredBy.SPACE, by=samia)
    later(time_machine, 5)
    assert report_silence() == 0


def test_silence_without_a_référent_waits_for_the_next_one(amina, time_machine):
    alone = factories.person()
    entered(alone, amina, months=1)
    ask_points()
    later(time_machine, delays().silence + 1)
    assert report_silence() == 0
    factories.accompanied(amina, alone)
    assert report_silence() == 1


def test_each_link_has_its_state(reached, amina, time_machine):
    """Bad input: unknown, expired, used, and a follow-up that ended."""
    entry = entered(reached, amina, months=1)
    ask_points()
    [token] = [one.values["token"] for one in messages("employment_point")]
    assert EmploymentPoint.of_token(token[:-1] + "é") is None
    later(time_machine, delays().question + 1)
    assert EmploymentPoint.of_token(token).link_state is LinkState.PAST
    entry.finish(EntryEnd.MISTAKE, by=amina.account)
    assert EmploymentPoint.of_token(token).link_state is LinkState.OVER


def test_an_answered_link_is_used(reached, amina):
    entered(reached, amina, months=1)
    ask_points()
    token = messages("employment_point")[0].values["token"]
    EmploymentPoint.of_token(token).reply(InWork.WELL, how=AnsweredBy.LINK)
    assert EmploymentPoint.of_token(token).link_state is LinkState.USED


def test_the_list_of_a_référent_shows_what_to_look_at(amina, time_machine):
    due, hard, well = (factories.accompanied(amina) for _ in range(3))
    for somebody in (due, hard, well):
        entered(somebody, amina, months=1)
    for somebody, answer in ((hard, InWork.HARD), (well, InWork.WELL)):
        points(EmploymentEntry.current_of(somebody))[0].reply(answer, how=AnsweredBy.LINK)
    shown = {one.person: one.job_point for one in caseload.list_of(amina.account)}
    assert shown[due].answer is None
    assert shown[hard].is_alerting
    assert shown[well] is None
    later(time_machine, 31)
    assert hard.id not in points_among([hard.id, well.id])


def test_the_list_of_a_référent_takes_one_query_more_however_many(amina, queries):
    def asked():
        entered(factories.accompanied(amina), amina, months=1)
        account = Account.get_by_id(amina.account_id)
        assert account.rights.places
        del queries[:]
        caseload.list_of(account)
        return len(queries)

    assert asked() == asked()


def test_she_takes_it_all_away_and_it_goes_with_her_file(samia, amina):
    """REQ-43, access.md §4.5."""
    points(entered(samia, amina, months=1))[0].reply(InWork.HARD, how=AnsweredBy.SPACE, by=samia)
    sections = export_of(samia)["sections"]
    assert len(sections["emplois"]) == 1
    assert sections["points-emploi"][0]["answer"] == "difficile"
    anonymise(samia)
    assert not EmploymentEntry.select().exists()
    assert not EmploymentPoint.select().exists()


def test_the_worker_does_both():
    assert {ask_points, report_silence} <= {task.act for task in TASKS}


def test_two_workers_ask_and_tell_once(shared):
    """Faults: « one process or many, each task idempotent »."""
    with database.connection_context():
        factories.charter()
        writer = factories.writer()
        for _ in range(4):
            entered(factories.accompanied(writer), writer, months=1)
        PersonNotice.delete().execute()
    together([ask_points] * 3)
    with database.connection_context():
        assert PersonNotice.select().count() == 4
        long_ago = dt.datetime(2026, 1, 1)
        EmploymentPoint.update(asked_at=long_ago).where(
            EmploymentPoint.asked_at.is_null(False)
        ).execute()
    together([report_silence] * 3)
    with database.connection_context():
        assert [one.values for one in messages("employment_silence")] == [{"count": 4}]
