"""The form of an incident: two moments, as one says them in France."""

import datetime as dt
import re

from models.base import N_, RuleBroken
from models.persons.incidents import Period, moment_of

from ..forms import Form, Line, by_rule
from ..languages import say

_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?(?::\d{2})?", re.ASCII)


def a_day(text):
    """`2026-12-03`, as browsers send it, of what was typed; raises `RuleBroken`."""
    if written := _FRENCH_DAY.fullmatch(text):
        text = "{2}-{1:0>2}-{0:0>2}".format(*written.groups())
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise RuleBroken(N_("écrivez un jour qui existe, comme 25/10/2026."))
    return found.isoformat()


def an_hour(text):
    """`14:30`, of « 14h30 », « 14 h » or « 14:30 »; raises `RuleBroken`."""
    written = _HOUR.fullmatch(text)
    hours, minutes = (int(part or 0) for part in written.groups()) if written else (24, 0)
    if hours > 23 or minutes > 59:
        raise RuleBroken(N_("écrivez une heure de 0:00 à 23:59, comme 14:30."))
    return f"{hours:02d}:{minutes:02d}"


def _asked(label, needed, rule):
    return Line(label, 20, needed=needed, checks=[by_rule(rule)])


class IncidentForm(Form):
    """`period` is what was asked, once `validate()` answered True."""

    du = _asked(N_("Premier jour"), N_("donnez le premier jour."), a_day)
    de = _asked(N_("Heure du début"), N_("donnez l’heure du début."), an_hour)
    au = _asked(N_("Dernier jour"), N_("donnez le dernier jour."), a_day)
    a = _asked(N_("Heure de la fin"), N_("donnez l’heure de la fin."), an_hour)

    def validate(self, extra_validators=None):
        """The two moments exist and follow each other."""
        if not super().validate(extra_validators):
            return False
        since = self._moment(self.du, self.de)
        until = self._moment(self.au, self.a, is_end=True)
        if since and until:
            self.period = Period(since, until)
            self._by_rule(self.au, self.period.check)
        return not self.fields_in_error

    def _moment(self, day, hour, **which):
        at = dt.date.fromisoformat(day.data), dt.time.fromisoformat(hour.data)
        return self._by_rule(hour, lambda: moment_of(*at, **which))

    def _by_rule(self, field, rule):
        try:
            return rule()
        except RuleBroken as broken:
            field.errors = [say(broken)]
            return None
