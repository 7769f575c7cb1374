"""Fail when the migrations do not lead to the schema of the models, on SQLite and PostgreSQL."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from playhouse import migrations

import models.database
from tests.engines import ENGINES, engine_address


def drift(engine):
    """The exit code of `pwmigrate diff` on a database that the migrations have just made."""
    with engine_address(engine) as address:
        opened = models.database.bind(address)
        models.database.migrate()
        opened.close_all()
        print(f"{engine} : ", end="", flush=True)
        return migrations.main([address, "diff"])


sys.exit(max([drift(engine) for engine in ENGINES]))
