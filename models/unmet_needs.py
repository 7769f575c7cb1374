"""Needs without an answer: searches that found nothing, counted without a word of them (L5).

Only a broad theme, an EPCI and a month are kept: a commune of eighty inhabitants would tell who
asked, and so would the finer theme of a sensitive phrase.
"""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from .action_bank.search import DEFAULT_RADIUS
from .action_bank.sheets import hidden_before
from .base import Entity, now, today
from .counts import Line, shown_line
from .database import in_haste
from .days import months_before
from .search_index import Place, Query, current_index
from .territories import Commune, communes
from .vocabularies import CATEGORIES, category_of

MONTHS = 12
KEPT_MONTHS = 36
# The same need at the same place is counted once within this: a page loaded again, a script that
# insists, or two people on the same morning are one.
PAUSE = dt.timedelta(minutes=5)
UNKNOWN = ""


class UnmetNeed(Entity):
    """How many searches of a month found nothing for this theme, around this place.

    `theme` is a category of data·inclusion, empty when none was recognised; `place` the code of an
    EPCI, empty when the search named no commune; `month` the first day of the month.
    """

    theme = pw.CharField(max_length=60)
    place = pw.CharField(max_length=9)
    month = pw.DateField(index=True)
    searches = pw.IntegerField(default=1)
    counted_at = pw.DateTimeField(default=now)

    class Meta:
        indexes = ((("theme", "place", "month"), True),)

    @classmethod
    def note(cls, wanted, results):
        """Count a search that found nothing; True when the counts hold it.

        It never makes a person wait, nor fails: a count may be lost, an answer may not.
        """
        themes = themes_of(wanted, results)
        is_need = themes or wanted.text
        # One partner’s offer, or the following pages of a list, are not a need.
        if results.actions or wanted.after or "organisation" in wanted.chosen or not is_need:
            return False
        return cls._count(themes, wanted.commune)

    @classmethod
    def note_need(cls, thematics, commune):
        """Count a need of a diagnostic that no action answers, by its broad themes: nothing of the
        person is asked here, so nothing of her can be written (REQ-31)."""
        return cls._count(_broad(thematics), commune)

    @classmethod
    def _count(cls, themes, commune):
        place = commune.epci_code if commune else ""
        try:
            with in_haste():
                for theme in themes or [UNKNOWN]:
                    cls._add(theme, place)
        except pw.PeeweeException:
            return False
        return True

    @classmethod
    def _add(cls, theme, place, moment=None):
        moment = moment or now()
        one = cls.insert(theme=theme, place=place, month=today().replace(day=1), counted_at=moment)
        one.on_conflict(
            conflict_target=[cls.theme, cls.place, cls.month],
            update={cls.searches: cls.searches + 1, cls.counted_at: moment},
            where=cls.counted_at < moment - PAUSE,
        ).execute()


def themes_of(wanted, results):
    """The broad themes of a search: those chosen, else those its words mean, in a stable order."""
    return _broad(wanted.chosen.get("thematic") or results.understood.thematics)


def _broad(thematics):
    return sorted({category_of(value) for value in thematics} & set(CATEGORIES))


class Gap(NamedTuple):
    """A theme with what may be shown of it: `line` has one cell for each of `places`."""

    theme: str
    places: list[str]
    line: Line

    @property
    def ranked(self):
        """`[(place, count or None)]`: the highest first, then those that are hidden."""
        pairs = zip(self.places, self.line.cells, strict=True)
        return sorted((p for p in pairs if p[1] != 0), key=lambda p: (-(p[1] or 0), p[0]))


def period():
    """The first day counted and the first day after: whole months only, so that reading the page
    twice within one tells nothing of a day."""
    end = today().replace(day=1)
    return months_before(end, MONTHS), end


def gaps():
    """The `Gap` of each theme over the period, the widest first as far as can be shown."""
    start, end = period()
    total = pw.fn.SUM(UnmetNeed.searches)
    rows = UnmetNeed.select(UnmetNeed.theme, UnmetNeed.place, total).where(
        UnmetNeed.month >= start, UnmetNeed.month < end
    )
    counts = {}
    for theme, place, count in rows.group_by(UnmetNeed.theme, UnmetNeed.place).tuples():
        counts.setdefault(theme, {})[place] = int(count)
    found = [_gap(theme, by_place) for theme, by_place in counts.items()]
    # By what is shown: the true totals would tell more by their order.
    return sorted(found, key=lambda gap: (not gap.theme, -_known(gap.line), gap.theme))


def _gap(theme, by_place):
    places = sorted(by_place)
    return Gap(theme, places, shown_line([by_place[place] for place in places]))


def _known(line):
    return line.at_least if line.total is None else line.total


class Lack(NamedTuple):
    """A part of the département, seen from its main town, with the themes nobody answers there."""

    seat: Commune
    themes: list[str]


def lacks():
    """For each EPCI, the themes without one action around its main town, remote ones included."""
    seats = {}
    for commune in communes():
        seats.setdefault(commune.epci_code, commune)
    found = [Lack(seat, _lacking_around(seat)) for seat in seats.values()]
    return sorted((lack for lack in found if lack.themes), key=lambda lack: lack.seat.epci_name)


def _lacking_around(seat):
    place = Place(seat.latitude, seat.longitude, DEFAULT_RADIUS, seat.zone_codes)
    index, since = current_index(), hidden_before()
    all_around = index.query(Query(place=place, since=since, limit=1))
    absent = [theme for theme in CATEGORIES if not all_around.counts["thematic"][theme]]
    if not all_around.capped:
        return absent
    # Counted among the five hundred last verified only: what they lack is asked for by its name.
    asked = {theme: Query(facets={"thematic": (theme,)}, place=place, since=since, limit=1)
             for theme in absent}  # fmt: skip
    return [theme for theme in absent if not index.query(asked[theme]).total]
