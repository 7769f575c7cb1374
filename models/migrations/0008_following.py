"""Bookmarks, lists to share, saved searches, and the count of needs without an answer."""

import peewee as pw

TABLES = ("unmet_need", "saved_search", "action_list_item", "action_list", "bookmark")


def up(migrator, db):
    class Base(pw.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Base):
        pass

    class Action(Base):
        pass

    class Organisation(Base):
        pass

    class Bookmark(Base):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        account = pw.ForeignKeyField(Account, on_delete="CASCADE")
        action = pw.ForeignKeyField(Action, on_delete="CASCADE")
        note = pw.CharField(max_length=500, default="")
        removed_at = pw.DateTimeField(null=True, index=True)

        class Meta:
            indexes = ((("account", "action"), True),)

    class ActionList(Base):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        account = pw.ForeignKeyField(Account, on_delete="CASCADE")
        name = pw.CharField(max_length=80)
        organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
        is_shared = pw.BooleanField(default=False)

    class ActionListItem(Base):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        list = pw.ForeignKeyField(ActionList, on_delete="CASCADE")
        action = pw.ForeignKeyField(Action, on_delete="CASCADE")
        place = pw.SmallIntegerField()

        class Meta:
            indexes = ((("list", "action"), True),)

    class SavedSearch(Base):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        account = pw.ForeignKeyField(Account, on_delete="CASCADE")
        name = pw.CharField(max_length=80)
        query = pw.JSONField()
        rhythm = pw.CharField(max_length=40, default="jamais")
        told_until = pw.DateTimeField()
        due_on = pw.DateField(null=True, index=True)
        feed_token = pw.CharField(max_length=64, unique=True)
        stop_hash = pw.CharField(max_length=64, null=True, unique=True)
        sealed_stop_token = pw.TextField(null=True)

    class UnmetNeed(Base):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        theme = pw.CharField(max_length=60)
        place = pw.CharField(max_length=9)
        month = pw.DateField(index=True)
        searches = pw.IntegerField(default=1)
        counted_at = pw.DateTimeField()

        class Meta:
            indexes = ((("theme", "place", "month"), True),)

    db.create_tables([Bookmark, ActionList, ActionListItem, SavedSearch, UnmetNeed])


def down(migrator, db):
    for table in TABLES:
        migrator.migrate(migrator.drop_table(table))
