"""The page of e-mails: states for the administrator, words in a demonstration only."""

import datetime as dt
import re

import pytest

from blueprints.settings import MailServer
from models import Account, AuditEntry, OutgoingEmail, outbox
from models.accounts.account import Role
from models.base import now
from models.outbox import EmailState
from models.task_runs import TaskRun
from models.tasks import TASKS
from tests import people
from tests.people import HASH

PAGE = "/administration/courriels"
REFERENCE = "reference-secrete"


def account(role, name="emile", **values):
    return Account.create(
        identifier=f"{name}@example.org", name=name.title(), password_hash=HASH, role=role, **values
    )


def sign_in(visitor, name="emile", address="/connexion"):
    person = Account.get(Account.identifier == f"{name}@example.org")
    return people.sign_in(visitor, person, address=address)


@pytest.fixture
def emile(visitor):
    """The administrator, signed in."""
    account(Role.ADMIN)
    sign_in(visitor)
    return visitor


@pytest.fixture
def demonstration(app, db, monkeypatch):
    monkeypatch.setitem(app.config, "DEMONSTRATION", True)
    account(Role.PROFESSIONAL, "amina", is_demonstration=True)


def waiting():
    return outbox.post("trial", "bruno@example.org", reference=REFERENCE)


def ended(end):
    waiting()
    message = outbox.claim()
    getattr(message, end)("550")
    return message


def test_a_visitor_signs_in_then_reads_the_page(visitor, db):
    account(Role.ADMIN)
    page = sign_in(visitor, address=PAGE)
    assert page.words("h1") == "Courriels"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_the_administration_knows_the_page(visitor, db, role):
    """I12: what one may not see does not exist."""
    account(role)
    message = ended("doubt")
    home = sign_in(visitor)
    assert "Courriels" not in home.text
    assert visitor.visit(PAGE).status == 404
    assert visitor.visit(f"{PAGE}/{message.code}").status == 404
    token = home.root.find(".//input[@name='csrf_token']").get("value")
    address = f"{PAGE}/{message.code}/renvoi"
    assert visitor.client.post(address, data={"csrf_token": token}).status_code == 404
    assert OutgoingEmail.get_by_id(message.id).state is EmailState.UNCERTAIN


def test_the_space_of_the_administrator_leads_to_it(emile):
    page = emile.visit(emile.visit("/espace-pro").link("Courriels"))
    assert page.text.count("Le portail n’a encore écrit aucun courriel.") == 1


def test_each_message_shows_its_state_in_words_and_no_address(emile):
    waiting()
    ended("doubt")
    ended("give_up")
    outbox.decoy("trial", reference=REFERENCE)
    page = emile.visit(PAGE)
    assert page.title.startswith("Courriels (1 en attente)")
    assert "1 courriel en attente." in page.text
    assert page.all_words("tbody/tr/th") == ["Message d’essai du portail"] * 4
    for words in ("en attente", "envoi incertain", "abandonné", "leurre", "a répondu 550"):
        assert words in page.text
    assert "bruno" not in page.html
    assert REFERENCE not in page.html


@pytest.mark.parametrize("end", ["doubt", "give_up"])
def test_one_click_sends_again_and_leaves_a_trace(emile, end):
    message = ended(end)
    page = emile.visit(PAGE)
    button = next(words for words in page.all_words("button") if words.startswith("Renvoyer"))
    page = emile.submit(page, button)
    assert "Le courriel va repartir." in page.text
    assert outbox.claim() == message
    entry = AuditEntry.get(AuditEntry.act == "email:send-again")
    assert entry.actor_id == Account.get(identifier="emile@example.org").id


def test_a_second_click_changes_nothing_and_what_left_is_told(emile):
    message = ended("doubt")
    page = emile.visit(PAGE)
    button = next(words for words in page.all_words("button") if words.startswith("Renvoyer"))
    emile.submit(page, button)
    assert emile.submit(page, button).status == 200
    outbox.claim().mark_sent()
    late = emile.submit(page, button)
    assert late.status == 409
    assert "déjà parti" in late.text
    assert OutgoingEmail.get_by_id(message.id).state is EmailState.SENT


def test_in_a_demonstration_a_message_opens_with_working_links(demonstration, emile):
    message = waiting()
    page = emile.visit(emile.visit(PAGE).link("Message d’essai"))
    assert page.words("h1") == "Message d’essai du portail"
    assert f"Référence de l’essai : {REFERENCE}" in page.text.replace("\u00a0", " ")
    assert page.link("http://localhost/") == "http://localhost/"
    assert "bruno@example.org" in page.text
    assert OutgoingEmail.get_by_id(message.id).state is EmailState.WAITING


def test_a_message_is_shown_without_its_markup(demonstration, emile):
    """ASVS 1.2.1"""
    message = outbox.post("trial", "bruno@example.org", reference="<script>alert(1)</script>")
    page = emile.visit(f"{PAGE}/{message.code}")
    assert "<script>alert" not in page.html
    assert "<script>alert(1)</script>" in page.text


def test_an_english_message_says_its_language(demonstration, emile):
    message = outbox.post("trial", "bruno@example.org", "en", reference=REFERENCE)
    page = emile.visit(f"{PAGE}/{message.code}")
    assert page.root.find(".//div[@class='letter']").get("lang") == "en"
    assert "Open the portal:" in page.text
    assert page.root.get("lang") == "fr"


def test_a_decoy_and_a_sent_message_have_nothing_to_show(demonstration, emile):
    waiting()
    sent = outbox.claim()
    sent.mark_sent()
    assert "effacé dès l’envoi" in emile.visit(f"{PAGE}/{sent.code}").text
    decoy = outbox.decoy("trial", reference=REFERENCE)
    page = emile.visit(f"{PAGE}/{decoy.code}")
    assert "est un leurre" in page.text
    assert REFERENCE not in page.html


@pytest.mark.parametrize("lock", ["setting", "server", "accounts"])
def test_each_lock_alone_keeps_messages_unreadable(app, emile, demonstration, monkeypatch, lock):
    """Words of e-mails open doors: a real installation never shows them."""
    if lock == "setting":
        monkeypatch.setitem(app.config, "DEMONSTRATION", False)
    elif lock == "server":
        monkeypatch.setitem(app.config, "MAIL_SERVER", MailServer("smtp", "mx.example", 25))
    else:
        Account.update(is_demonstration=False).execute()
    message = waiting()
    assert emile.visit(f"{PAGE}/{message.code}").status == 404
    page = emile.visit(PAGE)
    assert page.status == 200
    assert not re.search(rf'href="[^"]*{message.code}"', page.html)


def test_a_message_that_does_not_exist_is_not_found(demonstration, emile):
    assert emile.visit(f"{PAGE}/0000000000").status == 404


TASKS_PAGE = "/administration/taches"


def test_tasks_that_never_ran_say_how_to_run_them(emile):
    page = emile.visit(TASKS_PAGE)
    assert page.text.count("Jamais exécutée : lancez flask work") == len(TASKS)
    assert "Aucune tâche n’a jamais été exécutée." in page.text


def test_each_task_says_what_it_does_how_often_and_what_it_last_did(emile):
    """REQ-20, product.md §3: what is done by itself is seen to be done."""
    for one in TASKS:
        TaskRun.note(one.name, "ici", now(), done=7)
    page = emile.visit(TASKS_PAGE)
    assert all(one.said in page.text for one in TASKS)
    assert page.text.count("Fait cette fois : 7 ; en tout : 7") == len(TASKS)
    assert "Jamais" not in page.text
    said = {"à chaque passage", "toutes les 10 minutes", "chaque heure", "chaque jour"}
    assert said <= set(page.all_words("td"))


def test_a_failure_is_shown_with_its_class(emile):
    TaskRun.note(TASKS[0].name, "ici", now(), error=ValueError)
    page = emile.visit(TASKS_PAGE)
    assert "ValueError" in page.text
    assert "a échoué" in page.text


def test_a_task_left_undone_for_two_days_is_a_warning(emile):
    TaskRun.note(TASKS[0].name, "ici", now())
    TaskRun.update(ended_at=now() - dt.timedelta(days=3)).execute()
    page = emile.visit(TASKS_PAGE)
    assert "pas faite depuis deux jours" in page.text
    assert "Plus rien ne se fait depuis deux jours" in page.text


def test_tasks_are_read_from_the_page_of_emails(emile):
    assert emile.visit(PAGE).link("Ce qui se fait tout seul") == TASKS_PAGE
