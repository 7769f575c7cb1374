"""What is kept of each task that runs by itself: its latest run, and its latest failure."""

import datetime as dt

import pytest

from models import TaskRun
from models.base import now
from models.retention import forget
from models.task_runs import last_runs, new_worker, run
from models.tasks import DAY, TASKS, Task

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def later(time_machine):
    """So many hours pass; the clock stands still between."""
    moments = [dt.datetime.now(dt.UTC)]
    time_machine.move_to(moments[0], tick=False)

    def move(hours):
        moments.append(moments[-1] + dt.timedelta(hours=hours))
        time_machine.move_to(moments[-1], tick=False)

    return move


class Unlucky(Exception):
    pass


def fail():
    raise Unlucky("Samia Famille n’est pas venue")


def task(act, name="ronde"):
    return Task(name, act, DAY, "Faire la ronde.")


def state(act=fail, name="ronde"):
    [one] = last_runs([task(act, name)])
    return one


def test_a_task_that_never_ran_has_no_run():
    assert state()[1:] == (None, 0, None)


def test_a_worker_keeps_one_line_for_each_task():
    worker = new_worker()
    for done in (3, 0, 4):
        assert run(task(lambda done=done: done), worker) == done
    assert TaskRun.select().count() == 1
    assert (state().latest.done, state().total) == (4, 7)


def test_the_latest_run_is_told_whichever_process_did_it(later):
    """« One process or many »."""
    first, second = new_worker(), new_worker()
    run(task(lambda: 1), first)
    later(hours=1)
    run(task(lambda: 20), second)
    assert (state().latest.done, state().total) == (20, 21)
    later(hours=1)
    run(task(lambda: 300), first)
    assert (state().latest.done, state().total) == (300, 321)


def test_a_failure_is_told_by_its_class_alone():
    """A message could name somebody."""
    with pytest.raises(Unlucky):
        run(task(fail), new_worker())
    assert state().latest.has_failed
    assert state().failure.error == "Unlucky"
    assert "Samia" not in str([one.__data__ for one in TaskRun.select()])


def test_a_failure_stays_told_after_a_success(later):
    worker = new_worker()
    with pytest.raises(Unlucky):
        run(task(fail), worker)
    later(hours=1)
    run(task(lambda: 2), worker)
    one = state()
    assert not one.latest.has_failed
    assert one.failure.failed_at < one.latest.ended_at


def test_a_task_that_is_left_undone_for_two_days_is_said_to_be_forgotten(later):
    run(task(lambda: 0), new_worker())
    later(hours=47)
    assert not state().is_forgotten
    later(hours=2)
    assert state().is_forgotten


def test_runs_are_forgotten_after_thirty_days():
    for days in (29, 31):
        TaskRun.note("ronde", new_worker(), now() - dt.timedelta(days=days))
    TaskRun.update(ended_at=TaskRun.started_at).execute()
    assert forget()[TaskRun] == 1
    assert TaskRun.select().count() == 1


def test_all_tasks_are_told_in_three_queries(queries):
    for one in TASKS:
        TaskRun.note(one.name, "ici", now())
    del queries[:]
    assert all(one.latest for one in last_runs(TASKS))
    assert len(queries) == 3


def test_every_task_says_what_it_does_and_has_its_own_name():
    assert all(one.said for one in TASKS)
    assert len({one.name for one in TASKS}) == len(TASKS)
