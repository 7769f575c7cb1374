"""What else the bank holds when an action was refused, or nobody answered (REQ-31)."""

import pytest

from models.diagnostics.openness import Openness
from models.persons.sharing import Domain
from models.prescriptions.alternatives import MOST, alternatives_to
from models.prescriptions.shared import ConcernedNeed
from models.search_index import current_index
from tests import factories
from tests.models.test_matching import LICENCE, SAINT_GAUDENS, TOULOUSE

pytestmark = pytest.mark.usefixtures("db")

DRIVING = ConcernedNeed("mobilite-permis", "Obtenir le permis", ())
HOUSING = ConcernedNeed("logement-louer", "Trouver un logement", ("logement",))
NOTHING, ALL = Openness(()), Openness(Domain)


@pytest.fixture
def amina():
    return factories.writer()


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina)


def listed(**values):
    """Near her, on the theme of her need, and answered by an address."""
    action = factories.action(**LICENCE | TOULOUSE | {"email": "accueil@action.example"} | values)
    current_index().put(action)
    return action


def found(prescription, samia, opened=NOTHING):
    return [match.action for match in alternatives_to(prescription, samia, opened)]


def test_others_that_answer_the_need_are_proposed_with_why(samia, amina):
    factories.answered(samia, amina, mob_permis="souhaite")
    refused, other = listed(), listed()
    asked = factories.sent(samia, amina, DRIVING, action=refused)
    [match] = alternatives_to(asked, samia, NOTHING)
    assert match.action == other
    assert match.reasons


def test_three_at_most_and_never_the_one_just_refused(samia, amina):
    """Product.md: « three alternatives from the bank »; the refused one leaves its place."""
    factories.answered(samia, amina, mob_permis="souhaite")
    refused = listed(needs=["mobilite-permis"])
    others = [listed() for _ in range(4)]
    asked = factories.sent(samia, amina, DRIVING, action=refused)
    proposed = found(asked, samia)
    assert len(proposed) == MOST
    assert set(proposed) <= set(others)


def test_what_is_asked_for_already_is_not_proposed_again(samia, amina):
    factories.answered(samia, amina, mob_permis="souhaite")
    refused, asked_too, other = listed(), listed(), listed()
    asked = factories.sent(samia, amina, DRIVING, action=refused)
    factories.sent(samia, amina, DRIVING, action=asked_too)
    assert found(asked, samia) == [other]


def test_what_is_too_far_is_not_proposed(samia, amina):
    factories.answered(samia, amina, mob_permis="souhaite")
    asked = factories.sent(samia, amina, DRIVING, action=listed())
    listed(**SAINT_GAUDENS, reception_modes=["en-presentiel"])
    assert found(asked, samia) == []


def test_nothing_is_proposed_to_whom_the_need_is_closed(samia, amina):
    """I1: three actions for a need would tell the need."""
    factories.answered(samia, amina, log_situation="famille-amis")
    housing = {"thematics": ["logement-hebergement--louer-un-logement"]}
    asked = factories.sent(samia, amina, HOUSING, action=listed(**housing))
    other = listed(**housing, needs=[HOUSING.key])
    assert found(asked, samia, NOTHING) == []
    assert found(asked, samia, ALL) == [other]


def test_without_a_need_the_theme_of_the_sheet_is_looked_for(samia, amina):
    """Asked for from a sheet, before any diagnostic."""
    refused, other = listed(), listed()
    listed(thematics=["numerique--acceder-a-du-materiel"])
    asked = factories.sent(samia, amina, action=refused)
    assert found(asked, samia) == [other]


def test_without_need_nor_theme_nothing_is_proposed(samia, amina):
    listed()
    asked = factories.sent(samia, amina, action=listed(thematics=[]))
    assert found(asked, samia) == []


def test_what_is_forgotten_proposes_nothing(samia, amina):
    listed()
    asked = factories.sent(samia, amina, action=listed())
    asked.content = None
    assert found(asked, samia) == []
