"""What the administration of the platform watches: e-mails, tasks, and never a person's file."""

from flask import Blueprint, current_app, request

from models.base import N_
from models.exchange import demo
from models.outbox import OutgoingEmail
from models.permissions import Permission
from models.sealing import Unreadable
from models.task_runs import last_runs
from models.tasks import TASKS

from .. import mail
from ..access import actor, allowed_to
from ..languages import gettext
from ..pages import go_to, render_page

SHOWN = 100

blueprint = Blueprint("administration", __name__)


def is_demonstration():
    """Words of e-mails open doors: they are shown only where every door is invented.

    Three locks: the setting; no mail server, which `settings` refuses beside it; invented accounts,
    which no official installation loads.
    """
    config = current_app.config
    return config["DEMONSTRATION"] and not config["MAIL_SERVER"] and demo.is_loaded()


def readable_email(code):
    """The message of this code where messages may be read, that is in a demonstration."""
    return OutgoingEmail.by_code(code) if is_demonstration() else None


@blueprint.get("/administration/courriels")
@allowed_to(Permission.OUTBOX_READ)
def emails():
    return render_page(
        "administration/emails.html",
        to_decide=OutgoingEmail.to_decide(SHOWN),
        latest=OutgoingEmail.latest(SHOWN),
        waiting=OutgoingEmail.waiting_count(),
        shown=SHOWN,
        is_demonstration=is_demonstration(),
        subject_of=mail.subject_of,
    )


@blueprint.get("/administration/courriels/<code:code>")
@allowed_to(Permission.OUTBOX_READ, load=readable_email)
def email(message):
    """In a demonstration only: the message as its reader would get it, with working links."""
    try:
        words = mail.write(message, links=request.url_root) if message.is_kept else None
    except Unreadable:
        words = None
    subject = mail.subject_of(message.kind)
    return render_page("administration/email.html", message=message, words=words, subject=subject)


@blueprint.get("/administration/taches")
@allowed_to(Permission.TASK_READ)
def tasks():
    runs = last_runs((*TASKS, *mail.sending_tasks()))
    return render_page("administration/tasks.html", runs=runs)


@blueprint.post("/administration/courriels/<code:code>/renvoi")
@allowed_to(Permission.OUTBOX_SEND_AGAIN, load=OutgoingEmail.by_code)
def send_again(message):
    message.send_again(by=actor())
    return go_to("administration.emails", say=gettext(N_("Le courriel va repartir.")))
