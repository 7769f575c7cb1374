"""What was done of each task, and when it last failed."""

import peewee as pw


def up(migrator, db):
    class TaskRun(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        name = pw.CharField(max_length=60)
        worker = pw.CharField(max_length=10)
        started_at = pw.DateTimeField()
        ended_at = pw.DateTimeField(index=True)
        done = pw.IntegerField()
        total = pw.BigIntegerField()
        failed_at = pw.DateTimeField(null=True)
        error = pw.CharField(max_length=60, null=True)

        class Meta:
            database = db
            table_name = "task_run"
            indexes = (
                (("worker", "name"), True),
                (("name", "ended_at"), False),
            )

    db.create_tables([TaskRun])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("task_run"))
