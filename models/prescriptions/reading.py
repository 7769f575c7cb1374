"""Lists of prescriptions, for each side: a few queries, however many there are."""

import enum
from typing import NamedTuple

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..action_bank.sheets import Action
from ..base import now, today, transaction
from ..diagnostics.openness import Openness
from ..network.memberships import Membership
from ..network.organisations import Organisation
from ..permissions import Standing
from ..persons.accompaniments import Accompaniment
from ..persons.agreements import Agreement
from ..persons.sharing import Domain
from .prescription import Prescription
from .shared import Shared
from .standing import stands
from .states import Outcome, State

PAGE_SIZE = 50
# What a list shows of a sheet, which has sixty columns.
_NAMES = (Action.id, Action.code, Action.name)


class Heap(enum.Enum):
    """Where a prescription is sorted on the list of a référent."""

    # Hers to agree, a day to say yes or no to, an outcome to write.
    TO_DO = "to do"
    WAITING = "waiting"
    GOING_ON = "going on"
    OVER = "over"


class Line(NamedTuple):
    """A prescription as one reader may know it: without `shared`, only that there is one."""

    prescription: Prescription
    shared: Shared | None

    @property
    def heap(self):
        return heap_of(self.prescription)


def heap_of(one):
    """The `Heap` of a prescription."""
    if not one.is_going_on:
        return Heap.OVER
    if one.is_waiting:
        return Heap.WAITING
    is_begun = one.starts_on is None or one.starts_on <= today()
    if one.state is State.ACCEPTED and not is_begun:
        return Heap.GOING_ON
    return Heap.TO_DO if one.outcome is None else Heap.GOING_ON


def of_person(person, opened):
    """Hers, the latest first, as a reader of this `Openness` may know them: one query."""
    rows = _named().where(Prescription.person == person).order_by(Prescription.id.desc())
    found = list(rows)
    for one in found:
        one.person = person
    return [_line(one, opened) for one in found]


def of_hers(person, code):
    """Her prescription of this public identifier, with its action and its provider, or None."""
    rows = _named(Action).where(Prescription.code == code, Prescription.person == person)
    found = rows.first()
    if found:
        found.person = person
        if found.action and found.action.organisation_id == found.provider_id:
            found.action.organisation = found.provider
    return found


def _line(one, opened):
    shared = one.shared
    return Line(one, shared if shared and shared.is_open(opened) else None)


def _named(*columns):
    """With these columns of the action, what names its provider, and who prescribed."""
    provider, prescriber = Organisation.alias(), Organisation.alias()
    return (
        Prescription.select(
            Prescription, *(columns or _NAMES), Account.id, Account.name,
            provider, prescriber.id, prescriber.code, prescriber.name,
        )
        .join_from(Prescription, Action, pw.JOIN.LEFT_OUTER)
        .join_from(Prescription, Account, pw.JOIN.LEFT_OUTER, on=Prescription.account)
        .join_from(Prescription, provider, on=(Prescription.provider == provider.id),
                   attr="provider")
        .join_from(Prescription, prescriber, on=(Prescription.organisation == prescriber.id),
                   attr="organisation")
    )  # fmt: skip


@transaction
def followed_by(account):
    """`[Line]` of all those of the persons that this account accompanies today, what waits for him
    first, then the oldest: three queries. One line of the trail for each list shown."""
    audit.record("prescriptions:list", account, by=account)
    known = _opened_to(account)
    rows = _named().where(Prescription.person << list(known)).order_by(Prescription.id)
    lines = []
    for one in rows:
        one.person, opened = known[one.person_id]
        lines.append(_line(one, opened))
    order = list(Heap)
    return sorted(lines, key=lambda line: (order.index(line.heap), line.prescription.id))


def _opened_to(account):
    """`{row number: (person, Openness)}` of whom this account accompanies, in one query."""
    organisations = account.rights.standings.get(Standing.PROFESSIONAL, ())
    links = Accompaniment.opened_to(account, organisations).select_extend(Agreement.domains)
    known = {}
    for link in links:
        if link.person.is_open:
            shared = {Domain(value) for value in link.agreement.domains}
            person, opened = known.get(link.person_id, (link.person, Openness(())))
            known[link.person_id] = person, Openness(opened.domains | shared)
    return known


def received_by(organisations):
    """Those that these organisations are to answer, or follow, the oldest first."""
    rows = _named().where(Prescription.provider << list(organisations), _readable())
    found = rows.order_by(Prescription.sent_at, Prescription.id)
    known = {}
    return [one for one in found if one.is_shown and _stands(one, known)]


def _stands(one, known):
    """Whether its provider stands; `known` remembers it for the others."""
    asked = (one.provider_id, one.is_bound)
    if asked not in known:
        known[asked] = stands(one.provider, was_bound=one.is_bound)
    return known[asked]


def _readable():
    is_open = Prescription.state << (State.SENT, State.ACCEPTED)
    goes_on = Prescription.outcome.is_null() | (Prescription.outcome == Outcome.CAME)
    return is_open & goes_on


class Waiting(NamedTuple):
    """How many prescriptions wait for an account: to `answer` for its organisations, to `follow`
    for the persons it accompanies."""

    answer: int = 0
    follow: int = 0


def waiting_for(account):
    """The `Waiting` of an account with the right to write: two queries; nothing of anybody is
    read."""
    writing = account.rights.standings.get(Standing.PROFESSIONAL, ())
    if not writing:
        return Waiting()
    is_theirs = Prescription.provider << list(writing)
    asked = Prescription.select().where(
        is_theirs, Prescription.state == State.SENT, Prescription.other_day.is_null()
    )
    mine = Accompaniment.opened_to(account, writing).select(Accompaniment.person)
    to_do = Prescription.select().where(Prescription.person << mine, _is_to_do())
    return Waiting(asked.count(), to_do.count())


def _is_to_do():
    """The condition of `Heap.TO_DO`."""
    has_begun = Prescription.starts_on.is_null() | (Prescription.starts_on <= today())
    is_without_outcome = (Prescription.state == State.ACCEPTED) & Prescription.outcome.is_null()
    is_offered = (Prescription.state == State.SENT) & Prescription.other_day.is_null(False)
    is_draft = Prescription.state == State.DRAFT
    return is_draft | is_offered | (is_without_outcome & has_begun)


class Received(NamedTuple):
    """A prescription as its provider holds it: the permissions ask of which organisation it is."""

    prescription: Prescription

    @property
    def organisation_id(self):
        return self.prescription.provider_id


def received(code):
    """The `Received` of this address, while its provider may read it, or None."""
    found = _named().where(Prescription.code == code).first()
    return Received(found) if found and found.is_readable_by_provider else None


@transaction
def record_opening(prescription, mover, link=None):
    """The provider reads what she shared: she reads so in her journal (I4)."""
    audit.record(
        "prescription:open", prescription, by=mover.actor, person=prescription.person,
        organisation=mover.organisation,
    )  # fmt: skip
    if link is not None and link.opened_at is None:
        link.opened_at = now()
        link.save(only=[type(link).opened_at])


class Contact(NamedTuple):
    """How the provider reaches who prescribed; empty when nothing is known."""

    phone: str
    email: str


def contact_of(prescription):
    """The card of who prescribed, else the address he signs in with, else his organisation’s."""
    organisation, account = prescription.organisation, prescription.account
    card = account and Membership.between(account, organisation)
    phone = (card and card.phone) or Organisation.get_by_id(organisation.id).phone or ""
    email = (card and card.email) or (account.identifier if account else "")
    return Contact(phone, email)


def of_steps(steps):
    """`{row number of a step: its latest prescription}`: one query."""
    rows = Prescription.select().where(Prescription.step << [one.id for one in steps])
    return {one.step_id: one for one in rows.order_by(Prescription.id)} if steps else {}
