"""Hours of activity a week, counted from what the sheets of the accepted steps say."""

import datetime as dt
from typing import NamedTuple

from ..base import local_day
from .waivers import WEEKLY_HOURS

WEEK = dt.timedelta(days=7)
MOST_WEEKS = 12


class Week(NamedTuple):
    """What one week holds: `counted` hours out of `wanted`. `unknown` accepted actions of that week
    do not say their hours: not filled in is not zero."""

    monday: dt.date
    counted: float
    unknown: int
    wanted: int

    @property
    def missing(self):
        return max(0, self.wanted - self.counted)

    @property
    def share(self):
        """How much of what is asked for is there, in percent, a hundred at most."""
        return 100 if not self.wanted else min(100, round(100 * self.counted / self.wanted))


def week_of(steps, waivers, day):
    """The `Week` of this day, from every step and waiver of a plan."""
    monday = monday_of(day)
    there = [one for one in steps if is_under_way(one, monday)]
    hours = [one.weekly_hours for one in there]
    return Week(
        monday, sum(one for one in hours if one is not None), hours.count(None),
        wanted_on(waivers, day),
    )  # fmt: skip


def weeks_from(steps, waivers, day, until):
    """The `Week` of this day and the following ones, to the one of `until`: twelve at most."""
    found = []
    while len(found) < MOST_WEEKS and (not found or monday_of(day) <= until):
        found.append(week_of(steps, waivers, day))
        day += WEEK
    return found


def volume(steps):
    """The whole hours of the accepted steps that say both their hours and their weeks."""
    said = [one for one in steps if one.agreed_at and one.weekly_hours and one.weeks]
    return sum(one.weekly_hours * one.weeks for one in said)


def wanted_on(waivers, day):
    """Hours asked for in the week of a day: fifteen, or what the last waiver that holds says."""
    holding = [one for one in waivers if one.holds_on(day)]
    return holding[-1].hours if holding else WEEKLY_HOURS


def is_under_way(step, monday):
    """Whether an accepted step, which has a sheet, takes place in the week of this Monday."""
    if step.agreed_at is None or step.starts_on is None or monday_of(step.starts_on) > monday:
        return False
    if step.ended_at is not None and monday_of(local_day(step.ended_at)) < monday:
        return False
    return step.weeks is None or monday < monday_of(step.starts_on) + step.weeks * WEEK


def monday_of(day):
    return day - dt.timedelta(days=day.weekday())
