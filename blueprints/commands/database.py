"""`flask database …`: the schema and the search index."""

import click
from flask.cli import AppGroup

import models.database
from models.search_index import current_index

from .connection import connected

group = AppGroup("database", help="Le schéma de la base et l’index de recherche.")


@group.command("migrate")
def migrate():
    """Met le schéma à jour et écrit le nom de chaque migration appliquée."""
    for name in models.database.migrate():
        click.echo(name)


@group.command("index")
def index():
    """Reconstruit l’index de recherche."""
    with connected():
        current_index().rebuild()
