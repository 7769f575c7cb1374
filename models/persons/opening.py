"""Opening a file: decided, written down, then only read (I1 to I5)."""

from .. import audit
from ..base import transaction
from ..permissions import Standing, can
from .accompaniments import Accompaniment
from .person import Person


@transaction
def open_file(code, permission, *, actor, act):
    """The person of this address when `actor` may do this on her file, or None.

    The line of the log is written in the same transaction, before anything is answered; without it,
    nothing is read (I4). A refusal leaves its line too (I5).
    """
    person = Person.by_code(code)
    if person is None or not can(actor, permission, person):
        audit.record("file:refuse", person or Person(id=None), by=actor, asked=permission.value)
        return None
    audit.record(act, person, by=actor, person=person, organisation=_where(person, actor))
    return person


def _where(person, actor):
    """The organisation for which an account opens the file; None for the person herself."""
    if actor.is_accompanied:
        return None
    link = person.opened_through
    if not link:
        organisations = actor.rights.standings.get(Standing.PROFESSIONAL, ())
        link = Accompaniment.opening(actor, organisations, person)
    if not link:
        return None
    # Known already to whoever asks: no page reads it again.
    places = {one.organisation_id: one.organisation for one in actor.rights.memberships}
    link.organisation = places[link.organisation_id]
    return link.organisation
