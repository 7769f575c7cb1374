"""Pathways and their times; requests to accompany somebody, and handovers between référents."""

import peewee as pw


def up(migrator, db):
    class Organisation(pw.Model):
        class Meta:
            database = db
            table_name = "organisation"

    class Account(pw.Model):
        class Meta:
            database = db
            table_name = "account"

    class Person(pw.Model):
        class Meta:
            database = db
            table_name = "person"

    class Pathway(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        slot = pw.CharField(null=True, unique=True, max_length=22)
        started_on = pw.DateField()
        ended_on = pw.DateField(null=True)
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        kind = pw.CharField(max_length=40)
        reason = pw.CharField(max_length=40)
        end = pw.CharField(null=True, max_length=40)

        class Meta:
            database = db
            table_name = "pathway"

    class PathwayTime(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        slot = pw.CharField(null=True, unique=True, max_length=22)
        started_on = pw.DateField()
        ended_on = pw.DateField(null=True)
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        time = pw.CharField(max_length=40)
        end = pw.CharField(null=True, max_length=40)

        class Meta:
            database = db
            table_name = "pathway_time"

    class AccompanimentRequest(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(Person, null=True, on_delete="CASCADE")
        account = pw.ForeignKeyField(Account, on_delete="RESTRICT")
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        expires_on = pw.DateField()
        answer = pw.CharField(null=True, max_length=40)
        answered_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "accompaniment_request"
            indexes = ((("account", "created_at"), False),)

    class Handover(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        account = pw.ForeignKeyField(Account, on_delete="RESTRICT")
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        slot = pw.CharField(null=True, unique=True, max_length=22)
        reason = pw.CharField(max_length=40)
        start_reason = pw.CharField(max_length=40)
        stays = pw.BooleanField(default=False)
        expires_on = pw.DateField()
        end = pw.CharField(null=True, max_length=40)
        ended_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "handover"
            indexes = ((("account", "ended_at"), False),)

    db.create_tables([Pathway, PathwayTime, AccompanimentRequest, Handover])


def down(migrator, db):
    for table in ("handover", "accompaniment_request", "pathway_time", "pathway"):
        migrator.migrate(migrator.drop_table(table))
