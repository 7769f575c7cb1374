"""Templates of the diagnostic, and the diagnostics of persons, answer by answer."""

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

    class TemplateVersion(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        key = pw.CharField(max_length=40)
        number = pw.CharField(max_length=20)
        content = pw.TextField()
        content_hash = pw.CharField(max_length=64)
        published_at = pw.DateTimeField(null=True)
        published_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "template_version"
            indexes = ((("key", "number"), True),)

    class Diagnostic(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        person = pw.ForeignKeyField(Person, on_delete="CASCADE")
        version = pw.ForeignKeyField(TemplateVersion, on_delete="RESTRICT")
        moment = pw.CharField(max_length=40)
        slot = pw.CharField(max_length=63, null=True, unique=True)
        revision = pw.IntegerField()
        previous = pw.ForeignKeyField("self", null=True, on_delete="SET NULL")
        started_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        written_at = pw.DateTimeField()
        validated_at = pw.DateTimeField(null=True)
        validated_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "diagnostic"

    class Note(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        revision = pw.IntegerField()
        replaced_at = pw.IntegerField(null=True)
        account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
        organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")

        class Meta:
            database = db

    class Answer(Note):
        diagnostic = pw.ForeignKeyField(Diagnostic, on_delete="CASCADE")
        question = pw.CharField(max_length=40)
        state = pw.CharField(max_length=40)
        value = pw.TextField(null=True)

        class Meta:
            table_name = "answer"
            indexes = ((("diagnostic", "question"), False),)

    class DomainLine(Note):
        diagnostic = pw.ForeignKeyField(Diagnostic, on_delete="CASCADE")
        domain = pw.CharField(max_length=40)
        content = pw.TextField()
        opinion = pw.CharField(max_length=40)
        opinion_at = pw.DateTimeField(null=True)

        class Meta:
            table_name = "domain_line"
            indexes = ((("diagnostic", "domain"), False),)

    class NeedDecision(Note):
        diagnostic = pw.ForeignKeyField(Diagnostic, on_delete="CASCADE")
        content = pw.TextField()

        class Meta:
            table_name = "need_decision"

    db.create_tables([TemplateVersion, Diagnostic, Answer, DomainLine, NeedDecision])


def down(migrator, db):
    for table in ("need_decision", "domain_line", "answer", "diagnostic", "template_version"):
        migrator.migrate(migrator.drop_table(table))
