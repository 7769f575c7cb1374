"""The data of a version as its rules read it, before it can be read as a `Template`."""

import functools
from collections.abc import Mapping
from typing import NamedTuple

from ..base import N_
from .shape import Kind

# What damaged data raise when a rule reads them.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class Fault(NamedTuple):
    """What is wrong at one place: the address of a part (`parts.py`), and why, in French."""

    where: str
    sentence: str
    values: Mapping[str, object] = {}


class Content:
    """The data of a version, as the rules read it. `others` are the data of the other templates,
    which share the list of needs."""

    def __init__(self, data, others=()):
        self.data, self.model, self.needs = data, data["modele"], data["besoins"]
        self.sections = self.model["sections"]
        self.questions = [one for section in self.sections for one in section["questions"]]
        self.others = [Content(other) for other in others]

    @functools.cached_property
    def need(self):
        """`{key: its record}`."""
        return {one["key"]: one for one in self.needs}

    @property
    def chosen(self):
        """Every `(question, choice)`."""
        return [(one, choice) for one in self.questions for choice in choices_of(one)]

    @functools.cached_property
    def reachable(self):
        """`{key: question}` of those that some answers lead to."""
        found = {}
        for question in self.questions:
            if _may_be_shown(question, found):
                found[question["key"]] = question
        return found


def choices_of(question):
    return question.get("choices") or []


def conditions_of(question):
    shown_if = question.get("visible_if") or {}
    return [condition for mode in shown_if for condition in shown_if[mode]]


def at_question(question, sentence, /, **values):
    return Fault(f"question.{question['key']}", sentence, values)


def at_choice(question, choice, sentence, /, **values):
    return Fault(f"choix.{question['key']}.{choice['value']}", sentence, values)


def at_need(need, sentence, /, **values):
    return Fault(f"besoin.{need['key']}", sentence, values)


def _may_be_shown(question, before):
    shown_if = question.get("visible_if")
    if not shown_if:
        return True
    cited = [
        (one["question"], _satisfying(one, before[one["question"]]))
        for one in conditions_of(question)
        if one["question"] in before
    ]
    if "any" in shown_if:
        return any(values for _, values in cited)
    together = {}
    for key, values in cited:
        if before[key]["type"] != Kind.MULTIPLE:
            together[key] = together.get(key, values) & values
    met = [*together.values(), *(values for _, values in cited)]
    return len(cited) == len(conditions_of(question)) and all(met)


def _satisfying(condition, cited):
    """The answers of the cited question that make a condition true."""
    if cited["type"] == Kind.NUMBER:
        values = range(cited["contrainte"]["min"], cited["contrainte"]["max"] + 1)
    else:
        values = [one["value"] for one in choices_of(cited)]
    wanted, op = condition["value"], condition["op"]
    if op == "in":
        return {one for one in values if one in wanted}
    return {one for one in values if (one <= wanted if op == "lte" else one >= wanted)}


def run(rules, data, others=()):
    """What these rules find in the data of a version."""
    found = []
    for rule in rules:
        try:
            found += rule(Content(data, others))
        except UNREADABLE:
            # Too damaged for this rule: what it could not read is a fault by itself.
            found.append(Fault("modele", N_("Une partie de la trame ne se lit pas.")))
    return found
