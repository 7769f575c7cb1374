"""What the commands share: the database, how they give up, and a line of progress."""

import contextlib
import sys

import click

from models.base import database
from models.rotation import WrongKey

from .. import keys


@contextlib.contextmanager
def connected():
    """Open the database when nobody has; whoever opened it closes it. A command ends here when the
    data are sealed under a key that it lacks: the database was silent when it started."""
    opened = database.connection_context() if database.is_closed() else contextlib.nullcontext()
    with opened:
        try:
            keys.check_once()
        except WrongKey as wrong:
            fail(keys.sentence(wrong))
        yield


def fail(sentence):
    click.echo(sentence, err=True)
    raise SystemExit(1)


def show_progress(done, total):
    """« 400 / 1 000 », rewritten in place; nothing when the output is not a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r{done} / {total}", err=True, nl=done >= total)
