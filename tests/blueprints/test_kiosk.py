"""The public terminal, and « Qui me suit ? », which says nothing on its screen (REQ-206)."""

import pytest

from models import OutgoingEmail
from models.persons.sessions import enter
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def samia(db):
    factories.charter()
    somebody = factories.person(family_name="Benali", given_name="Samia", birth_year=1987)
    return factories.accompanied(factories.writer(), somebody)


def messages():
    """How many messages the question wrote, decoys included."""
    return OutgoingEmail.select().where(OutgoingEmail.kind << ("who_follows", "call_back")).count()


def asking(visitor, name="Benali", first_name="Samia", year="1987"):
    page = visitor.visit("/qui-me-suit")
    return visitor.submit(page, "Demander", {"nom": name, "prenom": first_name, "annee": year})


def test_the_terminal_opens_three_doors(visitor):
    page = visitor.visit("/borne")
    doors = [door.get("href") for door in page.root.iterfind(".//a[@class='door card']")]
    assert doors == ["/actions", "/mon-espace/entrer", "/qui-me-suit"]


def has_large_type(page):
    sheets = [link.get("href") for link in page.root.iterfind(".//link[@rel='stylesheet']")]
    return any("/kiosk-" in sheet for sheet in sheets)


@pytest.mark.parametrize("path", ["/borne", "/qui-me-suit", "/mon-espace/entrer"])
def test_a_terminal_is_read_standing(visitor, path):
    """design: type of the kiosk, 125 % and more."""
    assert has_large_type(visitor.visit(path))


def test_her_pages_have_large_type_on_a_shared_screen_alone(app, samia):
    for is_shared in (True, False):
        _, token = enter(samia.identifier, factories.ACCESS_CODE, is_shared=is_shared)
        browser = Visitor(app)
        browser.client.set_cookie("session_id", token)
        for path in ("/mon-espace", "/mon-espace/journal", "/mon-espace/mes-referents"):
            assert has_large_type(browser.visit(path)) == is_shared
    assert not has_large_type(Visitor(app).visit("/charte"))


def test_the_answer_is_the_same_whether_she_is_known_or_not(visitor, samia):
    """Same status, same address, same words; as many messages are written in both cases."""
    known = asking(visitor)
    written = messages()
    unknown = asking(visitor, first_name="Karim")
    assert messages() == 2 * written > 0
    assert (known.status, known.address, known.html) == (
        unknown.status, unknown.address, unknown.html,
    )  # fmt: skip
    assert "Benali" not in known.html


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"first_name": ""}, {"year": ""}, {"year": "87"}, {"name": "<b>"}]
)
def test_all_that_is_asked_must_be_answered(visitor, samia, typed):
    assert asking(visitor, **typed).status == 422
    assert messages() == 0


def test_asking_without_end_waits(visitor, samia):
    for _ in range(5):
        assert asking(visitor).status == 200
    page = asking(visitor)
    assert page.status == 422
    assert "Attendez" in page.text
