"""What answers a saved search, the newest first: told by e-mail at its rhythm, and by its feed."""

import datetime as dt
from dataclasses import replace

import peewee as pw

from .. import outbox
from ..accounts.account import Account
from ..action_bank.search import ids_of
from ..action_bank.sheets import LINE_COLUMNS, Action
from ..base import RuleBroken, local_day, now, today, transaction
from ..network.organisations import Organisation
from ..search_index import CAP
from ..text import one_line
from .saved_searches import SavedSearch, next_day

MOST_PER_RUN = 200
MOST_TOLD = 20
MOST_IN_FEED = 50
# A sheet carries the moment its act began, and is seen when the act is over: an import takes its
# time. What is younger than this waits for the next alert, so that nothing falls between two.
SETTLING = dt.timedelta(hours=1)


def _appeared():
    return pw.fn.COALESCE(Action.published_at, Action.created_at)


def newest(saved, *, limit, since=None, until=None):
    """The actions that answer a search, the last published first, each with `appeared_at`.

    `since` and `until` bound their publication; a sheet that came by import was published by
    coming. At most `2 * CAP` answers are looked at: past `CAP`, those verified since `since`.
    """
    ids = _answers(saved.search, since)
    if not ids:
        return []
    shown = [getattr(Action, name) for name in (*LINE_COLUMNS, "summary", "description")]
    rows = Action.select(*shown, Organisation.name, _appeared().alias("appeared_at"))
    rows = rows.join(Organisation).where(Action.id << ids, Action.is_listed())
    if since:
        rows = rows.where(_appeared() > since)
    if until:
        rows = rows.where(_appeared() <= until)
    return [_dated(row) for row in rows.order_by(_appeared().desc(), Action.id.desc()).limit(limit)]


def _answers(wanted, since):
    """The row numbers of what answers; sheets published lately were verified lately, so that a
    search with more answers than are read still finds them."""
    ids, is_capped = ids_of(wanted, CAP)
    if is_capped and since:
        ids = {*ids, *ids_of(replace(wanted, since=local_day(since)), CAP)[0]}
    return list(ids)


def _dated(action):
    """SQLite gives a moment that it computed as text."""
    if isinstance(action.appeared_at, str):
        action.appeared_at = dt.datetime.fromisoformat(action.appeared_at)
    return action


def alert_due(most=MOST_PER_RUN):
    """Tell of what is new, search by search, each in its own transaction; answers the number of
    e-mails written. What one run leaves, or what fails, the next one takes up again."""
    due = SavedSearch.select(SavedSearch.id).where(SavedSearch.due_on <= today())
    rows = [row for (row,) in due.order_by(SavedSearch.due_on).limit(most).tuples()]
    written, faults = 0, []
    for row in rows:
        try:
            written += _alert(row)
        except pw.OperationalError:
            raise
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return written


def _alert(row):
    """One search, if it is still due: 1 when there was something to tell, and somebody to read.

    What is new is looked for before the transaction: other writers do not wait for a search.
    """
    saved = SavedSearch.select(SavedSearch, Account).join(Account).where(SavedSearch.id == row)
    saved = saved.where(SavedSearch.due_on <= today()).first()
    if saved is None:
        return 0
    until = max(now() - SETTLING, saved.told_until)
    news = []
    if saved.account.is_active:
        news = newest(saved, limit=MOST_TOLD + 1, since=saved.told_until, until=until)
    return _tell_once(saved, news, until)


@transaction
def _tell_once(saved, news, until):
    """Write the e-mail with the day of the next one, unless somebody else did meanwhile."""
    as_read = (SavedSearch.told_until == saved.told_until) & (SavedSearch.due_on == saved.due_on)
    done = SavedSearch.update(told_until=until, due_on=next_day(saved.rhythm, today()))
    if not done.where(SavedSearch.id == saved.id, as_read).execute():
        return 0
    return int(bool(news) and _tell(saved, news))


def _tell(saved, news):
    """Write the e-mail; an address that takes none is passed over."""
    told = [
        {
            "code": action.code,
            "name": one_line(action.name),
            "organisation": one_line(action.organisation.name),
        }
        for action in news[:MOST_TOLD]
    ]
    account = saved.account
    try:
        outbox.post(
            "search_alert",
            account.identifier,
            account.language,
            search=saved.name,
            query=saved.query,
            news=told,
            more=len(news) > MOST_TOLD,
            stop=saved.stop_token(),
        )
    except RuleBroken:
        return False
    return True
