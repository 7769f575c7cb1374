"""Sheets kept true: confirmed, asked about in time, never twice, by who may (REQ 15, 20)."""

import datetime as dt

import pytest
import time_machine

from models import Account, AuditEntry, OutgoingEmail, ReviewReminder, TrainingCompletion, audit
from models.accounts.account import Role
from models.action_bank import freshness, lifecycle, sheets, versions
from models.action_bank.freshness import Freshness, LinkState, confirm, remind_due
from models.action_bank.search import Search, search
from models.action_bank.sheets import Action
from models.action_bank.versions import Act, ActionVersion, Conflict
from models.base import RuleBroken, today
from models.charter import checks
from models.days import months_before
from models.search_index import current_index
from models.vocabularies import Status
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


def days_ago(count):
    return today() - dt.timedelta(days=count)


def sheet(organisation=None, *, days=400, **values):
    """A published sheet last verified so many days ago, every six months by default."""
    return factories.action(
        organisation=organisation or factories.signed_organisation(),
        verified_on=days_ago(days),
        **values,
    )


def written_by(action, account):
    """As if this account had started the sheet here."""
    ActionVersion.create(action=action, number=1, act=Act.CREATED, account=account, content={})
    return action


def messages():
    found = OutgoingEmail.select().where(OutgoingEmail.kind == "sheet_review")
    return {mail.recipient: mail.values for mail in found.order_by(OutgoingEmail.id)}


def token_of(action):
    """The token of the latest link sent about this sheet."""
    [token] = [
        listed["token"]
        for values in messages().values()
        for listed in values["sheets"]
        if listed["name"] == action.name
    ]
    return token


# Confirming


def test_confirming_says_who_and_when_and_moves_the_sheet_up_in_search():
    """REQ-20: « vérifié le … par … »; the index holds the day, in the same transaction."""
    writer = factories.writer()
    old = sheet(writer.organisation, name="Ancienne", days=900)
    factories.action(name="Récente")
    current_index().rebuild()
    assert [a.name for a in search(Search()).actions] == ["Récente"]
    confirm(old, by=writer.account)
    kept = Action.get_by_id(old.id)
    assert (kept.verified_on, kept.verified_by) == (today(), writer.organisation.name)
    assert {a.name for a in search(Search()).actions} == {"Récente", "Ancienne"}
    [version] = ActionVersion.select().where(ActionVersion.action == old)
    assert (version.act, version.account, version.content) == (Act.CONFIRMED, writer.account, None)
    assert AuditEntry.get(AuditEntry.act == "action:confirm").actor_id == writer.account.id


def test_confirming_twice_a_day_is_confirming_once():
    writer = factories.writer()
    old = sheet(writer.organisation)
    for _ in range(2):
        confirm(old, by=writer.account)
    assert Action.get_by_id(old.id).edition == 1


def test_who_runs_the_bank_vouches_in_its_own_name():
    """The organisation is never said to have checked what it has not."""
    runner = factories.account(role=Role.BANK_ANIMATOR)
    confirmed = confirm(sheet(), by=runner)
    assert confirmed.verified_by == "Animation de la banque d’actions"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.ARCHIVED])
def test_only_a_published_sheet_is_confirmed(status):
    writer = factories.writer()
    with pytest.raises(RuleBroken, match="n’est plus publiée"):
        confirm(sheet(writer.organisation, status=status), by=writer.account, places_left=2)
    assert Action.get().places_left is None


def test_the_places_of_today_are_written_with_the_confirmation():
    """REQ-20: places age fastest; their day comes with them."""
    writer = factories.writer()
    old = sheet(writer.organisation, places_left=9, places_on=days_ago(60), places_total=10)
    confirm(old, by=writer.account, places_left=0, seen=0)
    kept = Action.get_by_id(old.id)
    assert (kept.places_left, kept.places_on, kept.verified_on) == (0, today(), today())
    with pytest.raises(RuleBroken, match="que 10 places"):
        confirm(kept, by=writer.account, places_left=11, seen=kept.edition)
    assert Action.get_by_id(old.id).places_left == 0


def test_places_that_somebody_else_counted_meanwhile_are_not_overwritten():
    writer = factories.writer()
    old = sheet(writer.organisation, places_left=9)
    confirm(old, by=writer.account, places_left=3, seen=0)
    with pytest.raises(Conflict) as caught:
        confirm(old, by=writer.account, places_left=5, seen=0)
    assert caught.value.clashes["places_left"] == (9, 3, 5)
    confirm(old, by=writer.account, places_left=9, seen=0)  # untouched in the form
    assert Action.get_by_id(old.id).places_left == 3


def test_a_sheet_from_elsewhere_is_written_after_being_confirmed():
    """A confirmation changes no word: what the sheet said stays its first version."""
    writer = factories.writer()
    imported = confirm(sheet(writer.organisation, phone="1"), by=writer.account)
    written, changed = versions.write(imported, {"phone": "2"}, by=writer.account, seen=1)
    assert (changed, ActionVersion.content_at(written, 0)["phone"]) == (["phone"], "1")
    assert ActionVersion.content_at(written, 2)["phone"] == "2"


# Overdue, and hidden


@pytest.mark.parametrize("months", [1, 3, 6, 12, 24])
def test_a_query_and_a_sheet_in_hand_agree_on_what_is_overdue(months):
    """REQ-20: the rhythm is the author’s own; the same fact on both engines."""
    limit = months_before(today(), months)
    for day in (limit, limit - dt.timedelta(days=1)):
        factories.action(review_months=months, verified_on=day)
    factories.action(review_months=months, verified_on=None, updated_on=day)
    late = [a.id for a in Action.select().where(Action.is_overdue_on(today()))]
    assert late == [a.id for a in Action.select() if a.is_overdue]
    assert len(late) == 2


@pytest.fixture
def hidden_after():
    yield sheets.hide_after
    sheets.hide_after(sheets.HIDDEN_AFTER_MONTHS)


def test_the_delay_after_which_a_sheet_is_hidden_is_a_setting(hidden_after):
    """REQ-20: « N paramétrable »."""
    sheet(days=100)
    current_index().rebuild()
    assert search(Search()).found.total == 1
    hidden_after(3)
    assert search(Search()).found.total == 0
    assert search(Search(with_stale=True)).found.total == 1


# Reminders


def test_the_author_is_asked_when_she_may_still_write():
    """REQ-20: one message, each sheet with its own link; only the hash of a link is kept."""
    author = factories.writer()
    factories.writer(author.organisation, is_manager=True)
    old, older = (
        written_by(sheet(author.organisation, days=days), author.account) for days in (200, 300)
    )
    assert remind_due() == 1
    [(recipient, values)] = messages().items()
    assert recipient == author.account.identifier
    assert [one["name"] for one in values["sheets"]] == [older.name, old.name]
    assert (values["has_more"], values["organisation"]) == (False, author.organisation.name)
    tokens = {one["token"] for one in values["sheets"]}
    assert len(tokens) == 2
    assert not tokens & {reminder.token_hash for reminder in ReviewReminder.select()}


def test_the_managers_who_may_write_are_asked_when_the_author_may_no_longer():
    author = factories.writer()
    manager = factories.writer(author.organisation, is_manager=True)
    written_by(sheet(author.organisation), author.account)
    author.end(by=None)
    remind_due()
    assert set(messages()) == {manager.account.identifier}


def test_whoever_may_write_is_asked_when_no_manager_may():
    """The manager of `signed_organisation` has no training: his link would open nothing."""
    writer = factories.writer()
    sheet(writer.organisation)
    remind_due()
    assert set(messages()) == {writer.account.identifier}


def test_nobody_is_asked_where_nobody_may_write():
    sheet()
    sheet(factories.organisation())
    assert remind_due() == 0
    assert not messages()


@pytest.mark.parametrize(
    ("days", "is_asked"), [(0, False), (160, False), (170, True), (185, True), (2000, True)]
)
def test_one_is_asked_a_fortnight_before_the_sheet_is_overdue(days, is_asked):
    """Every six months: 182 days or so, and 14 before."""
    sheet(factories.writer().organisation, days=days)
    assert remind_due() == is_asked


@pytest.mark.parametrize("values", [{"status": Status.ARCHIVED}, {"is_model": True}])
def test_what_nobody_finds_is_not_asked_about(values):
    sheet(factories.writer().organisation, **values)
    assert remind_due() == 0


def test_asking_again_waits_a_month_and_a_new_sheet_a_week():
    """Idempotent: the task runs every hour, and writes once."""
    writer = factories.writer()
    old = sheet(writer.organisation)
    start = dt.datetime.now(dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        assert [remind_due() for _ in range(3)] == [1, 0, 0]
        sheet(writer.organisation, name="Autre")
        assert remind_due() == 0, "one message a week"
        clock.shift(dt.timedelta(days=8))
        assert remind_due() == 1
        assert [one["name"] for one in messages()[writer.account.identifier]["sheets"]] == ["Autre"]
        clock.shift(dt.timedelta(days=23))
        assert remind_due() == 1
        asked = ReviewReminder.select().where(ReviewReminder.action == old)
        assert asked.count() == 2


def test_a_message_lists_what_one_can_do_and_the_rest_comes_a_week_later(monkeypatch):
    monkeypatch.setattr(freshness, "MOST_LISTED", 2)
    writer = factories.writer()
    for number in range(3):
        sheet(writer.organisation, name=f"Fiche {number}", days=300 - number)
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        remind_due()
        first = messages()[writer.account.identifier]
        assert [one["name"] for one in first["sheets"]] == ["Fiche 0", "Fiche 1"]
        assert first["has_more"] is True
        clock.shift(dt.timedelta(days=8))
        remind_due()
        second = messages()[writer.account.identifier]
        assert [one["name"] for one in second["sheets"]] == ["Fiche 2"]


def test_a_run_writes_so_many_messages_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(freshness, "MOST_MESSAGES", 2)
    for _ in range(3):
        sheet(factories.writer().organisation)
    assert [remind_due(), remind_due(), remind_due()] == [2, 1, 0]


def test_stopped_between_two_organisations_it_goes_on_from_there(monkeypatch):
    """One transaction for each organisation: what was written is kept, nothing is written twice."""
    for days in (500, 400):
        sheet(factories.writer().organisation, days=days)
    ask, calls = freshness._ask, []

    def killed(organisation):
        calls.append(organisation)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return ask(organisation)

    monkeypatch.setattr(freshness, "_ask", killed)
    with pytest.raises(KeyboardInterrupt):
        remind_due()
    monkeypatch.setattr(freshness, "_ask", ask)
    assert (len(messages()), remind_due(), len(messages())) == (1, 1, 2)


def test_a_worker_that_comes_second_writes_nothing():
    writer = factories.writer()
    sheet(writer.organisation)
    [organisation] = freshness._organisations_to_ask()
    assert [freshness._ask(organisation), freshness._ask(organisation)] == [1, 0]


def test_an_address_that_takes_no_mail_stops_nobody_else():
    author = factories.writer(of=factories.account(identifier="sans-adresse"))
    sheet(author.organisation)
    sheet(factories.writer().organisation)
    remind_due()
    assert len(messages()) == 1


# The link


@pytest.fixture
def asked():
    """A writer who was just asked about a sheet."""
    writer = factories.writer()
    action = sheet(writer.organisation)
    remind_due()
    return writer, action


def link(action):
    return ReviewReminder.of_token(token_of(action))


def test_the_link_confirms_without_an_account_and_once(asked):
    writer, action = asked
    assert link(action).state is LinkState.OPEN
    for _ in range(2):
        link(action).use()
    kept = Action.get_by_id(action.id)
    assert (kept.verified_on, kept.edition) == (today(), 1)
    assert link(action).state is LinkState.USED
    assert AuditEntry.get(AuditEntry.act == "action:confirm").actor_id == writer.account.id


def test_two_clicks_at_once_confirm_once(asked):
    _, action = asked
    first, second = link(action), link(action)
    assert first.state is second.state is LinkState.OPEN
    first.use()
    second.use()
    assert Action.get_by_id(action.id).edition == 1


def leaves(writer, action):
    writer.end(by=None)


def loses_the_training(writer, action):
    TrainingCompletion.of_account(writer.account).cancel(by=None)


def account_closed(writer, action):
    Account.update(is_active=False).where(Account.id == writer.account.id).execute()


def promoted_then_closed(writer, action):
    closed = {"is_active": False, "role": Role.BANK_ANIMATOR}
    Account.update(closed).where(Account.id == writer.account.id).execute()


def suspended(writer, action):
    writer.organisation.suspend("risque", by=None)


@pytest.mark.parametrize(
    "event", [leaves, loses_the_training, account_closed, promoted_then_closed, suspended]
)
def test_the_right_is_read_when_the_link_is_used(asked, event):
    """I2: a link outlives neither the membership, nor the account, nor the organisation’s place."""
    writer, action = asked
    event(writer, action)
    assert link(action).state is LinkState.WITHDRAWN
    with pytest.raises(RuleBroken):
        link(action).use()
    assert Action.get_by_id(action.id).edition == 0
    assert ReviewReminder.get().used_at is None


def test_a_link_lives_thirty_days(asked):
    _, action = asked
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=30, minutes=1)):
        assert link(action).state is LinkState.EXPIRED
        with pytest.raises(RuleBroken):
            link(action).use()


def test_a_sheet_archived_meanwhile_is_not_confirmed(asked):
    writer, action = asked
    lifecycle.archive(action, by=writer.account)
    assert link(action).state is LinkState.OVER
    with pytest.raises(RuleBroken):
        link(action).use()


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "é" * 10_000])
def test_a_link_that_was_never_sent_is_nobody_s(asked, token):
    assert ReviewReminder.of_token(token) is None


# Counted by organisation


def test_freshness_is_counted_by_organisation_in_one_query():
    """REQ-20, charter article 11: the query, the sheets in hand and the check agree."""
    organisations = [factories.organisation(name=name) for name in ("Zeste", "Abri")]
    for organisation in organisations:
        for days in (10, 100, 400):
            sheet(organisation, days=days)
        sheet(organisation, days=2000, status=Status.ARCHIVED)
    rows = Freshness.by_organisation()
    assert [(row.organisation.name, row.fresh, row.total) for row in rows] == [
        ("Abri", 2, 3),
        ("Zeste", 2, 3),
    ]
    assert (rows[0].oldest, rows[0].overdue) == (days_ago(400), 1)
    in_hand = Freshness.of_sheets(Action.listed_of(organisations[1]))
    assert in_hand[1:] == rows[0][1:]
    assert checks.sheets_confirmed()[:2] == (4, 6)
    assert checks.confirmed_by_organisation() == [("Abri", 2, 3), ("Zeste", 2, 3)]


def test_an_organisation_without_sheets_is_late_of_nothing():
    assert Freshness.of_sheets([]) == (None, 0, 0, None)
    assert Freshness.of_sheets([]).share == 1


def test_the_confirmations_of_a_link_keep_the_charter_s_checks_true(asked):
    """Articles 11 and 12: confirmed in time, by somebody who was trained."""
    _, action = asked
    assert checks.sheets_confirmed()[:2] == (0, 1)
    link(action).use()
    assert checks.sheets_confirmed()[:2] == (1, 1)
    assert checks.trained_before_writing() == (1, 1)
    confirm(sheet(), by=factories.account(role=Role.BANK_ANIMATOR))
    assert checks.trained_before_writing() == (1, 1), "who runs the bank acts by its role"


def test_who_was_trained_that_day_wrote_trained_even_at_half_past_midnight():
    """Articles 8 and 12: both days are French ones."""
    factories.charter()
    writer = factories.writer()
    TrainingCompletion.update(done_on=dt.date(2027, 6, 11)).execute()
    with time_machine.travel(dt.datetime(2027, 6, 10, 22, 30, tzinfo=dt.UTC), tick=False):
        audit.record("action:write", sheet(), by=writer.account)
    assert checks.trained_before_writing() == (1, 1)
