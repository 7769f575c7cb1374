"""`flask accounts …`: the first administrator, and closing an account at once."""

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from models.accounts import links
from models.accounts.account import Account, Role, normal_identifier
from models.accounts.links import Purpose
from models.base import RuleBroken, transaction

from .connection import connected, fail

group = AppGroup("accounts", help="Les comptes\u00a0: ouvrir, désactiver.")


@group.command("create")
@click.argument("address")
@click.argument("name")
@click.option("--role", type=click.Choice([str(role) for role in Role]), default=str(Role.ADMIN))
def create(address, name, role):
    """Ouvre un compte ; la personne choisit son mot de passe par un lien valable 30 jours.

    Sans serveur de courriel, le lien est écrit ici.
    """
    try:
        with connected():
            token = _open(address, name, Role(role))
    except RuleBroken as refusal:
        fail(str(refusal))
    click.echo(f"Compte ouvert\u00a0: {normal_identifier(address)}")
    if not current_app.config.get("MAIL_SERVER"):
        click.echo(f"Lien pour choisir le mot de passe\u00a0: {_link(token)}")


@transaction
def _open(address, name, role):
    return links.send(Purpose.WELCOME, Account.register(address, name, role=role))


def _link(token):
    where = current_app.config.get("MAIL_LINKS") or current_app.config["PUBLIC_URL"] or None
    with current_app.test_request_context(base_url=where):
        return url_for("accounts.choose_password", token=token, _external=True)


@group.command("deactivate")
@click.argument("address")
def deactivate(address):
    """Désactive un compte et ferme ses connexions."""
    with connected():
        account = Account.of_identifier(address)
        if account is None:
            fail(f"Aucun compte actif n’a l’adresse «\u00a0{address}\u00a0».")
        account.deactivate()
    click.echo(f"Compte désactivé\u00a0: {account.identifier}")
