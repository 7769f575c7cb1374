"""When a person is forgotten: told after 23 months without contact, erased after 24.

A file is never erased by surprise: the notice comes four weeks before at least, however late the
worker runs. A file that nobody agreed to share is erased whole after a week. Each person is one
transaction: a run that is cut goes on where it stopped, since what is done is no longer due.
"""

import datetime as dt

import peewee as pw

from .. import audit, outbox
from ..base import local_day, now, today, transaction
from ..database import held
from ..days import first_moment, months_after, months_before
from ..outbox import OutgoingEmail
from ..permissions import Permission, can
from .accompaniments import Accompaniment
from .agreements import Agreement
from .anonymising import anonymise
from .notices import News, PersonNotice
from .person import Person

NOTICE_MONTHS, KEPT_MONTHS = 23, 24
DAY = dt.timedelta(days=1)
LEAST_NOTICE = 28 * DAY
UNFINISHED = 7 * DAY
SLICE = 500
LEAD_MESSAGE = "file_ending"

_for_real = True


def erase_by_itself(is_wanted):
    """Whether the worker erases, or only tells (RETENTION_FOR_REAL)."""
    global _for_real
    _for_real = is_wanted


def plan():
    """`{act: rows due today}`; writes nothing."""
    return {act: Person.select().where(due()).count() for act, (due, _) in ACTS.items()}


def run(*, acts=None):
    """Do what is due today; answers `{act: rows done}`."""
    done = {}
    for act in acts or ACTS:
        due, do = ACTS[act]
        done[act] = sum(_one(person, due, do) for person in _ids(due))
    return done


def work():
    """What the worker does each day; answers how many persons it concerned."""
    return sum(run(acts=None if _for_real else ("prévenir",)).values())


def ends_on(person):
    """The day from which her file is erased if nobody is in contact with her before."""
    since = local_day(person.closed_at) or person.last_contact_on
    end = months_after(since, KEPT_MONTHS)
    # 29 February has no such day two years later: 1 March, so that nothing goes a day too soon.
    return end if end.day == since.day else end + DAY


def near_end(person):
    """The same day, once no more than the notice is left before it; None until then."""
    is_silent = person.last_contact_on <= months_before(today(), NOTICE_MONTHS)
    return ends_on(person) if person.is_open and is_silent else None


def _ids(due):
    """The row numbers of those concerned, slice by slice: memory does not grow with them."""
    last = 0
    while found := list(
        Person.select(Person.id).where(due(), Person.id > last)
        .order_by(Person.id).limit(SLICE).tuples()
    ):  # fmt: skip
        for (last,) in found:
            yield last


@transaction
def _one(person_id, due, do):
    """True when it was done: whoever came back meanwhile is left alone."""
    rows = held(Person.select().where(Person.id == person_id, due()))
    for person in rows:
        do(person)
    return bool(rows)


def _to_tell():
    """Open files without contact for 23 months whose person was not told since."""
    silent = Person.last_contact_on <= months_before(today(), NOTICE_MONTHS)
    return _remembered() & Person.closed_at.is_null() & silent & ~_told()


def _to_erase():
    """24 months without contact and told four weeks ago, or closed 24 months ago."""
    limit = months_before(today(), KEPT_MONTHS)
    silent = Person.closed_at.is_null() & (Person.last_contact_on <= limit)
    closed = Person.closed_at < first_moment(limit + DAY)
    return _remembered() & ((silent & _told(before=now() - LEAST_NOTICE)) | closed)


def _unfinished():
    """Opened a week ago without any agreement since: it concerns nobody who agreed to it."""
    given = Agreement.select(Agreement.id).where(Agreement.person == Person.id)
    return _remembered() & (Person.created_at < now() - UNFINISHED) & ~pw.fn.EXISTS(given)


def _remembered():
    return Person.anonymised_at.is_null()


def _told(*, before=None):
    """A notice of erasure stands. One older than a whole silence belongs to a former one."""
    silence = first_moment(months_before(today(), NOTICE_MONTHS) + DAY)
    notices = PersonNotice.select(PersonNotice.id).where(
        PersonNotice.person == Person.id,
        PersonNotice.news == News.CLOSING,
        PersonNotice.created_at.between(silence, before or now()),
    )
    return pw.fn.EXISTS(notices)


def _tell(person):
    PersonNotice.tell(person, News.CLOSING)
    if lead := Accompaniment.lead_of(person):
        _tell_lead(lead.account, person)
    audit.record("file:tell-ending", person, person=person)


def _tell_lead(account, person):
    """One message a day, which names nobody; none to whom the file is no longer open (I3)."""
    a_day_ago = now() - dt.timedelta(days=1)
    was_told = OutgoingEmail.count_to(account.identifier, since=a_day_ago, kind=LEAD_MESSAGE)
    if not was_told and can(account, Permission.FILE_READ, person):
        outbox.post(LEAD_MESSAGE, account.identifier, account.language)


def _delete(person):
    audit.record("file:abandon", person, person=person)
    person.delete_instance()


# What is said of an act → who it concerns today, and what is done of each.
ACTS = {
    "prévenir": (_to_tell, _tell),
    "anonymiser": (_to_erase, anonymise),
    "supprimer": (_unfinished, _delete),
}
