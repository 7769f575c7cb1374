"""The page of action 1 of axis 1: its status, its indicator, and what became of needs (REQ-37)."""

import datetime as dt

import pytest

from models import Person
from models.accounts.account import Role
from models.diagnostics.picture import DOMAINS, NEED, NO_OBSTACLE, STRENGTH
from models.persons.sharing import Domain
from models.prescriptions import acting
from models.prescriptions.mover import provider
from models.prescriptions.states import Refusal
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


# Prescriptions, and who has no solution

PRESCRIPTIONS = "/indicateurs/prescriptions"


@pytest.fixture
def asked(time_machine):
    """Ask so many times last month; each is accepted, or declined as full."""
    writer = factories.writer()
    somebody = factories.accompanied(writer)
    present = dt.datetime.now(dt.UTC)

    def ask(accepted, declined):
        time_machine.move_to(present.replace(day=1) - dt.timedelta(days=9))
        for number in range(accepted + declined):
            one = factories.sent(somebody, writer)
            place = provider(one.provider)
            if number < accepted:
                acting.accept(one, mover=place)
            else:
                acting.decline(one, [Refusal.FULL], mover=place)
        time_machine.move_to(present)

    return ask


def rows_of(page):
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in page.root.iterfind(".//tbody/tr")
    ]


def facts_of(page):
    return dict(zip(page.all_words("dt"), page.all_words("dd"), strict=True))


def test_without_any_prescription_the_page_shows_zeros(francois):
    page = francois.visit(PRESCRIPTIONS)
    assert page.words("h1") == "Les demandes aux organismes"
    assert rows_of(page)[-1] == ["Envoyées", "0"]
    assert "Trop peu de refus" in page.text


def test_what_they_became_why_refused_and_what_came_of_them(francois, asked):
    """« Acceptance and outcome rates for coordinators above the threshold »."""
    asked(accepted=33, declined=11)
    page = francois.visit(PRESCRIPTIONS)
    found = rows_of(page)
    assert ["Acceptée", "33"] in found
    assert ["Il n’y a plus de place", "11"] in found
    assert ["Issue pas encore notée", "33"] in found
    assert facts_of(page)["Acceptées, parmi les réponses"].startswith("75")


def test_under_eleven_a_hidden_count_is_said_so_and_tells_no_rate(francois, asked):
    """I11"""
    asked(accepted=12, declined=4)
    page = francois.visit(PRESCRIPTIONS)
    assert ["Refusée", "moins de 11"] in rows_of(page)
    assert facts_of(page)["Acceptées, parmi les réponses"] == "non montré"
    assert "Trop peu de refus" in page.text


def test_how_many_have_no_solution_is_a_number_alone(francois):
    """REQ-208: « agrégée au-dessus »."""
    writer = factories.writer()
    for _ in range(10):
        factories.accompanied(writer)
    Person.update(created_at=dt.datetime(2026, 1, 5)).execute()
    words = "Rien ne leur est proposé depuis plus de 30 jours"
    assert facts_of(francois.visit(PRESCRIPTIONS))[words] == "moins de 11"
    last = factories.accompanied(writer)
    Person.update(created_at=dt.datetime(2026, 1, 5)).where(Person.id == last.id).execute()
    assert facts_of(francois.visit(PRESCRIPTIONS))[words] == "11"


def test_who_reads_the_indicators_reads_those_of_prescriptions(app, francois):
    page = francois.visit("/espace-pro")
    assert francois.visit(page.link("Les demandes : indicateurs")).address == PRESCRIPTIONS
    professional = Visitor(app).enter(factories.writer().account)
    assert professional.visit(PRESCRIPTIONS).status == 404
