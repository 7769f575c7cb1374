"""What a professional may do, and since when: evaluated from the database at each request (I2).

Right to write = account active ∧ membership living ∧ organisation in the network ∧ its signature
current ∧ own signature current ∧ training done (charter, articles 8, 12 and 14; REQ 69, 70).
"""

import functools
from typing import NamedTuple

from ..accounts.account import Role
from ..base import N_, Vocabulary
from ..charter.signatures import Capacity, CharterSignature
from ..permissions import Standing
from .memberships import Membership
from .organisations import Organisation
from .training import TrainingCompletion

ROLE_STANDINGS = {
    Role.ANIMATOR: Standing.ANIMATOR,
    Role.COORDINATOR: Standing.COORDINATOR,
    Role.BANK_ANIMATOR: Standing.BANK_ANIMATOR,
    Role.ADMIN: Standing.ADMIN,
    Role.AUDITOR: Standing.AUDITOR,
}


class Step(Vocabulary):
    """The path to the right to write, in the order one walks it."""

    ADMITTED = "admission", N_("Votre organisme est admis dans le réseau")
    ORGANISATION_SIGNED = "signature-organisme", N_("Votre organisme a signé la charte")
    SIGNED = "signature", N_("Vous avez signé la charte")
    TRAINED = "formation", N_("Vous avez suivi la formation")


class Place(NamedTuple):
    """One membership with what it lacks; `signature` and `organisation_signature` count today."""

    membership: Membership
    organisation_signature: CharterSignature | None
    signature: CharterSignature | None
    training: TrainingCompletion | None

    @property
    def done(self):
        """`{step: True or False}`."""
        return {
            Step.ADMITTED: self.membership.organisation.is_admitted,
            Step.ORGANISATION_SIGNED: self.organisation_signature is not None,
            Step.SIGNED: self.signature is not None,
            Step.TRAINED: self.training is not None,
        }

    @property
    def may_write(self):
        return all(self.done.values())

    @property
    def next_step(self):
        """The first step not done, or None when one may write."""
        return next((step for step, is_done in self.done.items() if not is_done), None)

    def state_of(self, step):
        """done, now or later: what the path shows."""
        if self.done[step]:
            return "done"
        return "now" if step == self.next_step else "later"


class Rights:
    """What an account may do, read once in five queries at most and kept for one request only."""

    def __init__(self, account):
        self.account = account

    @functools.cached_property
    def memberships(self):
        """The living memberships of the account, by name of organisation."""
        return Membership.of_account(self.account) if self.account.is_active else []

    @functools.cached_property
    def places(self):
        """Every living membership with what it has and lacks."""
        return places_of(self.memberships)

    @property
    def standings(self):
        """`{standing: organisations}`, as row numbers, in which the account holds it."""
        held = {Standing.MEMBER: {m.organisation_id for m in self.memberships}}
        held[Standing.PROFESSIONAL] = {m.organisation_id for m in self.writing}
        held[Standing.MANAGER] = {m.organisation_id for m in self.memberships if m.is_manager}
        held = {standing: where for standing, where in held.items() if where}
        if self.account.role in ROLE_STANDINGS:
            held[ROLE_STANDINGS[self.account.role]] = set()
        return held

    @property
    def is_in_network(self):
        """Member of one organisation at least that is in the network today."""
        return any(place.membership.organisation.is_admitted for place in self.places)

    @property
    def writing(self):
        """The memberships for which the account may write, by name of organisation."""
        return with_right_to_write(self.places)

    @property
    def may_write(self):
        """In one organisation at least."""
        return bool(self.writing)


def places_of(memberships):
    """The `Place` of each membership, in three queries whatever their number."""
    if not memberships:
        return []
    organisations = {membership.organisation_id for membership in memberships}
    accounts = {membership.account_id for membership in memberships}
    signed = _signatures(organisations, accounts)
    trained = _trainings(accounts)
    return [
        Place(
            membership,
            signed.get((membership.organisation_id, None)),
            signed.get((membership.organisation_id, membership.account_id)),
            trained.get(membership.account_id),
        )
        for membership in memberships
    ]


def with_right_to_write(places):
    """The memberships of these places for which their accounts may write, in the same order."""
    return [place.membership for place in places if place.may_write]


def stopped_writing(memberships):
    """`{(account, organisation): day}` of those of these living memberships that may not write:
    since which day one of the terms of the charter fails, None when one was never met."""
    shut = [place for place in places_of(memberships) if not place.may_write]
    signed = CharterSignature.lapses({place.membership.organisation_id for place in shut})
    trained = TrainingCompletion.lapses({place.membership.account_id for place in shut})
    return {
        (place.membership.account_id, place.membership.organisation_id): _first_lapse(
            place, signed, trained
        )
        for place in shut
    }


def _first_lapse(place, signed, trained):
    account, organisation = place.membership.account_id, place.membership.organisation_id
    lapsed = {
        Step.ORGANISATION_SIGNED: signed.get((organisation, None)),
        Step.SIGNED: signed.get((organisation, account)),
        Step.TRAINED: trained.get(account),
    }
    days = [day for step, day in lapsed.items() if not place.done[step]]
    return min(days) if days and all(days) else None


def writers():
    """`{(account, organisation)}`, as row numbers, of all who may write today: the same terms as
    `Place.may_write`, for the whole network and without building a single row."""
    signed = CharterSignature.counting().where(CharterSignature.capacity == Capacity.PROFESSIONAL)
    by_hand = set(signed.select(CharterSignature.account, CharterSignature.organisation).tuples())
    done = TrainingCompletion.cancelled_at.is_null()
    trained = {
        who for (who,) in TrainingCompletion.select(TrainingCompletion.account).where(done).tuples()
    }
    bound = Organisation.admitted_ids() & CharterSignature.signed_organisation_ids()
    return {
        (account, organisation)
        for account, organisation in Membership.living_pairs() & by_hand
        if account in trained and organisation in bound
    }


def _signatures(organisations, accounts):
    """`{whom it binds: signature}`."""
    return {row.bound: row for row in CharterSignature.binding(organisations, accounts)}


def _trainings(accounts):
    """`{account: its latest training}`."""
    rows = TrainingCompletion.select(*TrainingCompletion.named()).where(
        TrainingCompletion.account << accounts, TrainingCompletion.cancelled_at.is_null()
    )
    return {row.account_id: row for row in sorted(rows, key=lambda row: row.done_on)}
