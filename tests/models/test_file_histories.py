"""Whatever happened before, a file opens by its four terms, no more and no less (I1–I5, I7, I8).

Random histories are played on the service and on a few sets; after each act, everybody tries to
open every file, and both must agree on who did. Each attempt must have left its line.
"""

import datetime as dt

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as play

from models import (
    Accompaniment,
    Account,
    Agreement,
    AuditEntry,
    CharterSignature,
    CharterVersion,
    Membership,
    Organisation,
    Person,
)
from models.accounts.account import Role
from models.base import today
from models.charter.signatures import Capacity
from models.permissions import Permission
from models.persons.accompaniments import EndReason, ReferentRole, StartReason
from models.persons.agreements import Given
from models.persons.opening import open_file
from tests import factories
from tests.histories import History

# Two référents in one organisation, one in another, and those who never open anything.
WRITERS, PEOPLE, PLACES = (0, 1, 2), (0, 1), (0, 1)
PLACE_OF = (0, 0, 1)
START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

writer, person, place = st.sampled_from(WRITERS), st.sampled_from(PEOPLE), st.sampled_from(PLACES)


class Files(History):
    @initialize()
    def begin(self):
        self.open(START)
        factories.charter()
        self.places = [factories.signed_organisation() for _ in PLACES]
        self.writers = [factories.writer(organisation=self.places[at]) for at in PLACE_OF]
        self.people = [factories.person() for _ in PEOPLE]
        roles = [role for role in Role if role is not Role.PROFESSIONAL]
        self.others = [factories.account(role=role) for role in roles]
        # What should be true, kept apart from the service.
        self.agreed, self.linked, self.leads = {}, set(), {}
        self.suspended, self.closed, self.gone = set(), set(), set()
        self.signed = set(WRITERS)
        self.opened = self.refused = 0
        # Some files are open already: a history then begins by losing one of their terms.
        for whom, who in ((0, 0), (0, 2), (1, 2)):
            self.agree(whom, PLACE_OF[who], 40)
            self.link(whom, who, ReferentRole.OTHER if whom in self.leads else ReferentRole.LEAD)

    def account(self, who):
        return Account.get_by_id(self.writers[who].account_id)

    def row(self, whom):
        return Person.get_by_id(self.people[whom].id)

    def agrees(self, whom, where):
        return self.agreed.get((whom, where), dt.date.min) >= today()

    @rule(whom=person, where=place, days=st.sampled_from((0, 5, 40)))
    def agree(self, whom, where, days):
        until = today() + dt.timedelta(days=days)
        somebody, organisation = self.row(whom), Organisation.get_by_id(self.places[where].id)
        terms = {"given": Given.OWN_SPACE, "ends_on": until, "by": somebody}
        accepted = self.attempt(lambda: Agreement.give(somebody, organisation, **terms))
        assert accepted == (where not in self.suspended)
        if accepted:
            self.agreed[whom, where] = until

    @rule(whom=person, where=place)
    def withdraw(self, whom, where):
        if held := Agreement.between(self.row(whom), self.places[where]):
            held.withdraw(by=self.row(whom))
        self.agreed.pop((whom, where), None)

    @rule(whom=person, who=writer, role=st.sampled_from(ReferentRole))
    def link(self, whom, who, role):
        mine, somebody = self.writers[who], self.row(whom)
        names = somebody, mine.account, mine.organisation, role, StartReason.JOINED
        accepted = self.attempt(lambda: Accompaniment.start(*names, by=somebody))
        is_free = role is ReferentRole.OTHER or whom not in self.leads
        agrees, is_there = self.agrees(whom, PLACE_OF[who]), (whom, who) in self.linked
        assert accepted == (agrees and (is_free or is_there))
        if accepted and not is_there:
            self.linked.add((whom, who))
            if role is ReferentRole.LEAD:
                self.leads[whom] = who

    @precondition(lambda self: self.linked)
    @rule(data=st.data())
    def part(self, data):
        whom, who = data.draw(st.sampled_from(sorted(self.linked)))
        mine = self.writers[who]
        slot = f"{self.people[whom].id}:{mine.account_id}:{mine.organisation_id}"
        Accompaniment.get(Accompaniment.slot == slot).end(EndReason.DONE, by=mine.account)
        self.linked.discard((whom, who))
        if self.leads.get(whom) == who:
            del self.leads[whom]

    @rule(where=place)
    def suspend(self, where):
        organisation = Organisation.get_by_id(self.places[where].id)
        if self.attempt(lambda: organisation.suspend("risque", by=None)):
            self.suspended.add(where)

    @rule(where=place)
    def resume(self, where):
        organisation = Organisation.get_by_id(self.places[where].id)
        if self.attempt(lambda: organisation.resume(by=None)):
            self.suspended.discard(where)

    @rule(who=writer)
    def close_account(self, who):
        if self.account(who).is_active:
            self.account(who).deactivate()
        self.closed.add(who)

    @rule(who=writer)
    def reopen_account(self, who):
        self.account(who).reactivate()
        self.closed.discard(who)

    @rule(who=writer)
    def withdraw_signature(self, who):
        CharterSignature.withdraw_own(self.writers[who])
        self.signed.discard(who)

    @rule(who=writer)
    def sign(self, who):
        living = Membership.between(self.account(who), self.writers[who].organisation)
        act = lambda: CharterSignature.sign(  # noqa: E731
            CharterVersion.current(), living, Capacity.PROFESSIONAL
        )
        if living and self.attempt(act):
            self.signed.add(who)

    @rule(who=writer)
    def quit(self, who):
        if living := Membership.between(self.account(who), self.writers[who].organisation):
            living.end(by=None)
        self.gone.add(who)

    @rule(who=writer)
    def come_back(self, who):
        Membership.start(self.account(who), self.writers[who].organisation, by=None)
        self.gone.discard(who)

    @rule(days=st.sampled_from((1, 6, 41)))
    def wait(self, days):
        self.travel.shift(dt.timedelta(days=days))

    def should_open(self, whom, who):
        return (
            self.agrees(whom, PLACE_OF[who])
            and (whom, who) in self.linked
            and PLACE_OF[who] not in self.suspended
            and who not in self.closed | self.gone
            and who in self.signed
        )

    def opens(self, whom, account):
        given = {"actor": account, "act": "file:read"}
        opened = open_file(self.people[whom].code, Permission.FILE_READ, **given) is not None
        self.opened, self.refused = self.opened + opened, self.refused + (not opened)
        return opened

    @invariant()
    def a_file_opens_by_its_terms_alone(self):
        if not hasattr(self, "people"):
            return
        for whom in PEOPLE:
            for who in WRITERS:
                assert self.opens(whom, self.account(who)) == self.should_open(whom, who)
            assert not any(self.opens(whom, other) for other in self.others)

    @invariant()
    def each_attempt_left_its_line(self):
        if hasattr(self, "people"):
            assert lines("file:read") == self.opened
            assert lines("file:refuse") == self.refused

    @invariant()
    def no_agreement_was_ever_erased(self):
        if hasattr(self, "people"):
            given = AuditEntry.select().where(AuditEntry.act == "agreement:give").count()
            assert Agreement.select().count() == given


def lines(act):
    return AuditEntry.select().where(AuditEntry.act == act).count()


def test_a_file_opens_by_its_four_terms_whatever_happened_before(db):
    """I1, I2, I3, I4, I5, I7, I8"""
    play(
        Files,
        settings=hypothesis.settings(
            max_examples=8, stateful_step_count=25, deadline=None, database=None
        ),
    )
