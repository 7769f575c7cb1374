"""Pages of the liaison sheet: the référent’s, the provider’s, hers, one employer’s."""

import pytest

from blueprints import mail
from models import AnswerLink, AuditEntry, LiaisonNote, LiaisonSheet, OutgoingEmail, outbox
from models.base import today
from models.liaison.sheet import Employer
from models.liaison.words import Adaptation, Difficulty, NoteState
from models.persons.agreements import Given
from models.prescriptions.mover import herself, provider
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

CANARY = "Zéphyrine"
AGREE = "Je suis d’accord"


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    return factories.accompanied(writer, factories.person(given_name=CANARY))


@pytest.fixture
def trainer():
    """An account of the provider."""
    factories.charter()
    return factories.writer()


@pytest.fixture
def asked(samia, writer, trainer):
    action = factories.action(organisation=trainer.organisation, name="CAP cuisine")
    return factories.accepted(samia, writer, action=action)


@pytest.fixture
def sheet(asked):
    return factories.liaison(asked)


@pytest.fixture
def desk(visitor, writer):
    return visitor.enter(writer.account)


@pytest.fixture
def school(app, trainer):
    return Visitor(app).enter(trainer.account)


@pytest.fixture
def space(app, samia):
    return Visitor(app).enter_space(samia)


def path(asked, rest=""):
    return f"/personnes/{asked.person.code}/prescriptions/{asked.code}/liaison{rest}"


def hers(asked):
    return f"/mon-espace/prescriptions/{asked.code}/liaison"


def theirs(asked):
    return f"/prescriptions/recues/{asked.code}/liaison"


def report(sheet, difficulty=Difficulty.HOURS, **values):
    mover = provider(sheet.prescription.provider)
    return LiaisonNote.report(sheet, difficulty, today(), mover=mover, **values)


def link_of(sheet, *adaptations):
    to = Employer.at("patron@entreprise.example", adaptations)
    sheet.show_to(to, mover=herself(sheet.person))
    kind = OutgoingEmail.kind == "liaison_employer"
    last = OutgoingEmail.select().where(kind).order_by(OutgoingEmail.id.desc()).first()
    return f"/liaison/{last.values['token']}"


def test_she_opens_it_on_his_screen_with_her_code(desk, asked):
    """REQ-211: told exactly who reads it, she agrees."""
    page = desk.visit(path(asked))
    assert asked.provider.name in page.text
    assert CANARY not in page.title
    refused = desk.submit(page, AGREE, {"code": "zzzz zzzz zzzz"})
    assert refused.status == 422
    assert not LiaisonSheet.select().exists()
    page = desk.submit(page, AGREE, {"code": factories.ACCESS_CODE})
    assert "la fiche de liaison est ouverte" in page.text
    assert LiaisonSheet.get().given is Given.CODE


def test_she_opens_it_in_her_space_and_stops_it_at_once(space, school, asked):
    """I3."""
    page = space.submit(space.visit(hers(asked)), AGREE)
    assert school.visit(theirs(asked)).status == 200
    space.submit(page, "Arrêter cette fiche maintenant")
    assert school.visit(theirs(asked)).status == 404
    assert LiaisonSheet.get().ended_at


def test_the_provider_signals_in_closed_words(school, asked, sheet):
    """REQ-181."""
    page = school.visit(theirs(asked))
    assert CANARY in page.text
    refused = school.submit(page, "Signaler au référent", {"depuis": today().isoformat()})
    assert refused.status == 422
    said = {"difficulte": "absences", "depuis": today().isoformat(), "urgent": "1"}
    page = school.submit(page, "Signaler au référent", said)
    assert "Alerte de décrochage" in page.text
    assert LiaisonNote.get().account is not None


@pytest.mark.parametrize(
    "said",
    [
        {"difficulte": "sante"},
        {"depuis": "2026-02-31"},
        {"depuis": "2099-01-01"},
        {"amenagements": ["inventé"]},
        {"difficulte": "amenagement"},
        {"urgent": "1"},
    ],
)
def test_what_is_out_of_the_lists_is_refused_with_a_sentence(school, asked, sheet, said):
    """REQ-182, I10: nothing else can be written."""
    usual = {"difficulte": "horaires", "depuis": today().isoformat()}
    page = school.submit(school.visit(theirs(asked)), "Signaler au référent", usual | said)
    assert page.status == 422
    assert not LiaisonNote.select().exists()


def test_another_organisation_finds_nothing(app, asked, sheet):
    """I13: neither another partner nor the one that prescribed answers for the provider."""
    for account in (factories.writer().account, asked.account):
        assert Visitor(app).enter(account).visit(theirs(asked)).status == 404


def test_the_référent_takes_it_up_then_lifts_it(desk, asked, sheet):
    report(sheet)
    page = desk.visit(path(asked))
    page = desk.submit(page, "Je m’en occupe : Tenir les horaires")
    assert "Prise en charge par le référent" in page.text
    desk.submit(page, "C’est levé : Tenir les horaires")
    assert LiaisonNote.get().state is NoteState.LIFTED


def test_a_subject_that_she_does_not_share_is_not_named(desk, asked, sheet):
    """I1."""
    note = report(sheet, Difficulty.HOUSING)
    for page in (desk.visit(path(asked)), desk.visit(path(asked, "/imprimer"))):
        assert "Se loger" not in page.text
        assert "ne partage pas avec vous" in page.text
    page = desk.visit(path(asked))
    assert f"/{note.code}/" not in page.html


def test_she_reads_it_all(space, asked, sheet):
    report(sheet, Difficulty.HOUSING)
    assert "Se loger" in space.visit(hers(asked)).text


def test_an_employer_reads_what_she_ticked_and_she_knows_it(visitor, sheet, asked):
    """REQ-211, I4: each reading leaves its line."""
    report(sheet, Difficulty.HOUSING)
    page = visitor.visit(link_of(sheet, Adaptation.CALM))
    assert "CAP cuisine" in page.text
    assert "Endroit calme" in page.text
    assert "Se loger" not in page.text
    assert CANARY in page.text
    assert CANARY not in page.title
    read = AuditEntry.select().where(AuditEntry.act == "liaison:read")
    assert [(one.person_id, one.actor_id) for one in read] == [(asked.person_id, None)]


def test_she_lets_an_employer_read_then_no_longer(space, visitor, asked, sheet):
    page = space.visit(hers(asked))
    refused = space.submit(page, "Je laisse lire cet employeur", {"employeur": "non"})
    assert refused.status == 422
    said = {"employeur": "patron@entreprise.example", "montre": ["calme"]}
    page = space.submit(page, "Je laisse lire cet employeur", said)
    kind = OutgoingEmail.kind == "liaison_employer"
    token = OutgoingEmail.get(kind).values["token"]
    assert visitor.visit(f"/liaison/{token}").status == 200
    space.submit(page, "Ne plus rien montrer à l’employeur")
    assert visitor.visit(f"/liaison/{token}").status == 410


def test_the_référent_sends_the_link_again(desk, visitor, asked, sheet):
    former = link_of(sheet)
    desk.submit(desk.visit(path(asked)), "Renvoyer un lien")
    assert visitor.visit(former).status == 410


def test_on_his_screen_an_employer_needs_her_code_again(desk, asked, sheet):
    page = desk.visit(path(asked))
    said = {"employeur": "patron@entreprise.example", "code": "zzzz zzzz zzzz"}
    assert desk.submit(page, "Je laisse lire cet employeur", said).status == 422
    said |= {"code": factories.ACCESS_CODE}
    page = desk.submit(page, "Je laisse lire cet employeur", said)
    assert "patron@entreprise.example" in page.text


@pytest.mark.parametrize("token", ["inconnu", "x" * 3000, "é'\"%00"])
def test_an_unknown_link_has_its_page(visitor, token):
    page = visitor.visit(f"/liaison/{token}")
    assert (page.status, page.words("h1")) == (404, "Ce lien n’est pas le bon")


@pytest.mark.parametrize(
    ("kind", "values"),
    [("liaison_note", {}), ("liaison_alert", {}), ("liaison_employer", {"token": "JETON"})],
)
def test_the_messages_lead_somewhere_and_name_nobody(app, kind, values):
    with app.app_context():
        said = mail.write(outbox.post(kind, "samia@example.org", **values))
    assert "http" in said.text
    assert CANARY not in said.text + said.html


def test_by_its_link_the_organisation_signals_without_an_account(app, asked):
    """REQ-181: one coded difficulty, and the référent is told."""
    factories.liaison(asked)
    token = AnswerLink.issue(asked, "accueil@ecole.example")
    outside = Visitor(app)
    page = outside.visit(f"/repondre/{token}")
    page = outside.follow(page, "Signaler une difficulté")
    refused = outside.submit(page, "Signaler au référent", {"depuis": today().isoformat()})
    assert refused.status == 422
    page = outside.submit(
        page, "Signaler au référent", {"difficulte": "horaires", "depuis": today().isoformat()}
    )
    assert "C’est signalé" in page.text
    assert LiaisonNote.get().account is None


def test_without_her_agreement_the_link_offers_no_difficulty(app, asked):
    token = AnswerLink.issue(asked, "accueil@ecole.example")
    outside = Visitor(app)
    assert "Signaler une difficulté" not in outside.visit(f"/repondre/{token}").text
    page = outside.visit(f"/repondre/{token}/difficulte")
    assert page.address.endswith(token)
