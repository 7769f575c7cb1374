"""Preparing the next version of a template, comparing it, and its sheets of paper."""

import copy

import pytest

from models import AuditEntry, TemplateVersion
from models.base import RuleBroken
from models.editing import EditConflict
from models.questionnaire import drafting, paper, parts
from models.questionnaire.asking import AskedWhy, Asker
from models.questionnaire.comparison import What, compare
from models.questionnaire.proposals import Outcome, QuestionProposal, Reason
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
SAMPLE_QUESTION = {
    "label": "Avez-vous un vélo ?", "label_en": "Do you have a bicycle?", "aide": "Un prêt compte.",
    "aide_en": "A loan counts.", "sensibilite": 1, "domaine": "mobilite", "facultatif": True,
    "origine": "essai",
}  # fmt: skip

FIRST_OF_EACH_SHEET = {
    SINGLE_TEMPLATE: [
        "acc_format",
        "sit_fin",
        "pro_quand",
        "com_forces",
        "lan_lire",
        "mob_temps",
        "fam_moins3",
        "dro_aide",
        "mot_moteurs",
        "pri_accord",
        "san_tenir",
    ],
    POTENTIALS_GRID: ["gp_journee", "gp_heures", "gp_pres", "gp_conge", "gp_energie"],
}


@pytest.fixture
def draft():
    """A copy of the version in force, which somebody prepares."""
    return drafting.start_from(factories.template(), by=None)


def part(version, address):
    return parts.parts(version.data)[address]


def write(version, address, **values):
    seen = part(version, address).stamp
    drafting.write(version, address, values, seen=seen, by=None)


def details(change):
    return [one.sentence % one.values for one in change.details]


def test_a_draft_copies_the_version_in_force_and_follows_its_number(draft):
    """REQ-29: what is prepared changes nothing of what is published."""
    current = TemplateVersion.current(SINGLE_TEMPLATE)
    assert (draft.number, draft.is_draft, draft.data) == ("0.3", True, current.data)
    assert draft.former == current
    again = drafting.start_from(current, by=None)
    assert again.number == "0.4"
    assert TemplateVersion.drafts() == [again, draft]


def test_a_question_is_written_and_said_in_the_trail(draft):
    """REQ-29: every text of a version is edited, and the act is written down."""
    write(draft, "question.sit_age", label="Quel est votre âge ?")
    again = TemplateVersion.get_by_id(draft.id)
    assert again.template.questions["sit_age"].label.fr == "Quel est votre âge ?"
    entry = AuditEntry.select().where(AuditEntry.act == "template:write").get()
    assert (entry.subject_id, entry.changes["part"]) == (draft.id, "question.sit_age")


def test_words_that_were_not_read_are_never_written_over(draft):
    """Two hands on one question: the second one is shown both texts."""
    seen = part(draft, "question.sit_age").stamp
    write(draft, "question.sit_age", label="Quel est votre âge ?")
    with pytest.raises(EditConflict) as conflict:
        drafting.write(draft, "question.sit_age", {"label": "Âge ?"}, seen=seen, by=None)
    assert conflict.value.theirs.record["label"] == "Quel est votre âge ?"
    # The same words twice are no conflict.
    again = {"label": "Quel est votre âge ?"}
    drafting.write(draft, "question.sit_age", again, seen=seen, by=None)


def test_two_hands_on_two_questions_both_write(draft):
    """A stamp is about one part: the others may change meanwhile."""
    seen = part(draft, "question.sit_statut").stamp
    write(draft, "question.sit_age", label="Quel est votre âge ?")
    drafting.write(draft, "question.sit_statut", {"aide": "Une seule."}, seen=seen, by=None)
    questions = TemplateVersion.get_by_id(draft.id).template.questions
    assert questions["sit_age"].label.fr == "Quel est votre âge ?"
    assert questions["sit_statut"].hint.fr == "Une seule."


def test_a_published_version_never_changes(draft):
    """REQ-29: versions are frozen once published."""
    draft.publish(by=None)
    for act in (
        lambda: write(draft, "question.sit_age", label="Autre ?"),
        lambda: drafting.add(draft, "section.mobilite", "question", SAMPLE_QUESTION, by=None),
        lambda: drafting.move(draft, "question.sit_age", 1, by=None),
        lambda: drafting.renumber(draft, "9", by=None),
        lambda: drafting.discard(draft, by=None),
        lambda: draft.publish(by=None),
    ):
        with pytest.raises(RuleBroken):
            act()


def test_a_version_that_breaks_a_rule_is_not_published(draft):
    """REQ-29: unique keys, reachable conditions, existing needs, before anybody follows it."""
    write(draft, "choix.sit_niveau.sans", besoins=["inconnu"])
    assert [one.where for one in draft.faults()] == ["choix.sit_niveau.sans"]
    with pytest.raises(RuleBroken):
        draft.publish(by=None)
    assert TemplateVersion.current(SINGLE_TEMPLATE).number == "0.2"


def test_what_somebody_wrote_since_it_was_read_is_not_published(draft):
    """Publishing names the text that was read."""
    seen = draft.content_hash
    write(draft, "question.sit_age", label="Quel est votre âge ?")
    with pytest.raises(EditConflict):
        draft.publish(by=None, seen=seen)


def test_a_new_question_gets_a_key_its_choices_and_a_place(draft):
    """REQ-29: questions, choices, needs and sensitivity are written in pages."""
    address = drafting.add(draft, "section.mobilite", "question", SAMPLE_QUESTION, by=None)
    assert address == "question.avez-vous-un-velo"
    for label in ("Oui, à moi", "Non"):
        drafting.add(draft, address, "choix", {"label": label, "label_en": label}, by=None)
    question = TemplateVersion.get_by_id(draft.id).template.questions["avez-vous-un-velo"]
    assert [one.value for one in question.choices] == ["oui-a-moi", "non"]
    assert question.since == "0.3"
    assert draft.data["modele"]["nombre_questions"] == 66
    drafting.move(draft, address, 1, by=None)
    drafting.move(draft, address, 1, by=None)
    assert draft.data["modele"]["sections"][6]["questions"][0]["key"] == "avez-vous-un-velo"
    assert draft.faults() == []


@pytest.mark.parametrize(
    ("kind", "values"), [("yes_no", ["oui", "non"]), ("scale", [1, 2, 3, 4]), ("date", [])]
)
def test_a_new_question_brings_what_its_type_needs(draft, kind, values):
    """A scale has its four choices at once, a day its bounds."""
    asked = {**SAMPLE_QUESTION, "type": kind}
    address = drafting.add(draft, "section.mobilite", "question", asked, by=None)
    record = part(draft, address).record
    assert [one["value"] for one in record.get("choices", ())] == values
    assert draft.faults() == []
    with pytest.raises(RuleBroken):
        drafting.add(draft, address, "choix", {"label": "De plus"}, by=None)


def test_a_key_that_was_answered_once_never_names_another_question(draft):
    """REQ-29: versions compare because a key keeps its meaning."""
    address = drafting.add(draft, "section.mobilite", "question", SAMPLE_QUESTION, by=None)
    for label in ("Oui", "Non"):
        drafting.add(draft, address, "choix", {"label": label, "label_en": label}, by=None)
    draft.publish(by=None)
    following = drafting.start_from(draft, by=None)
    seen = part(following, address).stamp
    drafting.remove(following, address, seen=seen, by=None)
    other = drafting.add(following, "section.mobilite", "question", SAMPLE_QUESTION, by=None)
    assert other == "question.avez-vous-un-velo-2"


def test_the_most_sensitive_question_leaves_the_kiosk_by_itself(draft):
    """TRAME.md: level 3 is never asked at a kiosk."""
    write(draft, "question.sit_age", sensibilite=3)
    assert part(draft, "question.sit_age").record["borne"] == "jamais"
    write(draft, "question.sit_age", sensibilite=1)
    assert "borne" not in part(draft, "question.sit_age").record


def test_what_something_hangs_on_is_not_removed(draft):
    """Nothing is left behind that cites what is gone."""
    for address in ("question.fam_charge", "choix.fam_charge.enfants", "besoin.cv",
                    "section.accueil", "modele"):  # fmt: skip
        seen = part(draft, address).stamp
        with pytest.raises(RuleBroken):
            drafting.remove(draft, address, seen=seen, by=None)
    seen = part(draft, "question.log_courrier").stamp
    drafting.remove(draft, "question.log_courrier", seen=seen, by=None)
    drafting.remove(draft, "question.log_courrier", seen=seen, by=None)
    assert "log_courrier" not in draft.template.questions


def test_a_condition_cites_a_question_asked_before(draft):
    """Bad input: conditions cannot loop, and wait for answers that exist."""
    address, enough = "question.mob_permis", "non"
    condition = {"question": "fam_charge", "op": "in", "value": [enough]}
    for wrong in (
        condition,
        {"question": "sit_age", "op": "in", "value": ["inconnu"]},
        {"question": "sit_age", "op": "in", "value": []},
        {"question": "mob_permis", "op": "in", "value": ["souhaite"]},
    ):
        seen = part(draft, address).stamp
        with pytest.raises(RuleBroken):
            drafting.ask_if(draft, address, "any", [wrong], seen=seen, by=None)
    right = {"question": "sit_age", "op": "in", "value": ["18-25"]}
    seen = part(draft, address).stamp
    drafting.ask_if(draft, address, "any", [right], seen=seen, by=None)
    assert draft.template.questions["mob_permis"].shown_if
    assert draft.faults() == []


def test_a_question_says_who_asked_for_it_and_why(draft):
    """REQ-39: a role and a reason, never a name."""
    for _ in range(2):
        drafting.ask_for(
            draft, "question.sit_age", Asker.PROFESSIONAL, AskedWhy.CLEARER, by=None
        )  # fmt: skip
    [asked] = draft.template.questions["sit_age"].asked_for
    assert (asked["role"], asked["raison"]) == ("professionnel", "plus-clair")
    assert draft.faults() == []


def test_the_number_of_a_draft_is_its_own(draft):
    """Two versions of a template never bear one number; a new question follows it."""
    address = drafting.add(draft, "section.mobilite", "question", SAMPLE_QUESTION, by=None)
    with pytest.raises(RuleBroken):
        drafting.renumber(draft, "0.2", by=None)
    drafting.renumber(draft, "1.0", by=None)
    assert (draft.number, part(draft, address).record["depuis"]) == ("1.0", "1.0")


def test_a_draft_is_thrown_away(draft):
    drafting.discard(draft, by=None)
    assert TemplateVersion.drafts() == []


def test_two_versions_compare_in_plain_words(draft):
    """REQ-29: question by question, choice by choice."""
    write(draft, "question.sit_age", label="Quel est votre âge ?", sensibilite=2)
    write(draft, "choix.sit_niveau.bac", besoins=["trouver-formation"], label="Bac")
    drafting.add(draft, "section.mobilite", "question", SAMPLE_QUESTION, by=None)
    seen = part(draft, "question.log_courrier").stamp
    drafting.remove(draft, "question.log_courrier", seen=seen, by=None)
    drafting.move(draft, "question.sit_fin", 1, by=None)
    compared = compare(TemplateVersion.current(SINGLE_TEMPLATE), draft)
    told = {one.part.key: one for one in compared.questions}
    assert details(told["sit_age"]) == [
        "Question reformulée :", "Sensibilité : 2 (avant : 1)."
    ]  # fmt: skip
    said = told["sit_age"].details[0].pieces
    assert [one.words for one in said if one.state == "removed"] == ["avez-vous"]
    assert details(told["sit_niveau"]) == [
        "Réponse reformulée :", "« Bac » lève aussi : Trouver sa formation.",
    ]  # fmt: skip
    assert told["avez-vous-un-velo"].what == (What.ADDED,)
    assert told["log_courrier"].what == (What.REMOVED,)
    assert told["sit_fin"].what == (What.MOVED,)
    assert (len(told), compared.same_count) == (5, 61)


def test_a_version_compared_to_its_copy_says_that_nothing_changed(draft):
    compared = compare(TemplateVersion.current(SINGLE_TEMPLATE), draft)
    assert compared.is_empty
    assert compared.same_count == 65


def test_the_data_of_a_draft_are_its_own(draft):
    """Editing a copy changes nothing of what was read."""
    data = copy.deepcopy(draft.data)
    write(draft, "question.sit_age", label="Autre ?")
    assert TemplateVersion.current(SINGLE_TEMPLATE).data == data


# Paper


def test_each_question_that_may_be_written_stands_on_one_sheet():
    """REQ-30: the whole template is filled by hand, but what is never kept."""
    for key in (SINGLE_TEMPLATE, POTENTIALS_GRID):
        version = factories.template(key)
        printed = [one for sheet in paper.sheets(version) for one in sheet.keys]
        kept = [one.key for one in version.template.questions.values() if one.is_kept]
        assert sorted(printed) == sorted(kept)
        assert "gp_securite" not in printed


def test_the_most_sensitive_questions_stand_on_sheets_apart():
    """Level 3 goes with its own written agreement: its sheet may be left out."""
    questions = factories.template().template.questions
    for sheet in paper.sheets(factories.template()):
        levels = {questions[key].sensitivity == 3 for key in sheet.keys}
        assert levels == {sheet.is_apart}


def test_the_code_of_a_sheet_leads_to_its_questions():
    """REQ-30: typed again sheet by sheet, whatever the case, spaces and letters misread."""
    version = factories.template()
    for sheet in paper.sheets(version):
        typed = sheet.code.upper()
        typed = f" {typed[:4]}-{typed[4:8]} {typed[8:].replace('0', 'O').replace('1', 'I')} "
        found = paper.find_sheet(typed)
        assert (found.version, found.number, found.keys) == (version, sheet.number, sheet.keys)


@pytest.mark.parametrize(
    "text", ["", "0000000000", "000000000001", "é" * 40, "\x00", "abc", "00000000000a"]
)
def test_a_code_that_no_sheet_bears_leads_nowhere(text):
    factories.template()
    assert paper.find_sheet(text) is None


def test_a_sheet_that_does_not_exist_or_is_not_published_leads_nowhere(draft):
    version = TemplateVersion.current(SINGLE_TEMPLATE)
    assert paper.find_sheet(f"{version.code}99") is None
    assert paper.find_sheet(f"{draft.code}01") is None


def test_the_sheets_of_the_published_templates_never_change():
    """Sheets printed yesterday are typed tomorrow: the question each begins with stays."""
    first = {
        key: [sheet.keys[0] for sheet in paper.sheets(factories.template(key))]
        for key in (SINGLE_TEMPLATE, POTENTIALS_GRID)
    }
    assert first == FIRST_OF_EACH_SHEET


def test_what_was_adopted_is_kept_in_the_history_of_its_question():
    """REQ-39: the role and the reason, in the draft under way and in the next one, once each."""
    source, writer = factories.template(), factories.writer()
    before = drafting.start_from(source, by=None)
    asked = QuestionProposal.propose(
        SINGLE_TEMPLATE, Reason.HARD, question="sit_age", by=writer.account
    )
    refused = QuestionProposal.propose(
        SINGLE_TEMPLATE, Reason.HURTS, question="sit_age", by=writer.account
    )
    drafting.answer(asked, Outcome.ADOPTED, by=writer.account)
    drafting.answer(refused, Outcome.DECLINED, by=writer.account)
    after = drafting.start_from(source, by=None)
    for draft in (before, after):
        kept_now = TemplateVersion.get_by_id(draft.id)
        [kept] = part(kept_now, "question.sit_age").record["demandes"]
        assert (kept["role"], kept["raison"]) == ("professionnel", "plus-clair")
