"""Signing in and out: what a session is, how it ends, what a guess costs (REQ 69–77, I2, I3)."""

import datetime as dt

import pytest
import time_machine

from models import Account, AuditEntry, Session, SignInThrottle
from models.base import hash_token
from tests import people
from tests.people import PASSWORD as SECRET
from tests.visitor import Visitor


@pytest.fixture
def amina(db):
    return people.account()


def sign_in(
    visitor, identifier="amina@example.org", password=SECRET, address="/connexion?suite=/mon-compte"
):
    page = visitor.visit(address)
    fields = {"identifiant": identifier, "mot_de_passe": password}
    return visitor.submit(page, "Se connecter", fields)


def cookie(visitor):
    return visitor.client.get_cookie("session_id")


def test_an_account_signs_in_and_sees_itself(visitor, amina):
    page = sign_in(visitor, " Amina@Example.ORG ")
    assert page.words("h1") == "Mon compte"
    assert "amina@example.org" in page.text


def test_signing_in_and_out_leave_their_trace(visitor, amina):
    page = sign_in(visitor)
    visitor.submit(page, "Se déconnecter")
    acts = [entry.act for entry in AuditEntry.select().where(AuditEntry.actor_id == amina.id)]
    assert acts == ["session:open", "session:end"]


@pytest.mark.parametrize(
    ("identifier", "password"), [("amina@example.org", "autre"), ("inconnue@example.org", SECRET)]
)
def test_a_wrong_pair_gets_the_same_words_whoever_exists(visitor, amina, identifier, password):
    """ASVS 6.3.8"""
    page = sign_in(visitor, identifier, password)
    assert page.status == 422
    assert page.title == "Erreur : Se connecter - Portail SPIE Haute-Garonne"
    assert page.link("L’identifiant ou le mot de passe n’est pas le bon.") == "#identifiant"
    assert identifier in page.html
    assert password not in page.html


def test_empty_fields_are_named_one_by_one(visitor):
    page = sign_in(visitor, "", "")
    assert page.status == 422
    assert "2 réponses sont à corriger" in page.text


def test_guesses_are_slowed_by_identifier_never_by_place(app, amina, db):
    """CNIL 2022: five failures are free, then one waits; another person at the kiosk does not."""
    people.account("Bruno")
    visitor = Visitor(app)
    for _ in range(5):
        assert sign_in(visitor, password="faux").status == 422
    refused = sign_in(visitor)
    assert refused.status == 429
    assert "Attendez 1 min" in refused.text
    assert sign_in(visitor, "bruno@example.org").words("h1") == "Mon compte"


def test_an_unknown_identifier_is_slowed_in_the_same_way(visitor):
    for _ in range(5):
        sign_in(visitor, "personne@example.org", "faux")
    assert sign_in(visitor, "personne@example.org", "faux").status == 429


def test_nobody_is_kept_out_longer_than_a_quarter_of_an_hour(visitor, amina):
    start = dt.datetime.now(dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(40):
            sign_in(visitor, password="faux")
            clock.shift(dt.timedelta(minutes=16))
        assert sign_in(visitor).words("h1") == "Mon compte"


def test_a_success_forgets_the_failures(visitor, amina):
    sign_in(visitor, password="faux")
    sign_in(visitor)
    assert SignInThrottle.select().count() == 0


def test_the_cookie_is_opaque_and_the_database_holds_only_its_hash(visitor, amina):
    """ASVS 7.2.3"""
    sign_in(visitor)
    held = cookie(visitor)
    assert len(held.value) >= 43
    assert Session.get().token_hash == hash_token(held.value)
    assert held.http_only
    assert held.same_site == "Lax"


def test_a_new_session_has_a_new_cookie(visitor, amina):
    """ASVS 7.2.4: a cookie planted before signing in is worth nothing after."""
    visitor.client.set_cookie("session_id", "plante")
    sign_in(visitor)
    assert cookie(visitor).value != "plante"


def test_signing_out_kills_the_session_not_only_the_cookie(app, visitor, amina):
    """ASVS 7.4.1"""
    page = sign_in(visitor)
    stolen = cookie(visitor).value
    out = visitor.submit(page, "Se déconnecter")
    assert out.words("h1") == "Vous êtes déconnecté"
    assert cookie(visitor) is None
    thief = Visitor(app)
    thief.client.set_cookie("session_id", stolen)
    assert thief.visit("/mon-compte").words("h1") == "Se connecter"


def test_a_deactivated_account_is_out_at_the_next_request(visitor, amina):
    """I3"""
    sign_in(visitor)
    Account.update(is_active=False).execute()
    assert visitor.visit("/mon-compte").words("h1") == "Se connecter"
    assert sign_in(visitor).status == 422


@pytest.mark.parametrize("idle", [dt.timedelta(hours=2, seconds=1)])
def test_an_idle_session_ends_by_itself(visitor, amina, idle):
    """ASVS 7.3.1"""
    start = dt.datetime.now(dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        sign_in(visitor)
        clock.shift(idle)
        assert visitor.visit("/mon-compte").words("h1") == "Se connecter"


def test_a_session_lasts_twelve_hours_at_most_even_in_use(visitor, amina):
    """ASVS 7.3.2"""
    start = dt.datetime.now(dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        sign_in(visitor)
        for _ in range(11):
            clock.shift(dt.timedelta(hours=1))
            assert visitor.visit("/mon-compte").words("h1") == "Mon compte"
        clock.shift(dt.timedelta(hours=1))
        assert visitor.visit("/mon-compte").words("h1") == "Se connecter"


def test_a_visitor_is_asked_to_sign_in_and_comes_back(visitor, amina):
    page = visitor.visit("/mon-compte")
    assert page.address == "/connexion?suite=/mon-compte"
    assert sign_in(visitor, address=page.address).address == "/mon-compte"


@pytest.mark.parametrize(
    "away",
    [
        "https://pirate.example",
        "//pirate.example",
        "/\\pirate.example",
        "/\t/pirate.example",
        "/\n/p",
    ],
)
def test_nobody_is_ever_sent_to_another_site(visitor, amina, away):
    """ASVS 3.7.2"""
    assert sign_in(visitor, address=f"/connexion?suite={away}").address == "/espace-pro"


def test_what_a_signed_in_person_sees_is_never_kept(visitor, amina):
    sign_in(visitor)
    for address in ("/", "/actions", "/mon-compte"):
        assert visitor.visit(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("value", ["\x00", "\ud800", "é" * 5000, "' OR 1=1 --", "{{7*7}}"])
def test_hostile_identifiers_and_passwords_are_only_wrong(visitor, value):
    sent = value.encode("utf-8", "surrogatepass")
    page = visitor.visit("/connexion")
    token = dict(field_pairs(page))["csrf_token"]
    answer = visitor.client.post(
        "/connexion", data={"csrf_token": token, "identifiant": sent, "mot_de_passe": sent}
    )
    assert answer.status_code == 422


def field_pairs(page):
    from tests.visitor import fields

    return fields(page.form("Se connecter"))
