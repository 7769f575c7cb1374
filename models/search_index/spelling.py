"""The words of the bank, how rare each is, and the word a mistyped one was meant to be.

Two tables, the same on both engines: `search_word` (a folded word, its stem, a way to show it, and
the number of sheets holding it when the index was last rebuilt) and `search_variant` (the word and
each form of it one letter shorter). Two words one or two typing errors apart share a variant.
"""

from collections import Counter

from ..base import database
from .french import folded, stem

SHORTEST = 4
LONGEST = 24
# Below this length one error is all a word can bear before it is any other word.
LENGTH_OF_TWO_ERRORS = 7


class Vocabulary:
    """Counts words over many sheets, to write them at once."""

    def __init__(self):
        self.sheets = Counter()
        self.shown = {}

    def add(self, words):
        """Count the words of a sheet, given as folded word → as written."""
        self.sheets.update(words.keys())
        self.shown |= words

    def rows(self):
        return [(word, stem(word), self.shown[word], df) for word, df in self.sheets.items()]


def variants(word):
    """The word and its forms one letter shorter, when it is long enough to be corrected."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return set()
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def rarity_table(stems):
    """Stem → number of sheets, 0 for a stem no sheet held."""
    rows = database.execute_sql(
        f"SELECT stem, sum(df) FROM search_word WHERE stem IN ({marks(stems)}) GROUP BY stem",
        stems,
    )
    return dict.fromkeys(stems, 0) | {found: int(df) for found, df in rows}


def correct(token):
    """A word of the bank close to this one, as it is written there, or None."""
    word = folded(token)
    forms = sorted(variants(word))
    if not forms:
        return None
    rows = database.execute_sql(
        "SELECT DISTINCT w.word, w.shown, w.df FROM search_variant v"
        f" JOIN search_word w ON w.word = v.word WHERE v.variant IN ({marks(forms)})",
        forms,
    )
    most = 1 if len(word) < LENGTH_OF_TWO_ERRORS else 2
    close = [(errors(word, other), -df, other, shown) for other, shown, df in rows]
    close = [candidate for candidate in close if 0 < candidate[0] <= most]
    return min(close)[3] if close else None


def errors(word, other):
    """Typing errors between two words: letters missing, added, changed, or swapped in place."""
    before, current = [], list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        earlier, before, current = before, current, [i]
        for j, other_letter in enumerate(other, start=1):
            change = before[j - 1] + (letter != other_letter)
            cost = min(before[j] + 1, current[j - 1] + 1, change)
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == other_letter:
                cost = min(cost, earlier[j - 2] + 1)
            current.append(cost)
    return current[-1]


def marks(values):
    return ", ".join([database.obj.param] * len(values))
