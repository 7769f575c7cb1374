"""One question as it is shown: in the reader’s language and size, without what is masked."""

import re

from flask import g

from models.diagnostics.reading import day_bounds
from models.diagnostics.telling import words_of
from models.questionnaire.guide_words import (
    RIGHT_TO_LEFT,
    tell,
    tell_broken,
    tongue_of,
    tongues,
)  # fmt: skip
from models.questionnaire.reference import CONTACTS, SKILLS
from models.questionnaire.shape import REFUSAL_WORDS, REFUSED, Kind, words

from ..languages import LANGUAGES, READ_IN, say

# The first number of a helpline: the one to call.
_NUMBER = re.compile(r"[0-9]{3,}")


def reading_of(template):
    """The language in which this reader reads a template."""
    return tongue_of(template, g.reading)


class Screen:
    """What the page of a question needs, in words; `question` is None on a page about them all."""

    def __init__(self, guide, question, comfort, *, typed=None, is_masked=False):
        self.guide, self.question, self.comfort = guide, question, comfort
        self.template = guide.template
        self.language = reading_of(self.template)
        self.is_masked = is_masked
        self.is_large = comfort.large or g.person_session.is_shared
        if question:
            self.rank = guide.ranks[question.key]
            self.place = guide.place(question)
            self.alarm = guide.alarm(self.rank)
            self.chosen = self._chosen(typed)

    def _chosen(self, typed):
        """The texts to show as chosen: those typed, those kept, none of what is masked."""
        if typed is not None:
            return typed
        given = self.guide.given.get(self.question.key)
        if self.is_masked or given is None:
            return []
        return [str(one) for one in (given if isinstance(given, list) else [given])]

    @property
    def side(self):
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def tongues(self):
        """`[(code, name)]` of the other languages of this template that the page does not offer."""
        names = LANGUAGES | READ_IN
        return [(one, names[one]) for one in tongues(self.template) if one != self.language]

    def tell(self, key, **values):
        return tell(key, self.language, **values)

    def say(self, said):
        """`Words` of the template; short ones, when she asked for short sentences."""
        return said.said(self.language, simply=self.comfort.simple)

    def broken(self, broken):
        """Why an answer is refused, in her language when it is written, else in the page’s."""
        return (self.language == "ar" and tell_broken(broken, self.language)) or say(broken)

    @property
    def is_several(self):
        return self.question.kind is Kind.MULTIPLE

    @property
    def written(self):
        """What stands in the field of a day or of a number."""
        return next((text for text in self.chosen if text != REFUSED), "")

    @property
    def choices(self):
        """`[(value, words)]` of the answers."""
        if self.question.computed:
            return [(value, self._named(value)) for value in self.guide.lists[self.question.key]]
        return [(str(one.value), self.say(one.label)) for one in self.question.choices]

    def _named(self, value):
        found = SKILLS.get(value) or self.template.needs[value].label
        return found.said(self.language)

    @property
    def apart(self):
        """`[(value, words)]` of « not now » and « I prefer not to answer »."""
        refusal = [(REFUSED, REFUSAL_WORDS[self.language])] if self.question.may_refuse else []
        return [("", self.tell("not-now")), *refusal]

    @property
    def is_apart_chosen(self):
        """Whether « not now » is what stands: nothing is kept, and nothing else was typed."""
        return not self.chosen and not self.is_masked and not self.is_several

    @property
    def limits(self):
        """The sentence that says how much may be answered, or nothing."""
        bounds, question = self.question.bounds, self.question
        if question.kind is Kind.NUMBER:
            unit = words(bounds, "unite").said(self.language)
            said = self.tell("bounds", least=bounds["min"], most=bounds["max"])
            return f"{said} ({unit})" if unit else said
        # Most of the hints say it in their own words.
        is_said = not question.most_choices or "au plus" in question.hint.fr
        return "" if is_said else self.tell("most", most=question.most_choices)

    @property
    def days(self):
        return day_bounds(self.question)

    def contacts(self, section):
        """`[(words, number, language)]` of the helplines of a section."""
        said = [CONTACTS[key] for key in section.contacts]
        found = [(one, self.language if getattr(one, self.language) else "fr") for one in said]
        return [(one.said(code), _NUMBER.search(one.fr)[0], code) for one, code in found]

    def answer(self, question):
        """What was answered to a question, in words."""
        return words_of(self.template, question.key, self.guide.given[question.key], self.language)

    @property
    def strengths(self):
        return [SKILLS[key].said(self.language) for key in self.guide.derived.strengths]
