"""Depositing a spreadsheet, following it and taking one's sheets away, page by page (REQ 15)."""

import csv
import datetime as dt
import io
import json

import pytest
import time_machine
from data_inclusion.schema import v1
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models import Action, BulkImport, Organisation
from models.accounts.account import Role
from models.base import RuleBroken
from models.exchange.bulk import State, work_next
from models.exchange.spreadsheets.columns import SERVICES
from models.exchange.spreadsheets.reading import read_file
from models.vocabularies import Status
from tests import factories
from tests.visitor import Page, Visitor, fields

DEPOSIT, CHECK, ABANDON = "Déposer et vérifier", "Vérifier maintenant", "Abandonner ce dépôt"
LINES = [
    ["Nom", "Description", "Thématiques", "Modes d’accueil", "Téléphone"],
    ["Atelier", "Un atelier pour essayer.", "Découvrir un métier ou un secteur d’activité",
     "À distance", "05 61 00 00 00"],
    ["Visite", "Une visite d’entreprise.", "Découvrir un métier ou un secteur d’activité",
     "À distance", "05 61 00 00 00"],
    ["ab", "Une description.", "", "", ""],
]  # fmt: skip


def content(lines=LINES):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(lines)
    return file.getvalue().encode()


@pytest.fixture
def writer(db):
    return factories.writer(organisation=factories.signed_organisation(name="Le Relais"))


@pytest.fixture
def browser(app, writer):
    return Visitor(app).enter(writer.account)


def home(writer):
    return f"/fiches/par-tableur/{writer.organisation.code}"


def send(browser, page, file, name="fiches.csv"):
    """Send this file by the form of the page, as browsers do."""
    values = dict(fields(page.form(DEPOSIT))) | {
        "fichier": FileStorage(io.BytesIO(file), filename=name, name="fichier")
    }
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = browser.client.post(page.address, data=body, content_type=kind)
    if answer.status_code == 303:
        return browser.visit(answer.headers["Location"])
    return Page(answer, page.address)


def test_a_spreadsheet_is_deposited_checked_read_and_imported(browser, writer, app):
    """The whole way without script and without worker; nothing is written before it is asked."""
    page = browser.visit(browser.visit("/espace-pro").link("Importer ou exporter par tableur"))
    page = browser.visit(page.link("Le Relais"))
    page = send(browser, page, content())
    assert page.words("h1") == "En attente de vérification"
    assert "0 lignes sur 3" in page.text
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=10)):
        page = browser.visit(page.address)
    page = browser.submit(page, CHECK)
    assert page.words("h1") == "Vérifié, rien n’est encore importé"
    assert "2 à créer 0 à modifier 0 sans changement 1 ligne refusée" in page.text
    assert page.all_words("td[@lang='fr']") == ["il faut au moins 3 caractères"]
    assert "Ligne 2 : Atelier" in page.text
    assert Action.select().count() == 0
    page = browser.submit(page, "Importer les 2 lignes valables")
    assert page.words("h1") == "Import en cours"
    work_next()
    page = browser.visit(page.address)
    assert page.words("h1") == "Importé"
    assert "En relecture : 2" in page.text
    assert "Publier les" not in page.text
    animator = Visitor(app).enter(factories.account(role=Role.BANK_ANIMATOR))
    page = animator.submit(animator.visit(page.address), "Publier les 2 fiches de ce dépôt")
    assert page.words("h1") == "Publication en cours"
    work_next()
    assert animator.visit(page.address).words("h1") == "Importé et publié"
    assert Action.select().where(Action.status == Status.PUBLISHED).count() == 2


def test_a_double_click_deposits_once(browser, writer):
    page = browser.visit(home(writer))
    assert len({send(browser, page, content()).address for _ in range(3)}) == 1
    assert BulkImport.select().count() == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "Le fichier est vide."),
        (b"MZ\x90\x00" + bytes(90), "C’est un programme"),
        (b"%PDF-1.7", "C’est un PDF"),
        (b"Prix;Couleur\n1;bleu\n", "Nous ne reconnaissons aucune colonne"),
        (bytes(5 * 1024 * 1024 + 10), "Le fichier dépasse 5 Mo."),
        (bytes(range(256)), "Ce n’est pas un tableur"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_leaves_nothing(browser, writer, file, words):
    page = send(browser, browser.visit(home(writer)), file, "fiches.xlsx")
    assert page.status == 422
    assert words in page.text.replace("\u00a0", " ")
    assert BulkImport.select().count() == 0


def test_no_file_a_broken_form_or_a_huge_one_are_answered(browser, writer):
    page = browser.visit(home(writer))
    answer = send(browser, page, b"", "")
    assert (answer.status, "Choisissez un fichier." in answer.text) == (422, True)
    values = dict(fields(page.form(DEPOSIT))) | {"cle": "\x00"}
    assert browser.client.post(page.address, data=values).status_code == 422
    assert send(browser, page, bytes(7 * 1024 * 1024)).status == 413


def deposited(writer, lines=LINES):
    one = BulkImport.receive(writer.organisation, read_file(content(lines)), by=writer.account)
    work_next()
    return f"/fiches/par-tableur/depots/{one.code}"


def test_an_abandoned_deposit_says_so(browser, writer):
    page = browser.submit(browser.visit(deposited(writer)), ABANDON)
    assert page.words("h1") == "Abandonné, rien n’a été importé"
    assert Action.select().count() == 0
    answer = browser.visit(home(writer))
    assert "Abandonné" in answer.text


def test_an_act_on_a_deposit_that_moved_is_explained(browser, writer):
    address = deposited(writer)
    page = browser.visit(address)
    BulkImport.get().abandon(by=writer.account)
    page = browser.submit(page, "Importer les 2 lignes valables")
    assert (page.status, "a changé d’état" in page.text) == (409, True)


def test_a_deposit_with_nothing_to_import_offers_no_import(browser, writer):
    page = browser.visit(deposited(writer, [LINES[0], LINES[3]]))
    assert "Il n’y a rien à importer." in page.text
    assert "Importer" not in page.all_words("button")[0]


def test_an_interrupted_deposit_is_taken_up_again(browser, writer):
    address = deposited(writer)
    BulkImport.update(state=State.FAILED, former_state=State.CHECKING, trouble="Panne.").execute()
    page = browser.visit(address)
    assert "Le travail est interrompu." in page.text
    assert browser.submit(page, "Reprendre").words("h1") == "Vérification en cours"


def test_the_page_reloads_by_itself_only_when_asked(browser, writer):
    """WCAG 2.2.1: who hears a page is not started again every five seconds."""
    one = BulkImport.receive(writer.organisation, read_file(content()), by=writer.account)
    address = f"/fiches/par-tableur/depots/{one.code}"
    page = browser.visit(address)
    assert "Refresh" not in page.headers
    followed = browser.visit(page.link("Actualiser toute seule"))
    assert followed.headers["Refresh"] == "5"
    assert followed.link("Arrêter l’actualisation") == address
    part = browser.visit(address, headers={"HX-Request": "true"})
    assert "0 lignes sur 3" in part.html.replace("\u00a0", " ")
    assert "<h1" not in part.html
    work_next()
    part = browser.visit(address, headers={"HX-Request": "true"})
    assert "Lire le résultat" in part.html
    assert "data-hx-trigger" not in part.html


def test_many_errors_are_read_page_by_page(browser, writer):
    wrong = [["ab", f"Description {n}", "", "", ""] for n in range(120)]
    address = deposited(writer, [LINES[0], *wrong])
    page = browser.visit(address)
    assert "120 erreurs à corriger" in page.text
    assert len(page.root.findall(".//tbody/tr")) == 50
    page = browser.visit(page.link("Erreurs suivantes"))
    assert len(browser.visit(page.link("Erreurs suivantes")).root.findall(".//tbody/tr")) == 20
    for hostile in ("0", "-1", "é", "9" * 30, "99", "\x00"):
        assert browser.visit(address, query_string={"page": hostile}).status == 200


def test_a_stranger_finds_nothing_and_a_member_without_the_right_neither(app, writer):
    """I12, I13: a deposit of others and one that does not exist are one page."""
    address = deposited(writer)
    for account in (
        factories.writer().account,
        factories.membership(organisation=writer.organisation).account,
        factories.account(role=Role.COORDINATOR),
    ):
        visitor = Visitor(app).enter(account)
        for asked in (address, home(writer), f"{home(writer)}/fiches.ods"):
            assert visitor.visit(asked).status == 404


def test_who_may_write_nowhere_is_told_the_way(app, db):
    page = Visitor(app).enter(factories.membership().account).visit("/fiches/par-tableur")
    assert "Il faut le droit d’écrire" in page.text


def test_who_runs_the_bank_chooses_any_organisation(app, writer):
    animator = Visitor(app).enter(factories.account(role=Role.BANK_ANIMATOR))
    page = animator.visit("/fiches/par-tableur")
    page = animator.submit(page, "Continuer", {"organisme": writer.organisation.code})
    assert page.address == home(writer)


def test_templates_are_offered_in_every_format(browser):
    page = browser.visit("/fiches/par-tableur")
    for words in (
        "Modèle ODS", "Modèle XLSX", "Modèle CSV des services", "Modèle CSV des structures"
    ):  # fmt: skip
        answer = browser.client.get(page.link(words))
        assert "attachment" in answer.headers["Content-Disposition"]
        with pytest.raises(RuleBroken, match="aucune ligne"):
            read_file(answer.data)
    answer = browser.client.get(page.link("Valeurs permises"))
    assert "Gratuit" in answer.data.decode("utf-8-sig")


def test_one_s_own_sheets_leave_as_spreadsheets_and_as_national_records(browser, writer):
    mine = factories.action(organisation=writer.organisation, name="À nous", source_id="nous--1",
                            updated_on=dt.date(2026, 1, 5))  # fmt: skip
    factories.action(name="À eux")
    page = browser.visit(home(writer))
    for words in ("Nos fiches en ODS", "Nos fiches en XLSX", "Nos services en CSV"):
        answer = browser.client.get(page.link(words))
        assert "no-store" in answer.headers["Cache-Control"]
        rows = read_file(answer.data)[0]
        assert rows.sheet is SERVICES
        assert [cells["id"] for _, cells in rows.rows] == [mine.source_id]
    document = browser.client.get(page.link("Nos fiches publiées")).get_json(force=True)
    [service] = document["services"]
    assert v1.Service.model_validate(service).nom == "À nous"
    assert [s["id"] for s in document["structures"]] == [service["structure_id"]]
    [row] = read_file(browser.client.get(page.link("Notre structure en CSV")).data)[0].rows
    assert row[1]["nom"] == "Le Relais"


def test_the_pages_ask_few_questions_however_many_rows(browser, writer, monkeypatch):
    """No query per row, of the list nor of the report."""
    from models.base import database

    deposited(writer)
    asked = []
    run = database.obj.execute_sql

    def counted(sql, *args, **kwargs):
        asked.append(sql)
        return run(sql, *args, **kwargs)

    monkeypatch.setattr(database.obj, "execute_sql", counted)
    browser.visit(home(writer))
    few = len(asked)
    assert few <= 20
    monkeypatch.undo()
    for _ in range(2):
        BulkImport.create(organisation=writer.organisation, state=State.ABANDONED)
    monkeypatch.setattr(database.obj, "execute_sql", counted)
    asked.clear()
    browser.visit(home(writer))
    assert len(asked) == few


def test_the_json_export_is_the_document_the_portal_imports(browser, writer):
    from models.exchange.importing import import_document

    factories.action(organisation=writer.organisation, source_id="nous--1")
    before = Organisation.select().count()
    answer = browser.client.get(f"{home(writer)}/fiches.json")
    report = import_document(json.loads(answer.data))
    assert (report.actions.created, report.actions.rejected) == (0, 0)
    assert Organisation.select().count() == before
