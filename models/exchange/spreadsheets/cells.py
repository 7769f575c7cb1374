"""What a cell may hold, one sort at a time: as it is written, and as people type it.

`read(text, held)` gives the value of a national record, `held` being what the sheet says today:
a value that no list knows any more may stay. It raises `BadCell` with words for the person.
"""

import datetime as dt
import difflib
import re

from ... import territories
from ...action_bank.naming import identifier_of, organisation_called
from ...base import RuleBroken
from ...text import fold_words

SEPARATOR = " ; "
_SEPARATORS = re.compile(r"\s*[;\n]\s*")
# « 03/12/2026 13:30 », « 2026-12-03T13:30 », « 3/12/2026 à 13h30 »
_DAY = re.compile(r"(?:(\d{1,2})[/.](\d{1,2})[/.](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2}))")
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)(?::\d{2})?")
_END = re.compile(r"\s+(?:à|a|au|-|–)\s+|\s*[→]\s*")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,20})?")
_NEAR = 0.75


class BadCell(Exception):
    """The cell cannot be read; the words begin in lower case and say what is expected."""

    def __init__(self, words):
        super().__init__(words)
        self.words = words


def parts(text):
    """The values of a list, in their order, each once."""
    return list(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))


class Text:
    """Words as they are, on several lines or on one."""

    choices = None

    def write(self, value):
        return "" if value is None else value

    def read(self, text, held):
        return text


class Digits(Text):
    """A code whose zeros a spreadsheet takes away."""

    def __init__(self, length):
        self.length = length

    def read(self, text, held):
        digits = re.sub(r"\s", "", text).upper()
        return digits.zfill(self.length) if digits.isdecimal() else digits


class Phone(Text):
    """A number whose zero, or whose +, a spreadsheet takes away."""

    def read(self, text, held):
        digits = re.sub(r"[\s.\-]", "", text)
        if re.fullmatch(r"[1-9]\d{8}", digits):
            return f"0{text}"
        return f"+{digits}" if re.fullmatch(r"33[1-9]\d{8}", digits) else text


class Number:
    """A number, with a point or a comma; whole or not. Spreadsheets keep fifteen digits."""

    choices = None

    def __init__(self, kind=int):
        self.kind = kind

    def write(self, value):
        return "" if value is None else self.kind(f"{value:.15g}")

    def read(self, text, held):
        digits = re.sub(r"\s", "", text).replace(",", ".")
        if not _NUMBER.fullmatch(digits):
            raise BadCell("il faut un nombre")
        number = float(digits)
        if held is not None and number == self.write(held):
            return held
        if self.kind is float:
            return number
        if not number.is_integer():
            raise BadCell("il faut un nombre entier")
        return int(number)


class Day:
    """A day: « 22/11/2026 », or what the spreadsheet itself calls a date."""

    choices = None

    def write(self, value):
        return "" if value is None else f"{value:%d/%m/%Y}"

    def read(self, text, held):
        found = _DAY.match(text)
        if not found or text[found.end() :].strip():
            raise BadCell("il faut une date de la forme 22/11/2026")
        return _day(found).isoformat()


def _day(found):
    day, month, year, *others = found.groups()
    year, month, day = (year, month, day) if year else others
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise BadCell("cette date n’existe pas") from None


class Sessions:
    """Sessions: « 03/12/2026 13:30 à 16:00 », the end being optional."""

    choices = None

    def write(self, value):
        return SEPARATOR.join(map(_session, value or ()))

    def read(self, text, held):
        return [self._read_one(part) for part in parts(text)]

    def _read_one(self, text):
        found = _DAY.match(text)
        if not found:
            raise BadCell("il faut des séances de la forme 03/12/2026 13:30 à 16:00")
        day = _day(found)
        start, *end = _END.split(text[found.end() :].strip(" Tà,"), maxsplit=1)
        session = {"debut": _moment(day, start)}
        if end:
            again = _DAY.match(end[0])
            rest = end[0][again.end() :] if again else end[0]
            session["fin"] = _moment(_day(again) if again else day, rest.strip(" Tà,"))
            if session["fin"] < session["debut"]:
                raise BadCell("une séance ne peut pas finir avant de commencer")
        return session


def _moment(day, text):
    found = _HOUR.fullmatch(text.strip())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise BadCell("il faut une heure de la forme 13:30")
    return f"{day.isoformat()}T{int(found[1]):02}:{int(found[2] or 0):02}"


def _session(session):
    start = dt.datetime.fromisoformat(session["debut"])
    written = f"{start:%d/%m/%Y %H:%M}"
    if session.get("fin"):
        end = dt.datetime.fromisoformat(session["fin"])
        shape = "%H:%M" if end.date() == start.date() else "%d/%m/%Y %H:%M"
        written += f" à {end.strftime(shape)}"
    return written


class Listed:
    """Free words, several of them."""

    choices = None

    def write(self, value):
        return SEPARATOR.join(value or ())

    def read(self, text, held):
        return parts(text)


class Organisations(Listed):
    """Organisations, by national identifier or by name."""

    def read(self, text, held):
        return [self._identifier(part, held or ()) for part in parts(text)]

    def _identifier(self, text, held):
        if text in held or "--" in text:
            return text
        try:
            return identifier_of(organisation_called(text))
        except RuleBroken as broken:
            raise BadCell(str(broken).rstrip(".")) from None


class Choice:
    """One value of a list, said by its French label or by its national value."""

    is_list = False

    def __init__(self, choices):
        self.choices = choices
        self._values = {_key(label): value for value, label in choices.items()}
        self._values |= {_key(value): value for value in choices}

    def write(self, value):
        return "" if value is None else self.choices.get(value, value)

    def read(self, text, held):
        return self._value(text, [held])

    def _value(self, text, held):
        value = self._values.get(_key(text))
        if value is None and text in held:
            return text
        if value is None:
            raise BadCell(self._refusal(text))
        return value

    def _refusal(self, text):
        near = difflib.get_close_matches(_key(text), self._values, n=1, cutoff=_NEAR)
        words = f"«\u00a0{text[:60]}\u00a0» n’est pas dans la liste attendue"
        if not near:
            return words
        label = self.choices[self._values[near[0]]]
        return f"{words}. Vouliez-vous dire «\u00a0{label}\u00a0»\u00a0?"


class Choices(Choice):
    """Several values of a list."""

    is_list = True

    def write(self, value):
        return SEPARATOR.join(self.choices.get(one, one) for one in value or ())

    def read(self, text, held):
        return list(dict.fromkeys(self._value(part, held or ()) for part in parts(text)))


def _key(text):
    return " ".join(fold_words(text))


class Zones(Listed):
    """Communes, EPCI or départements, by code or by name; empty is everywhere."""

    def read(self, text, held):
        return [self._code(part, held or ()) for part in parts(text)]

    def _code(self, text, held):
        if text in held or re.fullmatch(r"\d{5}|\d{9}|\d[\dAB]|\d{3}|france", text):
            return text
        found = territories.find_zones(text)
        if not found:
            raise BadCell(f"«\u00a0{text[:60]}\u00a0» n’est pas un lieu que nous connaissons")
        if len(found) > 1:
            names = ", ".join(f"{code} ({territories.zone_name(code)})" for code in found[:4])
            raise BadCell(f"«\u00a0{text[:60]}\u00a0» peut désigner plusieurs lieux\u00a0: {names}")
        return found[0]
