"""« Qui me suit ? »: asked by anybody, answered to the contact already on file alone (REQ-206)."""

import datetime as dt

from .. import audit, outbox
from ..accounts.account import Account
from ..accounts.throttling import SignInThrottle
from ..audit import AuditEntry
from ..base import now, transaction
from .accompaniments import Accompaniment
from .circle import circle
from .identity import compared
from .person import ContactBy, Person

WHO = "who follows me"
ONCE_IN = dt.timedelta(days=1)
# Files of the same names and year that one question answers. Each question does the work of them
# all, so that the time it takes tells neither whether somebody is known nor how many.
MOST_TOLD = 3
NOBODY = 0


def ask(family_name, given_name, birth_year, *, language="fr"):
    """Answer whoever these exact names and year are, at the address on file; nobody learns here
    whether they are known. Raises `TooManyFailures`, whether they are or not.

    The same statements are sent and the same rows written in every case, for nobody when there is
    nothing to say (ASVS 6.3.8).
    """
    SignInThrottle.attempt(
        f"{compared(family_name)} {compared(given_name)} {birth_year}", about=WHO
    )
    _answer(family_name, given_name, birth_year, language)


@transaction
def _answer(family_name, given_name, birth_year, language):
    found = Person.looked_for(
        family_name=family_name, given_name=given_name, birth_year=birth_year
    ).limit(MOST_TOLD)
    persons = list(found)
    for person in persons + [None] * (MOST_TOLD - len(persons)):
        _tell(person, language)


def _tell(person, language):
    """The message to her or to her lead, or a decoy: for nobody, or when today’s is done."""
    read = person or Person(id=NOBODY)
    is_news = not _was_asked_today(read)
    referents, lead = circle(read).present, _lead_of(read)
    told = person if is_news else None
    audit.record("who:ask", told or Person(id=None), person=told)
    if told and told.email and told.contact_by is ContactBy.EMAIL:
        known = [_shown(one) for one in referents]
        outbox.post_privately("who_follows", told.email, told.language, referents=known)
    elif told and lead:
        account = lead.account
        outbox.post("call_back", account.identifier, account.language, code=told.code)
    else:
        outbox.decoy("who_follows", language, referents=[])


def _was_asked_today(person):
    asked = (AuditEntry.person_id == person.id) & (AuditEntry.act == "who:ask")
    return AuditEntry.select().where(asked, AuditEntry.created_at > now() - ONCE_IN).exists()


def _lead_of(person):
    """Her référent unique with his account, in one query; None without."""
    rows = Accompaniment.select(Accompaniment, Account).join(Account)
    return rows.where(Accompaniment.lead_slot == str(person.id)).first()


def _shown(one):
    return {
        "name": one.link.account.name,
        "organisation": one.link.organisation.name,
        "phone": one.phone,
    }
