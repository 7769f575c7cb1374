"""Facet tokens: what a sheet is besides its words, written as words no text can produce.

A token is `_`, a letter naming what it says, and the value: `_tfamille--garde-denfants`.
"""

import math
import re

from ..vocabularies import OTHER, category_of

FACET_LETTERS = {
    "thematic": "t",
    "audience": "a",
    "kind": "k",
    "fees": "f",
    "mode": "m",
    "organisation": "o",
    "places": "p",
    "month": "d",
}
FACET_OF_LETTER = {letter: name for name, letter in FACET_LETTERS.items()} | {"c": "thematic"}
FACET_OF_FIELD = {
    "thematics": "thematic",
    "audiences": "audience",
    "kind": "kind",
    "fees": "fees",
    "reception_modes": "mode",
}
NEED_LETTER = "b"
REMOTE = "_ma-distance"
ON_SITE = "_men-presentiel"
EVERYWHERE = "_z0"
UNPLACED = "_u"
NOTHING = "_0"
# The one thing asked of places; a figure that is unknown is not a free place.
FREE_PLACES = "libres"

# Sizes of place cells in degrees: finest first, so that a radius takes the finest that stays few.
CELLS = {"n": 0.05, "g": 0.25, "h": 1.0}
MOST_CELLS = 25
KM_PER_DEGREE = 111.2
NEIGHBOURHOOD_KM = 6

_VALUE = re.compile(r"[a-z0-9-]{1,120}")


def token(letter, value):
    """The token of a value; one that nothing carries when the value is not of a known shape."""
    value = str(value)
    return f"_{letter}{value}" if _VALUE.fullmatch(value) else NOTHING


def facet_token(facet, value):
    """The token of a choice; a thematic without `--` is a whole theme."""
    is_theme = facet == "thematic" and "--" not in value and value != OTHER
    return token("c" if is_theme else FACET_LETTERS[facet], value)


def need_token(key):
    """The token of a need of the single template, as a sheet says that it answers it."""
    return token(NEED_LETTER, key)


def countable_tokens(row):
    """The tokens whose counts are shown beside the choices of each facet."""
    found = [token("t", value) for value in row.thematics]
    found += [token("c", category_of(value)) for value in row.thematics]
    found += [token("a", value) for value in row.audiences]
    found += [token("m", value) for value in row.reception_modes]
    # The national type and our finer form answer one question: which kind of help (REQ 16, 26).
    found += [token("k", value) for value in (row.kind, row.format) if value]
    found += [token("f", row.fees)] if row.fees else []
    found += [token("p", FREE_PLACES)] if row.places_left else []
    found += [token("d", session["debut"][:7]) for session in row.sessions]
    # A value outside its national list is kept by the import, and found under « autre ».
    found += [token(FACET_LETTERS[FACET_OF_FIELD[name]], OTHER) for name in _aside(row)]
    return [*dict.fromkeys(found), token("o", row.organisation_id)]


def _aside(row):
    """The fields of a sheet that hold a value outside their national list."""
    return [name for name in FACET_OF_FIELD if row.other_values.get(name)]


def silent_tokens(row, point):
    """The tokens that only filter: zones of eligibility, needs answered, place."""
    zones = [value for value in row.eligibility if value != "france"]
    everywhere = len(zones) < len(row.eligibility) or not zones
    found = {EVERYWHERE} if everywhere else {token("z", zone.lower()) for zone in zones}
    found |= {need_token(key) for key in row.needs} - {NOTHING}
    if point:
        found |= {_cell(size, *_square(step, *point)) for size, step in CELLS.items()}
    elif "a-distance" not in row.reception_modes:
        found.add(UNPLACED)
    return sorted(found)


def point_of(row):
    """Where an action is met, or None: one that is only remote is nowhere, whatever its address."""
    modes = row.reception_modes
    if row.latitude is None or row.longitude is None or (modes and "en-presentiel" not in modes):
        return None
    in_range = abs(row.latitude) <= 90 and abs(row.longitude) <= 180
    return (row.latitude, row.longitude) if in_range else None


def zone_tokens(place):
    """One of these must be held by an action open to the place; none asks nothing."""
    if not place.zone_codes:
        return ()
    return (EVERYWHERE, *(token("z", code.lower()) for code in place.zone_codes))


def place_tokens(place):
    """One of these must be held by an action to show for the place; none asks nothing."""
    for size in ("g", "h"):
        cells = _cells_around(size, place, place.radius_km)
        if cells:
            return (REMOTE, UNPLACED, *cells)
    return ()


def near_tokens(place):
    """The cells of the close neighbourhood, for when a place has more actions than are read."""
    return _cells_around("n", place, min(NEIGHBOURHOOD_KM, place.radius_km))


def is_near(place, latitude, longitude):
    """Whether a point is in the close neighbourhood of a place, give or take a street."""
    reach = NEIGHBOURHOOD_KM / KM_PER_DEGREE
    return (
        latitude is not None
        and abs(latitude - place.latitude) < reach
        and abs(longitude - place.longitude) < 1.4 * reach
    )


def _cells_around(size, place, radius_km):
    """The cells that a circle touches, or nothing when they are too many to list."""
    step = CELLS[size]
    high = radius_km / KM_PER_DEGREE
    wide = high / max(0.05, math.cos(math.radians(place.latitude)))
    south, west = _square(step, place.latitude - high, place.longitude - wide)
    north, east = _square(step, place.latitude + high, place.longitude + wide)
    if (north - south + 1) * (east - west + 1) > MOST_CELLS:
        return ()
    return tuple(
        _cell(size, row, column)
        for row in range(south, north + 1)
        for column in range(west, east + 1)
    )


def _square(step, latitude, longitude):
    return math.floor((latitude + 90) / step), math.floor((longitude + 180) / step)


def _cell(size, row, column):
    return f"_{size}{row}-{column}"
