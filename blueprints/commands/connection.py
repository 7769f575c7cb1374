"""What the commands share: the database, and a line of progress for whoever watches."""

import contextlib
import sys

import click

from models.base import database


@contextlib.contextmanager
def connected():
    """Open the database when nobody has; whoever opened it closes it."""
    if not database.is_closed():
        yield
        return
    with database.connection_context():
        yield


def show_progress(done, total):
    """« 400 / 1 000 », rewritten in place; nothing when the output is not a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r{done} / {total}", err=True, nl=done >= total)
