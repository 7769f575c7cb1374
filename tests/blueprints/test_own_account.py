"""« Mon compte »: own sessions, own password (REQ 72, 73, ASVS 7.4, 7.5)."""

import datetime as dt

import pytest
import time_machine

from models import Session
from tests import people
from tests.visitor import Visitor

NEW = "quatre nouveaux mots ensemble"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def amina(db):
    return people.account()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari sur iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome sur Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140",
            "Edge sur Windows",
        ),
        ("Lynx/2.9.0 libwww-FM/2.14", "Lynx"),
        ("<script>alert(1)</script>" * 50, "Appareil non reconnu"),
        ("", "Appareil non reconnu"),
    ],
)
def test_a_session_is_named_in_two_words_not_by_what_a_browser_says(visitor, amina, said, words):
    visitor.client.environ_base["HTTP_USER_AGENT"] = said
    page = people.sign_in(visitor, amina)
    assert page.words("b") == words
    assert not said or said not in page.html


def test_the_other_sessions_are_closed_in_one_act(app, amina):
    """ASVS 7.4.3, 7.5.2"""
    here, elsewhere = Visitor(app), Visitor(app)
    people.sign_in(elsewhere, amina)
    page = people.sign_in(here, amina)
    assert page.text.count("Celle-ci") == 1
    page = here.submit(page, "Fermer les autres connexions")
    assert page.words("h1") == "Mon compte"
    assert "Fermer les autres" not in page.text
    assert elsewhere.visit("/mon-compte").words("h1") == "Se connecter"


def test_one_session_is_closed_and_closing_it_again_is_no_fault(app, amina):
    here, elsewhere = Visitor(app), Visitor(app)
    people.sign_in(elsewhere, amina)
    page = people.sign_in(here, amina)
    button = next(w for w in page.all_words("button") if w.startswith("Fermer la connexion"))
    here.submit(page, button)
    assert elsewhere.visit("/mon-compte").words("h1") == "Se connecter"
    assert here.submit(page, button).words("h1") == "Mon compte"


def test_nobody_closes_the_session_of_another(app, amina):
    """I13: it is as absent as one that never was."""
    bruno, thief = Visitor(app), Visitor(app)
    people.sign_in(bruno, people.account("Bruno"))
    page = people.sign_in(thief, amina)
    token = page.form("Se déconnecter").find("input").get("value")
    theirs = Session.select().join(type(amina)).where(type(amina).name == "Bruno").get()
    for code in (theirs.code, "0000000000"):
        answer = thief.client.post(
            f"/mon-compte/connexions/{code}/fermer", data={"csrf_token": token}
        )
        assert answer.status_code == 404
    assert bruno.visit("/mon-compte").words("h1") == "Mon compte"


def change(visitor, current, new):
    page = visitor.visit("/mon-compte/mot-de-passe")
    return visitor.submit(page, "Changer de mot de passe", {"actuel": current, "nouveau": new})


def test_changing_the_password_closes_the_others_and_renews_this_one(app, amina):
    """ASVS 7.2.4, 7.4.3"""
    here, elsewhere = Visitor(app), Visitor(app)
    people.sign_in(here, amina)
    people.sign_in(elsewhere, amina)
    before = here.client.get_cookie("session_id").value
    page = change(here, people.PASSWORD, NEW)
    assert page.words("h1") == "Mon compte"
    assert "Votre mot de passe est changé." in page.text
    assert here.client.get_cookie("session_id").value != before
    assert elsewhere.visit("/mon-compte").words("h1") == "Se connecter"
    assert people.sign_in(elsewhere, amina, password=NEW).words("h1") == "Mon compte"


def test_guessing_the_current_password_waits_like_signing_in(visitor, amina):
    """ASVS 6.2.3: a browser left open must not be the place to guess."""
    people.sign_in(visitor, amina)
    for _ in range(5):
        page = change(visitor, "faux", NEW)
        assert (page.status, page.link("Ce mot de passe n’est pas le vôtre.")) == (422, "#actuel")
    assert change(visitor, people.PASSWORD, NEW).status == 429


def test_a_weak_new_password_is_refused_with_a_sentence(visitor, amina):
    people.sign_in(visitor, amina)
    page = change(visitor, people.PASSWORD, "court")
    assert page.status == 422
    assert page.link("Ce mot de passe est trop court.") == "#nouveau"


def test_forty_people_sign_in_at_one_kiosk_in_the_same_minute(app, db):
    """ASVS 6.1.1: one address of the network for all, and one of them keeps failing."""
    clumsy = people.account("Clumsy")
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False):
        for _ in range(9):
            people.sign_in(Visitor(app), clumsy, password="faux")
        for number in range(40):
            page = people.sign_in(Visitor(app), people.account(f"p{number}"))
            assert page.words("h1") == "Mon compte"


def test_a_deactivation_is_felt_at_the_next_request(visitor, amina):
    """I3, measured: one request."""
    people.sign_in(visitor, amina)
    amina.deactivate()
    assert visitor.visit("/mon-compte").words("h1") == "Se connecter"


def test_signing_in_again_ends_the_session_that_the_browser_had(visitor, amina):
    """ASVS 7.2.4"""
    people.sign_in(visitor, amina)
    people.sign_in(visitor, people.account("Bruno"))
    assert "bruno@example.org" in visitor.visit("/mon-compte").text
    assert [one.ended_at is None for one in Session.select().order_by(Session.id)] == [False, True]


def test_many_connections_are_counted_and_not_all_listed(visitor, amina):
    """A page stays light however many browsers were left signed in."""
    for _ in range(9):
        Session.open(amina, by_means="password")
    page = people.sign_in(visitor, amina)
    assert page.text.count("Vue :") == 1 + 6
    assert "Et 3 autres, plus anciennes." in page.text
    assert page.text.index("Celle-ci") < page.text.index("Fermer les autres")
