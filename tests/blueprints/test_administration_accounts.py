"""Accounts seen by the administration of the platform (I3, I15, ASVS 6.4.6)."""

import pytest

from models import Account, OutgoingEmail, SecondFactor, Session
from models.accounts.account import Role
from tests import factories, people
from tests.visitor import Visitor


@pytest.fixture
def admin(db):
    return factories.account(name="Émile Fourès", role=Role.ADMIN)


@pytest.fixture
def desk(app, admin):
    return Visitor(app).enter(admin)


def page_of(desk, account):
    return desk.visit(f"/administration/comptes/{account.code}")


def test_accounts_are_listed_and_found_by_name_or_address(desk):
    factories.account(name="Zoé Latour", identifier="zoe@example.org")
    page = desk.visit("/administration/comptes")
    assert set(page.all_words("tbody/tr/th")) == {"Zoé Latour", "Émile Fourès"}
    found = desk.submit(page, "Chercher", {"q": "zoe@"})
    assert found.all_words("tbody/tr/th") == ["Zoé Latour"]
    assert found.address == "/administration/comptes"
    assert "zoe" not in found.title
    assert "Aucun compte" in desk.submit(page, "Chercher", {"q": "%\x00"}).text


def test_an_account_is_opened_with_a_link_and_no_password(desk):
    """ASVS 6.4.6"""
    page = desk.visit("/administration/comptes/nouveau")
    fields = {"nom": "Nina Roux", "courriel": "Nina@Example.org", "role": "coordination"}
    opened = desk.submit(page, "Ouvrir le compte", fields)
    assert "un courriel part" in opened.text
    account = Account.get(Account.identifier == "nina@example.org")
    assert account.role == Role.COORDINATOR
    assert OutgoingEmail.select().where(OutgoingEmail.recipient == account.identifier).count() == 1


def test_opening_twice_the_same_form_opens_once(desk):
    page = desk.visit("/administration/comptes/nouveau")
    fields = {"nom": "Nina", "courriel": "nina@example.org", "role": "professionnel"}
    first, again = (desk.submit(page, "Ouvrir le compte", fields) for _ in range(2))
    assert first.address == again.address
    assert OutgoingEmail.select().count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"nom": "", "courriel": "", "role": ""},
        {"nom": "N" * 5000, "courriel": "a@" + "b" * 5000 + ".fr", "role": "chef"},
        {"nom": "\x00", "courriel": "<script>@x.fr", "role": "coordination\u202e"},
    ],
)
def test_hostile_fields_get_a_sentence(desk, fields):
    page = desk.visit("/administration/comptes/nouveau")
    refused = desk.submit(page, "Ouvrir le compte", fields)
    assert refused.status == 422
    assert refused.title.startswith("Erreur :")


def test_an_address_that_has_an_account_is_said_so(desk, admin):
    page = desk.visit("/administration/comptes/nouveau")
    fields = {"nom": "X", "courriel": admin.identifier, "role": "professionnel"}
    assert "déjà un compte" in desk.submit(page, "Ouvrir le compte", fields).text


def test_a_role_is_given_and_its_bearer_must_show_a_second_factor_at_once(app, desk):
    """I3: someone promoted during a session is asked at the next request."""
    amina = people.account()
    _, token = Session.open(amina, by_means="password")
    live = Visitor(app)
    live.client.set_cookie("session_id", token)
    assert live.visit("/mon-compte").words("h1") == "Mon compte"
    desk.submit(page_of(desk, amina), "Enregistrer le rôle", {"role": "animateur"})
    assert live.visit("/mon-compte").words("h1") != "Mon compte"


def test_closing_an_account_ends_its_sessions_at_the_next_request(app, desk):
    """I3: measured at one request."""
    amina = factories.account()
    live = Visitor(app).enter(amina)
    assert live.visit("/mon-compte").words("h1") == "Mon compte"
    closed = desk.submit(page_of(desk, amina), "Fermer le compte")
    assert "Compte fermé" in closed.text
    assert live.visit("/mon-compte").words("h1") == "Se connecter"
    reopened = desk.submit(closed, "Rouvrir le compte")
    assert "Le compte est rouvert" in reopened.text
    assert live.visit("/mon-compte").words("h1") == "Se connecter"


def test_nobody_finds_the_buttons_of_his_own_account(desk, admin):
    """I15: neither on the page nor by hand."""
    page = page_of(desk, admin)
    assert "C’est votre compte" in page.text
    other = page_of(desk, factories.account())
    token = other.form("Fermer le compte").find(".//input[@name='csrf_token']").get("value")
    for act, values in (("fermeture", {}), ("role", {"role": "controle"}), ("second-code", {})):
        answer = desk.client.post(
            f"/administration/comptes/{admin.code}/{act}", data={"csrf_token": token, **values}
        )
        assert answer.status_code == 409
    kept = Account.get_by_id(admin.id)
    assert (kept.role, kept.is_active) == (Role.ADMIN, True)


def test_a_lost_telephone_is_forgotten_and_the_person_told(desk):
    bruno = people.with_telephone(people.account("Bruno"))
    page = page_of(desk, bruno)
    assert "La personne installera" in desk.submit(page, "Réinitialiser le second code").text
    assert SecondFactor.of(bruno) is None
    assert OutgoingEmail.get().recipient == bruno.identifier


def test_an_auditor_reads_and_touches_nothing(app, db):
    """access.md §3: U reads accounts."""
    auditor = Visitor(app).enter(factories.account(role=Role.AUDITOR))
    page = page_of(auditor, factories.account())
    assert page.status == 200
    assert page.root.find(".//main//form") is None
