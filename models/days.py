"""Days and months as one counts them in France; moments are stored in UTC (`base.now`)."""

import calendar
import datetime as dt

from .base import ZONE


def months_after(day, months):
    """The same day of a later month, or its last one: 31 January, then 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    _, last = calendar.monthrange(year, month + 1)
    return dt.date(year, month + 1, min(day.day, last))


def months_before(day, months):
    """The same day of an earlier month, or its last one."""
    return months_after(day, -months)


def first_moment(day):
    """The moment, as it is stored, when a day begins in France."""
    midnight = dt.datetime.combine(day, dt.time(), ZONE)
    return midnight.astimezone(dt.UTC).replace(tzinfo=None)
