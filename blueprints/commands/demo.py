"""`flask demo …`: the demonstration world and the ways into it."""

import click
from flask import current_app
from flask.cli import AppGroup

from models.exchange import demo
from models.exchange.demo_persons import KIOSK_IDENTIFIER
from models.persons.codes import shown

from .connection import connected, fail
from .exchange import tell

PERSON = "personne"

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
    La dernière ligne ouvre l’espace d’une personne accompagnée : son identifiant, son code.
    """
    secret = current_app.config["SECRET_KEY"]
    for access in demo.accounts(secret):
        click.echo("\t".join(filter(None, access)))
    own = (shown(KIOSK_IDENTIFIER), shown(demo.access_code(secret)))
    click.echo("\t".join((PERSON, *own)))


@group.command("code")
@click.argument("address")
def code(address):
    """Le code à six chiffres de ce compte de démonstration, en ce moment."""
    if address not in [persona.identifier for persona in demo.PERSONAS]:
        fail(f"« {address} » n’est pas un compte de démonstration.")
    click.echo(demo.code(current_app.config["SECRET_KEY"], address))
