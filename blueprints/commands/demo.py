"""`flask demo …`: the demonstration world and the ways into it."""

import click
from flask import current_app
from flask.cli import AppGroup

from models.exchange import demo

from .connection import connected
from .exchange import fail, tell

group = AppGroup("demo", help="Le monde de démonstration.")


@group.command("load")
def load():
    """Charge le monde de démonstration, autant de fois que voulu."""
    with connected():
        report = demo.load(current_app.config["SECRET_KEY"])
    tell(report)


@group.command("accounts")
def accounts():
    """Rôle, identifiant, mot de passe, séparés par des tabulations.

    Un code à six chiffres suit pour qui doit en donner un ; il change toutes les 30 secondes.
    """
    for access in demo.accounts(current_app.config["SECRET_KEY"]):
        click.echo("\t".join(filter(None, access)))


@group.command("code")
@click.argument("address")
def code(address):
    """Le code à six chiffres de ce compte de démonstration, en ce moment."""
    if address not in [persona.identifier for persona in demo.PERSONAS]:
        fail(f"« {address} » n’est pas un compte de démonstration.")
    click.echo(demo.code(current_app.config["SECRET_KEY"], address))
