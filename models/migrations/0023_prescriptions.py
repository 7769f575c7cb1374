"""Prescriptions, their history, and the links by which they are answered."""

import peewee as pw


def up(migrator, db):
    def known(name):
        meta = type("Meta", (), {"database": db, "table_name": name})
        return type(name, (pw.Model,), {"Meta": meta})

    class Prescription(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(known("person"), null=True, on_delete="CASCADE")
        action = pw.ForeignKeyField(known("action"), null=True, on_delete="SET NULL")
        provider = pw.ForeignKeyField(known("organisation"), on_delete="RESTRICT", backref="+")
        account = pw.ForeignKeyField(known("account"), null=True, on_delete="SET NULL")
        organisation = pw.ForeignKeyField(known("organisation"), on_delete="RESTRICT", backref="+")
        step = pw.ForeignKeyField(known("plan_step"), null=True, on_delete="SET NULL")
        slot = pw.CharField(max_length=44, null=True, unique=True)
        state = pw.CharField(max_length=40)
        content = pw.TextField(null=True)
        revision = pw.IntegerField()
        given = pw.CharField(max_length=40, null=True)
        is_bound = pw.BooleanField()
        sent_at = pw.DateTimeField(null=True)
        expires_at = pw.DateTimeField(null=True)
        reminded_at = pw.DateTimeField(null=True)
        answered_at = pw.DateTimeField(null=True)
        refusals = pw.JSONField()
        other_day = pw.DateField(null=True)
        starts_on = pw.DateField(null=True)
        outcome = pw.CharField(max_length=40, null=True)
        outcome_on = pw.DateField(null=True)
        ended_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "prescription"
            indexes = (
                (("person", "state"), False),
                (("provider", "state", "sent_at"), False),
                (("state", "expires_at"), False),
                (("organisation", "sent_at"), False),
            )

    class Transition(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        prescription = pw.ForeignKeyField(Prescription, on_delete="CASCADE")
        move = pw.CharField(max_length=40)
        side = pw.CharField(max_length=40)
        account = pw.ForeignKeyField(known("account"), null=True, on_delete="SET NULL")
        organisation = pw.ForeignKeyField(known("organisation"), null=True, on_delete="SET NULL")
        said = pw.JSONField()

        class Meta:
            database = db
            table_name = "transition"

    class AnswerLink(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        prescription = pw.ForeignKeyField(Prescription, on_delete="CASCADE")
        recipient = pw.CharField(max_length=254)
        token_hash = pw.CharField(max_length=64, unique=True)
        slot = pw.CharField(max_length=22, null=True, unique=True)
        expires_at = pw.DateTimeField(index=True)
        opened_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "answer_link"

    db.create_tables([Prescription, Transition, AnswerLink])


def down(migrator, db):
    for table in ("answer_link", "transition", "prescription"):
        migrator.migrate(migrator.drop_table(table))
