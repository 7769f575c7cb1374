"""After an incident: who opened which files between two moments, persons under a number of that
list only (RGPD, articles 33 and 34; access.md §1)."""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from .. import audit, sealing
from ..accounts.account import Account
from ..audit import AuditEntry
from ..base import N_, ZONE, RuleBroken, now, transaction
from ..network.organisations import Organisation
from .person import Person

MOST_DAYS = 31
# A longer list is read in a spreadsheet.
MOST_SHOWN = 500
NUMBER_DIGITS = 10


def moment_of(day, hour, *, is_end=False):
    """The stored moment of a day and an hour in France. The hour that the last Sunday of October
    counts twice begins with its first passage, and ends with its second. Raises `RuleBroken`."""
    local = dt.datetime.combine(day, hour, ZONE).replace(fold=int(is_end))
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(ZONE).time() != hour:
        raise RuleBroken(
            N_("cette heure n’existe pas : cette nuit-là, on passe de 2 heures à 3 heures.")
        )
    return moment.replace(tzinfo=None)


class Period(NamedTuple):
    """Two stored moments; `until` is not in it."""

    since: dt.datetime
    until: dt.datetime

    def check(self):
        """Raise `RuleBroken` when nothing can be asked about it."""
        if self.until <= self.since:
            raise RuleBroken(N_("la fin vient après le début."))
        if self.since > now():
            raise RuleBroken(N_("cette période n’a pas commencé."))
        if self.until - self.since > dt.timedelta(days=MOST_DAYS, hours=1):
            raise RuleBroken(
                N_("demandez %(most)d jours au plus, puis recommencez."), most=MOST_DAYS
            )


class Opening(NamedTuple):
    """One line of the trail; `account` is None when the person opened her own space."""

    moment: dt.datetime
    account: Account | None
    organisation: Organisation | None
    act: str
    person: str


class Trace(NamedTuple):
    """What was found: the openings, and how many there are in all."""

    openings: list
    lines: int
    files: int
    accounts: int


@transaction
def trace(period, *, by, form, limit=None):
    """Who opened which files in this period; asking is itself written down."""
    period.check()
    audit.record(
        "access:trace", by, by=by, form=form,
        since=period.since.isoformat(), until=period.until.isoformat(),
    )  # fmt: skip
    openings = [_opening(line, period) for line in _lines(period).limit(limit)]
    return Trace(openings, *_counts(period))


def _found(period):
    return (
        (AuditEntry.created_at >= period.since)
        & (AuditEntry.created_at < period.until)
        & AuditEntry.person_id.is_null(False)
        & (AuditEntry.subject_type == Person._meta.table_name)
    )


def _lines(period):
    line, account, place = AuditEntry, Account, Organisation
    return (
        line.select(line.created_at, line.act, line.person_id, account.id, account.name,
                    account.identifier, place.id, place.name)
        .join_from(line, account, pw.JOIN.LEFT_OUTER, on=line.actor_id == account.id, attr="who")
        .join_from(line, place, pw.JOIN.LEFT_OUTER, on=line.organisation_id == place.id, attr="at")
        .where(_found(period))
        .order_by(line.created_at, line.id)
    )  # fmt: skip


def _opening(line, period):
    who, place = getattr(line, "who", None), getattr(line, "at", None)
    return Opening(line.created_at, who, place, line.act, _number(line.person_id, period))


def _number(person, period):
    """The same person has the same number in the lists of one period, and another in any other."""
    subject = f"incident {period.since.isoformat()} {period.until.isoformat()}"
    return sealing.fingerprint(str(person), subject).partition(".")[2][:NUMBER_DIGITS].upper()


def _counts(period):
    counts = AuditEntry.select(
        pw.fn.COUNT(AuditEntry.id),
        pw.fn.COUNT(AuditEntry.person_id.distinct()),
        pw.fn.COUNT(AuditEntry.actor_id.distinct()),
    )
    return counts.where(_found(period)).tuples().get()
