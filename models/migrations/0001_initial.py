"""Organisations, actions, accounts with their sessions, and the audit trail."""

import peewee as pw


def up(migrator, db):
    class Organisation(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        source_id = pw.CharField(unique=True, null=True)
        source = pw.CharField(null=True, max_length=120)
        name = pw.CharField()
        sort_name = pw.CharField(index=True, default="")
        updated_on = pw.DateField(null=True)
        description = pw.TextField(null=True)
        source_url = pw.TextField(null=True)
        siret = pw.CharField(null=True, max_length=14)
        commune = pw.TextField(null=True)
        postcode = pw.CharField(null=True, max_length=5)
        insee_code = pw.CharField(null=True, max_length=5)
        address = pw.TextField(null=True)
        address_extra = pw.TextField(null=True)
        longitude = pw.DoubleField(null=True)
        latitude = pw.DoubleField(null=True)
        phone = pw.TextField(null=True)
        email = pw.TextField(null=True)
        website = pw.TextField(null=True)
        opening_hours = pw.TextField(null=True)
        accessibility_url = pw.TextField(null=True)
        networks = pw.JSONField(default=list)
        other_values = pw.JSONField(default=dict)
        category = pw.CharField(index=True, null=True, max_length=40)
        role = pw.TextField(null=True)
        territory = pw.TextField(null=True)
        note = pw.TextField(null=True)
        is_network_member = pw.BooleanField(default=False)
        is_demonstration = pw.BooleanField(default=False)

        class Meta:
            database = db
            table_name = "organisation"

    db.create_tables([Organisation])

    class Account(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        identifier = pw.CharField(unique=True, max_length=254)
        name = pw.CharField(max_length=120)
        password_hash = pw.CharField(max_length=200)
        role = pw.CharField(max_length=40, default="professionnel")
        organisation = pw.ForeignKeyField(Organisation, null=True)
        language = pw.CharField(null=True, max_length=5)
        is_active = pw.BooleanField(default=True)
        is_demonstration = pw.BooleanField(default=False)

        class Meta:
            database = db
            table_name = "account"

    db.create_tables([Account])

    class Action(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        source_id = pw.CharField(unique=True)
        source = pw.CharField(max_length=120)
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        name = pw.CharField()
        summary = pw.TextField(null=True)
        description = pw.TextField()
        source_url = pw.TextField(null=True)
        updated_on = pw.DateField()
        kind = pw.CharField(null=True, max_length=60)
        format = pw.CharField(null=True, max_length=60)
        thematics = pw.JSONField(default=list)
        needs = pw.JSONField(default=list)
        fees = pw.CharField(null=True, max_length=60)
        fees_detail = pw.TextField(null=True)
        audiences = pw.JSONField(default=list)
        audiences_detail = pw.TextField(null=True)
        access_conditions = pw.TextField(null=True)
        age_min = pw.SmallIntegerField(null=True)
        age_max = pw.SmallIntegerField(null=True)
        languages = pw.JSONField(default=list)
        documents = pw.JSONField(default=list)
        commune = pw.TextField(null=True)
        postcode = pw.CharField(null=True, max_length=5)
        insee_code = pw.CharField(null=True, max_length=5)
        address = pw.TextField(null=True)
        address_extra = pw.TextField(null=True)
        longitude = pw.DoubleField(null=True)
        latitude = pw.DoubleField(null=True)
        reception_modes = pw.JSONField(default=list)
        eligibility = pw.JSONField(default=list)
        phone = pw.TextField(null=True)
        email = pw.TextField(null=True)
        opening_hours = pw.TextField(null=True)
        mobilisation_url = pw.TextField(null=True)
        mobilisation_modes = pw.JSONField(default=list)
        mobilisers = pw.JSONField(default=list)
        mobilisation_detail = pw.TextField(null=True)
        offline_access = pw.TextField(null=True)
        referrers = pw.JSONField(default=list)
        referral_contact = pw.TextField(null=True)
        supporters = pw.JSONField(default=list)
        weekly_hours = pw.DoubleField(null=True)
        weeks = pw.IntegerField(null=True)
        places_left = pw.IntegerField(null=True)
        places_total = pw.IntegerField(null=True)
        places_on = pw.DateField(null=True)
        sessions = pw.JSONField(default=list)
        pay_and_aid = pw.TextField(null=True)
        emergency = pw.JSONField(null=True)
        sensitivity = pw.SmallIntegerField(default=0)
        review_months = pw.SmallIntegerField(default=6)
        verified_on = pw.DateField(null=True)
        verified_by = pw.TextField(null=True)
        status = pw.CharField(index=True, max_length=40, default="publiee")
        is_model = pw.BooleanField(default=False)
        is_demonstration = pw.BooleanField(default=False)
        origin = pw.JSONField(null=True)
        other_values = pw.JSONField(default=dict)

        class Meta:
            database = db
            table_name = "action"

    db.create_tables([Action])

    class AuditEntry(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        act = pw.CharField(index=True, max_length=60)
        subject_type = pw.CharField(max_length=40)
        subject_id = pw.BigIntegerField(null=True)
        actor_id = pw.BigIntegerField(index=True, null=True)
        changes = pw.JSONField(default=dict)

        class Meta:
            database = db
            table_name = "audit_entry"
            indexes = ((("subject_type", "subject_id"), False),)

    db.create_tables([AuditEntry])

    class Session(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        token_hash = pw.CharField(unique=True, max_length=64)
        account = pw.ForeignKeyField(Account, on_delete="CASCADE")
        seen_at = pw.DateTimeField()
        ended_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "account_session"

    db.create_tables([Session])

    class SignInThrottle(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        identifier_hash = pw.CharField(unique=True, max_length=64)
        failures = pw.IntegerField(default=0)
        failed_at = pw.DateTimeField()

        class Meta:
            database = db
            table_name = "sign_in_throttle"

    db.create_tables([SignInThrottle])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("sign_in_throttle"))
    migrator.migrate(migrator.drop_table("account_session"))
    migrator.migrate(migrator.drop_table("audit_entry"))
    migrator.migrate(migrator.drop_table("action"))
    migrator.migrate(migrator.drop_table("account"))
    migrator.migrate(migrator.drop_table("organisation"))
