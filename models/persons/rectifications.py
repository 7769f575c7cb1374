"""A person says that something recorded is wrong; a référent answers within a month (REQ-209)."""

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    local_day,
    now,
    transaction,
)
from ..database import held
from ..days import months_after
from ..sealed import SealedField
from ..territories import commune, find_communes, read_commune
from . import identity
from .accompaniments import Accompaniment
from .notices import News, PersonNotice
from .person import ContactBy, Declared, Person

ANSWERED_WITHIN_MONTHS = 1


class Item(Vocabulary):
    """What of her identity can be put right: each value is a column of `Person`."""

    FAMILY_NAME = "family_name", N_("Nom")
    GIVEN_NAME = "given_name", N_("Prénom")
    BIRTH_YEAR = "birth_year", N_("Année de naissance")
    COMMUNE = "commune_code", N_("Commune")
    PHONE = "phone", N_("Téléphone")
    EMAIL = "email", N_("Adresse électronique")
    CONTACT_BY = "contact_by", N_("Moyen de contact")
    RECEIVES_RSA = "receives_rsa", N_("Reçoit le RSA")

    @property
    def choices(self):
        """The vocabulary to choose from, or None when it is typed."""
        return {Item.CONTACT_BY: ContactBy, Item.RECEIVES_RSA: Declared}.get(self)

    def read(self, text):
        """The value that a text writes, as the file keeps it; raises `RuleBroken`."""
        return _READ[self](text)

    def shown(self, value):
        """The value of the file in words that a form can show again."""
        if self is Item.COMMUNE:
            return commune(value).name if value and commune(value) else value
        return self.choices(value).label if self.choices and value else value


def _commune(text):
    found = find_communes(text)
    return found[0].code if len(found) == 1 else read_commune(text)[0].code


def _one_of(vocabulary):
    def read(text):
        if text not in set(vocabulary):
            raise RuleBroken(N_("choisissez une réponse de la liste."))
        return vocabulary(text)

    return read


_READ = {
    Item.FAMILY_NAME: identity.name,
    Item.GIVEN_NAME: identity.name,
    Item.BIRTH_YEAR: identity.birth_year,
    Item.COMMUNE: _commune,
    Item.PHONE: identity.phone,
    Item.EMAIL: identity.email,
    Item.CONTACT_BY: _one_of(ContactBy),
    Item.RECEIVES_RSA: _one_of(Declared),
}


class RectificationState(Vocabulary):
    """Where a request stands."""

    ASKED = "demande", N_("Pas encore de réponse")
    ACCEPTED = "corrige", N_("C’est corrigé")
    DECLINED = "refuse", N_("Pas corrigé")


class Refusal(Vocabulary):
    """Why the file stays as it is: the person reads it."""

    PAPER_NEEDED = "justificatif", N_("Il faut un papier qui le montre : apportez-le au guichet.")
    ALREADY = "deja", N_("C’est déjà écrit ainsi dans votre dossier.")
    TO_TALK = "en-parler", N_("Parlons-en ensemble : votre référent vous appelle.")


class Rectification(Entity):
    """One value that she says is wrong, and the right one. `slot` makes the open request of an item
    unique; it is None once answered. `proposed` is what the file would hold, sealed like it."""

    person = pw.ForeignKeyField(Person, backref="rectifications", on_delete="CASCADE")
    item = VocabularyField(Item)
    proposed = SealedField()
    slot = pw.CharField(max_length=64, null=True, unique=True)
    state = VocabularyField(RectificationState, default=RectificationState.ASKED)
    refusal = VocabularyField(Refusal, null=True)
    decided_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    decided_at = pw.DateTimeField(null=True)

    @property
    def answered_before(self):
        """The day before which she must have an answer (RGPD, article 12)."""
        return months_after(local_day(self.created_at), ANSWERED_WITHIN_MONTHS)

    @property
    def value(self):
        return self.item.read(self.proposed)

    @property
    def words(self):
        """What she proposes, as it is read."""
        if self.item is Item.COMMUNE:
            return self.item.shown(self.proposed)
        return self.item.shown(self.proposed) if self.item.choices else self.proposed

    @classmethod
    def of_person(cls, person):
        """Every request she made, those that wait first, then the latest."""
        rows = cls.select().where(cls.person == person)
        return sorted(rows, key=lambda row: (row.decided_at is not None, -row.id))

    @classmethod
    def of_hers(cls, person, code):
        """Her request of this public identifier, or None (I13)."""
        return cls.get_or_none((cls.code == code) & (cls.person == person))

    @classmethod
    @transaction
    def ask(cls, person, item, text):
        """She asks; her lead référent is told that somebody did. What she asked before of the same
        item, and nobody answered, is replaced. Raises `RuleBroken`."""
        value = item.read(text)
        if value == getattr(person, item.value):
            raise RuleBroken(N_("c’est déjà écrit ainsi dans votre dossier."))
        slot = f"{person.id}:{item.value}"
        for former in held(cls.select().where(cls.slot == slot)):
            former.delete_instance()
        asked = cls(person=person, item=item, slot=slot)
        asked.proposed = str(value)
        asked.save()
        person.touch()
        person.save(only=person.dirty_fields)
        audit.record("rectification:ask", asked, by=person, person=person, item=item.value)
        if lead := Accompaniment.lead_of(person):
            account = lead.account
            outbox.post(
                "rectification_asked", account.identifier, account.language, code=person.code
            )
        return asked

    @transaction
    def accept(self, *, by):
        """Write the right value into the file."""
        self._decide(RectificationState.ACCEPTED, by)
        self.person.rewrite_identity({self.item.value: self.value}, by=by)
        audit.record("rectification:accept", self, by=by, person=self.person, item=self.item.value)

    @transaction
    def decline(self, refusal, *, by):
        """Leave the file as it is, and say why."""
        self.refusal = refusal
        self._decide(RectificationState.DECLINED, by)
        audit.record(
            "rectification:decline", self, by=by, person=self.person, item=self.item.value,
            refusal=refusal.value,
        )  # fmt: skip

    def _decide(self, state, by):
        cls = type(self)
        if not held(cls.select(cls.id).where(cls.id == self.id, cls.slot.is_null(False))):
            raise RuleBroken(N_("Cette demande a déjà une réponse."))
        self.state, self.decided_at, self.decided_by, self.slot = state, now(), by, None
        self.save(only=self.dirty_fields)
        PersonNotice.tell(self.person, News.RECTIFIED, account=by)
