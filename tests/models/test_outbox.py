"""The outbox: written with the act, sealed while it waits, sent once (REQ 77, V7)."""

import datetime as dt

import pytest
import time_machine

from models import Account, AuditEntry, OutgoingEmail, outbox, sealed, sealing
from models.base import RuleBroken, database, now
from models.outbox import EmailState, Trouble
from models.sealing import Unreadable

TOKEN = "jeton-tres-secret"


def test_a_message_waits_with_its_values_sealed(db):
    email = outbox.post("trial", "Amina@example.org", "en", token=TOKEN, day="2026-11-22")
    kept = OutgoingEmail.get_by_id(email.id)
    assert (kept.kind, kept.recipient, kept.language) == ("trial", "Amina@example.org", "en")
    assert kept.state is EmailState.WAITING
    assert kept.values == {"token": TOKEN, "day": "2026-11-22"}
    assert TOKEN not in sealed.kept(kept, "content")


def test_no_act_no_message(db):
    with database.atomic() as act:
        outbox.post("trial", "amina@example.org")
        act.rollback()
    assert OutgoingEmail.select().count() == 0


def test_two_messages_cannot_exchange_their_values(db):
    one = outbox.post("trial", "amina@example.org", token="a")
    two = outbox.post("trial", "bruno@example.org", token="b")
    two.content = sealed.kept(one, "content")
    with pytest.raises(Unreadable):
        _ = two.values


def test_a_decoy_is_the_same_row_for_nobody(db):
    """ASVS 6.3.8: asking for an unknown address costs and leaves what a known one does."""
    real = outbox.post("trial", "amina@example.org", token=TOKEN)
    decoy = outbox.decoy("trial", token=TOKEN)
    assert decoy.state is EmailState.DISCARDED
    assert decoy.recipient is None
    assert len(sealed.kept(decoy, "content")) == len(sealed.kept(real, "content"))


def test_a_wrong_key_reads_nothing(db):
    email = outbox.post("trial", "amina@example.org", token=TOKEN)
    sealing.forget_keys()
    sealing.use_key(b"e" * 32)
    try:
        with pytest.raises(Unreadable):
            _ = email.values
    finally:
        sealing.forget_keys()


def test_a_domain_with_accents_is_written_as_servers_take_it(db):
    assert outbox.post("trial", "amina@énergie.example").recipient == "amina@xn--nergie-9ua.example"


@pytest.mark.parametrize(
    "address",
    ["", "amina", "@example.org", "amina@", "amina@localhost", "a b@example.org",
     "amina@example.org, bruno@example.org", "amina@example.org\r\nBcc: x@example.org",
     "<amina@example.org>", "amîna@example.org", "a@b@example.org", "a" * 250 + "@example.org",
     "amina@exa..mple.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_sentence(db, address):
    with pytest.raises(RuleBroken, match="ne peut pas recevoir de courriel"):
        outbox.post("trial", address)


def waiting(**values):
    return outbox.post("trial", "amina@example.org", **{"token": TOKEN} | values)


def again(email):
    return OutgoingEmail.get_by_id(email.id)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def test_a_message_is_claimed_once(db):
    first, second = waiting(), waiting()
    claimed = [outbox.claim(), outbox.claim(), outbox.claim()]
    assert claimed == [first, second, None]
    assert not first.claim()


def test_a_message_that_left_holds_nothing_any_more(db):
    waiting()
    email = outbox.claim()
    email.mark_sent()
    kept = again(email)
    assert (kept.state, kept.is_kept, kept.values) == (EmailState.SENT, False, {})
    assert kept.sent_at == kept.ended_at


def test_delays_grow_then_the_message_is_given_up(db, clock):
    """1, 5, 15, 60 minutes, 4, 12 and 24 hours."""
    waiting()
    waited = []
    while email := outbox.claim():
        email.postpone(Trouble.CONNECTION)
        due = again(email).next_attempt_at
        if email.state is EmailState.WAITING:
            waited.append(round((due - now()).total_seconds() / 60))
            assert outbox.claim() is None
            clock.shift(dt.timedelta(minutes=waited[-1]))
    assert waited == [1, 5, 15, 60, 240, 720, 1440]
    kept = OutgoingEmail.get()
    assert (kept.state, kept.attempts) == (EmailState.FAILED, 8)


def test_the_message_of_a_dead_sender_is_doubted_never_sent_again(db, clock):
    waiting()
    email = outbox.claim()
    clock.shift(dt.timedelta(minutes=9))
    assert outbox.doubt_lost_claims() == 0
    clock.shift(dt.timedelta(minutes=2))
    assert outbox.doubt_lost_claims() == 1
    assert again(email).state is EmailState.UNCERTAIN
    clock.shift(dt.timedelta(days=3))
    assert outbox.claim() is None


def test_a_slow_sender_that_was_doubted_may_still_tell(db, clock):
    waiting()
    email = outbox.claim()
    clock.shift(dt.timedelta(minutes=11))
    outbox.doubt_lost_claims()
    email.mark_sent()
    assert again(email).state is EmailState.SENT


def test_a_sender_says_nothing_of_a_message_taken_up_since(db, clock):
    waiting()
    slow = outbox.claim()
    clock.shift(dt.timedelta(minutes=11))
    outbox.doubt_lost_claims()
    again(slow).send_again(by=None)
    other = outbox.claim()
    slow.postpone(Trouble.CONNECTION)
    assert again(other).state is EmailState.SENDING


@pytest.mark.parametrize("end", ["doubt", "give_up"])
def test_a_person_sends_again_once_and_leaves_a_trace(db, end):
    account = Account.create(identifier="emile@example.org", name="Émile", password_hash="x")
    waiting()
    email = outbox.claim()
    getattr(email, end)("550")
    email.send_again(by=account)
    email.send_again(by=account)
    traces = AuditEntry.select().where(AuditEntry.act == "email:send-again")
    assert [trace.actor_id for trace in traces] == [account.id]
    retaken = outbox.claim()
    assert (retaken, retaken.values) == (email, {"token": TOKEN})
    assert retaken.message_id == email.message_id


def test_what_left_or_never_had_to_is_not_sent_again(db):
    waiting()
    sent = outbox.claim()
    sent.mark_sent()
    for email in (sent, outbox.decoy("trial")):
        with pytest.raises(RuleBroken, match="déjà parti"):
            email.send_again(by=None)


def test_a_decoy_never_leaves(db):
    outbox.decoy("trial")
    assert outbox.claim() is None
