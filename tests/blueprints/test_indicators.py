"""The page of action 1 of axis 1: its status, its indicator, and what became of needs (REQ-37)."""

import pytest

from models.accounts.account import Role
from models.diagnostics.picture import DOMAINS, NEED, NO_OBSTACLE, STRENGTH
from models.persons.sharing import Domain
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")
ADDRESS = "/indicateurs/diagnostic"


@pytest.fixture
def francois(app):
    return Visitor(app).enter(factories.account(role=Role.COORDINATOR))


def test_before_any_version_the_action_is_not_in_service(francois):
    page = francois.visit(ADDRESS)
    assert page.words("h1") == "Action 1 de l’axe 1 : le diagnostic à trame unique"
    assert "Pas encore en service." in page.text
    assert page.all_words("dd") == ["0"] * 6


def test_the_page_tells_since_when_it_is_in_service_and_the_version_in_force(francois):
    """REQ-37: « affiche statut et indicateur de l’action 1 »"""
    version = factories.template()
    page = francois.visit(ADDRESS)
    assert "En service depuis le" in page.text
    assert f"Version en vigueur : {version.number}." in page.text
    assert francois.visit(page.link("Lire les questions")).status == 200


def test_without_enough_people_the_page_says_why_nothing_shows(francois):
    page = francois.visit(ADDRESS)
    assert "Un nombre de 1 à 10 n’est jamais montré." in page.text
    assert page.root.find(".//table") is None
    factories.passages(Domain.MOBILITY, NEED, STRENGTH, 10)
    page = francois.visit(ADDRESS)
    assert "trop peu de personnes" in page.text
    assert page.root.find(".//table") is None


def test_the_table_tells_what_needs_became_by_domain(francois):
    """I11: a hidden count is said so; a domain that would tell too much is hidden whole."""
    factories.passages(Domain.MOBILITY, NEED, NEED, 12)
    factories.passages(Domain.MOBILITY, NEED, STRENGTH, 25)
    factories.passages(Domain.MOBILITY, NO_OBSTACLE, STRENGTH, 3)
    factories.passages(Domain.MOBILITY, STRENGTH, STRENGTH, 20)
    factories.passages(Domain.DIGITAL, NEED, NO_OBSTACLE, 11)
    factories.passages(Domain.DIGITAL, NEED, NEED, 1)
    page = francois.visit(ADDRESS)
    told = {}
    for group in page.root.iterfind(".//tbody"):
        head, *cells = (" ".join("".join(e.itertext()).split()) for e in group.iterfind("tr/*"))
        told[head] = cells
    assert len(told) == len(DOMAINS)
    assert told["Déplacements : besoin au début"] == [
        "37", "Besoin encore là", "12", "Plus d’obstacle", "0", "Devenu point d’appui", "25",
        "Nouveau point d’appui, sans besoin au début", "moins de 11", "Nouveau besoin", "0",
    ]  # fmt: skip
    assert told["Numérique : besoin au début"] == ["non montré"]
    assert "Santé et bien-être" not in page.text
    assert page.words("table/caption")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ANIMATOR, 200), (Role.BANK_ANIMATOR, 200), (Role.AUDITOR, 200),
        (Role.PROFESSIONAL, 404), (Role.ADMIN, 404),
    ],
)  # fmt: skip
def test_who_steers_reads_it(app, role, status):
    someone = Visitor(app).enter(factories.account(role=role))
    assert someone.visit(ADDRESS).status == status


def test_the_page_is_reached_from_the_template_and_from_the_needs_without_answer(francois, visitor):
    for address, words in (
        ("/trame", "Où en est cette action"),
        ("/besoins-sans-reponse", "Le diagnostic : indicateurs"),
        ("/espace-pro", "Le diagnostic : indicateurs"),
    ):
        page = francois.visit(address)
        assert francois.visit(page.link(words)).address == ADDRESS
    assert "indicateurs" not in visitor.visit("/trame").html


def test_the_page_costs_the_same_whatever_was_counted(francois, queries):
    francois.visit(ADDRESS)
    queries.clear()
    francois.visit(ADDRESS)
    before = len(queries)
    for domain in (Domain.MOBILITY, Domain.DIGITAL, Domain.HOUSING):
        factories.passages(domain, NEED, STRENGTH, 12)
    queries.clear()
    francois.visit(ADDRESS)
    assert len(queries) == before
