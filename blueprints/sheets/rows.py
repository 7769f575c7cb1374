"""Questions answered by rows of several small fields: dates to come, words of employers."""

import datetime as dt
import re

from wtforms import Field

from models.action_bank.testimonials import MOST, checked_testimonials
from models.base import N_, RuleBroken, today
from models.identifiers import holds_social_security_number
from models.text import one_line

from .fields import refuse

EMPTY_ROWS = 3
MOST_ROWS = 60
LONGEST_CELL = 600
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)
_HOUR = re.compile(r"(\d{1,2})(?:\s*[h:]\s*(\d{2})?(?::\d{2})?)?", re.ASCII)

_ANY = re.compile(".*")
_NATIVE = {"date": re.compile(r"\d{4}-\d\d-\d\d"), "time": re.compile(r"\d\d:\d\d")}


def read_day(text):
    """« 2026-12-03 » as browsers send it, or « 3/12/2026 » as people type it."""
    try:
        if typed := _DAY.fullmatch(text):
            day, month, year = map(int, typed.groups())
            return dt.date(year, month, day)
        return dt.date.fromisoformat(text)
    except ValueError:
        refuse(N_("« %(text)s » n’est pas un jour : écrivez par exemple 3/12/2026."), text=text)


def read_hour(text):
    """« 13:30 », « 13 h 30 » or « 13 h »."""
    typed = _HOUR.fullmatch(text)
    try:
        return dt.time(int(typed[1]), int(typed[2] or 0))
    except (TypeError, ValueError):
        refuse(N_("« %(text)s » n’est pas une heure : écrivez par exemple 13 h 30."), text=text)


class Rows(Field):
    """`cells` names the small fields of a row; each is sent under `<name>_<cell>`, row by row."""

    cells = ()
    # The kind of control of a cell, when it is not a text.
    kinds = {}

    def __init__(self, label, **kwargs):
        super().__init__(label, **kwargs)
        self.wrong_row = None

    def process(self, formdata, *args, **kwargs):
        super().process(None, *args, **kwargs)
        if formdata is not None:
            sent = [formdata.getlist(f"{self.name}_{cell}") for cell in self.cells]
            rows = zip(*(map(_cell, cells) for cells in sent), strict=False)
            self.data = list(rows)[:MOST_ROWS]

    def show(self, base):
        self.data = [self.shown(item) for item in base[self.name]]

    @property
    def rows(self):
        """What was typed or is known, then empty rows to fill."""
        filled = [row for row in self.data or () if any(row)]
        empty = min(EMPTY_ROWS, MOST_ROWS - len(filled))
        return filled + [("",) * len(self.cells)] * empty

    def kind_of(self, cell, text):
        """A native picker holds only what it can read: other words stay in a text field."""
        kind = self.kinds.get(cell, "text")
        return kind if not text or _NATIVE.get(kind, _ANY).fullmatch(text) else "text"

    def id_of(self, cell, place):
        """An error leads to the first cell of its row, under the name of the field."""
        if cell == self.cells[0] and place == (self.wrong_row or 0):
            return self.name
        return f"{self.name}-{cell}-{place + 1}"

    def pre_validate(self, form):
        shown = {self.shown(item): item for item in form.base[self.name]}
        self.values, self.data = [], [row for row in self.data or () if any(row)]
        for place, row in enumerate(self.data):
            self.wrong_row = place
            if any(map(holds_social_security_number, row)):
                self.data[place] = ("",) * len(row)
                refuse(N_("n’écrivez jamais de numéro de sécurité sociale : la ligne est vidée."))
            self.values.append(shown[row] if row in shown else self.read(*row))
        self.wrong_row = None

    def written(self, base):
        return {self.name: self.values}


def _cell(text):
    return one_line(text, LONGEST_CELL)


class Sessions(Rows):
    """The dates to come: a day, its hours, and the last day when there is another one."""

    shape = "sessions"
    kinds = {"jour": "date", "debut": "time", "fin": "time", "dernier": "date"}
    cells = ("jour", "debut", "fin", "dernier")

    def shown(self, session):
        start, end = session["debut"], session.get("fin") or ""
        day, last = start[:10], end[:10]
        return (day, start[11:16], end[11:16], last if last != day else "")

    def read(self, day, start, end, last):
        if not day:
            refuse(N_("donnez le jour de chaque date."))
        if not start:
            refuse(N_("donnez l’heure de début de chaque date."))
        if last and not end:
            refuse(N_("donnez l’heure de fin du dernier jour."))
        first = dt.datetime.combine(read_day(day), read_hour(start))
        until = end and dt.datetime.combine(read_day(last or day), read_hour(end))
        if until and until <= first:
            refuse(N_("une date finit avant de commencer : relisez ses heures."))
        return {"debut": _moment(first), "fin": _moment(until) if until else None}

    def written(self, base):
        return {self.name: sorted(self.values, key=lambda session: session["debut"])}


def _moment(value):
    return value.isoformat(timespec="minutes")


class Testimonials(Rows):
    """What an employer said, and when: never a person accompanied (REQ-24)."""

    shape = "testimonials"
    kinds = {"jour": "date"}
    cells = ("employeur", "mots", "jour")

    def shown(self, one):
        return (one.get("employer", ""), one.get("words", ""), one.get("day", ""))

    def read(self, employer, words, day):
        if not (employer and words and day):
            refuse(N_("donnez l’employeur, ses mots et leur date."))
        if (said_on := read_day(day)) > today():
            refuse(N_("ces mots portent une date à venir : donnez le jour où ils ont été dits."))
        said = {"employer": employer, "words": words, "day": said_on.isoformat()}
        try:
            [kept] = checked_testimonials([said])
        except RuleBroken as broken:
            refuse(broken.sentence, **broken.values)
        return kept

    def pre_validate(self, form):
        super().pre_validate(form)
        if len(self.values) > MOST:
            refuse(N_("Gardez %(most)d témoignages au plus."), most=MOST)
