"""The outbox: e-mails written with the act that wants them, sent later, never twice.

A message that is known not to have left is tried again; one that may have left is never sent again
by itself: somebody has to ask for it.
"""

import datetime as dt
import json
import secrets

import peewee as pw

from . import sealing
from .base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, transaction
from .text import one_line

# About two days in all: a server down for a week-end night is waited for, an address is not.
DELAYS = tuple(dt.timedelta(minutes=n) for n in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
# No sending takes so long: whoever claimed the message is dead, and nobody knows what it did.
CLAIM_LENGTH = dt.timedelta(minutes=10)
KEPT = dt.timedelta(days=30)
LONGEST_ADDRESS = 254


class EmailState(Vocabulary):
    """Where a message stands."""

    WAITING = "en-attente", N_("en attente")
    SENDING = "en-cours", N_("en cours d’envoi")
    SENT = "envoye", N_("envoyé")
    UNCERTAIN = "incertain", N_("envoi incertain")
    FAILED = "abandonne", N_("abandonné")
    DISCARDED = "leurre", N_("leurre")


class OutgoingEmail(Entity):
    """One message to one address. `kind` names its templates; its values hold links that open
    doors, so they are sealed while they wait and erased once sent."""

    kind = pw.CharField(max_length=60)
    recipient = pw.CharField(max_length=LONGEST_ADDRESS, null=True)
    language = pw.CharField(max_length=5)
    sealed_values = pw.TextField(null=True)
    state = VocabularyField(EmailState, default=EmailState.WAITING)
    attempts = pw.SmallIntegerField(default=0)
    next_attempt_at = pw.DateTimeField(null=True)
    claimed_at = pw.DateTimeField(null=True)
    sent_at = pw.DateTimeField(null=True)
    ended_at = pw.DateTimeField(null=True, index=True)
    # A short code (« 550 », « connection »): neither an address nor words of the message.
    last_error = pw.CharField(max_length=40, null=True)
    # The same at each attempt, so that a mailbox can tell a copy from a second message.
    message_id = pw.CharField(max_length=40, default=lambda: secrets.token_hex(16))

    class Meta:
        indexes = ((("state", "next_attempt_at"), False),)

    @property
    def values(self):
        """What the templates are filled with; none once the message has been sent."""
        if self.sealed_values is None:
            return {}
        return json.loads(sealing.unseal(self.sealed_values, self._place))

    @property
    def _place(self):
        return f"outgoing_email·{self.code}·sealed_values"


@transaction
def post(kind, to, language="fr", **values):
    """Write a message in the transaction of the act: no act, no message.

    `kind` names templates/email/<kind>.txt and .html; `values` are JSON values.
    """
    return _write(kind, deliverable(to), language, values, next_attempt_at=now())


@transaction
def decoy(kind, language="fr", **values):
    """Write the same row for nobody: an unknown address costs and leaves what a known one does."""
    return _write(kind, None, language, values, state=EmailState.DISCARDED, ended_at=now())


def _write(kind, recipient, language, values, **state):
    email = OutgoingEmail(kind=kind, recipient=recipient, language=language or "fr", **state)
    email.sealed_values = sealing.seal(json.dumps(values), email._place)
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
