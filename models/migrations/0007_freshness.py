"""What keeps sheets true: the reminders that ask for a confirmation, and proposed corrections."""

import peewee as pw


def up(migrator, db):
    class Account(pw.Model):
        class Meta:
            database = db
            table_name = "account"

    class Action(pw.Model):
        class Meta:
            database = db
            table_name = "action"

    class ReviewReminder(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        action = pw.ForeignKeyField(Action, on_delete="CASCADE")
        account = pw.ForeignKeyField(Account, on_delete="CASCADE")
        token_hash = pw.CharField(unique=True, max_length=64)
        expires_at = pw.DateTimeField(index=True)
        used_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "review_reminder"

    class Correction(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        action = pw.ForeignKeyField(Action, on_delete="CASCADE")
        account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        topics = pw.JSONField(default=list)
        proposed = pw.JSONField(default=dict)
        seen = pw.IntegerField()
        message = pw.TextField(default="")
        state = pw.CharField(index=True, max_length=40, default="ouverte")
        answer = pw.TextField(default="")
        taken = pw.JSONField(default=list)
        decided_by = pw.ForeignKeyField(Account, null=True, backref="+", on_delete="SET NULL")
        decided_at = pw.DateTimeField(null=True, index=True)

        class Meta:
            database = db
            table_name = "correction"

    db.create_tables([ReviewReminder, Correction])


def down(migrator, db):
    for table in ("correction", "review_reminder"):
        migrator.migrate(migrator.drop_table(table))
