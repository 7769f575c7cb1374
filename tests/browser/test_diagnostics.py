"""The one page of the diagnostic in a real browser: with and without scripts, wide and narrow."""

import pytest

from models import Account, Diagnostic, Membership
from models.base import database
from models.diagnostics import filling
from models.diagnostics.answers import Answers
from models.diagnostics.diagnostic import Writer
from models.persons.sharing import Domain
from models.questionnaire.paper import sheets
from models.questionnaire.versions import POTENTIALS_GRID
from tests import factories
from tests.browser.test_work_pages import assert_no_fault, session_of
from tests.engines import ENGINES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("server", ENGINES[:1], indirect=True, scope="session"),
]
# Sixty-five questions on one page, whatever was answered.
WHOLE_PAGE_BYTES = 20_000


@pytest.fixture
def diagnostic(server):
    """Half filled by Amina of the demonstration, with somebody who shares all."""
    with server.data():
        amina = Account.get(Account.identifier == "amina@demo.example")
        held = Membership.of_account(amina)[0]
        somebody = factories.accompanied(held, domains=list(Domain))
        begun = factories.diagnostic(somebody, by=amina)
        form = {"sit_age": ["18-25"], "mob_permis": ["souhaite"], "log_situation": ["sans"]}
        writer = Writer(amina, held.organisation)
        filling.save(begun, form, seen=0, writer=writer, keys=list(form))
        return Diagnostic.of_hers(somebody, begun.code)


def opened(window, server):
    cookie = {"name": "session_id", "value": session_of(server, "amina"), "url": server.address}
    window.context.add_cookies([cookie])
    return window


def path_of(diagnostic, after=""):
    return f"/personnes/{diagnostic.person.code}/diagnostics/{diagnostic.code}{after}"


def given(diagnostic):
    with database.connection_context():
        return Answers(diagnostic).given


@pytest.mark.parametrize(
    "after", ["", "?partie=mobilite", "?montrer=sante", "/domaines", "/besoins", "/historique",
              "/valider"],
)  # fmt: skip
def test_a_page_of_the_diagnostic_has_no_fault_that_a_tool_can_see(
    open_window, server, violations, diagnostic, after
):
    """REQ-30: also without a script, also on a telephone."""
    window = opened(open_window(javascript=False), server)
    response = window.visit(path_of(diagnostic, after))
    assert_no_fault(window, response, violations, WHOLE_PAGE_BYTES)


def sheet_of(server, diagnostic, key):
    """Where the sheet of this question is typed again."""
    with database.connection_context():
        papers = sheets(diagnostic.version)
    return f"/feuilles/{next(one.code for one in papers if key in one.keys)}"


@pytest.mark.parametrize("key", ["sit_age", "log_situation", "san_tenir"])
def test_a_sheet_typed_again_has_no_fault_that_a_tool_can_see(
    open_window, server, violations, diagnostic, key
):
    """REQ-30: also without a script, also on a telephone."""
    window = opened(open_window(javascript=False), server)
    response = window.visit(path_of(diagnostic, sheet_of(server, diagnostic, key)))
    assert_no_fault(window, response, violations)


def test_a_sheet_of_a_version_she_does_not_follow_has_no_fault(
    open_window, server, violations, diagnostic
):
    """REQ-30: the page that begins a diagnostic from its first sheet."""
    with database.connection_context():
        grid = sheets(factories.template(POTENTIALS_GRID))[0].code
    window = opened(open_window(javascript=False, width=320), server)
    path = f"/personnes/{diagnostic.person.code}/diagnostics/papier/{grid}"
    assert_no_fault(window, window.visit(path), violations)


def test_a_question_comes_at_its_place_on_the_sheet(open_window, server, diagnostic):
    """With scripts: under the question that calls for it, with its printed number."""
    window = opened(open_window(), server)
    window.visit(path_of(diagnostic, sheet_of(server, diagnostic, "sit_statut")), settled=True)
    page = window.page
    page.locator("input[name=sit_statut][value=recherche]").check()
    page.locator("#sit_duree").wait_for()
    names = page.locator("fieldset legend").all_inner_texts()
    assert [name.partition(".")[0] for name in names] == list("1234567")
    assert window.complaints == []


def test_a_part_is_filled_with_a_keyboard_and_without_a_script(open_window, server, diagnostic):
    """REQ-30: folded, opened, ticked and saved without a mouse."""
    window = opened(open_window(javascript=False), server)
    window.visit(path_of(diagnostic))
    page = window.page
    page.locator("#partie-projet > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#pro_idee").focus()
    page.keyboard.press("Space")
    button = page.locator("#partie-projet").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#partie-competences")
    assert page.locator("#partie-competences").get_attribute("open") is not None
    assert given(diagnostic)["pro_idee"]


def test_a_question_comes_as_soon_as_it_is_called_for(open_window, server, diagnostic):
    """With scripts: nothing is saved, nothing moves, the focus stays where it was."""
    window = opened(open_window(), server)
    window.visit(path_of(diagnostic, "?partie=famille"), settled=True)
    page = window.page
    assert not page.locator("#fam_garde").is_visible()
    page.get_by_label("De mes enfants", exact=True).check()
    page.locator("#fam_garde").wait_for()
    assert page.locator("#suivi").inner_text().startswith("3 questions de plus")
    assert page.evaluate("document.activeElement.name") == "fam_charge"
    assert "fam_charge" not in given(diagnostic)
    page.get_by_label("De personne", exact=True).check()
    page.locator("#fam_garde").wait_for(state="detached")
    assert window.complaints == []
