"""The trail is written once: the database refuses to change it, and to erase it early (I6)."""

import datetime as dt

import peewee
import pytest

from models import AuditEntry
from models.base import database, now
from models.database import is_sqlite
from models.retention import forget
from tests import trail

pytestmark = pytest.mark.usefixtures("db")
YEAR = dt.timedelta(days=366)


def line(**values):
    return AuditEntry.create(**{"act": "session:open", "subject_type": "account"} | values)


def refused(act):
    with pytest.raises(peewee.IntegrityError, match="audit_entry"), database.atomic():
        act()
    return True


def test_no_line_is_changed():
    """I6: neither through an entity nor through a query, whatever its age."""
    one = line(created_at=now() - 2 * YEAR)
    one.act = "session:end"
    assert refused(one.save)
    assert refused(AuditEntry.update(actor_id=None).execute)
    assert AuditEntry.get_by_id(one.id).act == "session:open"


def test_no_line_is_erased_in_its_first_year():
    young = line(created_at=now() - YEAR + dt.timedelta(days=3))
    assert refused(young.delete_instance)
    assert refused(AuditEntry.delete().execute)
    assert AuditEntry.get_by_id(young.id)


def test_a_table_is_not_emptied_at_once():
    line()
    if is_sqlite():
        assert refused(lambda: database.execute_sql("DELETE FROM audit_entry"))
    else:
        assert refused(lambda: database.execute_sql("TRUNCATE audit_entry"))
    assert AuditEntry.select().exists()


def test_what_is_forgotten_after_a_year_is_what_may_be_erased():
    """access.md §4.5: twelve months, by the clock of the database, which no process can set."""
    old = line(created_at=now() - YEAR)
    young = line(created_at=now() - YEAR + dt.timedelta(days=3))
    assert forget()[AuditEntry] == 1
    assert AuditEntry.get_or_none(AuditEntry.id == old.id) is None
    assert AuditEntry.get_by_id(young.id)
    assert forget()[AuditEntry] == 0


def test_an_act_undone_leaves_no_line():
    before = AuditEntry.select().count()
    with database.atomic() as act:
        line()
        act.rollback()
    assert AuditEntry.select().count() == before


def test_the_tests_themselves_put_the_guards_back():
    line()
    trail.erase()
    assert not AuditEntry.select().exists()
    assert refused(AuditEntry.update(act="x").where(AuditEntry.id == line().id).execute)
