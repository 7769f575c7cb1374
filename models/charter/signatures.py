"""Signing the charter, for an organisation or in one’s own name, and what proves it (REQ 69)."""

import contextlib
import datetime as dt

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    database,
    local_day,
    now,
    transaction,
    typed_code,
)
from ..network.memberships import Membership
from ..network.organisations import Organisation
from ..text import fold
from .versions import CharterVersion


class Capacity(Vocabulary):
    """In whose name one signs."""

    ORGANISATION = "organisme", N_("Pour l’organisme")
    PROFESSIONAL = "professionnel", N_("En son nom")


class SignatureState(Vocabulary):
    """What a signature is worth today."""

    VALID = "valable", N_("Valable")
    FORMER = "ancienne", N_("D’une version remplacée")
    WITHDRAWN = "retiree", N_("Retirée")


class Obstacle(Vocabulary):
    """What stands between a member and his signature."""

    ENDED = "parti", N_("Vous ne faites plus partie de cet organisme.")
    LEFT = "organisme-parti", N_("Votre organisme a quitté le réseau.")
    SUSPENDED = "suspendu", N_("L’accès de votre organisme au réseau est suspendu.")
    NOT_ADMITTED = "non-admis", N_("Votre organisme n’est pas encore admis dans le réseau.")
    NOT_MANAGER = (
        "non-responsable",
        N_("Seul un responsable peut engager ou retirer son organisme."),
    )
    ORGANISATION_FIRST = (
        "organisme-d-abord",
        N_("Votre organisme signe d’abord ; vous signerez ensuite."),
    )


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

    @property
    def bound(self):
        """`(organisation, account)`, as row numbers; None for the account when it binds the
        organisation itself."""
        is_own = self.capacity == Capacity.PROFESSIONAL
        return self.organisation_id, self.account_id if is_own else None

    @property
    def state(self):
        """Its `SignatureState` today."""
        if not self.stands:
            return SignatureState.WITHDRAWN
        is_accepted = self.version in CharterVersion.accepted()
        return SignatureState.VALID if is_accepted else SignatureState.FORMER

    @classmethod
    def held(cls, version, membership, capacity):
        """The standing signature of this very version, or None."""
        return cls.get_or_none(cls.slot == _slot(version, membership, capacity))

    @classmethod
    def sign(cls, version, membership, capacity):
        """The signature of this version; signing again answers the one that stands.

        Raises `CharterReplaced` when the version is not the current one, `RuleBroken` when the
        organisation is not in the network, or when the signer may not sign in this capacity.
        """
        _refuse(version, membership, capacity)
        slot = _slot(version, membership, capacity)
        if held := cls.held(version, membership, capacity):
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
            signature._mail_proof()
        return signature

    def _mail_proof(self):
        """Send the verification code to the signer; an address that takes no mail stops nothing."""
        with contextlib.suppress(RuleBroken):
            outbox.post(
                "charter_signed",
                to=self.account.identifier,
                language=self.account.language,
                code=self.code,
                number=self.version.number,
                organisation=self.organisation_name,
                for_organisation=self.capacity == Capacity.ORGANISATION,
            )

    @transaction
    def withdraw(self, *, by):
        """Take a signature back: what it allowed stops at the next request (I3)."""
        if not self.stands:
            return
        self.withdrawn_at, self.slot = now(), None
        self.save()
        audit.record("charter:withdraw", self, by=by, capacity=self.capacity.value)

    @classmethod
    def counting(cls):
        """A query of the signatures that count today, each with the number and day of its version:
        the text of a version, built for every signature, would cost more than the rest."""
        return (
            cls.select(cls, *CharterVersion.named())
            .join_from(cls, CharterVersion)
            .where(cls.withdrawn_at.is_null(), cls.version << CharterVersion.accepted())
        )

    @classmethod
    def binding(cls, organisations, accounts):
        """Those that count today and bind these organisations or, within them, these accounts: of
        the oldest version first. Asked at each request, it leaves the names of that day aside."""
        accepted = {version.id: version for version in CharterVersion.accepted()}
        rows = cls.select(
            cls.id, cls.code, cls.created_at, cls.version, cls.organisation, cls.account,
            cls.capacity,
        ).where(
            cls.withdrawn_at.is_null(), cls.version << list(accepted),
            cls.organisation << organisations,
            (cls.capacity == Capacity.ORGANISATION) | (cls.account << accounts),
        )  # fmt: skip
        for row in rows:
            row.version = accepted[row.version_id]
        return sorted(rows, key=lambda row: row.version.published_at)

    @classmethod
    def standing(cls):
        """The same query, with what names the organisation and the signer."""
        return (
            cls.counting()
            .select_extend(*Organisation.named(), Account)
            .join_from(cls, Organisation)
            .join_from(cls, Account)
        )

    @classmethod
    def in_force(cls):
        """The signatures that count today: of organisations in the network, and of those of their
        professionals who still work there."""
        living = Membership.living_pairs()
        return [
            row
            for row in cls.standing()
            if row.organisation.is_admitted
            and (
                row.capacity == Capacity.ORGANISATION
                or (row.account_id, row.organisation_id) in living
            )
        ]

    @classmethod
    @transaction
    def withdraw_own(cls, membership):
        """A professional takes back every version he signed within this organisation; answers the
        last of them, or None."""
        taken = []
        for signature in cls._own(membership).where(cls.slot.is_null(False)):
            signature.withdraw(by=membership.account)
            taken.append(signature)
        return taken[-1] if taken else None

    @classmethod
    def _own(cls, membership):
        """A query of what this member signed in his own name, first to last."""
        return (
            cls.select()
            .where(
                cls.account == membership.account,
                cls.organisation == membership.organisation,
                cls.capacity == Capacity.PROFESSIONAL,
            )
            .order_by(cls.id)
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
    def lapses(cls, organisations):
        """`{whom it bound: first day without a signature that counts}`, within these organisations;
        a signature that still counts has none."""
        ends, last_days = {}, CharterVersion.last_days(CharterVersion.published())
        for row in cls.select().where(cls.organisation << organisations):
            last = last_days[row.version_id]
            ended = (local_day(row.withdrawn_at), last and last + dt.timedelta(days=1))
            ends.setdefault(row.bound, []).append(min(filter(None, ended), default=None))
        return {bound: max(days) for bound, days in ends.items() if all(days)}

    @classmethod
    def signed_organisation_ids(cls):
        """The row numbers of the organisations whose signature counts today."""
        rows = cls.counting().where(cls.capacity == Capacity.ORGANISATION)
        return {organisation for (organisation,) in rows.select(cls.organisation).tuples()}

    @classmethod
    def register(cls, category=None):
        """The organisations whose signature counts today, by name, each with `signature` and
        `signers`: those of its professionals who signed, by name."""
        rows = cls.in_force()
        people = _signers(rows)
        found = {}
        for row in sorted(rows, key=lambda row: row.version.published_at):
            organisation = row.organisation
            if row.capacity == Capacity.ORGANISATION and category in (None, organisation.category):
                organisation.signature = row
                organisation.signers = people.get(organisation.id, [])
                found[organisation.id] = organisation
        return sorted(found.values(), key=lambda organisation: organisation.sort_name)

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

    @classmethod
    def verified(cls, text):
        """The signature whose code somebody typed from paper, or None: nothing tells a code badly
        typed from one that nobody bears."""
        code = typed_code(text)
        return cls.proof(code) if code else None


def _signers(signatures):
    """`{organisation: professionals who signed}`, each once, by name."""
    people = {}
    for row in signatures:
        if row.capacity == Capacity.PROFESSIONAL:
            people.setdefault(row.organisation_id, {})[row.account_id] = row.account
    return {
        organisation: sorted(found.values(), key=lambda account: fold(account.name))
        for organisation, found in people.items()
    }


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


def obstacle(membership, capacity):
    """What keeps this member from signing in this capacity today: an `Obstacle`, or None."""
    organisation = membership.organisation
    if membership.ended_at:
        return Obstacle.ENDED
    if not organisation.is_admitted:
        return _why_outside(organisation)
    if capacity == Capacity.ORGANISATION:
        return None if membership.is_manager else Obstacle.NOT_MANAGER
    return None if CharterSignature.of_organisation(organisation) else Obstacle.ORGANISATION_FIRST


def _why_outside(organisation):
    if organisation.left_at:
        return Obstacle.LEFT
    return Obstacle.SUSPENDED if organisation.suspended_at else Obstacle.NOT_ADMITTED


def _refuse(version, membership, capacity):
    current = CharterVersion.current()
    if current is None or version.id != current.id:
        raise CharterReplaced(N_("La charte a changé pendant votre lecture."))
    if found := obstacle(membership, capacity):
        raise RuleBroken(found.label)


def _slot(version, membership, capacity):
    who = "organisme" if capacity == Capacity.ORGANISATION else membership.account_id
    return f"{version.id}:{membership.organisation_id}:{who}"
