"""Spreadsheets deposited for an organisation, and their rows in slices."""

import peewee as pw


def up(migrator, db):
    class Account(pw.Model):
        class Meta:
            database = db
            table_name = "account"

    class Organisation(pw.Model):
        class Meta:
            database = db
            table_name = "organisation"

    class BulkImport(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        organisation = pw.ForeignKeyField(Organisation, on_delete="CASCADE")
        account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        publisher = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        state = pw.CharField(max_length=40, index=True)
        columns = pw.JSONField()
        ignored = pw.JSONField()
        done = pw.IntegerField(default=0)
        total = pw.IntegerField(default=0)
        row_count = pw.IntegerField(default=0)
        new_count = pw.IntegerField(default=0)
        changed_count = pw.IntegerField(default=0)
        unchanged_count = pw.IntegerField(default=0)
        refused_count = pw.IntegerField(default=0)
        error_count = pw.IntegerField(default=0)
        errors = pw.JSONField()
        sample = pw.JSONField()
        trouble = pw.TextField(default="")
        former_state = pw.CharField(max_length=40, null=True)
        touched_at = pw.DateTimeField()
        applied_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "bulk_import"

    class BulkChunk(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        bulk = pw.ForeignKeyField(BulkImport, on_delete="CASCADE")
        number = pw.IntegerField()
        stage = pw.SmallIntegerField(default=0)
        rows = pw.JSONField()

        class Meta:
            database = db
            table_name = "bulk_chunk"
            indexes = ((("bulk", "number"), True),)

    db.create_tables([BulkImport, BulkChunk])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("bulk_chunk"))
    migrator.migrate(migrator.drop_table("bulk_import"))
