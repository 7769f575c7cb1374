"""A template on paper: sheets to fill by hand, each with the code by which it is typed again.

What is most sensitive stands on sheets of its own, that one may leave out; what is never kept is
never printed. A sheet’s code is the version’s, then its number: the cutting into sheets must not
change, or the codes already printed would mean other questions.
"""

from typing import NamedTuple

from ..base import CODE_LENGTH, N_, RuleBroken, typed_code
from ..persons.codes import shown, tidy
from .shape import HIGHEST, Computed, Question, Section
from .versions import TemplateVersion

# Lines that fit on a sheet of A4, once its head and its foot are written.
LINES = 62
_HEAD, _TITLE, _GAP = 6, 3, 1
_LABEL_WIDTH, _CHOICE_WIDTH, _COLUMNS = 78, 40, 2
_NUMBER_LENGTH = 2


class Sheet(NamedTuple):
    """One sheet: the questions of each of its sections. `is_apart` holds what is most sensitive."""

    version: TemplateVersion
    number: int
    sections: tuple[tuple[Section, tuple[Question, ...]], ...]
    is_apart: bool

    @property
    def code(self):
        return f"{self.version.code}{self.number:0{_NUMBER_LENGTH}}"

    @property
    def shown_code(self):
        """The code as it is printed: « K7M2 P9X4 AB03 »."""
        return shown(self.code)

    @property
    def keys(self):
        """The questions to type again, in order."""
        return tuple(one.key for _, questions in self.sections for one in questions)


def sheets(version):
    """Every `Sheet` of a version, in order: the same ones for ever."""
    template = version.template
    usual, apart = _cut(template, is_apart=False), _cut(template, is_apart=True)
    rows = [(one, False) for one in usual] + [(one, True) for one in apart]
    return [
        Sheet(version, number, sections, is_apart)
        for number, (sections, is_apart) in enumerate(rows, 1)
    ]


def find_sheet(text):
    """The `Sheet` whose code somebody types from paper, whatever its case, spaces and dashes, or
    None."""
    typed = tidy(text)
    code, number = typed[:CODE_LENGTH], typed[CODE_LENGTH:]
    if len(number) != _NUMBER_LENGTH or not number.isdecimal() or not typed_code(code):
        return None
    version = TemplateVersion.by_code(code)
    if version is None or version.is_draft:
        return None
    return next((one for one in sheets(version) if one.number == int(number)), None)


def required_sheet(text):
    """The same; raises `RuleBroken` when no sheet has this code."""
    if sheet := find_sheet(text):
        return sheet
    raise RuleBroken(N_("aucune feuille n’a ce code : relisez-le, en haut de la feuille."))


def on_screen(question):
    """Whether its answers are computed from the others: they are chosen on the screen."""
    return question.computed in (Computed.RAISED_NEEDS, Computed.MATCHING_ACTIONS)


def _cut(template, *, is_apart):
    """Questions laid on sheets: `[((section, questions), …)]`."""
    pages, page, left = [], {}, 0
    for section in template.sections:
        for question in section.questions:
            if not question.is_kept or (question.sensitivity == HIGHEST) != is_apart:
                continue
            title = 0 if section.key in page else _title_lines(section)
            if title + _lines(question) > left:
                page, left = {}, LINES - _HEAD
                pages.append(page)
                title = _title_lines(section)
            page.setdefault(section.key, (section, []))[1].append(question)
            left -= title + _lines(question)
    return [tuple((one, tuple(rows)) for one, rows in each.values()) for each in pages]


def _title_lines(section):
    return _TITLE + len(section.contacts)


def _lines(question):
    """How many lines a question takes, in the longest of its languages."""
    lines = _rows(question.label, _LABEL_WIDTH) + _rows(question.hint, _LABEL_WIDTH) + _GAP
    lines += bool(question.shown_if)
    if question.computed in (Computed.SKILLS, Computed.SUGGESTED_SKILLS):
        return lines + 8
    widths = [_rows(one.label, _CHOICE_WIDTH) for one in question.choices]
    refusal = [1] * question.may_refuse
    return lines + max(-(-sum(widths + refusal) // _COLUMNS), 2)


def _rows(words, width):
    longest = max(len(words.fr), len(words.en), len(words.ar), 1)
    return -(-longest // width)
