"""What a person asks of the bank, in her words, and the answer: emergencies, needs, actions."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..base import database
from ..needs import Recognition, recognise
from ..network.organisations import Organisation
from ..search_index import Found, Place, Query, current_index
from ..territories import Commune
from .sheets import Action, hidden_before

RADII = (10, 30, 50, 100)
DEFAULT_RADIUS = 30
PAGE_SIZE = 8


@dataclass(frozen=True)
class Search:
    """A question to the bank. `chosen` maps a facet to its values; `after` is an action's code.

    `with_stale` also shows the sheets nobody has confirmed for a long time (REQ 20); `since` asks
    for those confirmed since a day.
    """

    text: str = ""
    commune: Commune | None = None
    radius_km: int = DEFAULT_RADIUS
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    with_stale: bool = False
    after: str | None = None
    since: dt.date | None = None


@dataclass(frozen=True)
class Results:
    """A page of actions, with the km to each, and what was understood of the words."""

    actions: list[Action]
    found: Found
    understood: Recognition
    suggestion: str | None
    organisations: dict[int, tuple[str, str]]

    @property
    def next_code(self):
        return self.actions[-1].code if self.found.next else None

    def counts(self, facet) -> Counter:
        return self.found.counts.get(facet, Counter())


def search(wanted, page_size=PAGE_SIZE):
    """Answer a `Search`: one index query, one reading of the page's actions."""
    understood = recognise(wanted.text)
    index = current_index()
    found = index.query(_query(wanted, understood, page_size))
    actions = in_order(found.ids)
    return Results(
        actions=actions,
        found=found,
        understood=understood,
        suggestion=index.suggest(wanted.text) if wanted.text and _is_doubtful(found) else None,
        organisations=_named(found.counts.get("organisation", ()), wanted),
    )


def ids_of(wanted, most):
    """The row numbers of what answers a `Search`, and whether there are more than are read."""
    found = current_index().query(_query(wanted, recognise(wanted.text), most))
    return found.ids, found.capped


def _is_doubtful(found):
    return found.total == 0 or found.relaxed


def _query(wanted, understood, page_size):
    return Query(
        text=wanted.text,
        thematics=tuple(understood.thematics),
        facets=wanted.chosen,
        place=_place(wanted),
        since=wanted.since or (None if wanted.with_stale else hidden_before()),
        after=_row_of(wanted.after),
        limit=page_size,
    )


def _place(wanted):
    commune = wanted.commune
    if commune is None:
        return None
    return Place(commune.latitude, commune.longitude, wanted.radius_km, commune.zone_codes)


def _row_of(code):
    if code is None:
        return None
    row = database.execute(Action.select(Action.id).where(Action.code == code).tuples())
    return next((found for (found,) in row), None)


def in_order(ids):
    """The actions of these row numbers with their organisations, in this order."""
    rows = Action.for_list().where(Action.id << list(ids))
    by_id = {action.id: action for action in rows} if ids else {}
    return [by_id[row] for row in ids if row in by_id]


def _named(counts, wanted):
    """Code and name, by row number, of the chosen and of the most frequent organisations."""
    rows = {*wanted.chosen.get("organisation", ()), *(row for row, _ in top(counts))}
    if not rows:
        return {}
    return Organisation.names_of([int(row) for row in rows])


def top(counts, most=8):
    return Counter(counts).most_common(most)


def similar_to(action, most=5):
    """Listed actions on the same thematics, the most recently verified first."""
    if not action.thematics:
        return []
    found = current_index().query(Query(facets={"thematic": tuple(action.thematics)}, limit=most))
    return in_order(found.ids)
