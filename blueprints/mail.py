"""E-mails, from the outbox to the mail server: words in the reader's language, then SMTP.

A kind of message is a pair of templates. `templates/email/<kind>.txt` extends `email/layout.txt`
and holds two blocks: `subject`, which uses no value (a subject is read over a shoulder, and names
the kind on the administrator's page), and `body`. `<kind>.html` extends `email/layout.html`
and says the same words in its block `body`.
"""

import contextlib
import email.message
import email.policy
import email.utils
import re
import smtplib
import ssl
from collections import Counter
from typing import NamedTuple

from flask import current_app
from jinja2 import StrictUndefined, TemplateNotFound
from werkzeug.test import EnvironBuilder

from models import outbox
from models.base import N_
from models.outbox import EmailState, Trouble
from models.sealing import Unreadable
from models.tasks import AT_ONCE, Task
from models.text import one_line

from . import journal
from .languages import speaking

# Eleven exchanges at most come before the content: with the last answer, for which servers that
# look for viruses take their time, a sending ends before its claim does (`outbox.CLAIM_LENGTH`).
ANSWER_SECONDS = 20
LAST_ANSWER_SECONDS = 300


class Words(NamedTuple):
    """A message as it is read."""

    subject: str
    text: str
    html: str


class NotSent(Exception):
    """The message did not leave; it may be tried again. `reason` is a `Trouble` or an SMTP code."""

    def __init__(self, reason):
        self.reason = str(reason)


class ServerAway(NotSent):
    """The mail server takes nothing for now: other messages would meet the same fate."""


class Refused(NotSent):
    """The mail server refused the message for good."""


class Uncertain(NotSent):
    """The content was on its way when the line broke: the message may have left."""


def init_app(app):
    # A blank that nobody fills must stop the message, not leave a hole where a link was due.
    app.extensions["email templates"] = app.jinja_env.overlay(undefined=StrictUndefined)


def write(message, *, links=None):
    """The words of a message of the outbox; `links` is where its addresses lead."""
    with _reading(message.language, links or current_app.config["MAIL_LINKS"]):
        subject = subject_of(message.kind)
        values = {name: _harmless(value) for name, value in message.values.items()}
        text, html = (
            _template(message.kind, form).render(_shared() | values | {"subject": subject})
            for form in ("txt", "html")
        )
    return Words(subject, text, html)


def subject_of(kind):
    """What the message is about, in the present language; the name of an unknown kind."""
    try:
        page = _template(kind, "txt")
    except TemplateNotFound:
        return kind
    return one_line("".join(page.blocks["subject"](page.new_context(_shared()))))


def _template(kind, form):
    return current_app.extensions["email templates"].get_template(f"email/{kind}.{form}")


def _shared():
    context = {}
    current_app.update_template_context(context)
    return context


def _harmless(value):
    """A value holds on one line: no one writes paragraphs in our name."""
    return one_line(value) if isinstance(value, str) else value


@contextlib.contextmanager
def _reading(language, links):
    """A context of its own, in which `url_for(…, _external=True)` leads to `links`."""
    environ = EnvironBuilder(path="/", base_url=links).get_environ()
    with current_app.app_context(), current_app.request_context(environ), speaking(language):
        yield


def compose(message):
    """The message in both forms, plain text first, ready for any server (seven bits)."""
    words = write(message)
    name, address = current_app.config["MAIL_FROM"]
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["Subject"] = words.subject
    mail["From"] = email.utils.formataddr((name, address))
    mail["To"] = message.address
    mail["Date"] = email.utils.format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.message_id}@{address.rpartition('@')[2]}>"
    # No answering machine answers it. (RFC 3834)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words.text, cte="quoted-printable")
    mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language
    return mail


def send_due(*, is_stopped=lambda: False):
    """Send what is due, one message at a time; answers how many ended in each state."""
    tally = Counter({EmailState.UNCERTAIN: outbox.doubt_lost_claims()})
    while not is_stopped() and (message := outbox.claim()):
        try:
            send(message)
        except ServerAway:
            break
        finally:
            tally[message.state] += 1
    return tally


def sending_tasks(is_stopped=lambda: False):
    """Sending, as a task that is done without being asked; none without a mail server."""
    if not current_app.config["MAIL_SERVER"]:
        return ()
    said = N_("Envoyer les courriels qui attendent.")
    return (Task("courriels", lambda: send_due(is_stopped=is_stopped).total(), AT_ONCE, said),)


def send(message):
    """Send a message that this process has claimed, and write how it ended.

    Raises `ServerAway` once written, when the others may as well wait.
    """
    try:
        address, content = _content(message)
        _deliver(current_app.config["MAIL_SERVER"], address, content)
    except Uncertain as doubt:
        message.doubt(doubt.reason)
    except Refused as refusal:
        message.give_up(refusal.reason)
    except NotSent as trouble:
        message.postpone(trouble.reason)
        if isinstance(trouble, ServerAway):
            raise
    else:
        message.mark_sent()


def _content(message):
    """The address and the bytes to send. Whatever goes wrong here, nothing has left."""
    try:
        return message.address, compose(message).as_bytes()
    except Unreadable as fault:
        raise NotSent(Trouble.SEALED) from fault
    except Exception as fault:
        journal.write_exception(fault)
        raise NotSent(Trouble.RENDERING) from fault


def _deliver(server, recipient, content):
    _, sender = current_app.config["MAIL_FROM"]
    with _connected(server) as smtp:
        try:
            _expect(smtp.mail(sender))
            _expect(smtp.rcpt(recipient))
            _expect(smtp.docmd("DATA"))
        except (OSError, smtplib.SMTPException) as fault:
            raise NotSent(Trouble.CONNECTION) from fault
        _expect(_hand_over(smtp, content))
        # The server has answered for the message: how it says goodbye changes nothing.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()


@contextlib.contextmanager
def _connected(server):
    try:
        smtp = _connect(server)
    except smtplib.SMTPAuthenticationError as refusal:
        raise ServerAway(Trouble.SIGN_IN) from refusal
    except (OSError, smtplib.SMTPException) as fault:
        raise ServerAway(Trouble.CONNECTION) from fault
    try:
        yield smtp
    finally:
        smtp.close()


def _connect(server):
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=ANSWER_SECONDS, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=ANSWER_SECONDS)
    with contextlib.ExitStack() as given_up:
        given_up.callback(smtp.close)
        if server.scheme == "smtp+starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password or "")
        smtp.ehlo_or_helo_if_needed()
        given_up.pop_all()
    return smtp


def _expect(reply):
    """Go on when the server agrees (2xx, 3xx); 4xx means later, 5xx means never."""
    code, _ = reply
    if code >= 500:
        raise Refused(code)
    if not 200 <= code < 400:
        raise NotSent(code)


def _hand_over(smtp, content):
    """Send the content and read the answer; past the first byte, a break leaves a doubt."""
    try:
        smtp.sock.settimeout(LAST_ANSWER_SECONDS)
        # A line that starts with a dot gets a second one. (RFC 5321, 4.5.2)
        smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b"\r\n.\r\n")
        return smtp.getreply()
    except (OSError, smtplib.SMTPException) as fault:
        raise Uncertain(Trouble.INTERRUPTED) from fault
