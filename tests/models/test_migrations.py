"""Schema changes carry the data with them, forward and back, on both engines."""

import pathlib

import pytest
from playhouse.migrations import Runner

import models.database
from models.base import database
from tests.engines import ENGINES, EngineMissing, engine_address

MIGRATIONS = str(pathlib.Path(models.database.__file__).parent / "migrations")
BEFORE = "0003_outbox"
ORGANISATION = (
    "INSERT INTO organisation (id, code, created_at, name, sort_name, networks, other_values, "
    "is_network_member, is_demonstration) VALUES "
    "(7, 'organisme0', '2026-01-01', 'Envol', 'envol', '[]', '{}', {no}, {no})"
)
ACCOUNT = (
    "INSERT INTO account (id, code, created_at, identifier, name, password_hash, role, "
    "organisation_id, is_active, is_demonstration) VALUES "
    "({id}, 'compte000{id}', '2026-01-01', '{id}@example.org', 'X', '', '{role}', {where}, "
    "{yes}, {no})"
)


@pytest.fixture(params=ENGINES)
def runner(request):
    """Migrations over a database of their own, brought to the release before the network."""
    try:
        with engine_address(request.param) as address:
            opened = models.database.bind(address)
            with database.connection_context():
                runner = Runner(database.obj, MIGRATIONS)
                runner.up(BEFORE)
                yield runner
            opened.close_all()
    except EngineMissing as missing:
        pytest.skip(str(missing))


def write(sentence, **values):
    is_sqlite = models.database.is_sqlite()
    truth = {"yes": "1", "no": "0"} if is_sqlite else {"yes": "true", "no": "false"}
    for name, value in (truth | values).items():
        sentence = sentence.replace(f"{{{name}}}", str(value))
    database.execute_sql(sentence)


def rows(query):
    return [tuple(row) for row in database.execute_sql(query).fetchall()]


def test_the_one_organisation_of_an_account_becomes_its_membership(runner):
    """REQ-2: nobody loses his organisation when several become possible."""
    write(ORGANISATION)
    write(ACCOUNT, id=1, role="responsable", where=7)
    write(ACCOUNT, id=2, role="animateur", where=7)
    write(ACCOUNT, id=3, role="professionnel", where="NULL")
    runner.up()
    members = rows(
        "SELECT account_id, organisation_id, is_manager, slot FROM membership ORDER BY 1"
    )
    assert members == [(1, 7, True, "1:7"), (2, 7, False, "2:7")]
    roles = rows("SELECT id, role FROM account ORDER BY id")
    assert roles == [(1, "professionnel"), (2, "animateur"), (3, "professionnel")]


def test_going_back_and_forth_keeps_everyone_where_they_were(runner):
    write(ORGANISATION)
    write(ACCOUNT, id=1, role="responsable", where=7)
    runner.up()
    runner.down("0005_network")
    assert rows("SELECT organisation_id, role FROM account") == [(7, "responsable")]
    runner.up()
    assert rows("SELECT account_id, organisation_id FROM membership") == [(1, 7)]
