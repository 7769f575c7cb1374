"""What the person carries away of her liaison sheets, in words."""

from types import SimpleNamespace

from ..diagnostics.openness import Openness
from ..persons.sharing import Domain
from ..prescriptions.reading import of_person
from .notes import LiaisonNote
from .sheet import LiaisonSheet


def sheets_of(person):
    return [
        SimpleNamespace(
            prescription=sheet.prescription.code, created_at=sheet.created_at, given=sheet.given,
            account=sheet.account, organisation=sheet.organisation,
            shown=_shown(sheet.employer), ended_at=sheet.ended_at,
        )
        for sheet in _sheets(person)
    ]  # fmt: skip


def _shown(employer):
    labels = [one.label for one in employer.adaptations] if employer else []
    return employer and ", ".join([employer.address, *labels])


def notes_of(person):
    return [
        SimpleNamespace(
            sheet=sheet.prescription.code, created_at=note.created_at, account=note.account,
            content=", ".join(one.label for one in (note.difficulty, *note.adaptations)),
            since=note.since, is_urgent=note.is_urgent, state=note.state, taken_by=note.taken_by,
            taken_at=note.taken_at, lifted_at=note.lifted_at,
        )
        for sheet in _sheets(person)
        for note in LiaisonNote.of_sheet(sheet)
    ]  # fmt: skip


def _sheets(person):
    hers = {line.prescription.id: line.prescription for line in of_person(person, Openness(Domain))}
    rows = LiaisonSheet.select().where(LiaisonSheet.prescription << list(hers))
    found = list(rows.order_by(LiaisonSheet.id.desc()))
    for one in found:
        one.prescription = hers[one.prescription_id]
    return found
