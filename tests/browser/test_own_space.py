"""A person’s own pages in a real browser without scripts, and what a shared one keeps of them."""

import datetime as dt

import pytest

from models import Account, Membership, PersonSession, PlanPriority, Rectification
from models.base import now
from models.persons.agreements import Given
from models.persons.rectifications import Item
from models.persons.sessions import enter
from models.persons.sharing import Domain
from tests import factories
from tests.browser.test_work_pages import assert_no_fault
from tests.engines import ENGINES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("server", ENGINES[:1], indirect=True, scope="session"),
]
CANARY = "Zéphyrine"
PAGES = [
    "/mon-espace",
    "/mon-espace/accords",
    "/mon-espace/accords/donner",
    "/mon-espace/journal",
    "/mon-espace/export",
    "/mon-espace/export/format",
    "/mon-espace/rectifier",
    "/mon-espace/rectifier/demander?quoi=contact_by",
    "/mon-espace/plan",
    "/mon-espace/plan/imprimer",
    "/mon-espace/prescriptions",
    "/mon-espace/emploi",
    "/mon-espace/clore",
    "/mon-espace/toujours-la",
]


@pytest.fixture
def samia(server):
    """Somebody whom Amina accompanies in the demonstration, who asked for a correction and has a
    plan: a step under way, and one that waits for her."""
    with server.data():
        amina = Account.get(Account.identifier == "amina@demo.example")
        somebody = factories.person(family_name=CANARY)
        agreed = {"domains": [Domain.PROJECT, Domain.HOUSING], "has_passport": True}
        place = Membership.of_account(amina)[0]
        factories.accompanied(place, somebody, **agreed)
        planned(somebody, place)
        factories.sent(somebody, place)
        Rectification.ask(somebody, Item.BIRTH_YEAR, "1990")
        yield somebody


def planned(somebody, place):
    factories.answered(somebody, place, mob_permis="souhaite")
    plan = factories.plan(somebody, place, "mobilite-permis")
    [priority] = PlanPriority.of_plan(plan)
    factories.step(priority, place)
    plan.agree(by=somebody, given=Given.OWN_SPACE, seen=plan.revision)
    factories.step(priority, place)


def opened(window, server, person):
    """Her space, opened in this window."""
    _, token = enter(person.identifier, factories.ACCESS_CODE)
    cookie = {"name": "session_id", "value": token, "url": server.address}
    window.context.add_cookies([cookie])
    return window


@pytest.mark.parametrize("path", PAGES)
def test_her_page_has_no_fault_that_a_tool_can_see(open_window, server, violations, samia, path):
    window = opened(open_window(javascript=False), server, samia)
    assert_no_fault(window, window.visit(path), violations)


def fill_code(window, person):
    window.visit("/mon-espace/entrer")
    window.page.get_by_label("Votre identifiant").fill(person.identifier.upper())
    window.page.get_by_label("Votre code d’accès").fill("K7M2-P9X4-ABCD")
    window.page.get_by_role("button", name="Ouvrir mon espace").click()


def left_alone(person, *, seconds):
    """As if nothing had been asked for so long."""
    since = now() - dt.timedelta(seconds=seconds)
    PersonSession.update(seen_at=since).where(PersonSession.person == person).execute()


def nothing_is_left(window):
    """Neither Back nor a cookie nor a storage tells who was here."""
    page = window.page
    assert page.get_by_role("heading", level=1).inner_text() == "Votre espace est fermé"
    assert {cookie["name"] for cookie in window.context.cookies()} <= {"css"}
    assert window.context.storage_state()["origins"] == []
    for _ in range(3):
        page.go_back()
        assert CANARY not in page.content()


def test_a_screen_left_alone_closes_by_itself_and_keeps_nothing(open_window, server, samia):
    """access.md §2, kiosk next user: warned, then closed, without any script."""
    window = open_window(javascript=False)
    fill_code(window, samia)
    window.visit("/mon-espace/export")
    assert CANARY in window.page.content()
    left_alone(samia, seconds=295)
    window.visit("/mon-espace/toujours-la")
    window.page.wait_for_url("**/au-revoir")
    nothing_is_left(window)


def test_leaving_keeps_nothing(open_window, server, samia):
    """access.md §2, with scripts this time: storages are looked at too."""
    window = open_window()
    fill_code(window, samia)
    window.visit("/mon-espace/rectifier")
    assert CANARY in window.page.content()
    window.page.get_by_role("button", name="Terminer et effacer").click()
    nothing_is_left(window)
