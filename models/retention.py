"""What the service forgets by itself, and when: one rule per table (access.md §4.5).

Facts that prove something (signatures, trainings) are not here; what is kept of a person ends with
her file (`persons.forgetting`). The register says it all, table by table.
"""

import datetime as dt

from .accounts.links import OneTimeLink
from .accounts.sessions import SESSION_LENGTH, Session
from .accounts.throttling import SignInThrottle
from .action_bank.corrections import Correction
from .action_bank.freshness import ReviewReminder
from .audit import AuditEntry
from .base import local_day, now
from .days import months_before
from .diagnostics import picture
from .diagnostics.picture import YearOfPassages
from .exchange.bulk import BulkImport
from .following.bookmarks import Bookmark
from .network.joining import Invitation, JoinRequest
from .outbox import OutgoingEmail
from .persons.notices import PersonNotice
from .persons.requests import AccompanimentRequest
from .persons.sessions import OWN_LENGTH, PersonSession
from .prescriptions.attachments import Attachment
from .prescriptions.links import AnswerLink
from .submissions import Submission
from .task_runs import TaskRun
from .unmet_needs import KEPT_MONTHS, UnmetNeed

DAY = dt.timedelta(days=1)

# Table → the condition of what is forgotten at a given moment.
RULES = {
    OutgoingEmail: lambda at: OutgoingEmail.ended_at < at - 30 * DAY,
    Session: lambda at: (
        (Session.ended_at < at - DAY) | (Session.created_at < at - SESSION_LENGTH - DAY)
    ),
    OneTimeLink: lambda at: OneTimeLink.expires_at < at - DAY,
    SignInThrottle: lambda at: SignInThrottle.failed_at < at - DAY,
    # A browser's Back button sends a form again the same evening, not the next month.
    Submission: lambda at: Submission.created_at < at - 7 * DAY,
    TaskRun: lambda at: TaskRun.ended_at < at - 30 * DAY,
    # Long enough to change one’s mind.
    Bookmark: lambda at: Bookmark.removed_at < at - DAY,
    UnmetNeed: lambda at: UnmetNeed.month < months_before(local_day(at), KEPT_MONTHS),
    # Three years after the end of the year counted.
    YearOfPassages: lambda at: (
        YearOfPassages.year < months_before(local_day(at), picture.KEPT_MONTHS).year
    ),
    # A link that has expired still says so for two months, to whoever opens an old message.
    ReviewReminder: lambda at: ReviewReminder.expires_at < at - 60 * DAY,
    AnswerLink: lambda at: AnswerLink.expires_at < at - 60 * DAY,
    # Papers of a prescription: months, which are a setting (`prescriptions.delays`).
    Attachment: Attachment.past_retention,
    # Thirty days to answer, thirty to tell whoever comes late; the traces remain.
    AccompanimentRequest: lambda at: AccompanimentRequest.created_at < at - 60 * DAY,
    # Two years: what was answered is read again by both sides, then the sheet's versions remain.
    Correction: lambda at: Correction.decided_at < at - 730 * DAY,
    # Its slices go with it; what it wrote stays, with its versions and its traces.
    BulkImport: lambda at: BulkImport.created_at < at - 30 * DAY,
    # Twelve months of traces; the database refuses to erase a younger one (I6).
    AuditEntry: lambda at: AuditEntry.past_retention(),
    # Who was asked in, or asked to come in: what was decided stays with the organisation.
    Invitation: lambda at: Invitation.sent_at < at - 365 * DAY,
    JoinRequest: lambda at: JoinRequest.decided_at < at - 730 * DAY,
    PersonSession: lambda at: (
        (PersonSession.ended_at < at - DAY) | (PersonSession.created_at < at - OWN_LENGTH - DAY)
    ),
    PersonNotice: lambda at: PersonNotice.read_at < at - 182 * DAY,
}


def forget():
    """Erase what has lived its time; answers `{table: rows}`. Running it twice erases once."""
    at = now()
    return {table: table.delete().where(rule(at)).execute() for table, rule in RULES.items()}
