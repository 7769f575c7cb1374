"""The keys of an installation: no server and no command starts over a database they do not open."""

import base64
import importlib

import pytest

from app import create_app
from blueprints.settings import BadSetting, read_settings
from models import Person, rotation, sealing
from models.base import database
from models.tasks import AT_ONCE, Task
from tests import factories
from tests.conftest import DATA_KEY
from tests.visitor import Visitor

NEW = b"n" * sealing.KEY_BYTES
SECRET = "k" * 40
worker = importlib.import_module("blueprints.commands.work")


@pytest.fixture(autouse=True)
def _keys():
    sealing.forget_keys()
    sealing.use_key(DATA_KEY)
    yield
    sealing.forget_keys()
    sealing.use_key(DATA_KEY)


@pytest.fixture
def sealed(shared):
    """A database that holds somebody, and no key in memory."""
    with database.connection_context():
        factories.person(family_name="Rotation")
        rotation.check()
    sealing.forget_keys()
    return shared


def started(address, *, key, former=()):
    sealing.forget_keys()
    if database.obj is not None:
        database.obj.close_all()
    return create_app(
        DATABASE_URL=address, TESTING=True, SECRET_KEY=SECRET, DATA_KEY=key, DATA_KEYS_FORMER=former
    )


def test_a_server_refuses_to_start_on_a_wrong_key(sealed):
    """access.md §4.10: never plain text, never a page full of holes."""
    with pytest.raises(BadSetting, match=f"numéro {sealing.key_id(DATA_KEY)}") as refusal:
        started(sealed, key=NEW)
    assert "DATA_KEYS_FORMER" in str(refusal.value)
    assert NEW.decode() not in str(refusal.value)
    assert started(sealed, key=NEW, former=(DATA_KEY,))


def test_a_silent_database_does_not_prevent_from_starting(tmp_path):
    """Pages then say that the service is unavailable, and nothing is created by looking."""
    app = started(f"sqlite:///{tmp_path}/absente.db", key=NEW)
    assert not (tmp_path / "absente.db").exists()
    assert app.extensions["keys are checked"] is False
    database.obj.close_all()
    app = started("postgresql://personne@127.0.0.1:9/rien", key=NEW)
    assert Visitor(app).visit("/sante").status == 503
    page = Visitor(app).visit("/actions")
    assert (page.status, page.words("h1")) == (503, "Le service est en pause")


def test_a_database_that_comes_back_is_checked_before_it_answers(sealed, monkeypatch):
    monkeypatch.setattr(rotation, "check_if_it_answers", lambda: False)
    app = started(sealed, key=NEW)
    monkeypatch.undo()
    assert app.test_client().get("/plan-du-site").status_code == 503
    database.obj.close_all()


COMMANDS = [
    ["work"], ["keys", "status"], ["keys", "rotate"], ["persons", "forget"],
    ["database", "forget"], ["accounts", "deactivate", "zoe@example.org"],
    ["exchange", "export", "-"], ["charter", "check"],
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_works_over_data_that_its_key_does_not_open(sealed, monkeypatch, words):
    """The database was silent when the command started: it is asked again before anything."""
    monkeypatch.setattr(rotation, "check_if_it_answers", lambda: False)
    app = started(sealed, key=NEW)
    monkeypatch.undo()
    done = []
    monkeypatch.setattr(worker, "TASKS", (Task("ronde", lambda: done.append(1), AT_ONCE),))
    answer = app.test_cli_runner().invoke(args=words)
    assert answer.exit_code == 1, answer.output
    assert f"numéro {sealing.key_id(DATA_KEY)}" in answer.output
    assert done == []
    database.obj.close_all()


def test_keys_are_rotated_by_a_command_that_says_when_it_is_over(sealed):
    app = started(sealed, key=NEW, former=(DATA_KEY,))
    asked = app.test_cli_runner()
    before = asked.invoke(args=["keys", "status"]).output
    assert f"person : 2 sous {sealing.key_id(DATA_KEY)} (ancienne clé)" in before.replace(
        "\xa0", " "
    )
    done = asked.invoke(args=["keys", "rotate"])
    assert done.exit_code == 0
    assert "ôtez DATA_KEYS_FORMER" in done.output
    after = asked.invoke(args=["keys", "status"]).output
    assert sealing.key_id(DATA_KEY) not in after
    assert not {NEW.hex(), NEW.decode(), base64.b64encode(NEW).decode()} & set(after.split())
    assert started(sealed, key=NEW)
    with database.connection_context():
        assert Person.get().family_name == "Rotation"
    database.obj.close_all()


def test_a_rotation_that_leaves_something_says_to_keep_the_keys(sealed):
    app = started(sealed, key=NEW, former=(DATA_KEY,))
    with database.connection_context():
        database.execute_sql("UPDATE person SET family_name = substr(family_name, 1, 20)")
    done = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert done.exit_code == 1
    assert "Gardez les clés" in done.output
    database.obj.close_all()


def test_former_keys_are_read_from_the_settings_and_a_bad_one_stops_the_start():
    keys = [base64.b64encode(key).decode() for key in (DATA_KEY, NEW)]
    own = {"SECRET_KEY": SECRET, "DATA_KEY": keys[1]}
    assert read_settings(own)["DATA_KEYS_FORMER"] == ()
    assert read_settings(own | {"DATA_KEYS_FORMER": f"{keys[0]}, "})["DATA_KEYS_FORMER"] == (
        DATA_KEY,
    )
    with pytest.raises(BadSetting, match="Réglage DATA_KEYS_FORMER"):
        read_settings(own | {"DATA_KEYS_FORMER": "court"})
