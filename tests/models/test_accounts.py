"""Accounts: opened for someone, closed at once, never by oneself (REQ 69, 76, I3)."""

import pytest

from models import Account, AuditEntry, OutgoingEmail, Session
from models.accounts.account import Role
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


def test_nobody_changes_his_own_role_nor_closes_his_own_account(emile):
    """I15"""
    for act in (
        lambda: emile.give_role(Role.AUDITOR, by=emile),
        lambda: emile.deactivate(by=emile),
    ):
        with pytest.raises(RuleBroken):
            act()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR])
def test_the_last_one_of_a_role_that_runs_the_service_stays(role):
    """I15: the last administrator cannot be removed silently."""
    by = people.account("Chef", role=Role.AUDITOR)
    last = people.account("Dernier", role=role)
    for act in (lambda: last.deactivate(by=by), lambda: last.give_role(Role.PROFESSIONAL, by=by)):
        with pytest.raises(RuleBroken, match="dernier"):
            act()
    people.account("Autre", role=role)
    last.give_role(Role.PROFESSIONAL, by=by)
    assert Account.get_by_id(last.id).role == Role.PROFESSIONAL


def test_a_role_given_leaves_its_trace(emile):
    amina = people.account()
    amina.give_role(Role.ANIMATOR, by=emile)
    entry = AuditEntry.get(AuditEntry.act == "account:role")
    assert entry.changes == {"former": "professionnel", "role": "animateur"}


def test_accounts_are_found_by_name_or_address():
    people.account("Zoé Latour")
    people.account("Amina Noir")
    assert [a.name for a in Account.directory(limit=5)] == ["Amina Noir", "Zoé Latour"]
    assert [a.name for a in Account.directory("latour", limit=5)] == ["Zoé Latour"]
    assert Account.directory("%", limit=5) == []
