"""Bring the database up to date and say as whom to sign in: the commands, in one process."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

import peewee

from app import create_app
from models.accounts.account import Account
from models.base import database
from models.network.organisations import Organisation


def prepare(app):
    run(app, "database", "migrate")
    # Only an empty database gets the demonstration world: real data never meets invented data.
    if not any_of(Organisation.select()):
        run(app, "demo", "load")
    if any_of(Account.select().where(Account.is_demonstration)):
        print("\nComptes de démonstration : rôle, identifiant, mot de passe")
        run(app, "demo", "accounts")


def run(app, *words):
    with app.app_context():
        app.cli.main(words, prog_name="flask", standalone_mode=False)


def any_of(query):
    with database.connection_context():
        return query.exists()


try:
    prepare(create_app())
except peewee.OperationalError as error:
    sys.exit(f"La base de données ne répond pas : {error}")
