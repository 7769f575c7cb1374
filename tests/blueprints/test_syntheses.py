"""The pages of a synthesis: for who accompanies, for the person, and on paper."""

import pytest

from models import AuditEntry, UnmetNeed
from models.diagnostics.diagnostic import Moment
from models.diagnostics.domains import Opinion
from models.diagnostics.needs import Wish
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.versions import POTENTIALS_GRID
from models.search_index import current_index
from tests import factories
from tests.models.test_synthesis import choose, decide, led, more
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

SVG = "{http://www.w3.org/2000/svg}"
ANSWERS = {
    "mob_moyens": ["velo"], "mob_permis": "souhaite", "sit_niveau": "sans", "log_situation": "sans",
    "com_forces": ["autonomie"], "san_orientation": ["ecoute"],
}  # fmt: skip


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    somebody = factories.person(given_name="Zéphyrine", family_name="Ouistiti")
    return factories.accompanied(writer, somebody, domains=[Domain.MOBILITY])


@pytest.fixture
def desk(visitor, writer):
    return visitor.enter(writer.account)


@pytest.fixture
def space(app, samia):
    return Visitor(app).enter_space(samia)


def path(diagnostic, rest=""):
    return f"/personnes/{diagnostic.person.code}/diagnostics/{diagnostic.code}/synthese{rest}"


def hers(diagnostic, rest=""):
    return f"/mon-espace/synthese/{diagnostic.code}{rest}"


def listed(**values):
    place = {"latitude": 43.6043, "longitude": 1.4437, "commune": "Toulouse"}
    action = factories.action(**place | values)
    current_index().put(action)
    return action


def test_the_synthesis_begins_with_strengths(desk, samia):
    """REQ-35: forces before needs, then what was not said."""
    page = desk.visit(path(led(samia, **ANSWERS)))
    titles = page.all_words("h2")
    assert titles[:4] == [
        "Ses forces", "Forces et besoins, en image", "Ses besoins", "Ce qui n’est pas dit",
    ]  # fmt: skip
    assert any("Comment vous déplacez-vous ?" in one for one in page.all_words("li"))


def test_the_synthesis_is_one_link_away_and_leads_to_the_plan(desk, samia, writer):
    """From the list, from the page being filled, from the validated one; then on to the plan."""
    diagnostic = led(samia, **ANSWERS)
    everywhere = path(diagnostic).removesuffix("/synthese")
    for address in (f"/personnes/{samia.code}/diagnostics", everywhere):
        assert desk.visit(address).link("Lire la synthèse") == path(diagnostic)
    diagnostic.seal(by=writer.account)
    page = desk.visit(desk.visit(everywhere).link("Lire la synthèse"))
    assert page.words("h1") == "Synthèse"
    assert page.link("Son plan d’action") == f"/personnes/{samia.code}/plan"


def test_the_person_is_in_no_title_and_in_no_address(desk, samia):
    """No personal data in titles nor in addresses, needs included."""
    diagnostic = led(samia, **ANSWERS)
    for rest in ("", "/imprimer", "/actions"):
        page = desk.visit(path(diagnostic, rest))
        assert "Zéphyrine" not in page.title
        addresses = [link.get("href") for link in page.root.iterfind(".//main//a")]
        about_her = [one for one in addresses if samia.code in one]
        assert about_her
        assert not [one for one in about_her if "permis" in one or "mobilite" in one]


def test_the_picture_and_its_table_say_the_same(desk, samia):
    """One brick for each strength and each need, and the same counts in the table."""
    page = desk.visit(path(led(samia, **ANSWERS)))
    bricks = [brick.get("class") for brick in page.root.iterfind(f".//{SVG}rect")]
    table = page.root.find(".//table")
    cells = ["".join(cell.itertext()) for cell in table.iterfind(".//td[@class='n']")]
    strengths, needs = map(int, cells[::2]), map(int, cells[1::2])
    assert (bricks.count("a"), bricks.count("b")) == (sum(strengths), sum(needs))
    assert bricks.count("b") == 2


def test_no_page_tells_a_total_of_a_person(desk, samia):
    """Never a score nor a total: the table has no foot, and the picture’s words hold no number."""
    page = desk.visit(path(led(samia, **ANSWERS)))
    assert page.root.find(".//tfoot") is None
    drawn = [*page.all_words(f"{SVG}title"), *page.all_words(f"{SVG}text")]
    assert drawn
    assert not [words for words in drawn if any(letter.isdigit() for letter in words)]


def test_what_she_does_not_share_is_said_to_be_so_and_not_shown(desk, samia):
    """I1: the name of a domain, and nothing else."""
    page = desk.visit(path(led(samia, **ANSWERS)))
    assert "Pas partagé" in page.all_words("dt")
    assert "Trouver un toit" not in page.text
    assert "écoute" not in page.text


def test_the_three_silences_are_told_apart(space, samia):
    """REQ-35: not discussed, refused, and nothing to note never look alike."""
    diagnostic = led(samia, mob_moyens="refus", mob_permis="refus", pro_idee="refus")
    silent = space.visit(hers(diagnostic)).words("section[@aria-labelledby='silences']")
    assert "Pas abordé" in silent
    assert "Logement" in silent.split("Préfère ne pas répondre")[0]
    assert "Déplacements" in silent.split("Préfère ne pas répondre")[1]


def test_she_reads_all_of_it_with_health_folded(space, samia):
    """Level 3 is masked until she asks for it."""
    page = space.visit(hers(led(samia, **ANSWERS)))
    assert page.words("h1") == "Ma synthèse"
    assert "Trouver un toit" in page.text
    folded = page.root.find(".//details")
    assert "Trouver un lieu d’écoute" in "".join(folded.itertext())
    assert page.html.count("Trouver un lieu d’écoute") == 1


def test_nothing_of_health_is_on_paper(space, samia):
    """REQ-34: the sheets are carried about and left on tables."""
    page = space.visit(hers(led(samia, **ANSWERS), "/imprimer"))
    assert "Trouver un toit" in page.text
    assert "écoute" not in page.text
    assert "Santé et bien-être" not in page.text
    assert AuditEntry.select().where(AuditEntry.act == "diagnostic:print").count() == 1


def test_a_draft_says_that_it_changes(desk, samia):
    diagnostic = led(samia, **ANSWERS)
    assert "Brouillon." in desk.visit(path(diagnostic)).text
    diagnostic.seal(by=samia)
    assert "Brouillon." not in desk.visit(path(diagnostic)).text


def test_what_she_thinks_of_a_line_stays_beside_it(space, samia):
    """L7: a disagreement remains visible."""
    diagnostic = led(samia, **ANSWERS)
    choose(diagnostic, Domain.MOBILITY, DomainState.STRENGTH)
    [line] = diagnostic.domain_lines
    line.give_opinion(Opinion.DISAGREES, by=samia)
    page = space.visit(hers(diagnostic))
    [row] = [row for row in page.root.iterfind(".//tr") if row[0].text == "Déplacements"]
    told = ["".join(cell.itertext()).strip() for cell in row]
    assert told == ["Déplacements", "Point d’appui", "1", "1", "Pas d’accord"]


def test_a_need_put_aside_is_no_longer_to_be_answered(space, samia):
    diagnostic = led(samia, **ANSWERS)
    decide(diagnostic, mobilite_permis=Wish.NO)
    page = space.visit(hers(diagnostic))
    assert "Mis de côté par la personne : Préparer ou récupérer un permis." in page.text
    assert "permis" not in space.visit(hers(diagnostic, "/actions")).text


# From needs to actions


def test_each_need_is_answered_with_reasons_priorities_first(desk, samia):
    """REQ-31: which actions, and why, three reasons at most."""
    action = listed(name="Permis solidaire", needs=["mobilite-permis"], places_left=3)
    diagnostic = led(samia, **ANSWERS)
    more(diagnostic, pri_priorites=["mobilite-permis"])
    page = desk.visit(path(diagnostic, "/actions"))
    assert page.all_words("h2")[0] == "Préparer ou récupérer un permis Priorité"
    assert page.link("Permis solidaire") == f"/actions/{action.code}"
    card = page.root.find(".//main//li[@class='card']")
    assert [" ".join("".join(one.itertext()).split()) for one in card.iterfind("ul/li")] == [
        "Répond à ce besoin, dit l’organisme", "Proche : à 1 km", "Places libres : 3",
    ]  # fmt: skip


def test_a_sheet_is_reached_without_a_word_of_the_person(desk, samia, writer):
    """REQ-192: discretion; the way to a sheet, or to a wider search, names nobody."""
    listed(name="Colis du samedi", thematics=["equipement-et-alimentation--alimentation"])
    factories.agreement(samia, writer.organisation, domains=[Domain.FOOD])
    page = desk.visit(path(led(samia, res_manger="souvent"), "/actions"))
    outside = [page.link("Colis du samedi"), page.link("Chercher plus loin")]
    assert not [address for address in outside if samia.code in address or "Zéphyrine" in address]


def test_nothing_near_is_said_and_counted_for_the_network(desk, samia):
    """REQ-31: « rien près de vous », counted by theme and EPCI, without a word of the person."""
    page = desk.visit(path(led(samia, mob_permis="souhaite"), "/actions"))
    assert "Rien près de vous." in page.text
    assert "sans rien dire de la personne" in page.text
    assert [row.theme for row in UnmetNeed.select()] == ["mobilite"]


def test_reading_the_synthesis_counts_no_gap(desk, samia):
    """A gap is counted when one looks for an answer, not each time a page is read."""
    desk.visit(path(led(samia, mob_permis="souhaite")))
    assert UnmetNeed.select().count() == 0


def test_needs_come_three_by_three(space, samia):
    """Three priorities at most: so many answers on a page."""
    diagnostic = led(
        samia, mob_permis="souhaite", sit_niveau="sans", rsx_pro="non", rsx_parrain="oui"
    )
    page = space.visit(hers(diagnostic, "/actions"))
    assert len(page.all_words("h2")) == 3
    following = space.visit(page.link("Page suivante"))
    assert "Le parrainage répond à ce besoin." in following.text


def test_a_need_of_health_is_folded_among_the_answers(space, samia):
    page = space.visit(hers(led(samia, san_orientation=["ecoute"]), "/actions"))
    folded = page.root.find(".//details")
    assert "Trouver un lieu d’écoute" in "".join(folded.itertext())
    assert page.words("summary").startswith("Un besoin plus personnel")


# What changed


@pytest.fixture
def both(samia):
    former = led(samia, mob_permis="souhaite", san_orientation=["ecoute"])
    former.seal(by=samia)
    return former, led(samia, moment=Moment.FOLLOW_UP, mob_permis="oui")


def test_two_diagnostics_are_compared_whichever_is_read(desk, both):
    """Continuity: the earlier one is « before », from either page."""
    for one in both:
        page = desk.visit(desk.visit(path(one)).link("Comparer avec celui-ci"))
        assert page.words("h1") == "Ce qui a changé"
        [card] = [card for card in page.all_words("li") if card.startswith("Déplacements")]
        assert "Avant : Besoin. Après : Point d’appui." in card
        assert "Préparer ou récupérer un permis N’est plus un besoin" in card


def test_she_compares_hers_with_health_folded(space, both):
    former, latter = both
    page = space.visit(hers(latter, f"/comparer/{former.code}"))
    assert "Pas abordé cette fois" in "".join(page.root.find(".//details").itertext())


def test_two_templates_are_not_compared(desk, samia):
    grid = led(samia, key=POTENTIALS_GRID, gp_journee=["budget"])
    trame = led(samia, mob_permis="oui")
    address = f"/personnes/{samia.code}/diagnostics/{trame.code}/comparer/{grid.code}"
    assert desk.visit(address).status == 404
    same = f"/personnes/{samia.code}/diagnostics/{trame.code}/comparer/{trame.code}"
    assert desk.visit(same).status == 404


def test_another_person_s_diagnostic_is_not_compared_with_hers(desk, samia, both):
    """I13: found through the person, or not at all."""
    stranger = led(mob_permis="oui")
    address = f"/personnes/{samia.code}/diagnostics/{both[0].code}/comparer/{stranger.code}"
    assert desk.visit(address).status == 404


def test_her_syntheses_are_listed_in_her_space(space, both):
    page = space.visit("/mon-espace/synthese")
    assert page.all_words("h2") == ["Faire le point ensemble"] * 2
    assert space.visit(page.link("Lire la synthèse")).words("h1") == "Ma synthèse"


def test_every_opening_leaves_its_line(desk, samia):
    """I4: read, printed, compared: each in the journal of the person."""
    diagnostic = led(samia, **ANSWERS)
    for rest in ("", "/imprimer", "/actions"):
        desk.visit(path(diagnostic, rest))
    acts = [entry.act for entry in AuditEntry.select().order_by(AuditEntry.id)]
    assert acts[-3:] == ["diagnostic:read", "diagnostic:print", "diagnostic:read"]
