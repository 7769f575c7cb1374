"""What remains of a person once she is forgotten: an age within five years, and months.

Her name, her contact, her codes, her agreements, her référents and all that points to her are
erased. What stays counts people over the years and tells of nobody (access.md §4.5).
"""

import contextlib

from .. import audit
from ..accounts.account import Account
from ..accounts.throttling import SignInThrottle
from ..base import new_code, now, transaction
from ..database import held
from ..outbox import EmailState, OutgoingEmail
from ..sealing import Unreadable
from .codes import ACCESS_CODE
from .person import IDENTITY, ContactBy, Declared, Person, new_identifier

YEARS_TOGETHER = 5
# Said of somebody, and said again of nobody.
SAID_OF_NOBODY = dict.fromkeys(IDENTITY) | {
    "contact_by": ContactBy.DESK,
    "language": "fr",
    "receives_rsa": Declared.UNSAID,
}
ERASED = (
    "access_hash", "access_made_at", "fresh_access", "fresh_access_for", "started_by", "started_in",
)  # fmt: skip
BY_MONTH = ("created_at", "last_contact_on", "closed_at", "anonymised_at")


@transaction
def anonymise(person, *, by=None):
    """Forget who this person is, for good; answers False when it was done already.

    `by` is the person herself, or None when her time has come. The trail keeps her row number.
    """
    (person,) = held(Person.select().where(Person.id == person.id))
    if person.anonymised_at is not None:
        return False
    _erase_what_points_to(person)
    _erase_messages(person)
    SignInThrottle.forget(person.identifier, about=ACCESS_CODE)
    birth_year = person.birth_year
    # New names for the row: what an old address, paper or bookmark says leads nowhere.
    person.code, person.identifier = new_code(), new_identifier()
    person.describe(**SAID_OF_NOBODY)
    person.birth_year = birth_year and birth_year - birth_year % YEARS_TOGETHER
    for column in ERASED:
        setattr(person, column, None)
    person.anonymised_at = now()
    _round_to_months(person)
    person.save()
    audit.record("file:anonymise", person, by=by, person=person)
    return True


def _erase_what_points_to(person):
    """Every row of every table that belongs to her: the tables to come too."""
    for column, table in Person._meta.backrefs.items():
        table.delete().where(column == person).execute()


def _erase_messages(person):
    """Those written to her, unless an account has the same mailbox."""
    address = None
    with contextlib.suppress(Unreadable):  # a lost key keeps nobody here
        address = person.email
    if address and Account.of_identifier(address) is None:
        mine = (OutgoingEmail.recipient == address) & (OutgoingEmail.state != EmailState.SENDING)
        OutgoingEmail.delete().where(mine).execute()


def _round_to_months(person):
    for column in BY_MONTH:
        if (moment := getattr(person, column)) is not None:
            midnight = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
            time = midnight if hasattr(moment, "hour") else {}
            setattr(person, column, moment.replace(day=1, **time))
