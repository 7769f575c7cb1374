"""One search, two engines: what may be asked of the index and what it answers.

The index holds every listed action as folded stems of its title and body, and as *facet tokens*,
so that one inverted index answers words, filters and coarse place together. A document number is
`day << 32 | action id`, `day` being the day of the last verification: the most recent first is the
order of the numbers, stale sheets are the low end of a range, and the action is in the number.
Everything is capped at `CAP` matches, which keeps the cost flat whatever the size of the bank.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

CAP = 500
FACETS = ("thematic", "audience", "kind", "fees", "mode", "organisation", "places", "month")


@dataclass(frozen=True)
class Place:
    """A point (degrees, WGS84), a radius in km, and the zone codes that contain the point."""

    latitude: float
    longitude: float
    radius_km: int
    zone_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """What is looked for.

    `text` is what was typed; `thematics` are the themes its everyday phrases mean (an action of
    one of them matches as well as an action holding the words), and `needs` those of the single
    template that a sheet may say it answers: they count as themes. `facets` maps a name of
    `FACETS` to the chosen values, one of which must hold; `mode` is a reception mode,
    `organisation` an organisation's id, `month` that of a session (`2026-12`). `place` keeps
    on-site actions within the radius and remote ones, open to its zone. `since` leaves out the
    actions not verified since that day. Who shows no facet asks for none `with_counts`.
    """

    text: str = ""
    thematics: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Place | None = None
    since: dt.date | None = None
    after: int | None = None
    limit: int = 10
    with_counts: bool = True


@dataclass(frozen=True)
class Found:
    """A page of results.

    `ids` are action ids in order; `distances` gives km by action id when a place was asked (None:
    remote or no known point). `total` stops at `CAP` and `capped` says there are more. `counts`
    maps each facet to a Counter of values, its own choice lifted. `order` is `relevance`,
    `distance` or `recent`. `relaxed` is true when no sheet held all the words and those holding
    some of them are given. `next` is the action id to pass as `after`, None on the last page.
    """

    ids: list[int]
    distances: dict[int, float | None]
    total: int
    capped: bool
    counts: dict[str, Counter]
    order: str
    relaxed: bool = False
    next: int | None = None


def current_index():
    """The index of the engine the database speaks."""
    from ..database import is_sqlite

    if is_sqlite():
        from .sqlite import SqliteIndex

        return SqliteIndex()
    from .postgres import PostgresIndex

    return PostgresIndex()
