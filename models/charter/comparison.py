"""What changed between two versions of the charter, article by article, sentence by sentence."""

import difflib
import re
from typing import NamedTuple

from ..base import N_, Vocabulary
from .versions import CharterArticle, CharterVersion

# Two articles that share half of their words are one article that was rewritten.
SAME_ARTICLE = 0.5
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")


class Kind(Vocabulary):
    """What became of an article; the text says more."""

    ADDED = "ajoute", N_("Ajouté")
    REMOVED = "retire", N_("Retiré")
    CHANGED = "change", N_("Changé")
    MOVED = "deplace", N_("Déplacé")


class Piece(NamedTuple):
    """Some words in a row: `kept`, `removed` or `added`."""

    state: str
    words: str


class Part(NamedTuple):
    """A text before and after: `pieces` in reading order, `count` the sentences that changed."""

    name: str
    pieces: list[Piece]
    count: int


class ArticleChange(NamedTuple):
    """An article that is not the same in both versions; `before` or `after` may be None."""

    kinds: tuple[Kind, ...]
    before: CharterArticle | None
    after: CharterArticle | None
    parts: list[Part]


class Comparison(NamedTuple):
    """Two versions side by side: what surrounds the articles, the articles that differ, and how
    many are the same."""

    before: CharterVersion
    after: CharterVersion
    around: list[Part]
    articles: list[ArticleChange]
    same_count: int

    @property
    def is_empty(self):
        return not (self.around or self.articles)


def compare(before, after):
    """The `Comparison` of two versions."""
    pairs = _pairs(before.ordered_articles(), after.ordered_articles())
    moved = _moved(pairs)
    changes = [_change(*pair, is_moved=pair in moved) for pair in pairs]
    different = [change for change in changes if change.kinds]
    around = _parts(before, after, ("title", "preamble", "scope"))
    return Comparison(before, after, around, different, len(changes) - len(different))


def _pairs(olds, news):
    """`[(old or None, new or None)]` in the new order; articles that left follow."""
    found = {}
    for rule in (_same_title, _same_text, _alike):
        left = [old for old in olds if old not in found.values()]
        for new in news:
            if new not in found and (old := rule(new, left)):
                found[new] = old
                left.remove(old)
    kept = [(found.get(new), new) for new in news]
    return kept + [(old, None) for old in olds if old not in found.values()]


def _same_title(new, olds):
    return next((old for old in olds if old.title.casefold() == new.title.casefold()), None)


def _same_text(new, olds):
    return next((old for old in olds if old.text == new.text), None)


def _alike(new, olds):
    """The one that shares most words with it, when they share enough."""
    likeness = difflib.SequenceMatcher(autojunk=False)
    likeness.set_seq2(_words(new.text))
    ratios = []
    for old in olds:
        likeness.set_seq1(_words(old.text))
        ratios.append((likeness.quick_ratio(), old))
    best, old = max(ratios, key=lambda pair: pair[0], default=(0, None))
    return old if best >= SAME_ARTICLE else None


def _moved(pairs):
    """The pairs whose place changed among those that stayed: a new article above moves nobody."""
    stayed = [pair for pair in pairs if None not in pair]
    former = sorted(stayed, key=lambda pair: pair[0].number)
    numbers = [pair[0].number for pair in former], [pair[0].number for pair in stayed]
    blocks = difflib.SequenceMatcher(None, *numbers, autojunk=False).get_matching_blocks()
    still = {index for block in blocks for index in range(block.b, block.b + block.size)}
    return [pair for index, pair in enumerate(stayed) if index not in still]


def _change(before, after, *, is_moved):
    if before is None:
        return ArticleChange((Kind.ADDED,), None, after, [])
    if after is None:
        return ArticleChange((Kind.REMOVED,), before, None, [])
    parts = _parts(before, after, ("title", "text", "control"))
    kinds = (Kind.CHANGED,) * bool(parts) + (Kind.MOVED,) * is_moved
    return ArticleChange(kinds, before, after, parts)


def _parts(before, after, names):
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in names]
    return [
        Part(name, pieces(*texts), _count(*texts)) for name, *texts in pairs if len({*texts}) > 1
    ]


def pieces(before, after):
    """The words of both texts in reading order, each as kept, removed or added."""
    olds, news = _words(before), _words(after)
    found = []
    matcher = difflib.SequenceMatcher(None, olds, news, autojunk=False)
    for tag, old, old_end, new, new_end in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("kept", " ".join(news[new:new_end])))
            continue
        if old_end > old:
            found.append(Piece("removed", " ".join(olds[old:old_end])))
        if new_end > new:
            found.append(Piece("added", " ".join(news[new:new_end])))
    return found


def _count(before, after):
    """How many sentences were changed, added or removed."""
    olds, news = (_SENTENCE_ENDS.split(text.strip()) for text in (before, after))
    codes = difflib.SequenceMatcher(None, olds, news, autojunk=False).get_opcodes()
    return sum(
        max(old_end - old, new_end - new)
        for tag, old, old_end, new, new_end in codes
        if tag != "equal"
    )


def _words(text):
    return text.split()
