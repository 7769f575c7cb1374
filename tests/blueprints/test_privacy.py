"""What people are told of their rights and of what is kept of them: the register itself."""

import pytest

from models.plain_language import remarks
from models.register import ACTIVITIES, ENTRIES, entries_of
from models.register.risks import RISKS, TO_DECIDE

PAGES = ["/mes-droits", "/registre", "/registre/analyse-d-impact", "/vos-donnees"]
PAGES += [f"/registre/{activity.name}" for activity in ACTIVITIES]
# Read by whoever is accompanied: no long sentence at all (REQ-206).
FOR_EVERYONE = ["/mes-droits", "/mes-droits-a-la-formation"]
MOST_WORDS = 15


def sentences(page):
    """What the main part of a page says, piece by piece."""
    main = page.root.find(".//main")
    said = (" ".join("".join(part.itertext()).split()) for tag in ("p", "li", "dd", "h2", "h3")
            for part in main.iter(tag) if not list(part.iter("ul")))  # fmt: skip
    return [words for words in said if words]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_about_data_answers_in_both_languages(visitor, address):
    assert visitor.visit(address).root.get("lang") == "fr"
    assert visitor.visit(f"{address}?langue=en").root.get("lang") == "en"


@pytest.mark.parametrize("address", PAGES)
def test_no_sentence_is_over_twenty_five_words(visitor, address):
    """REQ-206: plain language, by the rule that the sheets follow."""
    long = [r for r in remarks(*sentences(visitor.visit(address))) if "count" in r.values]
    assert long == []


@pytest.mark.parametrize("address", FOR_EVERYONE)
def test_a_page_for_everyone_has_short_sentences(visitor, address):
    for words in sentences(visitor.visit(address)):
        for sentence in words.replace("?", ".").replace(" :", ".").split("."):
            assert len(sentence.split()) <= MOST_WORDS, sentence


def test_my_rights_are_one_link_from_where_people_are(visitor):
    """REQ-206"""
    for address in ("/", "/vos-donnees", "/plan-du-site"):
        assert visitor.visit(address).link("Mes droits") in (
            "/mes-droits", "/mes-droits-a-la-formation",
        )  # fmt: skip
        assert 'href="/mes-droits"' in visitor.visit(address).html
    assert visitor.visit("/mes-droits").link("Mes droits à la formation")
    assert visitor.visit("/mes-droits-a-la-formation").link("Tous mes droits") == "/mes-droits"


def test_privacy_says_the_rights_how_to_use_them_and_to_whom_to_complain(visitor, app, monkeypatch):
    """RGPD, article 13."""
    monkeypatch.setitem(app.config, "DPO_EMAIL", "dpd@organisme.example")
    page = visitor.visit("/vos-donnees")
    for words in ("correction", "opposer", "emportez tout", "CNIL", "délégué à la protection"):
        assert words in page.text
    assert page.link("Mon espace") == "/mon-espace"
    assert page.link("dpd@organisme.example") == "mailto:dpd@organisme.example"
    assert page.link("Le registre des données") == "/registre"
    assert page.link("L’analyse d’impact") == "/registre/analyse-d-impact"


def test_the_register_leads_to_each_activity(visitor):
    """RGPD, article 30."""
    page = visitor.visit("/registre")
    for activity in ACTIVITIES:
        assert page.link(activity.title) == f"/registre/{activity.name}"
    for entry in entries_of(None):
        assert entry.words in page.text


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda activity: activity.name)
def test_the_page_of_an_activity_says_all_that_the_register_says(visitor, activity):
    page = visitor.visit(f"/registre/{activity.name}")
    said = [
        activity.title, activity.purpose, activity.basis.label, activity.people,
        activity.recipients, activity.access, activity.rule,
    ]  # fmt: skip
    for entry in entries_of(activity):
        said += [entry.words, entry.kept, entry.because]
        said += [text for data in entry.data for text in (data.words, data.withheld, data.note)]
    missing = [text for text in said if " ".join(text.split()) not in page.text]
    assert missing == []
    sealed = sum(data.is_sealed for entry in entries_of(activity) for data in entry.data)
    assert page.text.count(" chiffré") >= sealed


def test_an_unknown_activity_does_not_exist(visitor):
    assert visitor.visit("/registre/rien").status == 404


def test_the_impact_assessment_is_a_draft_that_names_each_risk_and_what_is_to_decide(visitor):
    """RGPD, article 35: the delegate decides, the page says so."""
    page = visitor.visit("/registre/analyse-d-impact")
    assert "Projet." in page.text
    assert "À valider par le délégué à la protection des données." in page.text
    for risk in RISKS:
        assert all(text in page.text for text in (risk.title, risk.harm, *risk.measures))
    assert all(question in page.text for question in TO_DECIDE)


def test_no_page_calls_the_agreement_consent(visitor):
    """access.md §1: a public mission does not rest on consent."""
    assert ENTRIES
    for address in PAGES:
        assert "consentement" not in visitor.visit(address).text.lower()
