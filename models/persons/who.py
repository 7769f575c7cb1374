"""« Qui me suit ? »: asked by anybody, answered to the contact already on file alone (REQ-206)."""

import datetime as dt

from .. import audit, outbox
from ..accounts.throttling import SignInThrottle
from ..audit import AuditEntry
from ..base import now, transaction
from .accompaniments import Accompaniment
from .circle import circle
from .identity import compared
from .person import ContactBy, Person

WHO = "who follows me"
ONCE_IN = dt.timedelta(days=1)


def ask(family_name, given_name, birth_year, *, language="fr"):
    """Answer whoever these exact names and year are, at the address on file; nobody learns here
    whether they are known. Raises `TooManyFailures`, whether they are or not.

    One message is written in every case, a decoy when there is nothing to say.
    """
    SignInThrottle.attempt(
        f"{compared(family_name)} {compared(given_name)} {birth_year}", about=WHO
    )
    _answer(family_name, given_name, birth_year, language)


@transaction
def _answer(family_name, given_name, birth_year, language):
    found = Person.looked_for(
        family_name=family_name, given_name=given_name, birth_year=birth_year
    ).limit(3)
    written = [message for person in found if (message := _tell(person))]
    if not written:
        outbox.decoy("who_follows", language)


def _tell(person):
    """The message to her or to her lead; None for nobody to tell, or when today’s is done."""
    if _was_asked_today(person):
        return None
    audit.record("who:ask", person, person=person)
    if person.email and person.contact_by is ContactBy.EMAIL:
        return _write_to_her(person)
    return _write_to_her_lead(person)


def _was_asked_today(person):
    asked = (AuditEntry.person_id == person.id) & (AuditEntry.act == "who:ask")
    return AuditEntry.select().where(asked, AuditEntry.created_at > now() - ONCE_IN).exists()


def _write_to_her(person):
    known = [
        {
            "name": one.link.account.name,
            "organisation": one.link.organisation.name,
            "phone": one.phone,
        }
        for one in circle(person).present
    ]
    return outbox.post_privately("who_follows", person.email, person.language, referents=known)


def _write_to_her_lead(person):
    lead = Accompaniment.lead_of(person)
    if lead is None:
        return None
    account = lead.account
    return outbox.post("call_back", account.identifier, account.language, code=person.code)
