"""Who reads which liaison sheet, and what of it."""

from typing import Any, NamedTuple

from ..persons.circle import circle
from ..prescriptions import reading
from ..prescriptions.prescription import Prescription
from .sheet import LiaisonSheet


class Received(NamedTuple):
    """An open sheet as its provider reads it; the matrix asks about `organisation_id`."""

    prescription: Prescription
    sheet: LiaisonSheet

    @property
    def organisation_id(self):
        return self.prescription.provider_id


def received(code):
    """The `Received` of the prescription of this address, or None."""
    asked = reading.received(code)
    sheet = asked and LiaisonSheet.of_prescription(asked.prescription)
    return Received(asked.prescription, sheet) if sheet and sheet.is_open else None


def of_followed(person, code, opened):
    """Her prescription of this address, when a reader of this `Openness` may know of it."""
    found = reading.of_hers(person, code)
    shared = found and found.shared
    return found if shared and shared.is_open(opened) else None


class ForEmployer(NamedTuple):
    """All that an employer reads. `lead` is her `Companion`, or None."""

    name: str
    training: str
    provider: str
    starts_on: Any
    adaptations: tuple
    lead: Any


def for_employer(sheet):
    shared, employer = sheet.prescription.shared, sheet.employer
    return ForEmployer(
        shared.name, shared.action_name, sheet.prescription.provider.name,
        sheet.prescription.starts_on, employer.adaptations, circle(sheet.person).lead,
    )  # fmt: skip
