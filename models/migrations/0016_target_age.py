"""The ages that an organisation accompanies, and since when (REQ-207)."""

import peewee as pw

COLUMNS = {
    "target_age_min": pw.SmallIntegerField(null=True),
    "target_age_max": pw.SmallIntegerField(null=True),
    "target_age_since": pw.DateField(null=True),
}


def up(migrator, db):
    for name, field in COLUMNS.items():
        migrator.migrate(migrator.add_column("organisation", name, field))


def down(migrator, db):
    for name in COLUMNS:
        migrator.migrate(migrator.drop_column("organisation", name))
