"""Persons, their agreements, their référents and their sessions; whose file each trace touches."""

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
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        identifier = pw.CharField(unique=True, max_length=8)
        family_name = pw.TextField(null=True)
        given_name = pw.TextField(null=True)
        phone = pw.TextField(null=True)
        email = pw.TextField(null=True)
        family_hash = pw.CharField(null=True, max_length=48)
        given_hash = pw.CharField(null=True, max_length=48)
        phone_hash = pw.CharField(index=True, null=True, max_length=48)
        email_hash = pw.CharField(index=True, null=True, max_length=48)
        birth_year = pw.SmallIntegerField(null=True)
        commune_code = pw.CharField(null=True, max_length=5)
        contact_by = pw.CharField(max_length=40)
        language = pw.CharField(max_length=5)
        receives_rsa = pw.CharField(max_length=40)
        access_hash = pw.CharField(null=True, max_length=200)
        access_made_at = pw.DateTimeField(null=True)
        fresh_access = pw.TextField(null=True)
        fresh_access_for = pw.BigIntegerField(null=True)
        started_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        started_in = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
        last_contact_on = pw.DateField(index=True)
        closed_at = pw.DateTimeField(null=True)
        anonymised_at = pw.DateTimeField(null=True)
        is_demonstration = pw.BooleanField(default=False)

        class Meta:
            database = db
            table_name = "person"
            indexes = ((("family_hash", "given_hash", "birth_year"), False),)

    class PersonSession(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        token_hash = pw.CharField(unique=True, max_length=64)
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        is_shared = pw.BooleanField(default=True)
        seen_at = pw.DateTimeField()
        ended_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "person_session"

    class Agreement(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        slot = pw.CharField(null=True, unique=True, max_length=44)
        domains = pw.JSONField(default=list)
        has_passport = pw.BooleanField(default=False)
        given = pw.CharField(max_length=40)
        paper_reference = pw.CharField(max_length=20, default="")
        signed_on = pw.DateField()
        recorded_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        wording = pw.CharField(max_length=10)
        wording_hash = pw.CharField(max_length=64)
        ends_on = pw.DateField()
        ended_at = pw.DateTimeField(null=True)
        end = pw.CharField(null=True, max_length=40)

        class Meta:
            database = db
            table_name = "agreement"

    class Accompaniment(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        account = pw.ForeignKeyField(Account, on_delete="RESTRICT")
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        role = pw.CharField(max_length=40)
        slot = pw.CharField(null=True, unique=True, max_length=66)
        lead_slot = pw.CharField(null=True, unique=True, max_length=22)
        start_reason = pw.CharField(max_length=40)
        ended_at = pw.DateTimeField(null=True)
        end_reason = pw.CharField(null=True, max_length=40)

        class Meta:
            database = db
            table_name = "accompaniment"
            indexes = ((("account", "ended_at"), False),)

    class PersonNotice(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        news = pw.CharField(max_length=40)
        account_id = pw.BigIntegerField(null=True)
        organisation_id = pw.BigIntegerField(null=True)
        read_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "person_notice"
            indexes = ((("person", "read_at"), False),)

    db.create_tables([Person, PersonSession, Agreement, Accompaniment, PersonNotice])
    for column in COLUMNS:
        migrator.migrate(migrator.add_column("audit_entry", column, pw.BigIntegerField(null=True)))
    migrator.migrate(migrator.add_index("audit_entry", ("person_id", "id"), False))


COLUMNS = ("actor_person_id", "person_id", "organisation_id")


def down(migrator, db):
    migrator.migrate(migrator.drop_index("audit_entry", "audit_entry_person_id_id"))
    for column in COLUMNS:
        migrator.migrate(migrator.drop_column("audit_entry", column))
    for table in ("person_notice", "accompaniment", "agreement", "person_session", "person"):
        migrator.migrate(migrator.drop_table(table))
