"""Bookmarks, lists, saved searches and their alerts, as rules (issue of the bank; REQ 15–20)."""

import datetime as dt

import pytest
import time_machine
from playhouse.test_utils import count_queries

from models import (
    Account,
    Action,
    ActionList,
    ActionListItem,
    AuditEntry,
    Bookmark,
    OutgoingEmail,
    SavedSearch,
)
from models.action_bank.asking import PARAMETERS, canonical, search_of
from models.action_bank.search import search
from models.base import RuleBroken, now, today
from models.following import bookmarks, lists, news, saved_searches
from models.following.news import alert_due, newest
from models.following.saved_searches import Rhythm, next_day
from models.sealed import kept
from models.search_index import current_index
from models.vocabularies import Status
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
FORTNIGHT = dt.timedelta(days=14)
PERMIT = {"q": "permis"}


@pytest.fixture
def me():
    return factories.account()


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travel:
        yield travel


def published(name="Passer le permis", **values):
    action = factories.action(name=name, **values)
    current_index().put(action)
    return action


def acts():
    return [entry.act for entry in AuditEntry.select().order_by(AuditEntry.id)]


def alerts():
    return [
        m for m in OutgoingEmail.select().order_by(OutgoingEmail.id) if m.kind == "search_alert"
    ]


# Bookmarks


def test_an_action_is_kept_once_with_its_note(me):
    action = published()
    first, again = Bookmark.keep(action, by=me), Bookmark.keep(action, by=me)
    assert first.id == again.id
    first.annotate("  Appeler le matin.\r\nSonner deux fois. ", by=me)
    assert Bookmark.of(me, action).note == "Appeler le matin.\nSonner deux fois."
    assert acts() == ["bookmark:keep", "bookmark:note"]


def test_a_removal_is_undone_with_the_note_for_a_day(me):
    bookmark = Bookmark.keep(published(), by=me)
    bookmark.annotate("Appeler le matin.", by=me)
    bookmark.remove(by=me)
    bookmark.remove(by=me)
    assert Bookmark.of_account(me) == []
    bookmark.restore(by=me)
    [kept] = Bookmark.of_account(me)
    assert kept.note == "Appeler le matin."
    assert acts()[2:] == ["bookmark:remove", "bookmark:keep"]


@pytest.mark.parametrize("number", ["1850578006084", "2 85 05 78 006 084 36"])
def test_a_note_never_holds_a_social_security_number(me, number):
    """décret 2019-341"""
    bookmark = Bookmark.keep(published(), by=me)
    with pytest.raises(RuleBroken):
        bookmark.annotate(f"Dossier {number}", by=me)
    assert Bookmark.get().note == ""


def test_a_note_has_its_length_and_bookmarks_their_number(me, monkeypatch):
    bookmark = Bookmark.keep(published(), by=me)
    with pytest.raises(RuleBroken):
        bookmark.annotate("a" * 501, by=me)
    monkeypatch.setattr(bookmarks, "MOST_BOOKMARKS", 1)
    with pytest.raises(RuleBroken):
        Bookmark.keep(published(), by=me)


def test_only_what_everyone_may_read_is_kept(me):
    draft = factories.action(status=Status.DRAFT)
    with pytest.raises(RuleBroken):
        Bookmark.keep(draft, by=me)
    with pytest.raises(RuleBroken):
        ActionList.start("Liste", by=me).add(draft, by=me)


# Lists


def names(kept):
    return [item.action.name for item in kept.items()]


def test_a_list_is_put_in_order(me):
    kept = ActionList.start("Garde", by=me)
    a, b, c = (published(name) for name in "abc")
    for action in (a, b, c, a):
        kept.add(action, by=me)
    assert names(kept) == ["a", "b", "c"]
    kept.move(c, 1, by=me)
    kept.move(c, 1, by=me)
    assert names(kept) == ["c", "a", "b"]
    kept.move(c, 99, by=me)
    assert names(kept) == ["a", "b", "c"]
    kept.withdraw(b, by=me)
    kept.withdraw(b, by=me)
    kept.add(b, by=me)
    assert names(kept) == ["a", "c", "b"]
    assert [item.place for item in kept.items()] == [1, 2, 3]
    with pytest.raises(RuleBroken):
        kept.move(published("d"), 1, by=me)


def test_lists_have_their_limits(me, monkeypatch):
    monkeypatch.setattr(lists, "MOST_ITEMS", 1)
    monkeypatch.setattr(lists, "MOST_LISTS", 1)
    kept = ActionList.start("Garde", by=me)
    kept.add(published(), by=me)
    with pytest.raises(RuleBroken):
        kept.add(published(), by=me)
    with pytest.raises(RuleBroken):
        ActionList.start("Autre", by=me)


def test_a_shared_list_closes_with_the_account_of_its_author(me):
    kept = ActionList.start("Garde", by=me)
    kept.share(True, by=me)
    assert ActionList.of_code(kept.code).is_public
    me.deactivate()
    assert not ActionList.of_code(kept.code).is_public


def test_a_list_is_prepared_by_an_organisation_where_its_author_works(me):
    membership = factories.membership(of=me)
    kept = ActionList.start("Garde", by=me)
    kept.describe("Garde", membership.organisation, by=me)
    assert ActionList.of_code(kept.code).prepared_by == membership.organisation
    with pytest.raises(RuleBroken):
        kept.describe("Garde", factories.organisation(), by=me)
    membership.end(by=factories.account())
    assert ActionList.of_code(kept.code).prepared_by is None


def test_deleting_a_list_leaves_the_sheets(me):
    kept = ActionList.start("Garde", by=me)
    action = published()
    kept.add(action, by=me)
    kept.discard(by=me)
    assert ActionListItem.select().count() == 0
    assert Action.get_by_id(action.id).name == action.name


def test_lists_are_read_in_one_query(me):
    for number in range(4):
        kept = ActionList.start(f"Liste {number}", by=me)
        for _ in range(number):
            kept.add(published(), by=me)
    with count_queries() as counted:
        assert [one.size for one in ActionList.of_account(me)] == [0, 1, 2, 3]
    assert counted.count == 1


# A search as an address writes it


def test_one_search_has_one_writing():
    organisation = factories.organisation()
    given = {
        "q": ["  permis \x00", "autre"], "commune": ["muret"], "rayon": ["50"],
        "thematique": ["mobilite", "famille", "mobilite", ""], "frais": ["gratuit"],
        "organisme": [organisation.code], "anciennes": ["1"], "langue": ["en"], "apres": ["x"],
    }  # fmt: skip
    query = canonical(given)
    assert query == {
        "q": "permis", "commune": "31395", "rayon": 50, "thematique": ["famille", "mobilite"],
        "frais": ["gratuit"], "organisme": [organisation.code], "anciennes": "oui",
    }  # fmt: skip
    again = {k: v if isinstance(v, list) else [str(v)] for k, v in query.items()}
    assert canonical(again) == query
    asked = search_of(query)
    assert (asked.text, asked.commune.name, asked.radius_km) == ("permis", "Muret", 50)
    assert asked.chosen["organisation"] == (str(organisation.id),)
    assert asked.with_stale
    assert canonical({"rayon": ["30"], "q": [""]}) == {}


@pytest.mark.parametrize("name", [name for name in PARAMETERS if name not in ("q", "anciennes")])
def test_what_is_not_known_is_refused(name):
    with pytest.raises(RuleBroken):
        canonical({name: ["n’existe pas ²"]})


def test_an_organisation_that_is_gone_has_no_action():
    published()
    assert search(search_of({"organisme": ["0000000000"]})).found.total == 0


# Saved searches


def test_a_search_is_kept_once_under_its_name(me):
    SavedSearch.keep("Permis", PERMIT, Rhythm.MONTHLY, by=me)
    with pytest.raises(RuleBroken):
        SavedSearch.keep("Encore", PERMIT, Rhythm.NEVER, by=me)
    assert acts() == ["search:save"]


@pytest.mark.parametrize("words", ["mon mari me frappe", "dossier 2850578006084"])
def test_words_that_tell_of_a_life_are_never_kept(me, words):
    """`Recognition.sensitive`; décret 2019-341"""
    with pytest.raises(RuleBroken):
        SavedSearch.keep("Recherche", {"q": words}, Rhythm.NEVER, by=me)
    assert SavedSearch.select().count() == 0


def test_searches_have_their_number(me, monkeypatch):
    monkeypatch.setattr(saved_searches, "MOST_SEARCHES", 1)
    SavedSearch.keep("Permis", PERMIT, Rhythm.NEVER, by=me)
    with pytest.raises(RuleBroken):
        SavedSearch.keep("Vélo", {"q": "vélo"}, Rhythm.NEVER, by=me)


def test_the_rhythm_says_the_next_day():
    day = dt.date(2026, 1, 31)
    assert next_day(Rhythm.FORTNIGHTLY, day) == dt.date(2026, 2, 14)
    assert next_day(Rhythm.MONTHLY, day) == dt.date(2026, 2, 28)
    assert next_day(Rhythm.MONTHLY, dt.date(2026, 12, 5)) == dt.date(2027, 1, 5)
    assert next_day(Rhythm.NEVER, day) is None


# Alerts


def test_an_alert_tells_what_was_published_since_and_nothing_else(me, clock):
    """« saved searches with an alert (never, fortnightly, monthly) by e-mail »"""
    published("Permis d’avant")
    clock.shift(dt.timedelta(hours=2))
    saved = SavedSearch.keep("Mon permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    clock.shift(dt.timedelta(days=3))
    new = published("Permis nouveau")
    published("Apprendre à nager")
    published("Permis arrêté", status=Status.ARCHIVED)
    assert alert_due() == 0
    clock.shift(FORTNIGHT)
    assert alert_due() == 1
    [mail] = alerts()
    assert mail.recipient == me.identifier
    assert mail.values["news"] == [
        {"code": new.code, "name": "Permis nouveau", "organisation": new.organisation.name}
    ]
    assert mail.values["search"] == "Mon permis"
    assert SavedSearch.get_by_id(saved.id).due_on == today() + FORTNIGHT


def test_an_alert_is_sent_once(me, clock):
    SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    clock.shift(dt.timedelta(days=1))
    published()
    clock.shift(FORTNIGHT)
    assert [alert_due(), alert_due()] == [1, 0]
    clock.shift(FORTNIGHT)
    assert alert_due() == 0
    assert len(alerts()) == 1


def test_two_workers_at_once_tell_once(me, clock, monkeypatch):
    """The second one looked for what is new while the first one was telling it."""
    SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    clock.shift(dt.timedelta(days=1))
    published()
    clock.shift(FORTNIGHT)
    look = news.newest

    def while_another_tells(saved, **bounds):
        found = look(saved, **bounds)
        monkeypatch.setattr(news, "newest", look)
        assert alert_due() == 1
        return found

    monkeypatch.setattr(news, "newest", while_another_tells)
    assert alert_due() == 0
    assert len(alerts()) == 1


def test_nothing_new_is_not_told(me, clock):
    saved = SavedSearch.keep("Permis", PERMIT, Rhythm.MONTHLY, by=me)
    clock.shift(dt.timedelta(days=40))
    assert alert_due() == 0
    assert alerts() == []
    assert SavedSearch.get_by_id(saved.id).due_on > today()


def test_a_sheet_seen_late_is_told_the_next_time(me, clock):
    """A long import commits after the moment its sheets bear: nothing falls between two alerts."""
    SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    clock.shift(FORTNIGHT)
    published()
    assert alert_due() == 0
    clock.shift(FORTNIGHT)
    assert alert_due() == 1


def test_a_sheet_published_here_is_new_on_the_day_it_is_published(me, clock):
    """Written for months, it is new for its readers all the same."""
    action = factories.action(name="Permis", status=Status.DRAFT)
    clock.shift(dt.timedelta(days=60))
    SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    clock.shift(dt.timedelta(days=1))
    action.status, action.published_at, action.verified_on = Status.PUBLISHED, now(), today()
    action.save()
    current_index().put(action)
    clock.shift(FORTNIGHT)
    assert alert_due() == 1


def test_an_old_sheet_imported_today_is_new(me, clock):
    SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    clock.shift(dt.timedelta(days=1))
    published(verified_on=today() - dt.timedelta(days=200))
    clock.shift(FORTNIGHT)
    assert alert_due() == 1


def test_a_search_with_more_answers_than_are_read_finds_the_new_one(me, clock, monkeypatch):
    monkeypatch.setattr("models.search_index.CAP", 3)
    monkeypatch.setattr(news, "CAP", 3)
    SavedSearch.keep("Tout", {}, Rhythm.FORTNIGHTLY, by=me)
    for _ in range(5):
        published("Autre", verified_on=today() + dt.timedelta(days=5), created_at=START - FORTNIGHT)
    clock.shift(dt.timedelta(days=1))
    published("Nouvelle", verified_on=today() + dt.timedelta(days=6))
    clock.shift(FORTNIGHT)
    assert alert_due() == 1
    assert [one["name"] for one in alerts()[0].values["news"]] == ["Nouvelle"]


def test_who_has_left_is_told_nothing(me, clock):
    SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    clock.shift(dt.timedelta(days=1))
    published()
    Account.update(is_active=False).execute()
    clock.shift(FORTNIGHT)
    assert alert_due() == 0
    assert alerts() == []


def test_twenty_are_told_at_most(me, clock):
    SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    clock.shift(dt.timedelta(days=1))
    for _ in range(21):
        published()
    clock.shift(FORTNIGHT)
    alert_due()
    [mail] = alerts()
    assert len(mail.values["news"]) == 20
    assert mail.values["more"]


def test_a_run_is_bounded_and_the_next_one_goes_on(clock):
    for _ in range(3):
        SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=factories.account())
    clock.shift(dt.timedelta(days=1))
    published()
    clock.shift(FORTNIGHT)
    assert [alert_due(most=2), alert_due(most=2), alert_due(most=2)] == [2, 1, 0]


def test_a_search_that_fails_leaves_the_others_to_be_told(clock, monkeypatch):
    broken, _ = (
        SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=factories.account())
        for _ in range(2)
    )
    clock.shift(dt.timedelta(days=1))
    published()
    clock.shift(FORTNIGHT)
    write = news._tell
    monkeypatch.setattr(
        news, "_tell", lambda saved, found: 1 / (saved.id - broken.id) and write(saved, found)
    )
    with pytest.raises(ZeroDivisionError):
        alert_due()
    assert len(alerts()) == 1
    monkeypatch.setattr(news, "_tell", write)
    assert alert_due() == 1


def test_waking_an_alert_does_not_tell_of_years_gone_by(me, clock):
    saved = SavedSearch.keep("Permis", PERMIT, Rhythm.NEVER, by=me)
    clock.shift(dt.timedelta(days=400))
    published()
    clock.shift(dt.timedelta(days=1))
    saved.describe("Permis", Rhythm.FORTNIGHTLY, by=me)
    clock.shift(FORTNIGHT)
    assert alert_due() == 0


def test_the_link_that_stops_is_the_same_in_every_mail(me, clock):
    """The oldest e-mail still stops the alerts; the database holds its hash, and it sealed."""
    saved = SavedSearch.keep("Permis", PERMIT, Rhythm.FORTNIGHTLY, by=me)
    for _ in range(2):
        clock.shift(dt.timedelta(days=1))
        published()
        clock.shift(FORTNIGHT)
        alert_due()
    first, second = (mail.values["stop"] for mail in alerts())
    assert first == second
    row = SavedSearch.get_by_id(saved.id)
    assert first not in (row.stop_hash, kept(row, "stop_secret"))
    SavedSearch.of_stop(first).stop()
    SavedSearch.of_stop(first).stop()
    assert SavedSearch.get_by_id(saved.id).rhythm == Rhythm.NEVER
    assert acts().count("search:stop") == 1
    assert SavedSearch.of_stop(first[:-1]) is None


def test_the_newest_come_first_and_queries_do_not_grow(me):
    saved = SavedSearch.keep("Permis", PERMIT, Rhythm.NEVER, by=me)
    counts = []
    for wanted in (2, 20):
        for number in range(wanted):
            published(f"Permis {number}", created_at=now() - dt.timedelta(days=number))
        with count_queries() as counted:
            found = newest(saved, limit=50)
            assert [action.organisation.name for action in found]
        counts.append(counted.count)
    assert counts[0] == counts[1]
    moments = [action.appeared_at for action in found]
    assert moments == sorted(moments, reverse=True)
