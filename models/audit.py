"""Who did what, and when: one entry per act, written in the act's own transaction."""

import peewee as pw

from .base import Entity
from .database import is_sqlite

KEPT_MONTHS = 12


class AuditEntry(Entity):
    """One act, which the database lets nobody change, nor erase before its time (I6).

    `act` is `subject:verb`; `changes` holds values, never a person's words. Who did it is an
    account (`actor_id`) or an accompanied person (`actor_person_id`); `person_id` names the person
    whose file it touched, whom it is shown to, and `organisation_id` where the account stood.
    """

    act = pw.CharField(max_length=60, index=True)
    subject_type = pw.CharField(max_length=40)
    subject_id = pw.BigIntegerField(null=True)
    actor_id = pw.BigIntegerField(null=True, index=True)
    actor_person_id = pw.BigIntegerField(null=True)
    person_id = pw.BigIntegerField(null=True)
    organisation_id = pw.BigIntegerField(null=True)
    changes = pw.JSONField(default=dict)

    class Meta:
        indexes = (
            (("subject_type", "subject_id"), False),
            (("person_id", "id"), False),
            (("created_at",), False),
        )

    @classmethod
    def past_retention(cls):
        """The condition of the lines old enough to go: the clock of the database decides, as it
        does when it refuses to erase a younger one."""
        if is_sqlite():
            limit = pw.fn.datetime("now", f"-{KEPT_MONTHS} months")
        else:
            limit = pw.SQL(f"(now() AT TIME ZONE 'UTC') - interval '{KEPT_MONTHS} months'")
        return cls.created_at < limit


def record(act, subject, *, by=None, person=None, organisation=None, **changes):
    """Write that `by` (an account, an accompanied person, or None for a visitor) did `act` on
    `subject`, in the file of `person` when it belongs to one."""
    is_person = by is not None and by.is_accompanied
    return AuditEntry.create(
        act=act,
        subject_type=type(subject)._meta.table_name,
        subject_id=subject.id,
        actor_id=None if is_person else by and by.id,
        actor_person_id=by.id if is_person else None,
        person_id=person and person.id,
        organisation_id=organisation and organisation.id,
        changes=changes,
    )
