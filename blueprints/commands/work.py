"""`flask work`: what the service does by itself, and the e-mails that follow from it."""

import logging

import click
import peewee
from flask import current_app
from flask.cli import with_appcontext

from models.tasks import TASKS

from .. import mail
from .connection import connected
from .stopping import stopped_by_signal

journal = logging.getLogger(__name__)


@click.command(
    "work", help="Faire ce que le service fait de lui-même\u00a0: rappels, alertes, dépôts."
)
@click.option("--every", type=click.IntRange(1), help="Recommencer toutes les N secondes.")
@with_appcontext
def work(every):
    """Fait chaque tâche, puis envoie les courriels ; SIGTERM arrête entre deux tâches."""
    stop = stopped_by_signal()
    _run_all(stop)
    while every and not stop.wait(every):
        _run_all(stop)


def _run_all(stop):
    for name, task in TASKS.items():
        if stop.is_set():
            return
        _run(name, task)
    if current_app.config["MAIL_SERVER"] and not stop.is_set():
        _run("e-mails", lambda: mail.send_due(is_stopped=stop.is_set).total())


def _run(name, task):
    """One line for what was done; a task that fails is told, and tried again the next time."""
    try:
        with connected():
            done = task()
    except peewee.OperationalError:
        click.echo("La base de données ne répond pas.", err=True)
        return
    except Exception:
        journal.exception("task %s failed", name)
        return
    if done:
        click.echo(f"{name} : {done}")
