"""`flask charter …`: the month's checks, and the text that comes with the portal."""

import click
from flask.cli import AppGroup

from models.base import RuleBroken
from models.charter.checks import Check, run_checks
from models.charter.versions import CharterVersion

from ..languages import say
from .connection import connected

group = AppGroup("charter", help="La charte des partenaires.")


@group.command("check")
def check():
    """Lance les contrôles du mois ; les relancer remplace leurs résultats."""
    with connected():
        results = run_checks()
    for result in results:
        words = f"{Check(result.name).label}\u00a0: {result.outcome.label.lower()}"
        click.echo(f"{words} ({result.good} sur {result.total})")


@group.command("draft")
def draft():
    """Prépare le texte fourni avec le portail comme projet, à relire puis à publier."""
    with connected():
        try:
            version = CharterVersion.draft_of_reference(by=None)
        except RuleBroken as refusal:
            raise click.ClickException(say(refusal)) from None
    click.echo(f"Projet prêt\u00a0: version {version.number}")
