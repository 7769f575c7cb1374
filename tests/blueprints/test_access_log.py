"""Who opens many files, and the incident kit: counts, traces, no person's name."""

import csv
import datetime as dt
import io
from urllib.parse import urlsplit

import pytest
import time_machine

from blueprints import mail
from models import AuditEntry, OutgoingEmail, audit
from models.accounts.account import Role
from models.base import RuleBroken, now
from models.persons import watch
from models.persons.incidents import Period, moment_of, trace
from models.persons.journal import Concern, looks_of, question
from models.persons.watch import accounts_above, alert_above, alert_many
from tests import factories

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
ASKED = "/acces/incident?du=2026-11-20&de=13:00&au=20/11/2026&a=14h30"
FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture(autouse=True)
def _threshold():
    alert_above(3)
    yield
    alert_above(watch.FILES_PER_HOUR)


@pytest.fixture
def referent(db):
    factories.charter()
    return factories.writer()


@pytest.fixture
def coordinator(db):
    return factories.account(role=Role.COORDINATOR)


@pytest.fixture
def auditor(db):
    return factories.account(role=Role.AUDITOR)


def opens(account, *minutes, person=None, organisation=None, act="file:read"):
    """Open a file, another one each time unless given, so many minutes after noon."""
    for minute in minutes:
        with time_machine.travel(NOON + dt.timedelta(minutes=minute), tick=False):
            somebody = person or factories.person(family_name="Canari")
            audit.record(act, somebody, by=account, person=somebody, organisation=organisation)


def at(minute):
    return time_machine.travel(NOON + dt.timedelta(minutes=minute), tick=False)


def alerts():
    return list(OutgoingEmail.select().where(OutgoingEmail.kind == "many_files"))


def test_above_the_threshold_coordinators_are_told_once_a_day(referent, coordinator):
    """access.md §2: alert above N distinct files an hour, with a frozen clock."""
    opens(referent.account, 0, 10, 20)
    with at(21):
        assert alert_many() == 0
    opens(referent.account, 30)
    with at(31):
        assert (alert_many(), alert_many()) == (1, 0)
    opens(referent.account, 40, 41)
    with at(45):
        assert alert_many() == 0
    [told] = alerts()
    assert told.recipient == coordinator.identifier
    assert (told.values["name"], told.values["files"]) == (referent.account.name, 4)
    assert "Canari" not in str(told.values)
    opens(referent.account, *(24 * 60 + minute for minute in range(4)))
    with at(24 * 60 + 5):
        assert alert_many() == 1


def test_the_hour_slides_and_a_file_opened_again_counts_once(referent, coordinator):
    same = factories.person()
    opens(referent.account, 0, 1, 2, 3, 4, person=same)
    opens(referent.account, 50, 55)
    opens(referent.account, 61, 62)
    with at(65):
        assert alert_many() == 1
    assert [line.files for line in peaks_at(65)] == [5]
    other = factories.account()
    opens(other, 0, 20, 40, 60, 80, 100)
    with at(101):
        assert alert_many() == 0


def peaks_at(minute):
    with at(minute):
        return accounts_above()


def test_a_visit_of_a_person_to_her_own_space_is_no_alert(db, coordinator):
    somebody = factories.person()
    for minute in range(6):
        with at(minute):
            audit.record("file:read", somebody, by=somebody, person=somebody)
    with at(10):
        assert alert_many() == 0


def test_the_page_shows_accounts_and_counts_and_no_person(visitor, referent, coordinator):
    opens(referent.account, 0, 1, 2, 3)
    with at(60):
        page = visitor.enter(coordinator).visit("/acces/surveillance")
    assert (page.status, page.words("h1")) == (200, "Accès aux dossiers")
    assert referent.account.name in page.text
    assert referent.organisation.name in page.text
    assert "Canari" not in page.html
    assert page.all_words("td")[-1] == "4"
    with at(31 * 24 * 60):
        assert "Aucun compte" in visitor.enter(coordinator).visit("/acces/surveillance").text


# What persons ask about their log


@pytest.fixture
def asked(referent):
    """A question of somebody about a look; answers who asked, and the number she keeps."""
    somebody = factories.accompanied(referent, factories.person(family_name="Canari"))
    where = {"person": somebody, "organisation": referent.organisation}
    audit.record("file:read", somebody, by=referent.account, **where)
    return somebody, question(somebody, looks_of(somebody)[0].code, Concern.TOO_OFTEN)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_a_question_is_read_by_who_watches_under_its_number_alone(visitor, referent, asked, role):
    """REQ-43: what she asked about a look, and nothing that says who she is."""
    somebody, code = asked
    visitor.enter(factories.account(role=role))
    page = visitor.visit(visitor.visit("/acces/surveillance").link("Questions des personnes"))
    assert page.title.startswith("Questions sur le journal : 1")
    [row] = page.all_words("tbody/tr")
    assert code.upper()[:5] in row.upper()
    for words in ("regarde trop souvent", referent.account.name, "Lecture du dossier"):
        assert words in row
    assert referent.organisation.name in row
    for secret in ("Canari", somebody.identifier, somebody.code):
        assert secret not in page.html


def test_a_question_about_a_line_that_time_has_erased_is_still_read(visitor, asked, coordinator):
    somebody, _ = asked
    audit.record(
        "log:question", somebody, by=somebody, person=somebody, concern="autre", line="0000000000"
    )
    page = visitor.enter(coordinator).visit("/acces/questions")
    latest, _ = page.all_words("tbody/tr")
    assert "cette ligne n’y est plus" in latest


def test_questions_are_read_page_by_page(visitor, referent, coordinator, monkeypatch):
    monkeypatch.setattr("models.persons.questions.PAGE_SIZE", 2)
    visitor.enter(coordinator)
    assert "Personne n’a posé de question" in visitor.visit("/acces/questions").text
    for _ in range(3):
        somebody = factories.accompanied(referent)
        question(somebody, looks_of(somebody)[0].code, Concern.UNKNOWN)
    first, second = (visitor.visit(f"/acces/questions?page={n}") for n in (1, 2))
    assert [len(page.all_words("tbody/tr")) for page in (first, second)] == [2, 1]


def test_the_coordination_is_led_to_the_question_by_its_message(app, visitor, coordinator, asked):
    [told] = OutgoingEmail.select().where(OutgoingEmail.kind == "log_question")
    assert told.recipient == coordinator.identifier
    with app.app_context():
        message = mail.write(told).text
    [address] = [line for line in message.splitlines() if "/acces/" in line]
    page = visitor.enter(coordinator).visit(urlsplit(address).path)
    assert (page.status, page.words("h1")) == (200, "Questions des personnes")


# The incident kit


def test_an_incident_is_told_by_accounts_and_numbers(visitor, referent, auditor):
    somebody = factories.person(family_name="Canari")
    opens(referent.account, 5, 20, person=somebody, organisation=referent.organisation)
    opens(referent.account, 10, 130)
    with at(200):
        page = visitor.enter(auditor).visit(ASKED)
    assert (page.status, page.words("h2")) == (200, "3 accès")
    assert "2 dossiers différents. 1 compte." in page.text
    assert referent.organisation.name in page.text
    numbers = page.all_words("td")[2::3]
    assert numbers[0] == numbers[2] != numbers[1]
    for secret in ("Canari", somebody.identifier, somebody.code):
        assert secret not in page.html


def test_the_search_itself_is_written_down(visitor, referent, auditor):
    opens(referent.account, 5)
    with at(200):
        page = visitor.enter(auditor).visit(ASKED)
        visitor.client.get(page.link("Toute la liste"))
    asked = AuditEntry.select().where(AuditEntry.act == "access:trace").order_by(AuditEntry.id)
    assert [line.changes["form"] for line in asked] == ["page", "csv"]
    assert asked[0].actor_id == auditor.id
    assert asked[0].changes["since"] == "2026-11-20T12:00:00"


def test_a_spreadsheet_runs_no_formula(visitor, referent, auditor):
    """ASVS 1.2.10: names are chosen by people."""
    mallory = factories.account(name=FORMULA)
    place = factories.organisation(name="@SUM(1)")
    opens(mallory, 5, organisation=place)
    with at(200):
        page = visitor.enter(auditor).visit(ASKED)
        answer = visitor.client.get(page.link("Toute la liste"))
    text = answer.get_data().decode("utf-8-sig")
    [header, row] = csv.reader(io.StringIO(text), delimiter=";")
    assert header[2] == "Compte"
    assert (row[2], row[4]) == (f"'{FORMULA}", "'@SUM(1)")
    assert row[1] == "2026-11-20T12:05:00.000Z"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_same_person_has_another_number_in_another_list(referent, auditor):
    """access.md §4.9: no stable identifier across lists."""
    opens(referent.account, 5)
    start = NOON.replace(tzinfo=None)
    with at(200):
        hours = [dt.timedelta(hours=1), dt.timedelta(hours=2)]
        one, again, other = (
            trace(Period(start, start + length), by=auditor, form="page").openings[0].person
            for length in (hours[0], hours[0], hours[1])
        )
    assert one == again != other


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("du=2026-02-30&de=10:00&au=2026-03-01&a=10:00", "un jour qui existe"),
        ("du=2026-11-20&de=25:00&au=2026-11-20&a=10:00", "une heure de 0:00 à 23:59"),
        ("du=2026-11-20&de=&au=2026-11-20&a=10:00", "l’heure du début"),
        ("du=2026-11-20&de=10:00&au=2026-11-20&a=09:59", "la fin vient après"),
        ("du=2026-01-01&de=10:00&au=2026-11-20&a=10:00", "31 jours au plus"),
        ("du=2026-03-29&de=02:30&au=2026-03-29&a=10:00", "cette heure n’existe pas"),
        ("du=2099-01-01&de=10:00&au=2099-01-02&a=10:00", "n’a pas commencé"),
        ("du=1850578006084&de=10:00&au=2026-03-29&a=10:00", "numéro de sécurité sociale"),
    ],
)
def test_a_bad_period_is_explained_and_shown_back(visitor, auditor, query, said):
    visitor.enter(auditor)
    page = visitor.visit(f"/acces/incident?{query}")
    assert page.status == 422
    assert said in page.text.replace("\xa0", " ")
    assert visitor.visit(f"/acces/incident.csv?{query}").status == 422
    assert not AuditEntry.select().where(AuditEntry.act == "access:trace").exists()


def test_the_hour_that_october_counts_twice_is_in_the_list_whole(referent, auditor):
    day, two, three = dt.date(2026, 10, 25), dt.time(2), dt.time(3)
    whole = Period(moment_of(day, two), moment_of(day, three, is_end=True))
    assert whole.until - whole.since == dt.timedelta(hours=2)
    doubled = Period(moment_of(day, dt.time(2, 30)), moment_of(day, dt.time(2, 30), is_end=True))
    assert doubled.until - doubled.since == dt.timedelta(hours=1)
    for hour in (0, 1):
        moment = dt.datetime(2026, 10, 25, hour, 45, tzinfo=dt.UTC)
        with time_machine.travel(moment, tick=False):
            opens_now(referent.account)
    assert trace(whole, by=auditor, form="page").lines == 2
    with pytest.raises(RuleBroken):
        moment_of(dt.date(2026, 3, 29), dt.time(2, 30))


def opens_now(account):
    somebody = factories.person()
    audit.record("file:read", somebody, by=account, person=somebody)


def test_a_long_list_is_cut_on_the_page_and_whole_in_the_spreadsheet(
    visitor, referent, auditor, monkeypatch
):
    monkeypatch.setattr("models.persons.incidents.MOST_SHOWN", 2)
    opens(referent.account, 1, 2, 3)
    with at(200):
        page = visitor.enter(auditor).visit(ASKED)
        answer = visitor.client.get(page.link("Toute la liste"))
    assert len(page.all_words("tr")) == 1 + 2
    assert "Les 2 premiers accès" in page.text.replace("\xa0", " ")
    assert len(answer.get_data().splitlines()) == 1 + 3


def test_the_trail_counts_no_refusal(referent, auditor):
    somebody = factories.person()
    with at(5):
        audit.record("file:refuse", somebody, by=referent.account)
    assert trace(Period(now() - dt.timedelta(days=5), now()), by=auditor, form="page").lines == 0
