"""The outbox: e-mails to send, one at a time and never twice."""

import peewee as pw


def up(migrator, db):
    class OutgoingEmail(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        kind = pw.CharField(max_length=60)
        recipient = pw.CharField(null=True, max_length=254)
        language = pw.CharField(max_length=5)
        sealed_values = pw.TextField(null=True)
        state = pw.CharField(max_length=40, default="en-attente")
        attempts = pw.SmallIntegerField(default=0)
        next_attempt_at = pw.DateTimeField(null=True)
        claimed_at = pw.DateTimeField(null=True)
        sent_at = pw.DateTimeField(null=True)
        ended_at = pw.DateTimeField(index=True, null=True)
        last_error = pw.CharField(null=True, max_length=40)
        message_id = pw.CharField(max_length=40)

        class Meta:
            database = db
            table_name = "outgoing_email"
            indexes = ((("state", "next_attempt_at"), False),)

    db.create_tables([OutgoingEmail])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("outgoing_email"))
