"""How long forgetting takes, and how much memory it holds, with as many persons as a department."""

import datetime as dt
import time
import tracemalloc

from bench.generate import CHUNK, _write
from models import Account, Agreement, Organisation, Person, PersonNotice
from models.base import new_code, now, today, transaction
from models.persons import forgetting, person
from models.persons.agreements import Given
from models.persons.sharing import WORDING, fingerprint_of

# One person in five is silent for long enough to be told or erased.
SILENT, TOLD = 5, 10
ERASED = 1_000


@transaction
def fill(count):
    """Persons with one agreement each, of whom a fifth are due."""
    where = Organisation.create(name="Organisme de mesure")
    by = Account.create(identifier="mesure@example.org", name="Mesure", password_hash="x")
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        _write(Person, [_person(number) for number in numbers])
    rows = [row for (row,) in Person.select(Person.id).order_by(Person.id).tuples()]
    for start in range(0, count, CHUNK):
        some = rows[start : start + CHUNK]
        _write(Agreement, [_agreement(row, where, by) for row in some])
        told = [row for row in some if row % TOLD == 0]
        _write(PersonNotice, [_notice(row) for row in told])


def _person(number):
    silent = number % SILENT == SILENT - 1
    last = today() - dt.timedelta(days=760 if silent else number % 600)
    return {
        "code": new_code(), "identifier": person.new_identifier(), "birth_year": 1987,
        "created_at": last, "last_contact_on": last,
    }  # fmt: skip


def _agreement(row, where, by):
    return {
        "code": new_code(), "person_id": row, "organisation_id": where.id,
        "given": Given.PAPER.value, "recorded_by_id": by.id, "signed_on": today(),
        "ends_on": today(), "wording": WORDING,
        "wording_hash": fingerprint_of(WORDING), "paper_reference": "2026-1",
    }  # fmt: skip


def _notice(row):
    told = now() - dt.timedelta(days=30)
    return {"code": new_code(), "person_id": row, "news": "effacement", "created_at": told}


def measure():
    """`[(what, seconds, how many, kilobytes at the peak)]`."""
    dry = _timed(lambda: sum(forgetting.plan().values()))
    read = _timed(lambda: sum(1 for _ in forgetting._ids(forgetting._remembered)))
    return [
        ("dire ce qui serait fait (sans rien écrire)", *dry),
        ("parcourir toutes les personnes, par tranches", *read),
        (f"anonymiser {ERASED} personnes, une à une", *_timed(_erase)),
    ]


def _erase():
    due, do = forgetting.ACTS["anonymiser"]
    done = 0
    for row in forgetting._ids(due):
        done += forgetting._one(row, due, do)
        if done == ERASED:
            break
    return done


def _timed(act):
    tracemalloc.start()
    start = time.perf_counter()
    count = act()
    seconds = time.perf_counter() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, count, peak / 1024
