"""The outbox: e-mails written with the act that wants them, sent later, never twice.

A message that is known not to have left is tried again; one that may have left is never sent again
by itself: somebody has to ask for it.
"""

import datetime as dt
import json
import secrets

import peewee as pw

from . import audit
from .base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, transaction
from .sealed import SealedField, kept
from .text import one_line

# About two days in all: a server down for a week-end night is waited for, an address is not.
DELAYS = tuple(dt.timedelta(minutes=n) for n in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
# No sending takes so long: whoever claimed the message is dead, and nobody knows what it did.
CLAIM_LENGTH = dt.timedelta(minutes=10)
LONGEST_ADDRESS = 254


class EmailState(Vocabulary):
    """Where a message stands."""

    WAITING = "en-attente", N_("en attente")
    SENDING = "en-cours", N_("en cours d’envoi")
    SENT = "envoye", N_("envoyé")
    UNCERTAIN = "incertain", N_("envoi incertain")
    FAILED = "abandonne", N_("abandonné")
    DISCARDED = "leurre", N_("leurre")


class Trouble(Vocabulary):
    """Why a message did not leave, when no mail server gave a code of its own."""

    CONNECTION = "liaison", N_("le serveur de courriel ne répond pas")
    SIGN_IN = "acces", N_("le serveur de courriel refuse notre accès")
    INTERRUPTED = "coupure", N_("l’envoi a été interrompu")
    RENDERING = "redaction", N_("le message n’a pas pu être écrit")
    SEALED = "cle", N_("le contenu est scellé sous une autre clé")


# A claim that was doubted while it was still at work may yet tell what happened.
_OPEN_CLAIM = (EmailState.SENDING, EmailState.UNCERTAIN)
_SENDABLE_AGAIN = (EmailState.UNCERTAIN, EmailState.FAILED)


class OutgoingEmail(Entity):
    """One message to one address. `kind` names its templates; its values hold links that open
    doors, so they are sealed while they wait and erased once sent."""

    kind = pw.CharField(max_length=60)
    recipient = pw.CharField(max_length=LONGEST_ADDRESS, null=True)
    language = pw.CharField(max_length=5)
    # Instead of `recipient`, for an accompanied person: her address is nowhere in clear.
    sealed_recipient = SealedField(null=True)
    content = SealedField(null=True, column_name="sealed_values")
    state = VocabularyField(EmailState, default=EmailState.WAITING)
    attempts = pw.SmallIntegerField(default=0)
    next_attempt_at = pw.DateTimeField(null=True)
    claimed_at = pw.DateTimeField(null=True)
    sent_at = pw.DateTimeField(null=True)
    ended_at = pw.DateTimeField(null=True, index=True)
    # A code of SMTP or a `Trouble`: neither an address nor words of the message.
    last_error = pw.CharField(max_length=40, null=True)
    # The same at each attempt, so that a mailbox can tell a copy from a second message.
    message_id = pw.CharField(max_length=40, default=lambda: secrets.token_hex(16))

    class Meta:
        indexes = ((("state", "next_attempt_at"), False),)

    @property
    def values(self):
        """What the templates are filled with; none once the message has been sent."""
        return json.loads(self.content or "{}")

    @property
    def address(self):
        """Whom it goes to; None for a decoy."""
        return self.sealed_recipient or self.recipient

    @property
    def is_private(self):
        """Whether it is for an accompanied person, whose address is shown to nobody."""
        return kept(self, "sealed_recipient") is not None

    @property
    def is_kept(self):
        """Whether its values are still there, be it under a key that we do not hold."""
        return kept(self, "content") is not None

    @property
    def can_be_sent_again(self):
        return self.state in _SENDABLE_AGAIN

    @property
    def trouble(self):
        """The label of what went wrong, or None when the mail server answered by a code."""
        return next((one.label for one in Trouble if one == self.last_error), None)

    @classmethod
    def due(cls):
        """Messages to send now, the most awaited first."""
        is_due = (cls.state == EmailState.WAITING) & (cls.next_attempt_at <= now())
        return cls.select().where(is_due).order_by(cls.next_attempt_at, cls.id)

    @classmethod
    def latest(cls, limit):
        return list(cls.select().order_by(cls.id.desc()).limit(limit))

    @classmethod
    def to_decide(cls, limit):
        """Those that only a person may send again."""
        undecided = cls.select().where(cls.state.in_(_SENDABLE_AGAIN))
        return list(undecided.order_by(cls.id.desc()).limit(limit))

    @classmethod
    def count_to(cls, address, *, since, kind=None):
        """How many messages this address was written since then, of one kind if asked."""
        written = cls.select().where(cls.recipient == address, cls.created_at > since)
        return (written.where(cls.kind == kind) if kind else written).count()

    @classmethod
    def waiting_count(cls):
        return cls.select().where(cls.state == EmailState.WAITING).count()

    def claim(self):
        """True when this process is now the only one to send the message."""
        self.state, self.claimed_at = EmailState.SENDING, now()
        self.attempts += 1
        taken = OutgoingEmail.update(
            state=self.state, claimed_at=self.claimed_at, attempts=self.attempts
        ).where(OutgoingEmail.id == self.id, OutgoingEmail.state == EmailState.WAITING)
        return taken.execute() == 1

    def mark_sent(self):
        """The mail server took charge of it; the links it held are erased."""
        moment = now()
        self._end_claim(
            EmailState.SENT,
            sent_at=moment,
            ended_at=moment,
            content=None,
            sealed_recipient=None,
            last_error=None,
        )

    def postpone(self, reason):
        """It did not leave: try again later, and give up past the last delay."""
        if self.attempts > len(DELAYS):
            self.give_up(reason)
        else:
            again = now() + DELAYS[self.attempts - 1]
            self._end_claim(EmailState.WAITING, next_attempt_at=again, last_error=reason)

    def give_up(self, reason):
        """It was refused for good."""
        self._end_claim(EmailState.FAILED, ended_at=now(), last_error=reason)

    def doubt(self, reason):
        """It may have left: nobody sends it again without being asked."""
        self._end_claim(EmailState.UNCERTAIN, ended_at=now(), last_error=reason)

    def _end_claim(self, state, **values):
        """Write how this very claim ended; a message taken up again since is left alone."""
        mine = (OutgoingEmail.id == self.id) & (OutgoingEmail.claimed_at == self.claimed_at)
        changes = OutgoingEmail.update(state=state, **values)
        if changes.where(mine, OutgoingEmail.state.in_(_OPEN_CLAIM)).execute():
            self.__data__.update(values, state=state)

    @transaction
    def send_again(self, *, by):
        """Put it back in the queue, at somebody's request; asking twice is asking once."""
        moment = now()
        again = OutgoingEmail.update(
            state=EmailState.WAITING, next_attempt_at=moment, attempts=0, ended_at=None,
            claimed_at=None, last_error=None,
        ).where(OutgoingEmail.id == self.id, OutgoingEmail.state.in_(_SENDABLE_AGAIN))  # fmt: skip
        if again.execute():
            audit.record("email:send-again", self, by=by, kind=self.kind)
        elif OutgoingEmail.get_by_id(self.id).state is not EmailState.WAITING:
            raise RuleBroken(N_("Ce courriel est déjà parti, ou n’a plus à être envoyé."))


@transaction
def post(kind, to, language="fr", **values):
    """Write a message in the transaction of the act: no act, no message.

    `kind` names templates/email/<kind>.txt and .html; `values` are JSON values.
    """
    return _write(kind, deliverable(to), language, values, next_attempt_at=now())


@transaction
def post_privately(kind, to, language="fr", **values):
    """As `post`, to an accompanied person: her address is sealed, and erased once it is sent."""
    sealed = {"sealed_recipient": deliverable(to)}
    return _write(kind, None, language, values, next_attempt_at=now(), **sealed)


@transaction
def decoy(kind, language="fr", **values):
    """Write the same row for nobody: an unknown address costs and leaves what a known one does."""
    return _write(kind, None, language, values, state=EmailState.DISCARDED, ended_at=now())


def _write(kind, recipient, language, values, **state):
    email = OutgoingEmail(kind=kind, recipient=recipient, language=language or "fr", **state)
    email.content = json.dumps(values)
    email.save()
    return email


def deliverable(address):
    """The address as mail servers take it, its domain in ASCII; raises `RuleBroken`."""
    address = one_line(address)
    local, _, domain = address.rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        local = ""
    forbidden = set(' ,;:<>()[]"\\@')
    ok = local and local.isascii() and not forbidden & set(local + domain) and "." in domain
    if not ok or len(address) > LONGEST_ADDRESS:
        raise RuleBroken(N_("Cette adresse électronique ne peut pas recevoir de courriel."))
    return address


def claim():
    """Take the message that is due for longest, or None: two senders never take the same one."""
    while email := OutgoingEmail.due().first():
        if email.claim():
            return email
    return None


def doubt_lost_claims():
    """Messages whose sender died: nobody knows whether they left. Answers how many."""
    lost = (OutgoingEmail.state == EmailState.SENDING) & (
        OutgoingEmail.claimed_at < now() - CLAIM_LENGTH
    )
    doubted = OutgoingEmail.update(
        state=EmailState.UNCERTAIN, ended_at=now(), last_error=Trouble.INTERRUPTED
    )
    return doubted.where(lost).execute()
