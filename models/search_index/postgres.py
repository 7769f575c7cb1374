"""The index in PostgreSQL: a `tsvector` written as a literal, so the analysis is ours alone."""

import functools
import itertools
from dataclasses import replace

from ..base import database
from . import CAP, tokens
from .condition import Hit
from .engine import Engine

# PostgreSQL numbers the places of no more words than this in one sheet.
MOST_WORDS = 16_000
# How many sheets back in time each window begins: each is a few times the one before.
WINDOWS = (25_000, 100_000)
# The planner takes any word it does not know for one of two hundred sheets.
RARE = 5_000
# Thematics, organisations and the cells of a close neighbourhood.
RARE_TOKENS = ("_t", "_o", "_n")
# Weights of the letters D, C, B, A: the body is D and the title A, one to eight.
_WEIGHTS = "'{0.125, 0, 0, 1}'"
_KEY = "INSERT INTO action_key (docid, action_id, facets, latitude, longitude, vector) VALUES"


class PostgresIndex(Engine):
    plans_with_rarity = True

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
        cuts = [cut for size in WINDOWS for cut in _docid_at(size)]
        self._write(
            "INSERT INTO search_state (name, value) VALUES",
            [("windows", " ".join(map(str, cuts)))],
        )

    def _docid(self, action_id):
        row = database.execute_sql(
            "SELECT docid FROM action_key WHERE action_id = %s", (action_id,)
        ).fetchone()
        return row and row[0]

    def _hits(self, condition, limit):
        """Read window after window, most recent first: a bitmap of a common token over the whole
        bank would fetch forty thousand rows to keep five hundred."""
        hits = []
        for where in self._windows(condition):
            found = f"SELECT docid, facets, latitude, longitude FROM action_key WHERE {where}"
            if _has_rare_word(condition):
                # Else the planner, which knows nothing of rare words, walks the bank in order
                # of date, reading every vector, in the hope of an early end that never comes.
                found = f"WITH found AS MATERIALIZED ({found}) SELECT * FROM found"
            rows = database.execute_sql(
                f"{found} ORDER BY docid DESC LIMIT %s", (limit - len(hits),)
            )
            hits += map(Hit._make, rows)
            if len(hits) >= limit:
                break
        return hits

    def _windows(self, condition):
        """The condition, written for ranges of documents that grow as they go back in time."""
        cuts = () if _has_rare_word(condition) else self._cuts
        inside = [cut for cut in cuts if condition.low < cut < condition.high]
        edges = [condition.high, *inside, condition.low]
        for high, low in itertools.pairwise(edges):
            # The last range holds nearly all: its bounds must not be looked up, only checked.
            is_last = bool(inside) and low == condition.low
            number = "docid + 0" if is_last else "docid"
            yield f"{number} >= {low} AND {number} < {high}{_asked(condition, deep=is_last)}"

    @functools.cached_property
    def _cuts(self):
        """Where the last rebuild set the windows, most recent first; none in a small bank."""
        rows = database.execute_sql("SELECT value FROM search_state WHERE name = 'windows'")
        return [int(cut) for (value,) in rows for cut in value.split()]

    def _count(self, condition, limit):
        rows = database.execute_sql(
            "SELECT count(*) FROM"
            f" (SELECT 1 FROM action_key WHERE TRUE{_asked(condition)} LIMIT %s) AS found",
            (limit,),
        )
        return rows.fetchone()[0]

    def _titled(self, condition):
        words = " & ".join(f"{_quote(word)}:A" for word in condition.words)
        rows = database.execute_sql(
            f"SELECT docid FROM action_key WHERE vector @@ {_query(words)}"
            " ORDER BY docid DESC LIMIT %s",
            (CAP,),
        )
        return {docid for (docid,) in rows}

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


def _docid_at(position):
    """The number of the sheet at this position from the most recent, if there are so many."""
    rows = database.execute_sql(
        "SELECT docid FROM action_key ORDER BY docid DESC OFFSET %s LIMIT 1", (position,)
    )
    return [docid for (docid,) in rows]


def _vector(entry):
    """Stems with their places, the title heavier than the body; tokens have neither."""
    places = {}
    for place, word in enumerate(entry.title[:MOST_WORDS], start=1):
        places.setdefault(word, []).append(f"{place}A")
    for place, word in enumerate(entry.body[:MOST_WORDS], start=len(entry.title) + 1):
        places.setdefault(word, []).append(f"{place}D")
    words = [f"'{word}':{','.join(at[:8])}" for word, at in places.items()]
    return " ".join([*words, *map(_quote, entry.tokens.split())])


def _asked(condition, *, deep=False):
    """What is asked of the vector, written out rather than passed: each query is planned for its
    own words, and a stem or a token holds nothing but letters, digits, `_` and `-`.

    What much of the bank holds is checked on the sheets found instead of being looked up: reading
    its long list would cost more than the few sheets it puts aside, unless the search goes `deep`.
    """
    looked_up = _looked_up(condition, deep=deep)
    narrow = replace(condition, groups=tuple(looked_up))
    text = narrow.text(both=" & ", either=" | ", quote=_quote)
    asked = f" AND vector @@ {_query(text)}" if text else ""
    for group in condition.groups:
        if group not in looked_up:
            asked += f" AND (vector @@ {_query(' | '.join(map(_quote, group)))}) IS TRUE"
    return asked


def _looked_up(condition, *, deep):
    """The groups worth an index: the rare ones; failing that, all but the zone when they are
    several, since none of them alone would end a walk through the bank early."""
    facets = [group for group in condition.groups if not _is_everywhere(group)]
    rare = [group for group in facets if group[0][:2] in RARE_TOKENS]
    if condition.words or condition.themes or rare:
        return facets if deep else rare
    others = [group for group in condition.groups if tokens.EVERYWHERE not in group]
    return others if len(others) > 1 else []


def _is_everywhere(group):
    """The groups of place and zone, each of which half of the bank holds."""
    return bool({tokens.REMOTE, tokens.EVERYWHERE} & set(group)) and len(group) > 1


def _has_rare_word(condition):
    return bool(condition.words) and condition.fewest < RARE


def _quote(word):
    return f"'{word}'"


def _query(text):
    literal = text.replace("'", "''")
    return f"'{literal}'::tsquery"
