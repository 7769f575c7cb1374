"""Who is left without a référent unique who can open her file, and why (I14): nothing is read.

A membership that ends and an account that closes do not end its accompaniments: reading is dead
already, a mistake is undone by giving the access back, and the link is ended when somebody else is
named. Meanwhile the person is listed here.
"""

import datetime as dt
import functools
import operator
from typing import NamedTuple

import peewee as pw

from ..accounts.account import Account
from ..base import N_, Vocabulary, local_day
from ..network.memberships import Membership
from ..network.organisations import Organisation
from ..network.rights import stopped_writing, writers
from .accompaniments import Accompaniment, EndReason, ReferentRole
from .agreements import Agreement
from .person import Person

PAGE_SIZE = 50


class Lack(Vocabulary):
    """Why the référent unique of a person cannot open her file today."""

    NOBODY = "personne", N_("Plus de référent unique")
    GONE = "parti", N_("Son référent a quitté l’organisme")
    ORGANISATION = "organisme", N_("L’organisme n’est plus dans le réseau")
    CHARTER = "charte", N_("Son référent n’a plus le droit d’écrire")
    AGREEMENT = "accord", N_("L’accord de la personne a pris fin")


# How the link of a référent who can open nothing is ended when another is named.
ENDED_BY = {
    Lack.GONE: EndReason.LEFT,
    Lack.ORGANISATION: EndReason.LAPSED,
    Lack.CHARTER: EndReason.LAPSED,
    Lack.AGREEMENT: EndReason.HANDED_OVER,
}


class Orphan(NamedTuple):
    """A person without référent, as whoever names one sees her: never her name."""

    code: str
    identifier: str
    commune: object
    lack: Lack
    since: dt.date | None


def lack_of(link):
    """Why this living link opens nothing today, with the day since when if it is known; None when
    it opens the file."""
    return lacks_of([link]).get(link.id)


def lacks_of(links, writing=None):
    """`{row number: (Lack, day or None)}` of those of these living links that open nothing today.
    `writing` holds the pairs of `writers()`, when they are known already."""
    writing = writers() if writing is None else writing
    agreed = Agreement.current_pairs({link.person_id for link in links})
    shut = {_pair(link) for link in links} - writing
    stopped = stopped_writing(list(Membership.living_of_pairs(shut).values())) if shut else {}
    lacks = {}
    for link in links:
        if _pair(link) not in writing:
            lacks[link.id] = _why_shut(link, stopped)
        elif (link.person_id, link.organisation_id) not in agreed:
            lacks[link.id] = (Lack.AGREEMENT, _agreed_until(link.person_id, link.organisation_id))
    return lacks


def _pair(link):
    return link.account_id, link.organisation_id


def _why_shut(link, stopped):
    where = link.organisation
    if _pair(link) not in stopped:
        return Lack.GONE, _left_on(*_pair(link))
    if not where.is_admitted:
        return Lack.ORGANISATION, _day(where.left_at or where.suspended_at)
    return Lack.CHARTER, stopped[_pair(link)]


def lack_of_lead(person):
    """The same of her référent unique, who may be missing; None when he opens her file."""
    return _lacks_of_leads([person]).get(person.id)


def _lacks_of_leads(persons):
    """`{row number of a person: (Lack, day or None)}` of those whose lead is missing or shut."""
    leads = _leads(persons)
    lacks = lacks_of(list(leads.values()))
    return {
        person.id: lack
        for person in persons
        if (lack := _lack_of(person, leads.get(person.id), lacks))
    }


def _lack_of(person, link, lacks):
    if link:
        return lacks.get(link.id)
    was_lead = (Accompaniment.person == person) & (Accompaniment.role == ReferentRole.LEAD)
    last = Accompaniment.select(pw.fn.MAX(Accompaniment.ended_at)).where(was_lead).scalar()
    return Lack.NOBODY, _day(last)


def is_orphan(person):
    """Whether somebody may be named for her: she was accompanied, and no lead opens her file."""
    return Person.select().where(Person.id == person.id, *_orphans()).exists()


def orphan_ids():
    """The row numbers of them all, the oldest files first: the table is looked through once, for
    their count and for their pages."""
    rows = Person.select(Person.id).where(*_orphans()).order_by(Person.id)
    return [row for (row,) in rows.tuples()]


def orphans(rows):
    """The `Orphan` of each of these row numbers, in the same order."""
    return _seen(list(Person.select().where(Person.id << list(rows)).order_by(Person.id)))


def orphan(person):
    """A person as whoever names her référent sees her."""
    [seen] = _seen([person])
    return seen


def _seen(persons):
    lacks = _lacks_of_leads(persons)
    return [
        Orphan(
            person.code, person.identifier, person.commune,
            *lacks.get(person.id, (Lack.NOBODY, None)),
        )
        for person in persons
    ]  # fmt: skip


def _leads(persons):
    """`{person: her living lead}`, with his account and his organisation."""
    rows = (
        Accompaniment.select(Accompaniment, Account, Organisation)
        .join_from(Accompaniment, Account)
        .join_from(Accompaniment, Organisation)
        .where(Accompaniment.lead_slot << [str(person.id) for person in persons])
    )
    return {row.person_id: row for row in rows}


def _orphans():
    """The conditions of an open file, once accompanied or shared, that no lead opens today."""
    ever = Accompaniment.select(Accompaniment.id).where(Accompaniment.person == Person.id)
    agreed = Agreement.select(Agreement.id).where(Agreement.person == Person.id)
    return (
        Person.closed_at.is_null(),
        Person.anonymised_at.is_null(),
        # Almost everybody has a lead who opens: what follows is asked about the others alone.
        ~pw.fn.EXISTS(_leads_who_open()),
        pw.fn.EXISTS(ever) | pw.fn.EXISTS(agreed),
    )


def _leads_who_open():
    """The living leads of a person who may write today where she agrees today."""
    between = (
        (Agreement.person == Accompaniment.person)
        & (Agreement.organisation == Accompaniment.organisation)
        & Agreement.current()
    )
    return (
        Accompaniment.select(Accompaniment.id)
        .join(Agreement, on=between)
        .where(
            Accompaniment.person == Person.id,
            Accompaniment.lead_slot.is_null(False),
            _may_write(),
        )
    )


def _may_write():
    """The condition of the links of those who may write: of all who are or were members, one is
    compared with the few who may not, rather than with everybody who may."""
    ever = set(Membership.select(Membership.account, Membership.organisation).tuples())
    teams = {}
    for account, where in ever - writers():
        teams.setdefault(where, []).append(account)
    lost = [
        (Accompaniment.organisation == where) & (Accompaniment.account << accounts)
        for where, accounts in sorted(teams.items())
    ]
    return ~functools.reduce(operator.or_, lost) if lost else pw.SQL("1 = 1")


def _left_on(account, organisation):
    mine = (Membership.account == account) & (Membership.organisation == organisation)
    return _day(Membership.select(pw.fn.MAX(Membership.ended_at)).where(mine).scalar())


def _agreed_until(person, organisation):
    pair = (Agreement.person == person) & (Agreement.organisation == organisation)
    last = Agreement.select().where(pair).order_by(Agreement.id.desc()).first()
    return last and (_day(last.ended_at) or last.ends_on)


def _day(moment):
    """The French day of a moment, which SQLite answers as a text out of an aggregate."""
    return local_day(dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment)


def organisations_agreed(person):
    """The row numbers of the organisations to which she agrees today, in the network."""
    rows = Agreement.select(Agreement.organisation).where(
        Agreement.person == person, Agreement.current()
    )
    return {where for (where,) in rows.tuples()} & Organisation.admitted_ids()
