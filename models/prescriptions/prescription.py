"""A prescription: an action asked for somebody with her agreement, and what became of it.

Every state is written here, and nowhere else: a page, a link or a task only asks for a move.
"""

import datetime as dt

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..action_bank.sheets import Action
from ..base import N_, Entity, RuleBroken, VocabularyField, local_day, now, today, transaction
from ..database import held
from ..days import months_before
from ..network.organisations import Organisation
from ..persons.agreements import Given
from ..persons.notices import News, PersonNotice
from ..persons.person import Person
from ..plans.steps import PlanStep
from ..sealed import SealedField
from .delays import delays
from .shared import Shared
from .standing import is_bound, stands
from .states import GOING_ON, MOVES, Move, Outcome, Refusal, Side, State

# The day that an answer gives is at most so far away.
FARTHEST_DAY = dt.timedelta(days=365)
_WHY_NOT = {
    State.DRAFT: N_("Cette demande n’est pas encore envoyée."),
    State.SENT: N_("Cette demande attend encore la réponse de l’organisme."),
    State.ACCEPTED: N_("Cette demande est déjà acceptée."),
    State.DECLINED: N_("Cette demande a déjà été refusée."),
    State.EXPIRED: N_("Cette demande est close, faute de réponse."),
    State.CANCELLED: N_("Cette demande a été annulée."),
}


class Prescription(Entity):
    """`slot` makes the living prescription of an action for a person unique; it is None once over.

    `content` is the sealed `Shared`, `revision` counts its writings: she agrees to the very text
    that was on the screen. `provider` answers; `is_bound` is whether its charter counted when it
    was sent. `starts_on` is the day agreed to, `other_day` the one that the provider would rather
    have. After two years the person and the content are forgotten, and the dates remain.
    """

    person = pw.ForeignKeyField(Person, backref="prescriptions", null=True, on_delete="CASCADE")
    action = pw.ForeignKeyField(Action, null=True, on_delete="SET NULL")
    provider = pw.ForeignKeyField(Organisation, backref="received", on_delete="RESTRICT")
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    organisation = pw.ForeignKeyField(Organisation, backref="prescribed", on_delete="RESTRICT")
    step = pw.ForeignKeyField(PlanStep, null=True, backref="prescriptions", on_delete="SET NULL")
    slot = pw.CharField(max_length=44, null=True, unique=True)
    state = VocabularyField(State, default=State.DRAFT)
    content = SealedField(null=True)
    revision = pw.IntegerField(default=0)
    given = VocabularyField(Given, null=True)
    is_bound = pw.BooleanField(default=False)
    sent_at = pw.DateTimeField(null=True)
    expires_at = pw.DateTimeField(null=True)
    reminded_at = pw.DateTimeField(null=True)
    answered_at = pw.DateTimeField(null=True)
    refusals = pw.JSONField(default=list)
    other_day = pw.DateField(null=True)
    starts_on = pw.DateField(null=True)
    outcome = VocabularyField(Outcome, null=True)
    outcome_on = pw.DateField(null=True)
    ended_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = (
            (("person", "state"), False),
            (("provider", "state", "sent_at"), False),
            (("state", "expires_at"), False),
            (("organisation", "sent_at"), False),
        )

    @property
    def shared(self):
        """The `Shared`; None once forgotten."""
        return self.content and Shared.read(self.content)

    @property
    def reasons(self):
        """Why it was declined."""
        return [Refusal(value) for value in self.refusals]

    @property
    def is_draft(self):
        return self.state is State.DRAFT

    @property
    def is_waiting(self):
        """The provider is to answer."""
        return self.state is State.SENT and self.other_day is None

    @property
    def is_going_on(self):
        """Something may still come of it."""
        return self.state in (State.DRAFT, State.SENT) or (
            self.state is State.ACCEPTED and self.outcome in GOING_ON
        )

    @property
    def is_shown(self):
        """Whether it is time for the provider to read what she shared: while it is asked, then
        during what was accepted, never past the months that papers are kept."""
        if self.state not in (State.SENT, State.ACCEPTED) or self.outcome not in GOING_ON:
            return False
        return local_day(self.sent_at) >= months_before(today(), delays().attachments_months)

    @property
    def is_readable_by_provider(self):
        """Whether its provider may read it today (I3)."""
        return self.is_shown and stands(self.provider, was_bound=self.is_bound)

    @classmethod
    def living_of(cls, person):
        """Those of hers from which something may still come."""
        rows = cls.select().where(cls.person == person, cls.slot.is_null(False))
        return list(rows.order_by(cls.id))

    @classmethod
    @transaction
    def start(cls, person, action, shared, *, mover, step=None):
        """Prepare it; nothing leaves before she agrees. `shared` is the `Shared`.

        Raises `RuleBroken` when one for the same action goes on already.
        """
        person.hold()
        slot = _slot(person, action)
        if cls.select().where(cls.slot == slot).exists():
            raise RuleBroken(N_("Une demande pour cette action est déjà en cours."))
        prescription = cls(
            person=person, action=action, provider=action.organisation_id, account=mover.account,
            organisation=mover.organisation, step=step, slot=slot,
        )  # fmt: skip
        prescription.content = shared.written()
        prescription.save(force_insert=True)
        prescription.record("prescription:start", Move.STARTED, mover)
        return prescription

    @transaction
    def rewrite(self, shared, *, mover):
        """Change what a draft shares; she has not agreed to anything yet."""
        self.write(mover)
        self.content = shared.written()
        self.save(only=[Prescription.content])
        self.record("prescription:write", Move.WRITTEN, mover)

    @transaction
    def write(self, mover):
        """One more writing of a draft, alone with it until the transaction ends: what it shares, or
        a paper."""
        self._hold(mover)
        self.check_is_draft()
        self.revision += 1
        self.save(only=[Prescription.revision])

    def check_is_draft(self):
        """Raise `RuleBroken` once it has left: what she agreed to never changes."""
        if not self.is_draft:
            raise RuleBroken(N_("Cette demande est déjà partie : elle ne change plus."))

    @transaction
    def send(self, *, mover, given, seen):
        """She agrees to what was on the screen (its revision is `seen`), and it leaves at once.

        The caller has recognised her. Raises `RuleBroken`.
        """
        self._hold(mover)
        if self.is_draft and self.revision != seen:
            raise RuleBroken(N_("La demande a changé entre-temps : relisez-la d’abord."))
        self._move(State.SENT)
        if self.action is None or not self.action.is_listed_now:
            raise RuleBroken(N_("Cette action n’est plus proposée dans la banque."))
        self.given, self.sent_at = given, now()
        self.expires_at = self.sent_at + dt.timedelta(days=delays().expiry)
        self.is_bound = is_bound(self.provider)
        self.save(only=self.dirty_fields)
        self.record("prescription:send", Move.SENT, mover, given=given.value)

    @transaction
    def accept(self, *, mover, day=None):
        """The provider takes her, from `day` on. Answers whether it is news: the same answer twice
        is one."""
        self._hold(mover)
        if self.state is State.ACCEPTED:
            return False
        self._move(State.ACCEPTED)
        _check_day(day)
        self.answered_at = self.answered_at or now()
        self.starts_on, self.other_day = day or self.other_day, None
        self.save(only=self.dirty_fields)
        self.record("prescription:accept", Move.ACCEPTED, mover, day=self.starts_on)
        self._tell_her(News.PRESCRIPTION_ANSWERED)
        return True

    @transaction
    def decline(self, refusals, *, mover):
        """The provider does not take her; `refusals` are one `Refusal` at least. Answers whether it
        is news."""
        self._hold(mover)
        if self.state is State.DECLINED:
            return False
        if not refusals:
            raise RuleBroken(N_("Choisissez au moins une raison."))
        self._move(State.DECLINED)
        self.answered_at = self.answered_at or now()
        self.refusals = [one.value for one in refusals]
        self._end()
        self.record("prescription:decline", Move.DECLINED, mover, refusals=self.refusals)
        self._tell_her(News.PRESCRIPTION_ANSWERED)
        return True

    @transaction
    def offer_day(self, day, *, mover):
        """The provider would rather have another day: the prescriber says, and nobody reminds the
        provider meanwhile. Answers whether it is news."""
        self._hold(mover)
        if self.state is not State.SENT:
            self._refuse()
        if day is None:
            raise RuleBroken(N_("Écrivez le jour que vous proposez."))
        _check_day(day)
        if day == self.other_day:
            return False
        self.other_day, self.answered_at = day, self.answered_at or now()
        self.save(only=self.dirty_fields)
        self.record("prescription:offer-day", Move.OTHER_DAY, mover, day=day)
        return True

    @transaction
    def cancel(self, *, mover):
        """Called off, by the prescriber or by herself: the provider reads nothing any more.
        Answers whether it is news."""
        self._hold(mover)
        if self.state is State.CANCELLED:
            return False
        if self.state is State.ACCEPTED and self.outcome not in GOING_ON:
            self._refuse()
        self._move(State.CANCELLED)
        self._end()
        self.record("prescription:cancel", Move.CANCELLED, mover)
        return True

    @transaction
    def expire(self, *, mover):
        """Nobody answered in time; answers whether it was so."""
        self._hold(mover)
        if self.state is not State.SENT or self.expires_at > now():
            return False
        self._move(State.EXPIRED)
        self._end()
        self.record("prescription:expire", Move.EXPIRED, mover)
        self._tell_her(News.PRESCRIPTION_EXPIRED)
        return True

    @transaction
    def conclude(self, outcome, day, *, mover):
        """What came of it, in one choice; corrected by choosing again. What is done ends the step
        of her plan that it was asked for. Answers whether it is news."""
        self._hold(mover)
        may = self.state is State.ACCEPTED or (
            self.state is State.EXPIRED and mover.side is Side.PRESCRIBER
        )
        if not may:
            self._refuse()
        if day > today() or day < local_day(self.created_at):
            raise RuleBroken(N_("Écrivez un jour entre la demande et aujourd’hui."))
        if (self.outcome, self.outcome_on) == (outcome, day):
            return False
        self.outcome, self.outcome_on = outcome, day
        if self.is_going_on:
            self._resume()
        else:
            self._end()
        self.record("prescription:conclude", Move.CONCLUDED, mover, outcome=outcome.value, day=day)
        self._finish_step(mover)
        return True

    def _finish_step(self, mover):
        step = self.step
        if self.outcome is Outcome.DONE and step and step.is_agreed and step.plan.is_living:
            step.finish(True, by=mover.actor, organisation=mover.organisation)

    def _hold(self, mover):
        """Alone with it until the transaction ends, as it is now; a provider that the network no
        longer knows moves nothing (I3)."""
        [row] = held(Prescription.select().where(Prescription.id == self.id))
        for column in _MOVING:
            self.__data__[column] = row.__data__[column]
        self._dirty.clear()
        if mover.side is Side.PROVIDER and not stands(self.provider, was_bound=self.is_bound):
            raise RuleBroken(N_("Votre organisme ne peut plus répondre à cette demande."))

    def _move(self, state):
        if state not in MOVES.get(self.state, ()):
            self._refuse()
        self.state = state

    def _refuse(self):
        raise RuleBroken(_WHY_NOT[self.state])

    def _end(self):
        self.ended_at, self.slot = now(), None
        self.save(only=self.dirty_fields)

    def _resume(self):
        """It goes on again, unless the same action was asked for anew meanwhile."""
        slot = _slot(self.person, self.action)
        taken = Prescription.select().where(Prescription.slot == slot, Prescription.id != self.id)
        self.ended_at, self.slot = None, None if taken.exists() else slot
        self.save(only=self.dirty_fields)

    def record(self, act, move, mover, **said):
        """A dated line of its history, and of the trail; neither says which need."""
        from .history import Transition

        said = {name: str(value) if isinstance(value, dt.date) else value
                for name, value in said.items() if value is not None}  # fmt: skip
        Transition.add(self, move, mover, said)
        audit.record(
            act, self, by=mover.actor, person=self.person, organisation=mover.organisation, **said
        )
        if mover.side in (Side.PRESCRIBER, Side.PERSON):
            self.person.touch()
            self.person.save(only=self.person.dirty_fields)

    def _tell_her(self, news):
        PersonNotice.tell(self.person, news, account=self.account, organisation=self.provider)


# What somebody else may have written since it was read.
_MOVING = (
    "state", "slot", "content", "revision", "given", "is_bound", "sent_at", "expires_at",
    "reminded_at", "answered_at", "refusals", "other_day", "starts_on", "outcome", "outcome_on",
    "ended_at",
)  # fmt: skip


def _slot(person, action):
    return f"{person.id}:{action.id}" if action else None


def _check_day(day):
    if day is not None and not today() <= day <= today() + FARTHEST_DAY:
        raise RuleBroken(N_("Choisissez un jour à venir, dans l’année."))
