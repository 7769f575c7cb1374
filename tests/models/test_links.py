"""One-time links: used once, for a while, and silent about who exists (REQ 70, ASVS 6.3.8, 6.4)."""

import datetime as dt

import pytest
import time_machine

from models import AuditEntry, OneTimeLink, OutgoingEmail, Session
from models.accounts import links
from models.accounts.account import Role
from models.accounts.links import DeadLink, Purpose
from models.accounts.throttling import TooManyFailures
from models.base import RuleBroken, database
from models.outbox import EmailState
from tests import people

pytestmark = pytest.mark.usefixtures("db")
NEW = "quatre nouveaux mots ensemble"


@pytest.fixture
def amina():
    return people.account()


@pytest.fixture
def statements(monkeypatch):
    """The first word of each statement sent to the engine."""
    sent = []
    execute = database.obj.execute_sql

    def counted(sql, *args, **kwargs):
        sent.append(sql.split()[0])
        return execute(sql, *args, **kwargs)

    monkeypatch.setattr(database.obj, "execute_sql", counted)
    return sent


def rows():
    return [entity.select().count() for entity in (OneTimeLink, OutgoingEmail, AuditEntry)]


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.RESET])
def test_asking_costs_and_leaves_the_same_whoever_exists(amina, statements, purpose):
    """ASVS 6.3.8"""
    links.ask(purpose, "amina@example.org", language="fr")
    known, written = list(statements), rows()
    statements.clear()
    links.ask(purpose, "personne@example.org", language="fr")
    assert statements == known
    assert rows() == [2 * number for number in written]
    states = [email.state for email in OutgoingEmail.select().order_by(OutgoingEmail.id)]
    assert states == [EmailState.WAITING, EmailState.DISCARDED]


def test_a_deactivated_account_is_asked_for_like_an_unknown_one(amina):
    amina.deactivate()
    links.ask(Purpose.SIGN_IN, amina.identifier, language="fr")
    assert OutgoingEmail.get().recipient is None


def test_the_database_holds_only_the_hash_of_a_link(amina):
    token = links.send(Purpose.SIGN_IN, amina)
    assert len(token) >= 43
    assert token not in OneTimeLink.get().token_hash
    assert OutgoingEmail.get().values == {"token": token}


def test_a_link_opens_one_session_once(amina):
    token = links.send(Purpose.SIGN_IN, amina)
    session, _ = links.sign_in(token)
    assert session.account == amina
    with pytest.raises(DeadLink):
        links.sign_in(token)
    assert Session.select().count() == 1


def test_two_uses_at_the_same_instant_open_one_session(amina):
    """ASVS 2.3.4: both found the link unused; one is first."""
    token = links.send(Purpose.SIGN_IN, amina)
    one, two = (OneTimeLink.of_token(token, Purpose.SIGN_IN) for _ in range(2))
    one.use()
    with pytest.raises(DeadLink):
        two.use()


def test_using_a_link_closes_those_asked_for_in_the_same_time(amina):
    first, second = (links.send(Purpose.SIGN_IN, amina) for _ in range(2))
    links.sign_in(second)
    with pytest.raises(DeadLink):
        links.sign_in(first)


@pytest.mark.parametrize(
    ("purpose", "length"),
    [
        (Purpose.SIGN_IN, dt.timedelta(hours=1)),
        (Purpose.RESET, dt.timedelta(hours=1)),
        (Purpose.WELCOME, dt.timedelta(days=30)),
    ],
)
def test_a_link_expires_to_the_second(amina, purpose, length):
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        token = links.send(purpose, amina)
        clock.shift(length - dt.timedelta(seconds=1))
        assert OneTimeLink.of_token(token, purpose)
        clock.shift(dt.timedelta(seconds=1))
        assert OneTimeLink.of_token(token, purpose) is None


def test_a_link_opens_only_its_own_door(amina):
    token = links.send(Purpose.SIGN_IN, amina)
    with pytest.raises(DeadLink):
        links.choose_password(token, NEW)
    token = links.send(Purpose.RESET, amina)
    with pytest.raises(DeadLink):
        links.sign_in(token)


def test_a_link_of_a_closed_account_is_dead(amina):
    token = links.send(Purpose.SIGN_IN, amina)
    amina.deactivate()
    with pytest.raises(DeadLink):
        links.sign_in(token)


@pytest.mark.parametrize("token", ["", "x", "\x00", "é" * 999, "' OR 1=1 --"])
def test_a_hostile_token_is_a_dead_link(token):
    with pytest.raises(DeadLink):
        links.sign_in(token)


def test_asking_is_slowed_by_identifier_and_by_nothing_else(amina):
    for _ in range(5):
        links.ask(Purpose.SIGN_IN, "personne@example.org", language="fr")
    with pytest.raises(TooManyFailures):
        links.ask(Purpose.SIGN_IN, "personne@example.org", language="fr")
    links.ask(Purpose.SIGN_IN, amina.identifier, language="fr")


def test_forty_people_at_one_kiosk_all_get_their_link():
    """A kiosk shares one address of the network: nothing is ever counted by it."""
    crowd = [people.account(f"p{number}") for number in range(40)]
    for person in crowd:
        links.ask(Purpose.SIGN_IN, person.identifier, language="fr")
    assert OutgoingEmail.select().where(OutgoingEmail.state == EmailState.WAITING).count() == 40


def test_choosing_a_password_ends_every_session_and_opens_none(amina):
    """ASVS 6.4.3: the second factor is still asked at the next sign-in."""
    Session.open(amina, by_means="test")
    token = links.send(Purpose.RESET, amina)
    links.choose_password(token, NEW)
    assert Session.select().where(Session.ended_at.is_null()).count() == 0
    kinds = [email.kind for email in OutgoingEmail.select().order_by(OutgoingEmail.id)]
    assert kinds == ["password_reset", "password_changed"]
    with pytest.raises(DeadLink):
        links.choose_password(token, NEW)


def test_a_refused_password_leaves_the_link_good(amina):
    token = links.send(Purpose.RESET, amina)
    with pytest.raises(RuleBroken):
        links.choose_password(token, "court")
    links.choose_password(token, NEW)


def test_a_first_password_closes_the_former_invitations(amina):
    welcome, reset = links.send(Purpose.WELCOME, amina), links.send(Purpose.RESET, amina)
    links.choose_password(reset, NEW)
    with pytest.raises(DeadLink):
        links.choose_password(welcome, NEW)


def test_a_link_does_not_stand_for_the_second_factor():
    diane = people.account("Diane", role=Role.ANIMATOR)
    session, _ = links.sign_in(links.send(Purpose.SIGN_IN, diane))
    assert session.next_step is not None
