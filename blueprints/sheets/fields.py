"""The questions of a step: each field shows what a sheet says, and tells the columns it writes.

`base` is what the author had read: the content of the version that the form showed. What nobody can
choose here (values of an import, unknown identifiers) goes through a form unchanged.
"""

import re
from urllib.parse import urlsplit

from wtforms import SelectMultipleField
from wtforms.validators import ValidationError

from models.base import N_, RuleBroken

from ..forms import Line, OneOf, Paragraphs
from ..languages import gettext, say

LONGEST_TEXT = 10_000
MOST_LINES = 100
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?", re.ASCII)


def refuse(sentence, **values):
    """What is wrong with an answer, in the reader's language."""
    raise ValidationError(gettext(sentence) % values if values else gettext(sentence))


def by_rule(rule, *values):
    """What a rule of the models answers; its refusal becomes the field's."""
    try:
        return rule(*values)
    except RuleBroken as broken:
        raise ValidationError(say(broken)) from None


class Words(Line):
    """One line, or nothing, in a box of several `rows` when it is long. `shape` names how the
    template draws a field."""

    def __init__(self, label, most, *, rows=None, **kwargs):
        super().__init__(label, most, **kwargs)
        self.rows, self.shape = rows, "area" if rows else "line"

    def show(self, base):
        self.data = base[self.name]

    def written(self, base):
        return {self.name: self.data or None}


class Text(Paragraphs):
    """Several lines, or nothing; `empty` is what an empty one is kept as."""

    shape = "area"

    def __init__(self, label, *, rows=4, empty=None, **kwargs):
        super().__init__(label, LONGEST_TEXT, **kwargs)
        self.rows, self.empty = rows, empty

    def show(self, base):
        self.data = base[self.name]

    def written(self, base):
        return {self.name: self.data or self.empty}


class Link(Words):
    """An address of the web."""

    def pre_validate(self, form):
        if not self.data:
            return
        try:
            parts = urlsplit(self.data)
            is_web = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
        except ValueError:
            is_web = False
        if not is_web or " " in self.data:
            refuse(N_("écrivez une adresse qui commence par https://"))


class Number(Words):
    """A number between two bounds, typed in digits; a whole one unless `decimal`."""

    def __init__(self, label, low, high, *, decimal=False, **kwargs):
        super().__init__(label, 20, **kwargs)
        self.low, self.high, self.is_decimal = low, high, decimal
        self.shape, self.inputmode = "number", "decimal" if decimal else "numeric"

    def show(self, base):
        value = base[self.name]
        self.data = "" if value is None else str(value).removesuffix(".0").replace(".", ",")

    def pre_validate(self, form):
        self.value, text = None, (self.data or "").replace(" ", "")
        if not text:
            return
        is_whole = text.isascii() and text.isdecimal() and len(text) <= 9
        if not (is_whole or (self.is_decimal and _NUMBER.fullmatch(text))):
            if self.is_decimal:
                refuse(N_("écrivez un nombre en chiffres, par exemple 3,5."))
            refuse(N_("écrivez un nombre entier, en chiffres : par exemple 12."))
        value = float(text.replace(",", ".")) if self.is_decimal else int(text)
        if not self.low <= value <= self.high:
            refuse(N_("écrivez un nombre de %(low)s à %(high)s."), low=self.low, high=self.high)
        self.value = value

    def written(self, base):
        return {self.name: self.value}


class Pick(OneOf):
    """One value of a list, or none; a value that left the list stays possible."""

    shape = "select"

    def __init__(self, label, vocabulary, *, needed=False, **kwargs):
        super().__init__(label, wrong=N_("choisissez dans la liste."), **kwargs)
        self.vocabulary, self.needed = vocabulary, needed

    def know(self, base):
        self.choices = [] if self.needed else [("", gettext(N_("Non renseigné")))]
        self.choices += [(str(v), gettext(words)) for v, words in self.vocabulary.items()]
        if (held := base[self.name]) is not None and held not in self.vocabulary:
            self.choices.append((str(held), self.unlisted(held)))

    def unlisted(self, held):
        return gettext("Autre : %(value)s") % {"value": held}

    def show(self, base):
        self.data = "" if base[self.name] is None else str(base[self.name])

    def written(self, base):
        return {self.name: self.data or None}


class Several(SelectMultipleField):
    """Several values of a list, kept in its order; `groups` maps a value to its group."""

    shape = "boxes"

    def __init__(self, label, vocabulary, *, groups=None, **kwargs):
        super().__init__(label, validate_choice=False, **kwargs)
        self.vocabulary, self.groups = vocabulary, groups

    def know(self, base):
        self.choices = [(value, gettext(words)) for value, words in self.vocabulary.items()]

    def show(self, base):
        self.data = base[self.name]

    def grouped(self):
        """`[(words of the group, choices, how many of them are chosen)]`."""
        found = {}
        for value, words in self.choices:
            found.setdefault(self.groups(value), []).append((value, words))
        chosen = set(self.data or ())
        return [
            (group, choices, sum(value in chosen for value, _ in choices))
            for group, choices in found.items()
        ]

    def pre_validate(self, form):
        if not set(self.data or ()) <= set(self.vocabulary):
            refuse(N_("choisissez dans la liste."))

    def written(self, base):
        chosen = set(self.data or ())
        kept = [value for value in base[self.name] if value not in self.vocabulary]
        values = [value for value in self.vocabulary if value in chosen] + kept
        # The order in which an import listed them is no change.
        return {self.name: base[self.name] if set(values) == set(base[self.name]) else values}


class Lines(Text):
    """One answer per line."""

    def show(self, base):
        self.data = "\n".join(self.said(base))

    def said(self, base):
        return base[self.name]

    def read(self, line):
        """What a line means; raises `ValidationError`."""
        return line

    def pre_validate(self, form):
        lines = [" ".join(line.split()) for line in (self.data or "").split("\n")]
        lines = list(filter(None, lines))
        if len(lines) > MOST_LINES:
            refuse(N_("gardez %(most)s lignes au plus."), most=MOST_LINES)
        # A line left as it was shown means what it meant: it is not looked up again.
        said = [" ".join(line.split()) for line in self.said(form.base)]
        shown = dict(zip(said, form.base[self.name], strict=True))
        read = [shown[line] if line in shown else self.read(line) for line in lines]
        self.values = list(dict.fromkeys(read))

    def written(self, base):
        return {self.name: self.values}
