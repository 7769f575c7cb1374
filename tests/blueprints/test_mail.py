"""E-mails really sent, to a real mail server of this machine: once, readable, and harmless."""

import asyncio
import base64
import datetime as dt
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading

import html5lib
import pytest
import time_machine
from aiosmtpd.smtp import AuthResult

import models.database
from blueprints import mail
from blueprints.settings import MailServer
from models import OutgoingEmail, outbox, sealing
from models.base import database
from models.outbox import EmailState, Trouble
from tests import trail
from tests.browser.server import environment
from tests.conftest import DATA_KEY
from tests.mailbox import HOST, certificate, mail_server

ROOT = pathlib.Path(__file__).parent.parent.parent
SENDER = ("Portail de l’insertion", "portail@organisme.example")
LINKS = "https://portail.example"
KINDS = sorted(path.stem for path in (ROOT / "templates/email").glob("*.txt"))
KINDS.remove("layout")


@pytest.fixture
def mailbox():
    with mail_server() as (mailbox, port):
        mailbox.server = MailServer("smtp", HOST, port)
        yield mailbox


@pytest.fixture
def sending(built_app, mailbox, monkeypatch):
    """The application, set up to send to the mailbox; `sending()` sends what is due."""
    settings = {"MAIL_SERVER": mailbox.server, "MAIL_FROM": SENDER, "MAIL_LINKS": LINKS}
    settings["TRUSTED_HOSTS"] = ["portail.example"]
    for name, value in settings.items():
        monkeypatch.setitem(built_app.config, name, value)

    def send():
        with built_app.app_context():
            return mail.send_due()

    return send


@pytest.fixture
def committed(engine):
    """The database outside of any transaction, as several processes see it; emptied at the end."""
    models.database.bind(engine)
    sealing.use_key(DATA_KEY)
    with database.connection_context():
        yield engine
        OutgoingEmail.delete().execute()
        trail.erase()
    database.obj.close_all()


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        yield clock


def waiting(language="fr", reference="abc"):
    return outbox.post("trial", "amina@example.org", language, reference=reference)


def state(message):
    kept = OutgoingEmail.get_by_id(message.id)
    return kept.state, kept.last_error


def text_of(message, form="plain"):
    return message.get_body((form,)).get_content()


def words(html):
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return " ".join("".join(root.find("body").itertext()).split())


def test_a_message_arrives_in_both_forms(db, sending, mailbox):
    """REQ 77: text and HTML, accents, and links that lead to the public address."""
    message = waiting()
    sending()
    assert state(message) == (EmailState.SENT, None)
    (arrived,) = mailbox.messages
    assert arrived["Subject"] == "Message d’essai du portail"
    assert arrived["From"] == "Portail de l’insertion <portail@organisme.example>"
    assert arrived["To"] == "amina@example.org"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"] == f"<{message.message_id}@organisme.example>"
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    for form in ("plain", "html"):
        assert "le portail sait écrire jusqu’à vous." in text_of(arrived, form)
        assert f"{LINKS}/" in text_of(arrived, form)
    assert mailbox.recipients == [["amina@example.org"]]
    assert mailbox.raw[0].isascii()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_subject_of_each_kind_holds_no_value(app, kind, language):
    """A subject is read over a shoulder: it is written without knowing anybody."""
    with app.app_context(), mail._reading(language, app.config["MAIL_LINKS"]):
        assert len(mail.subject_of(kind)) > len(kind)


def test_both_forms_say_the_same_words(app):
    with app.app_context():
        said = mail.write(waiting(reference="réf & <co>"))
    assert words(said.html) == " ".join(said.text.replace("-- \n", "").split())
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(said.html)
    assert root.get("lang") == "fr"
    assert root.findtext(".//title") == said.subject
    assert not re.search(r"<img|<script|<style|<link|src=|style=", said.html)


ASKED = {"action": "CV & lettre", "organisation": "Crèche & <co>"}
REFERENT = {"name": "Amina Belkacem", "organisation": "Crèche & <co>", "phone": "+33536490102"}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("space_news", {}),
        ("who_follows", {"referents": [REFERENT, REFERENT | {"phone": None}]}),
        ("who_follows", {"referents": []}),
        ("call_back", {"code": "k7m2p9x4ab"}),
        ("log_question", {"reference": "k7m2p9x4ab"}),
        ("rectification_asked", {"code": "k7m2p9x4ab"}),
        ("referent_stopped", {}),
        ("prescription_received", ASKED | {"token": "JETON"}),
        ("prescription_reminder", ASKED | {"token": "JETON"}),
        ("prescription_day_kept", ASKED | {"token": "JETON"}),
        ("prescription_waiting", ASKED),
        ("prescription_cancelled", ASKED),
        ("prescription_answered", {}),
        ("prescription_expired", {}),
        ("employment_point", {"token": "JETON"}),
        ("employment_news", {}),
        ("liaison_note", {}),
        ("liaison_alert", {}),
        ("liaison_employer", {"token": "JETON"}),
        ("employment_silence", {"count": 2}),
    ],
)
def test_messages_about_a_person_say_the_same_in_both_forms(app, kind, values):
    with app.app_context():
        said = mail.write(outbox.post(kind, "samia@example.org", **values))
    assert words(said.html) == " ".join(said.text.replace("-- \n", "").split())


def test_an_english_reader_gets_english(db, sending, mailbox):
    waiting("en")
    waiting("fr")
    sending()
    english, french = mailbox.messages
    assert english["Subject"] == "Test message from the portal"
    assert english["Content-Language"] == "en"
    assert "Open the portal:" in text_of(english)
    assert '<html lang="en">' in text_of(english, "html")
    assert french["Subject"] == "Message d’essai du portail"


def test_an_unknown_language_reads_french(db, sending, mailbox):
    waiting("xx")
    sending()
    assert "Bonjour," in text_of(mailbox.messages[0])


HOSTILE = "x\r\nBcc: tous@example.org\r\n\r\n<script>alert(1)</script>\r\n.\r\n%(a)s {{ 7*7 }}"


def test_hostile_values_are_harmless_in_both_forms(db, sending, mailbox):
    """ASVS 1.2.1, 1.2.11: no header, no markup, no second paragraph in our name."""
    waiting(reference=HOSTILE)
    sending()
    (arrived,) = mailbox.messages
    assert arrived["Bcc"] is None
    assert mailbox.recipients == [["amina@example.org"]]
    line = "x Bcc: tous@example.org <script>alert(1)</script> . %(a)s {{ 7*7 }}"
    assert line in text_of(arrived).splitlines()[3]
    assert "<script" not in text_of(arrived, "html")
    assert line in words(text_of(arrived, "html"))


def test_a_line_of_one_dot_does_not_cut_the_message(db, sending, mailbox, monkeypatch):
    said = mail.Words("Sujet", "avant\n.\n..deux\naprès\n", "<p>après</p>")
    monkeypatch.setattr(mail, "write", lambda message: said)
    waiting()
    sending()
    assert text_of(mailbox.messages[0]).splitlines() == said.text.splitlines()


def test_no_act_no_mail(db, sending, mailbox):
    with database.atomic() as act:
        waiting()
        act.rollback()
    assert sending().total() == 0
    assert mailbox.messages == []


def test_a_decoy_sends_nothing(db, sending, mailbox):
    outbox.decoy("trial", reference="abc")
    sending()
    assert mailbox.messages == []


def test_a_server_that_is_down_is_tried_again_later(db, sending, mailbox, built_app, monkeypatch):
    with socket.create_server((HOST, 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    monkeypatch.setitem(built_app.config, "MAIL_SERVER", MailServer("smtp", HOST, port))
    first, second = waiting(), waiting()
    sending()
    assert state(first) == (EmailState.WAITING, Trouble.CONNECTION)
    assert OutgoingEmail.get_by_id(second.id).attempts == 0, "the others wait without trying"
    monkeypatch.setitem(built_app.config, "MAIL_SERVER", mailbox.server)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)):
        sending()
    assert {state(first)[0], state(second)[0]} == {EmailState.SENT}


def test_a_message_postponed_leaves_when_its_time_comes(db, sending, mailbox, clock):
    mailbox.answers["RCPT"] = "451 later"
    message = waiting()
    sending()
    assert state(message) == (EmailState.WAITING, "451")
    mailbox.answers.clear()
    sending()
    assert mailbox.messages == []
    clock.shift(dt.timedelta(minutes=1))
    sending()
    assert state(message) == (EmailState.SENT, None)
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("421 busy", EmailState.WAITING), ("451 later", EmailState.WAITING),
     ("550 no such user", EmailState.FAILED), ("554 no", EmailState.FAILED)],
)  # fmt: skip
def test_later_means_later_and_never_means_never(db, sending, mailbox, step, answer, outcome):
    mailbox.answers[step] = answer
    message = waiting()
    sending()
    assert state(message) == (outcome, answer[:3])


def test_one_refusal_does_not_hold_the_others(db, sending, mailbox):
    outbox.post("inconnu", "amina@example.org")
    outbox.post("trial", "amina@example.org")  # without the reference that its words need
    message = waiting()
    tally = sending()
    assert state(message) == (EmailState.SENT, None)
    assert tally == {EmailState.WAITING: 2, EmailState.SENT: 1, EmailState.UNCERTAIN: 0}
    reasons = {one.last_error for one in OutgoingEmail.select() if one.last_error}
    assert reasons == {Trouble.RENDERING}


def test_a_break_after_the_content_leaves_a_doubt_and_no_second_message(
    db, sending, mailbox, clock
):
    """V7: never twice. The server may have kept what it was given."""
    mailbox.breaks_after_data = True
    message = waiting()
    sending()
    assert state(message) == (EmailState.UNCERTAIN, Trouble.INTERRUPTED)
    mailbox.breaks_after_data = False
    clock.shift(dt.timedelta(days=5))
    sending()
    assert len(mailbox.messages) == 1
    OutgoingEmail.get_by_id(message.id).send_again(by=None)
    sending()
    assert state(message) == (EmailState.SENT, None)
    assert mailbox.messages[0]["Message-ID"] == mailbox.messages[1]["Message-ID"]


def test_a_message_sealed_under_another_key_is_not_sent(db, sending, mailbox):
    message = waiting()
    sealing.forget_keys()
    sealing.use_key(b"e" * 32)
    sending()
    assert state(message) == (EmailState.WAITING, Trouble.SEALED)
    assert mailbox.messages == []


def test_several_senders_at_once_never_send_twice(committed, built_app, sending, mailbox):
    messages = [waiting(reference=f"n{number}") for number in range(24)]
    start = threading.Barrier(4)

    def send():
        with database.connection_context():
            start.wait()
            sending()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    arrived = [message["Message-ID"] for message in mailbox.messages]
    assert len(arrived) == len(set(arrived)) == len(messages)
    assert {state(message)[0] for message in messages} == {EmailState.SENT}


def process(engine, mailbox, *words):
    server = mailbox.server
    settings = {
        "DATA_KEY": base64.b64encode(DATA_KEY).decode(),
        "DEMONSTRATION": "",
        "MAIL_SERVER": f"smtp://{server.host}:{server.port}",
        "MAIL_FROM": "Portail <portail@organisme.example>",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "mail", *words],
        cwd=ROOT, env=environment(engine, **settings), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_killed_sender_leaves_a_doubt_and_no_second_message(committed, sending, monkeypatch):
    message = waiting()
    with mail_server() as (slow, port):
        slow.server = MailServer("smtp", HOST, port)
        hold = threading.Event()

        async def hang(server, session, envelope):
            slow.received.set()
            while not hold.is_set():
                await asyncio.sleep(0.02)
            return "250 OK"

        slow.handle_DATA = hang
        sender = process(committed, slow, "send")
        assert slow.received.wait(30)
        sender.kill()
        sender.communicate()
        hold.set()
    assert state(message)[0] is EmailState.SENDING
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        sending()
    assert state(message) == (EmailState.UNCERTAIN, Trouble.INTERRUPTED)


def test_sending_goes_on_until_asked_to_stop(committed, mailbox):
    sender = process(committed, mailbox, "send", "--every", "1")
    waiting()
    assert mailbox.received.wait(30)
    sender.send_signal(signal.SIGTERM)
    out, err = sender.communicate(timeout=30)
    assert sender.returncode == 0
    assert out == "1 envoyés, 0 reportés, 0 abandonnés, 0 incertains\n"
    assert "amina" not in out + err


def test_nothing_of_a_message_is_legible_in_the_database(committed, engine, sending):
    """The bytes of the file, its journal included; on PostgreSQL, of the whole row."""
    secret = "jeton-lisible-de-travers"
    message = waiting(reference=secret)
    assert secret.encode() not in raw_bytes(engine)
    sending()
    assert not OutgoingEmail.get_by_id(message.id).is_kept
    assert secret.encode() not in raw_bytes(engine)


def raw_bytes(engine):
    if engine.startswith("sqlite"):
        path = pathlib.Path(engine.removeprefix("sqlite:///"))
        # By another process: closing the file in this one would drop SQLite's locks on it.
        files = sorted(path.parent.glob(f"{path.name}*"))
        return subprocess.run(["cat", *files], check=True, capture_output=True).stdout
    rows = database.execute_sql("SELECT CAST(o AS TEXT) FROM outgoing_email o").fetchall()
    return "\n".join(row[0] for row in rows).encode()


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    context, path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return context


def _know(server, session, envelope, mechanism, login):
    is_known = login.login == b"portail" and login.password == b"s:e/c@ret"
    return AuthResult(success=is_known, handled=False)


def test_a_protected_line_carries_the_secret_of_the_account(app, monkeypatch, trusted):
    options = {"authenticator": _know, "auth_required": True, "require_starttls": True}
    with mail_server(tls_context=trusted, **options) as (mailbox, port):
        for password, outcome in (
            ("faux", (EmailState.WAITING, Trouble.SIGN_IN)),
            ("s:e/c@ret", (EmailState.SENT, None)),
        ):
            server = MailServer("smtp+starttls", HOST, port, "portail", password)
            message = send_through(app, monkeypatch, server)
            assert state(message) == outcome
    assert len(mailbox.messages) == 1


def send_through(app, monkeypatch, server):
    monkeypatch.setitem(app.config, "MAIL_SERVER", server)
    monkeypatch.setitem(app.config, "MAIL_FROM", SENDER)
    message = waiting()
    with app.app_context():
        mail.send_due()
    return message


def test_a_line_protected_from_the_start_carries_messages(app, monkeypatch, trusted):
    with mail_server(ssl_context=trusted) as (mailbox, port):
        message = send_through(app, monkeypatch, MailServer("smtps", HOST, port))
    assert state(message) == (EmailState.SENT, None)
    assert len(mailbox.messages) == 1


def test_a_server_that_cannot_prove_its_name_receives_nothing(app, monkeypatch, tmp_path):
    """ASVS 12.3.2: an unknown certificate stops the sending."""
    context, _ = certificate(tmp_path)
    with mail_server(tls_context=context) as (mailbox, port):
        message = send_through(app, monkeypatch, MailServer("smtp+starttls", HOST, port))
    assert state(message) == (EmailState.WAITING, Trouble.CONNECTION)
    assert mailbox.messages == []


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["mail", *words])


def test_a_test_message_is_sent_and_told(run, sending, mailbox):
    result = run("test", "amina@example.org")
    assert result.exit_code == 0
    assert re.fullmatch(r"Le message d’essai \w{10} est parti\.\n", result.output)
    assert result.output.split()[3] in text_of(mailbox.messages[0])


def test_a_test_message_that_is_refused_says_why(run, sending, mailbox):
    mailbox.answers["RCPT"] = "550 no such user"
    result = run("test", "amina@example.org")
    assert result.exit_code == 1
    assert result.output.endswith("est refusé\u00a0: réponse 550 du serveur.\n")


def test_a_test_to_what_is_no_address_says_so(run, sending):
    result = run("test", "amina")
    assert result.exit_code == 1
    assert result.output == "Cette adresse électronique ne peut pas recevoir de courriel.\n"


@pytest.mark.parametrize("words", [("send",), ("test", "amina@example.org")])
def test_without_a_server_the_commands_say_what_to_set(run, words):
    result = run(*words)
    assert result.exit_code == 1
    assert "réglez MAIL_SERVER" in result.output
