"""That a person entered employment, from which day, and until when she is asked about it (REQ-13).

The day makes three points: at 1, 3 and 6 months she is asked one question.
"""

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    now,
    today,
    transaction,
)
from ..days import months_after, months_before
from ..network.organisations import Organisation
from ..persons.notices import News, PersonNotice
from ..persons.person import Person
from ..prescriptions.prescription import Prescription

POINTS_AT_MONTHS = (1, 3, 6)
# A contract signed is written at once, and begins within so many months.
MONTHS_AHEAD = 3


class EntryEnd(Vocabulary):
    """Why nothing is asked any more."""

    DONE = "fini", N_("Tous les points sont faits")
    LEFT = "parti", N_("La personne n’est plus dans cet emploi")
    NO_NEWS = "sans-nouvelle", N_("Sans nouvelle de la personne")
    STOPPED = "arrete", N_("La personne ne veut plus de question")
    MISTAKE = "erreur", N_("C’était une erreur")
    CLOSED = "clos", N_("Dossier clos")


# What a référent may say; the rest follows from what the person says and does.
ENDS_OF_REFERENT = (EntryEnd.MISTAKE, EntryEnd.NO_NEWS)


class EmploymentEntry(Entity):
    """`slot` makes the living entry of a person unique; it is None once ended. `account` wrote it
    for `organisation`, neither when she wrote it herself; `prescription` is the one it came from.
    """

    person = pw.ForeignKeyField(Person, backref="employment_entries", on_delete="CASCADE")
    started_on = pw.DateField()
    prescription = pw.ForeignKeyField(Prescription, null=True, on_delete="SET NULL")
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    slot = pw.CharField(max_length=22, null=True, unique=True)
    ended_at = pw.DateTimeField(null=True)
    end = VocabularyField(EntryEnd, null=True)

    @property
    def is_living(self):
        return self.ended_at is None

    @classmethod
    def current_of(cls, person):
        """Her living entry, or None."""
        return next(iter(cls._with(person, cls.slot == str(person.id))), None)

    @classmethod
    def of_person(cls, person):
        """All her entries, the latest first, each with who wrote it: one query."""
        return cls._with(person)

    @classmethod
    def _with(cls, person, *conditions):
        rows = (
            cls.select(cls, Account, Organisation)
            .join_from(cls, Account, pw.JOIN.LEFT_OUTER)
            .join_from(cls, Organisation, pw.JOIN.LEFT_OUTER)
        )
        found = list(rows.where(cls.person == person, *conditions).order_by(cls.id.desc()))
        for one in found:
            one.person = person
        return found

    @classmethod
    @transaction
    def record(cls, person, day, *, mover_account, organisation, prescription=None):
        """Write that she enters employment on this day, and the points to come; the same day twice
        is one entry. `mover_account` and `organisation` are None when she writes it herself.

        Raises `RuleBroken` for a day that may not be, and when another entry lives.
        """
        person.hold()
        if living := cls.current_of(person):
            if living.started_on == day:
                return living
            raise RuleBroken(N_("Une entrée en emploi est déjà notée : terminez-la d’abord."))
        _check_day(day)
        if prescription is not None and prescription.person_id != person.id:
            raise RuleBroken(N_("Cette demande n’est pas de cette personne."))
        entry = cls.create(
            person=person, started_on=day, prescription=prescription, account=mover_account,
            organisation=organisation, slot=str(person.id),
        )  # fmt: skip
        _plan_points(entry)
        touch(person)
        audit.record(
            "employment:record", entry, by=mover_account or person, person=person,
            organisation=organisation,
        )  # fmt: skip
        if mover_account is not None:
            PersonNotice.tell(
                person, News.EMPLOYMENT_STARTED, account=mover_account, organisation=organisation
            )
        return entry

    @transaction
    def finish(self, end, *, by, organisation=None):
        """Nothing more is asked. By her référent, an `ENDS_OF_REFERENT`; twice is once."""
        self.hold()
        if self.ended_at is not None:
            return
        self.ended_at, self.end, self.slot = now(), end, None
        self.save(only=self.dirty_fields)
        touch(self.person)
        audit.record(
            "employment:end", self, by=by, person=self.person, organisation=organisation,
            end=end.value,
        )  # fmt: skip

    @classmethod
    def finish_for(cls, person):
        """She closes her file: she is asked nothing any more."""
        if living := cls.current_of(person):
            living.finish(EntryEnd.CLOSED, by=person)

    def hold(self):
        """Alone with what concerns her until the transaction ends, as it is now."""
        self.person.hold()
        fresh = EmploymentEntry.get_by_id(self.id)
        self.ended_at, self.end, self.slot = fresh.ended_at, fresh.end, fresh.slot
        self._dirty.clear()


def touch(person):
    """Somebody was in contact with her today."""
    person.touch()
    person.save(only=person.dirty_fields)


def _check_day(day):
    last = months_after(today(), MONTHS_AHEAD)
    # The last point is still to come, or there is nothing to follow.
    first = months_before(today(), POINTS_AT_MONTHS[-1])
    if not first <= day <= last:
        raise RuleBroken(
            N_("Écrivez un jour de moins de %(past)d mois, ou dans les %(next)d mois à venir."),
            past=POINTS_AT_MONTHS[-1],
            next=MONTHS_AHEAD,
        )


def _plan_points(entry):
    """Those to come: what is past is not asked about afterwards."""
    from .points import EmploymentPoint

    for months in POINTS_AT_MONTHS:
        due_on = months_after(entry.started_on, months)
        if due_on >= today():
            EmploymentPoint.create(entry=entry, months=months, due_on=due_on)
