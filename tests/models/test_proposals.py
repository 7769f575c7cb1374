"""What is asked of the questions: a reason, a role, votes; never a name, never a text (REQ-39)."""

import pytest

from models import Account, AuditEntry, QuestionProposal, QuestionVote
from models.accounts.account import Role as AccountRole
from models.base import RuleBroken, local_day
from models.persons.anonymising import anonymise
from models.persons.exporting import export_of
from models.persons.sharing import Domain
from models.questionnaire.asking import Asker
from models.questionnaire.proposals import Ballot, Outcome, Reason, question_of
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _templates(db):
    factories.template()


@pytest.fixture
def caseworker():
    return factories.membership().account


def ask(by, reason=Reason.HARD, question="sit_age", **about):
    return QuestionProposal.propose(SINGLE_TEMPLATE, reason, question=question, by=by, **about)


def tally(ballot, role=None):
    [proposal] = QuestionProposal.tallied()
    return proposal.voices(ballot, role)


def test_a_proposal_keeps_the_role_of_who_made_it_and_why_never_a_name(caseworker):
    """REQ-39: « l’historique de qui (rôle) l’a demandée et pourquoi »."""
    proposal = ask(caseworker)
    assert proposal.as_request == {
        "role": "professionnel", "raison": "plus-clair",
        "date": local_day(proposal.created_at).isoformat(),
    }  # fmt: skip
    assert not {field.name for field in QuestionProposal._meta.sorted_fields} & {
        "account", "person", "name",
    }  # fmt: skip


def test_a_person_asks_and_votes_as_a_professional_does(caseworker):
    """REQ-39: co-construction; each role is counted apart."""
    proposal = ask(factories.person())
    assert proposal.role is Asker.PERSON
    QuestionVote.cast(proposal, Ballot.FOR, by=caseworker)
    QuestionVote.cast(proposal, Ballot.AGAINST, by=factories.person())
    assert (tally(Ballot.FOR), tally(Ballot.AGAINST)) == (2, 1)
    assert (tally(Ballot.FOR, Asker.PERSON), tally(Ballot.FOR, Asker.PROFESSIONAL)) == (1, 1)


def test_the_coordination_speaks_in_its_own_role():
    animator = factories.account(role=AccountRole.ANIMATOR)
    assert ask(animator).role is Asker.COORDINATION


def test_to_ask_the_same_thing_again_is_to_vote_for_it(caseworker):
    first = ask(caseworker)
    assert ask(factories.person()) == first
    assert ask(caseworker) == first
    assert tally(Ballot.FOR) == 2
    assert ask(caseworker, Reason.HURTS) != first


def test_one_vote_each_which_may_change(caseworker):
    proposal = ask(caseworker)
    QuestionVote.cast(proposal, Ballot.AGAINST, by=caseworker)
    QuestionVote.cast(proposal, Ballot.AGAINST, by=caseworker)
    assert (tally(Ballot.FOR), tally(Ballot.AGAINST)) == (0, 1)
    assert QuestionVote.of_voter(caseworker) == {proposal.id: Ballot.AGAINST}


def test_an_account_and_a_person_of_one_number_are_two_voters():
    """Two tables, two doors: a row number is not somebody."""
    somebody = factories.person()
    twin = Account.get_or_none(id=somebody.id) or factories.account(id=somebody.id)
    proposal = ask(somebody)
    assert QuestionVote.of_voter(twin) == {}
    QuestionVote.cast(proposal, Ballot.FOR, by=twin)
    assert tally(Ballot.FOR) == 2


def test_a_missing_subject_is_asked_for_by_its_domain(caseworker):
    proposal = ask(caseworker, Reason.MISSING, question=None, domain=Domain.HOUSING)
    assert (proposal.domain, proposal.question) == (Domain.HOUSING, None)


@pytest.mark.parametrize(
    "asked",
    [
        {"question": "inventee"},
        {"question": None},
        {"question": "gp_garde"},
        {"reason": Reason.MISSING, "question": None},
        {"reason": Reason.MISSING, "domain": Domain.HOUSING},
    ],
)
def test_what_the_version_does_not_hold_is_refused(caseworker, asked):
    with pytest.raises(RuleBroken):
        ask(caseworker, **asked)
    assert QuestionProposal.select().count() == 0


def test_an_unknown_template_is_refused(caseworker):
    with pytest.raises(RuleBroken):
        QuestionProposal.propose("autre", Reason.HARD, question="sit_age", by=caseworker)


def test_an_answer_closes_the_vote_and_the_thing_may_be_asked_again(caseworker):
    """History: what was answered stays; what was not retained may come back."""
    coordinator = factories.account(role=AccountRole.COORDINATOR)
    proposal = ask(caseworker).decide(Outcome.DECLINED, by=coordinator)
    with pytest.raises(RuleBroken):
        QuestionVote.cast(proposal, Ballot.AGAINST, by=caseworker)
    with pytest.raises(RuleBroken):
        proposal.decide(Outcome.ADOPTED, by=coordinator)
    assert ask(caseworker) != proposal
    assert [one.is_open for one in QuestionProposal.tallied(question="sit_age")] == [True, False]


def test_the_living_ones_come_first_with_most_voices(caseworker):
    least, most = ask(caseworker), ask(caseworker, Reason.HURTS)
    QuestionVote.cast(most, Ballot.FOR, by=factories.person())
    answered = ask(caseworker, Reason.TWICE)
    answered.decide(Outcome.ADOPTED, by=caseworker)
    assert QuestionProposal.tallied() == [most, least, answered]


def test_a_question_of_either_template_is_found_by_its_key():
    factories.template(POTENTIALS_GRID)
    version, question = question_of("gp_garde")
    assert (version.key, question.key) == (POTENTIALS_GRID, "gp_garde")
    assert question_of("inventee") is None


def test_she_takes_her_votes_away_and_they_go_with_her():
    """REQ-43 and the right to be forgotten: the proposal stays, which names nobody."""
    somebody = factories.person()
    ask(somebody)
    [told] = export_of(somebody)["sections"]["votes"]
    assert told["proposal"].startswith("Quel âge avez-vous\u00a0? Elle est difficile")
    assert told["ballot"] == "pour"
    anonymise(somebody)
    assert (QuestionVote.select().count(), QuestionProposal.select().count()) == (0, 1)


def test_her_vote_is_in_her_own_journal(caseworker):
    somebody = factories.person()
    ask(somebody)
    ask(caseworker)
    entries = AuditEntry.select().where(AuditEntry.act == "proposal:vote")
    assert [entry.person_id for entry in entries] == [somebody.id, None]
