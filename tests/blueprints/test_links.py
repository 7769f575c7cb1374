"""Links by e-mail and passwords to choose, as a person meets them (REQ 70, ASVS 6.3.8, 6.4)."""

import pytest

from blueprints import mail
from models import Account, OneTimeLink, OutgoingEmail, Session, outbox
from models.accounts import links
from models.accounts.account import Role
from models.accounts.links import Purpose
from tests import people
from tests.visitor import Visitor, fields

NEW = "quatre nouveaux mots ensemble"


@pytest.fixture
def amina(db):
    return people.account()


def ask(visitor, address="/connexion/lien", identifier="amina@example.org"):
    button = "Recevoir le lien" if "lien" in address else "Recevoir le courriel"
    return visitor.submit(visitor.visit(address), button, {"identifiant": identifier})


def token_sent():
    return OutgoingEmail.select().order_by(OutgoingEmail.id.desc()).first().values["token"]


@pytest.mark.parametrize("address", ["/connexion/lien", "/mot-de-passe/oublie"])
def test_the_answer_is_the_same_whoever_exists(visitor, amina, address):
    """ASVS 6.3.8: same page, same text, same status."""
    known = ask(visitor, address)
    unknown = ask(visitor, address, "personne@example.org")
    assert known.words("h1") == "Regardez vos courriels"
    assert (known.status, known.address, known.html) == (
        unknown.status,
        unknown.address,
        unknown.html,
    )


def test_asking_too_often_is_said_in_the_same_words_whoever_exists(visitor, amina):
    for identifier in ("amina@example.org", "personne@example.org"):
        for _ in range(5):
            ask(visitor, identifier=identifier)
    pages = [ask(visitor, identifier=one) for one in ("amina@example.org", "personne@example.org")]
    assert [page.status for page in pages] == [429, 429]
    texts = [page.words("section[@class='errors stack']") for page in pages]
    assert texts[0] == texts[1]


def test_opening_the_link_changes_nothing_and_the_button_signs_in(visitor, amina):
    """Mail filters open links: GET and HEAD consume nothing."""
    ask(visitor)
    address = f"/connexion/lien/{token_sent()}"
    for _ in range(3):
        visitor.client.head(address)
        page = visitor.visit(address)
        assert "Amina" in page.text
    assert Session.select().count() == 0
    assert OneTimeLink.get().used_at is None
    assert visitor.submit(page, "Me connecter").words("h1") == "Bonjour Amina"


def test_a_used_link_explains_and_offers_another(visitor, amina):
    """Double click, Back, replay: never a fault."""
    ask(visitor)
    page = visitor.visit(f"/connexion/lien/{token_sent()}")
    visitor.submit(page, "Me connecter")
    other = Visitor(visitor.client.application)
    again = other.visit(page.address)
    assert (again.status, again.words("h1")) == (410, "Ce lien n’est plus valable")
    assert again.link("Demander un autre lien") == "/connexion/lien"
    token = dict(fields(visitor.visit("/mon-compte").form("Se déconnecter")))["csrf_token"]
    assert visitor.client.post(page.address, data={"csrf_token": token}).status_code == 410
    assert Session.select().count() == 1


@pytest.mark.parametrize("token", ["x", "%00", "é" * 300, "'%20OR%201=1", "..%2f..%2fetc"])
@pytest.mark.parametrize("door", ["/connexion/lien/", "/mot-de-passe/"])
def test_a_hostile_link_is_no_longer_valid(visitor, db, door, token):
    assert visitor.visit(door + token).status in (404, 410)


def test_a_link_still_asks_for_the_second_factor(visitor, db):
    diane = people.with_telephone(people.account("Diane", role=Role.ANIMATOR))
    token = links.send(Purpose.SIGN_IN, diane)
    page = visitor.submit(visitor.visit(f"/connexion/lien/{token}"), "Me connecter")
    assert page.words("h1") == "Votre second code"


def test_a_planted_cookie_is_worth_nothing_after_the_link(visitor, amina):
    """ASVS 7.2.4"""
    visitor.client.set_cookie("session_id", "plante")
    page = visitor.visit(f"/connexion/lien/{links.send(Purpose.SIGN_IN, amina)}")
    visitor.submit(page, "Me connecter")
    assert visitor.client.get_cookie("session_id").value != "plante"


def test_a_forgotten_password_is_replaced_and_the_person_signs_in_with_it(visitor, amina):
    ask(visitor, "/mot-de-passe/oublie")
    page = visitor.visit(f"/mot-de-passe/{token_sent()}")
    page = visitor.submit(page, "Garder ce mot de passe", {"nouveau": NEW})
    assert page.words("h1") == "Se connecter"
    assert people.sign_in(visitor, amina, password=NEW).words("h1") == "Mon compte"
    assert people.sign_in(Visitor(visitor.client.application), amina).status == 422


@pytest.mark.parametrize(
    ("clear", "sentence"),
    [
        ("", "saisissez un nouveau mot de passe"),
        ("Tk7#vqP2", "trop court"),
        ("Amina-Amina-Amina-2026", "facile à deviner"),
        ("é" * 201, "200 caractères"),
    ],
)
def test_a_bad_password_is_refused_with_a_sentence(visitor, amina, clear, sentence):
    page = visitor.visit(f"/mot-de-passe/{links.send(Purpose.WELCOME, amina)}")
    page = visitor.submit(page, "Garder ce mot de passe", {"nouveau": clear})
    assert page.status == 422
    assert sentence in page.text
    assert not clear or clear not in page.html


def test_paste_is_never_forbidden(visitor, amina):
    """ASVS 6.2.7"""
    page = visitor.visit(f"/mot-de-passe/{links.send(Purpose.WELCOME, amina)}")
    field = page.root.find(".//input[@type='password']")
    assert not [name for name in field.attrib if str(name).startswith("on")]
    assert field.get("autocomplete") == "new-password"
    assert "maxlength" not in field.attrib


def test_a_used_password_link_explains_and_offers_another(visitor, amina):
    page = visitor.visit(f"/mot-de-passe/{links.send(Purpose.RESET, amina)}")
    visitor.submit(page, "Garder ce mot de passe", {"nouveau": NEW})
    again = visitor.submit(page, "Garder ce mot de passe", {"nouveau": NEW + " encore"})
    assert again.status == 410
    assert again.link("Demander un autre lien") == "/mot-de-passe/oublie"


def test_a_language_chosen_is_that_of_the_mails_and_of_the_next_sign_in(app, amina):
    visitor, other = Visitor(app), Visitor(app)
    page = people.sign_in(visitor, amina)
    visitor.submit(page, "Enregistrer la langue", {"langue": "en"})
    assert Account.get_by_id(amina.id).language == "en"
    ask(other)
    assert OutgoingEmail.get().language == "en"
    assert people.sign_in(other, amina).words("h1") == "My account"


def test_an_unknown_language_is_refused_without_a_fault(visitor, amina):
    page = people.sign_in(visitor, amina)
    assert visitor.submit(page, "Enregistrer la langue", {"langue": "\x00xx"}).status == 409


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("kind", "leads_to"),
    [
        ("sign_in_link", "/connexion/lien/JETON"),
        ("password_reset", "/mot-de-passe/JETON"),
        ("welcome", "/mot-de-passe/JETON"),
        ("password_changed", "/mot-de-passe/oublie"),
        ("second_factor_reset", None),
    ],
)
def test_each_mail_has_its_words_and_leads_where_it_says(app, db, kind, leads_to, language):
    with app.test_request_context():
        words = mail.write(outbox.post(kind, "amina@example.org", language, token="JETON"))
    assert words.subject
    assert "JETON" not in words.subject
    for text in (words.text, words.html):
        assert leads_to is None or leads_to in text
        assert ("Bonjour" in text) == (language == "fr")
