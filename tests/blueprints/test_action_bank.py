"""Searching the bank and reading a sheet, as a visitor without script (REQ 15–28, 186)."""

import datetime as dt
import re
import zlib

import pytest

from models.accounts.account import Role
from models.base import today
from models.days import months_after
from models.prescriptions import acting
from models.prescriptions.mover import provider
from models.search_index import current_index
from models.vocabularies import Status
from tests import factories

TOULOUSE = {"commune": "Toulouse", "insee_code": "31555", "latitude": 43.6, "longitude": 1.44}
SAINT_GAUDENS = {
    "commune": "Saint-Gaudens",
    "insee_code": "31483",
    "latitude": 43.12,
    "longitude": 0.73,
}


def publish(**values):
    action = factories.action(**values)
    current_index().put(action)
    return action


def names(page):
    return page.all_words("h3")


def test_a_search_shows_the_sheets_that_hold_the_words(visitor):
    """REQ-15"""
    publish(name="Trouver un emploi dans le bâtiment")
    publish(name="Apprendre à nager")
    page = visitor.visit("/actions?q=emplois")
    assert page.words("h2") == "1 action trouvée"
    assert "Trouver un emploi dans le bâtiment" in names(page)
    assert "Apprendre à nager" not in names(page)


def test_the_title_says_the_question_and_the_count(visitor):
    """Without script, the title is all that a screen reader says of a new page."""
    publish(name="Garde d’enfant", **TOULOUSE)
    page = visitor.visit("/actions?q=garde&commune=Toulouse")
    assert page.title.startswith("1 action trouvée pour « garde » près de Toulouse")


def test_the_same_address_answers_the_page_or_its_results(visitor):
    """REQ-15: htmx replaces the list, at the same address, with the same words."""
    publish(name="Garde d’enfant")
    page = visitor.visit("/actions?q=garde")
    fragment = visitor.visit("/actions?q=garde", headers={"HX-Request": "true"})
    title, _end, body = fragment.html.partition("</title>")
    assert " ".join(title.removeprefix("<title>").split()) == page.title
    assert body.replace(" autofocus", "") in page.html
    assert "HX-Request" in page.headers["Vary"]
    assert "HX-Request" in fragment.headers["Vary"]


def test_going_back_in_history_gets_the_whole_page(visitor):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert visitor.visit("/actions", headers=headers).html.startswith("<!DOCTYPE html>")


def test_the_nearest_comes_first_with_its_distance(visitor):
    """REQ-20"""
    publish(name="Atelier au sud", **SAINT_GAUDENS)
    publish(name="Atelier en ville", **TOULOUSE)
    page = visitor.visit("/actions?q=atelier&commune=Toulouse&rayon=100")
    assert names(page)[:2] == ["Atelier en ville", "Atelier au sud"]
    assert "Saint-Gaudens, à 78 km" in page.text


def test_the_radius_leaves_out_what_is_too_far(visitor):
    publish(name="Atelier au sud", **SAINT_GAUDENS)
    assert (
        visitor.visit("/actions?commune=Toulouse&rayon=50").words("h2") == "Aucune action trouvée"
    )


def test_a_filter_narrows_and_its_link_removes_it(visitor):
    publish(name="Atelier gratuit", fees="gratuit")
    publish(name="Atelier payant", fees="payant")
    page = visitor.visit("/actions?q=atelier")
    narrowed = visitor.submit(page, "Appliquer", {"frais": "gratuit"})
    assert narrowed.words("h2") == "1 action trouvée"
    assert "Atelier payant" not in names(narrowed)
    widened = visitor.visit(narrowed.link("Retirer le filtre : Gratuit"))
    assert widened.words("h2") == "2 actions trouvées"


def test_sheets_for_people_on_rsa_are_one_filter_away(visitor):
    """REQ-14: a public of sheets, that says nothing of who searches."""
    publish(name="Permis à un euro", audiences=["beneficiaires-des-minimas-sociaux"])
    publish(name="Atelier des seniors", audiences=["seniors"])
    page = visitor.visit("/actions")
    (choice,) = [
        label for label in page.root.iter("label") if "RSA" in "".join(label.itertext())
    ]  # fmt: skip
    box = choice.find(".//input")
    found = visitor.visit(f"/actions?{box.get('name')}={box.get('value')}")
    assert "Permis à un euro" in found.text
    assert "Atelier des seniors" not in found.text


def test_each_choice_of_a_filter_says_how_many_sheets_it_keeps(visitor):
    publish(name="Un", fees="gratuit")
    publish(name="Deux", fees="gratuit")
    publish(name="Trois", fees="payant")
    page = visitor.visit("/actions")
    assert "Gratuit (2)" in page.text
    assert "Payant (1)" in page.text


@pytest.mark.parametrize("theme", ["famille", "famille--garde-denfants"])
def test_a_theme_or_a_thematic_filters(visitor, theme):
    publish(name="Crèche", thematics=["famille--garde-denfants"])
    publish(name="Vélo", thematics=["mobilite--acceder-a-un-vehicule"])
    page = visitor.visit(f"/actions?thematique={theme}")
    assert names(page)[0] == "Crèche"
    assert page.words("h2") == "1 action trouvée"


def test_pages_of_results_hold_every_sheet_once(visitor):
    for number in range(25):
        publish(name=f"Atelier numéro {number}")
    seen, page = [], visitor.visit("/actions?q=atelier")
    while True:
        seen += [name for name in names(page) if name.startswith("Atelier")]
        try:
            page = visitor.visit(page.link("Voir les suivantes"))
        except AssertionError:
            break
    assert len(seen) == len(set(seen)) == 25


def test_nothing_found_says_what_to_try(visitor):
    page = visitor.visit("/actions?q=zzzzzz&commune=Muret&rayon=10")
    assert page.words("h2") == "Aucune action trouvée"
    assert "Vous pouvez essayer" in names(page)
    assert "rayon=100" in page.link("Chercher à moins de 100 km")


def test_an_everyday_phrase_leads_to_its_need(visitor):
    """REQ-31, L3: « je n’ai pas de garde » finds child care that does not hold these words."""
    publish(name="Halte des tout-petits", thematics=["famille--garde-denfants"])
    page = visitor.visit("/actions?q=je n’ai pas de garde pour mon bébé")
    assert "Halte des tout-petits" in names(page)
    assert "Nous avons compris" in page.text


def test_an_emergency_answers_first_with_the_public_numbers(visitor):
    page = visitor.visit("/actions?q=mon mari me frappe")
    headings = page.all_words("h2")
    assert headings[0] == "Danger ou urgence : appelez tout de suite"
    assert page.link("3919") == "tel:3919"
    assert page.link("17") == "tel:17"


def test_words_that_only_resemble_an_emergency_still_show_its_number(visitor):
    """No alarm when nothing was named outright, but the number is there."""
    page = visitor.visit("/actions?q=se faire battre")
    assert "Danger ou urgence : appelez tout de suite" not in page.all_words("h2")
    assert "Si c’est urgent, appelez :" in page.text
    assert page.link("3919") == "tel:3919"


def test_a_need_is_named_once(visitor):
    page = visitor.visit("/actions?q=mon mari me frappe")
    assert page.text.count("Trouver une protection et une écoute") == 1


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("rayon=-5", "rayon", "La distance doit être un nombre de kilomètres, de 1 à 200."),
        ("rayon=9999999999999999999999", "rayon", "La distance doit être un nombre"),
        ("rayon=²", "rayon", "La distance doit être un nombre"),
        ("commune=Atlantide", "commune", "Nous ne trouvons pas cette commune en Haute-Garonne."),
        ("thematique=rien", "thematique", "Ce filtre n’existe pas"),
        ("frais=%00", "frais", "Ce filtre n’existe pas"),
        ("organisme=abc", "organisme", "Cet organisme n’existe pas"),
        ("organisme=%00%ED%A0%80", "organisme", "Cet organisme n’existe pas"),
        ("q=" + "a" * 10_000, "q", "Votre phrase est trop longue."),
    ],
)
def test_what_cannot_be_understood_is_said_in_a_sentence(visitor, query, field, sentence):
    page = visitor.visit(f"/actions?{query}")
    assert page.status == 422
    assert page.title.startswith("Erreur :")
    assert sentence in page.text
    assert page.link(sentence[:20]) == f"#{field}"


@pytest.mark.parametrize(
    "words",
    [
        "AND OR NOT NEAR(", '"', "title:emploi", "a* ^b", "';DROP TABLE action;--", "%00emploi",
        "{{7*7}}", "<script>alert(1)</script>", "\u202eemploi", "🙂", "NEAR/2", "-", "()", "''",
    ],
)  # fmt: skip
def test_hostile_words_are_only_words(visitor, words):
    page = visitor.visit("/actions", query_string={"q": words})
    assert page.status == 200
    assert "<script>alert" not in page.html


def test_several_communes_of_a_name_are_a_question(visitor):
    page = visitor.visit("/actions?q=emploi&commune=31800")
    assert page.status == 200
    assert page.words("h1") == "Quelle commune ?"
    assert "commune=31483" in page.link("Saint-Gaudens")
    assert "près de Saint-Gaudens" in visitor.visit(page.link("Saint-Gaudens")).title


def test_a_sheet_says_all_that_its_reader_needs(visitor):
    """REQ-15, REQ-17, REQ-19, REQ-23, REQ-186"""
    backer = factories.organisation(name="Appui de demain", source_id="x--appui")
    action = publish(
        name="Atelier vélo",
        description="Réparez **votre** vélo.\n\n# Un titre\n\n<b onclick=x>gras</b>",
        summary="Une matinée pour réparer son vélo.",
        fees="payant",
        fees_detail="2 € la séance.",
        phone="+33536490102",
        documents=["Pièce d’identité"],
        languages=["fr", "ar"],
        places_left=3,
        places_total=8,
        places_on=dt.date(2026, 11, 20),
        age_min=16,
        supporters=[backer.source_id, "x--inconnu"],
        pay_and_aid="Une aide au transport est possible.",
        offline_access="Venez le matin.",
        opening_hours="Mo-Fr 09:00-12:00; PH off",
        sessions=[{"debut": "2199-01-02T09:00", "fin": "2199-01-02T12:00"}],
        verified_by="l’atelier",
        **TOULOUSE,
    )
    page = visitor.visit(f"/actions/{action.code}")
    for words in (
        "Réparez votre vélo.", "Payant. 2 € la séance.", "05 36 49 01 02", "Pièce d’identité",
        "Français, Arabe", "3 places libres sur 8, au 20 novembre", "À partir de 16 ans",
        "Appui de demain", "Une aide au transport est possible.", "Venez le matin.",
        "du lundi au vendredi : 09:00 – 12:00", "fermé les jours fériés",
        "mercredi 2 janvier, 9:00", "jusqu’à 12:00", "par l’atelier", f"/a/{action.code}",
    ):  # fmt: skip
        assert words in page.text, words
    assert "<strong>votre</strong>" in page.html
    assert "<h1>Un titre" not in page.html
    assert "<b onclick" not in page.html
    assert "x--inconnu" not in page.text


def test_a_training_sheet_leads_to_the_rights_to_training(visitor):
    """REQ-22"""
    page = visitor.visit(f"/actions/{publish(kind='formation').code}")
    rights = visitor.visit(page.link("Mes droits à la formation"))
    assert rights.words("h1") == "Mes droits à la formation"
    other = visitor.visit(f"/actions/{publish(kind='atelier').code}")
    assert "Mes droits à la formation" not in other.text


OUTCOME = {"outcome_rate": 72.9, "outcome_count": 11, "outcome_year": 2025, "outcome_source": "X"}


def test_a_training_says_what_comes_after_with_its_source(visitor):
    """REQ-21: rate, number of people, source, year; the rate is never rounded up."""
    action = publish(format="formation", **OUTCOME)
    page = visitor.visit(f"/actions/{action.code}")
    assert "72 % des personnes ont un emploi." in page.text.replace("\u00a0", " ").replace(
        "\u202f", " "
    )
    assert "Chiffre de 2025, sur 11 personnes." in page.text
    assert "Source : X." in page.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "lacking",
    [{"outcome_rate": None}, {"outcome_count": 10}, {"outcome_count": None},
     {"outcome_year": None}, {"outcome_source": None}, {"outcome_source": " "},
     {"format": "atelier"}],
)  # fmt: skip
def test_a_rate_without_source_or_of_few_people_is_not_shown(visitor, lacking):
    """REQ-21"""
    action = publish(**{"format": "formation"} | OUTCOME | lacking)
    page = visitor.visit(f"/actions/{action.code}")
    assert "Après la formation" not in page.all_words("h2")
    assert "ont un emploi" not in page.text


@pytest.mark.parametrize("pay", [None, "Vous gardez votre allocation."])
def test_pay_and_aid_come_before_how_to_enrol(visitor, pay):
    """REQ-23: on a training the block is there even when nobody filled it in."""
    page = visitor.visit(f"/actions/{publish(kind='formation', pay_and_aid=pay).code}")
    titles = page.all_words("h2")
    assert titles.index("Rémunération et aides") < titles.index("Comment faire")
    assert (pay or "Non renseigné. Demandez-le avant de vous inscrire.") in page.text
    other = visitor.visit(f"/actions/{publish(kind='atelier').code}")
    assert "Rémunération et aides" not in other.all_words("h2")


def test_employers_speak_with_a_date_and_the_name_of_their_organisation(visitor):
    """REQ-24; their words are not searched."""
    said = {
        "employer": "Le Couvert",
        "words": "Deux <b>contrats</b> prolongés.",
        "day": "2026-06-23",
    }
    page = visitor.visit(f"/actions/{publish(name='Cuisine', testimonials=[said]).code}")
    assert "Deux <b>contrats</b> prolongés." in page.text
    assert "Le Couvert, 23 juin 2026" in page.text
    assert "Cuisine" not in names(visitor.visit("/actions?q=contrats+prolongés+Couvert"))


def test_a_training_leads_to_the_regional_platform_and_tells_it_nothing(visitor, app, monkeypatch):
    """REQ-25: announced, the very address of the setting, no referrer."""
    training, other = publish(format="formation"), publish(format="atelier")
    assert "autre site" not in visitor.visit(f"/actions/{training.code}").text
    monkeypatch.setitem(app.config, "REGIONAL_PLATFORM_URL", "https://ailleurs.example/offre")
    monkeypatch.setitem(app.config, "REGIONAL_PLATFORM_NAME", "Talents d’essai")
    page = visitor.visit(f"/actions/{training.code}")
    assert page.link("Voir aussi sur Talents d’essai (autre site)") == (
        "https://ailleurs.example/offre"
    )
    link = page.root.find(".//a[@href='https://ailleurs.example/offre']")
    assert link.get("rel") == "noopener noreferrer"
    assert link.get("referrerpolicy") == "no-referrer"
    assert "Talents" not in visitor.visit(f"/actions/{other.code}").text


def test_a_place_of_information_says_when_to_come_and_what_is_there(visitor):
    """REQ-27: hours, and the actions attached, each one a link; hidden ones stay so."""
    here = publish(name="Financer son projet", source_id="essai--ici")
    publish(name="Pas prête", source_id="essai--brouillon", status=Status.DRAFT)
    attached = ["essai--ici", "essai--brouillon", "essai--inconnue"]
    values = {"attached": attached, "opening_hours": "Mo-Fr 09:00-12:00"}
    place = publish(name="Espace", format="lieu-d-information", **values)
    page = visitor.visit(f"/actions/{place.code}")
    assert page.text.count("du lundi au vendredi") == 1
    assert page.all_words("h2").index("Quand venir") < page.all_words("h2").index("Comment faire")
    assert page.link("Financer son projet") == f"/actions/{here.code}"
    assert "Pas prête" not in page.text
    without = publish(name="Sans horaires", format="lieu-d-information")
    page = visitor.visit(f"/actions/{without.code}")
    assert "Horaires non renseignés. Appelez avant de vous déplacer." in page.text
    assert "Ce que vous y trouvez" not in page.all_words("h2")
    other = publish(name="Atelier", **values)
    assert "Ce que vous y trouvez" not in visitor.visit(f"/actions/{other.code}").text


def test_the_printed_sheet_carries_its_short_link_as_a_drawing(visitor):
    """REQ-19: for telephones, at a cost of less than 1.5 kB on the wire."""
    page = visitor.visit(f"/actions/{publish().code}")
    [drawing] = re.findall(
        r'<div class="paper short">(<svg aria-hidden="true".*?)</div>', page.html
    )
    assert len(zlib.compress(drawing.encode())) < 500


@pytest.mark.parametrize(
    "form", ["webinaire", "presentation", "visite", "demonstration", "mise-en-situation",
             "ambassadeur-metier", "lieu-d-information"],
)  # fmt: skip
def test_each_form_of_action_can_be_asked_for(visitor, form):
    """REQ-16, REQ-26, REQ-27"""
    publish(name="Celle-ci", format=form)
    publish(name="Une autre", format="aide")
    page = visitor.visit(f"/actions?type={form}")
    assert page.words("h2") == "1 action trouvée"
    assert "Celle-ci" in names(page)


def test_a_sheet_says_how_long_its_organisation_takes_to_answer(visitor):
    """Product.md §3: « The sheet shows the provider’s usual answering time »."""
    writer = factories.writer()
    somebody = factories.accompanied(writer)
    place = factories.organisation()
    answered = []
    for _ in range(5):
        action = publish(organisation=place, email="accueil@action.example")
        page = visitor.visit(f"/actions/{action.code}")
        answered.append("Répond d’habitude en un jour" in page.text)
        asked = factories.sent(somebody, writer, action=action)
        acting.accept(asked, mover=provider(place))
    page = visitor.visit(f"/actions/{action.code}")
    assert answered == [False] * 5
    assert "Répond d’habitude en un jour aux demandes des professionnels." in page.text


def test_an_empty_sheet_has_no_hole(visitor):
    page = visitor.visit(f"/actions/{publish(name='Presque rien').code}")
    assert "None" not in page.text
    assert "Contact non renseigné" in page.text


def test_the_short_link_and_the_national_identifier_lead_to_the_sheet(visitor):
    """REQ-19"""
    action = publish(name="Atelier", source_id="dora--42:é x")
    assert visitor.visit(f"/a/{action.code}").words("h1") == "Atelier"
    assert visitor.visit("/actions/dora--42:é x").words("h1") == "Atelier"


def test_an_archived_sheet_is_gone_with_a_way_on(visitor):
    near = publish(name="Encore là", thematics=["numerique--acquerir-un-equipement"])
    gone = publish(
        name="Arrêtée",
        thematics=["numerique--acquerir-un-equipement"],
        status=Status.ARCHIVED,
    )
    page = visitor.visit(f"/actions/{gone.code}")
    assert page.status == 410
    assert page.link(near.name) == f"/actions/{near.code}"
    assert names(visitor.visit("/actions"))[0] == "Encore là"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW])
def test_an_unpublished_sheet_does_not_exist_for_strangers(visitor, status):
    """I12: absent and forbidden are the same page."""
    hidden = publish(status=status)
    absent = visitor.visit("/actions/0000000000")
    for address in (f"/actions/{hidden.code}", f"/actions/{hidden.source_id}"):
        refused = visitor.visit(address)
        assert (refused.status, refused.text) == (404, absent.text)
    visitor.enter(factories.account())
    assert visitor.visit(f"/actions/{hidden.code}").status == 404


def test_its_organisation_and_the_animators_read_an_unpublished_sheet(app):
    from tests.visitor import Visitor

    hidden = publish(status=Status.DRAFT)
    colleague = factories.membership(organisation=hidden.organisation).account
    animator = factories.account(role=Role.ANIMATOR)
    for reader in (colleague, animator):
        page = Visitor(app).enter(reader).visit(f"/actions/{hidden.code}")
        assert page.status == 200
        assert "Cette fiche n’est pas encore publique." in page.text


def test_a_sheet_long_unconfirmed_is_marked_then_hidden(visitor):
    """REQ-20: marked after its rhythm, hidden from default results after two years."""
    months = dt.timedelta(days=31)
    publish(name="Atelier à vérifier", verified_on=today() - 8 * months)
    publish(name="Atelier oublié", verified_on=today() - 26 * months)
    page = visitor.visit("/actions?q=atelier")
    assert "À vérifier" in page.text
    assert "Atelier oublié" not in names(page)
    shown = visitor.submit(page, "Appliquer", {"anciennes": "oui"})
    assert "Atelier oublié" in names(shown)


def test_a_typo_is_answered_with_a_suggestion(visitor):
    publish(name="Mobilité pour tous", description="mobilité mobilité")
    page = visitor.visit("/actions?q=mobilitte")
    assert "Vouliez-vous dire :" in page.text
    assert "mobilit" in page.link("mobilité")


def test_a_list_costs_the_same_number_of_queries_whatever_its_length(visitor):
    from playhouse.test_utils import count_queries

    def cost():
        with count_queries() as counted:
            visitor.visit("/actions?q=atelier")
        return counted.count

    publish(name="Atelier")
    visitor.visit("/actions?q=atelier")
    alone = cost()
    for _ in range(9):
        publish(name="Atelier")
    assert cost() <= alone


def test_the_months_to_come_are_asked_in_their_order(visitor):
    """REQ-15: dates and places; a month gone by is not a choice any more."""
    this_month = today().replace(day=1)
    months = [months_after(this_month, ahead) for ahead in (0, 2, -1)]
    for month in months:
        publish(sessions=[{"debut": f"{month:%Y-%m}-28T09:00"}], places_left=2)
    page = visitor.visit("/actions")
    shown = [box.get("value") for box in page.root.iter("input") if box.get("name") == "date"]
    assert shown == [f"{months[0]:%Y-%m}", f"{months[1]:%Y-%m}"]
    assert "Avec des places libres" in page.text
    found = visitor.visit(f"/actions?date={months[1]:%Y-%m}&places=libres")
    assert found.words("h2") == "1 action trouvée"
    assert visitor.visit(f"/actions?date={months[2]:%Y-%m}").status == 422
