"""« Toujours à jour », by a link or signed in, and the page of who runs the bank (REQ 15, 20)."""

import datetime as dt

import html5lib
import pytest
import time_machine
from playhouse.test_utils import count_queries

from blueprints import mail
from models import AuditEntry, OutgoingEmail, ReviewReminder, outbox
from models.accounts.account import Role
from models.action_bank import lifecycle
from models.action_bank.freshness import remind_due
from models.action_bank.sheets import Action
from models.base import today
from models.vocabularies import Status
from tests import factories
from tests.visitor import Visitor

STILL = "Toujours à jour"
LATE = dt.timedelta(days=400)


@pytest.fixture
def writer(db):
    return factories.writer(factories.signed_organisation(name="Envol"))


@pytest.fixture
def action(writer):
    return factories.action(
        organisation=writer.organisation,
        name="Atelier CV",
        phone="+33536490031",
        verified_on=today() - LATE,
        places_left=4,
        places_total=10,
    )


@pytest.fixture
def address(action):
    """The address of the link that a reminder sent."""
    remind_due()
    [message] = OutgoingEmail.select().where(OutgoingEmail.kind == "sheet_review")
    return f"/verifier/{message.values['sheets'][0]['token']}"


@pytest.fixture
def author(app, writer):
    return Visitor(app).enter(writer.account)


def verified(action):
    return Action.get_by_id(action.id).verified_on == today()


# The link


def test_opening_the_link_writes_nothing_and_the_button_confirms(visitor, action, address):
    """REQ-20: filters of mail servers open links; a person presses the button, without account."""
    before = AuditEntry.select().count()
    for _ in range(3):
        visitor.client.head(address)
        page = visitor.visit(address)
    assert page.words("h1") == "Cette fiche est-elle toujours à jour ?"
    assert "05\u00a036\u00a049\u00a000\u00a031" in page.html
    assert (AuditEntry.select().count(), verified(action)) == (before, False)
    assert ReviewReminder.get().used_at is None
    done = visitor.submit(page, STILL)
    assert (done.status, done.words("h1")) == (200, "C’est noté : la fiche est confirmée")
    assert verified(action)


def test_a_link_used_again_says_when_it_was(visitor, action, address):
    """Double click, Back, replay: the same page, one confirmation."""
    page = visitor.visit(address)
    for _ in range(2):
        done = visitor.submit(page, STILL)
    replayed = Visitor(visitor.client.application).visit(address)
    for one in (done, replayed):
        assert one.status == 200
        assert "Il ne sert qu’une fois" in one.text
    assert Action.get_by_id(action.id).edition == 1


def test_a_link_too_old_says_so(visitor, action, address):
    open_page = visitor.visit(address)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)):
        page = visitor.visit(address)
        sent = visitor.submit(open_page, STILL)
    for one in (page, sent):
        assert (one.status, one.words("h1")) == (410, "Ce lien est périmé")
    assert not verified(action)


@pytest.mark.parametrize("change", ["x", "A", "%00", "%ED%A0%80", "é" * 3000])
def test_a_link_that_was_changed_says_so(visitor, action, address, change):
    for path in (address + change, f"/verifier/{change}"):
        page = visitor.visit(path)
        assert (page.status, page.words("h1")) == (404, "Ce lien n’est pas le bon")
    page = visitor.visit(address)
    page.form(STILL).set("action", address[:-1])
    assert visitor.submit(page, STILL).status == 404
    assert not verified(action)


def test_a_link_stops_with_the_membership_of_who_got_it(visitor, writer, action, address):
    """I2: the right is read when the button is pressed, not when the link was sent."""
    page = visitor.visit(address)
    writer.end(by=None)
    refused = visitor.submit(page, STILL)
    assert (refused.status, refused.words("h1")) == (410, "Ce lien ne sert plus")
    assert visitor.visit(address).status == 410
    assert not verified(action)


def test_the_link_of_an_archived_sheet_says_so(visitor, writer, action, address):
    page = visitor.visit(address)
    lifecycle.archive(action, by=writer.account)
    refused = visitor.submit(page, STILL)
    assert (refused.status, refused.words("h1")) == (410, "Cette fiche n’est plus publiée")
    assert not verified(action)


def test_another_site_confirms_nothing(visitor, action, address):
    visitor.visit(address)
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
        assert visitor.client.post(address, headers=headers).status_code in (400, 403)
    assert not verified(action)


def test_the_link_leaks_nowhere(visitor, action, address, caplog):
    """ASVS 14.2.1: neither to other sites, nor to a cache, nor to the journal."""
    page = visitor.visit(address)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert 'href="http' not in page.html.partition("</header>")[2]
    assert address.rpartition("/")[2] not in caplog.text


def test_who_has_something_to_change_signs_in_and_lands_where_it_is_written(
    visitor, action, address
):
    page = visitor.visit(visitor.visit(address).link("Me connecter"))
    assert page.words("h1") == "Se connecter"
    assert f"/fiches/{action.code}" in page.html


# The message


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_message_lists_each_sheet_with_its_link(app, db, language):
    """REQ-20: the same words in both forms, in the reader's language."""
    sheets = [
        {"name": f"Fiche <{n}> & co", "day": "2026-01-05", "token": f"JETON{n}"} for n in (1, 2)
    ]
    message = outbox.post(
        "sheet_review", "amina@example.org", language,
        organisation="Envol", sheets=sheets, has_more=True,
    )  # fmt: skip
    with app.app_context():
        words = mail.write(message)
    for number in (1, 2):
        assert f"/verifier/JETON{number}\n" in words.text
        assert f"Fiche <{number}> & co" in words.text
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(words.html)
    said = " ".join("".join(root.find("body").itertext()).split())
    assert said == " ".join(words.text.replace("-- \n", "").split())
    assert ("Still up to date" in words.text) == (language == "en")


# Signed in


def test_an_author_confirms_in_one_click_from_the_sheet(author, action):
    page = author.submit(author.visit(f"/actions/{action.code}"), STILL)
    assert page.status == 200
    assert "La fiche est confirmée" in page.text
    assert "par Envol" in page.text
    assert verified(action)


def test_an_author_gives_the_places_of_today(author, action):
    page = author.visit(author.visit(f"/actions/{action.code}").link("Mettre à jour les places"))
    done = author.submit(page, STILL, {"places": "0"})
    assert "Complet" in done.text
    kept = Action.get_by_id(action.id)
    assert (kept.places_left, kept.places_on, kept.verified_on) == (0, today(), today())


@pytest.mark.parametrize("typed", ["-1", "beaucoup", "²", "10000", "1e3", "11", "9" * 5000])
def test_places_that_cannot_be_are_refused_and_kept(author, action, typed):
    page = author.visit(f"/fiches/{action.code}/confirmer")
    refused = author.submit(page, STILL, {"places": typed})
    assert refused.status == 422
    assert refused.title.startswith("Erreur")
    assert f'value="{typed[:10]}"' in refused.html
    assert not verified(action)


def test_places_counted_by_two_people_at_once_are_both_shown(app, author, writer, action):
    """Never last-write-wins: 409, then one decides."""
    page = author.visit(f"/fiches/{action.code}/confirmer")
    colleague = Visitor(app).enter(factories.writer(writer.organisation).account)
    colleague.submit(colleague.visit(page.address), STILL, {"places": "7"})
    both = author.submit(page, STILL, {"places": "2"})
    assert both.status == 409
    assert "en a écrit 7, et vous 2" in both.text
    author.submit(both, STILL)
    assert Action.get_by_id(action.id).places_left == 2


def test_a_draft_is_not_confirmed(author, action):
    page = author.visit(f"/fiches/{action.code}/confirmer")
    Action.update(status=Status.DRAFT).where(Action.id == action.id).execute()
    assert author.submit(page, STILL, {"places": ""}).status == 422
    assert "n’est pas publiée" in author.visit(f"/fiches/{action.code}/confirmer").text
    assert STILL not in author.visit(f"/actions/{action.code}").text


def test_a_reader_and_a_stranger_are_not_offered_to_confirm(app, visitor, action):
    stranger = Visitor(app).enter(factories.writer().account)
    for one in (visitor, stranger):
        assert STILL not in one.visit(f"/actions/{action.code}").text
    assert stranger.visit(f"/fiches/{action.code}/confirmer").status == 404


# Counted


def test_the_page_of_an_organisation_says_how_many_sheets_are_in_time(visitor, writer, action):
    """REQ-20: in words; L4, the score of each organisation is public."""
    address = f"/partenaires/{writer.organisation.code}"
    assert "Aucune de ses fiches n’est vérifiée dans son délai." in visitor.visit(address).text
    factories.action(organisation=writer.organisation)
    assert "1 fiche sur 2 vérifiée dans son délai." in visitor.visit(address).text
    Action.update(verified_on=today()).execute()
    assert "Toutes ses fiches sont vérifiées dans leur délai." in visitor.visit(address).text


@pytest.fixture
def runner(app, db):
    return Visitor(app).enter(factories.account(role=Role.BANK_ANIMATOR))


def rows(page):
    return page.all_words("tbody/tr/th")


def test_who_runs_the_bank_sees_where_sheets_wait(runner, action):
    """REQ-20: the oldest first, other orders by choice, and whom nobody can remind."""
    other = factories.organisation(name="Zeste")
    for days in (500, 1, 1):
        verified_on = today() - dt.timedelta(days=days)
        factories.action(organisation=other, verified_on=verified_on, name=f"Fiche {days}")
    page = runner.visit("/fraicheur")
    assert page.title.startswith("2 fiches à vérifier")
    assert rows(page) == ["Zeste", "Envol"]
    assert "personne à prévenir" in page.all_words("tbody/tr")[0]
    assert rows(runner.submit(page, "Trier", {"tri": "part"})) == ["Envol", "Zeste"]
    assert rows(runner.visit("/fraicheur?tri=inconnu")) == ["Zeste", "Envol"]
    sheets = runner.visit(page.link("Zeste"))
    assert sheets.all_words("tbody/tr/th") == ["Fiche 500"]
    remind_due()
    sheets = runner.visit(page.link("Envol"))
    assert "aucun" not in sheets.all_words("tbody/tr")[0]
    assert runner.visit(sheets.link("Atelier CV")).words("h1") == "Atelier CV"


@pytest.mark.parametrize("page", ["0", "-1", "2", "abc", "²", "9" * 400])
def test_a_page_that_is_not_shows_one_that_is(runner, action, page):
    assert rows(runner.visit(f"/fraicheur?page={page}")) == ["Envol"]
    assert runner.visit(f"/fraicheur/{action.organisation.code}?page={page}").status == 200


def test_lists_of_a_large_bank_take_few_queries(runner):
    """No query per line, whatever the number of sheets and organisations."""
    for _ in range(8):
        factories.action(verified_on=today() - LATE)
    address = f"/fraicheur/{Action.get().organisation.code}"
    for path in ("/fraicheur", address):
        with count_queries() as few:
            runner.visit(path)
        for _ in range(8):
            factories.action(verified_on=today() - LATE, organisation=Action.get().organisation)
            factories.action(verified_on=today() - LATE)
        with count_queries() as many:
            runner.visit(path)
        assert many.count <= few.count
