"""Reading, comparing, printing and preparing the templates of the diagnostic (REQ-29, REQ-39)."""

from urllib.parse import urlsplit

import pytest

from models import TemplateVersion
from models.accounts.account import Role
from models.questionnaire import drafting, parts
from models.questionnaire.paper import sheets
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE
from tests import factories
from tests.visitor import Visitor

HOSTILE = ["\x00", "é" * 70_000, "' OR 1=1 --", "{{7*7}}", "<script>x</script>", "\u202e"]


@pytest.fixture
def version(db):
    return factories.template()


@pytest.fixture
def editor(app):
    """A coordinator’s browser."""
    return Visitor(app).enter(factories.account(role=Role.COORDINATOR))


@pytest.fixture
def draft(version):
    return drafting.start_from(version, by=None)


def address_of(draft, part="", after=""):
    return f"/coordination/trame/{draft.code}" + (f"/parties/{part}" if part else "") + after


def record(draft, address):
    return parts.parts(TemplateVersion.get_by_id(draft.id).data)[address].record


# Reading


def test_without_a_template_the_page_says_so(visitor, db):
    assert "Pas encore de trame." in visitor.visit("/trame").text


def test_anybody_reads_both_templates_section_by_section(visitor, version):
    """REQ-29: one template for the whole network, open to all."""
    page = visitor.visit("/trame")
    assert "65 questions" in page.text
    assert "25 questions" in page.text
    page = visitor.visit(page.link("Lire les questions"))
    assert page.words("h2") == "65 questions en 15 parties"
    page = visitor.visit(page.link("Votre projet de travail"))
    assert page.words("h3") == "10. Où en êtes-vous de votre idée de travail ?"
    assert "besoin : Définir un projet de création d’activité" in page.text
    assert "Posée si, à la question 10, la réponse est" in page.text
    assert (
        visitor.visit(page.link("Partie suivante")).words("h1") == "Vos expériences et vos forces"
    )


def test_a_question_says_how_it_is_shared_and_what_is_never_kept(visitor, version):
    """I1: levels of sensitivity, in words; home safety is never written."""
    health = visitor.visit(f"/trame/{version.code}/parties/sante")
    assert health.text.count("Accord écrit pour ce sujet, jamais à la borne") == 4
    grid = factories.template(POTENTIALS_GRID)
    page = visitor.visit(f"/trame/{grid.code}/parties/reperes")
    assert "Jamais gardée : un contact est montré, rien n’est écrit." in page.text


def test_the_questions_are_read_in_each_of_their_languages(visitor, version):
    """TRAME.md: English with both, Arabic with the grid; what is missing is shown in French."""
    grid = factories.template(POTENTIALS_GRID)
    page = visitor.visit(f"/trame/{grid.code}/parties/quotidien?texte=ar")
    title = page.root.find(".//h3")
    assert (title.get("lang"), title.get("dir")) == ("ar", "rtl")
    assert "L’arabe attend la relecture" in page.text
    english = visitor.visit(f"/trame/{version.code}/parties/situation?langue=en")
    assert english.words("h3") == "3. How old are you?"
    arabic = visitor.visit(f"/trame/{version.code}/parties/situation?langue=fr&texte=ar")
    assert arabic.words("h3") == "3. Quel âge avez-vous ?"


def test_a_section_that_does_not_exist_is_not_found(visitor, version):
    assert visitor.visit(f"/trame/{version.code}/parties/inconnue").status == 404


def test_a_draft_is_read_by_those_who_prepare_it_alone(visitor, editor, draft, version):
    """I12: what is not published is nobody’s but coordination’s and animation’s."""
    for after in ("", "/parties/projet", f"/comparer/{version.code}"):
        assert visitor.visit(f"/trame/{draft.code}{after}").status == 404
        assert editor.visit(f"/trame/{draft.code}{after}").status == 200
    assert visitor.visit(f"/trame/{version.code}/comparer/{draft.code}").status == 404
    assert (
        "Aucun diagnostic ne suit encore cette version."
        in editor.visit(f"/trame/{draft.code}/papier").text
    )


def test_a_former_version_is_read_and_compared(visitor, draft, version):
    """REQ-29: version 1 is read to the letter after version 2, and what changed is said."""
    seen = parts.parts(draft.data)["question.sit_age"].stamp
    drafting.write(draft, "question.sit_age", {"label": "Quel est votre âge ?"}, seen=seen, by=None)
    draft.publish(by=None)
    page = visitor.visit("/trame")
    compared = visitor.visit(page.link("Ce qui a changé depuis la version 0.2"))
    assert compared.all_words("h3") == ["Quel est votre âge ?"]
    assert compared.words("del") == "retiré : avez-vous (fin)"
    assert "64 questions n’ont pas changé." in compared.text
    former = visitor.visit(page.link("Lire la version 0.2"))
    assert "Version remplacée." in former.text
    section = visitor.visit(f"/trame/{version.code}/parties/situation")
    assert section.words("h3") == "3. Quel âge avez-vous ?"


def test_two_templates_are_not_compared(visitor, version):
    grid = factories.template(POTENTIALS_GRID)
    assert visitor.visit(f"/trame/{grid.code}/comparer/{version.code}").status == 404


def test_the_paper_holds_each_sheet_with_its_code(visitor, version):
    """REQ-30: filled by hand, typed again sheet by sheet."""
    page = visitor.visit(f"/trame/{version.code}/papier")
    codes = [sheet.shown_code for sheet in sheets(version)]
    assert page.all_words("b[@class='key']") == codes
    assert page.text.count("Je préfère ne pas répondre") == sum(
        one.may_refuse and (bool(one.choices) or one.computed in ("savoir-etre:pe-14",))
        for one in version.template.questions.values()
    )
    assert "Écrivez son identifiant sur chaque feuille, jamais son nom." in page.text


def test_what_is_never_kept_is_never_printed(visitor, version):
    """TRAME.md: an answer on home safety leaves no trace, on paper either."""
    grid = factories.template(POTENTIALS_GRID)
    page = visitor.visit(f"/trame/{grid.code}/papier")
    assert "Vous sentez-vous en sécurité" not in page.text


# Preparing


def test_a_question_is_changed_checked_and_published(editor, version):
    """REQ-29: from the version in force to the next one, by pages alone."""
    page = editor.visit("/coordination/trame")
    page = editor.submit(page, "Commencer le projet")
    assert page.words("h1") == "Projet de version 0.3"
    page = editor.visit(page.link("Votre situation et votre parcours"))
    page = editor.visit(page.link("Quel âge avez-vous ?"))
    page = editor.submit(page, "Enregistrer", {"label": "Quel est votre âge ?"})
    assert "Enregistré." in page.text
    draft = TemplateVersion.drafts()[0]
    page = editor.visit(f"/coordination/trame/{draft.code}/publier")
    assert "1 question change." in page.text
    page = editor.submit(page, "Publier la version 0.3")
    assert "La version est publiée." in page.text
    current = TemplateVersion.current(SINGLE_TEMPLATE)
    question = current.template.questions["sit_age"]
    assert (current.number, question.label.fr) == ("0.3", "Quel est votre âge\u00a0?")
    # Nothing else of the question changed.
    assert len(question.choices) == 5


@pytest.mark.parametrize("key", [SINGLE_TEMPLATE, POTENTIALS_GRID])
def test_a_form_sent_as_it_is_shown_changes_nothing(editor, db, key):
    """A form writes only what one chose in it: each part, sent as it came, stays to the letter."""
    draft = drafting.start_from(factories.template(key), by=None)
    before = draft.content_hash
    for address in [*parts.parts(draft.data)][::7]:
        page = editor.visit(address_of(draft, address))
        form = page.form("Enregistrer")
        shown = {one.get("name"): _chosen(one) for one in form.iter("select")}
        assert editor.submit(page, "Enregistrer", shown).status == 200
        assert TemplateVersion.get_by_id(draft.id).content_hash == before, address


def _chosen(select):
    options = list(select.iter("option"))
    return next((one for one in options if one.get("selected") is not None), options[0]).get(
        "value"
    )


def test_a_new_question_is_written_with_its_answers(editor, draft):
    """REQ-29: question, type, domain, sensitivity, answers, needs."""
    page = editor.visit(address_of(draft, "section.mobilite"))
    page = editor.visit(page.link("Ajouter une question"))
    words = {
        "label": "Avez-vous un vélo\u00a0?", "label_en": "Do you have a bicycle?",
        "type": "single", "domaine": "mobilite", "sensibilite": "1", "choices_ref": "",
    }  # fmt: skip
    page = editor.submit(page, "Ajouter une question", words)
    assert "Ajouté." in page.text
    for label in ("Oui", "Non"):
        added = editor.visit(page.link("Ajouter une réponse"))
        said = {"label": label, "label_en": label, "etat": ""}
        said |= {"besoins": ["mobilite-vehicule"]} if label == "Non" else {}
        page = editor.submit(added, "Ajouter une réponse", said)
    question = record(draft, "question.avez-vous-un-velo")
    assert [one.get("besoins") for one in question["choices"]] == [None, ["mobilite-vehicule"]]
    assert TemplateVersion.get_by_id(draft.id).faults() == []


def test_a_form_that_adds_acts_once(editor, draft):
    page = editor.visit(address_of(draft, "modele", "/ajouter/section"))
    for _ in range(2):
        assert editor.submit(page, "Ajouter une partie", {"titre": "Loisirs"}).status == 200
    titles = [one["titre"] for one in record(draft, "modele")["sections"]]
    assert titles.count("Loisirs") == 1


def test_two_people_on_one_question_both_read_what_the_other_wrote(app, editor, draft):
    """Words that were not read are never written over: 409, and both texts."""
    address = address_of(draft, "question.sit_age")
    page = editor.visit(address)
    other = Visitor(app).enter(factories.account(role=Role.ANIMATOR))
    shown = {"domaine": "", "sensibilite": "1"}
    other.submit(other.visit(address), "Enregistrer", {**shown, "label": "Votre âge\u00a0?"})
    page = editor.submit(page, "Enregistrer", {**shown, "label": "Quel est votre âge ?"})
    assert page.status == 409
    assert "L’autre texte : Votre âge ?" in page.text
    assert record(draft, "question.sit_age")["label"] == "Votre âge\u00a0?"
    page = editor.submit(page, "Enregistrer", shown)
    assert page.status == 200
    assert record(draft, "question.sit_age")["label"] == "Quel est votre âge\u00a0?"


def test_a_condition_is_chosen_among_questions_asked_before(editor, draft):
    """REQ-29: conditions are chosen, never typed."""
    page = editor.visit(address_of(draft, "question.mob_permis", "/condition"))
    page = editor.submit(page, "Choisir cette question", {"sur": "sit_age"})
    page = editor.submit(page, "Enregistrer la condition", {"reponses": ["18-25", "26-29"]})
    assert "Seulement après certaines réponses." in page.text
    asked = record(draft, "question.mob_permis")["visible_if"]
    assert asked == {"any": [{"question": "sit_age", "op": "in", "value": ["18-25", "26-29"]}]}
    page = editor.visit(address_of(draft, "question.mob_permis", "/condition"))
    editor.submit(page, "Enregistrer la condition", {"garder": []})
    assert "visible_if" not in record(draft, "question.mob_permis")


def test_a_condition_without_an_answer_is_refused(editor, draft):
    page = editor.visit(address_of(draft, "question.mob_permis", "/condition?sur=sit_age"))
    page = editor.submit(page, "Enregistrer la condition", {"reponses": []})
    assert page.status == 422
    assert "visible_if" not in record(draft, "question.mob_permis")


def test_who_asked_for_a_question_is_said_to_all(editor, visitor, draft):
    """REQ-39: the role and the reason, in public, never a name."""
    page = editor.visit(address_of(draft, "question.sit_age"))
    said = {"role": "personne", "raison": "plus-clair"}
    editor.submit(page, "Ajouter cette demande", said)
    draft.publish(by=None)
    page = visitor.visit(f"/trame/{draft.code}/parties/situation")
    said = "Demandée par : une personne accompagnée. La question était mal comprise."
    assert said in page.text


def test_parts_move_and_change_section(editor, draft):
    page = editor.visit(address_of(draft, "section.situation"))
    post_to = page.form("Descendre Quel âge avez-vous ?")
    assert post_to.get("method") == "post"
    editor.submit(page, "Descendre Quel âge avez-vous ?")
    keys = [one["key"] for one in record(draft, "section.situation")["questions"]]
    assert keys[:2] == ["sit_statut", "sit_age"]
    page = editor.visit(address_of(draft, "question.sit_age"))
    page = editor.submit(page, "Changer de partie", {"partie": "accueil"})
    keys = [one["key"] for one in record(draft, "section.accueil")["questions"]]
    assert keys[-1] == "sit_age"


def test_what_something_hangs_on_stays_and_the_page_says_why(editor, draft):
    page = editor.visit(address_of(draft, "question.fam_charge", "/retirer"))
    page = editor.submit(page, "Retirer du projet")
    assert page.status == 422
    assert "retirez d’abord la condition" in page.text
    page = editor.visit(address_of(draft, "question.log_courrier", "/retirer"))
    editor.submit(page, "Retirer du projet")
    assert "question.log_courrier" not in parts.parts(TemplateVersion.get_by_id(draft.id).data)


def test_what_is_to_correct_leads_to_its_part_and_forbids_to_publish(editor, draft):
    """REQ-29: the check says what and where; there is no button until it is put right."""
    seen = parts.parts(draft.data)["question.sit_age"].stamp
    values = {"label": "Quelle est votre nationalité\u00a0?"}
    drafting.write(draft, "question.sit_age", values, seen=seen, by=None)
    page = editor.visit(address_of(draft, after="/publier"))
    assert "Ce sujet ne se demande jamais." in page.text
    assert page.link("Quelle est votre nationalité").endswith("question.sit_age")
    assert "Publier la version 0.3" not in page.all_words("button")
    assert TemplateVersion.current(SINGLE_TEMPLATE).number == "0.2"


def test_what_was_written_since_is_read_before_publishing(editor, draft):
    page = editor.visit(address_of(draft, after="/publier"))
    seen = parts.parts(draft.data)["question.sit_age"].stamp
    drafting.write(draft, "question.sit_age", {"aide": "Un nombre."}, seen=seen, by=None)
    page = editor.submit(page, "Publier la version 0.3")
    assert page.status == 409
    assert TemplateVersion.current(SINGLE_TEMPLATE).number == "0.2"


def test_a_draft_is_thrown_away_once_and_said_twice(editor, draft):
    page = editor.visit(address_of(draft, after="/jeter"))
    for _ in range(2):
        assert "Le projet est jeté." in editor.submit(page, "Jeter le projet").text
    assert TemplateVersion.drafts() == []


def test_the_page_of_a_draft_published_meanwhile_leads_to_the_version(editor, draft):
    draft.publish(by=None)
    page = editor.visit(address_of(draft, "question.sit_age"))
    assert urlsplit(page.address).path == f"/trame/{draft.code}"


def test_an_invalid_form_comes_back_with_what_was_typed(editor, draft):
    page = editor.visit(address_of(draft, "question.sit_age"))
    page = editor.submit(
        page, "Enregistrer", {"label": "", "label_en": "Kept?", "domaine": "x", "sensibilite": "9"}
    )
    assert page.status == 422
    assert "Kept?" in page.html
    assert record(draft, "question.sit_age")["label"] == "Quel âge avez-vous\u00a0?"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_break_nothing(editor, draft, text):
    """Whatever is typed: a page, never a failure."""
    shown = {"domaine": text, "sensibilite": text, "label": text, "besoins": [text]}
    for address in ("question.sit_age", "choix.sit_age.18-25", "besoin.cv", "modele"):
        page = editor.visit(address_of(draft, address))
        assert editor.submit(page, "Enregistrer", shown).status in (200, 422)
    unknown = address_of(draft, "question.inconnue")
    assert editor.visit(unknown).words("h1") == "Projet de version 0.3"
    assert editor.visit(address_of(draft, "choix.sit_age.18-25", "/condition")).status == 404
