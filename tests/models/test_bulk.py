"""A deposited spreadsheet: checked, shown, written once whatever happens, by who may (REQ 15)."""

import datetime as dt
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
import time_machine

import models.database
from models import (
    Action,
    ActionVersion,
    AuditEntry,
    BulkChunk,
    BulkImport,
    Organisation,
    OutgoingEmail,
    sealing,
)
from models.accounts.account import Role
from models.action_bank import lifecycle, versions
from models.action_bank.versions import Act
from models.base import RuleBroken, database, today
from models.exchange.bulk import State, work_next
from models.exchange.bulk.deposits import MOST_ERRORS
from models.exchange.exporting import spreadsheet_rows
from models.exchange.spreadsheets.columns import SERVICES, STRUCTURES
from models.exchange.spreadsheets.reading import read_file
from models.exchange.spreadsheets.writing import as_csv, as_ods, as_xlsx
from models.retention import forget
from models.vocabularies import Status
from tests import factories
from tests.browser.server import ROOT, environment
from tests.conftest import DATA_KEY
from tests.engines import EngineMissing, engine_address

COMPLETE = {
    "nom": "Atelier {n}",
    "description": "Un atelier pour essayer, avec du café.",
    "thematiques": "Découvrir un métier ou un secteur d’activité",
    "modes_accueil": "En présentiel",
    "telephone": "05 61 00 00 00",
    "commune": "Muret",
}
DEPOSIT = pytest.mark.usefixtures("db")


@pytest.fixture
def writer(db):
    return factories.writer(organisation=factories.signed_organisation(name="Le Relais"))


def services(*rows):
    """A CSV of these rows, `{path: text}`."""
    paths = list(dict.fromkeys(path for row in rows for path in row))
    headers = [SERVICES.header_of(path) for path in paths]
    lines = [[row.get(path, "") for path in paths] for row in rows]
    return csv_of([headers, *lines])


def csv_of(lines):
    import csv
    import io

    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(lines)
    return file.getvalue().encode()


def complete(count):
    return [{**COMPLETE, "nom": COMPLETE["nom"].format(n=n)} for n in range(count)]


def deposited(writer, content):
    """A deposit received and checked."""
    one = BulkImport.receive(writer.organisation, read_file(content), by=writer.account)
    work_next()
    return BulkImport.get_by_id(one.id)


def applied(writer, content):
    one = deposited(writer, content)
    one.apply(by=writer.account)
    work_next()
    return BulkImport.get_by_id(one.id)


def counts(one):
    return (one.new_count, one.changed_count, one.unchanged_count, one.refused_count)


def sentences(one):
    return [(error["line"], error["column"], error["sentence"]) for error in one.errors]


@DEPOSIT
def test_nothing_is_written_before_it_is_asked(writer):
    one = deposited(writer, services(*complete(3)))
    assert (one.state, counts(one)) == (State.CHECKED, (3, 0, 0, 0))
    assert one.sample["new"][0]["name"] == "Atelier 0"
    assert Action.select().count() == 0
    one.apply(by=writer.account)
    assert Action.select().count() == 0
    work_next()
    one = BulkImport.get_by_id(one.id)
    assert (one.state, one.done, one.total) == (State.APPLIED, 3, 3)
    assert one.applied_at is not None


@DEPOSIT
def test_new_sheets_wait_for_another_person_unless_they_lack_something(writer):
    """Four eyes: what a spreadsheet brings is reviewed like the rest."""
    lacking = {"nom": "Sans contact", "description": "Une description."}
    one = applied(writer, services(*complete(2), lacking))
    states = {sheet.name: sheet.status for sheet in Action.select()}
    assert states == {
        "Atelier 0": Status.IN_REVIEW,
        "Atelier 1": Status.IN_REVIEW,
        "Sans contact": Status.DRAFT,
    }
    assert one.brought() == {Status.IN_REVIEW: 2, Status.DRAFT: 1}
    sheet = Action.get(Action.name == "Atelier 0")
    assert (sheet.insee_code, sheet.organisation) == ("31395", writer.organisation)
    traces = {entry.act for entry in AuditEntry.select()}
    assert {"bulk_import:receive", "bulk_import:apply", "action:bring-in"} <= traces


@DEPOSIT
def test_a_new_sheet_says_all_it_brings_from_its_first_version(writer):
    """REQ-15: who, when and the difference; its depositor is its author, and is reminded of it."""
    row = {**complete(1)[0], "places.restantes": "4", "prochaines_sessions": "03/12/2026 13:30"}
    applied(writer, services(row))
    sheet = Action.get()
    told = [(version.number, version.act) for version in ActionVersion.of(sheet)]
    assert told == [(2, Act.SUBMITTED), (1, Act.BROUGHT_IN)]
    assert ActionVersion.content_at(sheet, 1) == versions.content_of(sheet)
    # As in the form: the day of a figure is noted with it.
    assert (sheet.places_left, sheet.places_on) == (4, today())
    assert ActionVersion.authors_of([sheet]) == {sheet.id: writer.account.id}
    assert ActionVersion.author_of(sheet) == writer.account
    fields = AuditEntry.get(AuditEntry.act == "action:bring-in").changes["fields"]
    assert {"name", "phone", "places_left", "sessions"} <= set(fields)


@DEPOSIT
def test_depositing_the_same_file_again_writes_nothing_twice(writer):
    content = services(*complete(2))
    applied(writer, content)
    again = deposited(writer, content)
    assert counts(again) == (0, 0, 0, 2)
    assert sentences(again)[0][:2] == (2, "Nom")
    assert Action.select().order_by(Action.id).get().source_id in sentences(again)[0][2]
    with pytest.raises(RuleBroken):
        again.apply(by=writer.account)


@DEPOSIT
def test_two_deposits_of_one_file_checked_together_are_written_once(writer):
    content = services(*complete(2))
    first, second = deposited(writer, content), deposited(writer, content)
    for one in (first, second):
        one.apply(by=writer.account)
    work_next()
    assert Action.select().count() == 2
    second = BulkImport.get_by_id(second.id)
    assert (counts(second), second.error_count) == ((0, 0, 0, 2), 2)


@DEPOSIT
def test_only_what_differs_is_changed(writer):
    sheet = factories.action(
        organisation=writer.organisation, name="Atelier", phone="0561000000", source_id="a--1"
    )
    rows = [{"id": "a--1", "nom": "Atelier de cuisine", "telephone": "0561000000", "frais": ""}]
    one = applied(writer, services(*rows))
    assert counts(one) == (0, 1, 0, 0)
    sheet = Action.get_by_id(sheet.id)
    assert (sheet.name, sheet.phone, sheet.edition) == ("Atelier de cuisine", "0561000000", 1)
    assert sheet.status == Status.PUBLISHED
    entry = AuditEntry.select().where(AuditEntry.act == "action:import").get()
    assert entry.changes["fields"] == ["name"]
    assert counts(deposited(writer, services(*rows))) == (0, 0, 1, 0)


@DEPOSIT
def test_an_emptied_cell_empties_and_an_absent_column_changes_nothing(writer):
    sheet = factories.action(
        organisation=writer.organisation,
        source_id="a--1",
        phone="0561000000",
        email="a@example.org",
    )
    applied(writer, services({"id": "a--1", "telephone": ""}))
    sheet = Action.get_by_id(sheet.id)
    assert (sheet.phone, sheet.email) == (None, "a@example.org")


@DEPOSIT
def test_the_sheet_of_another_organisation_does_not_exist_here(writer):
    """I13: each identifier is looked for within the organisation, and nowhere else."""
    theirs = factories.action(name="À eux", source_id="eux--1")
    archived = factories.action(
        organisation=writer.organisation, source_id="nous--1", status=Status.ARCHIVED
    )
    rows = [{"id": name, "nom": "À nous"} for name in ("eux--1", theirs.code, "rien--1", "nous--1")]
    one = deposited(writer, services(*rows))
    assert counts(one) == (0, 0, 0, 4)
    told = [sentence for _, _, sentence in sentences(one)]
    assert told[0] == told[1] == told[2]
    assert "archivée" in told[3]
    assert Action.get_by_id(theirs.id).name == "À eux"
    assert Action.get_by_id(archived.id).edition == 0


@DEPOSIT
def test_a_sheet_that_somebody_changed_meanwhile_is_told_and_kept(writer):
    sheet = factories.action(organisation=writer.organisation, source_id="a--1", name="Avant")
    kept = {"id": "a--1", "nom": "Par tableur", "description": sheet.description}
    one = deposited(writer, services(kept, {"id": "", **complete(1)[0]}))
    versions.write(Action.get_by_id(sheet.id), {"name": "À la main"}, by=writer.account, seen=0)
    one.apply(by=writer.account)
    work_next()
    one = BulkImport.get_by_id(one.id)
    assert counts(one) == (1, 0, 0, 1)
    assert "depuis la vérification" in sentences(one)[0][2]
    assert Action.get_by_id(sheet.id).name == "À la main"


@DEPOSIT
def test_every_faulty_line_is_told_and_the_others_pass(writer):
    wrong = {"nom": "ab", "description": "Texte assez long.", "courriel": "rien"}
    one = deposited(writer, services(*complete(1), wrong))
    assert counts(one) == (1, 0, 0, 1)
    assert {(line, column) for line, column, _ in sentences(one)} == {(3, "Nom"), (3, "Courriel")}


@DEPOSIT
def test_a_line_that_contradicts_itself_is_told_and_never_written(writer):
    sheet = factories.action(organisation=writer.organisation, source_id="a--1", places_total=4)
    new = {**complete(1)[0], "age.min": "30", "age.max": "20"}
    kept = {"nom": sheet.name, "description": sheet.description}
    held = {"id": "a--1", **kept, "places.restantes": "5"}
    one = deposited(writer, services({"id": "", **new}, held))
    assert counts(one) == (0, 0, 0, 2)
    assert sentences(one) == [
        (2, "Âge maximum", "l’âge le plus haut est plus bas que l’autre"),
        (3, "Places restantes", "il y a plus de places libres que de places en tout"),
    ]
    with pytest.raises(RuleBroken):
        one.apply(by=writer.account)
    assert [action.edition for action in Action.select()] == [0]


@DEPOSIT
def test_errors_are_capped_and_counted(writer):
    wrong = [{"nom": f"{n}", "description": "x", "frais": "troc"} for n in range(10, 260)]
    one = deposited(writer, services(*wrong))
    assert (one.refused_count, len(one.errors)) == (250, MOST_ERRORS)
    assert one.error_count > MOST_ERRORS


@DEPOSIT
def test_who_lost_the_right_to_write_writes_nothing(writer):
    """I2: rights are read when the rows are written, not when the file was sent."""
    one = deposited(writer, services(*complete(1)))
    one.apply(by=writer.account)
    Organisation.update(suspended_at=dt.datetime(2026, 1, 1)).where(
        Organisation.id == writer.organisation_id
    ).execute()
    work_next()
    one = BulkImport.get_by_id(one.id)
    assert (one.state, Action.select().count()) == (State.FAILED, 0)
    assert "n’a plus le droit" in one.trouble
    Organisation.update(suspended_at=None).execute()
    one.resume(by=writer.account)
    work_next()
    assert Action.select().count() == 1


@DEPOSIT
def test_a_closed_account_writes_nothing_even_one_that_runs_the_bank(writer):
    animator = factories.account(role=Role.BANK_ANIMATOR)
    BulkImport.receive(writer.organisation, read_file(services(*complete(1))), by=animator)
    animator.is_active = False
    animator.save()
    work_next()
    assert BulkImport.get().state == State.FAILED


@DEPOSIT
def test_only_the_contact_of_one_s_own_organisation_may_change(writer):
    paths = ["nom", "siret", "telephone", "site_web"]
    headers = [STRUCTURES.header_of(path) for path in paths]
    lines = [
        ["LE RELAIS", "", "05 61 00 00 00", "https://relais.example.org"],
        ["Un autre", "", "05 61 99 99 99", ""],
    ]
    one = applied(writer, csv_of([headers, *lines]))
    assert counts(one) == (0, 1, 0, 1)
    assert sentences(one)[0][:2] == (3, "Nom")
    organisation = Organisation.get_by_id(writer.organisation_id)
    assert organisation.name == "Le Relais"
    assert (organisation.phone, organisation.website) == (
        "05 61 00 00 00", "https://relais.example.org/"
    )  # fmt: skip
    assert AuditEntry.select().where(AuditEntry.act == "organisation:describe").count() == 1


@DEPOSIT
def test_an_abandoned_deposit_keeps_none_of_its_rows(writer):
    one = deposited(writer, services(*complete(2)))
    one.abandon(by=writer.account)
    one.abandon(by=writer.account)
    assert BulkImport.get_by_id(one.id).state == State.ABANDONED
    assert BulkChunk.select().count() == 0
    with pytest.raises(RuleBroken):
        one.apply(by=writer.account)


@DEPOSIT
def test_three_deposits_may_wait_at_once(writer):
    found = read_file(services(*complete(1)))
    first, *_ = (
        BulkImport.receive(writer.organisation, found, by=writer.account) for _ in range(3)
    )
    with pytest.raises(RuleBroken):
        BulkImport.receive(writer.organisation, found, by=writer.account)
    first.abandon(by=writer.account)
    BulkImport.receive(writer.organisation, found, by=writer.account)


@DEPOSIT
def test_a_failure_is_kept_on_the_deposit_and_can_be_taken_up_again(writer, monkeypatch):
    one = deposited(writer, services(*complete(60)))
    one.apply(by=writer.account)

    def fail(*_, **__):
        raise ValueError("une panne")

    with monkeypatch.context() as broken:
        broken.setattr(lifecycle, "bring_in", fail)
        with pytest.raises(ValueError, match="une panne"):
            work_next()
    one = BulkImport.get_by_id(one.id)
    assert (one.state, Action.select().count()) == (State.FAILED, 0)
    assert work_next() == 0
    one.resume(by=writer.account)
    work_next()
    assert Action.select().count() == 60


@DEPOSIT
def test_publishing_it_all_takes_another_person(writer):
    one = applied(writer, services(*complete(60)))
    with pytest.raises(RuleBroken):
        one.publish(by=writer.account)
    animator = factories.account(role=Role.BANK_ANIMATOR)
    left = Action.get(Action.name == "Atelier 7")
    lifecycle.send_back(left, by=animator, reason="À revoir")
    one.publish(by=animator)
    work_next()
    one = BulkImport.get_by_id(one.id)
    assert (one.state, one.done) == (State.PUBLISHED, 59)
    assert Action.select().where(Action.status == Status.PUBLISHED).count() == 59
    assert Action.get_by_id(left.id).status == Status.DRAFT
    told = OutgoingEmail.select().where(OutgoingEmail.recipient == writer.account.identifier)
    kinds = Counter(email.kind for email in told)
    # One message for all of them, not sixty.
    assert (kinds["deposit_published"], kinds["sheet_published"]) == (1, 0)


@DEPOSIT
def test_deposits_are_forgotten_after_thirty_days_and_their_sheets_stay(writer):
    applied(writer, services(*complete(1)))
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)):
        forget()
    assert (BulkImport.select().count(), BulkChunk.select().count()) == (0, 0)
    assert Action.select().count() == 1


@DEPOSIT
@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_an_export_that_comes_back_changes_only_what_was_edited(writer, form):
    """Round trip: export → edit → import."""
    factories.action(
        organisation=writer.organisation,
        source_id="dora--1",
        name="=Titre à risque",
        description="- une liste\n- de deux lignes",
        kind="atelier",
        thematics=["numerique--acceder-a-une-connexion-internet"],
        phone="+33561000000",
        longitude=1.4442,
        format="une-forme-inconnue",
        sessions=[{"debut": "2026-12-03T13:30", "fin": None}],
        places_on=dt.date(2026, 11, 22),
    )
    other = factories.action(organisation=writer.organisation, source_id="dora--2", name="Deux")
    factories.action(organisation=writer.organisation, status=Status.ARCHIVED)
    rows = spreadsheet_rows(writer.organisation)
    assert len(rows["services"]) == 2
    write = {"xlsx": as_xlsx, "ods": as_ods, "csv": lambda rows: as_csv(SERVICES, rows["services"])}
    one = deposited(writer, write[form](rows))
    assert (counts(one)[:2], one.errors) == ((0, 0), [])
    for row in rows["services"]:
        if row[0] == "dora--2":
            row[1] = "Deux, corrigé"
    one = applied(writer, write[form](rows))
    assert (counts(one)[:2], one.errors) == ((0, 1), [])
    assert Action.get_by_id(other.id).name == "Deux, corrigé"
    assert ActionVersion.select().where(ActionVersion.number > 0).count() == 1


# Killed, or several at once: on a database whose writings are kept


@pytest.fixture
def kept(engine):
    """A database of its own, whose writings outlive the test's transaction."""
    kind = "sqlite" if engine.startswith("sqlite") else "postgresql"
    try:
        with engine_address(kind) as address:
            opened = models.database.bind(address, connections=8)
            models.database.migrate()
            sealing.use_key(DATA_KEY)
            yield address
            opened.close_all()
    except EngineMissing as missing:
        pytest.skip(str(missing))


def worker(address):
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "work"],
        cwd=ROOT, env=environment(address),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_until(reached, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with database.connection_context():
            if reached():
                return
        time.sleep(0.02)


def test_a_worker_killed_while_it_writes_loses_nothing_and_doubles_nothing(kept):
    """kill -9 in the middle of the import, twice; then every row is there exactly once."""
    count = 150
    with database.connection_context():
        writer = factories.writer()
        one = deposited(writer, services(*complete(count)))
        assert one.new_count == count
        one.apply(by=writer.account)
    for share in (0.1, 0.5):
        process = worker(kept)
        wait_until(lambda share=share: Action.select().count() > share * count, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with database.connection_context():
            one = BulkImport.get_by_id(one.id)
            assert one.state == State.APPLYING
            assert one.done == Action.select().count() < count
    with database.connection_context():
        work_next(60)
        one = BulkImport.get_by_id(one.id)
        assert (one.state, one.done) == (State.APPLIED, count)
        names = [sheet.name for sheet in Action.select(Action.name)]
        assert sorted(names) == sorted(row["nom"] for row in complete(count))
        assert Action.select().where(Action.status == Status.IN_REVIEW).count() == count


def test_several_workers_and_a_hand_at_once_do_each_row_once(kept):
    with database.connection_context():
        writer = factories.writer()
        content = services(*complete(120))
        one = BulkImport.receive(writer.organisation, read_file(content), by=writer.account)

    def run():
        with database.connection_context():
            work_next(30)

    for _ in range(2):
        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.connection_context():
            one = BulkImport.get_by_id(one.id)
            if one.state == State.CHECKED:
                assert counts(one) == (120, 0, 0, 0)
                one.apply(by=writer.account)
    with database.connection_context():
        assert Action.select().count() == 120
        assert BulkImport.get_by_id(one.id).done == 120
