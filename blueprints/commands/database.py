"""`flask database …`: the schema and the search index."""

import click
from flask.cli import AppGroup

import models.database
from models import retention, rotation
from models.search_index import current_index

from .connection import connected

group = AppGroup("database", help="Le schéma de la base et l’index de recherche.")


@group.command("migrate")
def migrate():
    """Met le schéma à jour et écrit le nom de chaque migration appliquée.

    L’index suit : il est refait quand la façon de lire les mots a changé.
    """
    for name in models.database.migrate():
        click.echo(name)
    with connected():
        rotation.check()
        index = current_index()
        if not index.is_current():
            index.rebuild()


@group.command("index")
def rebuild():
    """Reconstruit l’index de recherche."""
    with connected():
        current_index().rebuild()


@group.command("forget")
def forget():
    """Oublie ce qui a fait son temps : courriels finis, connexions closes, liens morts.

    À lancer une fois par jour ; le lancer deux fois ne change rien.
    """
    with connected():
        counts = retention.forget()
    click.echo(", ".join(f"{table._meta.table_name} {rows}" for table, rows in counts.items()))
