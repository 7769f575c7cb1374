"""What a person says is wrong in her file, and what was answered."""

import peewee as pw


def up(migrator, db):
    class Account(pw.Model):
        class Meta:
            database = db
            table_name = "account"

    class Person(pw.Model):
        class Meta:
            database = db
            table_name = "person"

    class Rectification(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        item = pw.CharField(max_length=40)
        proposed = pw.TextField()
        slot = pw.CharField(null=True, unique=True, max_length=64)
        state = pw.CharField(max_length=40)
        refusal = pw.CharField(null=True, max_length=40)
        decided_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        decided_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "rectification"

    db.create_tables([Rectification])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("rectification"))
