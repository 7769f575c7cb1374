"""Sheets kept true: confirmed in one click, asked about in time, counted (REQ 20)."""

import contextlib
import datetime as dt
import enum
from typing import NamedTuple

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, hash_token, new_token, now, today, transaction
from ..database import held
from ..network.memberships import Membership
from ..network.organisations import Organisation
from ..network.rights import places_of, with_right_to_write, writers
from ..permissions import Standing
from ..text import one_line
from . import versions
from .sheets import Action, exceeded
from .versions import Act, ActionVersion, hold

# Proposals of the product (REQ 20), kept as settings. A sheet is asked about this long before it
# is overdue, then again while nobody answers; an organisation is written to once a week at most.
AHEAD = dt.timedelta(days=14)
AGAIN = dt.timedelta(days=30)
GAP = dt.timedelta(days=7)
LINK_LENGTH = dt.timedelta(days=30)
# What one message lists, and what one run writes: the rest waits for the next.
MOST_LISTED = 20
MOST_MESSAGES = 200
# How many late sheets of one organisation are read at once.
_MOST_READ = 200


@transaction
def confirm(action, *, by, places_left=None, seen=None):
    """Vouch for a sheet today; asking twice is asking once. `places_left` counts the free places
    of today, on the version `seen`; None leaves them as they were."""
    if places_left is not None:
        places = {"places_left": places_left, "places_on": today()}
        versions.write(action, places, by=by, seen=action.edition if seen is None else seen)
    sheet = hold(action)
    if not sheet.is_listed_now:
        raise RuleBroken(N_("Cette fiche n’est plus publiée : il n’y a rien à confirmer."))
    if places_left is not None:
        _refuse_too_many(places_left, sheet.places_total)
    who = _who_vouches(sheet, by)
    if (sheet.verified_on, sheet.verified_by) != (today(), who):
        sheet.verified_on, sheet.verified_by = today(), who
        versions.record(sheet, Act.CONFIRMED, by=by)
    return sheet


def _refuse_too_many(left, total):
    if exceeded({"places_left": left, "places_total": total}):
        raise RuleBroken(N_("La fiche n’a que %(total)s places en tout."), total=total)


def _who_vouches(sheet, by):
    """The organisation when one of its own confirms, else those who run the bank."""
    if may_write_for(by, sheet.organisation_id):
        return sheet.organisation.name
    return Standing.BANK_ANIMATOR.label


def may_write_for(account, organisation_id):
    """Whether this account has, today, the right to write in this organisation."""
    return account.is_active and organisation_id in account.rights.standings.get(
        Standing.PROFESSIONAL, ()
    )


class LinkState(enum.Enum):
    """What a link of confirmation still does."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    # Its holder has no longer the right to write there.
    WITHDRAWN = "withdrawn"
    # The sheet is no longer published.
    OVER = "over"


class ReviewReminder(Entity):
    """A sheet that somebody was asked to confirm, by a link that needs no account. Only the hash
    of its 256-bit token is kept; what it allows is read again when it is used."""

    action = pw.ForeignKeyField(Action, backref="reminders", on_delete="CASCADE")
    account = pw.ForeignKeyField(Account, backref="reminders", on_delete="CASCADE")
    token_hash = pw.CharField(max_length=64, unique=True)
    expires_at = pw.DateTimeField(index=True)
    used_at = pw.DateTimeField(null=True)

    @classmethod
    def of_token(cls, token):
        """The reminder that this link came with, with its sheet and its holder, or None."""
        rows = (
            cls.select(cls, Account, Action, Organisation)
            .join_from(cls, Account)
            .join_from(cls, Action)
            .join(Organisation)
        )
        return rows.where(cls.token_hash == hash_token(token)).first()

    @classmethod
    def latest_of(cls, actions):
        """`{row number of the sheet: when somebody was last asked}`."""
        rows = (
            cls.select(cls.action, pw.fn.MAX(cls.created_at))
            .where(cls.action << [action.id for action in actions])
            .group_by(cls.action)
        )
        return dict(rows.tuples()) if actions else {}

    @property
    def state(self):
        if self.used_at:
            return LinkState.USED
        if not self.action.is_listed_now:
            return LinkState.OVER
        if self.expires_at <= now():
            return LinkState.EXPIRED
        may_write = may_write_for(self.account, self.action.organisation_id)
        return LinkState.OPEN if may_write else LinkState.WITHDRAWN

    @transaction
    def use(self):
        """Confirm the sheet; a second click finds it done."""
        if self.state is LinkState.USED:
            return
        if self.state is not LinkState.OPEN:
            raise RuleBroken(N_("Ce lien ne permet plus de confirmer la fiche."))
        unused = (ReviewReminder.id == self.id) & ReviewReminder.used_at.is_null()
        # Two clicks at once: one of them changes the row, and confirms.
        if ReviewReminder.update(used_at=now()).where(unused).execute():
            confirm(self.action, by=self.account)


def remind_due():
    """Ask about the sheets that will soon be overdue, or stay so; answers the messages written.

    One transaction for each organisation: stopped anywhere, it goes on from there.
    """
    written = 0
    reachable = {organisation for _, organisation in writers()}
    for organisation in _organisations_to_ask():
        if written >= MOST_MESSAGES:
            break
        if organisation.id in reachable:
            written += _ask(organisation)
    return written


def _organisations_to_ask():
    """Those with a sheet to ask about and nobody written to lately, the oldest sheet first."""
    oldest = pw.fn.MIN(Action.verification_day())
    rows = (
        Organisation.select(Organisation.id, Organisation.code, Organisation.name)
        .join(Action)
        .where(_to_ask(), Organisation.id.not_in(_lately_asked()))
        .group_by(Organisation.id)
        .order_by(oldest, Organisation.id)
    )
    return list(rows)


def _to_ask():
    """The condition of the sheets to ask about today."""
    asked = ReviewReminder.select(ReviewReminder.action)
    lately = asked.where(ReviewReminder.created_at > now() - AGAIN)
    return Action.is_listed() & Action.is_overdue_on(today() + AHEAD) & Action.id.not_in(lately)


def _lately_asked():
    asked = ReviewReminder.select(Action.organisation).join(Action)
    return asked.where(ReviewReminder.created_at > now() - GAP)


@transaction
def _ask(organisation):
    """Write to each person who may confirm a sheet of this organisation; answers how many."""
    held(Organisation.select(Organisation.id).where(Organisation.id == organisation.id))
    # Another worker may have been here before the row was ours.
    if _lately_asked().where(Action.organisation == organisation).exists():
        return 0
    late = Action.for_list().where(_to_ask(), Action.organisation == organisation)
    sheets = list(late.order_by(Action.verification_day(), Action.id).limit(_MOST_READ))
    lists = _by_recipient(organisation, sheets)
    for account, theirs in lists:
        _write_to(account, organisation, theirs)
    audit.record("reminder:send", organisation, count=len(lists))
    return len(lists)


def _by_recipient(organisation, sheets):
    """`[(account, sheets)]`, of who is to be asked about these sheets."""
    team, authors = team_of(organisation), ActionVersion.authors_of(sheets)
    lists = {}
    for sheet in sheets:
        for membership in in_charge(team, authors.get(sheet.id)):
            lists.setdefault(membership.account, []).append(sheet)
    return list(lists.items())


def _write_to(account, organisation, sheets):
    """One message for all, with a link for each sheet."""
    listed = [link_to(sheet, account) for sheet in sheets[:MOST_LISTED]]
    with contextlib.suppress(RuleBroken):  # an address that takes no mail stops nobody else's
        outbox.post(
            "sheet_review",
            account.identifier,
            account.language,
            organisation=organisation.name,
            sheets=listed,
            has_more=len(sheets) > MOST_LISTED,
        )


def link_to(sheet, account):
    """A link by which this account may confirm this sheet, as a message tells it."""
    token = new_token()
    ReviewReminder.create(
        action=sheet,
        account=account,
        token_hash=hash_token(token),
        expires_at=now() + LINK_LENGTH,
    )
    day = sheet.last_verified_on.isoformat()
    return {"name": one_line(sheet.name), "day": day, "token": token}


def team_of(organisation):
    """The living memberships of those who may write in this organisation."""
    return with_right_to_write(places_of(Membership.of_organisation(organisation)))


def in_charge(team, author):
    """Whom a sheet concerns among those who may write: its author (a row number, or None), else
    the managers, else everyone."""
    mine = [membership for membership in team if membership.account_id == author]
    return mine or [membership for membership in team if membership.is_manager] or team


class Freshness(NamedTuple):
    """How many listed sheets of an organisation were confirmed within their rhythm, out of all;
    `oldest` is the day of the least recent verification."""

    organisation: Organisation | None
    fresh: int
    total: int
    oldest: dt.date | None

    @property
    def overdue(self):
        return self.total - self.fresh

    @property
    def share(self):
        return self.fresh / self.total if self.total else 1.0

    @classmethod
    def of_sheets(cls, sheets):
        """The freshness of sheets in hand."""
        fresh = sum(not sheet.is_overdue for sheet in sheets)
        oldest = min((sheet.last_verified_on for sheet in sheets), default=None)
        return cls(None, fresh, len(sheets), oldest)

    @classmethod
    def by_organisation(cls):
        """That of every organisation with a listed sheet, by name, in one query."""
        late = pw.Case(None, [(Action.is_overdue_on(today()), 1)], 0)
        as_day = Action.updated_on.python_value
        rows = (
            Organisation.select(
                Organisation.id,
                Organisation.code,
                Organisation.name,
                pw.fn.COUNT(Action.id).alias("total"),
                pw.fn.SUM(late).alias("late"),
                pw.fn.MIN(Action.verification_day()).converter(as_day).alias("oldest"),
            )
            .join(Action)
            .where(Action.is_listed())
            .group_by(Organisation.id)
            .order_by(Organisation.sort_name, Organisation.id)
        )
        return [cls(row, row.total - row.late, row.total, row.oldest) for row in rows]


def overdue_of(organisation, *, page, page_size):
    """The overdue sheets of an organisation, the least recently verified first."""
    late = Action.for_list().where(
        Action.is_listed(), Action.is_overdue_on(today()), Action.organisation == organisation
    )
    ordered = late.order_by(Action.verification_day(), Action.id)
    return list(ordered.paginate(page, page_size))


def overdue_count(organisation):
    late = Action.is_listed() & Action.is_overdue_on(today())
    return Action.select().where(late, Action.organisation == organisation).count()
