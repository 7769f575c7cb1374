"""`flask persons …`: forgetting those nobody has been in contact with."""

import click
from flask.cli import AppGroup

from models.persons import forgetting

from .connection import connected

group = AppGroup("persons", help="Les personnes accompagnées\u00a0: oublier à temps.")


@group.command("forget")
@click.option("--for-real", is_flag=True, help="Le faire\u00a0; sans cela, rien n’est écrit.")
def forget(for_real):
    """Dit combien de personnes sont à prévenir, à anonymiser, à supprimer ; le fait si on le veut.

    Coupé, il se relance : ce qui est fait ne se refait pas.
    """
    with connected():
        counts = forgetting.run() if for_real else forgetting.plan()
    for act, count in counts.items():
        click.echo(f"{act} : {count}")
    if not for_real:
        click.echo("Rien n’est fait. Pour le faire\u00a0: flask persons forget --for-real")
