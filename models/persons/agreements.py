"""The accord de partage: to whom, what, until when; given by the person, withdrawn as simply.

Never deleted, never assumed, never overwritten: what changes is another agreement (REQ-73, I7).
"""

import datetime as dt
import re

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, today, transaction
from ..database import held
from ..days import months_after
from ..network.organisations import Organisation
from .person import Person
from .sharing import WORDING, Domain, fingerprint_of

USUAL_MONTHS, MOST_MONTHS = 12, 24
# How long a person may choose to agree for, in months.
DURATIONS = {
    3: N_("3 mois"), 6: N_("6 mois"), USUAL_MONTHS: N_("1 an"), MOST_MONTHS: N_("2 ans"),
}  # fmt: skip
_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9/.\-]{1,19}")


class Given(Vocabulary):
    """How the person gave it."""

    CODE = "code", N_("Code tapé par la personne, sur l’écran du professionnel")
    OWN_SPACE = "espace", N_("Donné par la personne, dans son espace")
    PAPER = "papier", N_("Accord signé sur papier")


class AgreementEnd(Vocabulary):
    """Why it no longer holds, before its term."""

    WITHDRAWN = "retire", N_("Retiré par la personne")
    RETURNED = "rendu", N_("Rendu par l’organisme")
    REPLACED = "remplace", N_("Remplacé par un autre accord")
    CLOSED = "clos", N_("Dossier clos")


class Agreement(Entity):
    """What one person lets one organisation read. `slot` makes the living one of a pair unique; it
    is None once ended. `domains` lists values of `Domain`; the identity is always part of it."""

    person = pw.ForeignKeyField(Person, backref="agreements", on_delete="CASCADE")
    organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
    slot = pw.CharField(max_length=44, null=True, unique=True)
    domains = pw.JSONField(default=list)
    has_passport = pw.BooleanField(default=False)
    given = VocabularyField(Given)
    # Paper: its number in the organisation's files, and the day it was signed. Nothing else.
    paper_reference = pw.CharField(max_length=20, default="")
    signed_on = pw.DateField()
    recorded_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    wording = pw.CharField(max_length=10, default=WORDING)
    wording_hash = pw.CharField(max_length=64)
    ends_on = pw.DateField()
    ended_at = pw.DateTimeField(null=True)
    end = VocabularyField(AgreementEnd, null=True)

    @property
    def is_current(self):
        return self.ended_at is None and self.ends_on >= today()

    @property
    def shared_domains(self):
        return [Domain(value) for value in self.domains]

    @classmethod
    def current(cls):
        """The condition of those that hold today, to its last minute, French time."""
        return cls.ended_at.is_null() & (cls.ends_on >= today())

    @classmethod
    def of_person(cls, person):
        """Every agreement ever given, those that hold first, with their organisations."""
        rows = cls.select(cls, Organisation).join(Organisation).where(cls.person == person)
        return sorted(rows, key=lambda row: (not row.is_current, -row.id))

    @classmethod
    def between(cls, person, organisation):
        """The one that holds today between them, or None."""
        pair = (cls.person == person) & (cls.organisation == organisation)
        return cls.get_or_none(pair & cls.current())

    @classmethod
    def current_pairs(cls, persons):
        """`{(person, organisation)}`, as row numbers, of what holds today for these persons."""
        rows = cls.select(cls.person, cls.organisation).where(cls.person << list(persons))
        return set(rows.where(cls.current()).tuples())

    @classmethod
    def of_hers(cls, person, code):
        """The agreement of this public identifier, when she is who gave it, or None (I13)."""
        return cls.get_or_none((cls.code == code) & (cls.person == person))

    @classmethod
    def ever_given(cls, person):
        return cls.select().where(cls.person == person).exists()

    @classmethod
    @transaction
    def give(
        cls, person, organisation, *, given, ends_on, by, domains=(), has_passport=False,
        paper_reference="", signed_on=None,
    ):  # fmt: skip
        """Write that the person agrees; what held between them before is replaced.

        `by` is the person herself, or the account on whose screen or paper she agreed, whom the
        caller has recognised her before: this writes the fact, it does not check her code.
        Raises `RuleBroken`.
        """
        signed_on = signed_on or today()
        _check_dates(signed_on, ends_on)
        if not person.is_open:
            raise RuleBroken(N_("Ce dossier est clos."))
        if not organisation.is_admitted:
            raise RuleBroken(N_("Cet organisme n’est pas dans le réseau : il ne peut rien lire."))
        if given is Given.PAPER:
            paper_reference = paper_number(paper_reference)
        person.hold()
        for former in cls.select().where(cls.slot == _slot(person, organisation)):
            former._end(AgreementEnd.REPLACED)
        agreement = cls.create(
            person=person, organisation=organisation, slot=_slot(person, organisation),
            domains=[domain.value for domain in Domain if domain in domains],
            has_passport=has_passport, given=given, paper_reference=paper_reference,
            signed_on=signed_on, recorded_by=None if by.is_accompanied else by,
            wording_hash=fingerprint_of(WORDING), ends_on=ends_on,
        )  # fmt: skip
        person.touch()
        person.save(only=person.dirty_fields)
        audit.record(
            "agreement:give", agreement, by=by, person=person, organisation=organisation,
            given=given.value, until=ends_on.isoformat(),
        )  # fmt: skip
        return agreement

    @transaction
    def withdraw(self, *, by):
        """End it at once. The person may, whenever; so may a professional of the organisation, who
        gives back what he no longer needs. Ending it twice changes nothing."""
        if self.ended_at is not None:
            return
        self._end(AgreementEnd.WITHDRAWN if by.is_accompanied else AgreementEnd.RETURNED)
        self.person.touch()
        self.person.save(only=self.person.dirty_fields)
        audit.record(
            "agreement:withdraw", self, by=by, person=self.person, organisation=self.organisation
        )

    @classmethod
    @transaction
    def close_all(cls, person):
        """Her file closes: nothing of it is shared any more."""
        for living in held(cls.select().where(cls.person == person, cls.slot.is_null(False))):
            living._end(AgreementEnd.CLOSED)

    def _end(self, end):
        self.ended_at, self.end, self.slot = now(), end, None
        self.save(only=self.dirty_fields)


def _slot(person, organisation):
    return f"{person.id}:{organisation.id}"


def _check_dates(signed_on, ends_on):
    if signed_on > today():
        raise RuleBroken(N_("L’accord est signé dans le futur : vérifiez le jour."))
    if signed_on < today() - dt.timedelta(days=90):
        raise RuleBroken(
            N_("Cet accord papier a plus de trois mois : demandez à la personne de le refaire.")
        )
    if ends_on < today():
        raise RuleBroken(N_("La fin de l’accord est déjà passée."))
    if ends_on > latest_end(today()):
        raise RuleBroken(
            N_("Un accord dure %(months)d mois au plus : il se redemande ensuite."),
            months=MOST_MONTHS,
        )


def latest_end(day):
    return months_after(day, MOST_MONTHS)


def usual_end(day):
    return months_after(day, USUAL_MONTHS)


def paper_number(text):
    """The number under which an organisation keeps a signed paper: it cannot hold a sentence."""
    number = re.sub(r"\s+", "", text).upper()
    if not _REFERENCE.fullmatch(number) or not any(sign.isdigit() for sign in number):
        raise RuleBroken(
            N_("écrivez le numéro du papier signé : des lettres et des chiffres, comme 2026-0412.")
        )
    return number
