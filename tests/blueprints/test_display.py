"""How facts are written for a reader."""

import datetime as dt

import pytest

from blueprints import display, languages
from blueprints.action_bank import wording


@pytest.fixture
def french(built_app):
    with built_app.test_request_context():
        languages.choose()
        yield


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (dt.date(2026, 12, 1), "1er décembre 2026"),
        (dt.date(2026, 12, 21), "21 décembre 2026"),
        (dt.date(2026, 8, 31), "31 août 2026"),
    ],
)
def test_dates_are_written_as_the_french_say_them(french, date, written):
    assert display.day(date) == written


def test_a_stored_moment_is_shown_at_the_hour_and_on_the_day_of_the_wall(french):
    """At half past one in the morning in France, it is still the day before in UTC."""
    assert display.day(dt.datetime(2026, 7, 1, 23, 30)) == "2 juillet 2026"
    assert display.day(dt.datetime(2026, 7, 1, 23, 30), "short") == "2 juillet"
    assert display.moment(dt.datetime(2026, 7, 1, 12, 0)) == "mercredi 1er juillet, 14:00"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("+33536490031", "05 36 49 00 31"), ("05.36.49.00.31", "05 36 49 00 31"), ("3949", "3949")],
)
def test_a_telephone_number_is_written_in_pairs(stored, shown):
    assert display.phone(stored).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Mo-Fr 09:00-12:00,14:00-17:00", "du lundi au vendredi : 09:00 – 12:00, 14:00 – 17:00"),
        ("We 09:00-12:00; PH off", "mercredi : 09:00 – 12:00. fermé les jours fériés"),
        ("sur rendez-vous", "sur rendez-vous"),
        ("Mo-Zz 9-12", "Mo-Zz 9-12"),
        ("", ""),
    ],
)
def test_opening_hours_are_said_in_words_or_left_as_written(french, typed, shown):
    assert wording.hours(typed).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[clic](javascript:alert(1))",
        "![x](https://pirate.example/suivi.png)",
        '<a href="x" onclick="y">z</a>',
        "<iframe src=//pirate.example></iframe>",
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_markdown_never_becomes_anything_but_text_and_links(hostile):
    html = display.markdown(hostile)
    for danger in (
        "<script",
        "<img",
        "<iframe",
        '<a href="javascript',
        '<a href="data',
        '<a href="x',
    ):
        assert danger not in html


def test_headings_of_a_text_stay_under_those_of_the_page():
    html = display.markdown("# Un\n\n###### Six\n\nTitre\n=====")
    assert html.count("<h3>") == 3
    assert "<h1>" not in html
