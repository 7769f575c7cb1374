"""`flask exchange …`: data·inclusion documents in and out."""

import click
from flask.cli import AppGroup

from models.exchange.exporting import export_file
from models.exchange.importing import import_file
from models.exchange.reading import UnusableFile

from .connection import connected, fail, show_progress

group = AppGroup("exchange", help="Documents data·inclusion\u00a0: importer, exporter.")


@group.command("import")
@click.argument("file", type=click.Path())
@click.option("--dry-run", is_flag=True, help="Tout faire, puis tout défaire.")
def import_(file, dry_run):
    """Importe un document et dit pourquoi des enregistrements sont refusés."""
    try:
        with connected():
            report = import_file(file, dry_run=dry_run, progress=show_progress)
    except UnusableFile as fault:
        fail(str(fault))
    tell(report)


@group.command("export")
@click.argument("file", type=click.Path())
def export(file):
    """Exporte les fiches publiées et leurs organisations."""
    try:
        with connected():
            report = export_file(file, progress=show_progress)
    except OSError:
        fail(f"Le fichier «\u00a0{file}\u00a0» ne peut pas être écrit.")
    for sentence in report.sentences:
        click.echo(sentence)
    click.echo(f"{report.organisations} organisations, {report.actions} fiches")
    if report.sentences:
        raise SystemExit(1)


def tell(report):
    """Print the report of an import, and end with a failure when a record was refused."""
    for sentence in report.sentences:
        click.echo(sentence)
    click.echo(f"Organisations\u00a0: {_counts(report.organisations)}")
    click.echo(_counts(report.actions))
    if report.sentences:
        raise SystemExit(1)


def _counts(tally):
    return (
        f"{tally.created} créées, {tally.updated} mises à jour, "
        f"{tally.unchanged} inchangées, {tally.rejected} rejetées"
    )
