"""Passing on: the référent unique gives way to another, and the person agrees to it.

The former référent reads nothing more at his next request; what was written stays. When the person
has not agreed to the organisation of the next one, he waits until she does.
"""

import contextlib

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, today, transaction
from ..network.memberships import Membership
from ..network.organisations import Organisation
from ..network.rights import places_of, with_right_to_write
from .accompaniments import Accompaniment, EndReason, ReferentRole, StartReason
from .agreements import Agreement
from .notices import News, PersonNotice
from .orphans import ENDED_BY, is_orphan, lack_of, organisations_agreed
from .person import Person
from .requests import NoLongerWaiting, last_day, may_accompany, membership_of

# Why one may end one's own accompaniment; the other reasons are written by other acts.
OWN_REASONS = (EndReason.DONE, EndReason.BY_PERSON, EndReason.MOVED, EndReason.LEFT)


class HandoverReason(Vocabulary):
    """Why somebody else becomes the référent unique."""

    LEAVING = "depart", N_("Départ ou absence du référent")
    PATHWAY = "parcours", N_("Changement de parcours")
    NEARER = "besoins", N_("Un référent plus proche des besoins de la personne")
    MOVED = "demenagement", N_("Déménagement de la personne")
    ASKED = "demande", N_("À la demande de la personne")
    LACKING = "sans-referent", N_("Plus de référent unique")


# What a référent may give as a reason: the last one is said by who names for want of one.
REASONS = [one for one in HandoverReason if one is not HandoverReason.LACKING]


class HandoverEnd(Vocabulary):
    """What became of it."""

    DONE = "fait", N_("Fait")
    DECLINED = "refuse", N_("Refusé par la personne")
    CANCELLED = "annule", N_("Annulé")
    EXPIRED = "expire", N_("Sans réponse à temps")


class Handover(Entity):
    """A référent unique proposed for a person. `slot` makes the waiting one of a person unique; it
    is None once ended. `stays` says that the former lead remains référent for another subject."""

    person = pw.ForeignKeyField(Person, backref="handovers", on_delete="CASCADE")
    account = pw.ForeignKeyField(Account, on_delete="RESTRICT")
    organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
    slot = pw.CharField(max_length=22, null=True, unique=True)
    reason = VocabularyField(HandoverReason)
    start_reason = VocabularyField(StartReason)
    stays = pw.BooleanField(default=False)
    expires_on = pw.DateField(default=last_day)
    end = VocabularyField(HandoverEnd, null=True)
    ended_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("account", "ended_at"), False),)

    @property
    def is_waiting(self):
        return self.ended_at is None and self.expires_on >= today()

    @classmethod
    def waiting(cls):
        return cls.ended_at.is_null() & (cls.expires_on >= today())

    @classmethod
    def waiting_of(cls, person):
        """The one that waits for her answer, with who is proposed, or None."""
        return cls._named().where(cls.person == person, cls.waiting()).first()

    @classmethod
    def of_person(cls, person, code):
        """The one of this public identifier that concerns her, ended or not, or None."""
        return cls._named().where(cls.person == person, cls.code == code).first()

    @classmethod
    def waiting_of_code(cls, code):
        """The waiting one of this public identifier, or None."""
        return cls._named().where(cls.code == code, cls.waiting()).first()

    @classmethod
    def waiting_for(cls, account):
        """Those in which this account is proposed, with the persons."""
        rows = cls._named().select_extend(Person).join_from(cls, Person)
        return list(rows.where(cls.account == account, cls.waiting()).order_by(cls.id))

    @classmethod
    def _named(cls):
        rows = cls.select(cls, Account, Organisation)
        return rows.join_from(cls, Account).join_from(cls, Organisation)

    @transaction
    def accept(self, *, by, given=None, shared=None):
        """She agrees: in her space, or on the screen of who is proposed, by her code, which the
        caller has recognised. `shared` is what `Agreement.give` takes; None keeps the agreement she
        has given meanwhile. Raises `RuleBroken`."""
        self.person.hold()
        self._still_waits()
        may_accompany(membership_of(self.account, self.organisation))
        if shared is not None:
            Agreement.give(self.person, self.organisation, given=given, by=by, **shared)
        self._close(HandoverEnd.DONE, by)
        return _become_lead(self, by=by)

    @transaction
    def decline(self, *, by):
        """She does not want it: her référent stays who he is."""
        self.person.hold()
        self._still_waits()
        self._close(HandoverEnd.DECLINED, by)

    @transaction
    def cancel(self, *, by):
        """Who proposed it thinks again; doing it twice changes nothing."""
        self.person.hold()
        if type(self).get_by_id(self.id).ended_at is None:
            self._close(HandoverEnd.CANCELLED, by)

    def _still_waits(self):
        if not type(self).get_by_id(self.id).is_waiting:
            raise NoLongerWaiting(N_("Ce relais n’attend plus de réponse."))

    def _close(self, end, by):
        self.end, self.ended_at, self.slot = end, now(), None
        self.save(only=self.dirty_fields)
        audit.record(
            "handover:end", self, by=by, person=self.person, organisation=self.organisation,
            end=end.value, account=self.account_id,
        )  # fmt: skip


@transaction
def hand_over(person, membership, reason, *, by, stays=False):
    """The référent unique gives way to a professional with the right to write.

    At once when the person agrees today to that organisation; otherwise when she does, the former
    référent staying until then. Answers the `Handover`. Raises `RuleBroken`.
    """
    person.hold()
    link = Accompaniment.lead_of(person)
    if link is None or link.account_id != by.id:
        raise RuleBroken(N_("Vous n’êtes pas, ou plus, son référent unique : relisez la page."))
    return _propose(person, membership, reason, StartReason.HANDED_OVER, by=by, stays=stays)


@transaction
def name_lead(person, membership, *, by):
    """Name the référent unique of a person who has none: the network's animation does, or she.

    She chooses among those of the organisations to which she agrees. Raises `RuleBroken`.
    """
    person.hold()
    if not is_orphan(person):
        raise RuleBroken(N_("Cette personne a un référent unique : c’est lui qui passe le relais."))
    if by.is_accompanied and membership.organisation_id not in organisations_agreed(person):
        raise RuleBroken(N_("Donnez d’abord votre accord à cet organisme."))
    start = StartReason.CHOSEN if by.is_accompanied else StartReason.NAMED
    return _propose(person, membership, HandoverReason.LACKING, start, by=by)


def _propose(person, membership, reason, start_reason, *, by, stays=False):
    may_accompany(membership)
    _refuse_same_lead(person, membership)
    _refuse_while_waiting(person)
    where = membership.organisation
    handover = Handover.create(
        person=person, account=membership.account, organisation=where, slot=str(person.id),
        reason=reason, start_reason=start_reason, stays=stays,
    )  # fmt: skip
    audit.record(
        "handover:propose", handover, by=by, person=person, organisation=where,
        reason=reason.value, account=membership.account_id,
    )  # fmt: skip
    if Agreement.between(person, where):
        handover._close(HandoverEnd.DONE, by)
        _become_lead(handover, by=by)
    else:
        names = {"account": membership.account, "organisation": where}
        PersonNotice.tell(person, News.HANDOVER_ASKED, **names)
        _tell(handover, "referent_proposed")
    return handover


def _refuse_same_lead(person, membership):
    link = Accompaniment.lead_of(person)
    same = link and (link.account_id, link.organisation_id) == (
        membership.account_id,
        membership.organisation_id,
    )
    if same:
        raise RuleBroken(N_("Ce professionnel est déjà son référent unique."))


def _refuse_while_waiting(person):
    """One at a time; one to which nobody answered in time makes room."""
    if there := Handover.get_or_none(Handover.slot == str(person.id)):
        if there.is_waiting:
            raise RuleBroken(
                N_("Un relais vers %(name)s attend déjà la réponse de la personne."),
                name=there.account.name,
            )
        there._close(HandoverEnd.EXPIRED, None)


def _become_lead(handover, *, by):
    """End the link of the former lead, begin the one of the next: in one transaction."""
    person, who, where = handover.person, handover.account, handover.organisation
    former = Accompaniment.lead_of(person)
    if former:
        lack = lack_of(former)
        former.end(ENDED_BY[lack[0]] if lack else EndReason.HANDED_OVER, by=by)
        if handover.stays and lack is None:
            names = person, former.account, former.organisation
            Accompaniment.start(*names, ReferentRole.OTHER, StartReason.STAYED, by=by)
    if there := Accompaniment.get_or_none(Accompaniment.slot == f"{person.id}:{who.id}:{where.id}"):
        there.end(EndReason.PROMOTED, by=by)
    link = Accompaniment.start(person, who, where, ReferentRole.LEAD, handover.start_reason, by=by)
    person.touch()
    person.save(only=person.dirty_fields)
    PersonNotice.tell(person, News.HANDED_OVER, account=who, organisation=where)
    if by.id != who.id or by.is_accompanied:
        _tell(handover, "referent_named")
    return link


def _tell(told, kind):
    """The professional reads it in the portal: the message names nobody."""
    who = told.account
    outbox.post(kind, who.identifier, who.language)


@transaction
def leave(link, reason, *, by, without_lead=False):
    """End one's own accompaniment. A référent unique passes on instead, unless it is said that the
    person stays without one, and is listed as such. Raises `RuleBroken`."""
    link.person.hold()
    if reason not in OWN_REASONS:
        raise RuleBroken(N_("Dites pourquoi cet accompagnement finit."))
    if link.lead_slot and not without_lead:
        raise RuleBroken(
            N_("La personne n’aura plus de référent unique. Passez le relais, ou cochez la case.")
        )
    link.end(reason, by=by)
    names = {"account": link.account, "organisation": link.organisation}
    PersonNotice.tell(link.person, News.REFERENT_ENDED, **names)


@transaction
def stop(link, *, by):
    """The person ends an accompaniment: asking is enough, and twice is once. The professional is
    told at once, in a message that names nobody."""
    link.person.hold()
    link = Accompaniment.get_by_id(link.id)
    if link.ended_at is not None:
        return
    link.end(EndReason.BY_PERSON, by=by)
    if link.account.is_active:
        # An address that takes no mail does not keep her from ending it.
        with contextlib.suppress(RuleBroken):
            _tell(link, "referent_stopped")


def link_of(person, code):
    """The link of this public identifier, ended or not, if it is hers, or None (I13)."""
    mine = (Accompaniment.person == person) & (Accompaniment.code == code)
    return Accompaniment.get_or_none(mine)


def successors(*, organisations=None, besides=None, leads_only=False):
    """The memberships with the right to write, by name: of these organisations when given, but
    the account `besides`."""
    rows = Membership.living()
    if organisations is not None:
        rows = rows.where(Membership.organisation << list(organisations))
    if leads_only:
        rows = rows.where(Membership.is_lead)
    found = with_right_to_write(places_of(list(rows.order_by(Membership.id))))
    found = [one for one in found if besides is None or one.account_id != besides.id]
    return sorted(found, key=lambda one: (one.organisation.sort_name, one.account.name, one.id))
