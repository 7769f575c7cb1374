"""A person alone with her questions: which are asked, which comes next, what she reads again."""

import re

import pytest

from models import DomainLine
from models.base import RuleBroken
from models.diagnostics import filling, guiding, reviewing
from models.diagnostics.diagnostic import Moment, Writer
from models.diagnostics.domains import Opinion
from models.diagnostics.guiding import Guide
from models.diagnostics.openness import Openness
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.guide_words import GUIDE, tell_broken, tongue_of, tongues
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


def answer(diagnostic, writer=None, **form):
    writer = writer or Writer(diagnostic.person)
    form = {key: [value] if isinstance(value, str) else value for key, value in form.items()}
    return filling.save(diagnostic, form, seen=diagnostic.revision, writer=writer, keys=list(form))


def guide_of(diagnostic):
    somebody = diagnostic.person
    return Guide(diagnostic, Openness.of_asker(somebody, somebody))


@pytest.fixture
def trame():
    return factories.diagnostic()


@pytest.fixture
def grid():
    return factories.diagnostic(key=POTENTIALS_GRID)


def keys(guide):
    return [one.key for one in guide.asked]


@pytest.mark.parametrize("key", [SINGLE_TEMPLATE, POTENTIALS_GRID])
def test_what_is_most_sensitive_is_never_asked_of_somebody_alone(key):
    """TRAME.md: level 3 is « jamais » at a kiosk; what is not kept is not asked there either."""
    guide = guide_of(factories.diagnostic(key=key))
    assert {one.sensitivity for one in guide.asked} == {1, 2}
    assert all(one.is_kept and one.at_kiosk for one in guide.asked)


def test_what_is_filled_in_together_is_left_for_the_meeting(trame):
    """Who, when, read again: « facultatif: false » is not for somebody alone."""
    assert not {"pri_qui", "pri_date", "pri_relu"} & set(keys(guide_of(trame)))


def test_a_question_is_asked_once_the_answer_that_leads_to_it_is_given(trame):
    """TRAME.md, `visible_if`: computed by the server, page after page."""
    assert "fam_garde" not in keys(guide_of(trame))
    answer(trame, fam_charge="enfants")
    assert "fam_garde" in keys(guide_of(trame))


def test_a_question_without_any_choice_is_not_asked(trame):
    """TRAME.md, `choices_ref`: « liste vide : question non posée »."""
    assert "pri_priorites" not in keys(guide_of(trame))
    answer(trame, sit_niveau="sans")
    assert "pri_priorites" in keys(guide_of(trame))
    assert "pri_action" not in keys(guide_of(trame))


def test_forward_then_back_leads_to_the_same_question(trame):
    guide = guide_of(trame)
    ranks = [guide.ranks[key] for key in keys(guide)]
    assert ranks == sorted(ranks)
    assert [guide.after(rank) for rank in ranks] == [*ranks[1:], None]
    assert [guide.before(rank) for rank in ranks] == [None, *ranks[:-1]]


def test_stopped_at_question_twenty_she_goes_on_there(trame):
    """REQ-30: whoever answered the twenty first ones, alone or with a référent."""
    writer = factories.writer()
    factories.accompanied(writer, trame.person)
    asked = guide_of(trame).asked[:20]
    for question in asked[:12]:
        answer(trame, Writer(writer.account, writer.organisation), **{question.key: "refus"})
    for question in asked[12:]:
        answer(trame, **{question.key: "refus"})
    guide = guide_of(trame)
    assert len(guide.answered) == 20
    assert guide.resume() == guide.after(guide.ranks[asked[-1].key])


def test_what_was_passed_over_comes_back_at_the_end(trame):
    questions = guide_of(trame).asked
    for question in questions[1:]:
        answer(trame, **{question.key: "refus"})
    guide = guide_of(trame)
    assert guide.resume() == guide.ranks[questions[0].key]
    answer(trame, **{questions[0].key: "refus"})
    assert guide_of(trame).resume() is None


def test_her_place_is_told_in_parts_and_in_questions(trame):
    guide = guide_of(trame)
    place = guide.place(guide.asked[0])
    assert (place.section.key, place.part, place.number) == ("accueil", 1, 1)
    assert (place.parts, place.total) == (len(guide.sections), len(guide.asked))
    assert guide.place(guide.asked[-1]).number == place.total


def test_a_sensitive_answer_is_masked_on_a_shared_screen_alone(trame):
    """TRAME.md: « Réponses de niveau 2 masquées après saisie »."""
    answer(trame, log_situation="tiers", sit_age="18-25")
    guide, questions = guide_of(trame), trame.template.questions
    assert guide.is_masked(questions["log_situation"], is_shared=True)
    assert not guide.is_masked(questions["log_situation"], is_shared=False)
    assert not guide.is_masked(questions["sit_age"], is_shared=True)
    assert not guide.is_masked(questions["log_courrier"], is_shared=True)


def test_an_urgent_answer_shows_its_contacts_before_the_next_question(trame):
    """TRAME.md, `urgence`: « montrés tout de suite »; another answer shows nothing."""
    rank = guide_of(trame).ranks["log_situation"]
    answer(trame, log_situation="sans")
    guide = guide_of(trame)
    assert guide.alarm(guide.after(rank)).contacts == ("hebergement",)
    assert guide.alarm(guide.after(guide.after(rank))) is None
    answer(trame, log_situation="stable")
    assert guide_of(trame).alarm(guide_of(trame).after(rank)) is None


def test_the_grid_is_proposed_by_her_answer_and_never_imposed():
    """REQ-38: proposed if she has a child under three; the single template stays there."""
    diagnostic = factories.diagnostic()
    assert [one.version.key for one in guiding.paths_of(diagnostic.person)] == [SINGLE_TEMPLATE]
    answer(diagnostic, fam_charge="enfants", fam_moins3="oui")
    factories.template(POTENTIALS_GRID)
    single, grid = guiding.paths_of(diagnostic.person)
    assert (single.draft, grid.draft) == (diagnostic, None)
    assert grid.is_proposed
    answer(diagnostic, fam_moins3="non")
    assert len(guiding.paths_of(diagnostic.person)) == 1


def test_begun_twice_it_is_the_same_and_begun_again_it_follows_the_validated_one():
    somebody = factories.person()
    factories.template()
    first = guiding.begin(somebody, SINGLE_TEMPLATE)
    assert guiding.begin(somebody, SINGLE_TEMPLATE) == first
    assert (first.moment, first.started_by) == (Moment.ENTRY, None)
    first.seal(by=somebody)
    assert guiding.begin(somebody, SINGLE_TEMPLATE).moment is Moment.FOLLOW_UP


def test_nothing_is_begun_before_a_template_is_published():
    with pytest.raises(RuleBroken):
        guiding.begin(factories.person(), SINGLE_TEMPLATE)


def test_pages_are_made_as_she_prefers_to_be_spoken_to(trame):
    """REQ-36: `acc_format` drives large print, short sentences and reading aloud."""
    somebody = trame.person
    assert guiding.comfort_of(somebody) == (False, False, False)
    answer(trame, acc_format=["gros-caracteres", "lecture-voix-haute"])
    assert guiding.comfort_of(somebody) == (True, False, True)
    answer(trame, acc_format=["ecrit-simple"])
    assert guiding.comfort_of(somebody) == (False, True, False)
    answer(trame, acc_format="refus")
    assert guiding.comfort_of(somebody) == (False, False, False)


# The words around the questions


@pytest.mark.parametrize("key", GUIDE)
def test_each_word_of_the_guide_is_said_in_three_languages_with_the_same_blanks(key):
    said = GUIDE[key]
    blanks = [sorted(re.findall(r"%\(\w+\)[sd]", text)) for text in (said.fr, said.en, said.ar)]
    assert all((said.fr, said.en, said.ar))
    assert blanks[0] == blanks[1] == blanks[2]


def test_a_template_is_read_in_the_languages_it_is_written_in(trame, grid):
    """The grid in three languages, the trame in two: Arabic of the trame reads in French."""
    assert tongues(grid.template) == ["fr", "en", "ar"]
    assert tongues(trame.template) == ["fr", "en"]
    assert (tongue_of(grid.template, "ar"), tongue_of(trame.template, "ar")) == ("ar", "fr")


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("gp_garde", ["aucune", "creche"]),
        ("gp_envie", ["souffler", "rencontrer", "apprendre", "permis"]),
        ("gp_journee", ["inventée"]),
        ("gp_heures", ["36"]),
        ("gp_confier", ["1", "2"]),
        ("gp_journee", ["refus", "imprevus"]),
    ],
)
def test_why_an_answer_is_refused_is_said_in_arabic_too(grid, key, texts):
    """REQ-38: the grid in French, English and Arabic, its errors included."""
    fault = answer(grid, **{key: texts}).faults[key]
    assert re.search("[\u0600-\u06ff]", tell_broken(fault, "ar"))


# Reading again, box by box


@pytest.fixture
def noted():
    """`(diagnostic, writer)`: two boxes noted by a référent, a need first."""
    held = factories.writer()
    diagnostic = factories.diagnostic(factories.accompanied(held), by=held.account)
    writer = Writer(held.account, held.organisation)
    for domain, state in (
        (Domain.MOBILITY, DomainState.NEED),
        (Domain.MOTIVATION, DomainState.STRENGTH),
    ):
        DomainLine.choose(diagnostic, domain, state, seen=diagnostic.revision, writer=writer)
    return diagnostic, writer


def test_her_strengths_come_before_her_needs(noted):
    """REQ-35: the boxes begin with what she can do."""
    diagnostic, _ = noted
    states = [box.state for box in reviewing.boxes_of(diagnostic)]
    assert states[:2] == [DomainState.STRENGTH, DomainState.NEED]
    assert set(states[2:]) == {DomainState.NOT_DISCUSSED}


def test_without_a_note_a_box_says_what_her_answers_propose(trame):
    answer(trame, mob_permis="souhaite")
    [box] = [b for b in reviewing.boxes_of(trame) if b.domain is Domain.MOBILITY]
    assert (box.state, box.lines) == (DomainState.NEED, [])


def opinion_of(diagnostic, domain):
    [line] = DomainLine.standing(diagnostic)[domain]
    return line.opinion


def code_of(diagnostic, domain):
    [line] = DomainLine.standing(diagnostic)[domain]
    return line.code


def test_she_agrees_or_not_box_by_box_and_may_change_her_mind(noted):
    """L7: no reason asked; also once it is validated."""
    diagnostic, _ = noted
    mobility = code_of(diagnostic, Domain.MOBILITY)
    reviewing.review(diagnostic, {mobility: Opinion.DISAGREES}, by=diagnostic.person)
    assert opinion_of(diagnostic, Domain.MOBILITY) is Opinion.DISAGREES
    assert opinion_of(diagnostic, Domain.MOTIVATION) is Opinion.NOT_READ
    diagnostic.seal(by=None)
    reviewing.review(diagnostic, {mobility: Opinion.AGREES}, by=diagnostic.person)
    assert opinion_of(diagnostic, Domain.MOBILITY) is Opinion.AGREES


def test_a_box_rewritten_meanwhile_is_read_again_before_she_judges_it(noted):
    """Nobody agrees with words that she has not read: nothing is written at all."""
    diagnostic, writer = noted
    opinions = {
        code_of(diagnostic, domain): Opinion.AGREES
        for domain in (Domain.MOTIVATION, Domain.MOBILITY)
    }
    DomainLine.choose(
        diagnostic, Domain.MOBILITY, DomainState.NO_OBSTACLE, seen=diagnostic.revision,
        writer=writer,
    )  # fmt: skip
    with pytest.raises(RuleBroken):
        reviewing.review(diagnostic, opinions, by=diagnostic.person)
    assert opinion_of(diagnostic, Domain.MOTIVATION) is Opinion.NOT_READ


def test_nobody_judges_a_box_in_her_name(noted):
    diagnostic, writer = noted
    opinions = {code_of(diagnostic, Domain.MOBILITY): Opinion.AGREES}
    with pytest.raises(RuleBroken):
        reviewing.review(diagnostic, opinions, by=writer.actor)
    with pytest.raises(RuleBroken):
        reviewing.review(diagnostic, opinions, by=factories.person())
