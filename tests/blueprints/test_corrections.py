"""Signalling what is wrong, following it, answering it, page by page (product §3, corrections)."""

import html5lib
import pytest
from playhouse.test_utils import count_queries

from blueprints import mail
from blueprints.corrections import views
from models import AuditEntry, Correction, OutgoingEmail, outbox
from models.accounts.account import Role
from models.action_bank import versions
from models.action_bank.corrections import CorrectionState
from models.action_bank.sheets import Action
from models.vocabularies import Status
from tests import factories
from tests.visitor import Visitor, fields

SEND, ACCEPT, REPLY, DECLINE = (
    "Envoyer à l’organisme", "Corriger la fiche", "Envoyer la réponse", "Refuser la proposition"
)  # fmt: skip
REPORT = "Signaler une erreur, proposer une correction"
HOSTILE = ["\x00", "\ufeff", "é" * 70_000, "' OR 1=1 --", "{{7*7}}", "<script>x</script>", "\u202e"]


@pytest.fixture
def writer(db):
    return factories.writer(factories.signed_organisation(name="Envol"))


@pytest.fixture
def action(writer):
    return factories.action(
        organisation=writer.organisation,
        name="Atelier CV",
        phone="04 00 00 00 00",
        email="vieux@example.org",
        opening_hours="Mo-Fr 09:00-12:00",
        commune="Toulouse",
        postcode="31000",
        insee_code="31555",
        longitude=1.44,
        latitude=43.6,
        places_left=5,
    )


@pytest.fixture
def reporter(app, db):
    """A professional of another organisation of the network."""
    person = factories.membership(organisation=factories.admitted_organisation(name="Clic"))
    visitor = Visitor(app).enter(person.account)
    visitor.account = person.account
    return visitor


@pytest.fixture
def author(app, writer):
    return Visitor(app).enter(writer.account)


def form_page(visitor, action):
    return visitor.visit(visitor.visit(f"/actions/{action.code}").link(REPORT))


def proposed(action, reporter, **values):
    values = values or {"phone": "05 36 49 00 31"}
    return Correction.propose(action, by=reporter.account, seen=action.edition, values=values)


def phone_of(action):
    return Action.get_by_id(action.id).phone


# Proposing


def test_any_professional_proposes_a_correction_on_the_sheet_of_another(reporter, action):
    """Product §3: « on any sheet, also another partner's »; only what changed is proposed."""
    page = form_page(reporter, action)
    filled = {"sujets": ["telephone", "places"], "phone": "05 36 49 00 31", "message": "Vu hier."}
    done = reporter.submit(page, SEND, filled)
    assert done.words("h1") == "Correction : Atelier CV"
    assert "En attente de réponse" in done.text
    [kept] = Correction.select()
    assert kept.proposed == {"phone": "05 36 49 00 31"}
    assert (kept.topics, kept.message, kept.account) == (
        ["telephone", "places"],
        "Vu hier.",
        reporter.account,
    )
    assert phone_of(action) == "04 00 00 00 00"
    assert AuditEntry.get(AuditEntry.act == "correction:propose").actor_id == reporter.account.id


def test_a_form_sent_as_it_came_asks_what_is_wrong(reporter, action):
    page = reporter.submit(form_page(reporter, action), SEND)
    assert page.status == 422
    assert "dites ce qui est à corriger" in page.text
    assert Correction.select().count() == 0


def test_sending_twice_is_sending_once(reporter, action):
    page = form_page(reporter, action)
    first, second = (reporter.submit(page, SEND, {"sujets": "arretee"}) for _ in range(2))
    assert first.address == second.address
    assert Correction.select().count() == 1


def test_every_field_is_proposed_as_the_sheet_keeps_it(reporter, action):
    typed = {
        "email": "neuf@example.org", "address": "1 rue Neuve", "commune": "31600 muret",
        "opening_hours": "lundi, 9 h", "fees_detail": "10 euros", "places_left": "0",
        "mobilisation_url": "https://example.org/demande",
    }  # fmt: skip
    reporter.submit(form_page(reporter, action), SEND, typed)
    kept = Correction.get().proposed
    assert (kept["commune"], kept["postcode"], kept["insee_code"]) == ("Muret", "31600", "31395")
    assert kept["places_left"] == 0
    assert {name: kept[name] for name in typed if name not in ("commune", "places_left")} == {
        name: value for name, value in typed.items() if name not in ("commune", "places_left")
    }


def test_a_field_emptied_proposes_nothing_there(reporter, action):
    page = reporter.submit(form_page(reporter, action), SEND, {"email": "", "places_left": ""})
    assert Correction.get().proposed == {"email": None, "places_left": None}
    assert "rien" in page.text


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("phone", "appelez-moi"),
        ("email", "vieux@"),
        ("commune", "Atlantide"),
        ("commune", "Saint"),
        ("places_left", "-1"),
        ("places_left", "²"),
        ("places_left", "10000"),
        ("mobilisation_url", "javascript:alert(1)"),
        ("address", "x" * 501),
        ("message", "x" * 2001),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_kept(reporter, action, name, typed):
    page = reporter.submit(form_page(reporter, action), SEND, {name: typed, "fees_detail": "9 €"})
    assert page.status == 422
    assert page.root.find(f".//a[@href='#{name}']") is not None
    assert typed[:500] in page.html
    assert 'value="9 €"' in page.html
    assert Correction.select().count() == 0


@pytest.mark.parametrize("name", ["message", "address", "opening_hours"])
def test_a_social_security_number_is_refused_and_not_shown_back(reporter, action, name):
    page = reporter.submit(form_page(reporter, action), SEND, {name: "2 85 05 31 555 123 42"})
    assert page.status == 422
    assert "555 123" not in page.html


def test_what_an_import_wrote_and_nobody_touched_is_not_judged(reporter, action):
    """An old value of any shape never stops somebody from correcting another one."""
    strange = {"phone": "x" * 600, "email": "à demander", "commune": "Ailleurs"}
    Action.update(strange).where(Action.id == action.id).execute()
    reporter.submit(form_page(reporter, action), SEND, {"places_left": "1"})
    assert set(Correction.get().proposed) == {"places_left", "places_on"}


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_words_are_harmless(reporter, author, action, typed):
    page = form_page(reporter, action)
    answer = reporter.submit(page, SEND, {"message": typed, "address": typed, "sujets": "autre"})
    assert answer.status in (200, 422)
    for correction in Correction.select():
        shown = author.visit(f"/corrections/{correction.code}")
        assert shown.status == 200
        assert "<script>x" not in shown.html


@pytest.mark.parametrize("topics", ["inconnu", ["telephone", "' OR 1=1"]])
def test_a_subject_that_is_not_listed_is_refused(reporter, action, topics):
    page = reporter.submit(form_page(reporter, action), SEND, {"sujets": topics})
    assert page.status == 422
    assert Correction.select().count() == 0


def test_a_draft_of_another_says_nothing_of_itself(reporter, author, action):
    Action.update(status=Status.DRAFT).where(Action.id == action.id).execute()
    address = f"/actions/{action.code}/corriger"
    assert reporter.visit(address).status == 404
    assert author.visit(address).words("h1") == "Atelier CV"
    Action.update(status=Status.ARCHIVED).where(Action.id == action.id).execute()
    assert reporter.visit(address).status == 410


def test_a_visitor_signs_in_first_and_an_outsider_proposes_nothing(app, visitor, action):
    address = f"/actions/{action.code}/corriger"
    assert visitor.visit(address).words("h1") == "Se connecter"
    assert REPORT not in visitor.visit(f"/actions/{action.code}").text
    outsider = factories.membership(organisation=factories.organisation())
    assert Visitor(app).enter(outsider.account).visit(address).status == 404


# Answering


def test_accepting_corrects_the_sheet_and_the_reporter_reads_the_answer(reporter, author, action):
    correction = proposed(action, reporter)
    page = author.visit(f"/corrections/{correction.code}")
    assert page.all_words("li/dl/dd") == ["04 00 00 00 00", "05 36 49 00 31", "la même chose"]
    done = author.submit(page, ACCEPT, {"accord": "Merci !"})
    assert "La fiche est corrigée." in done.text
    assert phone_of(action) == "05 36 49 00 31"
    read = reporter.visit(f"/corrections/{correction.code}")
    assert "Acceptée" in read.text
    assert "Merci" in read.text
    assert ACCEPT not in read.text


def test_accepting_twice_is_accepting_once(reporter, author, action):
    page = author.visit(f"/corrections/{proposed(action, reporter).code}")
    assert [author.submit(page, ACCEPT).status for _ in range(2)] == [200, 200]
    assert Action.get_by_id(action.id).edition == 1


def test_a_sheet_changed_since_is_shown_field_by_field_then_decided(
    reporter, author, action, writer
):
    """Never last-write-wins: 409, both values, nothing chosen for anybody."""
    correction = proposed(action, reporter, phone="05 36 49 00 31", email="neuf@example.org")
    page = author.visit(f"/corrections/{correction.code}")
    versions.write(action, {"phone": "06 00 00 00 00"}, by=writer.account, seen=0)
    both = author.submit(page, ACCEPT, {"accord": "Merci."})
    assert both.status == 409
    assert both.all_words("li/dl/dd")[2] == "06 00 00 00 00 changé depuis"
    assert "Merci." in both.html
    ticked = [value for name, value in fields(both.form(ACCEPT)) if name == "champ"]
    assert ticked == ["email"]
    assert phone_of(action) == "06 00 00 00 00"
    author.submit(both, ACCEPT, {"champ": ["phone", "email"]})
    assert phone_of(action) == "05 36 49 00 31"


def test_a_part_may_be_taken_and_is_said(reporter, author, action):
    correction = proposed(action, reporter, phone="05 36 49 00 31", email="neuf@example.org")
    page = author.visit(f"/corrections/{correction.code}")
    done = author.submit(page, ACCEPT, {"champ": ["email"]})
    assert "Une partie seulement a été reprise" in done.text
    assert phone_of(action) == "04 00 00 00 00"


@pytest.mark.parametrize("ticked", [[], ["id"], ["description", "\x00"]])
def test_accepting_nothing_is_refused(reporter, author, action, ticked):
    page = author.visit(f"/corrections/{proposed(action, reporter).code}")
    refused = author.submit(page, ACCEPT, {"champ": ticked})
    assert refused.status == 422
    assert "Cochez au moins une valeur" in refused.text
    assert phone_of(action) == "04 00 00 00 00"


@pytest.mark.parametrize(
    ("button", "name", "state"),
    [(REPLY, "reponse", CorrectionState.ANSWERED), (DECLINE, "motif", CorrectionState.DECLINED)],
)
def test_answering_and_declining_take_words(reporter, author, action, button, name, state):
    """Product §3: the author answers or declines with a reason; the reporter sees it."""
    page = author.visit(f"/corrections/{proposed(action, reporter).code}")
    assert author.submit(page, button).status == 422
    nir = author.submit(page, button, {name: "1850531555123 42"})
    assert (nir.status, "1850531555123" in nir.html) == (422, False)
    for _ in range(2):
        done = author.submit(page, button, {name: "Ce numéro\n est le bon."})
        assert done.status == 200
    assert Correction.get().state is state
    assert "est le bon." in reporter.visit(page.address).text
    assert phone_of(action) == "04 00 00 00 00"


def test_two_people_who_answer_at_once_do_not_contradict_each_other(
    app, reporter, author, writer, action
):
    page = author.visit(f"/corrections/{proposed(action, reporter).code}")
    colleague = Visitor(app).enter(factories.writer(writer.organisation).account)
    colleague.submit(colleague.visit(page.address), DECLINE, {"motif": "Non."})
    late = author.submit(page, ACCEPT)
    assert late.status == 409
    assert "a déjà reçu sa réponse" in late.text
    assert "Non." in late.text
    assert phone_of(action) == "04 00 00 00 00"


def test_a_report_without_values_is_answered_or_declined(reporter, author, action):
    correction = Correction.propose(action, by=reporter.account, seen=0, topics=["arretee"])
    page = author.visit(f"/corrections/{correction.code}")
    assert "Cette action n’existe plus" in page.text
    assert ACCEPT not in page.text
    author.submit(page, REPLY, {"reponse": "Archivée, merci."})
    assert Correction.get().state is CorrectionState.ANSWERED


@pytest.mark.parametrize("act", ["accepter", "repondre", "refuser"])
def test_the_reporter_and_strangers_decide_nothing(app, reporter, visitor, action, act):
    correction = proposed(action, reporter)
    page = reporter.visit(f"/corrections/{correction.code}")
    assert "L’organisme n’a pas encore répondu" in page.text
    token = dict(fields(page.form("Se déconnecter"))) if "Se déconnecter" in page.text else {}
    stranger = Visitor(app).enter(factories.writer().account)
    assert stranger.visit(page.address).status == 404
    for one in (reporter, stranger):
        answer = one.client.post(f"{page.address}/{act}", data={"csrf_token": "x", **token})
        assert answer.status_code in (400, 403, 404)
    assert Correction.get().is_open


# Lists


def test_the_lists_show_what_waits_first(reporter, author, action):
    first, second = proposed(action, reporter), proposed(action, reporter)
    second.reply("Merci.", by=Correction.get().account)
    mine = reporter.visit("/corrections")
    assert [link.get("href")[-10:] for link in mine.root.iterfind(".//li/h3/a")] == [
        first.code,
        second.code,
    ]
    assert "À votre organisme" not in mine.text
    received = author.visit("/corrections")
    assert received.title.startswith("Corrections (1 à traiter)")
    assert "À votre organisme (2)" in received.text
    assert author.visit("/espace-pro").link("1 correction proposée") == "/corrections"


def test_who_runs_the_bank_sees_them_all(app, reporter, action):
    proposed(action, reporter)
    runner = Visitor(app).enter(factories.account(role=Role.BANK_ANIMATOR))
    page = runner.visit("/corrections")
    assert runner.submit(runner.visit(page.link("Atelier CV")), ACCEPT).status == 200


def test_long_lists_have_pages_and_take_few_queries(reporter, author, action, monkeypatch):
    monkeypatch.setattr(views, "SHOWN", 3)
    for _ in range(3):
        proposed(action, reporter)
    with count_queries() as few:
        author.visit("/corrections")
    for _ in range(4):
        proposed(action, reporter)
    with count_queries() as many:
        page = author.visit("/corrections")
    assert many.count <= few.count
    assert len(page.all_words("li/h3")) == 3
    last = author.visit(author.visit(page.link("Page suivante")).link("Page suivante"))
    assert len(last.all_words("li/h3")) == 1
    for hostile in ("0", "-1", "²", "9" * 400):
        assert author.visit(f"/corrections?recues={hostile}&proposees={hostile}").status == 200


# Messages


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("correction_received", {}),
        *(("correction_decided", {"state": state.value}) for state in CorrectionState),
    ],
)
def test_each_message_says_the_same_in_both_forms_and_nothing_of_what_was_written(
    app, db, language, kind, values
):
    values = {"sheet": "Fiche <x> & co", "code": "0000000000", **values}
    with app.app_context():
        words = mail.write(outbox.post(kind, "amina@example.org", language, **values))
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(words.html)
    said = " ".join("".join(root.find("body").itertext()).split())
    assert said == " ".join(words.text.replace("-- \n", "").split())
    assert "/corrections/0000000000" in words.text
    assert ("Bonjour" in words.text) == (language == "fr")


def test_messages_carry_the_name_of_the_sheet_and_no_word_of_anybody(reporter, author, action):
    page = form_page(reporter, action)
    page = reporter.submit(page, SEND, {"message": "Mot privé", "sujets": "autre"})
    author.submit(author.visit(page.address), REPLY, {"reponse": "Autre mot"})
    about = OutgoingEmail.select().where(OutgoingEmail.kind.startswith("correction_"))
    sent = [str(message.values) for message in about]
    assert len(sent) == 2
    assert not any("mot" in words.lower() for words in sent)
