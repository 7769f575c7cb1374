"""What is asked of the questions of a template, and the votes."""

import peewee as pw


def up(migrator, db):
    class Account(pw.Model):
        class Meta:
            database = db
            table_name = "account"

    class Person(pw.Model):
        class Meta:
            database = db
            table_name = "person"

    class QuestionProposal(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        template = pw.CharField(max_length=40)
        question = pw.CharField(max_length=40, null=True)
        domain = pw.CharField(max_length=40, null=True)
        reason = pw.CharField(max_length=40)
        role = pw.CharField(max_length=40)
        slot = pw.CharField(max_length=140, null=True, unique=True)
        outcome = pw.CharField(max_length=40, null=True)
        decided_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "question_proposal"
            indexes = ((("template", "question"), False),)

    class QuestionVote(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        proposal = pw.ForeignKeyField(QuestionProposal, on_delete="CASCADE")
        account = pw.ForeignKeyField(Account, null=True, on_delete="CASCADE")
        person = pw.ForeignKeyField(Person, null=True, on_delete="CASCADE")
        role = pw.CharField(max_length=40)
        ballot = pw.CharField(max_length=40)

        class Meta:
            database = db
            table_name = "question_vote"
            indexes = ((("proposal", "account"), True), (("proposal", "person"), True))

    db.create_tables([QuestionProposal, QuestionVote])


def down(migrator, db):
    for table in ("question_vote", "question_proposal"):
        migrator.migrate(migrator.drop_table(table))
