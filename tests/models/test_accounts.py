"""Accounts: opened for someone, closed at once, never by oneself (REQ 69, 76, I3)."""

import pytest

from models import Account, AuditEntry, OutgoingEmail, Session
from models.accounts import Role
from models.base import RuleBroken
from tests import people

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def emile():
    return people.account("Emile", role=Role.ADMIN)


def test_an_account_is_registered_with_a_password_that_nobody_knows(emile):
    """ASVS 6.4.6: no administrator chooses a password."""
    account = Account.register(" Nina@Example.org ", "Nina  Roux", role=Role.AUDITOR, by=emile)
    assert (account.identifier, account.name) == ("nina@example.org", "Nina Roux")
    entry = AuditEntry.get(AuditEntry.act == "account:create")
    assert (entry.actor_id, entry.changes) == (emile.id, {"role": "controle"})


@pytest.mark.parametrize("address", ["", "nina", "nina@", "@x.fr", "a b@x", "\x00@x.fr", "é@x.fr"])
def test_an_address_that_receives_no_mail_is_refused(address):
    with pytest.raises(RuleBroken):
        Account.register(address, "Nina")


def test_an_address_has_one_account():
    Account.register("nina@example.org", "Nina")
    with pytest.raises(RuleBroken, match="déjà un compte"):
        Account.register("NINA@example.org", "Nina")


def test_a_name_is_needed():
    with pytest.raises(RuleBroken, match="nom"):
        Account.register("nina@example.org", " \x00 ")


def test_deactivating_ends_every_session_at_once(emile):
    """ASVS 7.4.2"""
    amina = people.account()
    tokens = [Session.open(amina, by_means="test")[1] for _ in range(3)]
    amina.deactivate(by=emile)
    assert [Session.of_token(token) for token in tokens] == [None] * 3
    assert Session.select().where(Session.ended_at.is_null()).count() == 0
    assert AuditEntry.get(AuditEntry.act == "account:deactivate").actor_id == emile.id


def test_reactivating_opens_no_former_session(emile):
    amina = people.account()
    _, token = Session.open(amina, by_means="test")
    amina.deactivate(by=emile)
    amina.reactivate(by=emile)
    assert Account.get_by_id(amina.id).is_active
    assert Session.of_token(token) is None


def test_nobody_deactivates_himself(emile):
    with pytest.raises(RuleBroken):
        emile.deactivate(by=emile)
    assert Account.get_by_id(emile.id).is_active


def test_a_new_password_ends_the_sessions_and_is_told():
    amina = people.account()
    kept, token = Session.open(amina, by_means="test")
    _, other = Session.open(amina, by_means="test")
    amina.keep_password(people.HASH, besides=kept)
    assert Session.of_token(token)
    assert Session.of_token(other) is None
    assert OutgoingEmail.get().kind == "password_changed"
