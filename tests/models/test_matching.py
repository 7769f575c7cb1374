"""From a need to actions of the bank: what is proposed, in which order, and why (REQ-31)."""

import datetime as dt

import pytest

from models import UnmetNeed
from models.base import today
from models.diagnostics.matching import (
    MOST_REASONS,
    Circumstances,
    Why,
    first_actions,
    proposals,
)
from models.diagnostics.openness import Openness
from models.diagnostics.synthesis import Synthesis
from models.persons.person import Declared
from models.persons.sharing import Domain
from models.search_index import current_index
from models.territories import commune
from tests import factories
from tests.models.test_synthesis import led

pytestmark = pytest.mark.usefixtures("db")

TOULOUSE = {"latitude": 43.6043, "longitude": 1.4437, "commune": "Toulouse"}
MURET = {"latitude": 43.4599, "longitude": 1.3267, "commune": "Muret"}
SAINT_GAUDENS = {"latitude": 43.1082, "longitude": 0.7234, "commune": "Saint-Gaudens"}
LICENCE = {"thematics": ["mobilite--preparer-un-permis"]}
NOBODY = Circumstances(None, frozenset(), None)
HERE = Circumstances(commune("31555"), frozenset(), None)


@pytest.fixture
def listed():
    def create(**values):
        action = factories.action(**LICENCE | values)
        current_index().put(action)
        return action

    return create


def proposed(circumstances=HERE, key="mobilite-permis"):
    [proposal] = proposals([factories.template().template.needs[key]], circumstances)
    return proposal


def actions(circumstances=HERE, key="mobilite-permis"):
    return [match.action for match in proposed(circumstances, key).matches]


def reasons(circumstances=HERE, key="mobilite-permis"):
    return [reason.why for reason in proposed(circumstances, key).matches[0].reasons]


def test_an_action_on_the_theme_near_her_is_proposed_and_says_why(listed):
    """REQ-31: a choice that raises a need proposes an action."""
    action = listed(**TOULOUSE)
    [match] = proposed().matches
    assert match.action == action
    assert [reason.why for reason in match.reasons] == [Why.THEME, Why.NEAR, Why.FRESH]
    assert match.reasons[0].value == "mobilite--preparer-un-permis"
    assert match.km < 5


def test_an_action_that_says_it_answers_the_need_comes_first(listed):
    """« besoins » of a sheet: its organisation says which needs it answers."""
    listed(**TOULOUSE)
    declared = listed(**TOULOUSE, needs=["mobilite-permis"])
    assert actions()[0] == declared
    assert reasons()[0] is Why.NEED


def test_a_need_without_theme_finds_the_sheets_that_name_it(listed):
    """TRAME.md: « domiciliation » has no theme in data·inclusion."""
    declared = listed(**TOULOUSE, thematics=[], needs=["domiciliation"])
    listed(**TOULOUSE, thematics=[], name="Une adresse de restaurant")
    assert actions(key="domiciliation") == [declared]


def test_a_need_without_theme_is_looked_for_by_its_words(listed):
    """TRAME.md: « sinon recherche par mots »; a sheet that holds some of them only is no answer."""
    whole = listed(**TOULOUSE, thematics=[], name="Avoir une adresse pour son courrier")
    listed(**TOULOUSE, thematics=[], name="Une adresse de restaurant")
    assert actions(key="domiciliation") == [whole]
    assert reasons(key="domiciliation")[0] is Why.WORDS


@pytest.mark.parametrize(
    ("key", "theme"),
    [
        ("sante-ecoute", "sante--sante-mentale"),
        ("num-demarches", "numerique--acceder-a-des-services-en-ligne"),
        ("engagement", "remobilisation--benevolat-action-citoyenne"),
        ("mobilite-permis", "mobilite--preparer-un-permis"),
        (
            "mobilite-internationale",
            "souvrir-a-linternational--connaitre-les-opportunites-demploi-a-letranger",
        ),
        ("alimentation", "equipement-et-alimentation--alimentation"),
    ],
)
def test_the_needs_of_the_regional_plan_lead_to_their_sheets(listed, key, theme):
    """REQ-187 to REQ-192: listening, digital places, civic service, driving, abroad, food."""
    action = listed(**TOULOUSE | {"thematics": [theme]})
    listed(**TOULOUSE | {"thematics": ["choisir-un-metier--confirmer-son-choix-de-metier"]})
    assert actions(key=key) == [action]


def test_what_is_far_is_not_proposed_and_what_is_remote_is(listed):
    listed(**SAINT_GAUDENS)
    remote = listed(reception_modes=["a-distance"])
    assert actions() == [remote]
    assert reasons()[1] is Why.REMOTE


def test_the_nearest_comes_first_and_a_full_one_last(listed):
    full = listed(**TOULOUSE, places_left=0)
    far, near = listed(**MURET), listed(**TOULOUSE)
    assert actions() == [near, far, full]


def test_a_sheet_nobody_confirms_any_more_is_not_proposed(listed):
    """REQ-20: stale sheets are not shown unless one asks."""
    listed(**TOULOUSE, verified_on=today() - dt.timedelta(days=900))
    assert actions() == []


def test_what_is_for_others_comes_after_what_is_for_her(listed):
    families = listed(**TOULOUSE, audiences=["familles"])
    everyone = listed(**MURET, audiences=["tous-publics"])
    mother = Circumstances(commune("31555"), frozenset(["familles"]), None)
    assert actions() == [everyone, families]
    assert actions(mother) == [families, everyone]
    assert Why.AUDIENCE in reasons(mother)


def test_what_her_age_excludes_is_not_proposed(listed):
    """An age that may fit is proposed: only what is sure is left out."""
    listed(**TOULOUSE, age_min=60)
    young = listed(**TOULOUSE, age_max=25)
    assert actions(Circumstances(commune("31555"), frozenset(), (18, 25))) == [young]
    assert actions(Circumstances(commune("31555"), frozenset(), (51, 120)))[0] != young


def test_three_reasons_at_most(listed):
    """REQ-31: three reasons, whatever there is to say."""
    listed(**TOULOUSE, needs=["mobilite-permis"], places_left=4, audiences=["jeunes"])
    young = Circumstances(commune("31555"), frozenset(["jeunes"]), (18, 25))
    assert reasons(young) == [Why.NEED, Why.NEAR, Why.PLACES]
    assert len(reasons(young)) == MOST_REASONS


def test_without_a_commune_the_whole_bank_answers(listed):
    """Somebody without a home has needs too."""
    action = listed(**SAINT_GAUDENS)
    assert actions(NOBODY) == [action]
    assert Why.NEAR not in reasons(NOBODY)


def test_what_the_portal_or_the_référent_answers_is_not_lacking():
    """TRAME.md: `reponse` says who answers."""
    assert proposed(key="rythme").answered_by == "referent"
    assert proposed(key="passeport").answered_by == "portail:passeport"
    assert not proposed(key="rythme").is_lacking
    assert proposed(key="domiciliation").is_lacking


def test_the_template_offers_actions_of_her_first_needs_without_health(listed):
    """`pri_action`: chosen among what answers her priorities; level 3 is on no list."""
    first = listed(**TOULOUSE)
    listed(**TOULOUSE | {"thematics": ["sante--sante-mentale"]})
    somebody = factories.person()
    diagnostic = led(somebody, mob_permis="souhaite", san_orientation=["ecoute"])
    offered = first_actions(somebody, Synthesis(diagnostic, Openness(Domain)))
    assert offered == {first.code: first.name}


def test_nothing_near_is_counted_without_a_word_of_the_person():
    """REQ-31: counted for the map of gaps, by broad theme, EPCI and month."""
    need, here = factories.template().template.needs["mobilite-permis"], commune("31555")
    assert proposed().is_lacking
    UnmetNeed.note_need(need.thematics, here)
    UnmetNeed.note_need(need.thematics, here)
    [row] = UnmetNeed.select().dicts()
    assert {"theme": "mobilite", "place": here.epci_code, "searches": 1}.items() <= row.items()
    assert set(row) == {"id", "code", "created_at", "theme", "place", "month", "searches",
                        "counted_at"}  # fmt: skip


def test_what_she_said_tells_for_whom_an_action_may_be():
    """What the reader may not read tells him nothing (I1)."""
    mother = factories.person()
    diagnostic = led(mother, sit_age="26-29", sit_statut="recherche", fam_charge="enfants")
    every = Circumstances.of(mother, Synthesis(diagnostic, Openness(Domain)))
    assert every.audiences == {"demandeurs-emploi", "familles"}
    assert (every.ages, every.commune) == ((26, 29), mother.commune)
    little = Circumstances.of(mother, Synthesis(diagnostic, Openness([])))
    assert little.audiences == {"demandeurs-emploi"}


def test_the_income_she_declared_changes_nothing(listed):
    """REQ-14: an action for who has a minimum income is nobody else’s, and never tells."""
    listed(**TOULOUSE, audiences=["beneficiaires-des-minimas-sociaux"])
    proposed_to = []
    for declared in Declared:
        somebody = factories.person(receives_rsa=declared)
        diagnostic = led(somebody, mob_permis="souhaite")
        synthesis = Synthesis(diagnostic, Openness(Domain))
        [line] = [line for line in synthesis.needs if line.need.key == "mobilite-permis"]
        [proposal] = proposals([line.need], Circumstances.of(somebody, synthesis))
        proposed_to.append([(one.action, one.reasons) for one in proposal.matches])
    first, *others = proposed_to
    assert len(first) == 1
    assert all(one == first for one in others)
    assert Why.AUDIENCE not in [reason.why for reason in first[0][1]]
