"""Exit with 0 when the database knows no organisation yet, 1 otherwise."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

import models.database
from blueprints.settings import read_settings
from models.base import database
from models.organisations import Organisation

models.database.bind(read_settings()["DATABASE_URL"])
with database.connection_context():
    sys.exit(Organisation.select().exists())
