"""`flask work`: what the service does by itself, and the e-mails that follow from it."""

import logging
import time

import click
import peewee
from flask import current_app
from flask.cli import with_appcontext

from models.tasks import AT_ONCE, TASKS, Task

from .. import mail
from .connection import connected
from .stopping import stopped_by_signal

journal = logging.getLogger(__name__)


@click.command(
    "work", help="Faire ce que le service fait de lui-même\u00a0: rappels, alertes, envois."
)
@click.option("--every", type=click.IntRange(1), help="Recommencer toutes les N secondes.")
@with_appcontext
def work(every):
    """Fait chaque tâche à son heure, puis envoie les courriels ; SIGTERM arrête entre deux."""
    stop, done_at = stopped_by_signal(), {}
    _run_due(stop, done_at)
    while every and not stop.wait(every):
        _run_due(stop, done_at)


def _run_due(stop, done_at):
    for task in (*TASKS, *_sending(stop)):
        waited = time.monotonic() - done_at.get(task.name, float("-inf"))
        if not stop.is_set() and waited >= task.every.total_seconds():
            _run(task)
            done_at[task.name] = time.monotonic()


def _sending(stop):
    if not current_app.config["MAIL_SERVER"]:
        return ()
    return (Task("courriels", lambda: mail.send_due(is_stopped=stop.is_set).total(), AT_ONCE),)


def _run(task):
    """A line for what was done. A task that fails is told, and leaves the others to run."""
    try:
        with connected():
            done = task.act()
    except peewee.OperationalError:
        click.echo("La base de données ne répond pas.", err=True)
    except Exception:
        journal.exception("task %s failed", task.name)
    else:
        if done:
            click.echo(f"{task.name} : {done}")
