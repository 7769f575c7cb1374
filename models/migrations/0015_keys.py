"""The keys that seal, the addresses of persons sealed, and a trail that nobody changes (I6)."""

import peewee as pw

KEPT_MONTHS = 12
SQLITE = (
    """
    CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit_entry: a line is never changed'); END
    """,
    f"""
    CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
    WHEN OLD.created_at >= datetime('now', '-{KEPT_MONTHS} months')
    BEGIN SELECT RAISE(ABORT, 'audit_entry: too young to be erased'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF OLD.created_at < (now() AT TIME ZONE 'UTC') - interval '{KEPT_MONTHS} months' THEN
          RETURN OLD;
        END IF;
      END IF;
      RAISE EXCEPTION 'audit_entry: a line is never changed, nor erased before its time'
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()
    """,
    """
    CREATE TRIGGER audit_entry_whole BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard()
    """,
)


def is_sqlite(db):
    return "sqlite" in type(db).__name__.lower()


def up(migrator, db):
    class SealingKey(pw.Model):
        code = pw.CharField(unique=True, max_length=10)
        created_at = pw.DateTimeField()
        key_id = pw.CharField(unique=True, max_length=8)
        proof = pw.TextField()
        retired_at = pw.DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "sealing_key"

    db.create_tables([SealingKey])
    sealed = pw.TextField(null=True)
    migrator.migrate(migrator.add_column("outgoing_email", "sealed_recipient", sealed))
    migrator.migrate(migrator.add_index("audit_entry", ("created_at",), False))
    for sentence in SQLITE if is_sqlite(db) else POSTGRESQL:
        db.execute_sql(sentence)


def down(migrator, db):
    if is_sqlite(db):
        db.execute_sql("DROP TRIGGER audit_entry_unchanged")
        db.execute_sql("DROP TRIGGER audit_entry_kept")
    else:
        db.execute_sql("DROP FUNCTION audit_entry_guard() CASCADE")
    migrator.migrate(migrator.drop_index("audit_entry", "audit_entry_created_at"))
    migrator.migrate(migrator.drop_column("outgoing_email", "sealed_recipient"))
    migrator.migrate(migrator.drop_table("sealing_key"))
