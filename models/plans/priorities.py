"""Three priorities at most: needs of her diagnostic that she wants answered first (REQ-31)."""

import json
from typing import NamedTuple

import peewee as pw

from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, transaction
from ..diagnostics.answers import Answers
from ..diagnostics.diagnostic import Diagnostic
from ..diagnostics.needs import NeedDecision, Wish
from ..questionnaire.deriving import derive
from ..questionnaire.versions import TemplateVersion
from ..sealed import SealedField
from .plan import Plan

MOST = 3
FIRST_CHOICES = "pri_priorites"


class Outcome(Vocabulary):
    """What became of a need when the plan ends."""

    LIFTED = "leve", N_("Levé : ce n’est plus un besoin")
    STILL_THERE = "toujours-la", N_("Encore là")


class Offer(NamedTuple):
    """A need that may become a priority. `is_first` says that she named it first in her
    diagnostic, `question` the one whose answer raised it."""

    need: str
    question: str
    diagnostic: Diagnostic
    is_first: bool = False

    @property
    def said(self):
        """The `Need` itself, as the version she answered says it."""
        return self.diagnostic.template.needs[self.need]

    def is_open(self, opened):
        """Whether a reader may see it (`Openness`)."""
        return opened.shows_need(self.diagnostic.template, self)


class PlanPriority(Entity):
    """One priority of a plan, at its place. `content` is sealed JSON `{"besoin", "question"}`, so
    that the database does not tell who needs what; `outcome` is None until the plan closes."""

    plan = pw.ForeignKeyField(Plan, backref="priorities", on_delete="CASCADE")
    place = pw.SmallIntegerField()
    diagnostic = pw.ForeignKeyField(Diagnostic, on_delete="CASCADE")
    content = SealedField()
    outcome = VocabularyField(Outcome, null=True)

    @property
    def offer(self):
        said = json.loads(self.content)
        return Offer(said["besoin"], said["question"], self.diagnostic)

    @property
    def need(self):
        """The key of the need."""
        return json.loads(self.content)["besoin"]

    @classmethod
    def of_plan(cls, plan):
        """In their order, each with its diagnostic and its version: one query."""
        rows = (
            cls.select(cls, Diagnostic, *TemplateVersion.named())
            .join(Diagnostic)
            .join(TemplateVersion)
            .where(cls.plan == plan)
        )
        found = list(rows.order_by(cls.place, cls.id))
        for one in found:
            one.plan = plan
        return found

    @classmethod
    def of_hers(cls, plan, code):
        """The priority of this plan with this public identifier, or None (I13)."""
        return next((one for one in cls.of_plan(plan) if one.code == code), None)

    @classmethod
    @transaction
    def choose(cls, plan, offers, *, writer, seen=None):
        """The priorities of the plan become these, in this order. One that has a step stays.

        Raises `RuleBroken` past three, for the same need twice, or when a step would be lost.
        """
        from .steps import PlanStep

        plan.write(seen=seen)
        keys = [one.need for one in offers]
        if len(keys) > MOST:
            raise RuleBroken(N_("%(most)d priorités au plus."), most=MOST)
        if len(set(keys)) < len(keys):
            raise RuleBroken(N_("Un même besoin est choisi deux fois."))
        present = {one.need: one for one in cls.of_plan(plan)}
        gone = [one for key, one in present.items() if key not in keys]
        if PlanStep.living_of(gone):
            raise RuleBroken(N_("Une priorité qui a déjà une étape reste dans le plan."))
        for one in gone:
            one.delete_instance()
        for place, offer in enumerate(offers, 1):
            cls._put(plan, place, offer, present.get(offer.need))
        plan.record(
            "plan:prioritise", by=writer.actor, organisation=writer.organisation, count=len(offers)
        )

    @classmethod
    def carry(cls, former, plan):
        """The needs that were still there when a plan closed begin the next one."""
        still = [one for one in cls.of_plan(former) if one.outcome is Outcome.STILL_THERE]
        for place, one in enumerate(still, 1):
            cls._put(plan, place, one.offer, None)

    @classmethod
    def _put(cls, plan, place, offer, present):
        if present:
            present.place = place
            present.save(only=[cls.place])
        else:
            said = {"besoin": offer.need, "question": offer.question}
            cls.create(
                plan=plan, place=place, diagnostic=offer.diagnostic, content=json.dumps(said)
            )


def offers_of(person, plan=None):
    """The `Offer`s that may be chosen: those of the plan, then the needs of her diagnostics that
    she did not decline, those she named first before the others."""
    found = {one.need: one.offer for one in (PlanPriority.of_plan(plan) if plan else ())}
    for offer in sorted(_standing(person), key=lambda offer: not offer.is_first):
        found.setdefault(offer.need, offer)
    return list(found.values())


def _standing(person):
    """Her last word on each question: what a new diagnostic has not discussed yet stays as the
    one before said."""
    asked_again, decided = set(), {}
    for diagnostic in Diagnostic.of_person(person):
        given = Answers(diagnostic).given
        decided = NeedDecision.standing(diagnostic) | decided
        template = diagnostic.version.key
        first = () if (template, FIRST_CHOICES) in asked_again else given.get(FIRST_CHOICES) or ()
        for one in derive(diagnostic.template, given).raised.values():
            is_declined = one.need in decided and decided[one.need].keeping is Wish.NO
            if not is_declined and (template, one.question) not in asked_again:
                yield Offer(one.need, one.question, diagnostic, one.need in first)
        asked_again |= {(template, question) for question in given}
