"""Every test runs on both engines, each inside a transaction that is undone at its end."""

import os

import pytest

import models.database
from models import rotation, sealing
from models.base import database
from tests.engines import ENGINES, EngineMissing, engine_address

DATA_KEY = b"d" * sealing.KEY_BYTES


@pytest.fixture(scope="session", params=ENGINES)
def engine(request):
    """The address of a migrated, empty database."""
    try:
        with engine_address(request.param) as address:
            opened = models.database.bind(address)
            models.database.migrate()
            sealing.use_key(DATA_KEY)
            with database.connection_context():
                rotation.check()
            yield address
            opened.close_all()
    except EngineMissing as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))


@pytest.fixture
def db(engine):
    """The bound database, with everything the test writes undone afterwards."""
    models.database.bind(engine)
    sealing.use_key(DATA_KEY)
    with database.connection_context(), database.atomic() as everything:
        yield database
        everything.rollback()
    database.obj.close_all()


@pytest.fixture
def queries(db, monkeypatch):
    """The statements sent to the database."""
    sent, execute = [], db.obj.execute_sql

    def counted(sql, *more, **named):
        sent.append(sql)
        return execute(sql, *more, **named)

    monkeypatch.setattr(db.obj, "execute_sql", counted)
    return sent


@pytest.fixture
def shared(engine):
    """A database of its own, whose writings are kept: several connections see them."""
    kind = "sqlite" if engine.startswith("sqlite") else "postgresql"
    try:
        with engine_address(kind) as address:
            opened = models.database.bind(address, connections=12)
            models.database.migrate()
            sealing.use_key(DATA_KEY)
            yield address
            opened.close_all()
            # A test may have started servers of its own on this database.
            database.obj.close_all()
    except EngineMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def built_app(engine):
    """One application per engine: routes cannot be added after its first request."""
    from app import create_app

    return create_app(DATABASE_URL=engine, TESTING=True, SECRET_KEY="k" * 40, DATA_KEY=DATA_KEY)


@pytest.fixture
def app(built_app, db):
    return built_app


@pytest.fixture(autouse=True)
def _push_request_context():
    """Replaces pytest-flask's own: its open context would leak one visitor's `g` to the next."""


@pytest.fixture
def visitor(app):
    from tests.visitor import Visitor

    return Visitor(app)
