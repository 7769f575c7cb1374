"""The index in PostgreSQL: a `tsvector` written as a literal, so the analysis is ours alone."""

from ..base import database
from .engine import Engine, Hit

# PostgreSQL numbers the places of no more words than this in one sheet.
MOST_WORDS = 16_000
# Weights of the letters D, C, B, A: the body is D and the title A, one to eight.
_WEIGHTS = "'{0.125, 0, 0, 1}'"
_KEY = "INSERT INTO action_key (docid, action_id, facets, latitude, longitude, vector) VALUES"


class PostgresIndex(Engine):
    def _insert(self, documents):
        rows = [
            (entry.docid, entry.action_id, entry.facets, entry.latitude, entry.longitude,
             _vector(entry))
            for entry in documents
        ]  # fmt: skip
        self._write(_KEY, rows)

    def _delete(self, action_id):
        database.execute_sql("DELETE FROM action_key WHERE action_id = %s", (action_id,))

    def _empty(self):
        super()._empty()
        # Filling first and indexing after is several times faster than indexing row by row.
        database.execute_sql("DROP INDEX IF EXISTS action_key_vector")

    def _settle(self):
        # Sheets of the same days side by side: the most recent thousand are few pages to read.
        database.execute_sql("CLUSTER action_key USING action_key_pkey")
        database.execute_sql("CREATE INDEX action_key_vector ON action_key USING gin (vector)")
        for table in ("action_key", "search_word", "search_variant"):
            database.execute_sql(f"ANALYZE {table}")

    def _docid(self, action_id):
        row = database.execute_sql(
            "SELECT docid FROM action_key WHERE action_id = %s", (action_id,)
        ).fetchone()
        return row and row[0]

    def _hits(self, condition, limit):
        rows = database.execute_sql(
            f"SELECT docid, facets, latitude, longitude FROM action_key WHERE {_where(condition)}"
            " ORDER BY docid DESC LIMIT %s",
            (limit,),
        )
        return list(map(Hit._make, rows))

    def _count(self, condition, limit):
        rows = database.execute_sql(
            "SELECT count(*) FROM"
            f" (SELECT 1 FROM action_key WHERE {_where(condition)} LIMIT %s) AS found",
            (limit,),
        )
        return rows.fetchone()[0]

    def _scores(self, weights, docids):
        words = list(weights)
        score = " + ".join(
            f"{weight} * ts_rank({_WEIGHTS}, vector, {_query(_quote(word))})"
            for word, weight in weights.items()
        )
        rows = database.execute_sql(
            f"SELECT docid, {score}, vector @@ {_query(' & '.join(map(_quote, words)))}"
            " FROM action_key WHERE docid = ANY(%s)",
            (docids,),
        )
        return {docid: (score, holds_all) for docid, score, holds_all in rows}


def _vector(entry):
    """Stems with their places, the title heavier than the body; tokens have neither."""
    places = {}
    for place, word in enumerate(entry.title[:MOST_WORDS], start=1):
        places.setdefault(word, []).append(f"{place}A")
    for place, word in enumerate(entry.body[:MOST_WORDS], start=len(entry.title) + 1):
        places.setdefault(word, []).append(f"{place}D")
    words = [f"'{word}':{','.join(at[:8])}" for word, at in places.items()]
    return " ".join([*words, *map(_quote, entry.tokens.split())])


def _where(condition):
    """Written out rather than passed: each query is planned for its own words, and a stem or a
    token holds nothing but letters, digits, `_` and `-`."""
    text = condition.text(both=" & ", either=" | ", quote=_quote)
    numbers = f"docid >= {condition.low} AND docid < {condition.high}"
    return f"{numbers} AND vector @@ {_query(text)}" if text else numbers


def _quote(word):
    return f"'{word}'"


def _query(text):
    literal = text.replace("'", "''")
    return f"'{literal}'::tsquery"
