"""Erasing the trail between two tests: the database itself refuses it (I6)."""

from models import AuditEntry
from models.base import database
from models.database import is_sqlite

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"


def erase():
    """Erase every line, whatever its age, and put the guards back."""
    if not is_sqlite():
        database.execute_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        AuditEntry.delete().execute()
        database.execute_sql("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        return
    guards = list(database.execute_sql(TRIGGERS))
    for name, _ in guards:
        database.execute_sql(f"DROP TRIGGER {name}")
    AuditEntry.delete().execute()
    for _, definition in guards:
        database.execute_sql(definition)
