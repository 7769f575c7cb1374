"""The same rows in Datasette, an independent program that also searches and counts facets."""

import contextlib
import pathlib
import socket
import sqlite3
import subprocess
import time
from urllib.parse import urlencode

from models.action_bank.sheets import Action

PROGRAM = pathlib.Path(__file__).parent.parent / ".venv-bench" / "bin" / "python"
# One plain value per row and facet: counting them is the cheapest case for Datasette.
FACETS = ("thematic", "audience", "kind", "fees", "mode")
PAGE = 10
SETTINGS = {
    "default_page_size": PAGE,
    "suggest_facets": "off",
    "default_facet_size": 20,
    "facet_time_limit_ms": 10_000,
    "sql_time_limit_ms": 10_000,
}
START_SECONDS = 60


def export(path):
    """Write every action of the bound database as Datasette likes it: one table and its FTS."""
    with contextlib.closing(sqlite3.connect(path)) as copy, copy:
        columns = ", ".join(("name", "summary", "description", *FACETS))
        copy.execute(f"CREATE TABLE action (id INTEGER PRIMARY KEY, {columns})")
        copy.executemany(f"INSERT INTO action VALUES ({', '.join('?' * 9)})", _rows())
        for facet in FACETS:
            copy.execute(f"CREATE INDEX action_{facet} ON action ({facet})")
        copy.execute(
            "CREATE VIRTUAL TABLE action_fts USING "
            "fts5(name, summary, description, content='action', content_rowid='id')"
        )
        copy.execute("INSERT INTO action_fts (action_fts) VALUES ('rebuild')")
        copy.execute("ANALYZE")


def _rows():
    read = Action.select(
        Action.id, Action.name, Action.summary, Action.description, Action.thematics,
        Action.audiences, Action.kind, Action.fees, Action.reception_modes,
    )  # fmt: skip
    for (
        number,
        name,
        summary,
        description,
        thematics,
        audiences,
        kind,
        fees,
        modes,
    ) in read.tuples().iterator():
        yield (
            number, name, summary, description, _first(thematics), _first(audiences), kind, fees,
            _first(modes),
        )  # fmt: skip


def _first(values):
    return values[0] if values else None


def search_path(database, text):
    facets = [("_facet", facet) for facet in FACETS]
    return f"/{database.stem}/action?" + urlencode([("_search", text), *facets])


@contextlib.contextmanager
def serve(database):
    """Datasette on this file, declared immutable so that it need not count rows again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = [word for pair in SETTINGS.items() for word in ("--setting", *map(str, pair))]
    process = subprocess.Popen(
        [PROGRAM, "-m", "datasette", "serve", "--immutable", database, "--host", "127.0.0.1",
         "--port", str(port), *settings],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait(port):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("Datasette n’a pas démarré")
