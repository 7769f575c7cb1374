"""Entering the network: an organisation asks or is invited; people are invited (REQ 4, 77)."""

import datetime as dt

import peewee as pw

from . import audit, outbox
from .accounts import Account
from .base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    hash_token,
    new_token,
    now,
    transaction,
)
from .memberships import Membership
from .organisations import Category, Organisation

INVITATION_LENGTH = dt.timedelta(days=30)
# Mails that one address may be sent in a day: more would serve to annoy somebody.
DAILY_MAILS = 5


class RequestState(Vocabulary):
    """Where a request to join stands."""

    SENT = "envoyee", N_("Envoyée, à étudier")
    ACCEPTED = "acceptee", N_("Acceptée")
    DECLINED = "refusee", N_("Refusée")


class DeclineReason(Vocabulary):
    """Why a request is declined: the applicant reads it."""

    ALREADY_IN = "deja-membre", N_("L’organisme est déjà dans le réseau")
    OUT_OF_SCOPE = (
        "hors-perimetre",
        N_("L’organisme n’agit pas pour l’insertion dans le territoire"),
    )
    INCOMPLETE = "incomplete", N_("La demande est incomplète")
    NOT_MANDATED = "sans-mandat", N_("Le contact n’a pas pu être confirmé par l’organisme")


class JoinRequest(Entity):
    """An organisation asks to join, without an account; `code` is its follow-up address."""

    organisation_name = pw.CharField(max_length=255)
    category = VocabularyField(Category)
    siret = pw.CharField(max_length=14, default="")
    commune = pw.CharField(max_length=120, default="")
    website = pw.CharField(max_length=255, default="")
    contact_name = pw.CharField(max_length=120)
    contact_function = pw.CharField(max_length=120, default="")
    contact_email = pw.CharField(max_length=254, index=True)
    state = VocabularyField(RequestState, default=RequestState.SENT, index=True)
    decline_reason = VocabularyField(DeclineReason, null=True)
    organisation = pw.ForeignKeyField(Organisation, null=True, backref="requests")
    decided_by = pw.ForeignKeyField(Account, null=True, backref="+")
    decided_at = pw.DateTimeField(null=True)

    @classmethod
    @transaction
    def submit(cls, *, language="fr", **answers):
        """Record the request and mail its follow-up address to the contact."""
        _refuse_too_many_mails(cls.contact_email, answers["contact_email"])
        request = cls.create(**answers)
        audit.record("join:submit", request)
        outbox.post(
            "demande-recue",
            to=request.contact_email,
            language=language,
            organisation=request.organisation_name,
            code=request.code,
        )
        return request

    @classmethod
    def waiting(cls):
        """The requests to decide, oldest first."""
        rows = cls.select().where(cls.state == RequestState.SENT)
        return list(rows.order_by(cls.created_at, cls.id))

    @classmethod
    def decided(cls, limit=50):
        """The latest decisions."""
        rows = cls.select().where(cls.state != RequestState.SENT)
        return list(rows.order_by(cls.decided_at.desc()).limit(limit))

    def likely_organisations(self):
        """Organisations that may be this one already: same SIRET, or a word of the name."""
        return Organisation.resembling(self.organisation_name, self.siret)

    @transaction
    def accept(self, *, by, organisation=None):
        """Admit the organisation (a new one unless it is known) and invite its signatory."""
        self._refuse_decided()
        organisation = organisation or Organisation.create(
            name=self.organisation_name,
            siret=self.siret or None,
            commune=self.commune or None,
            website=self.website or None,
        )
        organisation.category = organisation.category or self.category
        organisation.admit(by=by)
        self._decide(RequestState.ACCEPTED, by=by, organisation=organisation)
        return Invitation.send(
            organisation, self.contact_email, self.contact_name, by=by, is_manager=True
        )

    @transaction
    def decline(self, reason, *, by):
        """Decline with a reason that the contact reads by mail."""
        self._refuse_decided()
        self._decide(RequestState.DECLINED, by=by, decline_reason=DeclineReason(reason))
        outbox.post(
            "demande-refusee",
            to=self.contact_email,
            organisation=self.organisation_name,
            reason=self.decline_reason.value,
            code=self.code,
        )

    def _decide(self, state, *, by, **values):
        self.state, self.decided_by, self.decided_at = state, by, now()
        for name, value in values.items():
            setattr(self, name, value)
        self.save()
        audit.record("join:decide", self, by=by, state=state.value)

    def _refuse_decided(self):
        if self.state != RequestState.SENT:
            raise RuleBroken(N_("Cette demande a déjà reçu sa réponse."))


class Invitation(Entity):
    """Someone is invited into an organisation, by mail, for thirty days.

    Only the hash of its token is kept. Whether the address has an account already is told to
    nobody but the owner of its mailbox.
    """

    organisation = pw.ForeignKeyField(Organisation, backref="invitations", on_delete="CASCADE")
    email = pw.CharField(max_length=254)
    name = pw.CharField(max_length=120, default="")
    is_manager = pw.BooleanField(default=False)
    token_hash = pw.CharField(max_length=64, unique=True)
    slot = pw.CharField(max_length=300, null=True, unique=True)
    invited_by = pw.ForeignKeyField(Account, null=True, backref="+")
    sent_at = pw.DateTimeField(default=now)
    accepted_at = pw.DateTimeField(null=True)
    withdrawn_at = pw.DateTimeField(null=True)

    @property
    def expires_at(self):
        return self.sent_at + INVITATION_LENGTH

    @property
    def is_pending(self):
        return not self.accepted_at and not self.withdrawn_at

    @property
    def is_expired(self):
        return self.is_pending and now() >= self.expires_at

    @property
    def is_open(self):
        return self.is_pending and not self.is_expired

    @classmethod
    @transaction
    def send(cls, organisation, email, name, *, by, is_manager=False):
        """Invite this address; one already invited there is sent its invitation again."""
        if not organisation.is_admitted:
            raise RuleBroken(
                N_("Cet organisme n’est pas dans le réseau, ou son accès est suspendu.")
            )
        _refuse_too_many_mails(cls.email, email)
        slot = f"{organisation.id}:{email}"
        invitation = cls.get_or_none(cls.slot == slot)
        if invitation is None:
            invitation = cls(organisation=organisation, email=email, slot=slot, token_hash="")
        invitation.name = name or invitation.name
        invitation.is_manager = is_manager or invitation.is_manager
        invitation.resend(by=by)
        return invitation

    @transaction
    def resend(self, *, by):
        """A new link for thirty days; the former one stops working."""
        if not self.is_pending:
            raise RuleBroken(N_("Cette invitation a déjà été acceptée ou retirée."))
        token = new_token()
        self.token_hash, self.sent_at, self.invited_by = hash_token(token), now(), by
        self.save()
        audit.record("invitation:send", self, by=by, manager=self.is_manager)
        outbox.post(
            "invitation",
            to=self.email,
            name=self.name,
            organisation=self.organisation.name,
            inviter=by.name if by else "",
            is_manager=self.is_manager,
            token=token,
            until=self.expires_at.date().isoformat(),
        )

    @transaction
    def withdraw(self, *, by):
        """Take the invitation back: its link stops working."""
        if not self.is_pending:
            return
        self.withdrawn_at, self.slot = now(), None
        self.save()
        audit.record("invitation:withdraw", self, by=by)

    @classmethod
    def of_token(cls, token):
        """The invitation of a link with its organisation, open or not, or None."""
        return (
            cls.select(cls, Organisation)
            .join(Organisation)
            .where(cls.token_hash == hash_token(token))
            .first()
        )

    @classmethod
    def of_organisation(cls, organisation):
        """The pending invitations of an organisation, latest first."""
        rows = cls.select().where(cls.organisation == organisation, cls.slot.is_null(False))
        return list(rows.order_by(cls.sent_at.desc()))

    @transaction
    def accept(self, account):
        """Enter the organisation, the account being the one that this address names."""
        if not self.is_open:
            raise RuleBroken(N_("Cette invitation ne peut plus servir : demandez-en une nouvelle."))
        if account.identifier != self.email:
            raise RuleBroken(N_("Cette invitation est pour une autre adresse que la vôtre."))
        if not self.organisation.is_admitted:
            raise RuleBroken(
                N_("Cet organisme n’est pas dans le réseau, ou son accès est suspendu.")
            )
        membership = Membership.start(
            account, self.organisation, by=account, is_manager=self.is_manager
        )
        self.accepted_at, self.slot = now(), None
        self.save()
        audit.record("invitation:accept", self, by=account)
        return membership


def _refuse_too_many_mails(field, address):
    """Whoever fills the form, one mailbox gets few mails a day."""
    model, since = field.model, now() - dt.timedelta(days=1)
    moment = model.sent_at if model is Invitation else model.created_at
    if model.select().where(field == address, moment > since).count() >= DAILY_MAILS:
        raise RuleBroken(N_("Trop de messages pour cette adresse aujourd’hui : réessayez demain."))
