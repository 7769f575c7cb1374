"""What the filters show: each choice with its count, and the chosen ones as links that remove."""

from typing import NamedTuple

from models.base import N_
from models.vocabularies import CATEGORIES, OTHER, OTHER_LABEL, category_of

from ..display import address_with
from ..languages import gettext
from .request import known_facets

MOST_SHOWN = 5
# Names and codes that repeat nothing weigh the most on a slow line.
MOST_ORGANISATIONS = 3
TITLES = {
    "thematique": N_("Thème"),
    "frais": N_("Prix"),
    "public": N_("Pour qui"),
    "type": N_("Quelle aide"),
    "lieu": N_("Sur place ou à distance"),
    "date": N_("Quand"),
    "places": N_("Places"),
}


class Choice(NamedTuple):
    """One box to tick; `count` actions hold the value among the results."""

    value: str
    words: str
    count: int
    is_chosen: bool


class Facet(NamedTuple):
    name: str
    title: str
    choices: list[Choice]

    @property
    def is_open(self):
        return any(choice.is_chosen for choice in self.choices)


def facets(search, results):
    """The filters that can still narrow these results."""
    known = known_facets()
    shown = [_facet(name, *known[name], search, results) for name in TITLES]
    shown.append(_organisations(search, results))
    return [facet for facet in shown if facet.choices]


def _facet(name, facet, known, search, results):
    counts, chosen = results.counts(facet), search.chosen.get(facet, ())
    if facet == "thematic":
        counts = _narrowed(counts, chosen)
    if facet == "month":
        # In the order of the calendar; months gone by are not asked for.
        values = [value for value in known if value in counts or value in chosen]
    else:
        values = sorted({*counts, *chosen}, key=lambda value: (-counts.get(value, 0), value))
    kept = [value for value in values if value in chosen][:MOST_SHOWN]
    kept += [value for value in values if value not in chosen][: MOST_SHOWN - len(kept)]
    return Facet(
        name,
        gettext(TITLES[name]),
        [
            Choice(value, gettext(known.get(value, OTHER_LABEL)), counts[value], value in chosen)
            for value in sorted(kept, key=values.index)
        ],
    )


def _narrowed(counts, chosen):
    """The broad themes, and inside those chosen their finer thematics: never eighty-five lines."""
    opened = {category_of(value) for value in chosen}
    return type(counts)(
        {
            value: count
            for value, count in counts.items()
            if value in CATEGORIES or value == OTHER or category_of(value) in opened
        }
    )


def _organisations(search, results):
    chosen = search.chosen.get("organisation", ())
    counts = results.counts("organisation")
    choices = [
        Choice(code, name, counts[str(row)], str(row) in chosen)
        for row, (code, name) in results.organisations.items()
    ]
    choices.sort(key=lambda choice: (-choice.count, choice.words))
    return Facet("organisme", gettext(N_("Organisme")), _kept(choices))


def _kept(choices):
    """The chosen ones, then the most frequent."""
    chosen = [choice for choice in choices if choice.is_chosen]
    others = [choice for choice in choices if not choice.is_chosen]
    return chosen + others[:MOST_ORGANISATIONS]


def active_filters(search, results):
    """`(words, address without it)` for each filter in force."""
    lines = []
    for name, (facet, known) in known_facets().items():
        for value in search.chosen.get(facet, ()):
            words = gettext(known.get(value, OTHER_LABEL))
            lines.append((words, _without(name, value, search.chosen[facet])))
    chosen = search.chosen.get("organisation", ())
    named = {str(row): pair for row, pair in results.organisations.items()}
    codes = [named[row][0] for row in chosen if row in named]
    for code, name in (named[row] for row in chosen if row in named):
        lines.append((name, _without("organisme", code, codes)))
    if search.with_stale:
        lines.append((gettext(N_("Fiches anciennes")), address_with(anciennes=None, apres=None)))
    return lines


def _without(name, value, values):
    return address_with(**{name: [other for other in values if other != value], "apres": None})
