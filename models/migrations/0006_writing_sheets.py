"""What the writing of sheets needs: who wrote, version by version, and what v1 lacks of a sheet."""

import peewee as pw

COLUMNS = {
    "outcome_rate": pw.DoubleField(null=True),
    "outcome_count": pw.IntegerField(null=True),
    "outcome_year": pw.SmallIntegerField(null=True),
    "outcome_source": pw.TextField(null=True),
    "testimonials": pw.JSONField(null=True),
    "attached": pw.JSONField(null=True),
    "edition": pw.IntegerField(default=0),
    "submitted_at": pw.DateTimeField(null=True),
    "published_at": pw.DateTimeField(null=True),
}


def up(migrator, db):
    class Account(pw.Model):
        class Meta:
            database = db
            table_name = "account"

    class Action(pw.Model):
        class Meta:
            database = db
            table_name = "action"

    for name, field in COLUMNS.items():
        migrator.migrate(migrator.add_column("action", name, field))
    # A list by default has no writing that both engines take: it is filled in, then required.
    db.execute_sql("UPDATE action SET testimonials = '[]', attached = '[]'")
    for name in ("testimonials", "attached"):
        migrator.migrate(migrator.add_not_null("action", name))

    class ActionVersion(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        action = pw.ForeignKeyField(Action, on_delete="CASCADE")
        number = pw.IntegerField()
        act = pw.CharField(max_length=40)
        account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        words = pw.TextField(default="")
        content = pw.JSONField(null=True)

        class Meta:
            database = db
            table_name = "action_version"
            indexes = ((("action", "number"), True),)

    db.create_tables([ActionVersion])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("action_version"))
    for name in COLUMNS:
        migrator.migrate(migrator.drop_column("action", name))
