"""The search index: derived from the actions, rebuilt at will, so no model covers its tables."""

SHARED = (
    "CREATE TABLE search_word (word TEXT PRIMARY KEY, stem TEXT NOT NULL, shown TEXT NOT NULL,"
    " df INTEGER NOT NULL)",
    "CREATE INDEX search_word_stem ON search_word (stem)",
    "CREATE TABLE search_state (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
VARIANT = (
    "CREATE TABLE search_variant (variant TEXT NOT NULL, word TEXT NOT NULL,"
    " PRIMARY KEY (variant, word))"
)
KEY_COLUMNS = (
    "action_id INTEGER NOT NULL UNIQUE, facets TEXT NOT NULL,"
    " latitude DOUBLE PRECISION, longitude DOUBLE PRECISION"
)
SQLITE = (
    f"CREATE TABLE action_key (docid INTEGER PRIMARY KEY, {KEY_COLUMNS})",
    "CREATE TABLE search_document (docid INTEGER PRIMARY KEY, title TEXT NOT NULL,"
    " body TEXT NOT NULL, tokens TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE search_text USING fts5 (title, body, tokens, content='',"
    " tokenize=\"ascii tokenchars '_-'\")",
    f"{VARIANT} WITHOUT ROWID",
)
POSTGRES = (
    f"CREATE TABLE action_key (docid BIGINT PRIMARY KEY, {KEY_COLUMNS}, vector TSVECTOR NOT NULL)",
    "CREATE INDEX action_key_vector ON action_key USING gin (vector)",
    VARIANT,
)
TABLES = ("search_variant", "search_word", "search_state", "action_key")


def is_sqlite(db):
    return "sqlite" in type(db).__name__.lower()


def up(migrator, db):
    for statement in (*SHARED, *(SQLITE if is_sqlite(db) else POSTGRES)):
        db.execute_sql(statement)


def down(migrator, db):
    for table in (*TABLES, *(("search_text", "search_document") if is_sqlite(db) else ())):
        db.execute_sql(f"DROP TABLE {table}")
