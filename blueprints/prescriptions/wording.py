"""How prescriptions are told: a state by its colour and word, a check, a line of history."""

import datetime as dt
import itertools

from models.prescriptions.states import Move, Outcome, Refusal, State
from models.vocabularies import REFERRERS, label

from ..display import day
from ..languages import gettext

_KINDS = {
    State.DRAFT: "warn", State.SENT: "warn", State.ACCEPTED: "ok", State.DECLINED: "no",
    State.EXPIRED: "no", State.CANCELLED: "no",
}  # fmt: skip


def register(blueprint):
    blueprint.add_app_template_filter(state_kind, "prescription_kind")
    blueprint.add_app_template_filter(check_words, "check_words")
    blueprint.add_app_template_filter(line_words, "history_words")
    blueprint.add_app_template_filter(by_heap, "by_heap")


def state_kind(one):
    """The kind of the tag that tells its state."""
    if one.outcome:
        return "ok" if one.outcome in (Outcome.CAME, Outcome.DONE) else "no"
    return _KINDS[one.state]


def by_heap(lines):
    """`[(Heap, lines)]` of lines that are sorted already."""
    return [(heap, list(some)) for heap, some in itertools.groupby(lines, lambda one: one.heap)]


def check_words(check):
    """The sentence of a `Check`, its blank filled."""
    said = dict(check.said)
    if "day" in said:
        said["day"] = day(said["day"])
    if "who" in said:
        said["who"] = ", ".join(gettext(label(REFERRERS, one)).lower() for one in said["who"])
    return gettext(check.finding.label) % said


def line_words(line):
    """What a line of the history says beside its move: reasons, a day, an outcome."""
    said = []
    if line.move is Move.DECLINED:
        said += [gettext(Refusal(value).label) for value in line.said.get("refusals", ())]
    if "outcome" in line.said:
        said.append(gettext(Outcome(line.said["outcome"]).label))
    if "day" in line.said:
        said.append(day(dt.date.fromisoformat(line.said["day"])))
    return ", ".join(said)
