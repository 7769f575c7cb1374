"""What became of needs between the entry and the exit, counted without anybody’s name."""

import peewee as pw


def up(migrator, db):
    class YearOfPassages(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        year = pw.SmallIntegerField(unique=True)
        counts = pw.TextField()

        class Meta:
            database = db
            table_name = "year_of_passages"

    db.create_tables([YearOfPassages])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("year_of_passages"))
