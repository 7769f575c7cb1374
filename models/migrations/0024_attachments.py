"""The papers that go with a prescription, sealed, each whole in its row."""

import peewee as pw


def up(migrator, db):
    class Prescription(pw.Model):
        class Meta:
            database = db
            table_name = "prescription"

    class Attachment(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        prescription = pw.ForeignKeyField(Prescription, on_delete="CASCADE")
        number = pw.SmallIntegerField()
        kind = pw.CharField(max_length=40)
        media_type = pw.CharField(max_length=40)
        size = pw.IntegerField()
        content = pw.BlobField()

        class Meta:
            database = db
            table_name = "attachment"
            indexes = ((("prescription", "number"), True),)

    db.create_tables([Attachment])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("attachment"))
