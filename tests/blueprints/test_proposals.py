"""Improving the questions: pages for professionals and for persons alike (REQ-39)."""

import pytest

from models import QuestionProposal, QuestionVote
from models.accounts.account import Role as AccountRole
from models.questionnaire.proposals import Ballot, Outcome, Reason
from models.questionnaire.versions import SINGLE_TEMPLATE
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

INDEX = "/trame/propositions"


@pytest.fixture(autouse=True)
def _templates(db):
    factories.template()


@pytest.fixture
def caseworker():
    return factories.membership().account


@pytest.fixture
def proposal(caseworker):
    return QuestionProposal.propose(
        SINGLE_TEMPLATE, Reason.HARD, question="sit_qpv", by=factories.person()
    )


def test_a_caseworker_asks_for_a_change_of_a_question(visitor, caseworker):
    visitor.enter(caseworker)
    page = visitor.visit(visitor.visit(INDEX).link("Proposer un changement"))
    page = visitor.visit(page.link("Quel âge avez-vous ?"))
    page = visitor.submit(page, "Proposer et voter pour", {"raison": "inutile"})
    assert "1 proposition ouverte" in page.text
    assert "Demandé par : un professionnel du réseau" in page.text
    assert "Votre vote : pour ce changement." in page.text


def test_a_person_does_the_same_from_her_space(visitor):
    """REQ-39: her name is nowhere, her role is."""
    visitor.enter_space(factories.person())
    page = visitor.visit(visitor.visit("/mon-espace").link("Améliorer les questions"))
    page = visitor.visit(page.link("Proposer un changement"))
    page = visitor.submit(
        page, "Proposer et voter pour", {"trame": SINGLE_TEMPLATE, "domaine": "logement"}
    )
    assert "Demandé par : une personne accompagnée" in page.text
    assert "Samia" not in page.text


def test_a_proposal_without_a_reason_comes_back_with_a_sentence(visitor, caseworker):
    visitor.enter(caseworker)
    page = visitor.visit(f"{INDEX}/proposer?question=sit_age")
    page = visitor.submit(page, "Proposer et voter pour")
    assert page.status == 422
    assert "choisissez une raison." in page.text
    assert QuestionProposal.select().count() == 0


def test_a_missing_subject_without_a_template_comes_back_with_what_was_chosen(visitor, caseworker):
    visitor.enter(caseworker)
    page = visitor.visit(f"{INDEX}/proposer")
    page = visitor.submit(page, "Proposer et voter pour", {"domaine": "logement"})
    assert page.status == 422
    assert page.root.find(".//option[@selected]").get("value") == "logement"


def test_one_votes_then_changes_one_s_mind(visitor, caseworker, proposal):
    visitor.enter(caseworker)
    about = "Où habitez-vous ?, Elle est difficile à comprendre : à écrire plus simplement"
    page = visitor.submit(visitor.visit(INDEX), f"Voter pour : {about}", {"vote": "pour"})
    assert "Votre vote : pour ce changement." in page.text
    page = visitor.submit(page, f"Voter contre : {about}", {"vote": "contre"})
    assert "Votre vote : contre ce changement." in page.text
    assert QuestionVote.of_voter(caseworker) == {proposal.id: Ballot.AGAINST}


@pytest.mark.parametrize("ballot", ["", "peut-être"])
def test_a_vote_that_does_not_exist_is_refused(visitor, caseworker, proposal, ballot):
    visitor.enter(caseworker)
    about = "Où habitez-vous ?, Elle est difficile à comprendre : à écrire plus simplement"
    page = visitor.submit(visitor.visit(INDEX), f"Voter pour : {about}", {"vote": ballot})
    assert page.status == 409
    assert QuestionVote.of_voter(caseworker) == {}


def test_a_question_tells_its_history_and_what_is_asked_of_it(visitor, caseworker, proposal):
    """REQ-39: where it comes from, since when, who (a role) asked for what, and why."""
    visitor.enter(caseworker)
    page = visitor.visit(visitor.visit(INDEX).link("Où habitez-vous ?"))
    assert page.words("h1") == "Où habitez-vous ?"
    assert "quartiers prioritaires de la politique de la ville" in page.text
    assert "Demandé par : une personne accompagnée" in page.text
    assert visitor.visit(f"{INDEX}/question/inventee").status == 404


def test_the_coordination_answers_and_nobody_else(app, visitor, caseworker, proposal):
    visitor.enter(caseworker)
    assert "Ne pas retenir" not in visitor.visit(INDEX).text
    coordinator = Visitor(app).enter(factories.account(role=AccountRole.COORDINATOR))
    page = coordinator.visit(INDEX)
    about = "Où habitez-vous ?, Elle est difficile à comprendre : à écrire plus simplement"
    page = coordinator.submit(page, f"Retenir : {about}", {"reponse": "retenue"})
    assert "Retenue pour la prochaine version" in page.text
    assert QuestionProposal.get().outcome is Outcome.ADOPTED


def test_who_is_not_in_the_network_does_not_propose(app, proposal):
    stranger = factories.account()
    assert Visitor(app).enter(stranger).visit(INDEX).status == 404
    assert Visitor(app).visit(INDEX).words("h1") == "Se connecter"
