"""What was done of each task, and when it last failed: read by the administration alone."""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from .base import Entity, new_code, now, transaction

# A task of the day that was not run for so long is said to be forgotten.
FORGOTTEN_AFTER = dt.timedelta(days=2)


class TaskRun(Entity):
    """The latest run of a task by one worker (a process, from its start to its end). `done` is what
    that run did, `total` what this worker did since it started. A failure keeps its moment and the
    name of its class: never a message, which could name somebody."""

    name = pw.CharField(max_length=60)
    worker = pw.CharField(max_length=10)
    started_at = pw.DateTimeField()
    ended_at = pw.DateTimeField(index=True)
    done = pw.IntegerField(default=0)
    total = pw.BigIntegerField(default=0)
    failed_at = pw.DateTimeField(null=True)
    error = pw.CharField(max_length=60, null=True)

    class Meta:
        indexes = (
            (("worker", "name"), True),
            (("name", "ended_at"), False),
        )

    @property
    def has_failed(self):
        return self.failed_at is not None and self.failed_at == self.ended_at

    @classmethod
    @transaction
    def note(cls, name, worker, started_at, *, done=0, error=None):
        """A run that ends now; `error` is the class of what stopped it."""
        ended = {"started_at": started_at, "ended_at": now(), "done": done}
        if error:
            ended |= {"failed_at": ended["ended_at"], "error": error.__name__[:60]}
        mine = (cls.worker == worker) & (cls.name == name)
        if not cls.update(total=cls.total + done, **ended).where(mine).execute():
            cls.create(name=name, worker=worker, total=done, **ended)


class LastRuns(NamedTuple):
    """A task as the administration reads it: its latest run, what was done in all of those kept,
    and the latest that failed; None when there is none."""

    task: object
    latest: TaskRun | None
    total: int
    failure: TaskRun | None

    @property
    def is_forgotten(self):
        return self.latest is not None and self.latest.ended_at < now() - FORGOTTEN_AFTER


def new_worker():
    """The name of this process in the runs."""
    return new_code()


def run(task, worker):
    """Run a task and write it down; answers how many things it did, raises what it raises."""
    started_at = now()
    try:
        done = task.act()
    except Exception as error:
        TaskRun.note(task.name, worker, started_at, error=type(error))
        raise
    TaskRun.note(task.name, worker, started_at, done=done)
    return done


def last_runs(tasks):
    """`[LastRuns]` of these tasks, in their order: three queries."""
    latest, failures = _last(TaskRun.ended_at), _last(TaskRun.failed_at)
    counted = TaskRun.select(TaskRun.name, pw.fn.SUM(TaskRun.total)).group_by(TaskRun.name)
    totals = dict(counted.tuples())
    return [
        LastRuns(one, latest.get(one.name), int(totals.get(one.name, 0)), failures.get(one.name))
        for one in tasks
    ]


def _last(moment):
    """`{name: run}` with the latest of these moments."""
    run = TaskRun.alias()
    last = (
        run.select(run.name, pw.fn.MAX(getattr(run, moment.name)).alias("at"))
        .where(getattr(run, moment.name).is_null(False))
        .group_by(run.name)
    )
    joined = (TaskRun.name == last.c.name) & (moment == last.c.at)
    return {row.name: row for row in TaskRun.select().join(last, on=joined)}
