"""Prescribing, the lists of a thousand prescriptions, and what time does to a hundred thousand."""

import datetime as dt
import time
from typing import NamedTuple

from app import create_app
from bench.diagnostics import answer_all
from bench.generate import CHUNK, _write
from bench.retention import _timed as timed_with_memory
from blueprints.forms import KEY_FIELD
from models import (
    Account,
    Membership,
    Organisation,
    PersonSession,
    Prescription,
    Session,
    TemplateVersion,
)
from models.base import database, hash_token, new_code, new_token, now, transaction
from models.diagnostics.diagnostic import Writer
from models.persons.agreements import Given
from models.persons.sessions import PREFIX
from models.persons.sharing import Domain
from models.prescriptions import reading, reminding
from models.prescriptions.links import AnswerLink
from models.prescriptions.shared import Reach, Shared
from models.prescriptions.states import State
from models.prescriptions.without_solution import list_of
from models.sealed import kept
from tests import factories

PERSONS, LISTED = 100, 1_000
# Sent so long ago, half of them wait for a reminder and the others for their end.
REMINDED, CLOSED = 12, 31
ADDRESS = "accueil@action.example"


class World(NamedTuple):
    """Who prescribes, for whom, to whom, and the token of his browser; then of hers, in order."""

    writer: Membership
    persons: list
    place: Organisation
    token: str
    own_tokens: list


@transaction
def begin():
    """A référent with his persons, and an organisation whose sheets an address answers."""
    factories.charter()
    TemplateVersion.load_reference()
    writer = factories.writer()
    persons = [factories.accompanied(writer, domains=list(Domain)) for _ in range(PERSONS)]
    for one in persons:
        filled = factories.diagnostic(one, by=writer.account)
        answer_all(filled, Writer(writer.account, writer.organisation))
    _, token = Session.open(writer.account, by_means="bench", has_second_factor=True)
    own_tokens = [_own_token(one) for one in persons]
    return World(writer, persons, factories.organisation(), token, own_tokens)


def _own_token(person):
    token = PREFIX + new_token()
    PersonSession.create(token_hash=hash_token(token), person=person, is_shared=False)
    return token


class Browsers:
    """Those of the three sides, through the application in this process."""

    def __init__(self, address):
        self._app = create_app(DATABASE_URL=address, WTF_CSRF_ENABLED=False)

    def of(self, token=None):
        client = self._app.test_client()
        if token:
            client.set_cookie("session_id", token)
        return client


def measure(browsers, world, rounds):
    """`{what: [(milliseconds, milliseconds of processor)]}` of a prescription, from the form of the
    référent to the answer by link: whole requests."""
    acts = {}
    for number in range(rounds + 1):
        _one_life(browsers, world, number, acts)
    return {name: times[1:] for name, times in acts.items()}


def _one_life(browsers, world, number, acts):
    somebody, own = world.persons[number % PERSONS], world.own_tokens[number % PERSONS]
    with database.connection_context():
        action = factories.action(organisation=world.place, email=ADDRESS)
    his, hers, theirs = browsers.of(world.token), browsers.of(own), browsers.of()
    path = f"/personnes/{somebody.code}/prescriptions"
    _asked(acts, "le formulaire", 200, lambda: his.get(f"{path}/nouvelle?action={action.code}"))
    form = {"action": action.code, "joindre": Reach.REFERENT.value, KEY_FIELD: new_token()[:22]}
    done = _asked(acts, "préparer", 303, lambda: his.post(f"{path}/nouvelle", data=form))
    code = done.location.partition("?")[0].rpartition("/")[2]
    mine = f"/mon-espace/prescriptions/{code}"
    _asked(acts, "la relire, dans son espace", 200, lambda: hers.get(mine))
    seen = {"vu": "0"}
    _asked(acts, "l’accepter : elle part", 303, lambda: hers.post(f"{mine}/accepter", data=seen))
    link = f"/repondre/{_link_of(code)}"
    _asked(acts, "la lire par le lien", 200, lambda: theirs.get(link))
    said = {"reponse": "oui"} if number % 2 else {"reponse": "non", "raisons": "complet"}
    _asked(acts, "y répondre par le lien", 303, lambda: theirs.post(link, data=said))


def _link_of(code):
    """The token of a link to answer it, as its e-mail holds it."""
    with database.connection_context():
        return AnswerLink.issue(Prescription.get(Prescription.code == code), ADDRESS)


def _asked(acts, name, status, ask):
    answer = _noted(acts, name, ask)
    if answer.status_code != status:
        raise RuntimeError(f"{name} : réponse {answer.status_code}")
    return answer


def _noted(acts, name, act):
    wall, cpu = time.perf_counter(), time.process_time()
    answer = act()
    spent = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
    acts.setdefault(name, []).append(spent)
    return answer


def lists(world, rounds):
    """`[(list, lines, queries, [(milliseconds, milliseconds of processor)])]`."""
    with database.atomic():
        for number in range(LISTED - Prescription.select().count()):
            factories.sent(
                world.persons[number % PERSONS], world.writer,
                action=factories.action(organisation=world.place, email=ADDRESS),
            )  # fmt: skip
    asked = {
        "mes prescriptions": lambda one: reading.followed_by(one),
        "demandes reçues": lambda one: reading.received_by([world.place.id]),
        "sans solution": list_of,
    }
    return [_listed(name, read, world, rounds) for name, read in asked.items()]


def _listed(name, read, world, rounds):
    account = Account.get_by_id(world.writer.account_id)
    assert account.rights.places
    lines, queries = _counted(lambda: len(read(account)))
    times = {}
    for _ in range(rounds):
        _noted(times, name, lambda: read(account))
    return name, lines, queries, times[name]


def _counted(act):
    """What it answers, and how many statements it sends."""
    sent, execute = [], database.obj.execute_sql
    database.obj.execute_sql = lambda sql, *more, **named: (sent.append(sql), execute(
        sql, *more, **named))[1]  # fmt: skip
    try:
        return act(), len([sql for sql in sent if not sql.startswith(("BEGIN", "SAVEPOINT"))])
    finally:
        del database.obj.execute_sql


@transaction
def fill(world, count):
    """So many more that wait: half for a reminder, half for their end."""
    action = factories.action(organisation=world.place, email=ADDRESS)
    shared = Shared.of(world.persons[0], action, Reach.REFERENT, ()).written()
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        _write(Prescription, [_waiting(world, action, shared, number) for number in numbers])


def _waiting(world, action, shared, number):
    sealed = Prescription(code=new_code(), content=shared)
    sent_at = now() - dt.timedelta(days=REMINDED if number % 2 else CLOSED, seconds=number % 3600)
    return {
        "code": sealed.code, "content": kept(sealed, "content"),
        "person_id": world.persons[number % PERSONS].id,
        "action_id": action.id, "provider_id": world.place.id,
        "account_id": world.writer.account_id,
        "organisation_id": world.writer.organisation_id, "state": State.SENT.value,
        "given": Given.OWN_SPACE.value, "sent_at": sent_at, "created_at": sent_at,
        "expires_at": sent_at + dt.timedelta(days=30),
    }  # fmt: skip


def tasks(world, count):
    """`[(what, seconds, how many, kilobytes at the peak)]` over so many that wait."""
    fill(world, count)
    walked = timed_with_memory(lambda: sum(1 for _ in reminding._walk(reminding._is_unanswered())))
    return [
        ("parcourir celles à rappeler, par tranches", *walked),
        ("rappeler les organismes, une à une", *timed_with_memory(reminding.remind_providers)),
        ("fermer sans réponse, une à une", *timed_with_memory(reminding.expire_old)),
    ]
