"""Which persons of a list have a point to look at: one query, however long the list."""

import datetime as dt

from ..base import now, today
from .entry import EmploymentEntry
from .points import ALERTING, EmploymentPoint

# How long an answer that calls for the référent stays on his list.
SHOWN = dt.timedelta(days=30)


def points_among(persons):
    """`{row number: EmploymentPoint}` of these persons, given by row number: the answer that calls
    for their référent, else the latest point that is due."""
    due = EmploymentPoint.answer.is_null() & (EmploymentPoint.due_on <= today())
    is_asked = due & EmploymentEntry.slot.is_null(False)
    calls = (EmploymentPoint.answer << ALERTING) & (EmploymentPoint.answered_at > now() - SHOWN)
    rows = EmploymentPoint.select(EmploymentPoint, EmploymentEntry).join(EmploymentEntry)
    rows = rows.where(EmploymentEntry.person << list(persons), is_asked | calls)
    found = [one for one in rows if one.is_alerting or not one.is_past]
    found.sort(key=lambda one: (one.is_alerting, one.id))
    return {one.entry.person_id: one for one in found}
