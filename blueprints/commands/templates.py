"""`flask templates …`: the questions of the diagnostic that come with the portal."""

import click
from flask.cli import AppGroup

from models.questionnaire.versions import TemplateVersion

from .connection import connected

group = AppGroup("templates", help="La trame unique et la grille des potentialités.")


@group.command("load")
def load():
    """Publie la trame et la grille fournies avec le portail, là où il n’y en a pas encore."""
    with connected():
        published = TemplateVersion.load_reference()
    for version in published:
        click.echo(f"Publiée\u00a0: {version.template.title.fr}, version {version.number}")
    if not published:
        click.echo("Rien à faire\u00a0: la trame et la grille sont déjà publiées.")
