"""Charter, training and membership open the right to write; losing one closes it (REQ 69, 70)."""

import datetime as dt

import pytest
import time_machine

from models import (
    Account,
    AuditEntry,
    CharterSignature,
    CharterVersion,
    OutgoingEmail,
    TrainingCompletion,
)
from models.accounts.account import Role
from models.base import RuleBroken, today
from models.charter.signatures import Capacity, CharterReplaced, leave_network
from models.network.organisations import NetworkState, SuspensionReason
from models.network.rights import Rights, Step
from models.permissions import MATRIX, Permission, Standing, can
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
DAY = dt.timedelta(days=1)


def rights(membership):
    """Read anew, as the next request does (I2)."""
    return Rights(Account.get_by_id(membership.account_id))


def may_write(membership):
    return rights(membership).may_write


def test_the_right_to_write_needs_the_four_steps_in_their_order():
    """REQ-69, REQ-70: right open = charter AND training."""
    factories.charter()
    membership = factories.membership(organisation=factories.organisation())
    manager = factories.membership(organisation=membership.organisation, is_manager=True)
    walked = []
    for act in (
        lambda: membership.organisation.admit(by=None),
        lambda: sign(manager, Capacity.ORGANISATION),
        lambda: sign(membership, Capacity.PROFESSIONAL),
        lambda: TrainingCompletion.record(membership.account, today(), by=manager.account),
    ):
        [place] = rights(membership).places
        walked.append(place.next_step)
        assert not place.may_write
        act()
        manager.organisation = membership.organisation
    assert walked == list(Step)
    assert may_write(membership)


def sign(membership, capacity):
    return CharterSignature.sign(CharterVersion.current(), membership, capacity)


LOSSES = {
    "account": lambda m: (
        Account.update(is_active=False).where(Account.id == m.account_id).execute()
    ),
    "membership": lambda m: m.end(by=None),
    "suspension": lambda m: m.organisation.suspend(SuspensionReason.RISK, by=None),
    "organisation leaves": lambda m: leave_network(manager_of(m)),
    "organisation signature": lambda m: CharterSignature.of_organisation(m.organisation).withdraw(
        by=None
    ),
    "own signature": lambda m: CharterSignature.of_member(m).withdraw(by=None),
    "training": lambda m: TrainingCompletion.of_account(m.account).cancel(by=None),
}


def manager_of(membership):
    from models.network.memberships import managers_of

    return managers_of(membership.organisation)[0]


@pytest.mark.parametrize("loss", LOSSES)
def test_losing_any_term_closes_the_right_at_the_next_reading(loss):
    """I1, I3"""
    membership = factories.writer()
    assert may_write(membership)
    LOSSES[loss](membership)
    assert not may_write(membership)
    assert Standing.PROFESSIONAL not in rights(membership).standings


def test_a_new_version_asks_again_and_leaves_the_days_of_grace():
    """REQ-69: the former signatures count until the last minute of the last day, French time."""
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC), tick=False) as clock:
        membership = factories.writer()
        clock.move_to(dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC))
        factories.charter(grace=30 * DAY)
        clock.move_to(dt.datetime(2026, 12, 1, 22, 59, 59, tzinfo=dt.UTC))
        assert may_write(membership)
        clock.move_to(dt.datetime(2026, 12, 1, 23, 0, 0, tzinfo=dt.UTC))
        assert not may_write(membership)
        sign(manager_of(membership), Capacity.ORGANISATION)
        sign(membership, Capacity.PROFESSIONAL)
        assert may_write(membership)


def test_a_version_without_grace_cuts_at_once():
    membership = factories.writer()
    factories.charter(grace=dt.timedelta(0))
    with time_machine.travel(dt.datetime.now(dt.UTC) + DAY, tick=False):
        assert not may_write(membership)


def test_a_version_older_than_one_without_grace_does_not_come_back():
    """Two versions later, a long grace of the last does not revive what the other ended."""
    membership = factories.writer()
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        clock.shift(DAY)
        factories.charter(grace=dt.timedelta(0))
        clock.shift(DAY)
        factories.charter(grace=300 * DAY)
        clock.shift(DAY)
        assert not may_write(membership)


def test_signing_twice_is_signing_once():
    membership = factories.writer()
    first = CharterSignature.of_member(membership)
    again = sign(membership, Capacity.PROFESSIONAL)
    assert again == first
    signs = AuditEntry.select().where(AuditEntry.act == "charter:sign")
    assert signs.where(AuditEntry.subject_id == first.id).count() == 1


def test_a_signature_withdrawn_can_be_given_again_and_the_first_stays():
    membership = factories.writer()
    first = CharterSignature.of_member(membership)
    first.withdraw(by=membership.account)
    second = sign(membership, Capacity.PROFESSIONAL)
    assert second != first
    assert not CharterSignature.proof(first.code).stands
    assert may_write(membership)


def test_a_version_replaced_while_being_read_is_not_signed():
    membership = factories.writer()
    read = CharterVersion.current()
    factories.charter()
    with pytest.raises(CharterReplaced):
        CharterSignature.sign(read, membership, Capacity.PROFESSIONAL)


def test_a_professional_signs_after_the_organisation():
    factories.charter()
    with pytest.raises(RuleBroken, match="organisme signe d’abord"):
        sign(factories.membership(), Capacity.PROFESSIONAL)


def test_only_a_manager_binds_the_organisation():
    factories.charter()
    with pytest.raises(RuleBroken, match="Seul un responsable"):
        sign(factories.membership(), Capacity.ORGANISATION)
    with pytest.raises(RuleBroken, match="Seul un responsable"):
        leave_network(factories.membership())


def test_a_signature_keeps_the_hash_of_the_very_text():
    """REQ-69: the proof binds version, person, organisation, date and exact text."""
    membership = factories.writer()
    signature = CharterSignature.of_member(membership)
    from models.charter.versions import text_hash

    assert signature.text_hash == text_hash(CharterVersion.current().exact_text)
    assert signature.organisation_name == membership.organisation.name
    assert signature.signer_name == membership.account.name


def test_a_published_version_never_changes():
    version = factories.charter()
    article = version.ordered_articles()[0]
    for act in (
        lambda: version.write_article(article, by=None, text="Autre."),
        lambda: version.remove_article(article, by=None),
        lambda: version.move_article(article, 2, by=None),
        lambda: version.describe(by=None, title="Autre"),
        lambda: version.publish(by=None),
        lambda: version.discard(by=None),
    ):
        with pytest.raises(RuleBroken):
            act()


def test_the_shipped_text_has_its_fourteen_articles():
    draft = CharterVersion.draft_of_reference(by=None)
    articles = draft.ordered_articles()
    assert [article.number for article in articles] == list(range(1, 15))
    assert all(article.text and article.text_en and article.control for article in articles)
    assert CharterVersion.draft_of_reference(by=None) == draft


def test_articles_move_and_leave_without_a_gap():
    draft = CharterVersion.draft_from(factories.charter(), by=None)
    third = draft.write_article(by=None, title="Trois", text="Texte.")
    draft.move_article(third, 1, by=None)
    assert [a.title for a in draft.ordered_articles()] == ["Trois", "Titre 1", "Titre 2"]
    draft.remove_article(third, by=None)
    assert [a.number for a in draft.ordered_articles()] == [1, 2]


def test_nobody_trains_himself_nor_tomorrow():
    """I15"""
    membership = factories.membership()
    with pytest.raises(RuleBroken):
        TrainingCompletion.record(membership.account, today(), by=membership.account)
    with pytest.raises(RuleBroken):
        TrainingCompletion.record(membership.account, today() + DAY, by=None)


def test_nobody_makes_himself_manager_and_the_last_one_stays():
    """I15"""
    manager = factories.membership(is_manager=True)
    member = factories.membership(organisation=manager.organisation)
    with pytest.raises(RuleBroken):
        member.set_manager(True, by=member.account)
    for act in (
        lambda: manager.set_manager(False, by=manager.account),
        lambda: manager.end(by=manager.account),
    ):
        with pytest.raises(RuleBroken, match="dernier responsable"):
            act()
    member.set_manager(True, by=manager.account)
    manager.end(by=manager.account)
    assert member.is_manager


def test_the_states_of_an_organisation_follow_its_acts():
    """REQ-1"""
    organisation = factories.organisation(is_network_member=True)

    def state():
        return organisation.network_state(has_signed=False)

    assert state() == NetworkState.ANNOUNCED
    organisation.admit(by=None)
    assert state() == NetworkState.ADMITTED
    assert organisation.network_state(has_signed=True) == NetworkState.MEMBER
    organisation.suspend("risque", by=None)
    assert state() == NetworkState.SUSPENDED
    organisation.resume(by=None)
    leave_network(factories.membership(organisation=organisation, is_manager=True))
    assert state() == NetworkState.LEFT
    organisation.admit(by=None)
    assert state() == NetworkState.ADMITTED


def test_rights_are_read_in_few_queries_whatever_the_organisations():
    """Four tables, and the versions of the charter: never one query per organisation."""
    from playhouse.test_utils import count_queries

    account = factories.account()
    for _ in range(4):
        factories.writer(organisation=factories.signed_organisation(), of=account)
    with count_queries() as counted:
        assert len(Rights(account).standings[Standing.PROFESSIONAL]) == 4
    assert counted.count == 4


def test_rights_read_no_text_of_the_charter_and_no_card(queries):
    """Asked at each request (I2), they read what they judge and what names it, and no more."""
    account = factories.account()
    factories.writer(organisation=factories.signed_organisation(), of=account)
    queries.clear()
    assert Rights(account).standings
    assert len(queries) == 4
    for column in ("preamble", "scope", "description", "zones", "signer_name", "password_hash"):
        assert not [one for one in queries if f'"{column}"' in one]


def test_colleagues_do_not_make_rights_longer_to_read():
    """Of an organisation of many signers, one’s own signature and its own are read."""
    organisation = factories.signed_organisation()
    mine, *_others = [factories.writer(organisation=organisation) for _ in range(4)]
    read = CharterSignature.binding({organisation.id}, {mine.account_id})
    assert {(one.capacity, one.account_id == mine.account_id) for one in read} == {
        (Capacity.ORGANISATION, False), (Capacity.PROFESSIONAL, True),
    }  # fmt: skip
    assert [place.may_write for place in Rights(mine.account).places] == [True]


def test_a_manager_reaches_his_organisation_and_no_other():
    """I12, ASVS 8.2.2"""
    manager = factories.membership(is_manager=True)
    other = factories.admitted_organisation()
    factories.membership(of=manager.account, organisation=other)
    assert can(manager.account, Permission.STAFF_MANAGE, manager.organisation)
    assert not can(manager.account, Permission.STAFF_MANAGE, other)


def test_only_coordination_validates_an_adhesion():
    """REQ-4"""
    assert set(MATRIX[Permission.NETWORK_ADMIT]) == {Standing.COORDINATOR}
    for role in Role:
        allowed = can(factories.account(role=role), Permission.NETWORK_ADMIT)
        assert allowed == (role == Role.COORDINATOR)


def test_platform_administration_reads_no_more_than_platform():
    """access.md §3: X has no business read right (I8)."""
    admin = factories.account(role=Role.ADMIN)
    assert set(rights_of(admin)) == {
        Permission.STAFF_READ, Permission.STAFF_MANAGE, Permission.ACCOUNT_READ,
        Permission.ACCOUNT_MANAGE, Permission.OUTBOX_READ, Permission.OUTBOX_SEND_AGAIN,
        Permission.TASK_READ,
    }  # fmt: skip


def rights_of(account):
    return [p for p in Permission if MATRIX[p].keys() & account.rights.standings.keys()]


def test_a_suspended_organisation_is_told_why_and_told_when_access_comes_back():
    """Charter, article 14: the organisation concerned may explain itself."""
    manager = factories.membership(is_manager=True)
    factories.membership(organisation=manager.organisation)
    manager.organisation.suspend(SuspensionReason.RISK, by=None)
    manager.organisation.resume(by=None)
    mails = list(OutgoingEmail.select().order_by(OutgoingEmail.id))
    assert [(one.kind, one.recipient) for one in mails] == [
        ("access_suspended", manager.account.identifier),
        ("access_resumed", manager.account.identifier),
    ]
    assert mails[0].values["reason"] == "risque"


def test_an_organisation_that_left_while_suspended_is_not_resumed():
    manager = factories.membership(is_manager=True)
    manager.organisation.suspend(SuspensionReason.RISK, by=None)
    leave_network(manager)
    with pytest.raises(RuleBroken):
        manager.organisation.resume(by=None)
