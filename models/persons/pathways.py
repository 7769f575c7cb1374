"""The pathway of a person: its kind since 2025, and its three times, which a break never erases.

Loi plein emploi: each person is led on one of three pathways. REQ-209: mobilisation, training,
employment; who comes back after a break starts again from what she had.
"""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from .. import audit
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, today, transaction
from ..network.organisations import Organisation
from .person import Person

# The three pathways exist from this day; a time of a pathway may have begun before.
FIRST_DAY, FIRST_TIME = dt.date(2025, 1, 1), dt.date(2000, 1, 1)


class PathwayKind(Vocabulary):
    """The three pathways of the law."""

    EMPLOYMENT = "emploi", N_("Parcours vers l’emploi")
    GLOBAL = "global", N_("Parcours emploi et social")
    SOCIAL = "social", N_("Parcours social")


class PathwayReason(Vocabulary):
    """Why a pathway begins."""

    FIRST = "premiere", N_("Première orientation")
    SOCIAL_NEED = "besoin-social", N_("Un besoin social est apparu")
    BARRIER_LIFTED = "frein-leve", N_("Un frein est levé")
    ASKED = "demande", N_("À la demande de la personne")
    REVIEWED = "reexamen", N_("Réexamen de la situation")
    MOVED = "demenagement", N_("Déménagement")
    RESUMED = "reprise", N_("Reprise après une interruption")


class PathwayEnd(Vocabulary):
    """Why it ends."""

    CHANGED = "changement", N_("Changement de parcours")
    PAUSED = "interruption", N_("Interruption")


class Time(Vocabulary):
    """The three times of a pathway, in their order (REQ-209)."""

    MOBILISATION = "mobilisation", N_("Mobilisation")
    TRAINING = "formation", N_("Formation")
    EMPLOYMENT = "emploi", N_("Emploi")


class TimeEnd(Vocabulary):
    """How a stay in one of these times ends."""

    GAINED = "acquis", N_("Acquis")
    LEFT = "quitte", N_("Quitté pour un autre temps")
    PAUSED = "interruption", N_("Interruption")


class Spell(Entity):
    """What lasts from a day to another: `slot` makes the present one of a person unique; it is
    None once ended, and the row stays as it was written."""

    organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
    slot = pw.CharField(max_length=22, null=True, unique=True)
    started_on = pw.DateField()
    ended_on = pw.DateField(null=True)

    @classmethod
    def of_person(cls, person):
        """All of them with their organisations: the present one first, then the latest."""
        rows = cls.select(cls, Organisation).join(Organisation).where(cls.person == person)
        return sorted(rows, key=lambda row: (row.slot is None, -row.id))

    @classmethod
    def current_of(cls, person):
        return cls.get_or_none(cls.slot == str(person.id))

    @classmethod
    def _latest(cls, person):
        return next(iter(cls.of_person(person)), None)

    @classmethod
    def _begin(cls, person, started_on, organisation, *, by, end, **values):
        """Begin one, and end the present one that day; `end` says how it ends."""
        if former := cls.current_of(person):
            former._end(started_on, end, by=by)
        row = cls.create(
            person=person, organisation=organisation, slot=str(person.id),
            started_on=started_on, **values,
        )  # fmt: skip
        said = {name: value.value for name, value in values.items()}
        audit.record(
            f"{cls.ACT}:start", row, by=by, person=person, organisation=organisation, **said
        )
        person.touch()
        person.save(only=person.dirty_fields)
        return row

    def _end(self, day, end, *, by):
        self.ended_on, self.end, self.slot = day, end, None
        self.save(only=self.dirty_fields)
        audit.record(
            f"{self.ACT}:end", self, by=by, person=self.person, organisation=self.organisation,
            end=end.value,
        )  # fmt: skip


class Pathway(Spell):
    """On which of the three pathways a person is led, by whom it was decided, and why."""

    ACT = "pathway"

    person = pw.ForeignKeyField(Person, backref="pathways", on_delete="CASCADE")
    kind = VocabularyField(PathwayKind)
    reason = VocabularyField(PathwayReason)
    end = VocabularyField(PathwayEnd, null=True)

    @classmethod
    @transaction
    def decide(cls, person, kind, reason, organisation, started_on, *, by):
        """Lead the person on this pathway from this day; the former one stays as history.

        After a break (`RESUMED`), the time that was interrupted goes on. Raises `RuleBroken`.
        """
        person.hold()
        latest = cls._latest(person)
        check_day(started_on, latest, FIRST_DAY)
        if latest and reason is PathwayReason.FIRST:
            raise RuleBroken(
                N_("La première orientation est déjà écrite : dites pourquoi elle change.")
            )
        if latest and latest.slot and latest.kind is kind:
            raise RuleBroken(N_("La personne suit déjà ce parcours."))
        row = cls._begin(
            person, started_on, organisation, by=by, end=PathwayEnd.CHANGED, kind=kind,
            reason=reason,
        )  # fmt: skip
        paused = PathwayTime._latest(person)
        if reason is PathwayReason.RESUMED and paused and paused.end is TimeEnd.PAUSED:
            day = max(started_on, paused.ended_on)
            PathwayTime._begin(person, day, organisation, by=by, end=None, time=paused.time)
        return row

    @classmethod
    @transaction
    def interrupt(cls, person, day, *, by):
        """Stop the pathway and its present time on this day: nothing gained is lost."""
        person.hold()
        present = [row for row in (cls.current_of(person), PathwayTime.current_of(person)) if row]
        if not present:
            raise RuleBroken(N_("Aucun parcours n’est en cours."))
        for row in present:
            check_day(day, row, FIRST_TIME)
        for row, end in zip(present, _paused(present), strict=True):
            row._end(day, end, by=by)


class PathwayTime(Spell):
    """A stay in one of the three times of the pathway."""

    ACT = "time"

    person = pw.ForeignKeyField(Person, backref="times", on_delete="CASCADE")
    time = VocabularyField(Time)
    end = VocabularyField(TimeEnd, null=True)

    @classmethod
    @transaction
    def reach(cls, person, time, organisation, started_on, *, by):
        """Say that the person is now in this time. Going forward gains the one she was in; going
        back keeps what was gained. Raises `RuleBroken`."""
        person.hold()
        latest = cls._latest(person)
        check_day(started_on, latest, FIRST_TIME)
        if latest and latest.slot and latest.time is time:
            raise RuleBroken(N_("La personne est déjà dans ce temps du parcours."))
        order = list(Time)
        is_forward = latest and order.index(time) > order.index(latest.time)
        end = TimeEnd.GAINED if is_forward else TimeEnd.LEFT
        return cls._begin(person, started_on, organisation, by=by, end=end, time=time)


class Stretch(NamedTuple):
    """One of the three times as a timeline shows it; `spells` are its stays, the oldest first."""

    time: Time
    state: str
    spells: list


def timeline(person):
    """The three times: each is done (gained), now, paused or later."""
    rows = PathwayTime.of_person(person)
    rows = sorted(PathwayTime.of_person(person), key=lambda row: row.id)
    stays = {time: [row for row in rows if row.time is time] for time in Time}
    return [Stretch(time, _state(spells), spells) for time, spells in stays.items()]


def _state(spells):
    if any(row.slot for row in spells):
        return "now"
    if any(row.end is TimeEnd.GAINED for row in spells):
        return "done"
    return "paused" if spells else "later"


def _paused(rows):
    return [PathwayEnd.PAUSED if isinstance(row, Pathway) else TimeEnd.PAUSED for row in rows]


def check_day(day, former, first):
    """Raise `RuleBroken` unless this day may follow the row before it."""
    if day > today():
        raise RuleBroken(N_("Ce jour n’est pas encore venu."))
    if day < first:
        raise RuleBroken(N_("Ce jour est trop ancien : vérifiez l’année."))
    if former and day < (former.ended_on or former.started_on):
        raise RuleBroken(
            N_("Ce jour vient avant le dernier changement écrit, qui ne se réécrit pas.")
        )
