"""Writing a sheet step by step, proposing it, reviewing it, and going back (REQ 15–18)."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from playhouse.test_utils import count_queries
from wtforms.fields.core import UnboundField

from app import create_app
from blueprints import mail
from blueprints.sheets.forms import FORMS
from blueprints.sheets.wording import LABELS, questions_of
from models import Action, ActionVersion, AuditEntry, OutgoingEmail
from models.accounts.account import Role
from models.action_bank import lifecycle, versions
from models.action_bank.versions import PARTS, Act
from models.base import database
from models.vocabularies import Status
from tests import factories
from tests.conftest import DATA_KEY
from tests.visitor import Visitor

SAVE, BACK = "Enregistrer et continuer", "Enregistrer et revenir"
WHOLE = {
    "description": " ".join(["Une aide pour garder votre enfant pendant un entretien."] * 5),
    "thematics": ["famille--garde-denfants"],
    "reception_modes": ["a-distance"],
    "phone": "0561000000",
}
HOSTILE = [
    "\x00", "\ud800", "é" * 70_000, "' OR 1=1 --", "{{7*7}}", "<script>x</script>", "\u202eabc",
    "-1",
]  # fmt: skip


@pytest.fixture
def writer(db):
    """Who may write, in an organisation named « Essai »."""
    return factories.writer(factories.signed_organisation(name="Essai")).account


@pytest.fixture
def author(app, writer):
    """The writer’s browser."""
    return Visitor(app).enter(writer)


@pytest.fixture
def reviewer(app, db):
    return Visitor(app).enter(factories.account(role=Role.BANK_ANIMATOR))


@pytest.fixture
def sheet(writer):
    """A draft that lacks nothing."""
    organisation = writer.rights.memberships[0].organisation
    draft = lifecycle.start(organisation, by=writer, name="Garde d’enfant")
    return versions.write(draft, WHOLE, by=writer, seen=1)[0]


def fresh(sheet):
    return Action.sheet(sheet.code)


def step(sheet, part):
    return f"/fiches/{sheet.code}/{part}"


def typed(page):
    """All that the form of a step holds, as a browser would send it again."""
    form = page.form(SAVE)
    values = {}
    for area in form.iter("textarea"):
        values[area.get("name")] = area.text or ""
    for select in form.iter("select"):
        chosen = [o.get("value") for o in select.iter("option") if o.get("selected") is not None]
        values[select.get("name")] = chosen[0] if chosen else ""
    return values


def send(visitor, sheet, part, button=SAVE, **values):
    """Open a step, change some answers, save."""
    page = visitor.visit(step(sheet, part))
    return visitor.submit(page, button, {**typed(page), **values})


def told():
    """The e-mails about sheets."""
    return list(OutgoingEmail.select().where(OutgoingEmail.kind.startswith("sheet_")))


# Starting


def test_a_title_is_enough_to_start_and_the_draft_waits_among_one_s_sheets(author, writer):
    """« saved at each step as a draft, resumable from anywhere »"""
    page = author.visit(author.visit("/mes-fiches").link("Commencer une fiche"))
    page = author.submit(page, "Commencer", {"nom": "Garde d’enfant"})
    assert page.words("h1") == "Étape 1 sur 6 : l’essentiel"
    sheet = Action.get()
    assert (sheet.status, sheet.organisation.name) == (Status.DRAFT, "Essai")
    page = author.visit("/mes-fiches?etat=brouillon")
    assert page.words("h2") == "1 fiche : Brouillons"
    assert page.link("Garde d’enfant") == f"/fiches/{sheet.code}"
    assert AuditEntry.select().where(AuditEntry.act == "action:create").count() == 1


def test_starting_twice_starts_once(author):
    page = author.visit("/fiches/nouvelle")
    author.submit(page, "Commencer", {"nom": "Garde d’enfant"})
    page = author.submit(page, "Commencer", {"nom": "Garde d’enfant"})
    assert page.status == 200
    assert Action.select().count() == 1


@pytest.mark.parametrize("title", ["", "a", "x" * 151])
def test_a_wrong_title_is_asked_again(author, title):
    page = author.submit(author.visit("/fiches/nouvelle"), "Commencer", {"nom": title})
    assert page.status == 422
    assert Action.select().count() == 0


def test_who_may_not_write_reads_why_and_where_to_go(app, author):
    member = Visitor(app).enter(factories.membership().account)
    page = member.visit("/mes-fiches")
    assert "Vous ne pouvez pas encore écrire" in page.all_words("h2")
    assert page.link("Voir le chemin dans mon espace") == "/espace-pro"
    page = member.visit("/fiches/nouvelle")
    assert "Vous ne pouvez pas encore écrire" in page.all_words("h2")
    token = re.search(r'name="csrf_token" value="([^"]+)"', author.visit("/fiches/nouvelle").html)
    assert token
    answer = member.client.post("/fiches/nouvelle", data={"nom": "Garde"})
    assert answer.status_code == 403, "without a token nothing is read"
    assert Action.select().count() == 0


def test_one_starts_for_one_s_own_organisations_alone(author):
    elsewhere = factories.signed_organisation(name="Ailleurs")
    page = author.visit("/fiches/nouvelle")
    page = author.submit(page, "Commencer", {"nom": "Garde", "organisme": elsewhere.code})
    assert page.status == 422
    assert "choisissez un organisme où vous pouvez écrire." in page.text
    assert Action.select().count() == 0


def test_who_runs_the_bank_starts_for_any_organisation_by_its_name(reviewer):
    factories.organisation(name="Mission locale Nord")
    factories.organisation(name="Mission locale Sud")
    page = reviewer.visit("/fiches/nouvelle")
    values = {"nom": "Garde", "organisme": "mission locale"}
    page = reviewer.submit(page, "Commencer", values)
    assert "Mission locale Nord, Mission locale Sud" in page.text
    page = reviewer.submit(page, "Commencer", {"organisme": "Mission locale Sud"})
    assert page.words("h1").startswith("Étape 1 sur 6")
    assert Action.get().organisation.name == "Mission locale Sud"


def test_an_empty_list_says_how_to_start(author):
    page = author.visit("/mes-fiches")
    assert page.title.startswith("Mes fiches (Aucune fiche)")
    assert "Donnez un titre" in page.text


# Steps


def test_every_step_saves_and_leads_to_the_next_one(author, sheet):
    """The whole form, as somebody fills it: native controls alone, six pages."""
    mairie = factories.organisation(name="Mairie de Muret", source_id="essai--mairie")
    host = factories.action(name="Un forum")
    page = send(
        author, sheet, "essentiel", summary="Une aide courte.", kind="accompagnement",
        format="atelier",
    )  # fmt: skip
    assert page.words("h1") == "Étape 2 sur 6 : pour qui, à quel prix"
    assert "Enregistré." in page.text
    page = send(
        author, sheet, "public",
        audiences=["jeunes", "familles"], age_min="16", age_max="25", languages=["fr", "ar"],
        fees="payant", fees_detail="2 € par jour",
    )  # fmt: skip
    assert page.words("h1") == "Étape 3 sur 6 : le lieu"
    page = send(
        author, sheet, "lieu",
        reception_modes=["en-presentiel"], address="1 rue du Pont", commune="muret",
        eligibility="Muret\nhaute-garonne",
    )  # fmt: skip
    assert page.words("h1") == "Étape 4 sur 6 : comment demander"
    page = send(
        author, sheet, "demande",
        mobilisation_modes=["telephoner"], mobilisers=["usagers"], referrers=["personne"],
        mobilisation_url="https://exemple.fr/rdv", documents="Pièce d’identité\n\nAttestation",
    )  # fmt: skip
    assert page.words("h1") == "Étape 5 sur 6 : places et dates"
    page = send(
        author, sheet, "dates",
        places_left="4", places_total="10", weekly_hours="3,5", weeks="6",
        sessions_jour=["2027-01-05", "4/1/2027", ""], sessions_debut=["13:30", "9 h", ""],
        sessions_fin=["", "12h15", ""], sessions_dernier=["", "6/1/2027", ""],
    )  # fmt: skip
    assert page.words("h1") == "Étape 6 sur 6 : appuis et suivi"
    page = send(
        author, sheet, "suivi",
        supporters="mairie de muret", review_months="3", outcome_rate="62,5", outcome_count="40",
        outcome_year="2025", outcome_source="Enquête",
        testimonials_employeur=["Boulangerie Dupain", ""],
        testimonials_mots=["Ils arrivent prêts.", ""], testimonials_jour=["2026-05-04", ""],
        attached=f"https://exemple.fr/actions/{host.code}",
    )  # fmt: skip
    assert page.address.endswith(f"/fiches/{sheet.code}")
    sheet = fresh(sheet)
    assert (sheet.summary, sheet.kind, sheet.format) == (
        "Une aide courte.", "accompagnement", "atelier",
    )  # fmt: skip
    assert (sheet.audiences, sheet.age_min, sheet.age_max) == (["familles", "jeunes"], 16, 25)
    assert (sheet.languages, sheet.fees_detail) == (["fr", "ar"], "2 € par jour")
    assert (sheet.commune, sheet.postcode, sheet.insee_code) == ("Muret", "31600", "31395")
    assert 43 < sheet.latitude < 44
    assert sheet.eligibility == ["31395", "31"]
    assert sheet.documents == ["Pièce d’identité", "Attestation"]
    assert sheet.sessions == [
        {"debut": "2027-01-04T09:00", "fin": "2027-01-06T12:15"},
        {"debut": "2027-01-05T13:30", "fin": None},
    ]
    assert (sheet.places_left, sheet.weekly_hours, sheet.weeks) == (4, 3.5, 6)
    assert sheet.supporters == [mairie.source_id]
    assert [backer.name for backer in sheet.backers()] == ["Mairie de Muret"]
    assert (sheet.outcome_rate, sheet.outcome_count, sheet.outcome_year) == (62.5, 40, 2025)
    assert sheet.testimonials == [
        {"employer": "Boulangerie Dupain", "words": "Ils arrivent prêts.", "day": "2026-05-04"}
    ]
    assert (sheet.attached, sheet.review_months) == ([host.source_id], 3)
    assert "Mairie de Muret" in page.text
    assert "Ils arrivent prêts." in page.text


@pytest.mark.parametrize("part", PARTS)
def test_a_step_sent_as_it_was_shown_changes_nothing(author, writer, part):
    """Unknown values, identifiers and points of an import go through the form unharmed."""
    before = {
        "languages": ["fr", "xx"], "format": "inconnu", "needs": ["parti"], "audiences": ["jeunes"],
        "other_values": {"audiences": ["marins"], "kind": ["troc"]}, "commune": "Montauban",
        "postcode": "82000", "insee_code": "82121", "latitude": 44.01, "longitude": 1.35,
        "eligibility": ["31395", "82121", "france"], "supporters": ["ailleurs--1"],
        "attached": ["ailleurs--2"], "review_months": 24, "documents": ["Un  papier"],
        "sessions": [{"debut": "2027-01-04T09:00", "fin": "2027-01-06T12:15"}],
        "testimonials": [{"employer": "E", "words": "M", "day": "2026-05-04"}],
        "weekly_hours": 3.0, "outcome_rate": 62.5, "referrers": ["quelqu-un"], "places_left": 3,
        "places_on": dt.date(2026, 1, 1), "reception_modes": ["en-presentiel", "a-distance"],
        "thematics": ["se-former", "famille--garde-denfants"], "opening_hours": "Mo-Fr 09:00-12:00",
    }  # fmt: skip
    organisation = writer.rights.memberships[0].organisation
    sheet = factories.action(organisation=organisation, **before)
    page = send(author, sheet, part)
    assert page.status == 200
    assert "Rien n’a changé." in page.text
    assert fresh(sheet).edition == 0
    assert all(getattr(fresh(sheet), name) == value for name, value in before.items())


@pytest.mark.parametrize(
    ("part", "values", "sentence"),
    [
        ("essentiel", {"name": ""}, "donnez un titre de 3 lettres au moins."),
        ("essentiel", {"thematics": ["inconnu"]}, "choisissez dans la liste."),
        ("essentiel", {"kind": "inconnu"}, "choisissez dans la liste."),
        ("public", {"age_min": "douze"}, "écrivez un nombre entier, en chiffres : par exemple 12."),
        ("public", {"age_min": "1e3"}, "écrivez un nombre entier, en chiffres : par exemple 12."),
        ("public", {"age_min": "140"}, "écrivez un nombre de 0 à 130."),
        ("public", {"age_min": "30", "age_max": "20"}, "l’âge le plus haut est plus bas"),
        ("lieu", {"commune": "Zzz"}, "nous ne trouvons pas « Zzz » en Haute-Garonne."),
        ("lieu", {"commune": "Toulouse"}, "Toulouse a plusieurs codes postaux."),
        ("lieu", {"commune": "31600"}, "peut être : 31600"),
        ("lieu", {"eligibility": "Muret\nZzz"}, "nous ne trouvons pas « Zzz »"),
        ("lieu", {"eligibility": "Muret\n31600"}, "« 31600 » peut être :"),
        ("demande", {"mobilisation_url": "javascript:alert(1)"}, "commence par https://"),
        ("demande", {"email": "pas une adresse"}, "ne peut pas recevoir de courriel"),
        ("demande", {"referral_contact": "185017812345678"}, "numéro de sécurité sociale"),
        ("dates", {"places_left": "12", "places_total": "10"}, "plus de places libres"),
        ("dates", {"places_left": "1 200", "places_total": "1 000"}, "plus de places libres"),
        ("dates", {"weekly_hours": "3,555"}, "par exemple 3,5."),
        ("dates", {"sessions_jour": ["31/2/2027"], "sessions_debut": ["9 h"],
                   "sessions_fin": [""], "sessions_dernier": [""]}, "n’est pas un jour"),
        ("dates", {"sessions_jour": ["3/2/2027"], "sessions_debut": ["matin"],
                   "sessions_fin": [""], "sessions_dernier": [""]}, "n’est pas une heure"),
        ("dates", {"sessions_jour": ["3/2/2027"], "sessions_debut": ["14 h"],
                   "sessions_fin": ["9 h"], "sessions_dernier": [""]}, "finit avant de commencer"),
        ("suivi", {"supporters": "Personne"}, "nous ne connaissons pas d’organisme « Personne »."),
        ("suivi", {"attached": "Rien"}, "nous ne trouvons pas « Rien »"),
        ("suivi", {"review_months": "7"}, "choisissez dans la liste."),
        ("suivi", {"testimonials_employeur": ["Dupain"], "testimonials_mots": [""],
                   "testimonials_jour": [""]}, "donnez l’employeur, ses mots et leur date."),
        ("suivi", {"testimonials_employeur": ["Dupain"], "testimonials_mots": ["Bien"],
                   "testimonials_jour": ["2999-01-01"]}, "une date à venir"),
        ("suivi", {"testimonials_employeur": ["Dupain"], "testimonials_jour": ["2026-05-04"],
                   "testimonials_mots": ["Appelez Léa au 06 12 34 56 78."]}, "ni téléphone"),
        ("suivi", {"testimonials_employeur": ["Mme Dupain"], "testimonials_jour": ["2026-05-04"],
                   "testimonials_mots": ["Ils arrivent prêts."]}, "ne nomme personne"),
        ("suivi", {"testimonials_employeur": ["Dupain"] * 7, "testimonials_jour": ["4/5/2026"] * 7,
                   "testimonials_mots": ["Ils arrivent prêts."] * 7}, "6 témoignages au plus"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_said_at_its_field_and_everything_typed_stays(
    author, sheet, part, values, sentence
):
    page = send(author, sheet, part, **values)
    assert page.status == 422
    assert sentence in page.text.replace("\u00a0", " ").replace("\u202f", " ")
    link = page.root.find(".//section[@class='errors stack']//a").get("href")
    assert page.root.find(f".//*[@id='{link[1:]}']") is not None
    held = {area.text or "" for area in page.root.iter("textarea")}
    held |= {field.get("value", "") for field in page.root.iter("input")}
    for name, value in values.items():
        is_listed = name in ("thematics", "kind", "review_months")
        if not is_listed and "1850178" not in str(value):
            assert {one for one in ([value] if isinstance(value, str) else value) if one} <= held
    assert fresh(sheet).edition == 2


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("part", PARTS)
def test_hostile_answers_never_break_a_step(author, sheet, part, value):
    page = author.visit(step(sheet, part))
    fields = {f.get("name") for f in page.form(SAVE).iter("input") if f.get("type") != "hidden"}
    answers = typed(page)
    values = {name: value.encode("utf-8", "replace").decode() for name in [*fields, *answers]}
    assert author.submit(page, SAVE, values).status in (200, 422)


def test_saving_and_coming_back_leads_to_the_sheet(author, sheet):
    page = author.visit(step(sheet, "lieu"))
    page = author.submit(page, SAVE, {**typed(page), "suite": "relecture", "address": "1 rue X"})
    assert page.address.endswith(f"/fiches/{sheet.code}")
    assert fresh(sheet).address == "1 rue X"


def test_hard_words_are_said_at_their_field_and_never_refused(author, sheet):
    """REQ-18: a sentence over 25 words, an unexplained acronym."""
    page = send(
        author, sheet, "essentiel", summary="Un atelier de la MLI " + "très " * 25 + "long."
    )
    assert "Enregistré, avec des remarques." in page.text
    page = author.visit(step(sheet, "essentiel"))
    note = page.root.find(".//*[@id='summary-n']")
    assert "MLI" in note.text
    assert "summary-n" in page.root.find(".//*[@id='summary']").get("aria-describedby")
    assert "« MLI » n’est pas expliqué." in author.visit(f"/fiches/{sheet.code}").text


def test_needs_are_proposed_out_of_the_themes(author, sheet):
    page = author.visit(step(sheet, "essentiel"))
    proposed = [
        field.get("value") for field in page.root.iter("input") if field.get("name") == "needs"
    ]
    assert proposed
    send(author, sheet, "essentiel", needs=proposed[:1])
    assert fresh(sheet).needs == proposed[:1]


def test_a_step_acknowledged_is_read_back_by_a_server_started_since(shared):
    """« Kill the server between steps: nothing acknowledged is lost. »"""
    with database.connection_context():
        writer = factories.writer().account
        organisation = writer.rights.memberships[0].organisation
        sheet = lifecycle.start(organisation, by=writer, name="Garde")
    page = send(another_server(shared, writer), sheet, "lieu", address="1 rue du Pont")
    assert page.status == 200
    page = another_server(shared, writer).visit(step(sheet, "lieu"))
    assert page.root.find(".//*[@id='address']").get("value") == "1 rue du Pont"


def another_server(address, account):
    """A browser signed in at a server that has just started, the former one stopped."""
    database.obj.close_all()
    app = create_app(DATABASE_URL=address, TESTING=True, SECRET_KEY="k" * 40, DATA_KEY=DATA_KEY)
    with database.connection_context():
        return Visitor(app).enter(account)


def test_a_stranger_finds_neither_the_sheet_nor_its_steps(app, sheet):
    stranger = Visitor(app).enter(factories.writer().account)
    for address in (f"/fiches/{sheet.code}", step(sheet, "lieu"), f"/fiches/{sheet.code}/jeter"):
        assert stranger.visit(address).status == 404


# Two people at once


def test_two_people_who_wrote_choose_field_by_field(app, author, sheet, writer):
    """« Two authors at once: both see it »; never last-write-wins."""
    colleague = factories.writer(sheet.organisation)
    page = author.visit(step(sheet, "essentiel"))
    other = Visitor(app).enter(colleague.account)
    send(other, sheet, "essentiel", name="Le sien", summary="Le sien aussi.")
    values = typed(page) | {"name": "Le mien", "kind": "formation"}
    conflict = author.submit(page, SAVE, values)
    assert conflict.status == 409
    assert conflict.words("h1") == "Vous avez écrit à deux"
    assert colleague.account.name in conflict.text
    for words in ("Garde d’enfant", "Le sien", "Le mien"):
        assert words in conflict.text
    assert fresh(sheet).kind is None
    again = author.submit(conflict, "Enregistrer ces choix")
    assert again.status == 409
    assert "choisissez la réponse à garder pour : Titre." in again.text
    page = author.submit(again, "Enregistrer ces choix", {"choix-name": "moi.3"})
    assert page.words("h1").startswith("Étape 2")
    kept = fresh(sheet)
    assert (kept.name, kept.summary, kept.kind) == ("Le mien", "Le sien aussi.", "formation")


def test_one_may_keep_what_the_other_wrote(app, author, sheet):
    page = author.visit(step(sheet, "lieu"))
    send(author, sheet, "lieu", commune="Muret")
    conflict = author.submit(
        page, SAVE, typed(page) | {"commune": "Auterive", "address": "1 rue X"}
    )
    assert "31600 Muret" in conflict.text
    assert "31190 Auterive" in conflict.text
    author.submit(conflict, "Enregistrer ces choix", {"choix-commune": "autre.3"})
    kept = fresh(sheet)
    assert (kept.commune, kept.insee_code, kept.address) == ("Muret", "31395", "1 rue X")


@pytest.mark.parametrize("seen", ["", "abc", "99", "-1", "9" * 30])
def test_a_form_whose_version_was_lost_is_a_conflict_rather_than_a_loss(author, sheet, seen):
    page = author.visit(step(sheet, "essentiel"))
    page = author.submit(page, SAVE, typed(page) | {"name": "Le mien", "vu": seen})
    assert page.status == 409
    assert fresh(sheet).name == "Garde d’enfant"


# The sheet and its acts


def test_the_page_of_a_sheet_says_its_quality_and_where_to_write_what_lacks(author, sheet):
    """« live quality score with the exact reason of each missing point »"""
    page = author.visit(f"/fiches/{sheet.code}")
    assert "Qualité : 57 sur 100" in page.all_words("h2")
    assert "Dites à qui l’action s’adresse." in page.text
    assert page.link("Étape : Pour qui, à quel prix") == step(sheet, "public")
    assert page.link("Voir l’aperçu") == f"/actions/{sheet.code}"
    assert author.visit(f"/actions/{sheet.code}").link("Modifier cette fiche") == (
        f"/fiches/{sheet.code}"
    )
    send(author, sheet, "public", audiences=["jeunes"])
    assert "Dites à qui l’action s’adresse." not in author.visit(f"/fiches/{sheet.code}").text


def test_a_sheet_that_lacks_something_says_what_before_it_can_be_proposed(author, sheet):
    send(author, sheet, "demande", phone="")
    page = author.visit(f"/fiches/{sheet.code}")
    assert page.link("Donnez un téléphone, un courriel ou un lien.") == step(sheet, "demande")
    with pytest.raises(AssertionError):
        page.form("Proposer à la relecture")


def test_a_sheet_is_proposed_reviewed_published_and_its_author_told(
    author, reviewer, sheet, writer
):
    """REQ-15: « modération »; whoever proposes never publishes."""
    page = author.submit(author.visit(f"/fiches/{sheet.code}"), "Proposer à la relecture")
    assert "En relecture" in page.all_words("h2")
    assert author.visit("/fiches/a-relire").status == 404
    queue = reviewer.visit("/fiches/a-relire")
    assert queue.words("h2") == "1 fiche attend"
    assert "Animateurs de la banque : 1 nommés sur 4 annoncés." in queue.text
    page = reviewer.visit(queue.link("Garde d’enfant"))
    page = reviewer.submit(page, "Publier")
    assert "Publiée" in page.all_words("h2")
    [email] = told()
    assert (email.kind, email.recipient) == ("sheet_published", writer.identifier)
    assert reviewer.visit("/actions?q=garde").link("Garde d’enfant")
    assert Visitor(reviewer.client.application).visit(f"/actions/{sheet.code}").status == 200


def test_a_sheet_is_sent_back_with_a_reason_that_its_author_reads(author, reviewer, sheet):
    author.submit(author.visit(f"/fiches/{sheet.code}"), "Proposer à la relecture")
    page = reviewer.visit(f"/fiches/{sheet.code}")
    refused = reviewer.submit(page, "Renvoyer à son auteur", {"motif": " "})
    assert (refused.status, fresh(sheet).status) == (422, Status.IN_REVIEW)
    reason = {"motif": "Ajoutez les horaires."}
    reviewer.submit(page, "Renvoyer à son auteur", reason)
    twice = reviewer.submit(page, "Renvoyer à son auteur", reason)
    assert twice.status == 200
    assert len(told()) == 1
    page = author.visit(f"/fiches/{sheet.code}")
    assert "La fiche vous revient. Ajoutez les horaires." in page.text
    assert "Ajoutez les horaires." in author.visit(f"/fiches/{sheet.code}/historique").text


def test_a_sheet_proposed_too_soon_is_taken_back(author, reviewer, sheet):
    author.submit(author.visit(f"/fiches/{sheet.code}"), "Proposer à la relecture")
    awaited = reviewer.visit(f"/fiches/{sheet.code}")
    page = author.submit(author.visit(f"/fiches/{sheet.code}"), "Reprendre la fiche")
    assert fresh(sheet).status == Status.DRAFT
    assert page.form("Proposer à la relecture") is not None
    late = reviewer.submit(awaited, "Publier")
    assert (late.status, fresh(sheet).status) == (409, Status.DRAFT)
    assert "a repris la fiche" in author.visit(f"/fiches/{sheet.code}/historique").text


def test_who_proposed_it_cannot_publish_it(reviewer, sheet, app):
    page = reviewer.submit(reviewer.visit(f"/fiches/{sheet.code}"), "Proposer à la relecture")
    assert "une autre personne doit la relire." in page.text
    with pytest.raises(AssertionError):
        page.form("Publier")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.html)[1]
    answer = reviewer.client.post(
        f"/fiches/{sheet.code}/publier", data={"csrf_token": token, "vu": "3"}
    )
    assert answer.status_code == 409
    assert fresh(sheet).status == Status.IN_REVIEW


def test_words_changed_during_a_review_are_shown_again_before_publishing(author, reviewer, sheet):
    author.submit(author.visit(f"/fiches/{sheet.code}"), "Proposer à la relecture")
    page = reviewer.visit(f"/fiches/{sheet.code}")
    send(author, sheet, "essentiel", name="Autre chose")
    page = reviewer.submit(page, "Publier")
    assert page.status == 409
    assert "La fiche a changé pendant votre relecture" in page.text
    assert "Publiée" in reviewer.submit(page, "Publier").all_words("h2")


def test_a_published_sheet_is_archived_then_put_back(author, reviewer, sheet):
    lifecycle.submit(sheet, by=None)
    lifecycle.publish(sheet, by=None)
    page = author.visit(f"/fiches/{sheet.code}")
    page = author.submit(page, "Archiver la fiche", {"motif": "La salle ferme."})
    assert "Archivée" in page.all_words("h2")
    assert author.visit(f"/actions/{sheet.code}").status == 410
    page = author.submit(page, "Remettre en service")
    assert "Publiée" in page.all_words("h2")
    assert author.visit(f"/actions/{sheet.code}").status == 200


def test_a_draft_is_thrown_away_once_and_only_after_it_was_said(author, sheet, app):
    page = author.visit(author.visit(f"/fiches/{sheet.code}").link("Jeter le brouillon"))
    assert fresh(sheet) is not None
    stranger = Visitor(app).enter(factories.writer().account)
    answer = stranger.visit("/fiches/nouvelle")
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.html)[1]
    refused = stranger.client.post("/fiches/jeter", data={"csrf_token": token, "fiche": sheet.code})
    assert refused.status_code == 404
    assert author.submit(page, "Jeter le brouillon").words("h1") == "Mes fiches"
    assert author.submit(page, "Jeter le brouillon").status == 200
    assert fresh(sheet) is None


def test_a_published_sheet_is_never_thrown_away(author, sheet):
    lifecycle.submit(sheet, by=None)
    page = author.visit(f"/fiches/{sheet.code}/jeter")
    assert urlsplit(page.address).path == f"/fiches/{sheet.code}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_e_mails_of_a_review_lead_to_the_sheet(app, sheet, writer, language):
    writer.language = language
    writer.save()
    lifecycle.submit(sheet, by=writer)
    lifecycle.send_back(sheet, by=None, reason="Ajoutez <les> horaires.")
    lifecycle.submit(sheet, by=writer)
    lifecycle.publish(sheet, by=None)
    with app.app_context():
        sent_back, published = (mail.write(email) for email in told())
    assert f"/fiches/{sheet.code}" in sent_back.text
    assert "Ajoutez <les> horaires." in sent_back.text
    assert "Ajoutez &lt;les&gt; horaires." in sent_back.html
    assert f"/actions/{sheet.code}" in published.text
    assert sheet.name not in sent_back.subject + published.subject


# Models to copy


def test_a_model_is_read_and_copied_by_any_writer(app, author, reviewer, sheet):
    """« duplicate from a model sheet »"""
    page = reviewer.submit(reviewer.visit(f"/fiches/{sheet.code}"), "En faire un modèle")
    assert "Modèle" in page.all_words("h2")
    other = Visitor(app).enter(factories.writer(factories.signed_organisation(name="B")).account)
    page = other.visit(other.visit("/fiches/nouvelle").link("Garde d’enfant"))
    assert page.words("h1") == "Partir d’un modèle"
    assert "Une aide pour garder votre enfant" in page.text
    page = other.submit(page, "Commencer", {"nom": "Notre garde"})
    assert page.words("h1") == "Étape 1 sur 6 : l’essentiel"
    copy = Action.get(Action.name == "Notre garde")
    assert (copy.organisation.name, copy.thematics) == ("B", WHOLE["thematics"])
    assert (copy.phone, copy.is_model) == (None, False)
    page = reviewer.submit(reviewer.visit(f"/fiches/{sheet.code}"), "Ne plus en faire un modèle")
    assert "Brouillon" in page.all_words("h2")


def test_a_draft_of_others_is_no_model(app, sheet):
    other = Visitor(app).enter(factories.writer().account)
    assert other.visit(f"/fiches/nouvelle?modele={sheet.code}").status == 404
    assert other.visit("/fiches/nouvelle?modele=0000000000").status == 404
    assert other.visit("/fiches/nouvelle?modele=%00").status == 404


# History


def test_the_history_tells_who_did_what_and_each_version_its_difference(author, sheet, writer):
    """« every change kept with who, when and the difference »"""
    send(author, sheet, "essentiel", name="Garde de bébé", summary="Une aide.")
    page = author.visit(f"/fiches/{sheet.code}/historique")
    assert f"{writer.name} a modifié la fiche." in page.text
    page = author.visit(page.link("Version 3"))
    assert page.all_words("h3") == ["Titre", "En une phrase"]
    assert page.words("del") == "retiré : d’enfant (fin)"
    assert page.words("ins") == "ajouté : de bébé (fin)"
    assert "La fiche dit la même chose aujourd’hui." in page.text
    assert author.visit(f"/fiches/{sheet.code}/historique/9").status == 404
    assert author.visit(f"/fiches/{sheet.code}/historique/{9**20}").status == 404


def test_going_back_shows_what_will_change_then_changes_it(author, sheet):
    """« rollback to a version »"""
    send(author, sheet, "essentiel", name="Garde de bébé")
    page = author.visit(f"/fiches/{sheet.code}/historique/2")
    page = author.visit(page.link("Revenir à cette version"))
    assert page.words("h1") == "Revenir à la version 2 ?"
    assert page.words("ins") == "ajouté : d’enfant (fin)"
    send(author, sheet, "essentiel", name="Garde de jumeaux")
    late = author.submit(page, "Revenir à cette version")
    assert late.status == 409
    assert "jumeaux" in late.text
    author.submit(late, "Revenir à cette version")
    assert fresh(sheet).name == "Garde d’enfant"
    assert next(iter(ActionVersion.of(sheet))).act == Act.ROLLED_BACK
    assert "Comme à la version 2." in author.visit(f"/fiches/{sheet.code}/historique").text


def test_a_long_history_is_read_by_pages(author, sheet, writer):
    for n in range(55):
        versions.write(sheet, {"name": f"Titre {n}"}, by=writer, seen=n + 2)
    page = author.visit(f"/fiches/{sheet.code}/historique")
    page = author.visit(page.link("Plus ancien"))
    assert "a créé la fiche" in page.text


# Lists


def test_the_number_of_queries_does_not_grow_with_the_sheets(author, sheet):
    def queries():
        with count_queries() as counted:
            author.visit("/mes-fiches")
        return counted.count

    few = queries()
    for _ in range(15):
        factories.action(organisation=sheet.organisation)
    assert queries() == few
    assert few <= 14


def test_lists_are_paged_and_any_address_answers(author, reviewer, sheet):
    for n in range(25):
        factories.action(organisation=sheet.organisation, name=f"Fiche {n}")
    page = author.visit("/mes-fiches")
    assert page.title.startswith("Mes fiches (26 fiches)")
    assert len(page.root.findall(".//li[@class='card']")) == 20
    page = author.visit(page.link("Page suivante"))
    assert len(page.root.findall(".//li[@class='card']")) == 6
    for query in ("page=99", "page=x", "page=-1", "page=²", "etat=rien", "etat=a-verifier"):
        assert author.visit(f"/mes-fiches?{query}").status == 200
    assert reviewer.visit("/mes-fiches").words("h1") == "Les fiches de la banque"


def test_sheets_to_check_are_counted(author, sheet):
    factories.action(
        organisation=sheet.organisation, name="Vieille", verified_on=dt.date(2026, 1, 1)
    )
    page = author.visit("/mes-fiches?etat=a-verifier")
    assert page.words("h2") == "1 fiche : À vérifier"
    assert page.link("Vieille")


def test_the_ways_in_stand_in_one_s_space(author, reviewer):
    assert author.visit("/espace-pro").link("Mes fiches") == "/mes-fiches"
    assert reviewer.visit("/espace-pro").link("Fiches à relire") == "/fiches/a-relire"


# The form as a whole


@pytest.mark.parametrize("part", PARTS)
def test_every_column_of_a_step_is_asked_with_a_label(part):
    """What the versions keep can be written by somebody."""
    fields = vars(FORMS[part]).items()
    asked = [name for name, field in fields if isinstance(field, UnboundField)]
    assert sorted(asked) == sorted(questions_of(part))
    assert set(asked) <= set(LABELS)
