"""Pages of the follow-up in employment: the référent’s, hers, the link of an e-mail (REQ-13)."""

import pytest

from blueprints import mail
from models import AuditEntry, EmploymentEntry, EmploymentPoint, OutgoingEmail, outbox
from models.base import today
from models.days import months_before
from models.employment.asking import ask_points
from models.employment.entry import EntryEnd
from models.employment.points import AnsweredBy, InWork
from models.persons.person import ContactBy
from models.prescriptions import acting
from models.prescriptions.mover import provider
from models.prescriptions.states import Outcome
from tests import factories
from tests.models.test_employment import entered
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

CANARY = "Zéphyrine"


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    mail_of_hers = {"email": "samia@example.org", "contact_by": ContactBy.EMAIL}
    return factories.accompanied(writer, factories.person(given_name=CANARY, **mail_of_hers))


@pytest.fixture
def desk(visitor, writer):
    return visitor.enter(writer.account)


@pytest.fixture
def space(app, samia):
    return Visitor(app).enter_space(samia)


@pytest.fixture
def link(samia, writer):
    """The address of the question of the first month."""
    entered(samia, writer, months=1)
    ask_points()
    [message] = OutgoingEmail.select().where(OutgoingEmail.kind == "employment_point")
    return f"/emploi/{message.values['token']}"


def path(samia, rest=""):
    return f"/personnes/{samia.code}/emploi{rest}"


def first_point():
    return EmploymentPoint.select().order_by(EmploymentPoint.id).first()


# For who accompanies


def test_an_entry_is_written_with_its_day(desk, samia, writer):
    page = desk.visit(desk.visit(f"/personnes/{samia.code}").link("Elle a trouvé un emploi"))
    assert CANARY not in page.title
    refused = desk.submit(page, "Noter son entrée en emploi", {"jour": ""})
    assert refused.status == 422
    assert "écrivez le premier jour de l’emploi." in refused.text
    page = desk.submit(page, "Noter son entrée en emploi", {"jour": today().isoformat()})
    assert "Les questions à venir sont prêtes" in page.text
    assert len(page.root.findall(".//ol[@class='path']/li")) == 3
    assert EmploymentEntry.get().account == writer.account


@pytest.mark.parametrize("day", ["2026-02-31", "hier", "1999-01-01", "2099-01-01"])
def test_a_day_that_may_not_be_is_refused_and_stays_typed(desk, samia, day):
    page = desk.submit(desk.visit(path(samia)), "Noter son entrée en emploi", {"jour": day})
    assert page.status == 422
    assert page.root.find(".//input[@id='jour']").get("value") == day
    assert not EmploymentEntry.select().exists()


def test_sent_twice_it_is_written_once(desk, samia):
    page = desk.visit(path(samia))
    for _ in range(2):
        answer = desk.submit(page, "Noter son entrée en emploi", {"jour": today().isoformat()})
        assert answer.status == 200
    assert EmploymentEntry.select().count() == 1


def test_the_outcome_of_a_referral_gives_the_day(desk, samia, writer):
    """Its page leads here, and names it in the address."""
    asked = factories.sent(samia, writer)
    acting.accept(asked, mover=provider(asked.provider))
    acting.conclude(asked, Outcome.DONE, today(), mover=factories.by(writer))
    page = desk.visit(path(samia, f"?demande={asked.code}"))
    assert page.root.find(".//input[@id='jour']").get("value") == today().isoformat()
    desk.submit(page, "Noter son entrée en emploi")
    assert EmploymentEntry.get().prescription == asked


@pytest.mark.parametrize("code", ["0000000000", "x", "é" * 300])
def test_an_unknown_referral_is_passed_over(desk, samia, code):
    assert "À la suite d’une demande" not in desk.visit(path(samia, f"?demande={code}")).text


def test_an_answer_is_noted_with_her(desk, samia, writer):
    entered(samia, writer, months=1)
    page = desk.visit(path(samia))
    refused = desk.submit(page, "Noter sa réponse", {"reponse": "inventée"})
    assert refused.status == 422
    page = desk.submit(page, "Noter sa réponse", {"reponse": "difficile"})
    assert "« J’y suis encore, mais c’est difficile »" in page.text
    noted = first_point()
    assert (noted.answer, noted.how) == (InWork.HARD, AnsweredBy.DESK)


def test_an_error_is_corrected_and_the_right_day_written(desk, samia, writer):
    entered(samia, writer, months=1)
    page = desk.visit(path(samia))
    assert desk.submit(page, "Finir ce suivi", {"pourquoi": "parti"}).status == 422
    page = desk.submit(page, "Finir ce suivi", {"pourquoi": "erreur"})
    assert EmploymentEntry.get().end is EntryEnd.MISTAKE
    desk.submit(page, "Noter son entrée en emploi", {"jour": factories.in_days(-2).isoformat()})
    assert EmploymentEntry.current_of(samia).started_on == factories.in_days(-2)


def test_the_list_of_persons_leads_to_what_is_due(desk, samia, writer):
    """REQ-13: « absence de point signalée », on his page."""
    entered(samia, writer, months=1)
    page = desk.visit("/personnes")
    assert desk.visit(page.link("Emploi : question après 1 mois")).words("h1") == "Son emploi"
    first_point().reply(InWork.LEFT, how=AnsweredBy.LINK)
    assert "Emploi : « Je n’y suis plus »" in desk.visit("/personnes").text


def test_a_point_of_somebody_else_is_not_found(desk, samia, writer):
    """I13."""
    other = factories.accompanied(writer)
    entered(other, writer, months=1)
    theirs = first_point()
    entered(samia, writer, months=1)
    page = desk.visit(path(samia))
    form = page.form("Noter sa réponse")
    form.set("action", path(samia, f"/{theirs.code}/reponse"))
    assert desk.submit(page, "Noter sa réponse", {"reponse": "ca-va"}).status == 404
    assert first_point().answer is None


# Hers


def test_she_writes_it_herself_and_answers_in_her_space(space, samia):
    page = space.visit("/mon-espace/emploi")
    page = space.submit(page, "Noter mon emploi", {"jour": months_before(today(), 1).isoformat()})
    assert EmploymentEntry.get().account is None
    page = space.submit(page, "Répondre", {"reponse": "ca-va"})
    assert "Votre réponse est notée" in page.text
    assert first_point().how is AnsweredBy.SPACE
    assert AuditEntry.select().where(AuditEntry.act == "employment:answer").count() == 1


def test_she_may_ask_for_no_more_questions(space, samia, writer):
    entered(samia, writer, months=1)
    page = space.visit("/mon-espace/emploi")
    page = space.submit(page, "Ne plus me poser de question")
    assert EmploymentEntry.get().end is EntryEnd.STOPPED
    assert "J’ai trouvé un emploi" in page.text


# By the link


def test_the_link_asks_one_question_and_names_nobody(visitor, link):
    page = visitor.visit(link)
    assert page.words("h1") == "Où en êtes-vous avec votre emploi ?"
    assert CANARY not in page.html
    assert len(page.root.findall(".//input[@type='radio']")) == 5


def test_opening_the_link_writes_nothing(visitor, link):
    """Filters of mailboxes open every link."""
    before = AuditEntry.select().count()
    for _ in range(3):
        visitor.client.head(link)
        visitor.visit(link)
    assert first_point().answer is None
    assert AuditEntry.select().count() == before


def test_the_button_answers_once(visitor, link):
    page = visitor.visit(link)
    refused = visitor.submit(page, "Répondre")
    assert refused.status == 422
    assert "choisissez une réponse." in refused.text
    for answer in ("difficile", "ca-va"):
        done = visitor.submit(page, "Répondre", {"reponse": answer})
        assert done.words("h1") == "Votre réponse est notée"
    assert "Votre référent est prévenu" in done.text
    assert (first_point().answer, first_point().how) == (InWork.HARD, AnsweredBy.LINK)


def test_an_expired_link_says_where_to_answer(visitor, link):
    EmploymentPoint.update(link_ends_at=EmploymentPoint.created_at).execute()
    page = visitor.visit(link)
    assert (page.status, page.words("h1")) == (410, "Ce lien est périmé")
    visitor.client.post(link, data={"reponse": "ca-va"})
    assert first_point().answer is None


def test_a_link_whose_follow_up_ended_asks_nothing(visitor, link, samia):
    EmploymentEntry.current_of(samia).finish(EntryEnd.STOPPED, by=samia)
    page = visitor.visit(link)
    assert (page.status, page.words("h1")) == (410, "Il n’y a plus de question")


@pytest.mark.parametrize("token", ["inconnu", "x" * 3000, "é'\"%00"])
def test_an_unknown_or_altered_link_has_its_page(visitor, token):
    page = visitor.visit(f"/emploi/{token}")
    assert (page.status, page.words("h1")) == (404, "Ce lien n’est pas le bon")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("employment_point", {"token": "JETON"}),
        ("employment_news", {}),
        ("employment_silence", {"count": 1}),
        ("employment_silence", {"count": 3}),
    ],
)
def test_the_messages_name_nobody_and_lead_somewhere(app, kind, values):
    with app.app_context():
        said = mail.write(outbox.post(kind, "samia@example.org", **values))
    assert CANARY not in said.text + said.html
    assert "http" in said.text
