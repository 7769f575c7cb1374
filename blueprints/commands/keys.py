"""`flask keys …`: which key seals what, and changing it while the service works."""

import click
from flask.cli import AppGroup

from models import rotation, sealing

from .connection import connected
from .exchange import fail
from .stopping import stopped_by_signal

group = AppGroup("keys", help="Les clés qui scellent la base\u00a0: où elles servent, les changer.")


@group.command("status")
def status():
    """Dit combien de textes chaque clé scelle, table par table ; aucune clé n’est écrite."""
    with connected():
        counts = rotation.status()
    click.echo(f"Clé en cours\u00a0: {sealing.present_id()}")
    for (table, key_id), count in sorted(counts.items(), key=lambda line: _place(*line[0])):
        former = "" if key_id == sealing.present_id() else " (ancienne clé)"
        click.echo(f"{table._meta.table_name}\u00a0: {count} sous {key_id}{former}")


def _place(table, key_id):
    return table._meta.table_name, key_id


@group.command("rotate")
def rotate():
    """Scelle sous la clé en cours, DATA_KEY, ce qui l’est sous celles de DATA_KEYS_FORMER.

    Le service peut rester ouvert. Arrêtée, la commande reprend où elle en était.
    """
    stop = stopped_by_signal()
    with connected():
        outcome = rotation.rotate(progress=_tell, is_stopped=stop.is_set)
    click.echo(f"Lignes scellées à nouveau\u00a0: {outcome.done}. Restent\u00a0: {outcome.left}.")
    if outcome.unreadable:
        fail(f"Lignes qu’aucune clé donnée n’ouvre\u00a0: {outcome.unreadable}. Gardez les clés.")
    if outcome.left:
        fail("Ce n’est pas fini\u00a0: relancez «\u00a0flask keys rotate\u00a0».")
    click.echo("Plus rien n’est sous une ancienne clé\u00a0: ôtez DATA_KEYS_FORMER des réglages.")


def _tell(table, done):
    click.echo(f"{table._meta.table_name}\u00a0: {done}", err=True)
