"""What has lived its time is forgotten on its day, and nothing else is (access.md §4.5)."""

import datetime as dt

import pytest
import time_machine

from models import (
    AccompanimentRequest,
    AnswerLink,
    Attachment,
    AuditEntry,
    Bookmark,
    BulkImport,
    CharterSignature,
    Correction,
    Invitation,
    JoinRequest,
    OneTimeLink,
    OutgoingEmail,
    PersonNotice,
    PersonSession,
    ReviewReminder,
    Session,
    SignInThrottle,
    Submission,
    TaskRun,
    TrainingCompletion,
    UnmetNeed,
    YearOfPassages,
    outbox,
)
from models.accounts import links
from models.accounts.links import Purpose
from models.action_bank import freshness
from models.base import now
from models.network.organisations import Category
from models.outbox import EmailState
from models.persons.notices import News
from models.persons.sessions import enter
from models.retention import RULES, forget
from models.submissions import once
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

HOURS = {
    OutgoingEmail: 30 * 24,
    Session: 12 + 24,
    OneTimeLink: 1 + 24,
    SignInThrottle: 24,
    Submission: 7 * 24,
    Bookmark: 24,
    ReviewReminder: (30 + 60) * 24,
    AnswerLink: (8 + 60) * 24,
    Correction: 730 * 24,
    BulkImport: 30 * 24,
    Invitation: 365 * 24,
    JoinRequest: 730 * 24,
    PersonSession: 2 + 24,
    PersonNotice: 182 * 24,
    AccompanimentRequest: 60 * 24,
}


def live_a_day():
    """One row of each kind, all made now."""
    account = factories.account()
    action = factories.action()
    freshness.link_to(action, account)
    Correction.propose(action, by=account, seen=0, message="Faux.").reply("Merci.", by=account)
    Session.open(account, by_means="test")
    links.send(Purpose.RESET, account)
    OutgoingEmail.delete().execute()
    outbox.decoy("trial")
    once("clé", lambda: "fait")
    Bookmark.keep(factories.action(), by=account).remove(by=account)
    BulkImport.create(organisation=action.organisation, account=account)
    asked = {"organisation_name": "Une", "category": Category.SOCIAL, "contact_name": "Amina"}
    JoinRequest.create(contact_email="amina@example.org", decided_at=now(), **asked)
    Invitation.create(organisation=action.organisation, email="a@example.org", token_hash="x")
    somebody = factories.person()
    enter(somebody.identifier, factories.ACCESS_CODE)
    PersonNotice.tell(somebody, News.RECTIFIED)
    PersonNotice.read_all(somebody)
    asked = factories.prescription(somebody, factories.membership())
    AnswerLink.issue(asked, "accueil@example.org")
    SignInThrottle.delete().execute()
    SignInThrottle.attempt("amina@example.org")
    AccompanimentRequest.create(organisation=action.organisation, account=account)


@pytest.mark.parametrize("table", HOURS, ids=lambda table: table.__name__)
def test_a_row_is_kept_its_time_and_not_an_hour_more(table):
    start = dt.datetime.now(dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        live_a_day()
        clock.shift(dt.timedelta(hours=HOURS[table], minutes=-1))
        forget()
        assert table.select().count() == 1
        clock.shift(dt.timedelta(minutes=2))
        assert forget()[table] == 1
        assert forget()[table] == 0


def test_what_still_waits_is_never_forgotten():
    """Nothing acknowledged is lost: a message not sent yet, a correction not answered yet."""
    outbox.post("trial", to="amina@example.org")
    action, account = factories.action(), factories.account()
    Correction.propose(action, by=account, seen=0, message="Faux.")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=400)):
        forget()
    assert [email.state for email in OutgoingEmail.select()] == [EmailState.WAITING]
    assert Correction.select().count() == 1


def test_what_proves_something_is_not_in_reach():
    factories.writer()
    proofs = (CharterSignature, TrainingCompletion)
    before = [table.select().count() for table in proofs]
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=4000)):
        forget()
    assert [table.select().count() for table in proofs] == before
    # Months and years are counted whole: see test_unmet_needs, test_picture, test_attachments;
    # traces: test_trail; runs of tasks: test_task_runs.
    assert set(RULES) == {*HOURS, UnmetNeed, YearOfPassages, AuditEntry, Attachment, TaskRun}
