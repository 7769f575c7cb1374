"""The page of needs without an answer, and what a search that finds nothing says (L5)."""

import pytest

from models import UnmetNeed
from models.accounts.account import Role
from models.base import today
from models.days import months_before
from models.search_index import current_index
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")


def coordinator(app):
    return Visitor(app).enter(factories.account(role=Role.COORDINATOR))


def count(theme, place, searches):
    month = months_before(today().replace(day=1), 1)
    UnmetNeed.create(theme=theme, place=place, month=month, searches=searches)


def test_a_search_that_finds_nothing_says_that_it_is_counted(visitor):
    page = visitor.visit("/actions?q=permis+de+conduire&commune=Muret")
    assert "Nous comptons ce manque, sans votre phrase." in page.text
    [row] = UnmetNeed.select()
    assert (row.theme, row.place, row.searches) == ("mobilite", "200068641", 1)


def test_what_is_refined_or_only_asked_for_is_not_counted(visitor):
    current_index().put(factories.action(name="Permis"))
    for address, headers in (
        ("/actions", {}),
        ("/actions?q=permis", {}),
        ("/actions?q=zzzz", {"HX-Request": "true"}),
        ("/actions?commune=Saint", {}),
    ):
        assert "Nous comptons" not in visitor.visit(address, headers=headers).html
    visitor.client.head("/actions?q=zzzz")
    assert UnmetNeed.select().count() == 0


def test_the_page_shows_where_needs_have_no_action(app):
    """« a page shows where needs have no action (threshold on counts), for coordinators »"""
    count("famille", "200068641", 30)
    count("famille", "243100518", 4)
    count("", "", 12)
    page = coordinator(app).visit("/besoins-sans-reponse")
    assert page.status == 200
    [shown, _] = page.root.iterfind(".//table")
    lines = [[" ".join("".join(c.itertext()).split()) for c in row] for row in shown.iter("tr")]
    assert lines[1:] == [
        ["Famille", "au moins 31"],
        ["Communauté d’agglomération Le Muretain Agglo", "30"],
        ["Toulouse Métropole", "moins de 11"],
        ["Thème non reconnu", "12"],
        ["Sans commune indiquée", "12"],
    ]
    assert page.words("table/caption")


def test_a_theme_of_small_counts_only_tells_nothing(app):
    count("famille", "200068641", 10)
    page = coordinator(app).visit("/besoins-sans-reponse")
    assert "au moins" not in page.text
    assert "non montré" in page.all_words("td")


def test_without_any_search_the_page_says_so(app):
    page = coordinator(app).visit("/besoins-sans-reponse")
    assert "Aucune recherche sans résultat" in page.text


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.BANK_ANIMATOR, 200), (Role.AUDITOR, 200), (Role.PROFESSIONAL, 404), (Role.ADMIN, 404)],
)
def test_who_steers_reads_it(app, role, status):
    someone = Visitor(app).enter(factories.account(role=role))
    assert someone.visit("/besoins-sans-reponse").status == status
