"""What both engines share: how a question becomes conditions, and an answer a page.

An engine reads and writes the inverted index; everything that must be the same on both is here.
"""

import functools
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from .. import search_index
from ..base import database
from ..territories import distance_km
from ..vocabularies import Status
from . import french, spelling, tokens
from .documents import Document, action_id, document, first_docid, listed_documents

BATCH = 2_000
COUNTS_SECONDS = 60
MOST_SCORED = 200
MANY_NEAR = 50
END_OF_TIME = 1 << 62


@dataclass(frozen=True)
class Condition:
    """What a sheet must hold: all the words (or any of them) or one of the themes; and one token
    of each group; with its number in `low <= docid < high`.

    `fewest` is how many sheets hold the rarest of the words: what an engine may plan with.
    """

    words: tuple[str, ...] = ()
    any_word: bool = False
    themes: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    low: int = 0
    high: int = END_OF_TIME
    fewest: int = 0

    def text(self, *, both: str, either: str, quote: Callable[[str], str]):
        """The condition in an engine's language, empty when it asks nothing but a range."""
        words = (either if self.any_word else both).join(map(quote, self.words))
        choices = [f"({words})"] if words else []
        choices += map(quote, self.themes)
        groups = [either.join(choices)] if choices else []
        groups += [either.join(map(quote, group)) for group in self.groups]
        return both.join(f"({group})" for group in groups)


class Hit(NamedTuple):
    """A sheet that meets a condition."""

    docid: int
    facets: str
    latitude: float | None
    longitude: float | None


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
        return _Search(self, query).found()

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


class _Search:
    """One query under way."""

    def __init__(self, engine, query):
        self.engine = engine
        self.query = query
        self.terms = french.terms(query.text)
        self.relaxed = False
        # The documents known to hold all the words, when others were read beside them.
        self.holding = None
        self.condition = self._condition()

    def found(self):
        hits, capped = self._gather()
        if not hits and self.terms and (len(self.terms) > 1 or self.condition.themes):
            hits, capped = self._relax()
        placed, distances = self._place(hits)
        total = min(len(placed), search_index.CAP)
        order, ranked = self._rank(placed, distances, capped)
        page, following = self._page(order, ranked)
        ids = [action_id(hit.docid) for hit in page]
        return search_index.Found(
            ids=ids,
            distances={action_id(hit.docid): distances[hit.docid] for hit in page}
            if self.query.place
            else {},
            total=total,
            capped=capped,
            counts=self._counts(placed),
            order=order,
            relaxed=self.relaxed,
            next=ids[-1] if following else None,
        )

    def _gather(self):
        """The sheets holding all the words, then, while there is room, those of the themes.

        When the words alone pass the cap, the themes would only add to what is not read.
        """
        condition = self.condition
        if not (condition.words and condition.themes):
            return self._hits(condition)
        by_words = replace(condition, themes=())
        hits, capped = self._hits(by_words)
        if capped:
            self.condition = by_words
            return hits, True
        self.holding = {hit.docid for hit in hits}
        more, capped = self._hits(replace(condition, words=()))
        return _union(hits, more), capped

    def _condition(self, but=None):
        """The condition of the query, the choice of one facet lifted."""
        query = self.query
        groups = [
            tuple(tokens.facet_token(facet, value) for value in values)
            for facet, values in query.facets.items()
            if values and facet != but
        ]
        if query.place:
            places = tokens.place_tokens(query.place), tokens.zone_tokens(query.place)
            groups += [group for group in places if group]
        themes = tuple(tokens.facet_token("thematic", value) for value in query.thematics)
        low = first_docid(query.since) if query.since else 0
        return Condition(self.terms, False, themes, tuple(groups), low, fewest=self._fewest)

    def _hits(self, condition):
        """Up to CAP sheets, most recent first, and whether there are more.

        When there are more and nothing but a place is asked, the nearest come too.
        """
        hits = self.engine._hits(condition, search_index.CAP + 1)
        if len(hits) <= search_index.CAP:
            return hits, False
        near = self._near(condition, hits)
        return _union(hits[: search_index.CAP], near) if near else hits, True

    def _near(self, condition, hits):
        """The sheets of the close neighbourhood, unless enough of them are there already."""
        place = self.query.place
        is_filtered = self.query.text or any(self.query.facets.values())
        cells = tokens.near_tokens(place) if place and not is_filtered else ()
        if not cells or sum(tokens.is_near(place, *hit[2:]) for hit in hits) >= MANY_NEAR:
            return []
        around = tokens.place_tokens(place)
        elsewhere = [group for group in condition.groups if group != around]
        return self.engine._hits(replace(condition, groups=(*elsewhere, cells)), search_index.CAP)

    def _relax(self):
        """No sheet holds all the words: those the bank knows, then its rarest, then any."""
        known = {term: df for term, df in self._rarity.items() if df}
        rarest = sorted(known, key=known.get)
        few, sheets = rarest[:1], known[rarest[0]] if rarest else 0
        for term in rarest[1:]:
            sheets += known[term]
            few += [term] if sheets <= search_index.CAP else []
        attempts = [(rarest, False)] if len(rarest) < len(self.terms) else []
        attempts += [(few, True), (rarest, True)] if len(few) < len(rarest) else [(rarest, True)]
        for words, any_word in attempts if rarest else []:
            relaxed = replace(self.condition, words=tuple(words), any_word=any_word, themes=())
            hits, capped = self._hits(relaxed)
            if hits:
                self.relaxed, self.condition, self.holding = True, relaxed, None
                return hits, capped
        return [], False

    @functools.cached_property
    def _fewest(self):
        if not self.engine.plans_with_rarity:
            return 0
        return min((self._rarity[term] for term in self.terms), default=0)

    @functools.cached_property
    def _rarity(self):
        return spelling.rarity_table(list(self.terms))

    def _place(self, hits):
        """The sheets to show for the place, and how far each is (None: remote, or no point)."""
        place = self.query.place
        if not place:
            return hits, {}
        distances = {}
        for hit in hits:
            distance = hit.latitude is not None and distance_km(
                place.latitude, place.longitude, hit.latitude, hit.longitude
            )
            if distance is not False and distance <= place.radius_km:
                distances[hit.docid] = distance
            elif hit.latitude is None or _is_remote(hit):
                distances[hit.docid] = None
        return [hit for hit in hits if hit.docid in distances], distances

    def _rank(self, hits, distances, capped):
        """The name of the order, and the sheets in it: near, then relevant, then recent."""
        is_text = bool(self.condition.words or self.condition.themes)
        all_read = not capped or (self.condition.words and self.condition.themes)
        if is_text and all_read:
            relevance = self._relevance(hits)
            hits = sorted(hits, key=lambda hit: (relevance[hit.docid], hit.docid), reverse=True)
        if self.query.place:
            return "distance", sorted(hits, key=lambda hit: _nearness(hit, distances[hit.docid]))
        return "relevance" if is_text and all_read else "recent", hits

    def _relevance(self, hits):
        """Document number → (holds all the words, weight of its theme, score of its words)."""
        words = self.condition.words
        weights = {word: math.log(1 + 1e7 / (1 + self._rarity.get(word, 0))) for word in words}
        held = self.holding
        docids = [hit.docid for hit in hits if held is None or hit.docid in held]
        scores = self._scores(weights, docids) if words and docids else {}
        themes = self._theme_weights(hits)
        ranks = {}
        for hit in hits:
            score, holds_all = scores.get(hit.docid, (0.0, False))
            held = [themes[token] for token in hit.facets.split() if token in themes]
            ranks[hit.docid] = holds_all, max(held, default=0.0), score
        return ranks

    def _scores(self, weights, docids):
        """Document number → (score, holds all the words). Past a few hundred, reading what each
        sheet says costs more than it tells: those whose title holds the words come first."""
        if self.relaxed or len(docids) <= MOST_SCORED:
            return self.engine._scores(weights, docids)
        titled = self.engine._titled(self.condition)
        return {docid: (float(docid in titled), True) for docid in docids}

    def _theme_weights(self, hits):
        """Rarer themes weigh more, and so do those the query means first."""
        themes = self.condition.themes
        if not themes:
            return {}
        counts = Counter(token for hit in hits for token in hit.facets.split())
        return {
            theme: math.log(1 + len(hits) / (1 + counts[theme])) / (1 + 0.5 * position)
            for position, theme in enumerate(themes)
        }

    def _page(self, order, ranked):
        """The sheets after the last one shown, and whether any follows them."""
        after = self.query.after
        docids = [hit.docid for hit in ranked[: search_index.CAP]]
        limit = self.query.limit
        last = after and self.engine._docid(after)
        if order == "recent" and last is not None:
            page = self.engine._hits(replace(self.condition, high=last), limit + 1)
            return page[:limit], len(page) > limit
        start = docids.index(last) + 1 if last in docids else 0
        following = len(docids) > start + limit or (order == "recent" and len(ranked) > len(docids))
        return ranked[start : min(start + limit, search_index.CAP)], following

    def _counts(self, hits):
        chosen = {facet for facet, values in self.query.facets.items() if values}
        counts = _count_facets(hits[: search_index.CAP])
        for facet in chosen:
            lifted = self._condition(but=facet)
            words = {"words": self.condition.words, "any_word": self.condition.any_word}
            lifted = replace(lifted, **words, themes=self.condition.themes)
            others = self.engine._hits(lifted, search_index.CAP)
            counts[facet] = _count_facets(self._place(others)[0])[facet]
        return counts


def _union(hits, more):
    """Both, each sheet once, most recent first."""
    both = {hit[0]: hit for hit in hits} | {hit[0]: hit for hit in more}
    return [both[docid] for docid in sorted(both, reverse=True)]


def _count_facets(hits):
    counts = {facet: Counter() for facet in search_index.FACETS}
    for token, count in Counter(" ".join([hit.facets for hit in hits]).split()).items():
        if token[1] in tokens.FACET_OF_LETTER:
            counts[tokens.FACET_OF_LETTER[token[1]]][token[2:]] = count
    return counts


def _nearness(hit, distance):
    """On-site first, nearest first; then remote; then what has no known point."""
    if distance is not None:
        return 0, distance
    return (1 if _is_remote(hit) else 2), 0.0


def _is_remote(hit):
    return tokens.REMOTE in hit.facets


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
