"""What became of needs between the entry and the exit, counted without anybody’s name."""

import peewee as pw


def up(migrator, db):
    class DomainPassage(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        year = pw.SmallIntegerField()
        domain = pw.CharField(max_length=40)
        entry = pw.CharField(max_length=40)
        exit = pw.CharField(max_length=40)
        persons = pw.IntegerField()

        class Meta:
            database = db
            table_name = "domain_passage"
            indexes = ((("year", "domain", "entry", "exit"), True),)

    db.create_tables([DomainPassage])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("domain_passage"))
