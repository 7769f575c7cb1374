"""Answering without an account: one link, for one address, a few days long (product.md §3)."""

import datetime as dt
import enum

import peewee as pw

from .. import outbox
from ..base import Entity, hash_token, new_token, now
from ..network.organisations import Organisation
from ..persons.person import Person
from .delays import delays
from .prescription import Prescription


class LinkState(enum.Enum):
    """What a link still does."""

    OPEN = "open"
    # Too old, or replaced by another: its holder may ask for a new one.
    PAST = "past"


class AnswerLink(Entity):
    """A link to answer one prescription. Only the hash of its 256-bit token is kept; what it opens
    is read again each time. `slot` makes the living link of a prescription unique."""

    prescription = pw.ForeignKeyField(Prescription, backref="links", on_delete="CASCADE")
    recipient = pw.CharField(max_length=outbox.LONGEST_ADDRESS)
    token_hash = pw.CharField(max_length=64, unique=True)
    slot = pw.CharField(max_length=22, null=True, unique=True)
    expires_at = pw.DateTimeField(index=True)
    opened_at = pw.DateTimeField(null=True)

    @property
    def state(self):
        is_open = self.slot is not None and self.expires_at > now()
        return LinkState.OPEN if is_open else LinkState.PAST

    @classmethod
    def issue(cls, prescription, recipient):
        """The token of a new link; the one before opens nothing any more."""
        cls.close(prescription)
        token = new_token()
        cls.create(
            prescription=prescription, recipient=outbox.deliverable(recipient),
            token_hash=hash_token(token), slot=str(prescription.id),
            expires_at=now() + dt.timedelta(days=delays().link),
        )  # fmt: skip
        return token

    @classmethod
    def close(cls, prescription):
        """No link opens it any more."""
        cls.update(slot=None).where(cls.slot == str(prescription.id)).execute()

    @classmethod
    def of_token(cls, token):
        """The link that this token is, with its prescription and who is concerned, or None."""
        rows = (
            cls.select(cls, Prescription, Person, Organisation)
            .join_from(cls, Prescription)
            .join_from(Prescription, Person, pw.JOIN.LEFT_OUTER)
            .join_from(Prescription, Organisation, on=Prescription.provider)
        )
        return rows.where(cls.token_hash == hash_token(token)).first()

    @classmethod
    def latest_of(cls, prescription):
        return cls.select().where(cls.prescription == prescription).order_by(cls.id.desc()).first()

    @classmethod
    def living_of(cls, prescription):
        """The one that opens today, or None."""
        mine = cls.get_or_none(cls.slot == str(prescription.id))
        return mine if mine and mine.state is LinkState.OPEN else None
