"""A real server on the demonstration world, for the tests, the pictures and the measures."""

import base64
import contextlib
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import models.database
from models import sealing
from models.base import database

ROOT = pathlib.Path(__file__).parent.parent.parent
START_SECONDS = 180
STOP_SECONDS = 15
LOG_TAIL = 4000
# One for the run: what a command seals, the server must read.
DATA_KEY = base64.b64encode(secrets.token_bytes(32)).decode()


class Server:
    """The address of a running portal, its database, its process and its journal."""

    def __init__(self, address, database_url, process, log):
        self.address, self.database_url = address, database_url
        self.process, self._log = process, log

    def log(self):
        return self._log.read_text(errors="replace")[-LOG_TAIL:]

    @contextlib.contextmanager
    def data(self):
        """Its database, as a test of this process reads it."""
        models.database.bind(self.database_url)
        sealing.use_key(base64.b64decode(DATA_KEY))
        try:
            with database.connection_context():
                yield
        finally:
            database.obj.close_all()

    def kill(self):
        """At once, its workers included: nobody has the time to finish anything."""
        number = self.process.pid
        children = pathlib.Path(f"/proc/{number}/task/{number}/children").read_text()
        for pid in (number, *map(int, children.split())):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


def environment(database_url, **settings):
    """What a process of the portal reads; nothing of it touches this checkout's instance/."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    own = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_KEY": DATA_KEY,
        "DEMONSTRATION": "1",
    }
    return kept | own | settings


def flask(database_url, *words):
    """Run `flask …` on this database, as the administrator of an installation does."""
    subprocess.run(
        [sys.executable, "-m", "flask", *words],
        check=True,
        cwd=ROOT,
        env=environment(database_url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def load_demonstration(database_url):
    flask(database_url, "database", "migrate")
    flask(database_url, "demo", "load")


@contextlib.contextmanager
def serve(database_url, *, workers=1, application="app:create_app()", **settings):
    """gunicorn, set up as in production, on a free port of this machine."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="spie-server-"))
        log = pathlib.Path(home, "log")
        # Passed open to the server: no other process can take the port in between.
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py",
             "--bind", f"fd://{listener.fileno()}", application],
            cwd=ROOT,
            env=environment(database_url, WORKERS=str(workers), **settings),
            stdin=subprocess.DEVNULL,
            stdout=stack.enter_context(log.open("wb")),
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno()],
        )  # fmt: skip
        stack.callback(_stop, process)
        server = Server(address, database_url, process, log)
        _wait(server)
        yield server


def _wait(server):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{server.address}/sante", timeout=20).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"Le serveur n’a pas démarré :\n{server.log()}")


def _stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
