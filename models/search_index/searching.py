"""One query under way: from what a person asks to a page of results, the same on both engines."""

import functools
import math
from collections import Counter
from dataclasses import replace

from .. import search_index
from ..territories import distance_km
from . import french, spelling, tokens
from .condition import Condition
from .documents import action_id, first_docid

MOST_SCORED = 200
MANY_NEAR = 50


class Search:
    """A `Query` asked of an engine; `found()` is its answer."""

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
            counts=self._counts(placed) if self.query.with_counts else {},
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
        themes += tuple(map(tokens.need_token, query.needs))
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
