"""A diagnostic through what goes wrong: the server killed while it saves, a line cut before the
answer, the same form sent again. A real server, spoken to as a browser does (issue: « Kill -9 and
cut links at every step: the last acknowledged answer is there »)."""

import base64
import contextlib
import http.client
import itertools
import re
import socket
import threading
import time
from urllib.parse import urlencode, urlsplit

import pytest

from models import Answer, AuditEntry, Diagnostic, DomainLine, NeedDecision, Session
from models.base import database, today
from models.diagnostics.answers import Answers
from models.persons.sharing import Domain
from tests import factories
from tests.browser.server import serve
from tests.conftest import DATA_KEY

# Longer than a save, even on a machine that does other work.
PATIENCE = 60
# Each save changes the three: what is half written would show.
AGES = ["18-25", "26-29", "30-50"]
LEVELS = ["brevet", "cap-bep", "bac"]
JOURNEYS = ["30", "45", "60"]


class Wire:
    """One browser of a référent, as the server sees it: cookies, a token, forms."""

    def __init__(self, server, account):
        self.place = urlsplit(server.address).netloc
        _, token = Session.open(account, by_means="test", has_second_factor=True)
        self.cookies = {"session_id": token}

    def _headers(self):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}

    def _exchange(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.place, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, self._headers())
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode(), answer.getheader("Location", "")

    def hidden(self, path):
        """The hidden fields of the last form of a page: its token, and what it was made from."""
        status, html, _ = self._exchange("GET", path)
        assert status == 200, path
        form = html[html.rindex("<form", 0, html.rindex('name="csrf_token"')) :]
        pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        return {name: value for name, value in pairs if value}

    def send(self, path, form):
        """The status of the answer, and where it leads."""
        status, _, where = self._exchange("POST", path, urlencode(form, doseq=True))
        return status, where

    def cut(self, path, form, *, share=1.0):
        """Send this share of the form, then hang up without waiting for the answer."""
        body = urlencode(form, doseq=True).encode()
        lines = [f"POST {path} HTTP/1.1", f"Host: {self.place}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self._headers().items()]
        host, _, port = self.place.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode() + body[: int(len(body) * share)])


def serving(address):
    """A server on this database, under the key of the tests."""
    key = base64.b64encode(DATA_KEY).decode()
    return serve(address, workers=2, DATA_KEY=key, DEMONSTRATION="", SECRET_KEY="k" * 40)


def wait_until(reached):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with database.connection_context():
            if reached():
                return
        time.sleep(0.02)
    raise AssertionError("Ce qui a été envoyé n’est jamais arrivé.")


@pytest.fixture
def writer(shared):
    with database.connection_context():
        factories.charter()
        return factories.writer()


def accompanied(writer):
    return factories.accompanied(writer, domains=list(Domain))


def path_of(diagnostic, rest=""):
    return f"/personnes/{diagnostic.person.code}/diagnostics/{diagnostic.code}{rest}"


def batch(number):
    """The three answers of the save of this number: none is the one of the save before."""
    one = number % len(AGES)
    return {"sit_age": AGES[one], "sit_niveau": LEVELS[one], "mob_temps": JOURNEYS[one]}


def keep_saving(wire, diagnostic, acknowledged):
    """Save without end, each time three other answers, until nobody answers any more."""
    path = path_of(diagnostic)
    form = wire.hidden(path)
    for number in itertools.count():
        try:
            status, _ = wire.send(path, form | batch(number))
        except (OSError, http.client.HTTPException):
            return
        assert status == 303
        acknowledged.append(number)


def is_whole(diagnostic, acknowledged):
    """Every acknowledged save is there, one more at most, and each of them entire."""
    answers = Answers(diagnostic)
    writings = {}
    for row in answers.rows:
        writings.setdefault(row.revision, {})[row.question] = row.given
    revision = Diagnostic.get_by_id(diagnostic.id).revision
    assert revision - len(acknowledged) in (0, 1)
    assert writings == {number + 1: batch(number) for number in range(revision)}
    assert answers.given == batch(revision - 1)
    acts = (AuditEntry.act == "diagnostic:write") & (AuditEntry.person_id == diagnostic.person_id)
    assert AuditEntry.select().where(acts).count() == revision


def test_a_server_killed_while_it_saves_keeps_all_it_acknowledged(shared, writer):
    """kill -9 in the middle of the saves of three browsers; then the service goes on."""
    with database.connection_context():
        led = [factories.diagnostic(accompanied(writer), by=writer.account) for _ in range(3)]
    acknowledged = [[] for _ in led]
    with serving(shared) as server:
        with database.connection_context():
            wires = [Wire(server, writer.account) for _ in led]
        threads = [
            threading.Thread(target=keep_saving, args=one)
            for one in zip(wires, led, acknowledged, strict=True)
        ]
        for thread in threads:
            thread.start()
        wait_until(lambda: all(len(one) >= 2 for one in acknowledged))
        server.kill()
        for thread in threads:
            thread.join()
    with database.connection_context():
        for diagnostic, saved in zip(led, acknowledged, strict=True):
            is_whole(diagnostic, saved)
    with serving(shared) as server:
        with database.connection_context():
            wire = Wire(server, writer.account)
        form = wire.hidden(path_of(led[0])) | {"sit_age": "plus-50"}
        assert wire.send(path_of(led[0]), form)[0] == 303
    with database.connection_context():
        assert Answers(led[0]).given["sit_age"] == "plus-50"


def sent_again(wire, path, form, reached):
    """Cut while it is sent, which writes nothing; cut before the answer, which is done all the
    same; then sent once more."""
    wire.cut(path, form, share=0.9)
    wire.cut(path, form)
    wait_until(reached)
    return wire.send(path, form)


def test_each_form_cut_then_sent_again_is_done_once(shared, writer):
    """Begun, saved, assessed, decided, validated: nothing is done twice, nothing is refused."""
    with database.connection_context():
        somebody = accompanied(writer)
    begun = f"/personnes/{somebody.code}/diagnostics"
    with serving(shared) as server:
        with database.connection_context():
            factories.template()
            wire = Wire(server, writer.account)
        form = wire.hidden(begun) | {"trame": "trame-socio-pro", "moment": "entree"}
        status, where = sent_again(wire, begun, form, lambda: Diagnostic.select().exists())
        with database.connection_context():
            [diagnostic] = Diagnostic.of_person(somebody)
            diagnostic.person = somebody
        assert (status, where) == (303, path_of(diagnostic))

        answers = {"sit_age": "18-25", "mob_permis": "souhaite", "mob_genes": ["cout", "horaires"]}
        answers |= {"pri_qui": "moi", "pri_relu": "oui", "pri_date": today().isoformat()}
        steps = (
            ("", answers, lambda: Answer.select().exists()),
            ("/domaines", {"etat-mobilite": "besoin"}, lambda: DomainLine.select().exists()),
            ("/besoins", {"besoin-mobilite-permis": "oui"}, lambda: NeedDecision.select().exists()),
            ("/valider", {}, lambda: not Diagnostic.get_by_id(diagnostic.id).is_draft),
        )
        for rest, typed, reached in steps:
            path = path_of(diagnostic, rest)
            status, _ = sent_again(wire, path, wire.hidden(path) | typed, reached)
            assert status == 303, rest
    with database.connection_context():
        assert Answers(diagnostic).given == answers
        assert Answer.select().count() == len(answers)
        assert [DomainLine.select().count(), NeedDecision.select().count()] == [1, 1]
        validated = AuditEntry.select().where(AuditEntry.act == "diagnostic:validate")
        assert validated.count() == 1
