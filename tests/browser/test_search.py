"""The search as a person lives it: with scripts, without, and with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.server import ROOT

pytestmark = pytest.mark.browser
FIRST_PAGE_BYTES = 9_000

SCRIPTED = pytest.mark.skipif(
    not list((ROOT / "static" / "vendor").glob("htmx*.js")),
    reason="npm n’a pas apporté htmx : le portail marche sans lui",
)


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_filter_gives_the_same_page_with_and_without_scripts(open_window, javascript):
    """REQ-15: same address, same title, same list; only the way there differs."""
    window = open_window(javascript=javascript)
    window.visit("/actions?q=emploi")
    window.page.locator("summary", has_text="Prix").click()
    window.page.get_by_label("Gratuit").check()
    window.page.get_by_role("button", name="Appliquer").click()
    window.page.wait_for_url("**/actions?*frais=gratuit*")
    window.page.get_by_role("link", name="Retirer le filtre : Gratuit").wait_for()

    assert "frais=gratuit" in window.page.url
    assert "q=emploi" in window.page.url
    assert "pour « emploi » -" in window.page.title().replace("\u00a0", " ")
    assert window.page.locator("h2#res").inner_text().endswith("trouvées")
    assert window.complaints == []


@SCRIPTED
def test_with_scripts_only_the_results_travel_and_the_count_takes_the_focus(open_window):
    """The count is heard because it takes the focus; the page itself is not loaded again."""
    window = open_window()
    window.visit("/actions?q=emploi")
    window.page.evaluate("document.body.dataset.kept = 'oui'")
    before = window.page.title()
    window.page.locator("summary", has_text="Prix").click()
    window.page.get_by_label("Gratuit").check()
    window.page.get_by_role("button", name="Appliquer").click()
    window.page.locator("h2#res:focus").wait_for()

    assert window.page.evaluate("document.body.dataset.kept") == "oui"
    assert window.page.title() != before


@SCRIPTED
def test_going_back_shows_the_former_list_whole(open_window):
    window = open_window()
    window.visit("/actions?q=emploi")
    count = window.page.locator("h2#res").inner_text()
    window.page.locator("summary", has_text="Prix").click()
    window.page.get_by_label("Gratuit").check()
    window.page.get_by_role("button", name="Appliquer").click()
    window.page.locator("h2#res:focus").wait_for()
    window.page.go_back()
    window.page.wait_for_url("**/actions?q=emploi")

    expect(window.page.locator("h2#res")).to_have_text(count)
    assert window.page.locator("header").count() == 1


def test_the_whole_search_is_done_with_the_keyboard(open_window):
    window = open_window(javascript=False)
    window.visit("/")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    window.page.get_by_label("De quoi avez-vous besoin ?").focus()
    window.page.keyboard.type("je n’ai pas de garde")
    window.page.keyboard.press("Tab")
    window.page.keyboard.type("Toulouse")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/actions?*")

    assert "près de Toulouse" in window.page.title()
    assert window.page.locator("ol.list > li").count() > 0


def test_an_error_takes_the_focus_and_leads_to_its_field(open_window):
    window = open_window(javascript=False)
    window.visit("/actions?q=emploi&commune=Atlantide")

    assert window.page.evaluate("document.activeElement.className") == "errors stack"
    window.page.locator(".errors a").click()
    assert window.page.evaluate("location.hash") == "#commune"
    assert window.page.get_by_label("De quoi avez-vous besoin ?").input_value() == "emploi"


@pytest.mark.parametrize(
    "sheet", ["francais-travail-reynerie", "trouver-formation-labege", "idee-projet-colomiers"]
)
def test_the_fullest_sheets_print_on_one_page_of_paper(open_window, server, sheet):
    """REQ-19: with what comes after, employers’ words, hours, attached actions, short link."""
    window = open_window()
    window.visit(f"/actions/banque-demo-31--{sheet}", settled=True)
    assert not window.page.locator(".short svg").is_visible()
    assert window.bytes_of("Document") <= FIRST_PAGE_BYTES
    assert window.sheets_of_paper() == 1


def test_a_sheet_prints_on_one_page_of_paper(open_window, server):
    """REQ-19: A4, without navigation, with the help line."""
    window = open_window()
    window.visit("/actions?q=emploi")
    window.page.locator("ol.list a").first.click()
    window.page.wait_for_load_state()
    pages = window.sheets_of_paper()
    window.page.emulate_media(media="print")

    assert pages == 1
    assert window.page.locator(".short svg").is_visible()
    assert not window.page.locator("nav.menu").is_visible()
    assert window.page.get_by_text("Reprenez vos feuilles avant de partir.").is_visible()
