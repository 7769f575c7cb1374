"""Steps towards a need, chosen with the person: an action of the bank or not, and what each side
commits to (REQ-31, REQ-68, REQ-71)."""

import datetime as dt
import json

import peewee as pw

from ..accounts.account import Account
from ..action_bank.sheets import Action
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, today, transaction
from ..network.organisations import Organisation
from ..sealed import SealedField
from .plan import Proposal, ProposalEnd
from .priorities import PlanPriority

MOST_STEPS = 4
LATEST = dt.timedelta(days=365)


class Side(Vocabulary):
    """Who commits."""

    PERSON = "personne", N_("La personne")
    REFERENT = "referent", N_("Le référent")


class HerPart(Vocabulary):
    """What she says that she does: closed words, readable by both."""

    CALL = "appeler", N_("Appeler le lieu")
    VISIT = "visiter", N_("Aller voir sur place")
    MEET = "rendez-vous", N_("Prendre rendez-vous")
    ENROL = "inscription", N_("S’inscrire")
    ATTEND = "venir", N_("Venir à chaque séance")
    PAPERS = "papiers", N_("Réunir les papiers demandés")
    FORM = "demande", N_("Remplir la demande")
    CV = "cv", N_("Préparer le CV")
    APPLY = "candidature", N_("Envoyer des candidatures")
    TALK = "en-parler", N_("En parler autour de soi")
    THINK = "reflechir", N_("Y réfléchir jusqu’au prochain point")


class OurPart(Vocabulary):
    """What the professional says that he does."""

    CALL = "appeler", N_("Appeler le lieu")
    ASK = "demande", N_("Envoyer la demande")
    FIND = "chercher", N_("Chercher une place, ou une autre solution")
    GO = "accompagner", N_("Venir sur place avec la personne")
    FILL = "papiers", N_("Aider à remplir les papiers")
    MONEY = "financement", N_("Demander une aide financière")
    EXPLAIN = "expliquer", N_("Expliquer les étapes")
    LINK = "relier", N_("Prévenir l’autre professionnel")
    PREPARE = "preparer", N_("Préparer le rendez-vous avec la personne")
    NEWS = "nouvelles", N_("Prendre des nouvelles")


PARTS = {Side.PERSON: HerPart, Side.REFERENT: OurPart}


class PlanStep(Proposal):
    """One step towards the need of a priority. `content` is sealed JSON `{"action", "nom",
    "heures", "semaines"}`: the sheet of the bank as it was proposed, so that what was agreed never
    changes by itself; `action` is None without sheet. `starts_on` is when its hours begin."""

    priority = pw.ForeignKeyField(PlanPriority, backref="steps", on_delete="CASCADE")
    content = SealedField()
    starts_on = pw.DateField(null=True)

    @property
    def plan(self):
        return self.priority.plan

    @property
    def _said(self):
        return json.loads(self.content)

    @property
    def action_code(self):
        return self._said["action"]

    @property
    def name(self):
        """The name of its sheet; None without sheet."""
        return self._said["nom"]

    @property
    def weekly_hours(self):
        """Hours of a week, or None: not filled in."""
        return self._said["heures"]

    @property
    def weeks(self):
        return self._said["semaines"]

    @classmethod
    @transaction
    def propose(cls, priority, action, parts, *, writer, starts_on=None):
        """Propose a step: `action` is a sheet or None, `parts` is `{Side: (part, day)}`, both sides
        being there. It waits for her agreement. Raises `RuleBroken`."""
        plan = priority.plan
        plan.write()
        # Whole and as it is now: what a list shows of a sheet holds neither hours nor weeks.
        action = action and Action.by_code(action.code)
        _check(action, parts)
        if sum(one.ended_at is None for one in cls.of_priorities([priority])) >= MOST_STEPS:
            raise RuleBroken(N_("%(most)d étapes au plus pour une priorité."), most=MOST_STEPS)
        step = cls.fresh(
            writer, priority=priority, starts_on=(starts_on or today()) if action else None
        )
        step.content = json.dumps(_content(action))
        step.save(force_insert=True)
        for side, (part, day) in parts.items():
            Engagement.take(step, side, part, day, writer)
        plan.record("plan:propose", by=writer.actor, organisation=writer.organisation)
        plan.tell_proposal(by=writer.account, organisation=writer.organisation)
        return step

    @classmethod
    def of_priorities(cls, priorities):
        """Every step of these priorities, the oldest first, with who proposed it: one query."""
        known = {one.id: one for one in priorities}
        rows = (
            cls.select(cls, Account, Organisation)
            .join_from(cls, Account, pw.JOIN.LEFT_OUTER)
            .join_from(cls, Organisation, pw.JOIN.LEFT_OUTER)
            .where(cls.priority << list(known))
        )
        found = list(rows.order_by(cls.id)) if known else []
        for one in found:
            one.priority = known[one.priority_id]
        return found

    @classmethod
    def of_hers(cls, plan, code):
        """The step of this plan with this public identifier, or None (I13)."""
        steps = cls.of_priorities(PlanPriority.of_plan(plan))
        return next((one for one in steps if one.code == code), None)

    @classmethod
    def living_of(cls, priorities):
        """Those that still stand, or were accepted once: what was agreed is never lost."""
        return [
            one for one in cls.of_priorities(priorities) if one.ended_at is None or one.agreed_at
        ]

    @classmethod
    def waiting_of(cls, plan):
        return [one for one in cls.of_priorities(PlanPriority.of_plan(plan)) if one.is_waiting]

    @transaction
    def finish(self, is_done, *, by, organisation=None):
        """Say that it is done, or that it will not be. Refused without her agreement (REQ-71)."""
        self._reload()
        if self.ended_at is not None:
            raise RuleBroken(N_("Cette étape est déjà terminée."))
        if self.agreed_at is None:
            raise RuleBroken(N_("La personne n’a pas encore accepté cette étape."))
        end = ProposalEnd.DONE if is_done else ProposalEnd.NOT_DONE
        self._finish(end)
        self.plan.record("plan:done", by=by, organisation=organisation, end=end.value)


class Engagement(Entity):
    """What one side does for a step, before a day; `content` is sealed JSON `{"quoi"}`.

    `account` is the professional who commits, None when she does; `done_by` is who said that it is
    done, None when she said it.
    """

    step = pw.ForeignKeyField(PlanStep, backref="engagements", on_delete="CASCADE")
    side = VocabularyField(Side)
    content = SealedField()
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    due_on = pw.DateField()
    done_at = pw.DateTimeField(null=True)
    done_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")

    @property
    def part(self):
        return PARTS[self.side](json.loads(self.content)["quoi"])

    @property
    def is_late(self):
        return self.done_at is None and self.due_on < today()

    @classmethod
    def take(cls, step, side, part, day, writer):
        account = writer.account if side is Side.REFERENT else None
        cls.create(
            step=step, side=side, account=account, due_on=day,
            content=json.dumps({"quoi": part.value}),
        )  # fmt: skip

    @classmethod
    def of_steps(cls, steps):
        """`{row number of a step: its engagements}`, hers first, with who commits: one query."""
        known = {one.id: one for one in steps}
        rows = cls.select(cls, Account).join(Account, pw.JOIN.LEFT_OUTER, on=cls.account)
        found = {}
        for row in rows.where(cls.step << list(known)).order_by(cls.id) if known else ():
            row.step = known[row.step_id]
            found.setdefault(row.step_id, []).append(row)
        for of_step in found.values():
            of_step.sort(key=lambda one: (one.side is Side.REFERENT, one.id))
        return found

    @classmethod
    def of_hers(cls, plan, code):
        """The engagement of this plan with this public identifier, or None (I13)."""
        steps = PlanStep.of_priorities(PlanPriority.of_plan(plan))
        found = [one for of_step in cls.of_steps(steps).values() for one in of_step]
        return next((one for one in found if one.code == code), None)

    @transaction
    def keep(self, *, by, organisation=None):
        """It is done. Only an accepted step binds; she says so of her own part alone, and saying
        it twice is once. Raises `RuleBroken`."""
        step = self.step
        step._reload()
        if not step.is_agreed:
            raise RuleBroken(N_("Cette étape n’est pas en cours : rechargez la page."))
        if by.is_accompanied and self.side is not Side.PERSON:
            raise RuleBroken(N_("C’est à votre référent de dire que c’est fait."))
        if Engagement.get_by_id(self.id).done_at is None:
            self.done_at, self.done_by = now(), None if by.is_accompanied else by
            self.save(only=[Engagement.done_at, Engagement.done_by])
            step.plan.record("plan:done", by=by, organisation=organisation, side=self.side.value)


def _check(action, parts):
    if set(parts) != set(Side):
        raise RuleBroken(N_("Chaque étape dit ce que fait chacun des deux."))
    if action and not action.is_listed_now:
        raise RuleBroken(N_("Cette action n’est plus proposée dans la banque."))
    for _, day in parts.values():
        if not today() <= day <= today() + LATEST:
            raise RuleBroken(N_("Choisissez un jour à venir, dans l’année."))


def _content(action):
    if action is None:
        return {"action": None, "nom": None, "heures": None, "semaines": None}
    return {
        "action": action.code, "nom": action.name, "heures": action.weekly_hours,
        "semaines": action.weeks,
    }  # fmt: skip
