"""One question at 1, 3 and 6 months: how she answers, and who is told of it (REQ-13)."""

import contextlib
import datetime as dt
import enum

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    hash_token,
    now,
    today,
    transaction,
)
from ..days import months_after
from ..persons.accompaniments import Accompaniment
from ..persons.person import Person
from ..prescriptions.delays import delays
from .entry import POINTS_AT_MONTHS, EmploymentEntry, EntryEnd, touch

# She may answer so long before the day: she is at the desk today, not on that day.
AHEAD = dt.timedelta(days=15)


class InWork(Vocabulary):
    """What she says, in her words."""

    WELL = "ca-va", N_("J’y suis encore, ça va")
    HARD = "difficile", N_("J’y suis encore, mais c’est difficile")
    CHANGED = "autre-emploi", N_("J’ai changé d’emploi")
    LEFT = "parti", N_("Je n’y suis plus")
    UNSAID = "non-dit", N_("Je préfère ne pas répondre")


# Her référent is told of these at once.
ALERTING = (InWork.HARD, InWork.LEFT)


class AnsweredBy(Vocabulary):
    """Where she answered."""

    SPACE = "espace", N_("Dans son espace")
    LINK = "lien", N_("Par le lien d’un courriel")
    DESK = "guichet", N_("Avec son référent")


class LinkState(enum.Enum):
    """What the link of a question still does."""

    OPEN = "open"
    USED = "used"
    PAST = "past"
    # Nothing is asked any more.
    OVER = "over"


class EmploymentPoint(Entity):
    """The question of one day. `asked_at` is when she was asked, by a link of which only the hash
    is kept (`token_hash`, until `link_ends_at`) or on her own page; `told_at` when her référent was
    told that she did not answer. `account` noted an answer given at the desk."""

    entry = pw.ForeignKeyField(EmploymentEntry, backref="points", on_delete="CASCADE")
    months = pw.SmallIntegerField()
    due_on = pw.DateField(index=True)
    asked_at = pw.DateTimeField(null=True)
    token_hash = pw.CharField(max_length=64, null=True, unique=True)
    link_ends_at = pw.DateTimeField(null=True)
    answer = VocabularyField(InWork, null=True)
    answered_at = pw.DateTimeField(null=True)
    how = VocabularyField(AnsweredBy, null=True)
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    told_at = pw.DateTimeField(null=True)

    @property
    def is_open(self):
        """Whether it may be answered today."""
        is_time = self.due_on <= today() + AHEAD and not self.is_past
        return self.answer is None and self.entry.is_living and is_time

    @property
    def is_past(self):
        """The next one is due: nobody is asked two questions at a time."""
        later = [months for months in POINTS_AT_MONTHS if months > self.months]
        return bool(later) and months_after(self.entry.started_on, later[0]) <= today()

    @property
    def is_silent(self):
        """She was asked long enough ago, and did not answer."""
        return self.answer is None and self.asked_at is not None and self.asked_at < silent_since()

    @property
    def is_alerting(self):
        return self.answer in ALERTING

    @property
    def link_state(self):
        """A `LinkState`."""
        if self.answer is not None:
            return LinkState.USED
        if not self.entry.is_living or self.is_past or not self.entry.person.is_open:
            return LinkState.OVER
        return LinkState.OPEN if self.link_ends_at > now() else LinkState.PAST

    @classmethod
    def of_token(cls, token):
        """The point that this link asks about, with its entry and the person, or None."""
        rows = cls.select(cls, EmploymentEntry, Person).join(EmploymentEntry).join(Person)
        return rows.where(cls.token_hash == hash_token(token)).first()

    @classmethod
    def of_entry(cls, entry):
        """Its points in order, with who noted them: one query."""
        rows = cls.select(cls, Account).join(Account, pw.JOIN.LEFT_OUTER)
        found = list(rows.where(cls.entry == entry).order_by(cls.months))
        for one in found:
            one.entry = entry
        return found

    @classmethod
    def of_hers(cls, person, code):
        """Her point of this public identifier, or None (I13)."""
        rows = cls.select(cls, EmploymentEntry).join(EmploymentEntry)
        found = rows.where(cls.code == code, EmploymentEntry.person == person).first()
        if found:
            found.entry.person = person
        return found

    @transaction
    def reply(self, answer, *, how, by=None, organisation=None):
        """What she says. `by` is herself, the account beside her, or None by the link of an e-mail.
        The same answer twice is one; raises `RuleBroken` for another one, too early or too late."""
        self._hold()
        if self.answer is answer:
            return
        if self.answer is not None:
            raise RuleBroken(N_("Ce point a déjà une réponse."))
        if not self.entry.is_living:
            raise RuleBroken(N_("Ce suivi est terminé : il n’y a plus de question."))
        if self.is_past:
            raise RuleBroken(N_("Ce point est passé : répondez au suivant."))
        if not self.is_open:
            raise RuleBroken(N_("Il est trop tôt pour répondre à ce point."))
        self.answer, self.answered_at, self.how = answer, now(), how
        self.account = by if how is AnsweredBy.DESK else None
        self.save(only=self.dirty_fields)
        person = self.entry.person
        touch(person)
        audit.record(
            "employment:answer", self, by=by, person=person, organisation=organisation,
            months=self.months, how=how.value,
        )  # fmt: skip
        self._follow(by=by, organisation=organisation)

    def _follow(self, *, by, organisation):
        """What an answer leads to: the end of the questions, word to her référent."""
        rest = [one for one in EmploymentPoint.of_entry(self.entry) if one.answer is None]
        if self.answer is InWork.LEFT:
            self.entry.finish(EntryEnd.LEFT, by=by, organisation=organisation)
        elif all(one.is_past for one in rest):
            self.entry.finish(EntryEnd.DONE, by=by, organisation=organisation)
        if self.answer in ALERTING:
            tell_referent(self.entry, besides=by)

    def _hold(self):
        self.entry.hold()
        fresh = EmploymentPoint.get_by_id(self.id)
        for column in ("answer", "answered_at", "how", "asked_at", "told_at"):
            self.__data__[column] = fresh.__data__[column]
        self._dirty.clear()


def silent_since():
    """Whoever was asked before this moment and did not answer is silent."""
    return now() - dt.timedelta(days=delays().silence)


def tell_referent(entry, *, besides=None):
    """Her référent unique, or who wrote the entry and accompanies her still, is told that there is
    something to read; never `besides`, who knows."""
    links = [one for one in Accompaniment.of_person(entry.person) if one.ended_at is None]
    account = next((one.account for one in links if one.lead_slot), None) or next(
        (one.account for one in links if one.account_id == entry.account_id), None
    )
    if account is None or not account.is_active or account == besides:
        return
    with contextlib.suppress(RuleBroken):  # an address that takes no mail stops no answer
        outbox.post("employment_news", account.identifier, account.language)
