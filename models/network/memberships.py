"""Who works for which organisation, and the référent's card that the network shows (REQ 2)."""

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, transaction
from ..database import held
from .organisations import Organisation

# « la mise en réseau de 150 référents » (REQ 2): the gauge of the network's page.
ANNOUNCED_LEADS = 150


class Availability(Vocabulary):
    """Whether a référent can take someone more today."""

    OPEN = "disponible", N_("Peut accueillir de nouvelles personnes")
    FULL = "complet", N_("Complet pour l’instant")
    AWAY = "absent", N_("Absent pour l’instant")


class Membership(Entity):
    """An account within an organisation; a professional may have several.

    `zones` lists commune, EPCI and département codes, `audiences` values of data·inclusion: empty
    is everywhere, and everyone. `slot` makes the living membership of a pair unique; it is None
    once ended, and the ended row stays as history.
    """

    account = pw.ForeignKeyField(Account, backref="memberships", on_delete="CASCADE")
    organisation = pw.ForeignKeyField(Organisation, backref="memberships", on_delete="RESTRICT")
    slot = pw.CharField(max_length=44, null=True, unique=True)
    is_manager = pw.BooleanField(default=False)
    is_lead = pw.BooleanField(default=True)
    function = pw.CharField(max_length=120, default="")
    zones = pw.JSONField(default=list)
    audiences = pw.JSONField(default=list)
    availability = VocabularyField(Availability, default=Availability.OPEN)
    phone = pw.CharField(max_length=30, default="")
    email = pw.CharField(max_length=254, default="")
    is_listed = pw.BooleanField(default=False)
    ended_at = pw.DateTimeField(null=True)

    @classmethod
    @transaction
    def start(cls, account, organisation, *, by, is_manager=False, function=""):
        """The living membership of this pair, made if need be; it never lowers what was held."""
        slot = f"{account.id}:{organisation.id}"
        held = cls.get_or_none(cls.slot == slot)
        if held and (held.is_manager or not is_manager):
            return held
        membership = held or cls(account=account, organisation=organisation, slot=slot)
        membership.is_manager, membership.function = is_manager, function or membership.function
        membership.save()
        audit.record("membership:start", membership, by=by, manager=is_manager)
        return membership

    @classmethod
    def of_account(cls, account):
        """The living memberships of an account, with what names their organisations, by name: read
        at each request, they leave what a card says aside."""
        rows = list(
            cls.select(*cls.named(), *Organisation.judged())
            .join_from(cls, Account)
            .join_from(cls, Organisation)
            .where(cls.account == account, cls.ended_at.is_null(), Account.is_active)
            .order_by(Organisation.sort_name, Organisation.id)
        )
        for row in rows:
            row.account = account
        return rows

    @classmethod
    def named(cls):
        """The columns that tell who is what, without the card."""
        return (
            cls.id, cls.code, cls.account, cls.organisation, cls.slot, cls.is_manager, cls.is_lead,
            cls.function, cls.ended_at,
        )  # fmt: skip

    @classmethod
    def of_organisation(cls, organisation):
        """The living memberships of an organisation with their accounts, by name."""
        return list(
            cls.living().where(cls.organisation == organisation).order_by(Account.name, Account.id)
        )

    @classmethod
    def living(cls):
        """A query of memberships not ended, of active accounts, with both sides."""
        return cls._with_both_sides().where(cls.ended_at.is_null(), Account.is_active)

    @classmethod
    def _with_both_sides(cls):
        return (
            cls.select(cls, Account, Organisation)
            .join_from(cls, Account)
            .join_from(cls, Organisation)
        )

    @classmethod
    def living_of_code(cls, code):
        """The living membership of this public identifier, with both sides, or None."""
        return cls.living().where(cls.code == code).first()

    @classmethod
    def of_code(cls, code):
        """The membership of this public identifier, ended or not, with both sides, or None."""
        return cls._with_both_sides().where(cls.code == code).first()

    @classmethod
    def living_pairs(cls, *, leads=False):
        """`{(account, organisation)}`, as row numbers; of the référents only when asked."""
        rows = cls.living().where(cls.is_lead) if leads else cls.living()
        return set(rows.select(cls.account, cls.organisation).tuples())

    @classmethod
    def living_of_pairs(cls, pairs):
        """`{(account, organisation): membership}` of those that live among these row numbers."""
        slots = [f"{account}:{organisation}" for account, organisation in pairs]
        rows = cls.living().where(cls.slot << slots)
        return {(row.account_id, row.organisation_id): row for row in rows}

    @classmethod
    def between(cls, account, organisation):
        """Their living membership, or None."""
        return cls.get_or_none(cls.slot == f"{account.id}:{organisation.id}")

    @transaction
    def describe(self, *, by, **card):
        """Write the card: function, zones, audiences, availability, contact, is_listed, is_lead."""
        for name, value in card.items():
            setattr(self, name, value)
        self.save()
        audit.record("membership:describe", self, by=by)

    @transaction
    def set_manager(self, value, *, by):
        """Give or take the management; nobody raises himself, and the last one stays (I15)."""
        if not value:
            self._refuse_losing_the_last_manager()
        if by.id == self.account_id:
            raise RuleBroken(N_("Vous ne pouvez pas changer votre propre rôle."))
        if self.is_manager == value:
            return
        self.is_manager = value
        self.save()
        audit.record("membership:manager", self, by=by, manager=value)

    @transaction
    def end(self, *, by):
        """Close the membership; its rights stop at the next request (I3)."""
        if self.ended_at:
            return
        self._refuse_losing_the_last_manager()
        self.ended_at, self.slot = now(), None
        self.save()
        audit.record("membership:end", self, by=by)

    def _refuse_losing_the_last_manager(self):
        if not self.is_manager:
            return
        held(Membership.select().where(Membership.organisation == self.organisation))
        if len(managers_of(self.organisation)) <= 1:
            raise RuleBroken(
                N_("C’est le dernier responsable : nommez-en un autre avant de le retirer.")
            )


def unmanaged():
    """The organisations of the network that no living membership manages, by name."""
    managed = Membership.select(Membership.organisation).join(Account).where(
        Membership.ended_at.is_null(), Membership.is_manager, Account.is_active
    )  # fmt: skip
    admitted = Organisation.select().where(
        Organisation.admitted_at.is_null(False), Organisation.left_at.is_null()
    )
    return list(admitted.where(Organisation.id.not_in(managed)).order_by(Organisation.sort_name))


def managers_of(organisation):
    """The living memberships that manage an organisation."""
    return [one for one in Membership.of_organisation(organisation) if one.is_manager]
