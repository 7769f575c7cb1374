"""Action plans of persons: priorities, steps she accepts, engagements, fewer hours."""

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

    class Diagnostic(pw.Model):
        class Meta:
            database = db
            table_name = "diagnostic"

    class Plan(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        organisation = pw.ForeignKeyField(Organisation, on_delete="RESTRICT")
        slot = pw.CharField(max_length=22, null=True, unique=True)
        revision = pw.IntegerField()
        previous = pw.ForeignKeyField("self", null=True, on_delete="SET NULL")
        started_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        meets_on = pw.DateField()
        meets_by = pw.CharField(max_length=40)
        agreed_at = pw.DateTimeField(null=True)
        change_asked_at = pw.DateTimeField(null=True)
        closed_at = pw.DateTimeField(null=True)
        closed_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "plan"

    class PlanPriority(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        plan = pw.ForeignKeyField(Plan, on_delete="CASCADE")
        place = pw.SmallIntegerField()
        diagnostic = pw.ForeignKeyField(Diagnostic, on_delete="CASCADE")
        content = pw.TextField()
        outcome = pw.CharField(max_length=40, null=True)

        class Meta:
            database = db
            table_name = "plan_priority"

    class Proposal(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
        agreed_at = pw.DateTimeField(null=True)
        given = pw.CharField(max_length=40, null=True)
        end = pw.CharField(max_length=40, null=True)
        ended_at = pw.DateTimeField(null=True)

        class Meta:
            database = db

    class PlanStep(Proposal):
        priority = pw.ForeignKeyField(PlanPriority, on_delete="CASCADE")
        content = pw.TextField()
        starts_on = pw.DateField(null=True)

        class Meta:
            table_name = "plan_step"

    class Engagement(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        step = pw.ForeignKeyField(PlanStep, on_delete="CASCADE")
        side = pw.CharField(max_length=40)
        content = pw.TextField()
        account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        due_on = pw.DateField()
        done_at = pw.DateTimeField(null=True)
        done_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "engagement"

    class Waiver(Proposal):
        plan = pw.ForeignKeyField(Plan, on_delete="CASCADE")
        content = pw.TextField()
        ends_on = pw.DateField()

        class Meta:
            table_name = "waiver"

    db.create_tables([Plan, PlanPriority, PlanStep, Engagement, Waiver])


def down(migrator, db):
    for table in ("waiver", "engagement", "plan_step", "plan_priority", "plan"):
        migrator.migrate(migrator.drop_table(table))
