"""The sentences and the picture of a synthesis."""

import textwrap
from typing import NamedTuple

from flask import g

from models.base import N_, local_day
from models.diagnostics.matching import Why
from models.diagnostics.telling import words_of
from models.questionnaire.reference import LEVERS
from models.vocabularies import AUDIENCES, THEMATICS

from ..display import day, distance, label, number
from ..languages import gettext

# Of the picture, in em: a line of words, a brick, and what separates two domains.
LINE, BRICK, GAP = 1.25, 0.95, 0.9
# In hundredths of its width: each side of the middle, and a brick with the space before it.
SIDE, WIDEST = 48, 11
# What fits in the narrowest picture, in letters.
LETTERS = 20


class Row(NamedTuple):
    """One domain of the picture: `lines` of words and `bricks` (class, x and width in %), with
    their heights in em; `words` instead of bricks when nothing is to be counted."""

    lines: list[tuple[str, float]]
    bricks: list[tuple[str, float, float]]
    top: float
    words: str


class Picture(NamedTuple):
    rows: list[Row]
    height: float


def picture_of(views):
    """Needs to the left of the middle, strengths to the right, one brick for each."""
    rows, top = [], LINE + GAP
    for view in views:
        lines = textwrap.wrap(gettext(view.domain.label), LETTERS)
        placed = [(words, top + LINE * at) for at, words in enumerate(lines, start=1)]
        top += LINE * len(lines) + 0.45
        bricks = _bricks("b", len(view.needs)) + _bricks("a", len(view.strengths))
        words = "" if bricks else gettext(view.words)
        rows.append(Row(placed, bricks, top, words))
        top += (BRICK if bricks else LINE) + GAP
    return Picture(rows, top)


def _bricks(kind, count):
    slot = min(WIDEST, SIDE / count) if count else 0
    numbers = range(1, count + 1)
    starts = [50 - slot * n if kind == "b" else 51 + slot * (n - 1) for n in numbers]
    return [(kind, round(start, 1), round(slot - 1, 1)) for start in starts]


def reason_words(reason):
    """A reason in the reader’s words."""
    told = _VALUES.get(reason.why)
    words = gettext(reason.why.label)
    return words % {"value": told(reason.value)} if told else words


_VALUES = {
    Why.THEME: lambda value: label(value, THEMATICS),
    Why.NEAR: distance,
    Why.PLACES: lambda value: _places(*value),
    Why.AUDIENCE: lambda value: label(value, AUDIENCES),
    Why.FRESH: day,
}


def _places(free, counted_on):
    if counted_on is None:
        return number(free)
    words = {"places": number(free), "day": day(counted_on, "short")}
    return gettext(N_("%(places)s, au %(day)s")) % words


def lever_words(line):
    """What can move a domain, as she said."""
    return [LEVERS[key].said(g.language) for key in line.levers]


def answer_words(synthesis, key):
    """What she answered to one question, or nothing."""
    return words_of(synthesis.template, key, synthesis.answer(key), g.language)


def written_on(diagnostic):
    """The French day it was sealed, or last written."""
    return local_day(diagnostic.validated_at or diagnostic.written_at)


GLOBALS = (picture_of, reason_words, lever_words, answer_words, written_on)


def register(blueprint):
    for sentence in GLOBALS:
        blueprint.add_app_template_global(sentence)
