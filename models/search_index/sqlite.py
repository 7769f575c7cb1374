"""The index in SQLite: a full-text table without content, which holds words and tokens alike."""

from ..base import database
from . import CAP
from .condition import Hit
from .engine import Engine

# The body says a word matters less than the title does: one to eight.
TITLE_WEIGHT = 8
_KEY = "INSERT INTO action_key (docid, action_id, facets, latitude, longitude) VALUES"
_TEXT = "INSERT INTO search_document (docid, title, body, tokens) VALUES"
_INDEX = "INSERT INTO search_text (rowid, title, body, tokens) VALUES"


class SqliteIndex(Engine):
    def _insert(self, documents):
        texts = [
            (entry.docid, " ".join(entry.title), " ".join(entry.body), entry.tokens)
            for entry in documents
        ]
        keys = [
            (entry.docid, entry.action_id, entry.facets, entry.latitude, entry.longitude)
            for entry in documents
        ]
        self._write(_KEY, keys)
        self._write(_TEXT, texts)
        self._write(_INDEX, texts)

    def _delete(self, action_id):
        docid = self._docid(action_id)
        if docid is None:
            return
        # Without content of its own, the full-text table forgets only what it is told again.
        database.execute_sql(
            "INSERT INTO search_text (search_text, rowid, title, body, tokens)"
            " SELECT 'delete', docid, title, body, tokens FROM search_document WHERE docid = ?",
            (docid,),
        )
        for table in ("search_document", "action_key"):
            database.execute_sql(f"DELETE FROM {table} WHERE docid = ?", (docid,))

    def _empty(self):
        super()._empty()
        database.execute_sql("DELETE FROM search_document")
        database.execute_sql("INSERT INTO search_text (search_text) VALUES ('delete-all')")

    def _settle(self):
        database.execute_sql("INSERT INTO search_text (search_text) VALUES ('optimize')")
        database.execute_sql("ANALYZE action_key")

    def _docid(self, action_id):
        rows = database.execute_sql(
            "SELECT docid FROM action_key WHERE action_id = ?", (action_id,)
        ).fetchone()
        return rows and rows[0]

    def _hits(self, condition, limit):
        text = _match(condition)
        columns = "SELECT k.docid, k.facets, k.latitude, k.longitude FROM"
        rows = database.execute_sql(
            f"{columns} search_text s CROSS JOIN action_key k ON k.docid = s.rowid"
            " WHERE search_text MATCH ? AND s.rowid >= ? AND s.rowid < ?"
            " ORDER BY s.rowid DESC LIMIT ?"
            if text
            else f"{columns} action_key k WHERE k.docid >= ? AND k.docid < ?"
            " ORDER BY k.docid DESC LIMIT ?",
            [text, condition.low, condition.high, limit][0 if text else 1 :],
        )
        return list(map(Hit._make, rows))

    def _count(self, condition, limit):
        rows = database.execute_sql(
            "SELECT count(*) FROM (SELECT 1 FROM search_text WHERE search_text MATCH ? LIMIT ?)",
            (_match(condition), limit),
        )
        return rows.fetchone()[0]

    def _titled(self, condition):
        words = " AND ".join(f'title : "{word}"' for word in condition.words)
        rows = database.execute_sql(
            "SELECT rowid FROM search_text WHERE search_text MATCH ? ORDER BY rowid DESC LIMIT ?",
            (words, CAP),
        )
        return {docid for (docid,) in rows}

    def _scores(self, weights, docids):
        """Counted here from the stems: bm25() reads the whole list of every common word first."""
        scores = {}
        for start in range(0, len(docids), 500):
            some = docids[start : start + 500]
            rows = database.execute_sql(
                "SELECT docid, title, body FROM search_document"
                f" WHERE docid IN ({', '.join('?' * len(some))})",
                some,
            )
            scores |= {docid: _score(weights, title, body) for docid, title, body in rows}
        return scores


def _score(weights, title, body):
    title, body = f" {title} ", f" {body} "
    score, held = 0.0, 0
    for word, weight in weights.items():
        in_title, in_body = f" {word} " in title, body.count(f" {word} ")
        held += in_title or in_body > 0
        score += weight * (TITLE_WEIGHT * in_title + in_body / (in_body + 1))
    return score, held == len(weights)


def _match(condition):
    return condition.text(both=" AND ", either=" OR ", quote='"{}"'.format)
