"""Operations of recruitment: their steps, their organisations and their figures (REQ 28)."""

import peewee as pw


def up(migrator, db):
    class Organisation(pw.Model):
        class Meta:
            database = db
            table_name = "organisation"

    class Action(pw.Model):
        class Meta:
            database = db
            table_name = "action"

    class RecruitmentOperation(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        title = pw.CharField(max_length=150)
        employer = pw.CharField(default="")
        commune = pw.CharField(max_length=120, default="")
        places = pw.IntegerField(null=True)
        opens_on = pw.DateField(null=True)
        closes_on = pw.DateField(null=True)
        profile = pw.TextField(default="")
        action = pw.ForeignKeyField(Action, null=True, on_delete="SET NULL")
        state = pw.CharField(index=True, max_length=40, default="brouillon")
        ended_at = pw.DateTimeField(null=True)
        is_demonstration = pw.BooleanField(default=False)

        class Meta:
            database = db
            table_name = "recruitment_operation"

    class RecruitmentStage(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        operation = pw.ForeignKeyField(RecruitmentOperation, on_delete="CASCADE")
        number = pw.SmallIntegerField()
        kind = pw.CharField(max_length=40)
        day = pw.DateField(null=True)
        place = pw.CharField(max_length=150, default="")
        organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="RESTRICT")
        is_done = pw.BooleanField(default=False)

        class Meta:
            database = db
            table_name = "recruitment_stage"

    class RecruitmentPartner(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        operation = pw.ForeignKeyField(RecruitmentOperation, on_delete="CASCADE")
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        quota = pw.IntegerField(null=True)
        proposed = pw.IntegerField(null=True)
        preselected = pw.IntegerField(null=True)
        recruited = pw.IntegerField(null=True)
        is_confirmed = pw.BooleanField(default=False)

        class Meta:
            database = db
            table_name = "recruitment_partner"
            indexes = ((("operation", "organisation"), True),)

    db.create_tables([RecruitmentOperation, RecruitmentStage, RecruitmentPartner])


def down(migrator, db):
    for table in ("recruitment_partner", "recruitment_stage", "recruitment_operation"):
        migrator.migrate(migrator.drop_table(table))
