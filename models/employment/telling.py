"""What the person carries away of her entries into employment, in words."""

from types import SimpleNamespace

from .entry import EmploymentEntry
from .points import EmploymentPoint


def points_of(person):
    """Each point under the names of the columns that it tells; its entry by its day."""
    return [
        SimpleNamespace(
            entry=entry.started_on, months=point.months, due_on=point.due_on,
            asked_at=point.asked_at, answer=point.answer, answered_at=point.answered_at,
            how=point.how, account=point.account,
        )
        for entry in EmploymentEntry.of_person(person)
        for point in EmploymentPoint.of_entry(entry)
    ]  # fmt: skip
