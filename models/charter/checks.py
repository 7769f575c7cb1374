"""« Charte vivante »: the automatic check that holds each article, and this month’s result.

Each check reads facts other than the rule it watches: it would notice a rule that stopped working.
"""

import peewee as pw

from .. import audit
from ..accounts.account import Account, Role
from ..action_bank.freshness import Freshness
from ..action_bank.sheets import Action
from ..audit import AuditEntry
from ..base import N_, Entity, Vocabulary, VocabularyField, local_day, now, today, transaction
from ..network.memberships import Membership
from ..network.organisations import Organisation
from ..network.training import TrainingCompletion

# Product rule: the share of confirmed sheets below which the article is « à améliorer ».
CONFIRMED_SHARE = 0.9


class Outcome(Vocabulary):
    """What a check found."""

    KEPT = "respecte", N_("Respecté")
    TO_IMPROVE = "a-ameliorer", N_("À améliorer")
    BROKEN = "manquement", N_("Manquement")
    NOTHING = "sans-objet", N_("Rien à contrôler ce mois-ci")


class Check(Vocabulary):
    """The checks that can run, as coordination chooses them for an article."""

    SHEETS_CONFIRMED = "sheets-confirmed", N_("Fiches confirmées dans leur délai")
    TRAINED_BEFORE_WRITING = "trained-before-writing", N_("Formation suivie avant d’écrire")
    NOTHING_AFTER = "nothing-after", N_("Rien d’écrit après une suspension ou un départ")


class CharterCheck(Entity):
    """The result of a check for a month (`month` is its first day): two counts and an outcome."""

    name = pw.CharField(max_length=40)
    month = pw.DateField()
    outcome = VocabularyField(Outcome)
    good = pw.IntegerField()
    total = pw.IntegerField()
    checked_at = pw.DateTimeField(default=now)

    class Meta:
        indexes = ((("name", "month"), True),)

    @classmethod
    def latest(cls):
        """`{name: its latest result}`."""
        return {row.name: row for row in cls.select().order_by(cls.month)}


def run_checks():
    """Run every check for this month, replacing its earlier result; answers the results."""
    return [_keep(name, *check()) for name, check in CHECKS.items()]


@transaction
def _keep(name, good, total, tolerance=1.0):
    month = today().replace(day=1)
    result = CharterCheck.get_or_none(name=name, month=month) or CharterCheck(
        name=name, month=month
    )
    result.good, result.total = good, total
    result.outcome, result.checked_at = _outcome(good, total, tolerance), now()
    result.save()
    audit.record("charter:check", result, name=name, good=good, total=total)
    return result


def _outcome(good, total, tolerance):
    if not total:
        return Outcome.NOTHING
    if good == total:
        return Outcome.KEPT
    if tolerance < 1:
        return Outcome.KEPT if good / total >= tolerance else Outcome.TO_IMPROVE
    return Outcome.BROKEN


def sheets_confirmed():
    """Article 11: listed sheets confirmed within their own rhythm, out of all."""
    sheets = list(Action.for_list().where(Action.is_listed()))
    return sum(not sheet.is_overdue for sheet in sheets), len(sheets), CONFIRMED_SHARE


def confirmed_by_organisation():
    """`[(organisation, confirmed sheets, sheets)]`, by name: what article 11 promises to show."""
    return [(row.organisation.name, row.fresh, row.total) for row in Freshness.by_organisation()]


def trained_before_writing():
    """Articles 8 and 12: sheets written by a professional who was trained when he wrote, out of
    all those written by a professional."""
    written = _writings()
    trained = {}
    for row in TrainingCompletion.select().where(TrainingCompletion.cancelled_at.is_null()):
        day = trained.get(row.account_id, row.done_on)
        trained[row.account_id] = min(day, row.done_on)
    good = sum(
        entry.actor_id in trained and trained[entry.actor_id] <= local_day(entry.created_at)
        for entry in written
    )
    return good, len(written)


def nothing_after():
    """Article 14: suspended or departed organisations none of whose people wrote since."""
    gone = Organisation.select().where(
        Organisation.suspended_at.is_null(False) | Organisation.left_at.is_null(False)
    )
    written = _writings()
    organisations = list(gone)
    quiet = sum(not _wrote_since(organisation, written) for organisation in organisations)
    return quiet, len(organisations)


def _wrote_since(organisation, written):
    since = organisation.left_at or organisation.suspended_at
    only_here = _people_of_one(organisation)
    return any(entry.actor_id in only_here and entry.created_at > since for entry in written)


def _people_of_one(organisation):
    """Row numbers of the accounts whose only organisation is this one."""
    places = {}
    for row in Membership.select(Membership.account, Membership.organisation):
        places.setdefault(row.account_id, set()).add(row.organisation_id)
    return {account for account, where in places.items() if where == {organisation.id}}


def _writings():
    """What professionals wrote in sheets: those who run the bank act by their role, which asks
    for no training."""
    professionals = Account.select(Account.id).where(Account.role == Role.PROFESSIONAL)
    return list(
        AuditEntry.select().where(
            AuditEntry.act.startswith("action:"), AuditEntry.actor_id << professionals
        )
    )


CHECKS = {
    Check.SHEETS_CONFIRMED: sheets_confirmed,
    Check.TRAINED_BEFORE_WRITING: trained_before_writing,
    Check.NOTHING_AFTER: nothing_after,
}
