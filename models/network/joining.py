"""Entering the network: an organisation asks or is invited; people are invited (REQ 4, 77)."""

import datetime as dt

import peewee as pw

from .. import audit, outbox
from ..accounts import passwords
from ..accounts.account import Account, normal_identifier
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    hash_token,
    local_day,
    new_token,
    now,
    transaction,
)
from ..outbox import OutgoingEmail
from .memberships import Membership
from .organisations import Category, Organisation

INVITATION_LENGTH = dt.timedelta(days=30)
# Product rule, to be confirmed by the committee: how long coordination takes to answer.
ANSWER_DAYS = 15
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
        answers["contact_email"] = outbox.deliverable(answers["contact_email"])
        _refuse_too_many_mails(answers["contact_email"])
        request = cls.create(**answers)
        audit.record("join:submit", request)
        outbox.post(
            "join_received",
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

    @property
    def is_waiting(self):
        return self.state == RequestState.SENT

    @property
    def age_in_days(self):
        return (now() - self.created_at).days

    @classmethod
    def followed(cls, code):
        """The request of this follow-up address with its organisation and who decided, or None."""
        return (
            cls.select(cls, Organisation, Account)
            .join_from(cls, Organisation, pw.JOIN.LEFT_OUTER)
            .join_from(cls, Account, pw.JOIN.LEFT_OUTER)
            .where(cls.code == code)
            .first()
        )

    def likely_organisations(self):
        """Organisations that may be this one already: same SIRET, or a word of the name."""
        return Organisation.resembling(self.organisation_name, self.siret)

    @transaction
    def accept(self, *, by, organisation=None):
        """Admit the organisation (a new one unless it is known) and invite its signatory."""
        self._decide(RequestState.ACCEPTED, by=by)
        organisation = organisation or Organisation.create(
            name=self.organisation_name,
            siret=self.siret or None,
            commune=self.commune or None,
            website=self.website or None,
        )
        organisation.category = organisation.category or self.category
        organisation.admit(by=by)
        self.organisation = organisation
        self.save(only=[JoinRequest.organisation])
        return Invitation.send(
            organisation, self.contact_email, self.contact_name, by=by, is_manager=True
        )

    @transaction
    def decline(self, reason, *, by):
        """Decline with a reason that the contact reads by mail."""
        self._decide(RequestState.DECLINED, by=by, decline_reason=DeclineReason(reason))
        outbox.post(
            "join_declined",
            to=self.contact_email,
            organisation=self.organisation_name,
            reason=self.decline_reason.value,
            code=self.code,
        )

    def _decide(self, state, *, by, **values):
        """Write the answer, unless somebody answered meanwhile: the base decides who was first."""
        values |= {"state": state, "decided_by": by, "decided_at": now()}
        waiting = (JoinRequest.id == self.id) & (JoinRequest.state == RequestState.SENT)
        if JoinRequest.update(values).where(waiting).execute() != 1:
            raise AlreadyDecided(N_("Cette demande a déjà reçu sa réponse."))
        for name, value in values.items():
            setattr(self, name, value)
        audit.record("join:decide", self, by=by, state=state.value)


class AlreadyDecided(RuleBroken):
    """Somebody answered the request meanwhile."""


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
        email = normal_identifier(outbox.deliverable(email))
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
        _refuse_too_many_mails(self.email)
        token = new_token()
        self.token_hash, self.sent_at = hash_token(token), now()
        self.invited_by = by or self.invited_by
        self.save()
        audit.record("invitation:send", self, by=by, manager=self.is_manager)
        outbox.post(
            "invitation",
            to=self.email,
            name=self.name,
            organisation=self.organisation.name,
            inviter=self.invited_by.name if self.invited_by else "",
            is_manager=self.is_manager,
            token=token,
            until=local_day(self.expires_at).isoformat(),
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
        return cls._with_both_sides().where(cls.token_hash == hash_token(token)).first()

    @classmethod
    def of_organisation(cls, organisation):
        """The pending invitations of an organisation, latest first."""
        rows = cls.select().where(cls.organisation == organisation, cls.slot.is_null(False))
        return list(rows.order_by(cls.sent_at.desc()))

    @classmethod
    def of_signatories(cls):
        """The pending invitations that make somebody a manager, oldest first."""
        rows = cls._with_both_sides().where(cls.is_manager, cls.slot.is_null(False))
        return list(rows.order_by(cls.sent_at))

    @classmethod
    def _with_both_sides(cls):
        return (
            cls.select(cls, Organisation, Account)
            .join_from(cls, Organisation)
            .join_from(cls, Account, pw.JOIN.LEFT_OUTER)
        )

    def ask_again(self):
        """Send a fresh link to the invited address, for whoever holds one that has expired."""
        if self.is_expired and self.organisation.is_admitted:
            self.resend(by=None)

    def account(self):
        """The account of the invited address, or None: told to who holds the link, and no other."""
        return Account.get_or_none(Account.identifier == self.email)

    def open_account(self, name, password):
        """Make the account of the invited person, and enter; answers the account."""
        self._refuse_unusable(self.email)
        try:
            passwords.check(password, [name, self.email, self.organisation.name])
        except RuleBroken as broken:
            raise WeakPassword(broken.sentence, **broken.values) from None
        # Hashing takes 25 ms: it stays outside the transaction, which has the only writer’s place.
        return self._enter(name, passwords.make_hash(password))

    @transaction
    def _enter(self, name, password_hash):
        account = Account.register(self.email, name)
        account.password_hash = password_hash
        account.save(only=[Account.password_hash])
        self.accept(account)
        return account

    @transaction
    def accept(self, account):
        """Enter the organisation, the account being the one that this address names."""
        self._refuse_unusable(account.identifier)
        pending = (Invitation.id == self.id) & Invitation.slot.is_null(False)
        self.accepted_at, self.slot = now(), None
        closed = Invitation.update(accepted_at=self.accepted_at, slot=None).where(pending)
        if closed.execute() != 1:
            raise _unusable()
        membership = Membership.start(
            account, self.organisation, by=account, is_manager=self.is_manager
        )
        audit.record("invitation:accept", self, by=account)
        return membership

    def _refuse_unusable(self, identifier):
        if not self.is_open:
            raise _unusable()
        if identifier != self.email:
            raise RuleBroken(N_("Cette invitation est pour une autre adresse que la vôtre."))
        if not self.organisation.is_admitted:
            raise RuleBroken(
                N_("Cet organisme n’est pas dans le réseau, ou son accès est suspendu.")
            )


class WeakPassword(RuleBroken):
    """The password chosen is not strong enough."""


def _unusable():
    return RuleBroken(N_("Cette invitation ne peut plus servir : demandez-en une nouvelle."))


@transaction
def invite_organisation(organisation, email, name, *, by):
    """Let in an organisation that did not ask, and invite its signatory (REQ 4)."""
    organisation.save()
    if not organisation.is_admitted:
        organisation.admit(by=by)
    return Invitation.send(organisation, email, name, by=by, is_manager=True)


def _refuse_too_many_mails(address):
    """Whoever fills the form or clicks, one mailbox gets few mails of ours a day."""
    if OutgoingEmail.count_to(address, since=now() - dt.timedelta(days=1)) >= DAILY_MAILS:
        raise RuleBroken(N_("Trop de messages pour cette adresse aujourd’hui : réessayez demain."))
