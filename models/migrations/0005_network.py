"""Memberships, the charter and its signatures, training, requests to join and invitations."""

import peewee as pw
from playhouse.migrate import SqliteMigrator

from models.base import new_code, now


def up(migrator, db):
    _add_columns_to_organisation(migrator)
    Account, Organisation = _known(db)
    former = _take_organisations_from_accounts(migrator, db)
    Membership = _create_membership(db, Account, Organisation)
    _give_memberships(Membership, former)
    _create_charter(db, Account, Organisation)
    _create_joining(db, Account, Organisation)


def _add_columns_to_organisation(migrator):
    columns = {
        "admitted_at": pw.DateTimeField(null=True),
        "suspended_at": pw.DateTimeField(null=True),
        "suspension_reason": pw.CharField(null=True, max_length=40),
        "left_at": pw.DateTimeField(null=True),
        "passport_category": pw.CharField(null=True, max_length=40),
    }
    for name, field in columns.items():
        migrator.migrate(migrator.add_column("organisation", name, field))


def _known(db):
    """The tables that the new ones refer to."""

    class Account(pw.Model):
        class Meta:
            database = db
            table_name = "account"

    class Organisation(pw.Model):
        class Meta:
            database = db
            table_name = "organisation"

    return Account, Organisation


def _create_membership(db, Account, Organisation):
    class Membership(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        account = pw.ForeignKeyField(Account, on_delete="CASCADE")
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        slot = pw.CharField(unique=True, null=True, max_length=44)
        is_manager = pw.BooleanField(default=False)
        is_lead = pw.BooleanField(default=True)
        function = pw.CharField(max_length=120, default="")
        zones = pw.JSONField(default=list)
        audiences = pw.JSONField(default=list)
        availability = pw.CharField(max_length=40, default="disponible")
        phone = pw.CharField(max_length=30, default="")
        email = pw.CharField(max_length=254, default="")
        is_listed = pw.BooleanField(default=False)
        ended_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "membership"

    db.create_tables([Membership])
    return Membership


def _take_organisations_from_accounts(migrator, db):
    """`[(account, organisation, role)]`, read before the column goes.

    SQLite cannot drop a column that refers to another table: it makes the table anew, which closes
    the open sessions, nothing else referring to accounts yet. People sign in again.
    """
    rows = db.execute_sql(
        "SELECT id, organisation_id, role FROM account WHERE organisation_id IS NOT NULL"
    ).fetchall()
    is_sqlite = isinstance(migrator, SqliteMigrator)
    anew = {"legacy": True} if is_sqlite else {}
    migrator.migrate(migrator.drop_column("account", "organisation_id", **anew))
    db.execute_sql("UPDATE account SET role = 'professionnel' WHERE role = 'responsable'")
    return rows


def _give_memberships(Membership, former):
    """What an account said of its one organisation becomes its membership."""
    for account, organisation, role in former:
        Membership.insert(
            code=new_code(),
            created_at=now(),
            account=account,
            organisation=organisation,
            slot=f"{account}:{organisation}",
            is_manager=role == "responsable",
        ).execute()


def _create_charter(db, Account, Organisation):
    class CharterVersion(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        number = pw.CharField(unique=True, max_length=20)
        title = pw.CharField()
        title_en = pw.CharField(default="")
        preamble = pw.TextField(default="")
        preamble_en = pw.TextField(default="")
        scope = pw.TextField(default="")
        published_at = pw.DateTimeField(index=True, null=True)
        grace_until = pw.DateField(null=True)
        text_hash = pw.CharField(max_length=64, default="")

        class Meta:
            database = db
            table_name = "charter_version"

    class CharterArticle(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        version = pw.ForeignKeyField(CharterVersion, on_delete="CASCADE")
        number = pw.SmallIntegerField()
        title = pw.CharField()
        title_en = pw.CharField(default="")
        text = pw.TextField()
        text_en = pw.TextField(default="")
        control = pw.TextField(default="")
        control_en = pw.TextField(default="")
        check_name = pw.CharField(max_length=40, default="")
        origin = pw.TextField(default="")
        foundation = pw.CharField(max_length=40, default="application")

        class Meta:
            database = db
            table_name = "charter_article"

    class CharterSignature(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        version = pw.ForeignKeyField(CharterVersion, on_delete="RESTRICT")
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        account = pw.ForeignKeyField(Account, on_delete="RESTRICT")
        capacity = pw.CharField(max_length=40)
        slot = pw.CharField(unique=True, null=True, max_length=80)
        signer_name = pw.CharField(max_length=120)
        signer_function = pw.CharField(max_length=120, default="")
        organisation_name = pw.CharField()
        text_hash = pw.CharField(max_length=64)
        withdrawn_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "charter_signature"

    class CharterCheck(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        name = pw.CharField(max_length=40)
        month = pw.DateField()
        outcome = pw.CharField(max_length=40)
        good = pw.IntegerField()
        total = pw.IntegerField()
        checked_at = pw.DateTimeField()

        class Meta:
            database = db
            table_name = "charter_check"
            indexes = ((("name", "month"), True),)

    class TrainingCompletion(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        account = pw.ForeignKeyField(Account, on_delete="CASCADE")
        done_on = pw.DateField()
        recorded_by = pw.ForeignKeyField(Account, null=True)
        cancelled_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "training_completion"

    db.create_tables(
        [CharterVersion, CharterArticle, CharterSignature, CharterCheck, TrainingCompletion]
    )


def _create_joining(db, Account, Organisation):
    class JoinRequest(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        organisation_name = pw.CharField()
        category = pw.CharField(max_length=40)
        siret = pw.CharField(max_length=14, default="")
        commune = pw.CharField(max_length=120, default="")
        website = pw.CharField(default="")
        contact_name = pw.CharField(max_length=120)
        contact_function = pw.CharField(max_length=120, default="")
        contact_email = pw.CharField(index=True, max_length=254)
        state = pw.CharField(index=True, max_length=40, default="envoyee")
        decline_reason = pw.CharField(null=True, max_length=40)
        organisation = pw.ForeignKeyField(Organisation, null=True)
        decided_by = pw.ForeignKeyField(Account, null=True)
        decided_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "join_request"

    class Invitation(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        organisation = pw.ForeignKeyField(Organisation, on_delete="CASCADE")
        email = pw.CharField(max_length=254)
        name = pw.CharField(max_length=120, default="")
        is_manager = pw.BooleanField(default=False)
        token_hash = pw.CharField(unique=True, max_length=64)
        slot = pw.CharField(unique=True, null=True, max_length=300)
        invited_by = pw.ForeignKeyField(Account, null=True)
        sent_at = pw.DateTimeField()
        accepted_at = pw.DateTimeField(null=True)
        withdrawn_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "invitation"

    class Submission(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        key = pw.CharField(unique=True, max_length=64)
        outcome = pw.CharField(default="")

        class Meta:
            database = db
            table_name = "submission"

    db.create_tables([JoinRequest, Invitation, Submission])


def down(migrator, db):
    for table in (
        "submission", "invitation", "join_request", "training_completion", "charter_check",
        "charter_signature", "charter_article", "charter_version",
    ):  # fmt: skip
        migrator.migrate(migrator.drop_table(table))
    migrator.migrate(
        migrator.add_column("account", "organisation_id", pw.IntegerField(null=True, index=True))
    )
    db.execute_sql(
        "UPDATE account SET organisation_id = (SELECT organisation_id FROM membership "
        "WHERE membership.account_id = account.id AND membership.slot IS NOT NULL "
        "ORDER BY membership.id LIMIT 1)"
    )
    db.execute_sql(
        "UPDATE account SET role = 'responsable' WHERE id IN "
        "(SELECT account_id FROM membership WHERE is_manager AND slot IS NOT NULL)"
    )
    migrator.migrate(migrator.drop_table("membership"))
    for name in (
        "passport_category",
        "left_at",
        "suspension_reason",
        "suspended_at",
        "admitted_at",
    ):
        migrator.migrate(migrator.drop_column("organisation", name))
