"""Fewer hours than the fifteen of the law, for a coded reason, at her request."""

import datetime as dt
import json

import peewee as pw

from ..accounts.account import Account
from ..base import N_, RuleBroken, Vocabulary, today, transaction
from ..network.organisations import Organisation
from ..persons.sharing import Domain
from ..sealed import SealedField
from .plan import Plan, Proposal

# Hours of activity a week that the law asks for (loi plein emploi, 2025).
WEEKLY_HOURS = 15
LONGEST = dt.timedelta(days=366)


class WaiverReason(Vocabulary):
    """Why fewer hours are asked for. Never the cause of a health matter."""

    HEALTH = "sante", N_("Santé")
    DISABILITY = "handicap", N_("Handicap")
    INVALIDITY = "invalidite", N_("Invalidité")
    CHILDCARE = "garde", N_("Parent seul, sans garde pour un enfant de moins de 12 ans")
    CARER = "aidant", N_("Aide un proche")
    MOBILITY = "deplacement", N_("Pas de moyen de transport")
    WORKS = "emploi", N_("Travaille déjà une partie de la semaine")
    SITUATION = "situation", N_("Situation de la personne")

    @property
    def may_exempt(self):
        """Whether the law lets no hour be asked for at all; otherwise one at least."""
        return self in _EXEMPTING

    @property
    def domain(self):
        """The domain whose agreement opens this reason."""
        return _DOMAINS.get(self, Domain.SUPPORT)


_R = WaiverReason
_EXEMPTING = (_R.HEALTH, _R.DISABILITY, _R.INVALIDITY, _R.CHILDCARE)
_DOMAINS = {
    _R.HEALTH: Domain.HEALTH, _R.DISABILITY: Domain.HEALTH, _R.INVALIDITY: Domain.HEALTH,
    _R.CHILDCARE: Domain.FAMILY, _R.CARER: Domain.FAMILY, _R.MOBILITY: Domain.MOBILITY,
    _R.WORKS: Domain.EMPLOYMENT,
}  # fmt: skip


class Waiver(Proposal):
    """Hours asked for instead of fifteen, until a day, once she has agreed.

    `content` is sealed JSON `{"motif", "heures"}`.
    """

    plan = pw.ForeignKeyField(Plan, backref="waivers", on_delete="CASCADE")
    content = SealedField()
    ends_on = pw.DateField()

    @property
    def reason(self):
        return WaiverReason(json.loads(self.content)["motif"])

    @property
    def hours(self):
        """Hours a week that remain asked for."""
        return json.loads(self.content)["heures"]

    @classmethod
    @transaction
    def propose(cls, plan, reason, hours, ends_on, *, writer):
        """Propose fewer hours; it waits for her agreement, and replaces what waited before.

        Raises `RuleBroken`.
        """
        plan.write()
        _check(reason, hours, ends_on)
        for former in cls.waiting_of(plan):
            former.withdraw(by=writer.actor, organisation=writer.organisation)
        waiver = cls.fresh(writer, plan=plan, ends_on=ends_on)
        waiver.content = json.dumps({"motif": reason.value, "heures": hours})
        waiver.save(force_insert=True)
        plan.record("plan:waive", by=writer.actor, organisation=writer.organisation)
        plan.tell_proposal(by=writer.account, organisation=writer.organisation)
        return waiver

    @classmethod
    def of_plan(cls, plan):
        """Every waiver of a plan, the oldest first, with who proposed it: one query."""
        rows = (
            cls.select(cls, Account, Organisation)
            .join_from(cls, Account, pw.JOIN.LEFT_OUTER)
            .join_from(cls, Organisation, pw.JOIN.LEFT_OUTER)
            .where(cls.plan == plan)
        )
        found = list(rows.order_by(cls.id))
        for one in found:
            one.plan = plan
        return found

    @classmethod
    def of_hers(cls, plan, code):
        """The waiver of this plan with this public identifier, or None (I13)."""
        return next((one for one in cls.of_plan(plan) if one.code == code), None)

    @classmethod
    def waiting_of(cls, plan):
        return [one for one in cls.of_plan(plan) if one.is_waiting]

    def holds_on(self, day):
        return self.is_agreed and day <= self.ends_on


def _check(reason, hours, ends_on):
    least = 0 if reason.may_exempt else 1
    if not least <= hours < WEEKLY_HOURS:
        raise RuleBroken(
            N_("Pour ce motif, écrivez un nombre d’heures de %(least)d à %(most)d."),
            least=least, most=WEEKLY_HOURS - 1,
        )  # fmt: skip
    if not today() <= ends_on <= today() + LONGEST:
        raise RuleBroken(N_("Choisissez un jour à venir, dans l’année."))
