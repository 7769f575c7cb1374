"""Days and months as France counts them; stored moments are in UTC."""

import datetime as dt
import pathlib
import re

import pytest

from models.base import local_day, local_moment
from models.days import first_moment, months_after, months_before

ROOT = pathlib.Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-11-22", 0, "2026-11-22"),
        ("2026-11-22", 1, "2026-12-22"),
        ("2026-11-22", 2, "2027-01-22"),
        ("2026-12-05", 24, "2028-12-05"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 3, "2026-11-30"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-01-31", -1, "2025-12-31"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", -12, "2025-12-15"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(day, months, later):
    day, later = dt.date.fromisoformat(day), dt.date.fromisoformat(later)
    assert months_after(day, months) == later
    assert months_before(day, -months) == later


@pytest.mark.parametrize(
    ("day", "stored"),
    [
        ("2026-11-22", "2026-11-21T23:00"),
        ("2026-07-14", "2026-07-13T22:00"),
        # The days when the hour changes still begin at the former hour.
        ("2026-03-29", "2026-03-28T23:00"),
        ("2026-10-25", "2026-10-24T22:00"),
    ],
)
def test_a_day_begins_at_midnight_in_france(day, stored):
    day, moment = dt.date.fromisoformat(day), dt.datetime.fromisoformat(stored)
    assert first_moment(day) == moment
    assert local_day(moment) == day
    assert local_day(moment - dt.timedelta(microseconds=1)) == day - dt.timedelta(days=1)
    assert local_moment(moment).time() == dt.time()


def test_no_stored_moment_is_cut_into_a_day_of_greenwich():
    """`moment.date()` is the day in UTC: the day before, until one or two in the morning."""
    cut = re.compile(r"_at\.date\(\)|\bdate\.today\(\)")
    files = {path for folder in ("models", "blueprints", "tests")
             for path in (ROOT / folder).rglob("*.py")} - {pathlib.Path(__file__)}  # fmt: skip
    assert not [str(path) for path in files if cut.search(path.read_text())]
