"""What belongs to the person: who looked, everything exported, what is wrong, closing, asking."""

import ast
import datetime as dt
import json
import pathlib
import re

import pytest
import time_machine

from models import (
    TABLES,
    Accompaniment,
    Agreement,
    AuditEntry,
    DomainLine,
    NeedDecision,
    OutgoingEmail,
    Person,
    PersonNotice,
    PersonSession,
    PlanPriority,
    QuestionProposal,
    Rectification,
    Waiver,
    audit,
)
from models.accounts.account import Role
from models.accounts.throttling import TooManyFailures
from models.base import RuleBroken, database, today
from models.days import months_after
from models.diagnostics import filling
from models.diagnostics.diagnostic import Writer
from models.diagnostics.domains import Impact
from models.diagnostics.needs import Wish
from models.outbox import EmailState
from models.permissions import Permission
from models.persons import closing, codes, desk, journal, who
from models.persons.accompaniments import EndReason, ReferentRole
from models.persons.agreements import AgreementEnd, usual_end
from models.persons.circle import circle
from models.persons.closing import Keeping
from models.persons.exporting import NOT_EXPORTED, SECTIONS, export_of
from models.persons.journal import ACTS, Concern
from models.persons.notices import News
from models.persons.opening import open_file
from models.persons.person import ContactBy, Declared
from models.persons.rectifications import Item, RectificationState, Refusal
from models.persons.sessions import enter
from models.persons.sharing import Domain
from models.plans.waivers import WaiverReason
from models.questionnaire.deriving import DomainState
from models.questionnaire.proposals import Reason
from models.questionnaire.versions import SINGLE_TEMPLATE
from tests import factories

ROOT = pathlib.Path(__file__).parent.parent.parent
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer(function="Conseillère")


@pytest.fixture
def samia(writer):
    return factories.accompanied(writer, factories.person(given_name="Samia", family_name="Benali"))


def read_by(writer, person):
    account = type(writer.account).get_by_id(writer.account_id)
    return open_file(person.code, Permission.FILE_READ, actor=account, act="file:read")


def emails(kind):
    return list(OutgoingEmail.select().where(OutgoingEmail.kind == kind))


# Who looked


def test_the_readings_of_one_day_are_one_line(writer, samia):
    """REQ-43: « a lu votre dossier, 3 fois »."""
    for _ in range(3):
        read_by(writer, samia)
    [line] = [one for one in journal.looks_of(samia) if one.act == "file:read"]
    assert (line.name, line.times, line.words) == (writer.account.name, 3, "a lu votre dossier")
    assert (line.organisation, line.function) == (writer.organisation.name, "Conseillère")


def test_the_readings_of_two_days_are_two_lines_the_latest_first(writer, samia):
    read_by(writer, samia)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2), tick=False):
        read_by(writer, samia)
        days = [one.day for one in journal.looks_of(samia) if one.act == "file:read"]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) == 2


def test_a_line_older_than_twelve_months_is_no_longer_shown(writer, samia):
    read_by(writer, samia)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=370), tick=False):
        assert journal.lines_of(samia) == []


def test_the_first_day_of_the_twelve_months_is_shown_from_its_midnight_in_france(writer, samia):
    """REQ-43: a line of half past midnight is a line of that day."""
    with time_machine.travel(dt.datetime(2027, 6, 10, 22, 30, tzinfo=dt.UTC), tick=False):
        audit.record("file:read", samia, by=writer.account, person=samia)
    with time_machine.travel(dt.datetime(2028, 6, 11, 12, tzinfo=dt.UTC), tick=False):
        [line] = [one for one in journal.looks_of(samia) if one.act == "file:read"]
        assert line.day == dt.date(2027, 6, 11)
    with time_machine.travel(dt.datetime(2028, 6, 12, 12, tzinfo=dt.UTC), tick=False):
        assert journal.lines_of(samia) == []


def test_what_she_did_is_told_apart(samia):
    enter(samia.identifier, factories.ACCESS_CODE)
    line = journal.lines_of(samia)[0]
    assert (line.is_hers, line.words) == (True, "avez ouvert votre espace")
    assert line.act not in {one.act for one in journal.looks_of(samia)}


def test_nobody_reads_the_journal_of_another(writer, samia):
    """I6"""
    read_by(writer, samia)
    other = factories.accompanied(writer)
    entry = AuditEntry.select().where(AuditEntry.person_id == samia.id).first()
    assert journal.line_of(other, entry.code) is None
    with pytest.raises(RuleBroken):
        journal.question(other, entry.code, Concern.UNKNOWN)


def test_the_journal_asks_as_much_for_many_readers_as_for_one(writer, samia, queries):
    read_by(writer, samia)
    queries.clear()
    journal.lines_of(samia)
    few = len(queries)
    for _ in range(3):
        other = factories.writer()
        factories.accompanied(other, samia, role=ReferentRole.OTHER)
        read_by(other, samia)
    queries.clear()
    assert len({line.name for line in journal.lines_of(samia) if not line.is_hers}) == 4
    assert len(queries) == few


@pytest.mark.parametrize("window", [1, 2, 3, 100])
def test_the_latest_looks_are_those_of_the_whole_journal(writer, samia, monkeypatch, window):
    """However few traces are read at first: a day is told whole, and nothing she did herself."""
    monkeypatch.setattr(journal, "WINDOW", window)
    for days in range(4):
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False):
            for _ in range(days + 1):
                read_by(writer, samia)
            enter(samia.identifier, factories.ACCESS_CODE)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=3), tick=False):
        others = [line for line in journal.lines_of(samia) if not line.is_hers]
        assert [line.times for line in others[:3]] == [4, 3, 2]
        assert journal.looks_of(samia) == others[: journal.LOOKS_SHOWN]
        assert journal.looks_of(samia, len(others) + 1) == others


def test_the_latest_looks_read_few_traces_of_a_long_journal(writer, samia, monkeypatch):
    """What is read does not grow with what is kept."""
    monkeypatch.setattr(journal, "WINDOW", 5)
    for days in range(9):
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False):
            read_by(writer, samia)
    read, grouped = [], journal._grouped
    monkeypatch.setattr(journal, "_grouped", lambda traces: read.append(traces) or grouped(traces))
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=9), tick=False):
        assert len(journal.looks_of(samia)) == journal.LOOKS_SHOWN
    assert [len(traces) for traces in read] == [5]


def acts_written():
    """Every act that models or pages write with the person it concerns."""
    for path in [*(ROOT / "models").rglob("*.py"), *(ROOT / "blueprints").rglob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            told = call.args[:1] if name == "record" and "person" in named else []
            told += [named["act"]] if name == "opens_file" and "act" in named else []
            yield from (one.value for one in told if isinstance(one, ast.Constant))


def test_every_act_on_a_file_has_its_words():
    """REQ-43: nothing is told to her in the words of the machine."""
    written = set(acts_written())
    assert "file:export" in written
    assert written - set(ACTS) == set()


def test_a_strange_line_reaches_the_coordination_without_any_name(writer, samia):
    coordinator = factories.account(role=Role.COORDINATOR)
    read_by(writer, samia)
    line = journal.looks_of(samia)[0]
    reference = journal.question(samia, line.code, Concern.UNKNOWN)
    [sent] = emails("log_question")
    assert (sent.recipient, sent.values) == (coordinator.identifier, {"reference": reference})
    kept = AuditEntry.by_code(reference)
    assert (kept.act, kept.person_id) == ("log:question", samia.id)
    assert kept.changes == {"concern": "inconnu", "line": line.code}


def test_questions_do_not_flood_the_coordination(writer, samia):
    read_by(writer, samia)
    line = journal.looks_of(samia)[0]
    for _ in range(journal.MOST_QUESTIONS_A_DAY):
        journal.question(samia, line.code, Concern.UNKNOWN)
    with pytest.raises(RuleBroken):
        journal.question(samia, line.code, Concern.UNKNOWN)


# Everything about her


def tables_about_her():
    """The tables whose rows are a person’s own, or belong to such a row."""
    found = [Person]
    for table in TABLES:
        owners = {getattr(field, "rel_model", None) for field in table._meta.sorted_fields}
        if owners.intersection(found) or "person_id" in table._meta.fields:
            found.append(table)
    return found


def test_every_column_about_her_is_exported_or_says_why_not():
    """REQ-43, REQ-209: a table that is added without its section is seen here."""
    told = {
        f"{section.table._meta.table_name}.{column}"
        for section in SECTIONS
        for column in section.columns
    }
    kept = {
        f"{table._meta.table_name}.{field.name}"
        for table in tables_about_her()
        for field in table._meta.sorted_fields
    } - {"audit_entry.id"}
    own_keys = {f"{table._meta.table_name}.id" for table in tables_about_her()}
    assert kept - own_keys - told - set(NOT_EXPORTED) == set()
    assert set(NOT_EXPORTED) <= kept
    assert not set(NOT_EXPORTED) & told


def led_with(person):
    """A diagnostic begun by herself, with an answer, a domain and a need."""
    begun, herself = factories.diagnostic(person), Writer(person)
    filling.save(begun, {"mob_permis": ["souhaite"]}, seen=0, writer=herself, keys=["mob_permis"])
    DomainLine.choose(
        begun, Domain.MOBILITY, DomainState.NEED, impact=Impact.STRONG,
        levers=["deja-une-solution"], seen=begun.revision, writer=herself,
    )  # fmt: skip
    NeedDecision.decide(begun, {"mobilite-permis": Wish.YES}, writer=herself)


def planned_with(person, writer):
    """A plan with a step that waits for her, and fewer hours."""
    plan = factories.plan(person, writer, "mobilite-permis")
    [priority] = PlanPriority.of_plan(plan)
    factories.step(priority, writer, action=factories.action(name="Code de la route"))
    by = Writer(writer.account, writer.organisation)
    Waiver.propose(plan, WaiverReason.WORKS, 8, today(), writer=by)


def test_the_export_holds_what_was_written_and_can_be_read_by_a_program(writer, samia):
    enter(samia.identifier, factories.ACCESS_CODE)
    samia = Person.get_by_id(samia.id)
    Rectification.ask(samia, Item.PHONE, "06 12 34 56 78")
    PersonNotice.tell(samia, News.REFERENT_STARTED, account=writer.account)
    read_by(writer, samia)
    led_with(samia)
    planned_with(samia, writer)
    factories.sent(samia, writer, action=factories.action(name="Atelier CV", email="a@cv.example"))
    QuestionProposal.propose(SINGLE_TEMPLATE, Reason.HARD, question="sit_age", by=samia)
    export = json.loads(json.dumps(export_of(samia)))
    parts = export["sections"]
    assert list(parts) == [section.name for section in SECTIONS]
    assert parts["identite"][0]["family_name"] == "Benali"
    assert parts["accords"][0]["organisation"] == writer.organisation.name
    assert parts["referents"][0]["account"] == writer.account.name
    assert parts["corrections"][0]["proposed"] == "+33612345678"
    assert parts["nouvelles"][0]["account_id"] == writer.account.name
    assert parts["connexions"][0]["is_shared"] is True
    assert "a lu votre dossier" in {line["act"] for line in parts["lectures"]}
    assert parts["reponses"][0]["value"] == "Non, mais je veux le passer"
    assert parts["domaines"][0]["content"] == "Besoin, Beaucoup, J’ai déjà une idée de solution"
    kept = "Préparer ou récupérer un permis : Oui, je veux avancer sur ce point"
    assert parts["besoins"][0]["content"] == kept
    assert parts["priorites"][0]["content"] == "Préparer ou récupérer un permis"
    assert parts["etapes"][0]["content"] == "Code de la route"
    assert [one["content"] for one in parts["engagements"]] == [
        "Aller voir sur place", "Appeler le lieu",
    ]  # fmt: skip
    assert parts["dispenses"][0]["content"] == "Travaille déjà une partie de la semaine : 8 h"
    assert parts["votes"][0]["ballot"] == "pour"
    assert parts["demandes-envoyees"][0]["action"] == "Atelier CV"
    assert [one["move"] for one in parts["histoire-des-demandes"]] == ["preparee", "envoyee"]
    never_asked = [
        "parcours", "temps", "demandes", "relais", "papiers-des-demandes", "fiches-de-liaison",
        "difficultes-signalees", "emplois", "points-emploi",
    ]  # fmt: skip
    assert [name for name, rows in parts.items() if not rows] == never_asked


def test_the_export_of_one_holds_nothing_of_another(writer, samia):
    """I13"""
    other = factories.accompanied(writer, factories.person(family_name="Zéphyrine"))
    Rectification.ask(other, Item.PHONE, "06 99 99 99 99")
    said = json.dumps(export_of(samia), ensure_ascii=False)
    assert "Zéphyrine" not in said
    assert "99999999" not in said


# What is wrong


def test_a_correction_is_asked_sealed_and_told_to_the_lead(writer, samia):
    """REQ-209"""
    asked = Rectification.ask(samia, Item.FAMILY_NAME, "Zéphyrine")
    rows = database.execute_sql("SELECT * FROM rectification").fetchall()
    assert "phyrine" not in repr(rows)
    [sent] = emails("rectification_asked")
    assert sent.recipient == writer.account.identifier
    assert asked.answered_before == months_after(today(), 1)


def test_the_month_to_answer_begins_on_the_french_day_of_the_request(samia):
    """REQ-209, RGPD article 12: at half past midnight, a day has begun."""
    with time_machine.travel(dt.datetime(2027, 6, 10, 22, 30, tzinfo=dt.UTC), tick=False):
        asked = Rectification.ask(samia, Item.FAMILY_NAME, "Zéphyrine")
    assert asked.answered_before == dt.date(2027, 7, 11)


@pytest.mark.parametrize(
    ("item", "text", "value"),
    [
        (Item.GIVEN_NAME, "Zoé", "Zoé"),
        (Item.BIRTH_YEAR, "1990", 1990),
        (Item.COMMUNE, "Muret", "31395"),
        (Item.PHONE, "06 12 34 56 78", "+33612345678"),
        (Item.EMAIL, "Zoe@Example.org", "zoe@example.org"),
        (Item.CONTACT_BY, "sms", ContactBy.SMS),
        (Item.RECEIVES_RSA, "oui", Declared.YES),
    ],
)
def test_a_correction_that_is_accepted_changes_the_file(writer, samia, item, text, value):
    asked = Rectification.ask(samia, item, text)
    Rectification.get_by_id(asked.id).accept(by=writer.account)
    assert getattr(Person.get_by_id(samia.id), item.value) == value
    told = [notice.news for notice in PersonNotice.unread(samia)]
    assert told == [News.RECTIFIED]


def test_a_correction_that_is_declined_changes_nothing_and_says_why(writer, samia):
    asked = Rectification.ask(samia, Item.BIRTH_YEAR, "1990")
    asked.decline(Refusal.PAPER_NEEDED, by=writer.account)
    kept = Rectification.get_by_id(asked.id)
    assert (kept.state, kept.refusal) == (RectificationState.DECLINED, Refusal.PAPER_NEEDED)
    assert Person.get_by_id(samia.id).birth_year == 1987


def test_a_correction_is_answered_once(writer, samia):
    asked = Rectification.ask(samia, Item.BIRTH_YEAR, "1990")
    Rectification.get_by_id(asked.id).decline(Refusal.ALREADY, by=writer.account)
    with pytest.raises(RuleBroken):
        Rectification.get_by_id(asked.id).accept(by=writer.account)
    assert Person.get_by_id(samia.id).birth_year == 1987


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (Item.BIRTH_YEAR, "1899"),
        (Item.BIRTH_YEAR, "1987"),
        (Item.COMMUNE, "Brest"),
        (Item.FAMILY_NAME, "1850578006084"),
        (Item.CONTACT_BY, "pigeon"),
    ],
    ids=["too old", "already so", "elsewhere", "a secret number", "no such way"],
)
def test_a_correction_that_cannot_be_is_refused(samia, item, text):
    with pytest.raises(RuleBroken):
        Rectification.ask(samia, item, text)
    assert Rectification.select().count() == 0


def test_asking_again_about_the_same_thing_replaces_the_former(samia):
    Rectification.ask(samia, Item.BIRTH_YEAR, "1990")
    Rectification.ask(samia, Item.BIRTH_YEAR, "1991")
    [kept] = Rectification.of_person(samia)
    assert kept.value == 1991


# Closing


def test_closing_ends_all_that_was_open(writer, samia):
    """REQ-209"""
    _, token = enter(samia.identifier, factories.ACCESS_CODE)
    samia = Person.get_by_id(samia.id)
    closing.close(samia, Keeping.KEEP, "K7M2 P9X4 ABCD")
    assert not Person.get_by_id(samia.id).is_open
    assert Agreement.get().end is AgreementEnd.CLOSED
    assert Accompaniment.get().end_reason is EndReason.CLOSED
    assert PersonSession.of_token(token) is None
    assert read_by(writer, samia) is None
    with pytest.raises(RuleBroken):
        enter(samia.identifier, factories.ACCESS_CODE)


def test_she_comes_back_to_a_desk_with_her_code_and_a_new_agreement(writer, samia):
    """REQ-209, I1: what was gained is still there, the agreements of before stay ended."""
    closing.close(samia, Keeping.KEEP, factories.ACCESS_CODE)
    with pytest.raises(RuleBroken):
        codes.recognise(samia.identifier, factories.ACCESS_CODE, by=writer.account)
    with pytest.raises(RuleBroken):
        codes.recognise_at_desk(samia.identifier, "0000 0000 0000", by=writer.account)
    back = codes.recognise_at_desk(samia.identifier, factories.ACCESS_CODE, by=writer.account)
    assert read_by(writer, samia) is None
    desk.join(back, writer.organisation, by=writer.account, ends_on=usual_end(today()))
    assert read_by(writer, samia) == samia
    assert Agreement.select().where(Agreement.person == samia).count() == 2


def test_what_she_wants_erased_is_erased_at_once(samia):
    """REQ-41: her name, her code and her agreements are gone with her press."""
    closing.close(samia, Keeping.ERASE, factories.ACCESS_CODE)
    left = Person.get_by_id(samia.id)
    assert (left.name, left.access_hash, left.birth_year) == ("", None, 1985)
    assert left.anonymised_at is not None
    assert not Agreement.select().where(Agreement.person == samia.id).exists()


def test_a_wrong_code_closes_nothing(samia):
    with pytest.raises(RuleBroken):
        closing.close(samia, Keeping.KEEP, "0000 0000 0000")
    assert Person.get_by_id(samia.id).is_open
    assert Agreement.get().is_current


def test_closing_one_file_leaves_the_others_open(writer, samia):
    other = factories.accompanied(writer)
    closing.close(samia, Keeping.KEEP, factories.ACCESS_CODE)
    assert read_by(writer, other) == other


# Qui me suit ?

ASKED = {"family_name": "Benali", "given_name": "samia", "birth_year": 1987}


def reachable(person, **values):
    person.describe(**values)
    person.save()
    return person


def test_the_answer_goes_to_the_address_on_file(writer, samia):
    """REQ-206"""
    reachable(samia, email="samia@example.org", contact_by=ContactBy.EMAIL)
    who.ask(**ASKED)
    [sent] = [one for one in emails("who_follows") if one.state is EmailState.WAITING]
    assert (sent.address, sent.recipient) == ("samia@example.org", None)
    [told] = sent.values["referents"]
    assert told["name"] == writer.account.name


def test_without_an_address_her_lead_is_asked_to_call(writer, samia):
    who.ask(**ASKED)
    [sent] = emails("call_back")
    assert (sent.recipient, sent.values) == (writer.account.identifier, {"code": samia.code})
    assert {one.state for one in emails("who_follows")} == {EmailState.DISCARDED}


def test_an_unknown_name_leaves_as_many_rows(samia):
    """REQ-206"""

    def left():
        traces = AuditEntry.select().where(AuditEntry.act == "who:ask")
        return traces.count(), len(emails("who_follows")) + len(emails("call_back"))

    who.ask(**ASKED | {"given_name": "Karim"})
    traces, messages = left()
    assert {one.address for one in emails("who_follows")} == {None}
    assert "who:ask" not in {line.act for line in journal.lines_of(samia)}
    who.ask(**ASKED)
    assert left() == (2 * traces, 2 * messages)


def homonym(writer):
    same = {"family_name": "Benali", "given_name": "Samia", "birth_year": 1987}
    return factories.accompanied(writer, factories.person(**same))


def statements(queries, given_name):
    """What asking sends, without what varies from one call to the next: how many values a list
    holds, which columns of a message are empty, the names of savepoints."""
    queries.clear()
    who.ask(**ASKED | {"given_name": given_name})
    varying = r'[\w".]+ IN \([^)]*\)|0 = 1|"s[0-9a-f]{32}"|(?<=INTO "outgoing_email" ).*'
    return [re.sub(varying, "…", one) for one in queries]


def by_email(writer, samia):
    reachable(samia, email="samia@example.org", contact_by=ContactBy.EMAIL)


def told_already(writer, samia):
    for name in ("Samia", "Karim"):
        who.ask(**ASKED | {"given_name": name})


def without_lead(writer, samia):
    Accompaniment.get().end(EndReason.DONE, by=writer.account)


KNOWN = {
    "reached through her lead": lambda writer, samia: None,
    "reached by e-mail": by_email,
    "told already": told_already,
    "without anybody": without_lead,
    "two homonyms": lambda writer, samia: homonym(writer),
}


@pytest.mark.parametrize("known", KNOWN.values(), ids=KNOWN)
def test_known_or_not_the_same_statements_are_sent(writer, samia, queries, known):
    """REQ-206, ASVS 6.3.8: neither the screen nor the time it takes says who is followed."""
    known(writer, samia)
    unknown = statements(queries, "Karim")
    assert len(unknown) > who.MOST_TOLD
    assert statements(queries, "Samia") == unknown


def test_two_homonyms_are_both_answered(writer, samia):
    homonym(writer)
    who.ask(**ASKED)
    assert len(emails("call_back")) == 2


def test_a_closed_file_answers_nobody(samia):
    closing.close(samia, Keeping.KEEP, factories.ACCESS_CODE)
    who.ask(**ASKED)
    assert {one.state for one in emails("who_follows")} == {EmailState.DISCARDED}
    assert emails("call_back") == []


def test_one_answer_a_day_is_enough(samia):
    for _ in range(3):
        who.ask(**ASKED)
    assert len(emails("call_back")) == 1
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=25), tick=False):
        who.ask(**ASKED)
    assert len(emails("call_back")) == 2


@pytest.mark.parametrize("name", ["Samia", "Personne"])
def test_asking_too_often_waits_whether_she_is_known_or_not(samia, name):
    for _ in range(5):
        who.ask(**ASKED | {"given_name": name})
    with pytest.raises(TooManyFailures):
        who.ask(**ASKED | {"given_name": name.upper()})


def test_she_sees_that_somebody_asked(samia):
    who.ask(**ASKED)
    line = journal.looks_of(samia)[0]
    assert (line.act, line.name) == ("who:ask", None)


def test_a_referent_without_agreement_still_shows_and_does_not_read(writer, samia):
    """Withdrawing cuts the reading; who accompanies her is another fact."""
    Agreement.get().withdraw(by=samia)
    [one] = circle(samia).present
    assert (one.link.account, one.agreed) == (writer.account, False)
    assert read_by(writer, samia) is None
