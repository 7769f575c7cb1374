"""What the provider tells in closed words, and what the référent does about it (REQ-181)."""

import datetime as dt
import json

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, VocabularyField, new_code, now, today, transaction
from ..persons.notices import News, PersonNotice
from ..prescriptions.correspondence import tell_referent
from ..sealed import SealedField
from .sheet import LiaisonSheet
from .words import Adaptation, Difficulty, NoteState

# A difficulty began at most so long ago.
LONGEST_SINCE = dt.timedelta(days=365)


class LiaisonNote(Entity):
    """One difficulty. `content` is sealed: `{"difficulte", "amenagements"}`; `is_urgent` says that
    she may leave the training. `account` wrote it, nobody when it came by the provider’s link."""

    sheet = pw.ForeignKeyField(LiaisonSheet, backref="notes", on_delete="CASCADE")
    content = SealedField()
    since = pw.DateField()
    is_urgent = pw.BooleanField(default=False)
    state = VocabularyField(NoteState, default=NoteState.REPORTED)
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    taken_by = pw.ForeignKeyField(Account, null=True, backref="+", on_delete="SET NULL")
    taken_at = pw.DateTimeField(null=True)
    lifted_at = pw.DateTimeField(null=True)

    @property
    def difficulty(self):
        return Difficulty(json.loads(self.content)["difficulte"])

    @property
    def adaptations(self):
        return [Adaptation(one) for one in json.loads(self.content)["amenagements"]]

    @property
    def is_living(self):
        return self.state is not NoteState.LIFTED

    def is_shown(self, opened):
        """Whether a reader may know which one (`Openness`, I1)."""
        domain = self.difficulty.domain
        return domain is None or opened.shows_domain(domain)

    @classmethod
    def of_sheet(cls, sheet):
        """What is urgent first, then what stands, then the latest."""
        rows = cls.select(cls, Account).join(Account, pw.JOIN.LEFT_OUTER, on=cls.account)
        found = list(rows.where(cls.sheet == sheet).order_by(cls.id.desc()))
        for one in found:
            one.sheet = sheet
        return sorted(found, key=lambda one: (not one.is_living, not one.is_urgent))

    @classmethod
    def of_hers(cls, sheet, code):
        """The note of this sheet of that public identifier, or None (I13)."""
        return next((one for one in cls.of_sheet(sheet) if one.code == code), None)

    @classmethod
    @transaction
    def report(cls, sheet, difficulty, since, *, mover, adaptations=(), is_urgent=False):
        """By the provider: written, and her référent is told. A difficulty that stands already is
        one note, which may become urgent. Raises `RuleBroken`."""
        sheet.hold_open()
        _check(difficulty, since, adaptations, is_urgent)
        living = [one for one in cls.of_sheet(sheet) if one.is_living]
        there = next((one for one in living if one.difficulty is difficulty), None)
        if there and (there.is_urgent or not is_urgent) and there.adaptations == list(adaptations):
            return there
        note = there or cls(code=new_code(), sheet=sheet, account=mover.account)
        said = {"difficulte": difficulty.value, "amenagements": list(adaptations)}
        note.since, note.content = since, json.dumps(said)
        note.is_urgent = note.is_urgent or is_urgent
        note.save(force_insert=there is None)
        audit.record(
            "liaison:note", note, by=mover.actor, person=sheet.person,
            organisation=mover.organisation,
        )  # fmt: skip
        _tell(sheet, "liaison_alert" if is_urgent else "liaison_note")
        return note

    @transaction
    def take(self, *, by, organisation):
        """The référent does something about it. Twice is once."""
        self._hold()
        if self.state is NoteState.REPORTED:
            self.state, self.taken_by, self.taken_at = NoteState.TAKEN, by, now()
            self.save(only=self.dirty_fields)
            audit.record(
                "liaison:take", self, by=by, person=self.sheet.person, organisation=organisation
            )

    @transaction
    def lift(self, *, by, organisation):
        """It is over, says either side. Twice is once."""
        self._hold()
        if self.is_living:
            self.state, self.lifted_at, self.is_urgent = NoteState.LIFTED, now(), False
            self.save(only=self.dirty_fields)
            audit.record(
                "liaison:lift", self, by=by, person=self.sheet.person, organisation=organisation
            )

    def _hold(self):
        self.sheet.hold_open()
        fresh = LiaisonNote.get_by_id(self.id)
        self.state, self.is_urgent = fresh.state, fresh.is_urgent
        self._dirty.clear()


def _check(difficulty, since, adaptations, is_urgent):
    if not today() - LONGEST_SINCE <= since <= today():
        raise RuleBroken(N_("Écrivez un jour passé, depuis moins d’un an."))
    if is_urgent and difficulty is not Difficulty.ABSENCE:
        raise RuleBroken(N_("L’alerte de décrochage va avec les absences."))
    if bool(adaptations) != (difficulty is Difficulty.ADAPTATION):
        raise RuleBroken(N_("Cochez des aménagements quand un aménagement est demandé."))


def _tell(sheet, kind):
    tell_referent(sheet.prescription, kind)
    PersonNotice.tell(sheet.person, News.LIAISON_NOTED, organisation=sheet.prescription.provider)
