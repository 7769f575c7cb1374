"""`flask demo …`: the demonstration world and the ways into it."""

import click
from flask import current_app
from flask.cli import AppGroup

from models.exchange import demo

from .connection import connected
from .exchange import tell

group = AppGroup("demo", help="Le monde de démonstration.")


@group.command("load")
def load():
    """Charge le monde de démonstration, autant de fois que voulu."""
    with connected():
        report = demo.load(current_app.config["SECRET_KEY"])
    tell(report)


@group.command("accounts")
def accounts():
    """Rôle, identifiant et mot de passe de chaque compte, séparés par des tabulations."""
    for access in demo.accounts(current_app.config["SECRET_KEY"]):
        click.echo("\t".join(access))
