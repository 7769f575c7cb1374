"""Without an answer, the provider is reminded, then the request closes (product.md §3)."""

import datetime as dt

import pytest

from models import AnswerLink, AuditEntry, OutgoingEmail, PersonNotice, Prescription, Transition
from models.base import database, now
from models.charter.signatures import CharterSignature
from models.persons.accompaniments import Accompaniment, EndReason
from models.persons.notices import News
from models.prescriptions import acting, reminding
from models.prescriptions.links import LinkState
from models.prescriptions.mover import provider
from models.prescriptions.reminding import expire_old, remind_providers
from models.prescriptions.states import Move, Refusal, Side, State
from tests import factories
from tests.at_once import together


@pytest.fixture(autouse=True)
def noon(time_machine):
    """Far from midnight, when days change."""
    moment = dt.datetime.now(dt.UTC).replace(hour=12, minute=0)
    time_machine.move_to(moment)
    return moment


@pytest.fixture
def amina(db):
    return factories.writer()


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina)


@pytest.fixture
def asked(samia, amina):
    return factories.sent(samia, amina)


@pytest.fixture
def wait(noon, time_machine):
    """So many days, and a minute, pass."""
    return lambda days: time_machine.move_to(noon + dt.timedelta(days=days, minutes=1))


def messages(kind):
    return [one for one in OutgoingEmail.select().order_by(OutgoingEmail.id) if one.kind == kind]


def reminders():
    return len(messages("prescription_reminder"))


def as_it_is(prescription):
    return Prescription.get_by_id(prescription.id)


def test_it_is_reminded_at_ten_days_then_every_ten(asked, wait):
    """Product.md §3: « reminder after 10 days and every 10 days, expiry at 30 days »."""
    told = []
    for day in (9, 10, 19, 20, 29, 29.9, 30):
        wait(day)
        remind_providers()
        told.append(reminders())
    assert told == [0, 1, 1, 2, 2, 2, 2]


def test_a_reminder_brings_a_new_link_and_the_one_before_opens_nothing(asked, wait):
    [first] = messages("prescription_received")
    wait(10)
    assert remind_providers() == 1
    [mail] = messages("prescription_reminder")
    assert mail.recipient == "accueil@action.example"
    assert AnswerLink.of_token(first.values["token"]).state is LinkState.PAST
    assert AnswerLink.of_token(mail.values["token"]).state is LinkState.OPEN


def test_a_reminder_says_nothing_of_her(asked, samia, wait):
    wait(10)
    remind_providers()
    [mail] = messages("prescription_reminder")
    assert set(mail.values) == {"token", "action", "organisation"}
    assert samia.family_name not in str(mail.values)


def test_those_who_may_answer_with_an_account_are_told_too(samia, amina, wait):
    place = factories.writer()
    factories.sent(samia, amina, action=factories.action(organisation=place.organisation))
    before = len(messages("prescription_waiting"))
    wait(10)
    assert remind_providers() == 1
    assert len(messages("prescription_waiting")) == before + 1


def test_a_reminder_is_a_line_of_the_history_by_the_service(asked, wait):
    wait(10)
    remind_providers()
    last = Transition.of(asked)[-1]
    assert (last.move, last.side, last.account) == (Move.REMINDED, Side.SERVICE, None)
    entry = AuditEntry.get(AuditEntry.act == "prescription:remind")
    assert (entry.actor_id, entry.person_id) == (None, asked.person_id)


def test_she_is_told_nothing_of_a_reminder(asked, samia, wait):
    before = len(PersonNotice.unread(samia))
    wait(10)
    assert remind_providers() == 1
    assert len(PersonNotice.unread(samia)) == before


def test_who_answered_is_not_reminded(samia, amina, wait):
    accepted, declined, postponed, called_off = (factories.sent(samia, amina) for _ in range(4))
    acting.accept(accepted, mover=provider(accepted.provider))
    acting.decline(declined, [Refusal.FULL], mover=provider(declined.provider))
    acting.offer_day(postponed, factories.in_days(40), mover=provider(postponed.provider))
    acting.cancel(called_off, mover=factories.by(amina))
    wait(12)
    assert (remind_providers(), reminders()) == (0, 0)


def test_a_provider_out_of_the_network_is_not_written_to(samia, amina, wait):
    """I3: its link would open nothing."""
    bound = factories.signed_organisation()
    action = factories.action(organisation=bound, email="accueil@action.example")
    factories.sent(samia, amina, action=action)
    CharterSignature.update(withdrawn_at=now()).where(
        CharterSignature.organisation == bound
    ).execute()
    wait(10)
    assert (remind_providers(), reminders()) == (0, 0)


def test_when_nobody_would_receive_it_nothing_is_written_and_others_are_reminded(
    samia, amina, asked, wait
):
    """Faults: an address that was taken off the sheet stops nobody else’s reminder."""
    other = factories.sent(samia, amina)
    asked.action.email = None
    asked.action.save()
    wait(10)
    assert remind_providers() == 1
    assert as_it_is(asked).reminded_at is None
    assert as_it_is(other).reminded_at is not None


def test_at_its_end_it_closes_and_the_référent_is_told(asked, amina, samia, wait):
    wait(29)
    assert expire_old() == 0
    wait(30)
    assert expire_old() == 1
    assert as_it_is(asked).state is State.EXPIRED
    [mail] = messages("prescription_expired")
    assert (mail.recipient, mail.values) == (amina.account.identifier, {})
    assert News.PRESCRIPTION_EXPIRED in [one.news for one in PersonNotice.unread(samia)]


def test_once_closed_its_link_opens_nothing(asked, wait):
    wait(10)
    remind_providers()
    [mail] = messages("prescription_reminder")
    wait(30)
    expire_old()
    assert AnswerLink.of_token(mail.values["token"]).state is LinkState.PAST


def test_who_no_longer_accompanies_her_is_not_told(asked, amina, samia, wait):
    Accompaniment.lead_of(samia).end(EndReason.HANDED_OVER, by=amina.account)
    wait(30)
    assert expire_old() == 1
    assert messages("prescription_expired") == []


def test_what_is_forgotten_is_neither_reminded_nor_closed(asked, wait):
    """After its months, nobody knows whom it was for: there is nobody to tell."""
    Prescription.update(person=None, content=None).execute()
    wait(12)
    assert remind_providers() == 0
    wait(31)
    assert expire_old() == 0


def test_twice_is_once(asked, wait):
    wait(10)
    assert [remind_providers(), remind_providers()] == [1, 0]
    wait(30)
    assert [expire_old(), expire_old()] == [1, 0]


def test_they_are_walked_by_slices(samia, amina, wait, monkeypatch):
    """Memory does not grow with them; those that end at the same moment are not passed over."""
    sent = [factories.sent(samia, amina) for _ in range(5)]
    Prescription.update(expires_at=sent[0].expires_at).execute()
    monkeypatch.setattr(reminding, "SLICE", 2)
    wait(10)
    assert (remind_providers(), reminders()) == (5, 5)
    wait(31)
    assert expire_old() == 5
    assert {one.state for one in Prescription.select()} == {State.EXPIRED}


def test_four_workers_at_the_same_moment_say_each_thing_once(shared, wait):
    """« One process or many, safe to run twice »."""
    with database.connection_context():
        factories.charter()
        writer = factories.writer()
        somebody = factories.accompanied(writer)
        sent = [factories.sent(somebody, writer) for _ in range(6)]
    wait(10)
    assert sum(together([remind_providers] * 4)) == len(sent)
    with database.connection_context():
        assert reminders() == len(sent)
    wait(30)
    assert sum(together([expire_old, expire_old, remind_providers, expire_old])) == len(sent)
    with database.connection_context():
        assert reminders() == len(sent)
        assert len(messages("prescription_expired")) == len(sent)


def test_an_answer_at_the_moment_it_closes_leaves_one_state(shared, wait):
    """Faults: an answer at the end; either it came before, or the request is closed."""
    with database.connection_context():
        factories.charter()
        writer = factories.writer()
        asked = factories.sent(factories.accompanied(writer), writer)
        place = provider(asked.provider)
    wait(30)
    together([expire_old, lambda: acting.accept(asked, mover=place), expire_old])
    with database.connection_context():
        ends = {State.ACCEPTED: Move.ACCEPTED, State.EXPIRED: Move.EXPIRED}
        moves = [one.move for one in Transition.of(asked)]
        answers = [move for move in moves if move in ends.values()]
        assert answers == [ends[as_it_is(asked).state]]
