"""A count gives up rather than wait for another writer: the page that counts is read meanwhile."""

import threading

import peewee as pw
import pytest

import models.database
from models import UnmetNeed
from models.action_bank.search import Search, search
from models.base import database, today


@pytest.fixture
def writer(engine):
    """Somebody else, in the middle of counting the same need."""
    models.database.bind(engine)
    is_writing, is_over = threading.Event(), threading.Event()

    def write():
        with database.connection_context(), database.atomic() as undone:
            UnmetNeed.create(theme="mobilite", place="", month=today().replace(day=1))
            is_writing.set()
            is_over.wait(60)
            undone.rollback()

    thread = threading.Thread(target=write)
    thread.start()
    is_writing.wait(60)
    yield
    is_over.set()
    thread.join()
    database.obj.close_all()


@pytest.mark.usefixtures("writer")
def test_a_busy_database_loses_the_count_and_not_the_page():
    wanted = Search(text="permis de conduire")
    with database.connection_context():
        results = search(wanted)
        assert not UnmetNeed.note(wanted, results)
        # The connection is whole, and its patience is back.
        assert search(wanted).found.total == 0
        if models.database.is_sqlite():
            [patience] = database.execute_sql("PRAGMA busy_timeout").fetchone()
            assert patience == models.database.BUSY_SECONDS * 1000


def test_other_faults_are_not_hidden(db):
    with pytest.raises(pw.IntegrityError), models.database.in_haste():
        UnmetNeed.create(theme=None, place="", month=today())
