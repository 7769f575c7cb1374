"""Liaison sheets on accepted prescriptions: their notes, and the links of employers."""

import peewee as pw


def up(migrator, db):
    def known(name):
        meta = type("Meta", (), {"database": db, "table_name": name})
        return type(name, (pw.Model,), {"Meta": meta})

    class LiaisonSheet(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        prescription = pw.ForeignKeyField(known("prescription"), on_delete="CASCADE")
        slot = pw.CharField(max_length=22, null=True, unique=True)
        given = pw.CharField(max_length=40)
        account = pw.ForeignKeyField(known("account"), null=True, on_delete="SET NULL")
        organisation = pw.ForeignKeyField(known("organisation"), null=True, on_delete="SET NULL")
        shown = pw.TextField(null=True)
        ended_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "liaison_sheet"

    class LiaisonNote(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        sheet = pw.ForeignKeyField(LiaisonSheet, on_delete="CASCADE")
        content = pw.TextField()
        since = pw.DateField()
        is_urgent = pw.BooleanField()
        state = pw.CharField(max_length=40)
        account = pw.ForeignKeyField(known("account"), null=True, on_delete="SET NULL")
        taken_by = pw.ForeignKeyField(
            known("account"), null=True, on_delete="SET NULL", backref="+"
        )
        taken_at = pw.DateTimeField(null=True)
        lifted_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "liaison_note"

    class EmployerLink(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        sheet = pw.ForeignKeyField(LiaisonSheet, on_delete="CASCADE")
        token_hash = pw.CharField(max_length=64, unique=True)
        slot = pw.CharField(max_length=22, null=True, unique=True)
        expires_at = pw.DateTimeField()

        class Meta:
            database = db
            table_name = "employer_link"

    db.create_tables([LiaisonSheet, LiaisonNote, EmployerLink])


def down(migrator, db):
    for table in ("employer_link", "liaison_note", "liaison_sheet"):
        migrator.migrate(migrator.drop_table(table))
