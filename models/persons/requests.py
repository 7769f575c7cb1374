"""Asking to accompany somebody one has met, by the identifier she told: she alone answers.

Whether the identifier exists or not, the same is said, counted and written; nothing of the file is
shown to who asks before the person accepts (REQ-73).
"""

import datetime as dt

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    now,
    today,
    transaction,
)
from ..database import held
from ..days import first_moment
from ..network.memberships import Membership
from ..network.organisations import Organisation
from ..network.rights import places_of
from . import codes
from .accompaniments import Accompaniment, StartReason
from .agreements import Agreement, Given
from .notices import News, PersonNotice
from .person import IDENTIFIER_LENGTH, Person

# A day of appointments, and far too few to guess among forty bits.
DAILY = 10
OPEN_DAYS = 30


class Answer(Vocabulary):
    """What the person answered."""

    ACCEPTED = "acceptee", N_("Acceptée")
    DECLINED = "refusee", N_("Refusée")


class NoLongerWaiting(RuleBroken):
    """It was answered already, or nobody answered in time."""


def last_day():
    """The last day on which what is asked today may be answered."""
    return today() + dt.timedelta(days=OPEN_DAYS)


class AccompanimentRequest(Entity):
    """A professional asks a person to accompany her, for one organisation. `person` is None when
    the identifier is nobody's (a decoy): it counts, and nobody reads it."""

    person = pw.ForeignKeyField(Person, null=True, backref="requests", on_delete="CASCADE")
    account = pw.ForeignKeyField(Account, on_delete="RESTRICT")
    organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
    expires_on = pw.DateField(default=last_day)
    answer = VocabularyField(Answer, null=True)
    answered_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("account", "created_at"), False),)

    @property
    def is_waiting(self):
        return self.answer is None and self.expires_on >= today()

    @classmethod
    def waiting(cls):
        return cls.answer.is_null() & (cls.expires_on >= today())

    @classmethod
    def waiting_for(cls, person):
        """The requests she may still answer, with who asks, the latest first."""
        rows = cls._with_who_asks().where(cls.person == person, cls.waiting())
        return list(rows.order_by(cls.id.desc()))

    @classmethod
    def of_person(cls, person, code):
        """The request of this public identifier made to her, answered or not, or None."""
        return cls._with_who_asks().where(cls.person == person, cls.code == code).first()

    @classmethod
    def _with_who_asks(cls):
        rows = cls.select(cls, Account, Organisation)
        return rows.join_from(cls, Account).join_from(cls, Organisation)

    @classmethod
    @transaction
    def ask(cls, identifier, membership, *, by):
        """Ask, for the organisation of one's membership: answers nothing that tells whether the
        identifier is somebody's. Raises `RuleBroken` past so many in a day."""
        identifier = check_identifier(identifier)
        may_accompany(membership)
        held(Account.select(Account.id).where(Account.id == by.id))
        cls._refuse_too_many(by)
        person = Person.of_identifier(identifier)
        if person and not cls._may_be_asked(person, membership):
            person = None
        request = cls.create(person=person, account=by, organisation=membership.organisation)
        audit.record(
            "accompaniment:ask", request, by=by, person=person, organisation=membership.organisation
        )
        if person:
            names = {"account": by, "organisation": membership.organisation}
            PersonNotice.tell(person, News.JOIN_ASKED, **names)

    @classmethod
    def _refuse_too_many(cls, account):
        lately = cls.created_at >= first_moment(today())
        if cls.select().where(cls.account == account, lately).count() >= DAILY:
            raise RuleBroken(
                N_("Vous avez fait %(most)d demandes aujourd’hui. Recommencez demain."), most=DAILY
            )

    @classmethod
    def _may_be_asked(cls, person, membership):
        """She is not asked again while she may answer, nor in the month after she declined; nor by
        who accompanies her already."""
        pair = (cls.account == membership.account_id) & (
            cls.organisation == membership.organisation_id
        )
        lately = cls.created_at > now() - dt.timedelta(days=OPEN_DAYS)
        unanswered = cls.answer.is_null() | (cls.answer == Answer.DECLINED)
        asked = cls.select().where(cls.person == person, pair, lately & unanswered).exists()
        where = [membership.organisation_id]
        there = Accompaniment.opening(membership.account, where, person)
        return person.is_open and not asked and there is None

    @transaction
    def accept(self, role, shared, *, by):
        """She accepts, and chooses what she shares with that organisation (`shared`: what
        `Agreement.give` takes). Raises `RuleBroken`."""
        self.person.hold()
        self._still_waits()
        may_accompany(membership_of(self.account, self.organisation))
        Agreement.give(self.person, self.organisation, given=Given.OWN_SPACE, by=by, **shared)
        link = Accompaniment.start(
            self.person, self.account, self.organisation, role, StartReason.JOINED, by=by
        )
        self._close(Answer.ACCEPTED, by)
        return link

    @transaction
    def decline(self, *, by):
        """She declines: who asked is told nothing."""
        self.person.hold()
        self._still_waits()
        self._close(Answer.DECLINED, by)

    def _still_waits(self):
        if not type(self).get_by_id(self.id).is_waiting:
            raise NoLongerWaiting(N_("Cette demande n’attend plus de réponse."))

    def _close(self, answer, by):
        self.answer, self.answered_at = answer, now()
        self.save(only=self.dirty_fields)
        audit.record(
            "accompaniment:answer", self, by=by, person=self.person,
            organisation=self.organisation, answer=answer.value,
        )  # fmt: skip


def check_identifier(text):
    """Eight symbols, however they are typed: the shape alone is judged."""
    identifier = codes.tidy(text)
    if len(identifier) != IDENTIFIER_LENGTH:
        raise RuleBroken(N_("un identifiant a 8 lettres et chiffres."))
    return identifier


def membership_of(account, organisation):
    """The living membership of this account there, read anew with both sides; raises when gone."""
    pair = (Membership.account == account) & (Membership.organisation == organisation)
    found = Membership.living().where(pair).first()
    if found is None:
        raise RuleBroken(N_("Ce professionnel ne fait plus partie de cet organisme."))
    return found


def may_accompany(membership):
    """Raise `RuleBroken` unless this professional may write there today."""
    [place] = places_of([membership])
    if not place.may_write or not membership.account.is_active or membership.ended_at:
        raise RuleBroken(
            N_("%(name)s n’a pas le droit d’écrire aujourd’hui : choisissez quelqu’un d’autre."),
            name=membership.account.name,
        )
