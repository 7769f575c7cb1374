"""The diagnostic of a person: what is answered, by whom, and what nobody writes over."""

import pytest

from models import Answer, Diagnostic, DomainLine, NeedDecision, TemplateVersion
from models.base import RuleBroken, database
from models.diagnostics import filling
from models.diagnostics.answers import Answers, AnswerState
from models.diagnostics.diagnostic import Moment, Writer
from models.diagnostics.domains import Impact, Opinion
from models.diagnostics.needs import Wish
from models.diagnostics.openness import Openness
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.shape import REFUSED
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


def fill(diagnostic, writer, *, seen=None, **form):
    """Save a form that asks these questions: each value is the texts of its field."""
    seen = diagnostic.revision if seen is None else seen
    return filling.save(diagnostic, form, seen=seen, writer=writer, keys=list(form))


@pytest.fixture
def led():
    """`(diagnostic, writer)`: begun by a référent with the person."""
    writer = factories.writer()
    somebody = factories.accompanied(writer)
    diagnostic = factories.diagnostic(somebody, by=writer.account)
    return diagnostic, Writer(writer.account, writer.organisation)


def another(diagnostic):
    """A second référent of the same person."""
    writer = factories.writer()
    factories.accompanied(writer, diagnostic.person, role=factories.ReferentRole.OTHER)
    return Writer(writer.account, writer.organisation)


def test_an_answer_is_kept_with_who_gave_it_and_when(led):
    """REQ-30: one row per answer, in the name of the référent who wrote it."""
    diagnostic, writer = led
    saved = fill(diagnostic, writer, sit_age=["18-25"], sit_niveau=["refus"])
    assert saved.written == ("sit_age", "sit_niveau")
    answers = Answers(diagnostic)
    assert answers.given == {"sit_age": "18-25", "sit_niveau": REFUSED}
    [row] = answers.standing("sit_age")
    assert (row.account, row.organisation) == (writer.account, writer.organisation)


def test_the_database_does_not_hold_an_answer_in_clear(led):
    """Access.md §4.10: what she answers is sealed."""
    diagnostic, writer = led
    fill(diagnostic, writer, log_situation=["precaire"])
    rows = database.execute_sql("SELECT value FROM answer").fetchall()
    assert rows
    assert not any("precaire" in value for (value,) in rows)


def test_a_correction_adds_a_row_and_the_former_one_stays(led):
    """TRAME.md: « une correction ajoute une ligne, l’ancienne reste lisible »."""
    diagnostic, writer = led
    fill(diagnostic, writer, sit_age=["18-25"])
    fill(diagnostic, writer, sit_age=["26-29"])
    told = [row.given for row in Answers(diagnostic).history("sit_age")]
    assert told == ["26-29", "18-25"]


def test_a_form_sent_twice_writes_once(led):
    """REQ-30: the same form again changes nothing."""
    diagnostic, writer = led
    fill(diagnostic, writer, sit_age=["18-25"], seen=0)
    again = fill(diagnostic, writer, sit_age=["18-25"], seen=0)
    assert again.written == ()
    assert Answer.select().count() == 1


def test_an_answer_taken_back_is_not_discussed_any_more(led):
    """« Pas abordé » is neither a refusal nor an answer."""
    diagnostic, writer = led
    fill(diagnostic, writer, sit_age=["18-25"])
    fill(diagnostic, writer, sit_age=[""])
    assert Answers(diagnostic).given == {}


def test_a_question_no_longer_asked_loses_its_answer_and_it_is_said(led):
    """TRAME.md: « cachée, une question perd sa réponse ; la page le dit »."""
    diagnostic, writer = led
    fill(diagnostic, writer, fam_charge=["enfants"], fam_garde=["aucune"])
    saved = fill(diagnostic, writer, fam_charge=["non"])
    assert saved.lost == ("fam_garde",)
    assert Answers(diagnostic).given == {"fam_charge": "non"}
    assert Answers(diagnostic).history("fam_garde")[0].state is AnswerState.HIDDEN


def test_an_answer_to_a_question_that_is_not_asked_is_dropped(led):
    """Bad input: an answer to a hidden question writes nothing."""
    diagnostic, writer = led
    saved = fill(diagnostic, writer, fam_charge=["non"], fam_garde=["aucune"])
    assert saved.written == ("fam_charge",)
    assert saved.lost == ("fam_garde",)


def test_a_wrong_answer_loses_none_of_the_others(led):
    """Bad input: refused with a sentence, nothing else lost."""
    diagnostic, writer = led
    saved = fill(diagnostic, writer, sit_age=["inconnu"], sit_statut=["recherche"])
    assert list(saved.faults) == ["sit_age"]
    assert Answers(diagnostic).given == {"sit_statut": "recherche"}


def test_two_référents_who_had_not_read_each_other_both_keep_their_answer(led):
    """Conflict shown question by question, both kept until somebody chooses."""
    diagnostic, first = led
    fill(diagnostic, first, sit_age=["18-25"], sit_statut=["recherche"])
    seen, second = diagnostic.revision, another(diagnostic)
    fill(diagnostic, first, seen=seen, sit_age=["26-29"], sit_statut=["recherche"])
    saved = fill(diagnostic, second, seen=seen, sit_age=["30-50"], sit_statut=["emploi"])
    assert saved.contested == ("sit_age",)
    standing = filling.conflicts(Answers(diagnostic))["sit_age"]
    assert [row.given for row in standing] == ["26-29", "30-50"]
    fill(diagnostic, first, sit_age=["26-29"])
    assert Answers(diagnostic).contested == []
    assert Answers(diagnostic).given == {"sit_age": "26-29", "sit_statut": "emploi"}


def test_answers_read_before_somebody_wrote_are_read_again(led):
    """REQ-30: what a page had read already is trusted only when nobody wrote since."""
    diagnostic, first = led
    fill(diagnostic, first, sit_age=["18-25"])
    by_another = Diagnostic.of_hers(diagnostic.person, diagnostic.code)
    read = Answers(diagnostic)
    fill(by_another, another(diagnostic), sit_age=["26-29"])
    form = {"sit_age": ["30-50"]}
    saved = filling.save(diagnostic, form, seen=read.diagnostic.revision, writer=first,
                         keys=["sit_age"], read=read)  # fmt: skip
    assert saved.contested == ("sit_age",)


def test_what_a_writer_did_not_touch_is_never_written_over(led):
    """Someone else’s newer answer stays when the form only carries the old one along."""
    diagnostic, first = led
    fill(diagnostic, first, sit_age=["18-25"])
    seen, second = diagnostic.revision, another(diagnostic)
    fill(diagnostic, first, seen=seen, sit_age=["26-29"])
    saved = fill(diagnostic, second, seen=seen, sit_age=["18-25"], sit_statut=["emploi"])
    assert saved.contested == ()
    assert Answers(diagnostic).given == {"sit_age": "26-29", "sit_statut": "emploi"}


def test_home_safety_leaves_no_trace():
    """The question on safety at home, its refusal and its need are never written (TRAME.md)."""
    mother = factories.person()
    grid = factories.diagnostic(mother, key=POTENTIALS_GRID)
    saved = fill(grid, Writer(mother), gp_securite=["en-parler"], gp_droits=["oui"])
    assert saved.passing == ("separation-violence",)
    assert saved.urgent == ("reperes",)
    assert [row.question for row in Answer.select()] == ["gp_droits"]


def test_one_draft_stands_for_a_person_and_a_template():
    """REQ-30: stopped here, resumed elsewhere: the same draft."""
    somebody = factories.person()
    assert factories.diagnostic(somebody) == factories.diagnostic(somebody)
    assert factories.diagnostic(somebody, key=POTENTIALS_GRID) != factories.diagnostic(somebody)


def test_a_validated_diagnostic_never_changes(led):
    """History is never rewritten: another diagnostic follows, and knows the former."""
    diagnostic, writer = led
    diagnostic.seal(by=writer.actor)
    with pytest.raises(RuleBroken):
        fill(diagnostic, writer, sit_age=["18-25"])
    with pytest.raises(RuleBroken):
        DomainLine.choose(diagnostic, Domain.PROJECT, DomainState.NEED, seen=9, writer=writer)
    version = TemplateVersion.current(SINGLE_TEMPLATE)
    following = Diagnostic.start(diagnostic.person, version, Moment.FOLLOW_UP, by=writer.actor)
    assert following.previous == diagnostic


def test_a_version_is_read_again_to_the_letter_after_the_next_one(led):
    """REQ-29: publishing version 2 changes nothing of the diagnostics on version 1."""
    diagnostic, writer = led
    data = TemplateVersion.get_by_id(diagnostic.version_id).data
    data["modele"]["sections"][0]["titre"] = "Autre titre"
    second = TemplateVersion.draft(SINGLE_TEMPLATE, "0.3", data, by=writer.actor)
    second.publish(by=writer.actor)
    begun = Diagnostic.of_hers(diagnostic.person, diagnostic.code)
    assert begun.template.sections[0].title.fr == "Bien nous comprendre"
    assert TemplateVersion.current(SINGLE_TEMPLATE).template.sections[0].title.fr == "Autre titre"


def test_a_domain_is_chosen_and_two_référents_may_differ(led):
    """TRAME.md: two lines of different référents stay until somebody chooses."""
    diagnostic, first = led
    second, seen = another(diagnostic), diagnostic.revision
    need, strength = DomainState.NEED, DomainState.STRENGTH
    choose = DomainLine.choose
    assert not choose(
        diagnostic, Domain.MOBILITY, need, impact=Impact.STRONG, levers=["deja-aide"],
        seen=seen, writer=first,
    )  # fmt: skip
    assert choose(diagnostic, Domain.MOBILITY, strength, seen=seen, writer=second)
    lines = DomainLine.standing(diagnostic)[Domain.MOBILITY]
    assert [line.state for line in lines] == [need, strength]
    assert [line.impact for line in lines] == [Impact.STRONG, None]
    assert lines[0].levers == ["deja-aide"]


def test_only_the_person_says_that_she_agrees(led):
    """L7: disagreement box by box, in her name alone."""
    diagnostic, writer = led
    DomainLine.choose(diagnostic, Domain.MOBILITY, DomainState.NEED, seen=0, writer=writer)
    [line] = DomainLine.standing(diagnostic)[Domain.MOBILITY]
    with pytest.raises(RuleBroken):
        line.give_opinion(Opinion.AGREES, by=writer.actor)
    line.give_opinion(Opinion.DISAGREES, by=diagnostic.person)
    [line] = DomainLine.standing(diagnostic)[Domain.MOBILITY]
    assert line.opinion is Opinion.DISAGREES


def test_she_keeps_the_needs_she_wants(led):
    """TRAME.md: needs are proposed; the person keeps those she wants."""
    diagnostic, writer = led
    fill(diagnostic, writer, mob_permis=["souhaite"])
    NeedDecision.decide(diagnostic, {"mobilite-permis": Wish.YES}, writer=writer)
    NeedDecision.decide(diagnostic, {"mobilite-permis": Wish.NOT_YET}, writer=writer)
    standing = NeedDecision.standing(diagnostic)
    assert standing["mobilite-permis"].keeping is Wish.NOT_YET
    with pytest.raises(RuleBroken):
        NeedDecision.decide(diagnostic, {"cv": Wish.YES}, writer=writer)


def test_a_professional_reads_the_domains_she_ticked_and_level_one():
    """I1: levels 2 and 3 open with the agreement of their domain; all is open to herself."""
    writer = factories.writer()
    somebody = factories.accompanied(writer, domains=[Domain.HOUSING])
    somebody.is_open_to(writer.account, [writer.organisation_id])
    questions = factories.template().template.questions
    opened = Openness.of_asker(somebody, writer.account)
    shown = {key for key, question in questions.items() if opened.shows(question)}
    assert {"sit_age", "log_situation", "dro_aide"} <= shown
    assert not {"res_mois", "san_tenir", "sit_suivi"} & shown
    herself = Openness.of_asker(somebody, somebody)
    assert all(herself.shows(question) for question in questions.values())
    assert not herself.asks(questions["san_tenir"])
