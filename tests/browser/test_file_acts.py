"""What is done with a file, in a real browser without scripts: at the desk, then by its person."""

import re

import pytest

from models import (
    Agreement,
    AuditEntry,
    OutgoingEmail,
    Person,
    Rectification,
    Session,
    audit,
)
from models.persons.rectifications import Item
from tests import factories
from tests.browser.test_own_space import fill_code, opened
from tests.engines import ENGINES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("server", ENGINES, indirect=True, scope="session"),
]


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina, factories.person(family_name="Benali"))


@pytest.fixture
def window(open_window, server, samia):
    """Her space, open on a small shared screen."""
    return opened(open_window(javascript=False, width=320), server, samia)


@pytest.fixture
def desk(open_window, server, amina):
    """The browser of Amina, at work."""
    window = open_window(javascript=False)
    _, token = Session.open(amina.account, by_means="test", has_second_factor=True)
    cookie = {"name": "session_id", "value": token, "url": server.address}
    window.context.add_cookies([cookie])
    return window


def heading(window):
    return window.page.get_by_role("heading", level=1).inner_text()


def press(window, name):
    window.page.get_by_role("button", name=name, exact=True).click()


def follow(window, name):
    window.page.get_by_role("link", name=name).first.click()


def told(window):
    """What the page says of the act that led to it."""
    return window.page.get_by_role("status").inner_text()


def codes_shown(window):
    return [
        words.replace(" ", "").lower() for words in window.page.locator(".key").all_inner_texts()
    ]


# At the desk


def start_file(desk):
    """A new file; answers its identifier and code, as the page shows them."""
    desk.visit("/personnes/nouvelle")
    for label, words in {"Prénom": "Nadia", "Nom": "Essai", "Année de naissance": "1991"}.items():
        desk.page.get_by_label(label, exact=True).fill(words)
    for name in ("contact", "rsa"):
        desk.page.locator(f"[name={name}]").last.check()
    press(desk, "Continuer")
    if desk.page.get_by_label("Ce n’est pas elle").count():
        desk.page.get_by_label("Ce n’est pas elle").check()
        press(desk, "Continuer")
    return codes_shown(desk)


def test_a_code_is_read_again_printed_and_its_file_discarded(desk, open_window):
    """REQ-42: the code on paper opens her space, then the file she does not want is erased."""
    identifier, code = start_file(desk)
    desk.page.reload()
    assert codes_shown(desk) == [identifier, code]
    desk.page.emulate_media(media="print")
    assert desk.page.get_by_text("Votre code d’accès").is_visible()
    assert not desk.page.get_by_role("button", name="Enregistrer son accord").is_visible()
    desk.page.emulate_media(media="screen")

    hers = open_window(javascript=False)
    typed(hers, identifier, code)
    assert heading(hers) == "Bonjour Nadia"

    follow(desk, "Elle dit non : effacer ce dossier")
    press(desk, "Effacer ce dossier")
    assert "Le dossier est effacé" in told(desk)
    assert Person.of_identifier(identifier) is None
    typed(hers, identifier, code)
    assert "n’est pas le bon" in hers.page.content()


def typed(window, identifier, code):
    window.context.clear_cookies()
    window.visit("/mon-espace/entrer")
    window.page.get_by_label("Votre identifiant").fill(identifier)
    window.page.get_by_label("Votre code d’accès").fill(code)
    press(window, "Ouvrir mon espace")


def test_a_code_that_served_is_drawn_again(desk, open_window):
    """REQ-42: once it served, nobody reads it again; another one voids it."""
    identifier, code = start_file(desk)
    typed(open_window(javascript=False), identifier, code)
    desk.page.reload()
    assert codes_shown(desk) == []
    press(desk, "Tirer un autre code")
    again = codes_shown(desk)
    assert again[0] == identifier
    assert again[1] != code
    hers = open_window(javascript=False)
    typed(hers, identifier, code)
    assert "n’est pas le bon" in hers.page.content()
    typed(hers, *again)
    assert heading(hers) == "Bonjour Nadia"


# By herself


def test_she_gives_an_agreement_and_withdraws_it(window, samia, amina):
    """REQ-73: given and withdrawn as simply, on a small screen, without any script."""
    window.visit("/mon-espace/accords")
    follow(window, "Donner un accord")
    other = window.page.locator("select option").evaluate_all(
        "(all, mine) => all.map(one => one.value).find(one => one && one !== mine)",
        amina.organisation.code,
    )
    window.page.locator("select").select_option(other)
    press(window, "Continuer")
    name = heading(window)
    window.page.locator("[name=passeport]").check()
    window.page.locator("[name=duree]").first.check()
    press(window, "Je donne mon accord")
    assert "enregistré" in told(window)
    [given] = [one for one in Agreement.of_person(samia) if one.organisation.code == other]
    assert (given.is_current, given.has_passport, given.organisation.name) == (True, True, name)

    follow(window, f"Retirer l’accord à {name}")
    press(window, "Retirer mon accord")
    assert "retiré" in told(window)
    assert not Agreement.get_by_id(given.id).is_current
    assert window.page.get_by_role("heading", name="Mes accords finis").is_visible()
    assert window.sideways_scroll() == 0


def test_withdrawing_closes_the_file_that_her_referent_is_reading(window, desk, samia):
    """I3: his open page is refused at its next request, the print and the fragments with it."""
    desk.visit(f"/personnes/{samia.code}")
    assert "Benali" in desk.page.content()
    window.visit("/mon-espace/accords")
    follow(window, "Retirer")
    press(window, "Retirer mon accord")
    for path in ("", "/imprimer", "/identite", "/accompagnement"):
        response = desk.visit(f"/personnes/{samia.code}{path}")
        assert response.status == 404
        assert "Benali" not in desk.page.content()


def test_she_reports_a_look_she_does_not_understand(window, samia, amina):
    """REQ-43: a line of her journal, one of five reasons, and a number to keep."""
    where = {"person": samia, "organisation": amina.organisation}
    audit.record("file:read", samia, by=amina.account, **where)
    window.visit("/mon-espace/journal")
    follow(window, re.compile("Ce n’est pas normal.*a lu votre dossier"))
    press(window, "Demander une explication")
    assert "Erreur" in window.page.title()
    window.page.get_by_label("Je ne comprends pas pourquoi").check()
    press(window, "Demander une explication")
    [asked] = AuditEntry.select().where(
        AuditEntry.act == "log:question", AuditEntry.person_id == samia.id
    )
    number = re.sub(r"\W", "", told(window)).lower()
    assert asked.code in number
    assert OutgoingEmail.select().where(OutgoingEmail.kind == "log_question").exists()


def test_she_asks_for_a_correction(window, samia):
    """REQ-209"""
    window.visit("/mon-espace")
    follow(window, "Une chose est fausse")
    follow(window, "C’est faux Année de naissance")
    window.page.get_by_label("La bonne réponse").fill("1990")
    press(window, "Demander la correction")
    assert "Votre demande est partie" in told(window)
    [asked] = Rectification.of_person(samia)
    assert (asked.item, asked.words) == (Item.BIRTH_YEAR, "1990")


def test_she_closes_her_file_and_nothing_stays_in_the_browser(window, samia):
    """REQ-209: with her code once more; then her code opens nothing any more."""
    window.visit("/mon-espace/clore")
    window.page.locator("[name=suite]").first.check()
    window.page.get_by_label("Votre code d’accès").fill("zzzz zzzz zzzz")
    press(window, "Fermer mon dossier")
    assert "Erreur" in window.page.title()
    assert Person.get_by_id(samia.id).is_open
    window.page.locator("[name=suite]").first.check()
    window.page.get_by_label("Votre code d’accès").fill(factories.ACCESS_CODE)
    press(window, "Fermer mon dossier")
    assert heading(window) == "Votre espace est fermé"
    assert not Person.get_by_id(samia.id).is_open
    window.visit("/mon-espace")
    assert "Benali" not in window.page.content()
    fill_code(window, samia)
    assert "n’est pas le bon" in window.page.content()
