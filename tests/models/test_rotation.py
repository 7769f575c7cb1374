"""A key is changed while the service writes, killed at any moment; a wrong one opens nothing."""

import random
import subprocess
import sys
import threading
import time

import pytest

from models import OutgoingEmail, Person, SealingKey, outbox, rotation, sealing
from models.base import database
from models.rotation import WrongKey
from models.sealed import kept
from tests import factories
from tests.conftest import DATA_KEY

NEW = b"n" * sealing.KEY_BYTES
NEITHER = b"x" * sealing.KEY_BYTES
OLD_ID, NEW_ID = sealing.key_id(DATA_KEY), sealing.key_id(NEW)
PERSONS = 300
KILLS = 4

# What `flask keys rotate` does, by slices small enough to be killed in the middle of.
ROTATING = """
import sys
import models.database
from models import rotation, sealing
from models.base import database
sealing.use_key(bytes.fromhex(sys.argv[2]))
sealing.use_key(bytes.fromhex(sys.argv[3]))
models.database.bind(sys.argv[1])
rotation.SLICE = 5
with database.connection_context():
    print("go", flush=True)
    print(rotation.rotate().left)
"""


@pytest.fixture(autouse=True)
def _keys():
    sealing.forget_keys()
    sealing.use_key(DATA_KEY)
    yield
    sealing.forget_keys()
    sealing.use_key(DATA_KEY)


def hold(*keys):
    """Read with these keys, and seal with the last one."""
    sealing.forget_keys()
    for key in keys:
        sealing.use_key(key)


def under(key_id):
    return sum(count for (_, key), count in rotation.status().items() if key == key_id)


def living():
    kept_keys = SealingKey.select().where(SealingKey.retired_at.is_null())
    return {key.key_id for key in kept_keys}


def people(count):
    return [
        factories.person(family_name="Rotation", given_name=f"Prénom {letters(number)}",
                         phone=f"+336{number:08d}", email=f"p{number}@example.org")
        for number in range(count)
    ]  # fmt: skip


def letters(number):
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:04d}")


def finds(number):
    return Person.looked_for(family_name="rotation", given_name=f"prenom {letters(number)}").count()


def test_everything_sealed_and_every_fingerprint_pass_to_the_new_key(db):
    somebody = factories.person(family_name="Ben Ali", phone="+33612345678")
    message = outbox.post("trial", "amina@example.org", token="jeton")
    before = under(OLD_ID)
    hold(DATA_KEY, NEW)
    outcome = rotation.rotate()
    assert (outcome.done, outcome.left, outcome.unreadable) == (2, 0, 0)
    assert (under(OLD_ID), under(NEW_ID)) == (0, before)
    hold(NEW)
    again = Person.get_by_id(somebody.id)
    assert (again.family_name, again.phone) == ("Ben Ali", "+33612345678")
    assert OutgoingEmail.get_by_id(message.id).values == {"token": "jeton"}
    assert list(Person.looked_for(family_name="benali", phone="+33612345678")) == [somebody]


def test_a_second_run_changes_nothing(db):
    somebody = factories.person()
    hold(DATA_KEY, NEW)
    rotation.rotate()
    before = kept(Person.get_by_id(somebody.id), "family_name")
    assert rotation.rotate().done == 0
    assert kept(Person.get_by_id(somebody.id), "family_name") == before


def test_what_no_key_opens_is_left_as_it_is_and_told(db):
    somebody, other = factories.person(), factories.person()
    damaged = kept(somebody, "family_name")[:-4] + "AAAA"
    Person.update(family_name=type(kept(somebody, "family_name"))(damaged)).where(
        Person.id == somebody.id
    ).execute()
    hold(DATA_KEY, NEW)
    outcome = rotation.rotate()
    assert (outcome.left, outcome.unreadable) == (1, 1)
    assert kept(Person.get_by_id(somebody.id), "family_name") == damaged
    assert kept(Person.get_by_id(other.id), "family_name").startswith(NEW_ID)
    assert SealingKey.get(SealingKey.key_id == OLD_ID).retired_at is None


def test_a_row_written_meanwhile_is_not_written_over(db):
    somebody = factories.person(family_name="Avant")
    hold(DATA_KEY, NEW)
    read = Person.get_by_id(somebody.id)
    somebody.describe(family_name="Pendant")
    somebody.save()
    rotation._reseal(read)
    assert Person.get_by_id(somebody.id).family_name == "Pendant"


def test_stopped_between_two_slices_it_says_what_is_left(db, monkeypatch):
    monkeypatch.setattr(rotation, "SLICE", 2)
    people(5)
    hold(DATA_KEY, NEW)
    told = []
    outcome = rotation.rotate(progress=lambda *slice: told.append(slice), is_stopped=lambda: told)
    assert (outcome.done, outcome.left) == (2, 3)
    assert rotation.rotate().left == 0


# Refusing a wrong key


def test_a_fresh_database_remembers_its_key(db):
    SealingKey.delete().execute()
    rotation.check()
    key = SealingKey.get()
    assert (key.key_id, key.is_held, key.retired_at) == (OLD_ID, True, None)
    assert DATA_KEY.decode() not in key.proof


def test_a_wrong_key_is_refused_and_says_which_one_is_missing(db):
    factories.person()
    rotation.check()
    hold(NEITHER)
    with pytest.raises(WrongKey, match=OLD_ID):
        rotation.check()
    hold(DATA_KEY, NEITHER)
    rotation.check()


def test_a_database_of_before_the_proofs_is_looked_at(db):
    SealingKey.delete().execute()
    factories.person()
    hold(NEITHER)
    with pytest.raises(WrongKey, match=OLD_ID):
        rotation.check()
    assert not SealingKey.select().exists()


def test_a_key_under_which_nothing_is_left_may_go(db):
    factories.person()
    rotation.check()
    hold(DATA_KEY, NEW)
    rotation.check()
    assert living() == {OLD_ID, NEW_ID}
    rotation.rotate()
    hold(NEW)
    rotation.check()
    assert living() == {NEW_ID}
    hold(DATA_KEY)
    with pytest.raises(WrongKey, match=NEW_ID):
        rotation.check()


def test_another_key_of_the_same_number_is_not_taken_for_it(db):
    factories.person()
    rotation.check()
    other = SealingKey.get(SealingKey.key_id == OLD_ID)
    other.proof = sealing.seal("autre chose", f"sealing_key·{OLD_ID}·proof")
    assert not other.is_held


# While the service writes


class Writing(threading.Thread):
    """The service at work, one server of which still seals under the former key."""

    def __init__(self, persons):
        super().__init__()
        self.persons, self.stop, self.faults, self.acts = persons, threading.Event(), [], 0
        self.random = random.Random(5)

    def run(self):
        with database.connection_context():
            while not self.stop.is_set():
                try:
                    self.act()
                except Exception as fault:
                    self.faults.append(fault)
        database.close()

    def act(self):
        number = self.random.randrange(len(self.persons))
        somebody = Person.get_by_id(self.persons[number].id)
        phone = f"+337{self.random.randrange(10**8):08d}"
        somebody.rewrite_identity({"phone": phone}, by=None)
        assert Person.get_by_id(somebody.id).phone == phone
        assert Person.looked_for(phone=phone, birth_year=1987).count() == 1
        assert finds(number) == 1
        self.acts += 1
        time.sleep(0.002)


def test_killed_at_any_moment_while_one_writes_nothing_is_lost(shared):
    """access.md §4.10: every row opens, none is left under the former key, searches find."""
    with database.connection_context():
        persons = people(PERSONS)
        names = {one.given_name for one in persons}
        hold(NEW, DATA_KEY)
        rotation.check()
    writing, chance = Writing(persons), random.Random(11)
    writing.start()
    try:
        killed = sum(kill_one(shared, chance) for _ in range(KILLS))
        assert killed
    finally:
        writing.stop.set()
        writing.join()
    assert writing.faults == []
    assert writing.acts
    with database.connection_context():
        assert all(finds(number) == 1 for number in range(0, PERSONS, 17))
    done = start(shared)
    assert done.communicate(timeout=120)[0].split()[-1] == "0"
    hold(NEW)
    with database.connection_context():
        assert under(OLD_ID) == 0
        assert {one.given_name for one in Person.select()} == names
        assert all(finds(number) == 1 for number in range(PERSONS))
        rotation.check()


def kill_one(address, chance):
    """Start a rotation and kill it; 1 when it had not ended yet."""
    run = start(address)
    assert run.stdout.readline() == "go\n"
    time.sleep(chance.uniform(0.01, 0.25))
    is_alive = run.poll() is None
    run.kill()
    run.communicate()
    return int(is_alive)


def start(address):
    keys = [DATA_KEY.hex(), NEW.hex()]
    return subprocess.Popen(
        [sys.executable, "-c", ROTATING, address, *keys], stdout=subprocess.PIPE, text=True
    )
