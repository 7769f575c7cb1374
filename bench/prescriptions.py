"""Prescribing, the lists of a thousand prescriptions, and what time does to a hundred thousand."""

import datetime as dt
import time
from typing import NamedTuple

from bench.generate import CHUNK, _write
from bench.retention import _timed as timed_with_memory
from models import Account, Membership, Organisation, Prescription, sealing
from models.base import database, new_code, now, transaction
from models.persons.agreements import Given
from models.prescriptions import acting, reading, reminding
from models.prescriptions.mover import herself, provider
from models.prescriptions.states import Refusal, State
from models.prescriptions.without_solution import list_of
from tests import factories

PERSONS, LISTED = 100, 1_000
# Sent so long ago, half of them wait for a reminder and the others for their end.
REMINDED, CLOSED = 12, 31


class World(NamedTuple):
    """Who prescribes, for whom, to whom."""

    writer: Membership
    persons: list
    place: Organisation


@transaction
def begin():
    """A référent with his persons, and an organisation whose sheets an address answers."""
    sealing.use_key(bytes(sealing.KEY_BYTES))
    factories.charter()
    writer = factories.writer()
    persons = [factories.accompanied(writer) for _ in range(PERSONS)]
    return World(writer, persons, factories.organisation())


def measure(world, rounds):
    """`{act: [(milliseconds, milliseconds of processor)]}` of one prescription."""
    acts = {name: [] for name in ("préparer", "envoyer, avec son lien", "accepter", "refuser")}
    for number in range(2 * rounds):
        somebody = world.persons[number % PERSONS]
        action = factories.action(organisation=world.place, email="accueil@action.example")
        prepared = _noted(acts, "préparer", lambda s=somebody, a=action: _prepare(world, s, a))
        _noted(acts, "envoyer, avec son lien", lambda s=somebody, p=prepared: _send(s, p))
        mover = provider(world.place)
        if number % 2:
            _noted(acts, "accepter", lambda p=prepared, m=mover: acting.accept(p, mover=m))
        else:
            _noted(acts, "refuser", lambda p=prepared, m=mover: _decline(p, m))
    return acts


def _prepare(world, somebody, action):
    return factories.prescription(somebody, world.writer, action=action)


def _send(somebody, prepared):
    acting.send(prepared, mover=herself(somebody), given=Given.OWN_SPACE, seen=prepared.revision)


def _decline(prepared, mover):
    acting.decline(prepared, [Refusal.FULL], mover=mover)


def _noted(acts, name, act):
    wall, cpu = time.perf_counter(), time.process_time()
    answer = act()
    spent = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
    acts[name].append(spent)
    return answer


def lists(world, rounds):
    """`[(list, lines, queries, [(milliseconds, milliseconds of processor)])]`."""
    with database.atomic():
        for number in range(LISTED - Prescription.select().count()):
            factories.sent(
                world.persons[number % PERSONS], world.writer,
                action=factories.action(organisation=world.place, email="a@action.example"),
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
    times = {name: []}
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
    action = factories.action(organisation=world.place, email="accueil@action.example")
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        _write(Prescription, [_waiting(world, action, number) for number in numbers])


def _waiting(world, action, number):
    sent_at = now() - dt.timedelta(days=REMINDED if number % 2 else CLOSED, seconds=number % 3600)
    return {
        "code": new_code(), "person_id": world.persons[number % PERSONS].id,
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
