"""The synthesis of a diagnostic and the comparison of two: strengths first, and never a measure."""

import dataclasses

import pytest

from models import DomainLine, NeedDecision
from models.base import database
from models.diagnostics import comparing, filling
from models.diagnostics.comparing import Became, Comparison
from models.diagnostics.diagnostic import Moment, Writer
from models.diagnostics.needs import Wish
from models.diagnostics.openness import Openness
from models.diagnostics.synthesis import DomainView, NeedLine, Silence, Strength, Synthesis
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

ALL = Openness(Domain)


def led(somebody=None, *, key=SINGLE_TEMPLATE, moment=Moment.ENTRY, **answers):
    """A diagnostic of this person with these answers, written by herself."""
    somebody = somebody or factories.person()
    diagnostic = factories.diagnostic(somebody, key=key, moment=moment)
    return more(diagnostic, **answers)


def more(diagnostic, **answers):
    form = {name: value if isinstance(value, list) else [value] for name, value in answers.items()}
    writer = Writer(diagnostic.person)
    seen = diagnostic.revision
    saved = filling.save(diagnostic, form, seen=seen, writer=writer, keys=list(form))
    assert not saved.faults
    return diagnostic


def keys(lines):
    return [line.need.key for line in lines]


def choose(diagnostic, domain, state, **values):
    writer = Writer(diagnostic.person)
    DomainLine.choose(diagnostic, domain, state, seen=diagnostic.revision, writer=writer, **values)


def decide(diagnostic, **wishes):
    decisions = {key.replace("_", "-"): wish for key, wish in wishes.items()}
    NeedDecision.decide(diagnostic, decisions, writer=Writer(diagnostic.person))


# What one diagnostic says


def test_a_strength_is_told_with_its_question_and_her_answers():
    """REQ-35: a point to lean on is what she chose, in the words of the template."""
    synthesis = Synthesis(led(mob_moyens=["velo", "bus-train"], mob_permis="souhaite"), ALL)
    [strength] = synthesis.view(Domain.MOBILITY).strengths
    assert strength.question.key == "mob_moyens"
    assert [choice.value for choice in strength.choices] == ["velo", "bus-train"]
    assert keys(synthesis.view(Domain.MOBILITY).needs) == ["mobilite-permis"]


def test_nothing_of_a_synthesis_measures_a_person():
    """Never a score: no field of what is shown is a number, but the place of a need in a list."""
    numbers = [
        (shape.__name__, field.name)
        for shape in (DomainView, NeedLine, Strength)
        for field in dataclasses.fields(shape)
        if "int" in str(field.type) or "float" in str(field.type)
    ]
    assert numbers == [("NeedLine", "rank")]


def test_three_silences_are_told_apart():
    """« Pas abordé » ≠ « je préfère ne pas répondre » ≠ « rien de noté »."""
    synthesis = Synthesis(led(mob_permis="refus", lan_oral="refus", pro_temps="5-14"), ALL)
    assert Domain.MOBILITY in synthesis.silent(Silence.REFUSED)
    assert synthesis.silent(Silence.NOTHING) == [Domain.PROJECT]
    assert Domain.HOUSING in synthesis.silent(Silence.NOT_DISCUSSED)
    assert synthesis.view(Domain.LANGUAGE).words == "Préfère ne pas répondre"


def test_no_obstacle_is_not_silence():
    """« Pas d’obstacle » is something she said."""
    synthesis = Synthesis(led(mob_genes=["rien"]), ALL)
    assert synthesis.view(Domain.MOBILITY).words == "Pas d’obstacle"
    assert Domain.MOBILITY not in synthesis.silent(Silence.NOTHING)


def test_the_line_that_was_chosen_comes_before_what_answers_propose():
    """TRAME.md: the machine proposes the state, the person and her référent choose it."""
    diagnostic = led(mob_permis="souhaite")
    choose(diagnostic, Domain.MOBILITY, DomainState.NO_OBSTACLE)
    view = Synthesis(diagnostic, ALL).view(Domain.MOBILITY)
    assert (view.proposed, view.state) == (DomainState.NEED, DomainState.NO_OBSTACLE)


def test_a_need_she_does_not_want_is_put_aside():
    """She keeps the needs she wants: the others no longer make a domain a need."""
    diagnostic = led(mob_permis="souhaite", sit_niveau="sans")
    decide(diagnostic, mobilite_permis=Wish.NO)
    synthesis = Synthesis(diagnostic, ALL)
    assert keys(synthesis.needs) == ["trouver-formation"]
    mobility = synthesis.view(Domain.MOBILITY)
    assert (keys(mobility.declined), mobility.state) == (
        ["mobilite-permis"], DomainState.NOT_DISCUSSED,
    )  # fmt: skip


def test_priorities_come_first_and_follow_what_she_keeps():
    """REQ-31: three priorities at most, in her order; a need put aside is one no more."""
    diagnostic = led(mob_permis="souhaite", sit_niveau="sans", rsx_pro="non")
    more(diagnostic, pri_priorites=["reseau-pro", "mobilite-permis"])
    decide(diagnostic, mobilite_permis=Wish.NO)
    synthesis = Synthesis(diagnostic, ALL)
    assert keys(synthesis.priorities) == ["reseau-pro"]
    assert keys(synthesis.needs) == ["reseau-pro", "trouver-formation"]
    assert [line.rank for line in synthesis.needs] == [1, 2]


def test_a_priority_of_health_is_not_on_the_list_of_priorities():
    """Level 3: never on a list; it is told among what is folded."""
    diagnostic = led(san_orientation=["ecoute"], mob_permis="souhaite")
    more(diagnostic, pri_priorites=["sante-ecoute", "mobilite-permis"])
    synthesis = Synthesis(diagnostic, ALL)
    assert keys(synthesis.priorities) == ["mobilite-permis"]
    assert [line.is_priority for line in synthesis.folded[0].needs] == [True]


def test_soft_skills_are_hers_once_ticked_and_suggested_before():
    """REQ-40: nothing is kept without her choice; the form suggests, she ticks."""
    grid = led(key=POTENTIALS_GRID, gp_journee=["imprevus"])
    before = Synthesis(grid, ALL)
    suggested = [key for key, _ in before.skills_suggested]
    assert (before.skills_chosen, suggested) == ([], ["capacite-d-adaptation", "reactivite"])
    more(grid, gp_forces=["reactivite"])
    after = Synthesis(grid, ALL)
    assert [key for key, _ in after.skills_chosen] == ["reactivite"]
    assert [key for key, _ in after.skills_suggested] == ["capacite-d-adaptation"]


def test_what_she_would_rather_talk_about_is_recalled_without_health():
    """TRAME.md: « je préfère en parler » raises nothing, and health is not said on a list."""
    synthesis = Synthesis(led(san_tenir="en-parler"), ALL)
    assert synthesis.to_talk == []
    assert [view.domain for view in synthesis.folded] == [Domain.HEALTH]


def test_seven_fields_of_autonomy_are_read_from_the_answers():
    """REQ-193: housing, health, citizenship, mobility, sport, culture, leisure."""
    diagnostic = led(mob_permis="souhaite", rsx_engagement=["sport-culture"])
    told = {field.key: keys(needs) for field, needs, _ in Synthesis(diagnostic, ALL).autonomy}
    assert told == {
        "logement": [], "sante": [], "citoyennete": [], "mobilite": ["mobilite-permis"],
        "sport": ["sport-culture"], "culture": ["sport-culture"], "loisirs": ["sport-culture"],
    }  # fmt: skip


def test_a_health_need_stays_out_of_the_list_of_autonomy():
    """Level 3: never in a list (REQ-34)."""
    synthesis = Synthesis(led(san_orientation=["medecin"]), ALL)
    told = {field.key: keys(needs) for field, needs, _ in synthesis.autonomy}
    assert told["sante"] == []
    assert keys(synthesis.folded[0].needs) == ["sante-soins"]


def test_the_most_sensitive_needs_come_last_and_are_folded():
    """A need takes the higher level of its domain and of its question."""
    synthesis = Synthesis(led(san_orientation=["droits"], mob_permis="souhaite"), ALL)
    assert keys(synthesis.needs) == ["mobilite-permis", "sante-droits"]
    assert [synthesis.is_folded(line) for line in synthesis.needs] == [False, True]


# Who reads what


def test_a_reader_learns_nothing_of_a_domain_that_is_not_shared():
    """I1: neither its state, nor its needs, nor what it suggests elsewhere."""
    diagnostic = led(
        log_situation="sans", res_mois="impossibles", dro_aide=["verifier"], mob_permis="souhaite"
    )
    synthesis = Synthesis(diagnostic, Openness([]))
    assert keys(synthesis.needs) == ["mobilite-permis"]
    assert {Domain.HOUSING, Domain.RESOURCES, Domain.RIGHTS} <= set(synthesis.closed)
    assert all(view.domain.sensitivity == 1 for view in synthesis.views)


def test_a_sensitive_answer_does_not_move_an_open_domain():
    """The energy of a mother (level 3) raises a need of her accompaniment (level 1): who does not
    read her health sees no need there."""
    grid = led(key=POTENTIALS_GRID, gp_energie="basse")
    shared = [domain for domain in Domain if domain is not Domain.HEALTH]
    for opened, expected in ((ALL, ["rythme"]), (Openness(shared), [])):
        synthesis = Synthesis(grid, opened)
        assert keys(synthesis.needs) == expected
    assert DomainState.NEED not in synthesis.derived.states.values()


def test_what_a_health_answer_raises_elsewhere_stays_with_health():
    """Level 3: also to who may read it, an open domain says nothing of it; it is told apart."""
    diagnostic = led(san_orientation=["droits"])
    synthesis = Synthesis(diagnostic, ALL)
    rights, health = synthesis.view(Domain.RIGHTS), synthesis.view(Domain.HEALTH)
    assert (keys(rights.needs), rights.state) == ([], DomainState.NOT_DISCUSSED)
    assert (keys(health.needs), health.is_folded) == (["sante-droits"], True)
    more(diagnostic, dro_papiers=["sante"])
    synthesis = Synthesis(diagnostic, ALL)
    assert keys(synthesis.view(Domain.RIGHTS).needs) == ["sante-droits"]
    assert keys(synthesis.view(Domain.HEALTH).needs) == []


def test_a_priority_that_is_not_shared_is_not_told():
    """I1: the list of priorities names needs of any level."""
    diagnostic = led(log_situation="sans", mob_permis="souhaite")
    more(diagnostic, pri_priorites=["logement-hebergement", "mobilite-permis"])
    assert keys(Synthesis(diagnostic, Openness([])).priorities) == ["mobilite-permis"]


def test_a_synthesis_reads_the_database_as_often_whatever_it_holds(count_queries):
    """Speed: a flat number of queries whatever the number of answers."""
    few = led(mob_permis="souhaite")
    many = led(
        mob_permis="souhaite", sit_niveau="sans", rsx_pro="non", com_experiences=["stage"],
        num_connexion="bonne", pro_idee="metier", log_situation="sans", mot_confiance="1",
    )  # fmt: skip
    decide(many, mobilite_permis=Wish.YES, trouver_formation=Wish.NO)
    choose(many, Domain.MOBILITY, DomainState.NEED)
    counts = []
    for diagnostic in (few, many):
        with count_queries() as queries:
            Synthesis(diagnostic, ALL).views  # noqa: B018
        counts.append(len(queries))
    assert counts == [3, 3]


@pytest.fixture
def count_queries(monkeypatch):
    """A context that lists the statements executed within it."""
    import contextlib

    @contextlib.contextmanager
    def counted():
        statements, execute = [], database.obj.execute_sql

        def noted(sql, *args, **kwargs):
            statements.append(sql)
            return execute(sql, *args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(database.obj, "execute_sql", noted)
            yield statements

    return counted


# What changed since


def twice(before, after):
    """Two diagnostics of one person: the former sealed, the latter a draft."""
    former = led(**before)
    former.seal(by=former.person)
    latter = led(former.person, moment=Moment.FOLLOW_UP, **after)
    return former, latter


def change(comparison, domain):
    return next(one for one in comparison.every_change if one.domain is domain)


@pytest.mark.parametrize(
    ("later", "became"),
    [
        ({"mob_permis": "souhaite"}, [Became.STILL]),
        ({"mob_permis": "oui"}, [Became.GONE]),
        ({"mob_permis": "refus"}, [Became.NOT_ASKED]),
        ({"sit_age": "18-25"}, [Became.NOT_ASKED]),
        ({"mob_permis": "souhaite", "mob_genes": ["cout"]}, [Became.STILL, Became.NEW]),
    ],
)
def test_a_need_is_gone_only_when_its_question_was_answered_again(later, became):
    """History tells the truth: not asking again lifts nothing."""
    former, latter = twice({"mob_permis": "souhaite"}, later)
    needs = change(Comparison(former, latter, ALL), Domain.MOBILITY).needs
    assert [one.became for one in needs] == became


def test_a_need_put_aside_is_told_apart_from_a_need_that_is_gone():
    former, latter = twice({"mob_permis": "souhaite"}, {"mob_permis": "souhaite"})
    decide(latter, mobilite_permis=Wish.NO)
    needs = change(Comparison(former, latter, ALL), Domain.MOBILITY).needs
    assert [one.became for one in needs] == [Became.PUT_ASIDE]


def test_only_the_domains_that_moved_are_told_first():
    former, latter = twice(
        {"mob_permis": "souhaite", "num_connexion": "bonne"},
        {"mob_permis": "oui", "num_connexion": "bonne"},
    )
    comparison = Comparison(former, latter, ALL)
    assert [one.domain for one in comparison.changes] == [Domain.MOBILITY]
    assert Domain.DIGITAL in [one.domain for one in comparison.unchanged]
    mobility = change(comparison, Domain.MOBILITY)
    assert [mobility.before.words, mobility.after.words] == ["Besoin", "Point d’appui"]
    assert [one.question.key for one in mobility.gained] == ["mob_permis"]


def test_health_is_compared_apart():
    """Level 3: masked until one asks for it."""
    former, latter = twice({"san_orientation": ["medecin"]}, {"san_orientation": ["non"]})
    comparison = Comparison(former, latter, ALL)
    assert comparison.changes == []
    assert [one.domain for one in comparison.folded] == [Domain.HEALTH]


def test_a_comparison_shows_no_domain_that_is_not_shared():
    """I1: in neither of both."""
    former, latter = twice({"log_situation": "sans"}, {"log_situation": "stable"})
    told = [one.domain for one in Comparison(former, latter, Openness([])).every_change]
    assert Domain.HOUSING not in told


def test_the_others_of_a_diagnostic_are_hers_on_the_same_template():
    """The latest first, drafts included; what is compared with it."""
    former, latter = twice({"mob_permis": "souhaite"}, {"mob_permis": "oui"})
    latter.seal(by=former.person)
    led(former.person, key=POTENTIALS_GRID)
    last = led(former.person, moment=Moment.EXIT)
    assert comparing.others_of(last) == [latter, former]
    assert comparing.in_order(last, former) == [former, last]
