"""A prescription: what is shared, who moves it where, and what nobody moves twice."""

import datetime as dt

import pytest

from models import (
    Account,
    AnswerLink,
    Membership,
    OutgoingEmail,
    PersonNotice,
    Prescription,
    Transition,
)
from models.base import RuleBroken, now, today
from models.charter.signatures import CharterSignature
from models.diagnostics.openness import Openness
from models.persons.agreements import Given
from models.persons.closing import Keeping, close
from models.persons.notices import News
from models.persons.sharing import Domain
from models.plans.plan import ProposalEnd
from models.plans.priorities import PlanPriority
from models.prescriptions import acting, eligibility, reading
from models.prescriptions.eligibility import Finding
from models.prescriptions.forgetting import forget_contents
from models.prescriptions.links import LinkState
from models.prescriptions.mover import SERVICE, herself, provider
from models.prescriptions.shared import ConcernedNeed, Reach, Shared, ways_to_reach
from models.prescriptions.states import MOVES, Outcome, Refusal, Side, State
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

LICENCE = ConcernedNeed("mobilite-permis", "Obtenir le permis", ())
HOUSING = ConcernedNeed("logement-louer", "Trouver un logement", ("logement",))


@pytest.fixture
def amina():
    """A référent with the right to write."""
    return factories.writer()


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina, factories.person(phone="0612345678"))


@pytest.fixture
def asked(samia, amina):
    """Sent, with her agreement."""
    return factories.sent(samia, amina, LICENCE)


def place_of(prescription):
    """The provider answering by its link."""
    return provider(prescription.provider)


def messages(kind):
    return [one for one in OutgoingEmail.select() if one.kind == kind]


def test_nothing_leaves_before_she_agrees(samia, amina):
    """REQ-190, product.md §3: what is shared is read, then agreed to, then sent."""
    draft = factories.prescription(samia, amina, LICENCE)
    assert draft.state is State.DRAFT
    assert messages("prescription_received") == []
    assert not draft.is_readable_by_provider


def test_what_is_sent_is_her_name_one_contact_and_the_needs(samia, amina):
    """Access.md §4.4: nothing else of her file."""
    shared = factories.prescription(samia, amina, LICENCE, reach=Reach.PHONE).shared
    assert shared == Shared(
        samia.name, Reach.PHONE, "0612345678", (LICENCE,), shared.action_code, shared.action_name
    )


def test_she_is_not_reached_by_what_her_file_does_not_say(samia, amina):
    assert ways_to_reach(samia) == [Reach.PHONE, Reach.SMS, Reach.REFERENT]
    with pytest.raises(RuleBroken, match="comment joindre"):
        factories.prescription(samia, amina, reach=Reach.EMAIL)


def test_sending_writes_a_link_to_the_address_of_the_sheet(asked):
    """The provider answers without an account; the message says nothing of the person."""
    [mail] = messages("prescription_received")
    assert mail.recipient == "accueil@action.example"
    assert asked.person.family_name not in mail.content + str(mail.values)
    link = AnswerLink.of_token(mail.values["token"])
    assert link.prescription == asked
    assert link.state is LinkState.OPEN


def test_she_agrees_to_what_was_on_the_screen(samia, amina):
    draft = factories.prescription(samia, amina, LICENCE)
    seen, action = draft.revision, draft.action
    draft.rewrite(Shared.of(samia, action, Reach.PHONE, ()), mover=factories.by(amina))
    with pytest.raises(RuleBroken, match="changé"):
        acting.send(draft, mover=herself(samia), given=Given.OWN_SPACE, seen=seen)
    assert Prescription.get().state is State.DRAFT


def test_a_draft_changes_and_what_is_sent_does_not(samia, amina, asked):
    other = Shared.of(samia, asked.action, Reach.PHONE, ())
    with pytest.raises(RuleBroken, match="déjà partie"):
        asked.rewrite(other, mover=factories.by(amina))


def test_an_action_is_asked_for_once_at_a_time(samia, amina, asked):
    """Bad input: a form sent twice, or two référents."""
    with pytest.raises(RuleBroken, match="déjà en cours"):
        factories.prescription(samia, amina, action=asked.action)
    acting.cancel(asked, mover=factories.by(amina))
    factories.prescription(samia, amina, action=asked.action)


def test_accepted_it_has_its_day_and_everybody_is_told(asked, samia, amina):
    acting.accept(asked, mover=place_of(asked), day=factories.in_days(7))
    assert (asked.state, asked.starts_on) == (State.ACCEPTED, factories.in_days(7))
    [mail] = messages("prescription_answered")
    assert mail.recipient == amina.account.identifier
    assert News.PRESCRIPTION_ANSWERED in [one.news for one in PersonNotice.unread(samia)]


def test_the_same_answer_twice_is_one(asked):
    acting.accept(asked, mover=place_of(asked))
    acting.accept(asked, mover=place_of(asked))
    assert len(messages("prescription_answered")) == 1


def test_declined_it_says_why_in_closed_words(asked):
    acting.decline(asked, [Refusal.FULL, Refusal.DATES], mover=place_of(asked))
    assert asked.reasons == [Refusal.FULL, Refusal.DATES]
    assert asked.slot is None


def test_declined_without_a_reason_nothing_is_written(asked):
    with pytest.raises(RuleBroken, match="raison"):
        acting.decline(asked, [], mover=place_of(asked))
    assert Prescription.get().state is State.SENT


def test_a_second_answer_that_differs_is_refused(asked):
    """Faults: two answers at once, one state."""
    again = Prescription.get()
    acting.accept(asked, mover=place_of(asked))
    with pytest.raises(RuleBroken, match="déjà acceptée"):
        acting.decline(again, [Refusal.FULL], mover=place_of(again))
    assert Prescription.get().state is State.ACCEPTED


def test_the_provider_may_rather_have_another_day(asked, amina):
    """The référent says yes, and the provider is told."""
    acting.offer_day(asked, factories.in_days(9), mover=place_of(asked))
    assert not asked.is_waiting
    acting.keep_day(asked, mover=factories.by(amina))
    assert (asked.state, asked.starts_on) == (State.ACCEPTED, factories.in_days(9))
    assert len(messages("prescription_day_kept")) == 1


@pytest.mark.parametrize("days", [-1, 366])
def test_a_day_is_to_come_within_the_year(asked, days):
    with pytest.raises(RuleBroken, match="à venir"):
        acting.offer_day(asked, factories.in_days(days), mover=place_of(asked))


def test_it_closes_when_nobody_answered_in_time(asked, time_machine):
    """Product.md §3: « expiry at 30 days »."""
    assert asked.expire(mover=SERVICE) is False
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=30, minutes=1))
    assert asked.expire(mover=SERVICE) is True
    with pytest.raises(RuleBroken, match="faute de réponse"):
        acting.accept(asked, mover=place_of(asked))


def test_nothing_leaves_a_state_but_by_its_moves():
    assert set(MOVES) == {State.DRAFT, State.SENT, State.ACCEPTED}


@pytest.mark.parametrize("outcome", Outcome)
def test_what_came_of_it_is_one_choice_and_its_day(asked, outcome):
    acting.accept(asked, mover=place_of(asked))
    acting.conclude(asked, outcome, today(), mover=place_of(asked))
    assert (asked.outcome, asked.outcome_on) == (outcome, today())
    assert (asked.ended_at is None) == (outcome is Outcome.CAME)


def test_an_outcome_corrected_goes_on_again(asked, samia, amina):
    """Chosen by mistake: what goes on can be called off, and is not asked for twice."""
    acting.accept(asked, mover=place_of(asked))
    acting.conclude(asked, Outcome.DONE, today(), mover=factories.by(amina))
    acting.conclude(asked, Outcome.CAME, today(), mover=factories.by(amina))
    assert asked.is_readable_by_provider
    with pytest.raises(RuleBroken, match="déjà en cours"):
        factories.prescription(samia, amina, action=asked.action)


def test_what_came_of_it_is_asked_of_what_was_accepted(asked, amina):
    for mover in (place_of(asked), factories.by(amina)):
        with pytest.raises(RuleBroken, match="attend encore"):
            acting.conclude(asked, Outcome.DONE, today(), mover=mover)


def test_without_an_answer_the_référent_still_says_what_came_of_it(asked, amina, time_machine):
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=31))
    asked.expire(mover=SERVICE)
    with pytest.raises(RuleBroken):
        acting.conclude(asked, Outcome.CAME, today(), mover=place_of(asked))
    acting.conclude(asked, Outcome.CAME, today(), mover=factories.by(amina))


def test_done_it_ends_the_step_of_the_plan(samia, amina):
    """The outcome returns in the plan in one choice (product.md §3)."""
    factories.answered(samia, amina, mob_permis="souhaite")
    plan = factories.plan(samia, amina, LICENCE.key)
    action = factories.action(email="accueil@action.example")
    step = factories.step(PlanPriority.of_plan(plan)[0], amina, action=action)
    plan.agree(by=samia, given=Given.OWN_SPACE, seen=plan.revision)
    asked = factories.sent(samia, amina, LICENCE, action=action, step=step)
    acting.accept(asked, mover=place_of(asked))
    acting.conclude(reading.of_hers(samia, asked.code), Outcome.DONE, today(),
                    mover=place_of(asked))  # fmt: skip
    assert type(step).get_by_id(step.id).end is ProposalEnd.DONE


def test_each_move_is_dated_with_its_author(asked, samia, amina):
    acting.accept(asked, mover=place_of(asked))
    told = [(one.side, one.account, one.organisation) for one in Transition.of(asked)]
    assert told == [
        (Side.PRESCRIBER, amina.account, amina.organisation),
        (Side.PERSON, None, None),
        (Side.PROVIDER, None, asked.provider),
    ]


def test_called_off_nobody_reads_it_any_more(asked, samia):
    """I3: her agreement for this recipient is hers to take back, at once."""
    token = messages("prescription_received")[0].values["token"]
    acting.cancel(asked, mover=herself(samia))
    assert not asked.is_readable_by_provider
    assert AnswerLink.of_token(token).state is LinkState.PAST
    with pytest.raises(RuleBroken, match="annulée"):
        acting.accept(asked, mover=place_of(asked))


def test_an_address_that_takes_no_mail_stops_neither_sending_nor_calling_off(samia, amina):
    """I7: whatever the mailboxes of the provider are worth."""
    place = factories.writer()
    Account.update(identifier="sans-adresse").where(Account.id == place.account_id).execute()
    sheet = factories.action(organisation=place.organisation, email="accueil@action.example")
    asked = factories.sent(samia, amina, action=sheet)
    acting.cancel(asked, mover=herself(samia))
    assert [one.recipient for one in messages("prescription_cancelled")] == [sheet.email]


def test_closing_her_file_calls_everything_off(asked, samia):
    close(samia, Keeping.KEEP, factories.ACCESS_CODE)
    assert Prescription.get().state is State.CANCELLED


def test_a_provider_whose_charter_lapsed_answers_nothing(samia, amina):
    """Faults: « provider whose charter lapsed between sending and answering »."""
    bound = factories.signed_organisation()
    action = factories.action(organisation=bound, email="accueil@action.example")
    asked = factories.sent(samia, amina, action=action)
    assert asked.is_readable_by_provider
    CharterSignature.update(withdrawn_at=now()).where(
        CharterSignature.organisation == bound
    ).execute()
    assert not asked.is_readable_by_provider
    with pytest.raises(RuleBroken, match="ne peut plus répondre"):
        acting.accept(asked, mover=place_of(asked))


def test_a_provider_put_out_of_the_network_answers_nothing(asked):
    asked.provider.suspended_at = now()
    asked.provider.save()
    assert not Prescription.get().is_readable_by_provider


def test_what_she_shared_is_read_six_months_at_most(asked, time_machine):
    acting.accept(asked, mover=place_of(asked))
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=190))
    assert not asked.is_readable_by_provider


def test_after_two_years_nobody_knows_whom_it_was_for(asked, time_machine):
    """Product.md §3: « personal content anonymised after 2 years »."""
    assert forget_contents() == 0
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=740))
    assert forget_contents() == 1
    left = Prescription.get()
    assert (left.person, left.shared, left.account) == (None, None, None)
    assert left.sent_at is not None
    assert all(one.account is None for one in Transition.of(left))


def test_a_référent_reads_what_her_agreement_opens(samia, amina):
    """I1: the action itself may tell a need that she shares with another only."""
    factories.sent(samia, amina, HOUSING)
    [line] = reading.of_person(samia, Openness(()))
    assert line.shared is None
    [line] = reading.of_person(samia, Openness([Domain.HOUSING]))
    assert line.shared.needs == (HOUSING,)


def test_the_list_of_a_référent_holds_only_whom_he_accompanies(asked, amina):
    somebody_else = factories.writer()
    assert [line.prescription for line in reading.followed_by(amina.account)] == [asked]
    assert reading.followed_by(somebody_else.account) == []


def test_the_list_of_a_provider_starts_with_the_oldest(samia, amina):
    place = factories.writer()
    actions = [factories.action(organisation=place.organisation) for _ in range(2)]
    first, second = (factories.sent(samia, amina, action=one) for one in actions)
    assert reading.received_by([place.organisation_id]) == [first, second]
    assert {one.recipient for one in messages("prescription_waiting")} == {place.account.identifier}


def test_what_waits_is_counted_for_each_side(samia, amina):
    place = factories.writer()
    sheets = [factories.action(organisation=place.organisation) for _ in range(3)]
    draft = factories.prescription(samia, amina, action=sheets[0])
    sent, offered = (factories.sent(samia, amina, action=one) for one in sheets[1:])
    acting.offer_day(offered, factories.in_days(3), mover=place_of(offered))
    assert reading.waiting_for(place.account) == (1, 0)
    assert reading.waiting_for(amina.account) == (0, 2)
    lines = reading.followed_by(amina.account)
    waiting = {line.prescription for line in lines if line.heap is reading.Heap.TO_DO}
    assert waiting == {draft, offered}
    assert sent not in waiting


def test_lists_take_the_same_queries_whatever_their_length(samia, amina, queries):
    """At most six for a thousand prescriptions with their persons and actions."""
    place = factories.writer()

    def asked_by_both_lists():
        factories.sent(samia, amina, action=factories.action(organisation=place.organisation))
        account = Account.get_by_id(amina.account_id)
        assert account.rights.places
        del queries[:]
        followed = reading.followed_by(account)
        received = reading.received_by([place.organisation_id])
        assert len(followed) == len(received)
        return len(queries)

    assert asked_by_both_lists() == asked_by_both_lists()


@pytest.mark.parametrize(
    ("sheet", "finding"),
    [
        ({"age_min": 60}, Finding.TOO_YOUNG),
        ({"age_max": 25}, Finding.TOO_OLD),
        ({"eligibility": ["31557"]}, Finding.ELSEWHERE),
        ({"mobilisers": ["usagers"]}, Finding.HERSELF),
        ({"referrers": ["personne"]}, Finding.HERSELF),
        ({"email": None}, Finding.UNANSWERED),
    ],
)
def test_what_would_be_refused_is_stopped_with_its_reason(samia, sheet, finding):
    """The button is never shown to whom it would refuse."""
    action = factories.action(**{"email": "accueil@action.example"} | sheet)
    first = eligibility.checks_of(samia, action)[0]
    assert (first.finding, first.is_stopping) == (finding, True)


@pytest.mark.parametrize(
    ("sheet", "finding"),
    [
        ({"age_min": 18, "age_max": 60}, Finding.RIGHT_AGE),
        ({"eligibility": ["31555"]}, Finding.HERE),
        ({"places_left": 0, "places_on": dt.date(2026, 1, 5)}, Finding.FULL),
        ({"referrers": ["travailleur-social"]}, Finding.OTHER_REFERRER),
        ({"documents": ["Pièce d’identité"]}, Finding.PAPERS),
    ],
)
def test_what_is_only_to_verify_stops_nobody(samia, sheet, finding):
    action = factories.action(**{"email": "accueil@action.example"} | sheet)
    found = eligibility.checks_of(samia, action)
    assert finding in [one.finding for one in found]
    assert not any(one.is_stopping for one in found)


def test_those_who_may_write_at_the_provider_are_receivers_enough(samia):
    place = factories.writer()
    sheet = factories.action(organisation=place.organisation)
    assert not any(one.is_stopping for one in eligibility.checks_of(samia, sheet))
    Membership.update(ended_at=now()).where(Membership.id == place.id).execute()
    assert Finding.UNANSWERED in [one.finding for one in eligibility.checks_of(samia, sheet)]
