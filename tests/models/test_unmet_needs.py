"""Needs without an answer: counted without words, once, and never in anybody’s way (L5)."""

import datetime as dt

import peewee as pw
import pytest
import time_machine

from models import UnmetNeed, unmet_needs
from models.action_bank.search import Search, search
from models.base import database, today
from models.days import months_before
from models.retention import forget
from models.search_index import current_index
from models.territories import commune, intercommunalities
from models.vocabularies import CATEGORIES
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

MURET, MURETAIN = commune("31395"), "200068641"
NOVEMBER = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


def note(**values):
    wanted = Search(**values)
    return UnmetNeed.note(wanted, search(wanted))


def rows():
    return sorted((row.theme, row.place, row.searches) for row in UnmetNeed.select())


def published(**values):
    action = factories.action(**values)
    current_index().put(action)
    return action


def test_a_search_that_finds_nothing_counts_its_broad_themes_at_its_place():
    """L5; REQ-15"""
    assert note(text="permis de conduire", commune=MURET)
    assert rows() == [("mobilite", MURETAIN, 1)]


def test_a_chosen_theme_counts_rather_than_the_words():
    assert note(text="permis", chosen={"thematic": ("famille--garde-denfants",)})
    assert rows() == [("famille", "", 1)]


def test_words_that_mean_no_theme_count_without_one():
    assert note(text="zzzz", commune=MURET)
    assert rows() == [("", MURETAIN, 1)]


def test_no_word_of_the_search_is_kept():
    """« (no text, only theme, place, month) »"""
    note(text="je m’appelle Zoé et je cherche le permis", commune=MURET)
    for row in UnmetNeed.select().dicts():
        assert "zo" not in str(row["theme"]).lower()
        assert set(row) == {
            "id", "code", "created_at", "theme", "place", "month", "searches", "counted_at",
        }  # fmt: skip


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"commune": MURET},
        {"text": "permis", "after": "0000000000"},
        {"text": "permis", "chosen": {"organisation": ("0",)}},
    ],
)
def test_what_is_not_a_need_is_not_counted(wanted):
    assert not note(**wanted)
    assert rows() == []


def test_a_search_that_finds_something_is_not_counted():
    published(thematics=["mobilite--preparer-un-permis"])
    assert not note(text="permis de conduire")
    assert rows() == []


def test_the_same_need_counts_once_in_five_minutes():
    """A reload, a script that insists: no cookie is needed to tell them from two people."""
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        for _ in range(3):
            assert note(text="permis de conduire", commune=MURET)
        assert rows() == [("mobilite", MURETAIN, 1)]
        clock.shift(dt.timedelta(minutes=6))
        note(text="permis de conduire", commune=MURET)
        assert rows() == [("mobilite", MURETAIN, 2)]
        clock.move_to(NOVEMBER + dt.timedelta(days=12))
        note(text="permis de conduire", commune=MURET)
    assert [row.month for row in UnmetNeed.select().order_by(UnmetNeed.month)] == [
        dt.date(2026, 11, 1), dt.date(2026, 12, 1),
    ]  # fmt: skip


def test_a_count_that_cannot_be_written_stops_nothing(monkeypatch):
    def busy(*_):
        raise pw.OperationalError("database is locked")

    monkeypatch.setattr(UnmetNeed, "_add", busy)
    assert not note(text="permis de conduire")
    assert database.execute_sql("SELECT 1").fetchone()[0] == 1


def count(theme, place, searches, month=None):
    month = month or months_before(today().replace(day=1), 1)
    UnmetNeed.create(theme=theme, place=place, month=month, searches=searches)


def test_the_table_holds_twelve_whole_months():
    first = today().replace(day=1)
    for ago, searches in ((0, 100), (1, 11), (12, 12), (13, 500)):
        count("famille", MURETAIN, searches, months_before(first, ago))
    [gap] = unmet_needs.gaps()
    assert gap.line.total == 23
    assert unmet_needs.period() == (months_before(first, 12), first)


def test_the_table_hides_small_counts_and_the_totals_that_tell_them():
    """I11"""
    count("famille", MURETAIN, 30)
    count("famille", "243100518", 4)
    count("mobilite", MURETAIN, 3)
    famille, mobilite = unmet_needs.gaps()
    assert famille.ranked == [(MURETAIN, 30), ("243100518", None)]
    assert (famille.line.total, famille.line.at_least) == (None, 31)
    assert mobilite.line.total is None


def test_themes_come_in_an_order_that_anyone_could_make():
    """The true totals would tell more by their order than the cells show."""
    count("sante", MURETAIN, 2)
    count("famille", MURETAIN, 10)
    count("mobilite", MURETAIN, 11)
    count("", MURETAIN, 90)
    assert [gap.theme for gap in unmet_needs.gaps()] == ["mobilite", "famille", "sante", ""]


def test_a_territory_lacks_the_themes_that_nobody_proposes_around_its_main_town():
    everything = unmet_needs.lacks()
    assert len(everything) == len(intercommunalities())
    assert everything[0].themes == list(CATEGORIES)
    published(
        thematics=["famille--garde-denfants"], reception_modes=["en-presentiel"],
        latitude=MURET.latitude, longitude=MURET.longitude,
    )  # fmt: skip
    lacks = {lack.seat.epci_code: lack.themes for lack in unmet_needs.lacks()}
    assert "famille" not in lacks[MURETAIN]
    assert "famille" in lacks["200072643"]


def test_a_theme_is_found_even_past_what_is_read(monkeypatch):
    """Among more than are read, the last verified may all be of another theme."""
    published(thematics=["sante--acces-aux-soins"], verified_on=today() - dt.timedelta(days=90))
    for _ in range(4):
        published(thematics=["famille--garde-denfants"])
    monkeypatch.setattr("models.search_index.CAP", 3)
    for lack in unmet_needs.lacks():
        assert not {"sante", "famille"} & set(lack.themes)


def test_counts_are_forgotten_after_three_years():
    first = today().replace(day=1)
    count("famille", "", 5, months_before(first, 37))
    count("famille", "", 5, months_before(first, 35))
    assert forget()[UnmetNeed] == 1
    assert UnmetNeed.select().count() == 1
