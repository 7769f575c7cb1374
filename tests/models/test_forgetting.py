"""A person nobody is in contact with is told, then forgotten, on her day (access.md §4.5)."""

import base64
import datetime as dt
import signal
import subprocess
import sys
import time
import tracemalloc

import pytest
import time_machine

from models import (
    TABLES,
    Accompaniment,
    Agreement,
    AuditEntry,
    OutgoingEmail,
    Person,
    PersonNotice,
    PersonSession,
    outbox,
    retention,
    sealing,
)
from models.base import database, now, today
from models.persons import forgetting
from models.persons.agreements import AgreementEnd
from models.persons.anonymising import anonymise
from models.persons.forgetting import LEAD_MESSAGE, ends_on, plan, run
from models.persons.notices import News
from models.persons.person import ContactBy, Declared
from models.persons.sessions import enter
from tests import factories
from tests.browser.server import ROOT, environment
from tests.conftest import DATA_KEY

DAY = dt.timedelta(days=1)


def noon(year, month, day):
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock(db):
    with time_machine.travel(noon(2024, 1, 10), tick=False) as clock:
        factories.charter()
        yield clock


def met(clock, day, **values):
    """A person accompanied, last met on this day."""
    clock.move_to(noon(*day))
    return factories.accompanied(factories.writer(), factories.person(**values))


def again(person):
    return Person.get_by_id(person.id)


# When


@pytest.mark.parametrize(
    ("last_contact", "told", "erased"),
    [
        ((2024, 1, 15), (2025, 12, 15), (2026, 1, 15)),
        # No 31st in those months, no 29th in that year: never a day early.
        ((2024, 3, 31), (2026, 3, 1), (2026, 3, 31)),
        ((2024, 2, 29), (2026, 1, 29), (2026, 3, 1)),
        ((2024, 1, 30), (2025, 12, 30), (2026, 1, 30)),
        ((2026, 2, 28), (2028, 1, 28), (2028, 2, 28)),
    ],
)
def test_a_person_is_told_and_forgotten_on_her_day(clock, last_contact, told, erased):
    somebody = met(clock, last_contact)
    assert ends_on(somebody) == dt.date(*erased)
    for day, expected in [
        (noon(*told) - DAY, {"prévenir": 0, "anonymiser": 0, "supprimer": 0}),
        (noon(*told), {"prévenir": 1, "anonymiser": 0, "supprimer": 0}),
        (noon(*told) + DAY, {"prévenir": 0, "anonymiser": 0, "supprimer": 0}),
        (noon(*erased) - DAY, {"prévenir": 0, "anonymiser": 0, "supprimer": 0}),
        (noon(*erased), {"prévenir": 0, "anonymiser": 1, "supprimer": 0}),
        (noon(*erased) + DAY, {"prévenir": 0, "anonymiser": 0, "supprimer": 0}),
    ]:
        clock.move_to(day)
        assert plan() == expected
        assert run() == expected
    assert again(somebody).anonymised_at


def test_five_years_day_after_day(clock):
    """One person silent since 2024, one who comes each year, one closed, one never agreed."""
    silent, faithful, closed = (met(clock, (2024, 2, 29)) for _ in range(3))
    unfinished = factories.person()
    closed.closed_at = now()
    closed.save()
    erased = {}
    for number in range(5 * 365 + 2):
        clock.move_to(noon(2024, 2, 29) + number * DAY)
        if (today().month, today().day) == (2, 1):
            enter(again(faithful).identifier, factories.ACCESS_CODE)
        run()
        for row in Person.select().where(Person.anonymised_at.is_null(False)):
            erased.setdefault(row.id, today())
    assert erased == {silent.id: dt.date(2026, 3, 1), closed.id: dt.date(2026, 3, 1)}
    assert Person.get_or_none(Person.id == unfinished.id) is None
    assert again(faithful).given_name == "Samia"


def test_nobody_is_forgotten_by_surprise(clock):
    """A worker that slept for a year tells first, and erases four weeks later."""
    somebody = met(clock, (2024, 1, 15))
    for day, act in [
        (noon(2027, 1, 15), "prévenir"),
        (noon(2027, 2, 11), None),
        (noon(2027, 2, 12), "anonymiser"),
    ]:
        clock.move_to(day)
        assert [done for done, count in run().items() if count] == ([act] if act else [])
    assert again(somebody).anonymised_at


def test_who_comes_back_after_the_notice_is_kept_and_told_again_next_time(clock):
    somebody = met(clock, (2024, 1, 15))
    clock.move_to(noon(2025, 12, 15))
    run()
    enter(somebody.identifier, factories.ACCESS_CODE)
    clock.move_to(noon(2026, 2, 1))
    assert run()["anonymiser"] == 0
    clock.move_to(noon(2027, 11, 15))
    assert run()["prévenir"] == 1
    assert run()["prévenir"] == 0
    closing = PersonNotice.news == News.CLOSING
    assert PersonNotice.select().where(closing).count() == 2


def test_whoever_came_back_while_the_worker_ran_is_left_alone(clock, monkeypatch):
    somebody = met(clock, (2024, 1, 15))
    clock.move_to(noon(2025, 12, 15))
    run()
    clock.move_to(noon(2026, 2, 1))
    found = list(forgetting._ids(forgetting._to_erase))
    assert found == [somebody.id]
    again(somebody).rewrite_identity({"birth_year": 1988}, by=factories.account())
    monkeypatch.setattr(forgetting, "_ids", lambda due: iter(found))
    assert run(acts=["anonymiser"]) == {"anonymiser": 0}
    assert again(somebody).given_name == "Samia"


def test_a_file_never_agreed_to_is_deleted_after_a_week(clock):
    somebody = factories.person()
    clock.shift(7 * DAY)
    assert run()["supprimer"] == 0
    clock.shift(dt.timedelta(seconds=1))
    assert run()["supprimer"] == 1
    assert Person.get_or_none(Person.id == somebody.id) is None


def test_a_file_whose_agreements_all_ended_is_not_an_unfinished_one(clock):
    somebody = met(clock, (2024, 1, 15))
    Agreement.get(Agreement.person == somebody).withdraw(by=somebody)
    clock.shift(30 * DAY)
    assert run()["supprimer"] == 0
    assert Agreement.get().end is AgreementEnd.WITHDRAWN


# Who is told


def test_the_person_and_her_lead_are_told_and_the_message_names_nobody(clock):
    somebody = met(clock, (2024, 1, 15), given_name="Zéphyrine", family_name="Canari")
    somebody.describe(email="z@example.org", contact_by=ContactBy.EMAIL)
    somebody.save()
    # The lead has kept his right: the agreement has been given again since.
    clock.move_to(noon(2025, 6, 1))
    factories.agreement(somebody, Accompaniment.get().organisation)
    Person.update(last_contact_on=dt.date(2024, 1, 15)).execute()
    clock.move_to(noon(2025, 12, 15))
    OutgoingEmail.delete().execute()
    run()
    assert [notice.news for notice in PersonNotice.unread(somebody)] == [News.CLOSING]
    written = {mail.kind: (mail.address, mail.values) for mail in OutgoingEmail.select()}
    lead = Accompaniment.lead_of(somebody).account
    assert written == {
        "space_news": ("z@example.org", {}),
        LEAD_MESSAGE: (lead.identifier, {}),
    }


def test_a_lead_is_written_to_once_a_day_and_never_without_an_agreement(clock):
    """I3: who may read nothing of a file is told nothing of it."""
    clock.move_to(noon(2024, 1, 15))
    writer = factories.writer()
    for _ in range(3):
        factories.accompanied(writer)
    former = met(clock, (2024, 1, 15))
    for person in Person.select().where(Person.id != former.id):
        clock.move_to(noon(2025, 6, 1))
        factories.agreement(person, writer.organisation)
    Person.update(last_contact_on=dt.date(2024, 1, 15)).execute()
    clock.move_to(noon(2025, 12, 15))
    assert run()["prévenir"] == 4
    asked = OutgoingEmail.select().where(OutgoingEmail.kind == LEAD_MESSAGE)
    assert [mail.recipient for mail in asked] == [writer.account.identifier]


def test_the_worker_tells_always_and_erases_when_the_setting_says_so(clock):
    somebody = met(clock, (2024, 1, 15))
    clock.move_to(noon(2026, 1, 1))
    forgetting.erase_by_itself(False)
    try:
        assert forgetting.work() == 1
        clock.move_to(noon(2026, 3, 1))
        assert forgetting.work() == 0
        assert again(somebody).anonymised_at is None
    finally:
        forgetting.erase_by_itself(True)
    assert forgetting.work() == 1
    assert again(somebody).anonymised_at


# What remains


def everything_about(somebody):
    somebody.describe(phone="+33612345678", email="s@example.org", receives_rsa=Declared.YES)
    somebody.save()
    enter(somebody.identifier, factories.ACCESS_CODE)
    PersonNotice.tell(somebody, News.RECTIFIED)
    outbox.post("space_news", "s@example.org")
    return somebody


def test_what_remains_tells_of_nobody(clock):
    somebody = everything_about(met(clock, (2024, 5, 17), birth_year=1987))
    before = dict(again(somebody).__data__)
    assert anonymise(somebody, by=somebody)
    rest = again(somebody)
    kept = {name: value for name, value in rest.__data__.items() if value is not None}
    assert kept == {
        "id": before["id"],
        "code": rest.code,
        "identifier": rest.identifier,
        "birth_year": 1985,
        "contact_by": ContactBy.DESK,
        "language": "fr",
        "receives_rsa": Declared.UNSAID,
        "created_at": dt.datetime(2024, 5, 1),
        "last_contact_on": dt.date(2024, 5, 1),
        "anonymised_at": dt.datetime(2024, 5, 1),
        "is_demonstration": False,
    }
    assert {before["code"], before["identifier"]}.isdisjoint({rest.code, rest.identifier})
    for table in (Agreement, Accompaniment, PersonNotice, PersonSession):
        assert table.select().count() == 0
    assert OutgoingEmail.select().where(OutgoingEmail.recipient == "s@example.org").count() == 0


def test_no_other_person_loses_anything(clock):
    one, other = (everything_about(met(clock, (2024, 5, 17))) for _ in range(2))
    kept = dict(again(other).__data__)
    anonymise(one)
    assert again(other).__data__ == kept
    for table in (Agreement, Accompaniment, PersonNotice, PersonSession):
        assert [row.person_id for row in table.select()] == [other.id]


def test_the_trail_keeps_her_row_number_and_who_did_it(clock):
    somebody = met(clock, (2024, 5, 17))
    anonymise(somebody, by=somebody)
    line = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (line.act, line.person_id, line.actor_person_id, line.changes) == (
        "file:anonymise", somebody.id, somebody.id, {},
    )  # fmt: skip


def test_a_person_is_anonymised_once(clock):
    somebody = met(clock, (2024, 5, 17))
    assert anonymise(somebody)
    rest = again(somebody).__data__
    assert not anonymise(somebody)
    assert again(somebody).__data__ == rest


def test_every_table_that_points_to_a_person_is_emptied_of_her(clock):
    """A table added tomorrow is erased too, or its rows stop this test."""
    somebody = everything_about(met(clock, (2024, 5, 17)))
    anonymise(somebody)
    for column, table in Person._meta.backrefs.items():
        assert table.select().where(column == somebody.id).count() == 0, table.__name__


def test_only_the_trail_names_a_person_without_pointing_to_her():
    """What `anonymise` follows is every foreign key: a bare number would escape it."""
    bare = {
        table
        for table in TABLES
        for field in table._meta.sorted_fields
        if field.column_name.endswith("person_id") and not hasattr(field, "rel_model")
    }
    assert bare == {AuditEntry}


def test_a_lost_key_keeps_nobody_in_the_database(clock):
    somebody = everything_about(met(clock, (2024, 5, 17)))
    sealing.forget_keys()
    sealing.use_key(b"z" * sealing.KEY_BYTES)
    assert anonymise(somebody)
    assert again(somebody).given_name is None


def test_the_log_of_an_anonymised_file_goes_a_year_later(clock):
    somebody = met(clock, (2024, 5, 17))
    anonymise(somebody)
    clock.shift(366 * DAY)
    retention.forget()
    assert AuditEntry.select().where(AuditEntry.person_id == somebody.id).count() == 0


# However many, however cut


def silent_persons(count, **values):
    """As many persons told long ago, with one agreement each."""
    where = factories.admitted_organisation()
    for _ in range(count):
        somebody = factories.person(last_contact_on=dt.date(2023, 1, 1), **values)
        factories.agreement(somebody, where)
        PersonNotice.tell(somebody, News.CLOSING)
    Person.update(last_contact_on=dt.date(2023, 1, 1)).execute()
    PersonNotice.update(created_at=now() - 60 * DAY).execute()


def whole(person):
    """Neither half forgotten nor half kept."""
    rows = [table.select().where(table.person == person).count() for table in (Agreement,)]
    if person.anonymised_at:
        return rows == [0] and person.family_hash is None and person.access_hash is None
    return rows == [1] and person.given_name == "Samia"


def test_a_run_killed_between_two_persons_goes_on_where_it_stopped(shared):
    """kill -9, whatever it was doing: each person is whole, and the next run does the others."""
    count = 150
    with database.connection_context():
        silent_persons(count)
    key = base64.b64encode(DATA_KEY).decode()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "persons", "forget", "--for-real"],
        cwd=ROOT, env=environment(shared, DATA_KEY=key), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    done = Person.select().where(Person.anonymised_at.is_null(False))
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with database.connection_context():
            if done.count() > 10:
                break
    process.send_signal(signal.SIGKILL)
    process.wait()
    with database.connection_context():
        assert 0 < done.count() < count
        assert all(whole(person) for person in Person.select())
        left = count - done.count()
        assert run() == {"prévenir": 0, "anonymiser": left, "supprimer": 0}
        assert all(whole(person) for person in Person.select())


def test_memory_does_not_grow_with_the_number_of_persons(clock, monkeypatch):
    """Read by slices of ten, three thousand persons take a small part of their room at once."""
    clock.move_to(noon(2026, 1, 1))
    rows = [
        {"code": f"x{n:09d}", "identifier": f"{n:08d}", "last_contact_on": dt.date(2023, 1, 1)}
        for n in range(3000)
    ]
    Person.insert_many(rows).execute()

    def peak(size):
        monkeypatch.setattr(forgetting, "SLICE", size)
        tracemalloc.start()
        assert sum(1 for _ in forgetting._ids(forgetting._remembered)) == 3000
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert peak(10) < peak(3000) / 4
