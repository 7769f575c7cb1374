"""What persons find strange in the log of their file, as whoever watches it reads it (REQ-43)."""

import datetime as dt
from typing import NamedTuple

from ..audit import AuditEntry
from .journal import Concern, Line, lines_named

PAGE_SIZE = 30
_ASKED = AuditEntry.act == "log:question"


class Question(NamedTuple):
    """One question under the number that its person keeps; `line` is the trace it is about, None
    when time has erased it. It never tells who asks."""

    code: str
    asked_at: dt.datetime
    concern: Concern
    line: Line | None


def count():
    """How many there are in the months that the log keeps."""
    return AuditEntry.select().where(_ASKED).count()


def of_page(number):
    """The questions of this page, the latest first."""
    asked = AuditEntry.select().where(_ASKED).order_by(AuditEntry.id.desc())
    asked = list(asked.paginate(number, PAGE_SIZE))
    lines = lines_named({trace.changes["line"] for trace in asked})
    return [
        Question(
            trace.code,
            trace.created_at,
            Concern(trace.changes["concern"]),
            lines.get(trace.changes["line"]),
        )
        for trace in asked
    ]
