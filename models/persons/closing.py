"""A person closes her own file: nothing of it is shared any more, at once (REQ-209)."""

from .. import audit
from ..base import N_, Vocabulary, now, transaction
from ..employment.entry import EmploymentEntry
from ..prescriptions.acting import cancel_all
from ..prescriptions.mover import herself
from . import codes
from .accompaniments import Accompaniment, EndReason
from .agreements import Agreement
from .anonymising import anonymise
from .sessions import PersonSession


class Keeping(Vocabulary):
    """What becomes of a file that its person closes."""

    KEEP = "garder", N_("Garder mon dossier fermé pendant 24 mois : je peux revenir")
    ERASE = "effacer", N_("Effacer maintenant : je ne pourrai pas revenir")


def close(person, keeping, code):
    """Close her file with her own code typed again; raises what `codes.recognise` raises."""
    codes.recognise(person.identifier, code, by=person)
    _close(person, keeping)


@transaction
def _close(person, keeping):
    Agreement.close_all(person)
    for link in Accompaniment.of_person(person):
        link.end(EndReason.CLOSED, by=person)
    cancel_all(person, mover=herself(person))
    EmploymentEntry.finish_for(person)
    PersonSession.end_all(person)
    person.touch()
    person.closed_at = now()
    person.save(only=person.dirty_fields)
    audit.record("file:close", person, by=person, person=person, keeping=keeping.value)
    if keeping is Keeping.ERASE:
        anonymise(person, by=person)


@transaction
def reopen(person, *, by, organisation):
    """Open again the file of somebody who comes back to a desk of `organisation`, with her code:
    nothing gained is lost, and nobody reads it before a new agreement (REQ-209)."""
    person.closed_at = None
    person.touch()
    person.save(only=person.dirty_fields)
    audit.record("file:reopen", person, by=by, person=person, organisation=organisation)
    return person
