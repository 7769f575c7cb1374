"""Words as people type them: beginnings of words, typing errors, and words that mean the same.

The rule of beginnings is that of `phrases-besoins.json`: a group is found when each of its
beginnings starts a word of the text; one of three letters or fewer must be the whole word.
"""

import functools
import itertools
import re

from .search_index.french import stem
from .text import fold, fold_words, tidy

LONGEST_TEXT = 600
WHOLE_WORD = 3
# Shorter beginnings have too many neighbours for an error in them to be told from another word.
SHORTEST_WITH_ERROR = 6
SHORTEST_CORRECTED = 5
SHORTEST_FAMILY = 5

_DOUBLED = re.compile(r"([^\W\d_])\1+")
# Arabic ties the article and short prepositions to the word: « بالإسعاف » is « إسعاف ».
_ARABIC_TIED = re.compile(r"^[وف]?(?:[بكل]?ال|لل)(?=[\u0621-\u064a]{3})")
_ARABIC_SAME = str.maketrans({"\u0629": "\u0647", "\u0649": "\u064a"})
_MISSPELT = (("ph", "f"), ("en", "an"), ("em", "an"), ("am", "an"), ("sc", "s"), ("y", "i"))


def words_of(text):
    """The folded words of a text, an Arabic word also without what is tied to it."""
    words = fold_words(tidy(text[:LONGEST_TEXT]).translate(_ARABIC_SAME))
    untied = [_ARABIC_TIED.sub("", word) for word in words if not word.isascii()]
    return list(dict.fromkeys([*words, *untied]))


@functools.lru_cache(maxsize=20_000)
def sound(word):
    """A rough spelling by ear: « violance », « viollence » and « violence » are one."""
    for written, heard in _MISSPELT:
        word = word.replace(written, heard)
    return _DOUBLED.sub(r"\1", word)


class Groups:
    """Groups of beginnings of words, each with the keys of what it stands for."""

    def __init__(self, groups_by_key, *, with_errors=False):
        self.keys = {}
        for key, groups in groups_by_key.items():
            for group in groups:
                beginnings = frozenset(fold_words(group.translate(_ARABIC_SAME)))
                self.keys.setdefault(beginnings, []).append(key)
        self.beginnings = set().union(*self.keys)
        self.groups = {}
        for group in self.keys:
            self.groups.setdefault(max(group, key=len), []).append(group)
        self.misspelt = self._misspelt() if with_errors else {}

    def found(self, words):
        """The groups found among folded words, with their keys: `[(group, keys)]`."""
        begun = set().union(*map(self._begun, words)) if words else set()
        return [
            (group, self.keys[group])
            for beginning in begun & self.groups.keys()
            for group in self.groups[beginning]
            if group <= begun
        ]

    def _begun(self, word):
        """The beginnings that start a word, or would if it were well written."""
        begun = {
            word[:length]
            for length in range(WHOLE_WORD + 1, len(word) + 1)
            if word[:length] in self.beginnings
        }
        if len(word) <= WHOLE_WORD and word in self.beginnings:
            begun.add(word)
        if self.misspelt:
            heard = sound(word)
            starts = {word[:length] for length in range(SHORTEST_WITH_ERROR - 1, len(word) + 1)}
            starts |= {heard[:length] for length in range(WHOLE_WORD + 1, len(heard) + 1)}
            begun.update(*(self.misspelt[start] for start in starts & self.misspelt.keys()))
            begun |= self._with_one_letter_more(word)
        return begun

    def _with_one_letter_more(self, word):
        """A letter too many, inside the beginning."""
        return {
            beginning
            for length in range(SHORTEST_WITH_ERROR + 1, len(word) + 1)
            for place in range(1, length - 2)
            if (beginning := word[:place] + word[place + 1 : length]) in self.misspelt_of
        }

    @functools.cached_property
    def misspelt_of(self):
        return {word for word in self.beginnings if len(word) >= SHORTEST_WITH_ERROR}

    def _misspelt(self):
        """Wrong beginning → right ones: by ear, a letter missing, two letters swapped, conjugated.

        The first and last letters stay, and no letter is changed for another: « soigne » is not a
        wrong « saigne », « étranger » not a wrong « étranglé », « ménage » not a wrong « menace ».
        """
        misspelt = {}
        for word in self.beginnings:
            wrong = {sound(word)} if len(word) > WHOLE_WORD + 1 else set()
            if len(word) >= SHORTEST_WITH_ERROR:
                inside = range(1, len(word) - 1)
                wrong |= {word[:i] + word[i + 1 :] for i in inside}
                wrong |= {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in inside}
            if len(word) > SHORTEST_WITH_ERROR and word.endswith("er"):
                wrong |= {word[:-1], sound(word[:-1])}
            for form in wrong - {word}:
                misspelt.setdefault(form, set()).add(word)
        return misspelt


class Lexicon:
    """The stems of a set of phrases, reached from words written in many ways."""

    def __init__(self, stems, synonyms):
        self.one_for = self._one_for(synonyms)
        self.stems = {self.canonical(word) for word in stems}
        self.shorter = {}
        self.families = {}
        for word in self.stems:
            for form in _shorter(word):
                self.shorter.setdefault(form, []).append(word)
            if len(word) >= SHORTEST_FAMILY:
                self.families.setdefault(word[:SHORTEST_FAMILY], []).append(word)
        self.meanings = functools.lru_cache(maxsize=20_000)(self._meanings)

    @staticmethod
    def _one_for(synonyms):
        groups = [[stem(fold(word)) for word in line.split()] for line in synonyms]
        return {word: group[0] for group in groups for word in group}

    def canonical(self, word):
        return self.one_for.get(word, word)

    def _meanings(self, word):
        """Folded word → ((stem of the lexicon, how sure), …)."""
        root = self.canonical(stem(word))
        if root in self.stems:
            return ((root, 1.0),)
        if close := self._close(root):
            return tuple((other, 0.8) for other in close)
        family = self.families.get(root[:SHORTEST_FAMILY], ())
        return tuple((other, 0.6) for other in family[:3])

    def _close(self, root):
        """Stems one typing error away: they share a form one letter shorter, and their start."""
        if len(root) < SHORTEST_CORRECTED or not root.isalpha():
            return []
        found = itertools.chain.from_iterable(self.shorter.get(form, ()) for form in _shorter(root))
        close = dict.fromkeys(other for other in found if other[0] == root[0])
        return [other for other in close if abs(len(other) - len(root)) <= 1][:3]


def _shorter(word):
    if len(word) < SHORTEST_CORRECTED:
        return ()
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
