"""Who opens many files: an alert within the hour, and the accounts above the threshold."""

import datetime as dt
from collections import Counter, defaultdict, deque
from typing import NamedTuple

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account, Role
from ..audit import AuditEntry
from ..base import local_day, now, transaction
from ..database import held
from ..network.memberships import Membership
from ..network.organisations import Organisation
from .person import Person

# More than anybody reads of an hour's work; a setting changes it.
FILES_PER_HOUR = 30
WINDOW = dt.timedelta(hours=1)
# A worker stopped for a day still tells, when it starts again, of what happened meanwhile.
LOOKED_BACK = dt.timedelta(days=1)
SHOWN_DAYS = 30
ALERT = "access:alert"

_above = FILES_PER_HOUR


def alert_above(files):
    """Set how many files an account opens within an hour before it is told."""
    global _above
    _above = files


def threshold():
    return _above


class Peak(NamedTuple):
    """The most files that an account opened within an hour, on one day."""

    account: Account
    day: dt.date
    files: int
    organisations: list


def _openings(since):
    """The condition of the lines by which an account opened a file."""
    return (
        (AuditEntry.created_at >= since)
        & AuditEntry.person_id.is_null(False)
        & AuditEntry.actor_id.is_null(False)
        & (AuditEntry.subject_type == Person._meta.table_name)
    )


def peaks(since):
    """`{(account, day): files}` above the threshold: the most distinct files within any one hour,
    on the day it ended. Only accounts that opened as many since then are read line by line."""
    files = pw.fn.COUNT(AuditEntry.person_id.distinct())
    many = AuditEntry.select(AuditEntry.actor_id).where(_openings(since))
    many = [who for (who,) in many.group_by(AuditEntry.actor_id).having(files > _above).tuples()]
    lines = (
        AuditEntry.select(AuditEntry.actor_id, AuditEntry.person_id, AuditEntry.created_at)
        .where(_openings(since), AuditEntry.actor_id << many)
        .order_by(AuditEntry.created_at, AuditEntry.id)
    )
    windows, found = defaultdict(_Window), {}
    for account, person, moment in lines.tuples().iterator():
        count = windows[account].take(person, moment)
        if count > _above:
            place = account, local_day(moment)
            found[place] = max(count, found.get(place, 0))
    return found


class _Window:
    """The files opened within the hour that ends at the last line."""

    def __init__(self):
        self.lines, self.files = deque(), Counter()

    def take(self, person, moment):
        self.lines.append((moment, person))
        self.files[person] += 1
        while self.lines[0][0] <= moment - WINDOW:
            _, gone = self.lines.popleft()
            self.files[gone] -= 1
            if not self.files[gone]:
                del self.files[gone]
        return len(self.files)


def alert_many():
    """Tell the coordinators of who went above the threshold, once per account and day; answers how
    many alerts were written."""
    found = peaks(now() - LOOKED_BACK)
    return sum(_alert(account, day, files) for (account, day), files in found.items())


@transaction
def _alert(account_id, day, files):
    """One alert, unless another worker has just written it: the account's row is held."""
    [account] = held(Account.select().where(Account.id == account_id))
    told = AuditEntry.select().where(
        AuditEntry.act == ALERT,
        AuditEntry.subject_type == Account._meta.table_name,
        AuditEntry.subject_id == account_id,
    )
    if any(line.changes["day"] == day.isoformat() for line in told):
        return 0
    audit.record(ALERT, account, day=day.isoformat(), files=files)
    places = [place.name for place in organisations_of([account_id])[account_id]]
    told = Account.select().where(Account.role == Role.COORDINATOR, Account.is_active)
    for coordinator in told:
        outbox.post(
            "many_files", coordinator.identifier, coordinator.language, name=account.name,
            organisations=", ".join(places), files=files, day=day.isoformat(),
        )  # fmt: skip
    return 1


def accounts_above():
    """The `Peak` of each account and day of the last thirty days, the latest first."""
    found = peaks(now() - dt.timedelta(days=SHOWN_DAYS))
    who = {account for account, _ in found}
    accounts = {one.id: one for one in Account.select().where(Account.id << list(who))}
    where = organisations_of(who)
    lines = [
        Peak(accounts[account], day, files, where[account])
        for (account, day), files in found.items()
        if account in accounts
    ]
    return sorted(lines, key=lambda peak: (-peak.day.toordinal(), -peak.files, peak.account.name))


def organisations_of(accounts):
    """`{account: its organisations today}`, as a row number and entities."""
    rows = (
        Membership.select(Membership.account, Organisation)
        .join(Organisation)
        .where(Membership.account << list(accounts), Membership.ended_at.is_null())
        .order_by(Organisation.sort_name)
    )
    found = defaultdict(list)
    for row in rows:
        found[row.account_id].append(row.organisation)
    return found
