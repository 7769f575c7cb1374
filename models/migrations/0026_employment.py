"""Entries into employment, and their points at 1, 3 and 6 months."""

import peewee as pw


def up(migrator, db):
    def known(name):
        meta = type("Meta", (), {"database": db, "table_name": name})
        return type(name, (pw.Model,), {"Meta": meta})

    class EmploymentEntry(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(known("person"), on_delete="CASCADE")
        started_on = pw.DateField()
        prescription = pw.ForeignKeyField(known("prescription"), null=True, on_delete="SET NULL")
        account = pw.ForeignKeyField(known("account"), null=True, on_delete="SET NULL")
        organisation = pw.ForeignKeyField(known("organisation"), null=True, on_delete="SET NULL")
        slot = pw.CharField(max_length=22, null=True, unique=True)
        ended_at = pw.DateTimeField(null=True)
        end = pw.CharField(max_length=40, null=True)

        class Meta:
            database = db
            table_name = "employment_entry"

    class EmploymentPoint(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        entry = pw.ForeignKeyField(EmploymentEntry, on_delete="CASCADE")
        months = pw.SmallIntegerField()
        due_on = pw.DateField(index=True)
        asked_at = pw.DateTimeField(null=True)
        token_hash = pw.CharField(max_length=64, null=True, unique=True)
        link_ends_at = pw.DateTimeField(null=True)
        answer = pw.CharField(max_length=40, null=True)
        answered_at = pw.DateTimeField(null=True)
        how = pw.CharField(max_length=40, null=True)
        account = pw.ForeignKeyField(known("account"), null=True, on_delete="SET NULL")
        told_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "employment_point"

    db.create_tables([EmploymentEntry, EmploymentPoint])


def down(migrator, db):
    for table in ("employment_point", "employment_entry"):
        migrator.migrate(migrator.drop_table(table))
