"""A liaison sheet on an accepted prescription: opened and stopped by her, read while it holds."""

import datetime as dt
import json
from typing import NamedTuple

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account
from ..base import (
    N_,
    Entity,
    RuleBroken,
    VocabularyField,
    hash_token,
    new_token,
    now,
    transaction,
)
from ..database import held
from ..network.organisations import Organisation
from ..persons.agreements import Given
from ..prescriptions.delays import delays
from ..prescriptions.prescription import Prescription
from ..prescriptions.states import State
from ..sealed import SealedField
from .words import Adaptation


class Employer(NamedTuple):
    """Whom she lets read a part of it: one address, and the adaptations she shows there."""

    address: str
    adaptations: tuple[Adaptation, ...]

    @classmethod
    def at(cls, address, adaptations):
        """Raises `RuleBroken` for an address that takes no mail."""
        return cls(outbox.deliverable(address), tuple(adaptations))

    def written(self):
        return json.dumps({"adresse": self.address, "amenagements": list(self.adaptations)})

    @classmethod
    def read(cls, text):
        said = json.loads(text)
        return cls(said["adresse"], tuple(Adaptation(one) for one in said["amenagements"]))


class LiaisonSheet(Entity):
    """`slot` makes the living sheet of a prescription unique; it is None once stopped. `given` is
    how she agreed, on the screen of `account` or in her own space; `shown` the sealed `Employer`.
    """

    prescription = pw.ForeignKeyField(Prescription, backref="liaison_sheets", on_delete="CASCADE")
    slot = pw.CharField(max_length=22, null=True, unique=True)
    given = VocabularyField(Given)
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    shown = SealedField(null=True)
    ended_at = pw.DateTimeField(null=True)

    @property
    def person(self):
        return self.prescription.person

    @property
    def employer(self):
        """The `Employer`, or None."""
        return self.shown and Employer.read(self.shown)

    @property
    def is_open(self):
        """Whether anybody but her reads it today: her agreement holds, the prescription goes on,
        the charter binds its provider (I3)."""
        return self.ended_at is None and may_have_sheet(self.prescription)

    @classmethod
    def of_prescription(cls, prescription):
        """The living one, open or not, or None."""
        found = cls.get_or_none(cls.slot == str(prescription.id))
        if found:
            found.prescription = prescription
        return found

    @classmethod
    @transaction
    def open(cls, prescription, *, mover, given, employer=None):
        """She agrees; the caller has recognised her. Twice is one sheet. Raises `RuleBroken` when
        the prescription is not accepted, or no longer goes on."""
        held(Prescription.select().where(Prescription.id == prescription.id))
        if living := cls.of_prescription(prescription):
            return living
        if not may_have_sheet(Prescription.get_by_id(prescription.id)):
            raise RuleBroken(N_("Cette demande n’est pas en cours chez l’organisme."))
        sheet = cls(
            prescription=prescription, slot=str(prescription.id), given=given,
            account=mover.account, organisation=mover.organisation,
        )  # fmt: skip
        sheet.save(force_insert=True)
        audit.record(
            "liaison:open", sheet, by=mover.actor, person=prescription.person,
            organisation=mover.organisation, given=given.value,
        )  # fmt: skip
        if employer:
            sheet.show_to(employer, mover=mover)
        return sheet

    @transaction
    def stop(self, *, by):
        """She stops it: nobody but her reads anything, at once (I3). Twice is once."""
        self.hold()
        if self.ended_at is not None:
            return
        self.ended_at, self.slot, self.shown = now(), None, None
        self.save(only=self.dirty_fields)
        EmployerLink.close(self)
        audit.record("liaison:stop", self, by=by, person=self.person)

    @transaction
    def show_to(self, employer, *, mover):
        """She lets an employer read what she chose, by a link. Raises `RuleBroken`."""
        self.hold_open()
        self.shown = employer.written()
        self.save(only=self.dirty_fields)
        EmployerLink.send(self, employer.address)
        audit.record(
            "liaison:share", self, by=mover.actor, person=self.person,
            organisation=mover.organisation,
        )  # fmt: skip

    @transaction
    def send_again(self, *, mover):
        """A new link to the same address; the one before opens nothing any more."""
        self.hold_open()
        if not self.employer:
            raise RuleBroken(N_("La personne ne partage rien avec un employeur."))
        EmployerLink.send(self, self.employer.address)
        audit.record(
            "liaison:link", self, by=mover.actor, person=self.person,
            organisation=mover.organisation,
        )  # fmt: skip

    @transaction
    def hide(self, *, by):
        """The employer reads nothing any more."""
        self.hold()
        if self.shown is None:
            return
        self.shown = None
        self.save(only=self.dirty_fields)
        EmployerLink.close(self)
        audit.record("liaison:hide", self, by=by, person=self.person)

    @transaction
    def read_by(self, mover):
        """Write that somebody who opens no file reads it: a provider, or an employer by link."""
        if not self.is_open:
            raise RuleBroken(CLOSED)
        audit.record(
            "liaison:read", self, by=mover.actor, person=self.person,
            organisation=mover.organisation,
        )  # fmt: skip

    def hold(self):
        """Alone with it until the transaction ends, as it is now."""
        [fresh] = held(LiaisonSheet.select().where(LiaisonSheet.id == self.id))
        self.ended_at, self.slot, self.shown = fresh.ended_at, fresh.slot, fresh.shown
        self._dirty.clear()

    def hold_open(self):
        """The same; raises `RuleBroken` when nobody but her reads it any more."""
        self.hold()
        person = self.prescription.person
        self.prescription = Prescription.get_by_id(self.prescription_id)
        self.prescription.person = person
        self._dirty.clear()
        if not self.is_open:
            raise RuleBroken(CLOSED)


CLOSED = N_("Cette fiche de liaison est fermée.")


def may_have_sheet(prescription):
    """Whether a sheet may be open on it: accepted, going on, its provider standing."""
    return prescription.state is State.ACCEPTED and prescription.is_readable_by_provider


class EmployerLink(Entity):
    """The link of one employer. Only the hash of its token is kept; what it opens is read again
    each time. `slot` makes the living link of a sheet unique."""

    sheet = pw.ForeignKeyField(LiaisonSheet, backref="links", on_delete="CASCADE")
    token_hash = pw.CharField(max_length=64, unique=True)
    slot = pw.CharField(max_length=22, null=True, unique=True)
    expires_at = pw.DateTimeField()

    @property
    def opens(self):
        """Whether it shows the sheet today."""
        is_living = self.slot is not None and self.expires_at > now()
        return is_living and self.sheet.is_open and self.sheet.employer is not None

    @classmethod
    def send(cls, sheet, address):
        """A new link by e-mail: the message says neither who nor what."""
        cls.close(sheet)
        token = new_token()
        cls.create(
            sheet=sheet, token_hash=hash_token(token), slot=str(sheet.id),
            expires_at=now() + dt.timedelta(days=delays().link),
        )  # fmt: skip
        outbox.post_privately("liaison_employer", address, token=token)

    @classmethod
    def close(cls, sheet):
        """No link opens it any more."""
        cls.update(slot=None).where(cls.slot == str(sheet.id)).execute()

    @classmethod
    def of_token(cls, token):
        """The link that this token is, with its sheet and prescription, or None."""
        rows = (
            cls.select(cls, LiaisonSheet, Prescription, Organisation)
            .join_from(cls, LiaisonSheet)
            .join_from(LiaisonSheet, Prescription)
            .join_from(Prescription, Organisation, on=Prescription.provider)
        )
        return rows.where(cls.token_hash == hash_token(token)).first()
