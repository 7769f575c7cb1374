"""The two engines of every test: a SQLite file, and a throwaway PostgreSQL cluster."""

import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

ENGINES = ("sqlite", "postgresql")
INSTALL = "apt-get install -y postgresql"


class EngineMissing(RuntimeError):
    """The engine cannot run here; the message names the command that installs it."""


def _binaries():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    initdb = found[-1] if found else shutil.which("initdb")
    if not initdb:
        raise EngineMissing(f"PostgreSQL est introuvable. Installez-le : {INSTALL}")
    return pathlib.Path(initdb).parent


def _as_server_user():
    """PostgreSQL refuses to run as root: become `postgres`, or `nobody`, for its processes."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def postgres_cluster():
    """A fresh cluster on a private Unix socket; yields the address of an empty database."""
    binaries, identity = _binaries(), _as_server_user()
    with tempfile.TemporaryDirectory(prefix="spie-pg-", ignore_cleanup_errors=True) as home:
        if identity:
            os.chown(home, identity["user"], identity["group"])
        data, log = f"{home}/data", f"{home}/log"
        run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": home, **identity}
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "spie", "-A", "trust", "-E", "UTF8",
             "--locale", "C.UTF-8", "--no-sync"], **run,
        )  # fmt: skip
        # Nothing here outlives the tests, so nothing waits for the disk.
        options = f"-k {home} -h '' -F -c synchronous_commit=off -c full_page_writes=off"
        control = [binaries / "pg_ctl", "-D", data, "-l", log, "-w"]
        subprocess.run([*control, "-o", options, "start"], **run)
        try:
            yield f"postgresql://spie@/postgres?host={home}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)


@contextlib.contextmanager
def engine_address(name):
    """The address of an empty database of this engine."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="spie-") as home:
            yield f"sqlite:///{home}/test.db"
    else:
        with postgres_cluster() as address:
            yield address
