"""What an engine keeps and is asked: it reads and writes the inverted index, the rest is shared."""

import time

from .. import search_index
from ..base import database
from ..vocabularies import Status
from . import french, spelling, tokens
from .condition import Condition
from .documents import Document, document, listed_documents
from .searching import Search

BATCH = 2_000
COUNTS_SECONDS = 60


class Engine:
    """The index, but for how one engine stores and reads it."""

    plans_with_rarity = False

    def put(self, action):
        """Bring the index up to date with an action; one that is not listed leaves it."""
        self.remove(action.id)
        if action.status == Status.PUBLISHED and not action.is_model:
            entry = document(action)
            self._insert([entry])
            self._learn(entry.words)

    def remove(self, action_id):
        """Take an action out of the index, if it is there."""
        _forget_counts()
        self._delete(action_id)

    def rebuild(self):
        """Index the whole bank again, within the caller's transaction or its own."""
        with database.atomic():
            _forget_counts()
            self._empty()
            vocabulary = spelling.Vocabulary()
            for batch in _batches(listed_documents(), vocabulary):
                self._insert(batch)
            self._write_words(vocabulary.rows())
            self._settle()
            self._write(
                "INSERT INTO search_state (name, value) VALUES", [("analysis", _analysis())]
            )

    def is_current(self):
        """Whether the index was last rebuilt by the analysis now in use."""
        rows = database.execute_sql("SELECT value FROM search_state WHERE name = 'analysis'")
        return [value for (value,) in rows] == [_analysis()]

    def query(self, query):
        """The page of results of a `Query`, as a `Found`."""
        return Search(self, query).found()

    def suggest(self, text):
        """The query with its unknown words put right, or None when there is nothing better."""
        written = list(dict.fromkeys(french.tokens(text[: french.LONGEST_QUERY])))
        stems = {token: french.stem(french.folded(token)) for token in written}
        known = spelling.rarity_table([*stems.values()]) if stems else {}
        unknown = [token for token in written if not known[stems[token]] and _may_be_wrong(token)]
        better = {token: spelling.correct(token) for token in unknown[: french.MOST_TERMS]}
        if not any(better.values()):
            return None
        return " ".join(better.get(token) or token for token in french.tokens(text))

    def theme_counts(self, categories):
        """Category → number of listed actions under it, none above `CAP`.

        Kept for a minute: another process learns of a change then, this one at once.
        """
        global _counts
        key, moment, counts = _counts
        if key != (database.obj, tuple(categories)) or time.monotonic() - moment > COUNTS_SECONDS:
            key = (database.obj, tuple(categories))
            counts = {category: self._count_category(category) for category in categories}
            _counts = key, time.monotonic(), counts
        return dict(counts)

    def _count_category(self, category):
        condition = Condition(groups=((tokens.facet_token("thematic", category),),))
        return self._count(condition, limit=search_index.CAP)

    def _learn(self, words):
        """Make the new words of a sheet known at once; how common words are waits for a rebuild."""
        rows = [(word, french.stem(word), written, 1) for word, written in words.items()]
        known = database.execute_sql(
            f"SELECT word FROM search_word WHERE word IN ({spelling.marks(rows)})",
            [row[0] for row in rows],
        )
        known = {word for (word,) in known}
        self._write_words([row for row in rows if row[0] not in known])

    def _write_words(self, rows):
        rows = sorted(rows)
        shorter = [(form, row[0]) for row in rows for form in sorted(spelling.variants(row[0]))]
        ignore = "ON CONFLICT DO NOTHING"
        self._write("INSERT INTO search_word (word, stem, shown, df) VALUES", rows, ignore)
        self._write("INSERT INTO search_variant (variant, word) VALUES", shorter, ignore)

    def _write(self, insert, rows, ending=""):
        """Insert many rows through the driver, which is what a rebuild of a million needs."""
        if rows:
            values = f"({spelling.marks(rows[0])})"
            database.cursor().executemany(f"{insert} {values} {ending}", rows)

    def _insert(self, documents: list[Document]):
        raise NotImplementedError

    def _delete(self, action_id):
        raise NotImplementedError

    def _empty(self):
        for table in ("action_key", "search_word", "search_variant", "search_state"):
            database.execute_sql(f"DELETE FROM {table}")

    def _settle(self):
        """What the engine does once all is written."""
        raise NotImplementedError

    def _hits(self, condition, limit):
        """The first sheets that meet the condition, most recent first, as `Hit`s."""
        raise NotImplementedError

    def _count(self, condition, limit):
        raise NotImplementedError

    def _scores(self, weights, docids):
        """Document number → (score, whether it holds all the words); `weights` is by word."""
        raise NotImplementedError

    def _titled(self, condition):
        """The numbers of the sheets whose title holds all the words, `CAP` at most."""
        raise NotImplementedError


def _may_be_wrong(token):
    return french.folded(token) not in french.STOP_WORDS and token.isalpha()


def _analysis():
    return french.VERSION


def _batches(documents, vocabulary):
    batch = []
    for entry in documents:
        vocabulary.add(entry.words)
        batch.append(entry)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


_counts = (None, 0.0, {})


def _forget_counts():
    global _counts
    _counts = (None, 0.0, {})
