"""Who did what, and when: one entry per act, written in the act's own transaction."""

import peewee as pw

from .base import Entity


class AuditEntry(Entity):
    """One act. `act` is `subject:verb`; `changes` holds values, never a person's words."""

    act = pw.CharField(max_length=60, index=True)
    subject_type = pw.CharField(max_length=40)
    subject_id = pw.BigIntegerField(null=True)
    actor_id = pw.BigIntegerField(null=True, index=True)
    changes = pw.JSONField(default=dict)

    class Meta:
        indexes = ((("subject_type", "subject_id"), False),)


def record(act, subject, *, by=None, **changes):
    """Write that `by` (an account, or None for a visitor) did `act` on `subject`."""
    return AuditEntry.create(
        act=act,
        subject_type=type(subject)._meta.table_name,
        subject_id=subject.id,
        actor_id=by and by.id,
        changes=changes,
    )
