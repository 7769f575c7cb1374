"""A whole diagnostic on one page: shown, filled, saved, through the application in this process."""

import itertools
import time

import brotli

from app import create_app
from models import Diagnostic, Session, TemplateVersion
from models.base import database
from models.diagnostics import filling
from models.diagnostics.answers import Answers
from models.diagnostics.diagnostic import Writer
from models.persons.sharing import Domain
from tests import factories

# Two choices to go to and fro between, of questions that nothing hangs on.
TO_AND_FRO = ("mob_permis", ("oui", "souhaite"))


def begin():
    """A diagnostic of which every question is answered; answers it, and who filled it."""
    factories.charter()
    TemplateVersion.load_reference()
    by = factories.writer()
    somebody = factories.accompanied(by, domains=list(Domain))
    diagnostic = factories.diagnostic(somebody, by=by.account)
    writer = Writer(by.account, by.organisation)
    answer_all(diagnostic, writer)
    return Diagnostic.of_hers(somebody, diagnostic.code), writer


def answer_all(diagnostic, writer):
    """Every question by its first choice; twice: what the answers raise is asked about once they
    are known."""
    for _ in range(2):
        form = everything(diagnostic)
        filling.save(diagnostic, form, seen=diagnostic.revision, writer=writer, keys=list(form))


def everything(diagnostic):
    """A form that answers each question by its first choice."""
    template = diagnostic.template
    lists = filling.offered(template, Answers(diagnostic).given)
    return {
        key: [str(value)]
        for key, question in template.questions.items()
        for value in [*(choice.value for choice in question.choices), *lists.get(key, ())][:1]
    }


def measure(address, rounds):
    """`({act: [(milliseconds, milliseconds of processor)]}, bytes of the page, answers)`."""
    app = create_app(DATABASE_URL=address, WTF_CSRF_ENABLED=False)
    with database.connection_context():
        diagnostic, writer = begin()
        _, token = Session.open(writer.account, by_means="bench", has_second_factor=True)
        answers = len(Answers(diagnostic).given)
    client = app.test_client()
    client.set_cookie("session_id", token)
    path = f"/personnes/{diagnostic.person.code}/diagnostics/{diagnostic.code}"
    turns = itertools.cycle(TO_AND_FRO[1])
    whole = everything_of(diagnostic)
    acts = {
        "la page entière": lambda: client.get(path),
        "enregistrer une partie": lambda: _save(client, path, _turned({}, turns)),
        "enregistrer toute la page": lambda: _save(client, path, _turned(whole, turns)),
        "suivre une réponse": lambda: client.post(f"{path}/questions", data=whole),
    }
    figures = {name: [_timed(act) for _ in range(rounds + 1)][1:] for name, act in acts.items()}
    page = client.get(path).get_data()
    return figures, len(brotli.compress(page, quality=5)), answers


def everything_of(diagnostic):
    with database.connection_context():
        return everything(diagnostic)


def _turned(form, turns):
    return form | {TO_AND_FRO[0]: next(turns), "vu": "999999"}


def _save(client, path, form):
    answer = client.post(path, data=form)
    if answer.status_code != 303:
        raise RuntimeError(f"{path} : réponse {answer.status_code}")


def _timed(act):
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
