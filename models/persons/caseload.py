"""« Mes personnes »: those whom a professional accompanies, with their agreement, and no others."""

import datetime as dt
from typing import NamedTuple

from .. import audit
from ..base import N_, RuleBroken, now, today, transaction
from ..employment.points import EmploymentPoint
from ..employment.reading import points_among
from ..permissions import Standing
from ..plans.lateness import late_among
from ..text import fold
from .accompaniments import Accompaniment
from .forgetting import near_end
from .person import Person

PAGE_SIZE = 25
# An agreement that ends within these days is asked for again.
ENDING_SOON = dt.timedelta(days=30)
# How long one is told that a person ended an accompaniment.
TOLD = dt.timedelta(days=30)


class Followed(NamedTuple):
    """A person whom one accompanies; `ends_on` is the day the first of the agreements ends,
    `plan_due_on` the day when her plan, which is not made, was due, `job_point` the point after an
    entry into employment that is to be looked at."""

    person: Person
    ends_on: dt.date
    plan_due_on: dt.date | None = None
    job_point: EmploymentPoint | None = None

    @property
    def ends_soon(self):
        return ends_soon(self.ends_on)

    @property
    def forgotten_on(self):
        """The day from which her file is erased without contact, when it is near; or None."""
        return near_end(self.person)

    @property
    def urgency(self):
        """What sorts the list: agreements about to end, then who was seen longest ago, by name."""
        soon = self.ends_on if self.ends_soon else dt.date.max
        return (soon, self.person.last_contact_on, fold(self.person.name), self.person.id)


def ends_soon(day):
    return day <= today() + ENDING_SOON


@transaction
def list_of(account):
    """The persons this account accompanies, the most urgent first. One line of the trail for each
    list shown."""
    audit.record("files:list", account, by=account)
    followed = _followed_by(account)
    late, points = late_among(list(followed)), points_among(list(followed))
    return _in_order(
        one._replace(
            plan_due_on=late[who].since if who in late else None, job_point=points.get(who)
        )
        for who, one in followed.items()
    )


@transaction
def search(account, **criteria):
    """Those of them who match every one of these exact values (`Person.looked_for`).

    Raises `RuleBroken` for fewer than two: names are not browsed (access.md §4.4).
    """
    if len(criteria) < 2:
        raise RuleBroken(
            N_("donnez au moins deux éléments exacts, par exemple un nom et un prénom.")
        )
    audit.record("files:list", account, by=account, criteria=sorted(criteria))
    followed = _followed_by(account)
    mine = Person.id.in_(list(followed))
    found = Person.looked_for(besides=(mine,), **criteria)
    return _in_order(followed[one.id] for one in found)


def _in_order(followed):
    return sorted(followed, key=lambda one: one.urgency)


def followed_by(account):
    """The `Followed` of this account, in any order; the caller writes the line of the trail."""
    return list(_followed_by(account).values())


def _followed_by(account):
    """`{row number: Followed}`; accompanied for two organisations, a person counts once."""
    followed = {}
    for link in Accompaniment.opened_to(account, organisations_of(account)):
        known, ends_on = followed.get(link.person_id), link.agreement.ends_on
        if link.person.is_open:
            first = min(ends_on, known.ends_on) if known else ends_on
            followed[link.person_id] = Followed(link.person, first)
    return followed


def stopped_lately(account):
    """The accompaniments that persons ended these last days and did not give again: nothing of
    their files is read but their identifiers (I3)."""
    return Accompaniment.stopped(account, since=now() - TOLD)


def waiting_for(account):
    """The files this account has opened, whose person has not agreed yet: nothing of them is
    read but their identifier."""
    return Person.started_and_waiting(account, organisations_of(account))


def links_with(account, person):
    """Through which organisations this account accompanies her today, by name."""
    return Accompaniment.openings(account, organisations_of(account), person)


def organisations_of(account):
    """The row numbers of those for which this account may write today (I1)."""
    return account.rights.standings.get(Standing.PROFESSIONAL, set())
