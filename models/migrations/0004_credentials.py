"""Second factors, paper codes, one-time links, outside identities, and what sessions must show."""

import peewee as pw


def up(migrator, db):
    class Account(pw.Model):
        class Meta:
            database = db
            table_name = "account"

    class ExternalIdentity(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        account = pw.ForeignKeyField(Account, on_delete="CASCADE")
        issuer = pw.CharField(max_length=200)
        subject = pw.CharField(max_length=255)

        class Meta:
            database = db
            table_name = "external_identity"
            indexes = ((("issuer", "subject"), True),)

    db.create_tables([ExternalIdentity])

    class OneTimeLink(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        token_hash = pw.CharField(unique=True, max_length=64)
        account = pw.ForeignKeyField(Account, null=True, on_delete="CASCADE")
        purpose = pw.CharField(max_length=40)
        expires_at = pw.DateTimeField(index=True)
        used_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "one_time_link"

    db.create_tables([OneTimeLink])

    class SecondFactor(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        account = pw.ForeignKeyField(Account, unique=True, on_delete="CASCADE")
        sealed_secret = pw.TextField(null=True)
        sealed_next_secret = pw.TextField(null=True)
        sealed_codes = pw.TextField(null=True)
        last_step = pw.BigIntegerField(default=0)
        ready_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "second_factor"

    db.create_tables([SecondFactor])

    class RecoveryCode(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        factor = pw.ForeignKeyField(SecondFactor, on_delete="CASCADE")
        number = pw.SmallIntegerField()
        code_hash = pw.CharField(max_length=200)
        used_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "recovery_code"
            indexes = ((("factor", "number"), True),)

    db.create_tables([RecoveryCode])

    for name, field in (
        ("second_factor_at", pw.DateTimeField(null=True)),
        ("browser", pw.CharField(max_length=20, default="")),
        ("system", pw.CharField(max_length=20, default="")),
        ("sealed_id_token", pw.TextField(null=True)),
    ):
        migrator.migrate(migrator.add_column("account_session", name, field))


def down(migrator, db):
    for name in ("sealed_id_token", "system", "browser", "second_factor_at"):
        migrator.migrate(migrator.drop_column("account_session", name))
    for table in ("recovery_code", "second_factor", "one_time_link", "external_identity"):
        migrator.migrate(migrator.drop_table(table))
