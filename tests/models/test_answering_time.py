"""How long a provider usually takes to answer, in plain words (product.md §3)."""

import datetime as dt

import pytest

from models import Prescription
from models.base import now
from models.prescriptions.answering_time import Pace, usual_paces
from models.prescriptions.states import State
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def amina():
    return factories.writer()


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina)


@pytest.fixture
def place():
    return factories.organisation()


@pytest.fixture
def asked(samia, amina, place):
    """Sent so many days ago, answered after so many hours, or closed without an answer."""

    def ask(hours, *, organisation=place, days_ago=60):
        action = factories.action(organisation=organisation, email="accueil@action.example")
        one = factories.sent(samia, amina, action=action)
        sent_at = now() - dt.timedelta(days=days_ago)
        done = {"sent_at": sent_at, "state": State.EXPIRED}
        if hours is not None:
            done |= {"answered_at": sent_at + hours * HOUR, "state": State.ACCEPTED}
        Prescription.update(**done).where(Prescription.id == one.id).execute()

    return ask


def pace_of(place):
    return usual_paces([place.id]).get(place.id)


@pytest.mark.parametrize(
    ("hours", "pace"),
    [
        (0, Pace.DAY), (23, Pace.DAY), (25, Pace.THREE), (71, Pace.THREE), (73, Pace.WEEK),
        (7 * 24 - 1, Pace.WEEK), (14 * 24 - 1, Pace.FORTNIGHT), (14 * 24 + 1, Pace.LONGER),
    ],
)  # fmt: skip
def test_the_time_of_the_median_answer_is_told_by_class(asked, place, hours, pace):
    """« ≤ 1, ≤ 3, ≤ 7, ≤ 14, > 14 days »."""
    for other in (0, 0, hours, 400, 400):
        asked(other)
    assert pace_of(place) is pace


def test_under_five_answers_nothing_is_told(asked, place):
    """« Shown from 5 answers on »: silences are not answers."""
    for hours in (1, 1, 1, 1, None, None):
        asked(hours)
    assert pace_of(place) is None
    asked(1)
    assert pace_of(place) is Pace.DAY


def test_silences_count_among_the_longest(asked, place):
    for hours in (1, 1, 1, 1, 1, None, None, None, None, None):
        asked(hours)
    assert pace_of(place) is Pace.DAY
    asked(None)
    assert pace_of(place) is Pace.LONGER


def test_what_still_waits_is_not_counted(asked, place, samia, amina):
    for _ in range(5):
        asked(1)
    for _ in range(6):
        action = factories.action(organisation=place, email="accueil@action.example")
        factories.sent(samia, amina, action=action)
    assert pace_of(place) is Pace.DAY


def test_only_the_last_twelve_months_count(asked, place):
    for _ in range(5):
        asked(1, days_ago=370)
    assert pace_of(place) is None


def test_the_providers_of_a_page_are_read_in_one_query(asked, place, queries):
    other = factories.organisation()
    for _ in range(5):
        asked(1)
        asked(60, organisation=other)
    del queries[:]
    assert usual_paces([place.id, other.id]) == {place.id: Pace.DAY, other.id: Pace.THREE}
    assert len(queries) == 1
