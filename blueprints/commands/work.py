"""`flask work` and `flask tasks`: what the service does by itself, and the e-mails that follow."""

import logging
import time

import click
import peewee
from flask.cli import AppGroup, with_appcontext

from models.task_runs import new_worker, run
from models.tasks import TASKS

from .. import mail
from .connection import connected, fail
from .stopping import stopped_by_signal

journal = logging.getLogger(__name__)


@click.command(
    "work", help="Faire ce que le service fait de lui-même\u00a0: rappels, alertes, envois."
)
@click.option("--every", type=click.IntRange(1), help="Recommencer toutes les N secondes.")
@with_appcontext
def work(every):
    """Fait chaque tâche à son heure, puis envoie les courriels ; SIGTERM arrête entre deux."""
    stop, done_at, worker = stopped_by_signal(), {}, new_worker()
    _run_due(stop, done_at, worker)
    while every and not stop.wait(every):
        _run_due(stop, done_at, worker)


def _run_due(stop, done_at, worker):
    for task in (*TASKS, *mail.sending_tasks(stop.is_set)):
        waited = time.monotonic() - done_at.get(task.name, float("-inf"))
        if not stop.is_set() and waited >= task.every.total_seconds():
            done = _run(task, worker)
            if done:
                click.echo(f"{task.name} : {done}")
            done_at[task.name] = time.monotonic()


def _run(task, worker):
    """How many things were done; None when it failed: it is told, and leaves the others to run."""
    try:
        with connected():
            return run(task, worker)
    except peewee.OperationalError:
        click.echo("La base de données ne répond pas.", err=True)
    except Exception:
        journal.exception("task %s failed", task.name)
    return None


tasks = AppGroup("tasks", help="Les tâches que le service fait de lui-même\u00a0: lister, lancer.")


@tasks.command("list")
def list_tasks():
    """Le nom de chaque tâche et ce qu’elle fait."""
    for task in (*TASKS, *mail.sending_tasks()):
        click.echo(f"{task.name} : {task.said}")


@tasks.command("run")
@click.argument("names", nargs=-1)
def run_tasks(names):
    """Fait une fois chacune de ces tâches, ou toutes ; SIGTERM arrête entre deux.

    Deux lancements à la fois ne font rien deux fois. Se termine en erreur quand une tâche échoue.
    """
    stop, worker = stopped_by_signal(), new_worker()
    known = {task.name: task for task in (*TASKS, *mail.sending_tasks(stop.is_set))}
    if unknown := [name for name in names if name not in known]:
        fail(f"Tâche inconnue\u00a0: {', '.join(unknown)}. Les tâches\u00a0: {', '.join(known)}.")
    failed = []
    for name in dict.fromkeys(names or known):
        if not stop.is_set():
            done = _run(known[name], worker)
            click.echo(f"{name} : {'échec' if done is None else done}")
            failed += [name] if done is None else []
    if failed:
        fail(f"En échec\u00a0: {', '.join(failed)}.")
