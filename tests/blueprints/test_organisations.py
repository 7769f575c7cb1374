"""The directory, the page of a partner, and the référents one may find (REQ 1, 2, 5–8, 74)."""

import pytest
from playhouse.test_utils import count_queries

from models.network.leads import active_count, find_leads, leads_of
from models.network.organisations import Category, PassportCategory
from models.territories import commune, communes, find_zones, zone_name
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")
MURET, TOULOUSE = "31395", "31555"


def lead(**values):
    return factories.writer(**{"is_listed": True, "function": "Conseillère"} | values)


# The directory


def test_the_directory_tells_its_figures_and_their_gap(visitor):
    """REQ-1: 30 announced, so many named, so many entered."""
    factories.organisation(is_network_member=True, category=Category.SOCIAL)
    factories.admitted_organisation(is_network_member=True, category=Category.SOCIAL)
    text = visitor.visit("/partenaires").text
    assert "annonçait 30 organismes. Son document en nomme 2, sans tous les dire" in text
    assert "1 est entré ici" in text
    assert "Annoncé, pas encore entré" in text
    assert "Admis, charte à signer" in text


def test_the_directory_is_filtered_by_category(visitor):
    """REQ 5–8, with no script."""
    factories.organisation(name="La sociale", is_network_member=True, category=Category.SOCIAL)
    factories.organisation(name="La firme", is_network_member=True, category=Category.BUSINESS)
    page = visitor.visit("/partenaires")
    page = visitor.submit(page, "Filtrer", {"categorie": "entreprises"})
    assert "La firme" in page.text
    assert "La sociale" not in page.text
    assert "Secteur des entreprises (1)" in page.text
    assert "La sociale" in visitor.visit("/partenaires?categorie=%00inconnue").text


def test_the_network_of_the_passport_has_its_own_section(visitor):
    """REQ-74"""
    factories.organisation(name="École", passport_category=PassportCategory.EDUCATION)
    page = visitor.visit("/partenaires")
    assert "Le réseau du passeport emploi (1)" in page.text
    assert "École" not in page.text
    page = visitor.visit(page.link("Voir ses partenaires"))
    assert "Éducation nationale (1)" in page.text
    assert "École" in page.text


def test_the_gauge_counts_people_who_may_write(visitor):
    """REQ-2: someone in two organisations counts once; not yet trained, not at all."""
    first = lead()
    lead(of=first.account)
    lead(is_lead=False)
    factories.membership()
    assert active_count() == 1
    assert "1 référent actif sur 150 annoncés" in visitor.visit("/partenaires").text


def test_the_public_pages_ask_as_much_for_two_as_for_forty(visitor):
    """No query per line."""
    pages = ["/partenaires", "/referents"]
    counts = []
    for wanted in (2, 40):
        while active_count() < wanted:
            lead(organisation=factories.signed_organisation(category=Category.SOCIAL))
        place = find_leads()[0].membership.organisation.code
        counts.append([])
        for address in (*pages, f"/partenaires/{place}"):
            with count_queries() as counted:
                assert visitor.visit(address).status == 200
            counts[-1].append(counted.count)
    assert counts[0] == counts[1]


# The page of a partner


def test_a_partner_shows_its_state_and_the_leads_who_chose_to_appear(app, visitor):
    shown = lead(phone="0536490031", email="pro@example.org")
    hidden = lead(organisation=shown.organisation, is_listed=False)
    untrained = factories.membership(organisation=shown.organisation, is_listed=True)
    address = f"/partenaires/{shown.organisation.code}"
    page = visitor.visit(address)
    assert "Membre, charte signée" in page.text
    assert "Charte signée" in page.text
    assert page.link("pro@example.org") == "mailto:pro@example.org"
    assert shown.account.name in page.text
    assert hidden.account.name not in page.text
    assert untrained.account.name not in page.text
    member = Visitor(app).enter(factories.account()).visit(address)
    for one in (hidden, untrained):
        assert one.account.name in member.text
    assert "Pas encore le droit d’écrire" in member.text
    assert shown.account.identifier not in page.html


def test_a_suspended_partner_says_so_and_shows_no_lead(visitor):
    """charter, article 14"""
    shown = lead()
    shown.organisation.suspend("risque", by=None)
    page = visitor.visit(f"/partenaires/{shown.organisation.code}")
    assert "Accès suspendu" in page.text
    assert shown.account.name not in page.text
    assert leads_of(shown.organisation, is_member=True) == []
    assert find_leads(is_member=True) == []


# Finding a référent


@pytest.mark.parametrize(
    ("zones", "found"),
    [
        ([], True),
        ([MURET], True),
        (["200068641"], True),
        (["31"], True),
        ([TOULOUSE], False),
        ([TOULOUSE, MURET], True),
    ],
)
def test_a_lead_is_found_by_the_place_where_she_acts(zones, found):
    """REQ-2: no zone is everywhere, as for a sheet."""
    lead(zones=zones)
    assert bool(find_leads(commune=commune(MURET))) == found


@pytest.mark.parametrize(
    ("audiences", "found"),
    [([], True), (["jeunes"], True), (["tous-publics"], True), (["seniors"], False)],
)
def test_a_lead_is_found_by_whom_she_takes(audiences, found):
    lead(audiences=audiences)
    assert bool(find_leads(audience="jeunes")) == found


def test_the_search_announces_its_count_and_keeps_its_address(visitor):
    lead(zones=[MURET])
    lead(zones=[TOULOUSE])
    page = visitor.visit("/referents")
    assert "(2 référents)" in page.title
    page = visitor.submit(page, "Chercher", {"commune": "muret", "public": "jeunes"})
    assert page.words("h2") == "1 référent pour Muret"
    assert page.address == "/referents?commune=muret&public=jeunes"


def test_an_ambiguous_commune_is_asked(visitor):
    page = visitor.visit("/referents?commune=saint")
    assert page.status == 200
    assert "Plusieurs communes correspondent" in page.text


@pytest.mark.parametrize(
    "query",
    ["commune=Marseille", "public=personne", "public=%00", "commune=" + "z" * 5000],
)
def test_a_search_that_means_nothing_is_explained(visitor, query):
    page = visitor.visit(f"/referents?{query}")
    assert page.status == 422
    assert page.title.startswith("Erreur :")


@pytest.mark.parametrize("number", ["0", "-1", "99999999", "²", "x", "%00"])
def test_a_page_that_does_not_exist_shows_the_nearest(visitor, number):
    lead()
    assert visitor.visit(f"/referents?page={number}").status == 200


def test_nobody_found_says_what_to_try(visitor):
    page = visitor.visit("/referents")
    assert "Aucun référent trouvé" in page.text
    assert page.link("Voir les partenaires") == "/partenaires"


def test_long_lists_are_cut_in_pages(visitor):
    where = factories.signed_organisation()
    for _ in range(21):
        lead(organisation=where)
    first = visitor.visit("/referents")
    assert "Page 1 sur 2" in first.text
    assert "Page 2 sur 2" in visitor.visit(first.link("Page suivante")).text


def test_hostile_words_of_a_card_are_only_words(visitor):
    """ASVS 1.2.1"""
    shown = lead(function="<script>alert(1)</script>", email="x@example.org")
    page = visitor.visit(f"/partenaires/{shown.organisation.code}")
    assert "<script>alert" not in page.html


def test_every_zone_is_written_as_it_is_read():
    """The words of a card lead back to the same codes."""
    for one in communes():
        for code in one.zone_codes:
            assert find_zones(zone_name(code)) == [code]
