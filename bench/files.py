"""A department of files: 100,000 persons and the 1,000,000 lines of a year, opened and searched."""

import datetime as dt
import json
import random
import time
from typing import NamedTuple

from bench.network import fill as fill_network
from models import (
    Accompaniment,
    Account,
    Agreement,
    AuditEntry,
    Membership,
    Person,
    PersonSession,
    Session,
)
from models.accounts.account import Role
from models.base import (
    CODE_ALPHABET,
    database,
    hash_token,
    new_code,
    new_token,
    now,
    today,
    transaction,
)
from models.database import is_sqlite
from models.permissions import Permission
from models.persons import incidents, orphans
from models.persons.accompaniments import ReferentRole, StartReason
from models.persons.agreements import AgreementEnd, Given
from models.persons.exporting import export_of
from models.persons.opening import open_file
from models.persons.person import IDENTIFIER_LENGTH
from models.persons.sessions import PREFIX
from models.persons.sharing import WORDING, fingerprint_of

SEED = 5
BATCH = 1_000
# A référent follows a hundred persons or so.
FOLLOWED = 100
SYLLABLES = tuple(consonant + vowel for consonant in "bdlmnrst" for vowel in "aeiou")
# One agreement in these was withdrawn: nobody opens those files any more.
WITHDRAWN = 500
# What is written about one person whom everybody looks at.
MUCH = 10_000
SYMBOLS = len(CODE_ALPHABET)
# Odd, hence prime to a power of two: each number has its own place, far from that of the next.
SCATTER = 0x9E3779B97F4A7C15


class Measured(NamedTuple):
    """The référent that is measured and the codes of his persons; who is looked at the most; the
    tokens of three browsers: his, hers, and of who names référents."""

    account: Account
    codes: list
    person: Person
    tokens: dict


@transaction
def fill(persons, lines):
    """Write everything; answers what is `Measured`."""
    fill_network()
    chance = random.Random(SEED)
    writers = list(Membership.select().order_by(Membership.id))
    _persons(persons, chance)
    ids = [row for (row,) in Person.select(Person.id).order_by(Person.id).tuples()]
    places = _links(ids, writers)
    _lines(lines, ids, places, chance)
    _lines(MUCH, ids[2:3], places, chance)
    _withdraw(ids[::WITHDRAWN])
    account = Account.get_by_id(writers[1].account_id)
    mine = [person for person, writer in places.items() if writer is writers[1]][:FOLLOWED]
    codes = [Person.get_by_id(person).code for person in mine]
    return Measured(account, codes, Person.get_by_id(ids[2]), _tokens(account, ids[2]))


def _tokens(account, person):
    animator = Account.register("animation@example.org", "Animation")
    Account.update(role=Role.ANIMATOR).where(Account.id == animator.id).execute()
    opened = {"by_means": "bench", "has_second_factor": True}
    own = PREFIX + new_token()
    PersonSession.create(token_hash=hash_token(own), person=person, is_shared=False)
    return {
        "writer": Session.open(account, **opened)[1],
        "animator": Session.open(animator, **opened)[1],
        "person": own,
    }


def _withdraw(persons):
    Agreement.update(ended_at=now(), end=AgreementEnd.WITHDRAWN, slot=None).where(
        Agreement.person << persons
    ).execute()


def _name(chance):
    return "".join(chance.choice(SYLLABLES) for _ in range(4)).capitalize()


def _write(table, rows):
    """Insert dictionaries of one shape, thousands a second: no entity is built."""
    fields = [table._meta.fields[name] for name in rows[0]]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    blanks = ", ".join([database.obj.param] * len(fields))
    values = [[_kept(field, row[field.name]) for field in fields] for row in rows]
    sentence = f'INSERT INTO "{table._meta.table_name}" ({columns}) VALUES ({blanks})'
    database.cursor().executemany(sentence, values)


def _kept(field, value):
    is_json = isinstance(value, dict | list)
    return json.dumps(value) if is_json else field.db_value(value)


def _born():
    return {"code": new_code(), "created_at": now()}


def _identifier(number):
    """Eight symbols of its own for each number: drawn at random, so many may fall twice on one."""
    place = number * SCATTER % SYMBOLS**IDENTIFIER_LENGTH
    return "".join(CODE_ALPHABET[place // SYMBOLS**at % SYMBOLS] for at in range(IDENTIFIER_LENGTH))


def _persons(count, chance):
    columns = [field.name for field in Person._meta.sorted_fields if field.name != "id"]
    for start in range(0, count, BATCH):
        rows = []
        for number in range(start, min(start + BATCH, count)):
            somebody = Person(identifier=_identifier(number))
            somebody.describe(
                family_name=_name(chance), given_name=_name(chance),
                phone=f"+336{number:08d}", birth_year=1960 + number % 45, commune_code="31555",
            )  # fmt: skip
            rows.append({name: somebody.__data__.get(name) for name in columns})
        _write(Person, rows)


def _links(ids, writers):
    """`{person: her référent's membership}`, each with an agreement."""
    places, hashed, end = {}, fingerprint_of(WORDING), today() + dt.timedelta(days=300)
    for start in range(0, len(ids), BATCH):
        agreements, links = [], []
        for number, person in enumerate(ids[start : start + BATCH], start):
            writer = places[person] = writers[number % len(writers)]
            where, who = writer.organisation_id, writer.account_id
            agreements.append(_born() | {
                "person": person, "organisation": where, "slot": f"{person}:{where}",
                "domains": [], "has_passport": False, "given": Given.PAPER,
                "paper_reference": "2026-0001", "signed_on": today(), "wording": WORDING,
                "wording_hash": hashed, "ends_on": end,
            })  # fmt: skip
            links.append(_born() | {
                "person": person, "account": who, "organisation": where,
                "role": ReferentRole.LEAD, "slot": f"{person}:{who}:{where}",
                "lead_slot": str(person), "start_reason": StartReason.OPENED,
            })  # fmt: skip
        _write(Agreement, agreements)
        _write(Accompaniment, links)
    return places


def _lines(count, ids, places, chance):
    """A year of openings, the latest last."""
    end, step = now(), dt.timedelta(days=360) / count
    for start in range(0, count, BATCH):
        rows = []
        for number in range(start, start + BATCH):
            person = ids[chance.randrange(len(ids))]
            writer = places[person]
            rows.append({
                "code": new_code(), "created_at": end - step * (count - number),
                "act": "file:read", "subject_type": "person", "subject_id": person,
                "actor_id": writer.account_id, "person_id": person,
                "organisation_id": writer.organisation_id, "changes": {},
            })  # fmt: skip
        _write(AuditEntry, rows)


def measure(measured, rounds):
    """`{act: [(milliseconds, milliseconds of this process's processor)]}`."""
    chance, account, codes = random.Random(SEED), measured.account, measured.codes
    acts = {
        "ouvrir un dossier, avec sa trace": lambda: _open(account, chance.choice(codes)),
        "retrouver par deux critères exacts": lambda: _find(chance),
        "trace du dossier, pour la personne": lambda: _log(chance.choice(codes)),
    }
    rare = {
        "dossiers ouverts en un jour (incident)": lambda: _incident(account),
        "personnes sans référent, une page": _orphans,
        f"tout emporter, {MUCH} traces": lambda: export_of(measured.person),
    }
    few = max(rounds // 20, 3)
    return {
        name: [_timed(act) for _ in range(few if name in rare else rounds)][1:]
        for name, act in (acts | rare).items()
    }


def pages(measured):
    """`[(name, path, whose browser, whether it is asked often)]` of what is measured."""
    return [
        ("lire un dossier", f"/personnes/{measured.codes[0]}", "writer", True),
        (f"mon espace, {MUCH} traces", "/mon-espace", "person", True),
        ("qui a regardé mon dossier", "/mon-espace/journal", "person", False),
        ("tout lire de mon dossier", "/mon-espace/export", "person", False),
        ("personnes sans référent", "/animation/sans-referent", "animator", False),
    ]


def _timed(act):
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _open(account, code):
    # As a request would: nothing is remembered of the rights (I2).
    account = Account.get_by_id(account.id)
    assert open_file(code, Permission.FILE_READ, actor=account, act="file:read")


def _find(chance):
    list(Person.looked_for(phone=f"+336{chance.randrange(1000):08d}", birth_year=1987))


def _log(code):
    person = Person.by_code(code)
    lines = AuditEntry.select().where(AuditEntry.person_id == person.id)
    list(lines.order_by(AuditEntry.id.desc()).limit(50))


def _incident(account):
    end = now() - dt.timedelta(days=30)
    period = incidents.Period(end - dt.timedelta(days=1), end)
    incidents.trace(period, by=account, form="page", limit=incidents.MOST_SHOWN)


def _orphans():
    orphans.orphans(orphans.orphan_ids()[: orphans.PAGE_SIZE])


def settle():
    """What a database that lives does by itself: the journal of what was just written is put away,
    and the engine knows its tables."""
    if is_sqlite():
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute_sql("ANALYZE")
