"""The plan of one person: what she and her référent decide together, until its balance is made."""

import datetime as dt

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    new_code,
    now,
    today,
    transaction,
)
from ..database import held
from ..network.organisations import Organisation
from ..persons.agreements import Given
from ..persons.notices import News, PersonNotice
from ..persons.person import Person

# The day of the next point is at most so far away, as the template asks it.
LONGEST_WAIT = dt.timedelta(days=180)


class MeetingBy(Vocabulary):
    """How the next point is made."""

    DESK = "rendez-vous", N_("En rendez-vous")
    PHONE = "telephone", N_("Par téléphone")


class Plan(Entity):
    """`slot` makes the living plan of a person unique; it is None once closed. `revision` counts
    the writings: she agrees to the very text that was on the screen. `meets_on` is the day of the
    next point, without which there is no plan. `agreed_at` is when she first agreed to it, and
    `previous` the plan whose needs were still there."""

    person = pw.ForeignKeyField(Person, backref="plans", on_delete="CASCADE")
    organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
    slot = pw.CharField(max_length=22, null=True, unique=True)
    revision = pw.IntegerField(default=0)
    previous = pw.ForeignKeyField("self", null=True, on_delete="SET NULL")
    started_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    meets_on = pw.DateField()
    meets_by = VocabularyField(MeetingBy, default=MeetingBy.DESK)
    agreed_at = pw.DateTimeField(null=True)
    change_asked_at = pw.DateTimeField(null=True)
    closed_at = pw.DateTimeField(null=True)
    closed_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")

    @property
    def is_living(self):
        return self.closed_at is None

    @property
    def is_overdue(self):
        """The day of the point has passed, and nobody has written the next one."""
        return self.is_living and self.meets_on < today()

    @classmethod
    def current_of(cls, person):
        """Her living plan, or None."""
        return next(iter(cls._with(person, cls.slot == str(person.id))), None)

    @classmethod
    def of_person(cls, person):
        """All her plans, the latest first."""
        return cls._with(person)

    @classmethod
    def of_hers(cls, person, code):
        """Her plan of this public identifier, or None (I13)."""
        return next(iter(cls._with(person, cls.code == code)), None)

    @classmethod
    def _with(cls, person, *conditions):
        rows = cls.select(cls, Organisation).join(Organisation)
        found = list(rows.where(cls.person == person, *conditions).order_by(cls.id.desc()))
        for one in found:
            one.person = person
        return found

    @classmethod
    @transaction
    def start(cls, person, meets_on, meets_by, organisation, *, by):
        """The living plan: the one begun already, or a new one that takes up the needs still there
        when the last one closed. Raises `RuleBroken` for a day that may not be."""
        from .priorities import PlanPriority

        person.hold()
        if living := cls.current_of(person):
            return living
        check_day(meets_on)
        former = next(iter(cls.of_person(person)), None)
        plan = cls.create(
            person=person, organisation=organisation, slot=str(person.id), previous=former,
            started_by=by, meets_on=meets_on, meets_by=meets_by,
        )  # fmt: skip
        if former:
            PlanPriority.carry(former, plan)
        _touch(person)
        audit.record("plan:start", plan, by=by, person=person, organisation=organisation)
        return plan

    def write(self, *, seen=None):
        """Hold it for one act, and count one more writing. Raises `RuleBroken` once closed, or
        when it is no longer the one of the revision `seen`."""
        self.person.hold()
        rows = held(Plan.select().where(Plan.id == self.id))
        if not rows or not rows[0].is_living:
            raise RuleBroken(N_("Ce plan est terminé : il ne change plus."))
        if seen is not None and rows[0].revision != seen:
            raise RuleBroken(N_("Le plan a changé entre-temps : relisez-le avant de continuer."))
        self.revision = rows[0].revision + 1
        self.save(only=[Plan.revision])
        _touch(self.person)

    def record(self, act, *, by, organisation=None, **changes):
        """Write what was done; the trail never says which need."""
        audit.record(act, self, by=by, person=self.person, organisation=organisation, **changes)

    @transaction
    def meet(self, day, how, *, by, organisation=None):
        """Write the next point. Raises `RuleBroken`."""
        self.write()
        check_day(day)
        self.meets_on, self.meets_by, self.change_asked_at = day, how, None
        self.save(only=[Plan.meets_on, Plan.meets_by, Plan.change_asked_at])
        self.record("plan:meet", by=by, organisation=organisation)
        if not by.is_accompanied:
            PersonNotice.tell(self.person, News.PLAN_MEETING, account=by, organisation=organisation)

    @transaction
    def agree(self, *, by, given, seen, items=None, organisation=None):
        """She agrees to what is proposed, or to those `items` alone that were on the screen.

        `by` is herself, in her space, or the account on whose screen she typed her code, which the
        caller has recognised (REQ-71). `seen` is the revision she read. Raises `RuleBroken` when
        the plan changed meanwhile, when nothing waits, or when the day of the point has passed.
        """
        from .steps import PlanStep
        from .waivers import Waiver

        self.write(seen=seen)
        if self.meets_on < today():
            raise RuleBroken(N_("La date du prochain point est passée : écrivez-en une autre."))
        waiting = PlanStep.waiting_of(self) + Waiver.waiting_of(self)
        waiting = [one for one in waiting if items is None or one in items]
        if not waiting:
            raise RuleBroken(N_("Rien n’attend d’accord dans ce plan."))
        for one in waiting:
            one.accept(given)
        self.agreed_at = self.agreed_at or now()
        self.change_asked_at = None
        self.save(only=[Plan.agreed_at, Plan.change_asked_at])
        self.record(
            "plan:agree", by=by, organisation=organisation, given=given.value, items=len(waiting)
        )

    @transaction
    def ask_change(self, *, by):
        """She wants to change it: her référent reads it on the plan. Asking twice is once."""
        self.write()
        if self.change_asked_at is None:
            self.change_asked_at = now()
            self.save(only=[Plan.change_asked_at])
            self.record("plan:ask-change", by=by)

    def tell_proposal(self, *, by, organisation):
        """Something waits for her: said once, until she has read it."""
        if not any(one.news is News.PLAN_PROPOSED for one in PersonNotice.unread(self.person)):
            PersonNotice.tell(
                self.person, News.PLAN_PROPOSED, account=by, organisation=organisation
            )


class ProposalEnd(Vocabulary):
    """How something proposed in a plan ends."""

    WITHDRAWN = "retire", N_("Retiré avant l’accord")
    DECLINED = "refuse", N_("Refusé par la personne")
    STOPPED = "arrete", N_("Arrêté par la personne")
    DONE = "fait", N_("Fait")
    NOT_DONE = "pas-fait", N_("Pas fait")


class Proposal(Entity):
    """What a référent proposes in a plan, and what counts only once she has agreed to it.

    `account` proposed it for `organisation`; `given` says how she agreed. `plan` is the plan.
    """

    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    agreed_at = pw.DateTimeField(null=True)
    given = VocabularyField(Given, null=True)
    end = VocabularyField(ProposalEnd, null=True)
    ended_at = pw.DateTimeField(null=True)

    @property
    def is_waiting(self):
        """It waits for her agreement."""
        return self.agreed_at is None and self.ended_at is None

    @property
    def is_agreed(self):
        """She agreed, and it goes on."""
        return self.agreed_at is not None and self.ended_at is None

    def accept(self, given):
        self.agreed_at, self.given = now(), given
        self.save(only=["agreed_at", "given"])

    @transaction
    def withdraw(self, *, by, organisation=None):
        """Who proposed thinks again, as long as she has not agreed."""
        self._reload()
        if not self.is_waiting:
            raise RuleBroken(N_("La personne a déjà répondu : rechargez la page."))
        self._finish(ProposalEnd.WITHDRAWN)
        self.plan.record("plan:withdraw", by=by, organisation=organisation)

    @transaction
    def refuse(self, *, by):
        """She says no, or no longer: no reason is asked, and nobody else may (REQ-71)."""
        if not by.is_accompanied or by.id != self.plan.person_id:
            raise RuleBroken(N_("Seule la personne refuse ou arrête une étape."))
        self._reload()
        if self.ended_at is not None:
            raise RuleBroken(N_("Cette étape est déjà terminée."))
        if self.agreed_at:
            self._finish(ProposalEnd.STOPPED)
            self.plan.record("plan:stop", by=by)
        else:
            self._finish(ProposalEnd.DECLINED)
            self.plan.record("plan:decline", by=by)

    def _reload(self):
        """What it says now, its plan being held for this act."""
        self.plan.write()
        now_said = type(self).get_by_id(self.id)
        for column in ("agreed_at", "given", "end", "ended_at"):
            setattr(self, column, getattr(now_said, column))

    def _finish(self, end):
        self.end, self.ended_at = end, now()
        self.save(only=["end", "ended_at"])

    @classmethod
    def fresh(cls, writer, **values):
        """A row to be written, whose code seals it, of what this writer proposes."""
        return cls(
            code=new_code(), account=writer.account, organisation=writer.organisation, **values
        )


def check_day(day):
    """Raise `RuleBroken` unless the next point may be on this day."""
    if not today() <= day <= today() + LONGEST_WAIT:
        raise RuleBroken(
            N_("Choisissez un jour pour le prochain point, d’aujourd’hui à %(days)d jours."),
            days=LONGEST_WAIT.days,
        )


def _touch(person):
    person.touch()
    person.save(only=person.dirty_fields)
