"""Who accompanies whom, for which organisation, since when: référents and their history."""

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, transaction
from ..network.organisations import Organisation
from .agreements import Agreement
from .person import Person


class ReferentRole(Vocabulary):
    """What a référent is for the person."""

    LEAD = "referent-unique", N_("Référent unique")
    OTHER = "autre-referent", N_("Autre référent")


class StartReason(Vocabulary):
    """Why an accompaniment begins."""

    OPENED = "ouverture", N_("Ouverture du dossier")
    JOINED = "accord", N_("La personne a donné son accord")
    HANDED_OVER = "relais", N_("Relais d’un autre référent")
    NAMED = "nomination", N_("Nommé par l’animation du réseau")
    CHOSEN = "choix", N_("Choisi par la personne")
    STAYED = "reste", N_("Reste référent pour un autre sujet")


class EndReason(Vocabulary):
    """Why it ends."""

    HANDED_OVER = "relais", N_("Relais à un autre référent")
    DONE = "fin", N_("Accompagnement terminé")
    BY_PERSON = "personne", N_("À la demande de la personne")
    LEFT = "depart", N_("Départ du professionnel")
    MOVED = "demenagement", N_("Déménagement de la personne")
    LAPSED = "organisme", N_("L’organisme n’a plus le droit d’écrire")
    CLOSED = "clos", N_("Dossier clos")
    PROMOTED = "devient-unique", N_("Devient référent unique")


class Accompaniment(Entity):
    """One référent of one person, for one organisation. `slot` makes the living link of the three
    unique, `lead_slot` the person's living lead; both are None once ended, and the row stays."""

    person = pw.ForeignKeyField(Person, backref="accompaniments", on_delete="CASCADE")
    account = pw.ForeignKeyField(Account, on_delete="RESTRICT")
    organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
    role = VocabularyField(ReferentRole)
    slot = pw.CharField(max_length=66, null=True, unique=True)
    lead_slot = pw.CharField(max_length=22, null=True, unique=True)
    start_reason = VocabularyField(StartReason)
    ended_at = pw.DateTimeField(null=True)
    end_reason = VocabularyField(EndReason, null=True)

    class Meta:
        indexes = ((("account", "ended_at"), False),)

    @classmethod
    def living(cls):
        return cls.ended_at.is_null()

    @classmethod
    def of_person(cls, person):
        """Every référent she ever had, with their names: present ones first, then the latest."""
        rows = (
            cls.select(cls, Account, Organisation)
            .join_from(cls, Account)
            .join_from(cls, Organisation)
            .where(cls.person == person)
        )
        return sorted(
            rows, key=lambda row: (row.ended_at is not None, row.lead_slot is None, -row.id)
        )

    @classmethod
    def lead_of(cls, person):
        """Her present référent unique, or None."""
        return cls.get_or_none(cls.lead_slot == str(person.id))

    @classmethod
    def free_role(cls, person):
        """The role that her next référent takes: the unique one when nobody holds it."""
        return ReferentRole.OTHER if cls.lead_of(person) else ReferentRole.LEAD

    @classmethod
    def opening(cls, account, organisations, person):
        """The living link of this account with this person, in one of these organisations to which
        she agrees today; None when there is none (I1)."""
        links = cls._opened(account, organisations).where(cls.person == person)
        return links.select(cls.id, cls.organisation).first()

    @classmethod
    def openings(cls, account, organisations, person):
        """Each of these links, with its organisation."""
        rows = cls._opened(account, organisations).where(cls.person == person)
        rows = rows.select_extend(Organisation).join_from(cls, Organisation)
        return list(rows.order_by(Organisation.sort_name, cls.id))

    @classmethod
    def opened_to(cls, account, organisations):
        """Every link through which this account may open a file today, with the person, and the
        day its agreement ends."""
        rows = cls._opened(account, organisations).join_from(cls, Person)
        return rows.select_extend(Person, Agreement.ends_on)

    @classmethod
    def stopped(cls, account, *, since):
        """What persons ended with this account since that moment, the latest first, each with the
        identifier of its person; none of whom the account accompanies anew."""
        again = cls.select(cls.person).where(cls.account == account, cls.living())
        rows = cls.select(cls, Person.id, Person.identifier).join_from(cls, Person)
        rows = rows.where(cls.account == account, cls.end_reason == EndReason.BY_PERSON)
        rows = rows.where(cls.ended_at > since, cls.person.not_in(again))
        return list(rows.order_by(cls.ended_at.desc()))

    @classmethod
    def _opened(cls, account, organisations):
        agreed = (
            (Agreement.person == cls.person)
            & (Agreement.organisation == cls.organisation)
            & Agreement.current()
        )
        return (
            cls.select(cls)
            .join(Agreement, on=agreed)
            .where(cls.account == account, cls.living(), cls.organisation << list(organisations))
        )

    @classmethod
    @transaction
    def start(cls, person, account, organisation, role, reason, *, by):
        """Link a référent to a person who agrees to his organisation; the same link twice is once.

        Raises `RuleBroken` without that agreement, or when she has another lead already.
        """
        if Agreement.between(person, organisation) is None:
            raise RuleBroken(N_("La personne n’a pas donné son accord à cet organisme."))
        slot = f"{person.id}:{account.id}:{organisation.id}"
        if there := cls.get_or_none(cls.slot == slot):
            return there
        if role is ReferentRole.LEAD and cls.lead_of(person):
            raise RuleBroken(N_("Cette personne a déjà un référent unique : il passe le relais."))
        link = cls.create(
            person=person, account=account, organisation=organisation, role=role, slot=slot,
            lead_slot=str(person.id) if role is ReferentRole.LEAD else None, start_reason=reason,
        )  # fmt: skip
        audit.record(
            "accompaniment:start", link, by=by, person=person, organisation=organisation,
            role=role.value, reason=reason.value, account=account.id,
        )  # fmt: skip
        return link

    @transaction
    def end(self, reason, *, by):
        """End it: the account reads nothing more at its next request. Twice is once."""
        if self.ended_at is not None:
            return
        self.ended_at, self.end_reason, self.slot, self.lead_slot = now(), reason, None, None
        self.save(only=self.dirty_fields)
        audit.record(
            "accompaniment:end", self, by=by, person=self.person,
            organisation=self.organisation, reason=reason.value, account=self.account_id,
        )  # fmt: skip
