"""The outbox: written with the act, sealed while it waits, sent once (REQ 77, V7)."""

import pytest

from models import OutgoingEmail, outbox, sealing
from models.base import RuleBroken, database
from models.outbox import EmailState
from models.sealing import Unreadable

TOKEN = "jeton-tres-secret"


def test_a_message_waits_with_its_values_sealed(db):
    email = outbox.post("essai", "Amina@example.org", "en", token=TOKEN, day="2026-11-22")
    kept = OutgoingEmail.get_by_id(email.id)
    assert (kept.kind, kept.recipient, kept.language) == ("essai", "Amina@example.org", "en")
    assert kept.state is EmailState.WAITING
    assert kept.values == {"token": TOKEN, "day": "2026-11-22"}
    assert TOKEN not in kept.sealed_values


def test_no_act_no_message(db):
    with database.atomic() as act:
        outbox.post("essai", "amina@example.org")
        act.rollback()
    assert OutgoingEmail.select().count() == 0


def test_two_messages_cannot_exchange_their_values(db):
    one = outbox.post("essai", "amina@example.org", token="a")
    two = outbox.post("essai", "bruno@example.org", token="b")
    two.sealed_values = one.sealed_values
    with pytest.raises(Unreadable):
        _ = two.values


def test_a_decoy_is_the_same_row_for_nobody(db):
    """ASVS 6.3.8: asking for an unknown address costs and leaves what a known one does."""
    real = outbox.post("essai", "amina@example.org", token=TOKEN)
    decoy = outbox.decoy("essai", token=TOKEN)
    assert decoy.state is EmailState.DISCARDED
    assert decoy.recipient is None
    assert len(decoy.sealed_values) == len(real.sealed_values)


def test_a_wrong_key_reads_nothing(db):
    email = outbox.post("essai", "amina@example.org", token=TOKEN)
    sealing.forget_keys()
    sealing.use_key(b"e" * 32)
    try:
        with pytest.raises(Unreadable):
            _ = email.values
    finally:
        sealing.forget_keys()


def test_a_domain_with_accents_is_written_as_servers_take_it(db):
    assert outbox.post("essai", "amina@énergie.example").recipient == "amina@xn--nergie-9ua.example"


@pytest.mark.parametrize(
    "address",
    ["", "amina", "@example.org", "amina@", "amina@localhost", "a b@example.org",
     "amina@example.org, bruno@example.org", "amina@example.org\r\nBcc: x@example.org",
     "<amina@example.org>", "amîna@example.org", "a@b@example.org", "a" * 250 + "@example.org",
     "amina@exa..mple.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_sentence(db, address):
    with pytest.raises(RuleBroken, match="ne peut pas recevoir de courriel"):
        outbox.post("essai", address)
