"""Opening the database named by an address: SQLite or PostgreSQL, with the settings that hold."""

import contextlib
import pathlib
import urllib.parse

import peewee as pw
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from .base import database

# Measured: WAL with full synchronisation loses nothing acknowledged; the rest keeps reads short.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -32_000,
    "mmap_size": 1 << 30,
}
BUSY_SECONDS = 10
IDLE_SECONDS = 300


class BadAddress(ValueError):
    """The database address cannot be used; the message says what was expected."""


def make_database(url, *, connections=8):
    """A pooled database for `sqlite:///path` or `postgresql://user@host/name`.

    `connections` is the number of threads of one process; SQLite connections pass from
    thread to thread through the pool, one thread at a time.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return _sqlite(parts.path[1:])
    if parts.scheme in ("postgresql", "postgres") and parts.path.strip("/"):
        return _postgres(parts, connections)
    raise BadAddress(
        "DATABASE_URL doit être de la forme sqlite:///chemin/fichier.db "
        "ou postgresql://utilisateur@hôte/base."
    )


def _sqlite(path):
    path = urllib.parse.unquote(path)
    if path != ":memory:":
        pathlib.Path(path).expanduser().parent.mkdir(parents=True, exist_ok=True)
    return PooledSqliteDatabase(
        path,
        pragmas=SQLITE_PRAGMAS,
        timeout=BUSY_SECONDS,
        lock_type="IMMEDIATE",
        check_same_thread=False,
        stale_timeout=IDLE_SECONDS,
    )


def _postgres(parts, connections):
    settings = dict(urllib.parse.parse_qsl(parts.query))
    # Just-in-time compilation costs more than these short queries take.
    settings.setdefault("options", "-c jit=off")
    settings.setdefault("connect_timeout", str(BUSY_SECONDS))
    return PooledPostgresqlDatabase(
        parts.path.strip("/"),
        host=settings.pop("host", parts.hostname),
        port=parts.port,
        user=parts.username and urllib.parse.unquote(parts.username),
        password=parts.password and urllib.parse.unquote(parts.password),
        prefer_psycopg3=True,
        max_connections=connections,
        timeout=BUSY_SECONDS,
        stale_timeout=IDLE_SECONDS,
        **settings,
    )


def bind(url, *, connections=8):
    """Make `url` the database of every model; the connection opens at first use."""
    opened = make_database(url, connections=connections)
    database.initialize(opened)
    return opened


def check_answers():
    """Raise what the engine raises when the database does not answer."""
    database.execute_sql("SELECT 1")


@contextlib.contextmanager
def quietly_connected():
    """A connection for the time of the block; none when the database does not answer, or is a file
    still to be made: nothing is created by looking."""
    is_there = not is_sqlite() or pathlib.Path(database.obj.database).exists()
    is_opened = False
    with contextlib.suppress(pw.OperationalError):
        is_opened = is_there and database.connect(reuse_if_open=True)
    try:
        yield is_there and not database.is_closed()
    finally:
        if is_opened:
            database.close()


def is_sqlite():
    return "sqlite" in type(database.obj).__name__.lower()


def held(query):
    """The rows of this query, kept from others until the transaction ends: what is checked on them
    stays true while one acts. SQLite has a single writer already."""
    return list(query if is_sqlite() else query.for_update())


@contextlib.contextmanager
def in_haste(milliseconds=200):
    """A transaction that gives up rather than wait for another writer: for what may be lost."""
    if is_sqlite():
        database.execute_sql(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        with database.atomic():
            if not is_sqlite():
                database.execute_sql(f"SET LOCAL lock_timeout = {milliseconds}")
            yield
    finally:
        if is_sqlite():
            database.execute_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def migrate():
    """Bring the schema up to date; answers the names of the migrations applied."""
    from playhouse.migrations import Runner

    directory = pathlib.Path(__file__).parent / "migrations"
    with database.connection_context():
        return Runner(database.obj, str(directory)).up()
