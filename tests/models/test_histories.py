"""Whatever happened before, the right to write is its six terms, no more and no less (I1–I3, I15).

Random histories of the network are played on the service and on a few dictionaries; after each act
both must agree on who may write, and on who manages.
"""

import datetime as dt

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as play

from models import Account, CharterSignature, CharterVersion, Membership, Organisation
from models import TrainingCompletion as Training
from models.base import today
from models.charter.signatures import Capacity, leave_network
from models.network.memberships import managers_of
from models.network.rights import Rights, writers
from tests import factories
from tests.histories import History

PLACES, PEOPLE = (0, 1), (0, 1, 2)
START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

place, person = st.sampled_from(PLACES), st.sampled_from(PEOPLE)


class Network(History):
    """Two organisations and three people; each organisation also has a manager who stays."""

    @initialize()
    def begin(self):
        self.open(START)
        self.organisations = [factories.organisation() for _ in PLACES]
        self.managers = [
            factories.membership(organisation=one, is_manager=True) for one in self.organisations
        ]
        self.accounts = [factories.account() for _ in PEOPLE]
        # What should be true, kept apart from the service.
        self.admitted, self.suspended, self.members = set(), set(), set()
        self.trained, self.closed = set(), set()
        self.versions = []  # (row, last day of grace of the former ones)
        self.organisation_signed, self.person_signed = {}, {}
        self.publish(grace=0)

    def organisation(self, where):
        return Organisation.get_by_id(self.organisations[where].id)

    def account(self, who):
        return Account.get_by_id(self.accounts[who].id)

    @rule(where=place)
    def admit(self, where):
        accepted = self.attempt(lambda: self.organisation(where).admit(by=None))
        assert accepted == (where not in self.admitted | self.suspended)
        if accepted:
            self.admitted.add(where)

    @rule(where=place)
    def suspend(self, where):
        if self.attempt(lambda: self.organisation(where).suspend("risque", by=None)):
            self.admitted.discard(where)
            self.suspended.add(where)

    @rule(where=place)
    def resume(self, where):
        accepted = self.attempt(lambda: self.organisation(where).resume(by=None))
        assert accepted == (where in self.suspended)
        if accepted:
            self.suspended.discard(where)
            self.admitted.add(where)

    @rule(where=place)
    def leave(self, where):
        manager = Membership.get_by_id(self.managers[where].id)
        if self.attempt(lambda: leave_network(manager)):
            self.admitted.discard(where)
            self.suspended.discard(where)
            self.organisation_signed = {
                key: day for key, day in self.organisation_signed.items() if key[1] != where
            }

    @rule(grace=st.sampled_from((0, 10, 40)))
    def publish(self, grace):
        self.travel.shift(dt.timedelta(seconds=1))
        self.versions.append((factories.charter(grace=dt.timedelta(days=grace)), grace_end(grace)))

    @rule(days=st.sampled_from((1, 9, 30)))
    def wait(self, days):
        self.travel.shift(dt.timedelta(days=days))

    @rule(where=place)
    def bind(self, where):
        manager = Membership.get_by_id(self.managers[where].id)
        version = CharterVersion.current()
        sign = lambda: CharterSignature.sign(version, manager, Capacity.ORGANISATION)  # noqa: E731
        accepted = self.attempt(sign)
        assert accepted == (where in self.admitted)
        if accepted:
            self.organisation_signed[version.id, where] = True

    @rule(where=place, who=person)
    def enter(self, where, who):
        Membership.start(self.account(who), self.organisation(where), by=None)
        self.members.add((where, who))

    @rule(where=place, who=person)
    def quit(self, where, who):
        if membership := Membership.between(self.account(who), self.organisation(where)):
            membership.end(by=None)
        self.members.discard((where, who))

    @rule(where=place, who=person)
    def sign(self, where, who):
        membership = Membership.between(self.account(who), self.organisation(where))
        version = CharterVersion.current()
        if membership is None:
            return
        act = lambda: CharterSignature.sign(version, membership, Capacity.PROFESSIONAL)  # noqa: E731
        accepted = self.attempt(act)
        assert accepted == (where in self.admitted and self.organisation_is_bound(where))
        if accepted:
            self.person_signed[version.id, where, who] = True

    @rule(where=place, who=person)
    def withdraw(self, where, who):
        signature = CharterSignature.select().where(
            CharterSignature.organisation == self.organisations[where],
            CharterSignature.account == self.accounts[who],
            CharterSignature.slot.is_null(False),
        )
        for one in signature:
            one.withdraw(by=None)
            self.person_signed.pop((one.version_id, where, who), None)

    @rule(who=person)
    def train(self, who):
        Training.record(self.account(who), today(), by=None)
        self.trained.add(who)

    @rule(who=person)
    def cancel_training(self, who):
        while completion := Training.of_account(self.account(who)):
            completion.cancel(by=None)
        self.trained.discard(who)

    @rule(who=person)
    def close(self, who):
        Account.update(is_active=False).where(Account.id == self.accounts[who].id).execute()
        self.closed.add(who)

    @rule(who=person)
    def reopen(self, who):
        Account.update(is_active=True).where(Account.id == self.accounts[who].id).execute()
        self.closed.discard(who)

    def counting(self):
        """Row numbers of the versions whose signatures count on this day."""
        kept = [self.versions[-1][0].id]
        for (version, _), (_, last_day) in reversed(
            list(zip(self.versions, self.versions[1:], strict=False))
        ):
            if today() > last_day:
                break
            kept.append(version.id)
        return kept

    def organisation_is_bound(self, where):
        return any((version, where) in self.organisation_signed for version in self.counting())

    def should_write(self, where, who):
        return (
            who not in self.closed
            and (where, who) in self.members
            and where in self.admitted
            and self.organisation_is_bound(where)
            and any((v, where, who) in self.person_signed for v in self.counting())
            and who in self.trained
        )

    @invariant()
    def the_service_agrees_on_who_may_write(self):
        if not hasattr(self, "accounts"):
            return
        network_wide = writers()
        for who in PEOPLE:
            writes = {one.organisation_id for one in Rights(self.account(who)).writing}
            expected = {
                self.organisations[where].id for where in PLACES if self.should_write(where, who)
            }
            assert writes == expected
            account = self.accounts[who].id
            assert {place for one, place in network_wide if one == account} == expected

    @invariant()
    def each_organisation_keeps_its_manager(self):
        if hasattr(self, "managers"):
            assert all(managers_of(manager.organisation) for manager in self.managers)


def grace_end(days):
    return today() + dt.timedelta(days=days)


def test_random_histories_never_open_nor_keep_a_right_they_should_not(db):
    """I1, I2, I3, I15"""
    play(
        Network,
        settings=hypothesis.settings(
            max_examples=16,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )
