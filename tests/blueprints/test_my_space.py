"""« Mon espace »: the person enters with her code, and leaves no trace (REQ-42)."""

import pytest

from tests import factories

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def samia(db):
    return factories.person(identifier="k7m2p9x4")


def entering(visitor, identifier, code):
    page = visitor.visit("/mon-espace/entrer")
    fields = {"identifiant": identifier, "code": code}
    return visitor.submit(page, "Ouvrir mon espace", fields)


def test_identifier_and_code_open_her_space(visitor, samia):
    page = entering(visitor, "K7M2 P9X4", "K7M2 P9X4 ABCD")
    assert (page.status, page.words("h1")) == (200, "Bonjour Samia")
    assert page.headers["Cache-Control"] == "no-store"


def test_a_wrong_code_is_said_and_nothing_opens(visitor, samia):
    page = entering(visitor, samia.identifier, "wrong")
    assert page.status == 422
    assert "L’identifiant ou le code n’est pas le bon." in page.text
    assert visitor.visit("/mon-espace").address == "/mon-espace/entrer?suite=/mon-espace"


def test_leaving_closes_her_space_and_clears_the_browser(visitor, samia):
    page = entering(visitor, samia.identifier, factories.ACCESS_CODE)
    page = visitor.submit(page, "Terminer et effacer")
    assert page.words("h1") == "Votre espace est fermé"
    assert visitor.visit("/mon-espace").words("h1") == "Ouvrir mon espace"


def test_a_person_is_nobody_on_the_pages_of_professionals(visitor, samia):
    visitor.enter_space(samia)
    assert visitor.visit("/espace-pro").address.startswith("/connexion")
