"""The training that comes before any right to write (REQ 70; charter, articles 8 and 12)."""

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, local_day, now, today, transaction


class TrainingCompletion(Entity):
    """A professional followed the training on `done_on`, as `recorded_by` attests.

    One mistaken is cancelled, never erased: a right was open because of it.
    """

    account = pw.ForeignKeyField(Account, backref="trainings", on_delete="CASCADE")
    done_on = pw.DateField()
    recorded_by = pw.ForeignKeyField(Account, null=True, backref="+")
    cancelled_at = pw.DateTimeField(null=True)

    @classmethod
    def named(cls):
        """The columns that tell who followed it, and when."""
        return cls.id, cls.code, cls.account, cls.done_on

    @classmethod
    @transaction
    def record(cls, account, done_on, *, by):
        """The completion of that day, once; nobody attests his own training."""
        if done_on > today():
            raise RuleBroken(N_("La formation ne peut pas être datée de demain ou plus tard."))
        if by is not None and by.id == account.id:
            raise RuleBroken(N_("Une autre personne doit noter votre formation."))
        held = cls.of_account(account)
        if held and held.done_on == done_on:
            return held
        completion = cls.create(account=account, done_on=done_on, recorded_by=by)
        audit.record("training:record", completion, by=by, done_on=done_on.isoformat())
        return completion

    @transaction
    def cancel(self, *, by):
        """Take back a completion noted by mistake: the right it opened closes at once."""
        if self.cancelled_at:
            return
        self.cancelled_at = now()
        self.save()
        audit.record("training:cancel", self, by=by)

    @classmethod
    def of_both(cls, account, code):
        """The completion of this account with this public identifier, or a broken rule (I13)."""
        completion = cls.by_code(code)
        if completion is None or completion.account_id != account.id:
            raise RuleBroken(N_("Cette formation n’est pas notée pour cette personne."))
        return completion

    @classmethod
    def lapses(cls, accounts):
        """`{account: the day since which no training of his stands}`, when there was one."""
        rows = cls.select().where(cls.account << accounts).order_by(cls.cancelled_at)
        lapsed = {row.account_id: local_day(row.cancelled_at) for row in rows}
        standing = {row.account_id for row in rows if row.cancelled_at is None}
        return {account: day for account, day in lapsed.items() if account not in standing}

    @classmethod
    def of_account(cls, account):
        """The latest completion that stands, or None."""
        return (
            cls.select()
            .where(cls.account == account, cls.cancelled_at.is_null())
            .order_by(cls.done_on.desc())
            .first()
        )
