"""The first page, and the pages the law asks for."""

import pytest

from blueprints.languages import gettext
from models.permissions import MATRIX, by_standing

PAGES = [
    "/",
    "/mes-droits-a-la-formation",
    "/plan-du-site",
    "/accessibilite",
    "/vos-donnees",
    "/mentions-legales",
    "/qui-peut-faire-quoi",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_public_page_answers_in_both_languages(visitor, address):
    assert visitor.visit(address).root.get("lang") == "fr"
    assert visitor.visit(f"{address}?langue=en").root.get("lang") == "en"


def test_the_language_chosen_stays_and_keeps_the_page(visitor):
    page = visitor.visit("/actions?q=emploi")
    english = visitor.visit(page.link("English"))
    assert english.address == "/actions?q=emploi&langue=en"
    assert visitor.visit("/").root.get("lang") == "en"
    assert visitor.visit(visitor.visit("/").link("Français")).root.get("lang") == "fr"


def test_an_unknown_language_reads_french(visitor):
    assert visitor.visit("/?langue=xx").root.get("lang") == "fr"


def test_the_first_page_searches_before_everything(visitor):
    """REQ-15: the first form of the first page is the search, and it works without script."""
    page = visitor.visit("/")
    found = visitor.submit(page, "Chercher", {"q": "emploi", "commune": "Toulouse"})
    assert found.status == 200
    assert "Toulouse" in found.title


def test_the_accessibility_state_is_linked_from_each_page(visitor):
    """Law of 11 February 2005, article 47: the mention stands on every page."""
    for address in (*PAGES, "/actions", "/partenaires", "/connexion", "/rien"):
        assert visitor.visit(address).link("Accessibilité : non conforme") == "/accessibilite"


def test_the_health_page_says_the_database_answers(visitor):
    assert visitor.client.get("/sante").json == {"etat": "en service"}


def test_the_first_visit_carries_the_style_sheet_and_the_next_ones_name_it(visitor):
    first, second = visitor.visit("/"), visitor.visit("/")
    assert "<style>" in first.html
    assert "sha256-" in first.headers["Content-Security-Policy"]
    assert "<style>" not in second.html
    assert "sha256-" not in second.headers["Content-Security-Policy"]


def test_the_access_rules_are_shown_as_the_matrix_states_them(visitor):
    """I12: each cell of the matrix is a line of the page, and no line is anything else."""
    page = visitor.visit("/qui-peut-faire-quoi")
    shown = len(page.root.findall(".//main//section/ul/li"))
    assert shown == sum(len(cells) for cells in MATRIX.values())
    for standing, permissions in by_standing():
        section = page.root.find(f".//section[@aria-labelledby='{standing}']")
        words = " ".join("".join(section.itertext()).split())
        assert all(permission.label in words for permission, _ in permissions)


@pytest.mark.parametrize("path", ["/", "/actions", "/actions?frais=gratuit"])
def test_a_query_cannot_steer_the_links_of_the_page(visitor, path):
    """What the address asks for goes back into links, never into the words that make them."""
    asked = "endpoint=x&_external=1&_scheme=javascript&_anchor=y&_method=POST&code=z"
    page = visitor.visit(f"{path}{'&' if '?' in path else '?'}{asked}")
    assert page.status == 200
    assert "javascript:" not in page.html


def test_the_language_of_a_page_ends_with_it(visitor):
    """A command that runs next in the same thread speaks the source, French."""
    assert "Find help" in visitor.visit("/?langue=en").text
    assert gettext("Trouver une aide") == "Trouver une aide"
