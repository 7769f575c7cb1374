"""Signing the charter, for an organisation or in one’s own name, and what proves it (REQ 69)."""

import peewee as pw

from . import audit
from .accounts import Account
from .base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, database, now, transaction
from .charter import CharterVersion
from .organisations import Organisation


class Capacity(Vocabulary):
    """In whose name one signs."""

    ORGANISATION = "organisme", N_("Pour l’organisme")
    PROFESSIONAL = "professionnel", N_("En son nom")


class CharterReplaced(RuleBroken):
    """The version one was reading is no longer the one to sign."""


class CharterSignature(Entity):
    """A person bound an organisation, or himself within it, to an exact text.

    Names and function are written as they were that day; `code` verifies the printed proof.
    `slot` makes a signature unique while it stands, and is None once it is withdrawn.
    """

    version = pw.ForeignKeyField(CharterVersion, backref="signatures", on_delete="RESTRICT")
    organisation = pw.ForeignKeyField(Organisation, backref="signatures", on_delete="RESTRICT")
    account = pw.ForeignKeyField(Account, backref="signatures", on_delete="RESTRICT")
    capacity = VocabularyField(Capacity)
    slot = pw.CharField(max_length=80, null=True, unique=True)
    signer_name = pw.CharField(max_length=120)
    signer_function = pw.CharField(max_length=120, default="")
    organisation_name = pw.CharField(max_length=255)
    text_hash = pw.CharField(max_length=64)
    withdrawn_at = pw.DateTimeField(null=True)

    @property
    def stands(self):
        return self.withdrawn_at is None

    @classmethod
    def sign(cls, version, membership, capacity):
        """The signature of this version; signing again answers the one that stands.

        Raises `CharterReplaced` when the version is not the current one, `RuleBroken` when the
        organisation is not in the network, or when the signer may not sign in this capacity.
        """
        _refuse(version, membership, capacity)
        slot = _slot(version, membership, capacity)
        held = cls.get_or_none(cls.slot == slot)
        if held:
            return held
        try:
            return cls._write(version, membership, capacity, slot)
        except pw.IntegrityError:
            # The other click of a double click was first.
            return cls.get(cls.slot == slot)

    @classmethod
    def _write(cls, version, membership, capacity, slot):
        with database.atomic():
            signature = cls.create(
                version=version,
                organisation=membership.organisation,
                account=membership.account,
                capacity=capacity,
                slot=slot,
                signer_name=membership.account.name,
                signer_function=membership.function,
                organisation_name=membership.organisation.name,
                text_hash=version.text_hash,
            )
            audit.record("charter:sign", signature, by=membership.account, capacity=capacity.value)
        return signature

    @transaction
    def withdraw(self, *, by):
        """Take a signature back: what it allowed stops at the next request (I3)."""
        if not self.stands:
            return
        self.withdrawn_at, self.slot = now(), None
        self.save()
        audit.record("charter:withdraw", self, by=by, capacity=self.capacity.value)

    @classmethod
    def standing(cls):
        """A query of the signatures that count today, with version, organisation and signer."""
        return (
            cls.select(cls, CharterVersion, Organisation, Account)
            .join_from(cls, CharterVersion)
            .join_from(cls, Organisation)
            .join_from(cls, Account)
            .where(cls.withdrawn_at.is_null(), cls.version << CharterVersion.accepted())
        )

    @classmethod
    def of_organisation(cls, organisation):
        """What the organisation signed that counts today, latest version first, or None."""
        return (
            cls.standing()
            .where(cls.organisation == organisation, cls.capacity == Capacity.ORGANISATION)
            .order_by(CharterVersion.published_at.desc())
            .first()
        )

    @classmethod
    def of_member(cls, membership):
        """What this professional signed within this organisation that counts today, or None."""
        return (
            cls.standing()
            .where(
                cls.account == membership.account,
                cls.organisation == membership.organisation,
                cls.capacity == Capacity.PROFESSIONAL,
            )
            .order_by(CharterVersion.published_at.desc())
            .first()
        )

    @classmethod
    def signed_organisation_ids(cls):
        """The row numbers of the organisations whose signature counts today."""
        rows = cls.standing().where(cls.capacity == Capacity.ORGANISATION)
        return {signature.organisation_id for signature in rows}

    @classmethod
    def register(cls):
        """The organisations whose signature counts today, by name, each with `signature` and
        `signer_count`: how many of its professionals signed."""
        rows = list(cls.standing().where(Organisation.admitted_at.is_null(False)))
        signers = {}
        for row in rows:
            if row.capacity == Capacity.PROFESSIONAL:
                signers.setdefault(row.organisation_id, set()).add(row.account_id)
        by_organisation = {}
        for row in sorted(rows, key=lambda row: row.version.published_at):
            if row.capacity == Capacity.ORGANISATION and row.organisation.is_admitted:
                row.organisation.signature = row
                row.organisation.signer_count = len(signers.get(row.organisation_id, ()))
                by_organisation[row.organisation_id] = row.organisation
        return sorted(by_organisation.values(), key=lambda organisation: organisation.sort_name)

    @classmethod
    def proof(cls, code):
        """A signature, even withdrawn, with its version, organisation and signer, or None."""
        return (
            cls.select(cls, CharterVersion, Organisation, Account)
            .join_from(cls, CharterVersion)
            .join_from(cls, Organisation)
            .join_from(cls, Account)
            .where(cls.code == code)
            .first()
        )


@transaction
def leave_network(membership):
    """An organisation leaves, by one of its managers: its access ends this very moment."""
    organisation = membership.organisation
    if not membership.is_manager:
        raise RuleBroken(N_("Seul un responsable peut engager ou retirer son organisme."))
    if not organisation.admitted_at or organisation.left_at:
        raise RuleBroken(N_("Cet organisme n’est pas dans le réseau."))
    organisation.left_at = now()
    organisation.save()
    for signature in organisation.signatures.where(
        CharterSignature.capacity == Capacity.ORGANISATION, CharterSignature.slot.is_null(False)
    ):
        signature.withdraw(by=membership.account)
    audit.record("organisation:leave", organisation, by=membership.account)


def _refuse(version, membership, capacity):
    current = CharterVersion.current()
    if current is None or version.id != current.id:
        raise CharterReplaced(N_("La charte a changé pendant votre lecture."))
    if not membership.organisation.is_admitted:
        raise RuleBroken(N_("Votre organisme n’est pas dans le réseau, ou son accès est suspendu."))
    if membership.ended_at:
        raise RuleBroken(N_("Vous ne faites plus partie de cet organisme."))
    if capacity == Capacity.ORGANISATION and not membership.is_manager:
        raise RuleBroken(N_("Seul un responsable peut engager ou retirer son organisme."))
    if capacity == Capacity.PROFESSIONAL and not CharterSignature.of_organisation(
        membership.organisation
    ):
        raise RuleBroken(N_("Votre organisme signe d’abord ; vous signerez ensuite."))


def _slot(version, membership, capacity):
    who = "organisme" if capacity == Capacity.ORGANISATION else membership.account_id
    return f"{version.id}:{membership.organisation_id}:{who}"
