"""What a person needs, from what she types: needs, themes to search, and emergencies.

Three readings agree or not: groups of beginnings of words (`mots`), the words themselves, and
whole phrases that look alike. Only the groups may raise an emergency; a likeness never does.
"""

import functools
import json
import math
import pathlib
from collections import Counter
from dataclasses import dataclass

from .everyday_words import Groups, Lexicon, words_of
from .search_index.french import STOP_WORDS, stem
from .vocabularies import THEMATICS

MOST_THEMATICS = 5
SENSITIVE = 3
# Set by leave-one-out over the phrases of the table: see tests/models/test_needs.py.
LOWEST_SCORE = 3.0
# A word or two is a search more often than a need: it must mean one clearly.
FEW_WORDS = 2
SHARE_OF_BEST = 0.3
PHRASE_WEIGHT = 4.0
LEXICON_WEIGHT = 1.0
SATURATION = 1.2
# Linking words say little alone, yet « je ne suis pas bien » is made of nothing else.
LINKING_SHARE = 0.35
ASKING_WORDS = """
    aide aider besoin cherche chercher trouver trouve demander vouloir voudrais pouvoir savoir
    merci beaucoup bonjour svp madame monsieur urgent urgente quelqu personne jour jours mois
    semaine an ans help need want please i me a to get some someone how what
""".split()  # noqa: SIM905
LINKING_STEMS = frozenset(map(stem, [*STOP_WORDS, *ASKING_WORDS]))

_REFERENCE = pathlib.Path(__file__).parent / "reference"


@dataclass(frozen=True)
class Need:
    """A need of the shared grid that the words may mean, with the themes that answer it."""

    key: str
    label: str
    label_en: str
    thematics: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Emergency:
    """What to show before anything else: whom to call, and why."""

    number: str
    text: str
    other_numbers: tuple[str, ...]


@dataclass(frozen=True)
class Recognition:
    """What was understood; nothing of a `sensitive` text may be written anywhere.

    `emergencies` were named outright and come before anything else. `helplines` belong to what the
    words most resemble: not an alarm, but a number that must not be missing either.
    """

    needs: tuple[Need, ...] = ()
    thematics: tuple[str, ...] = ()
    emergencies: tuple[Emergency, ...] = ()
    helplines: tuple[Emergency, ...] = ()
    sensitive: bool = False


@functools.cache
def every_need():
    """`{key: (French label, English label, thematics)}` of the shared grid, in its order."""
    return {
        need["key"]: (need["label"], need["label_en"], tuple(need["thematiques"]))
        for need in _read("trame-unique.json")["besoins"]
    }


@functools.lru_cache(maxsize=1_000)
def recognise(text):
    """What a text asks for, in French, English or Arabic, however it is spelt."""
    return _understanding().recognise(text)


@functools.cache
def _understanding():
    table, lexicon = _read("phrases-besoins.json"), _read("lexique-besoins.json")
    return Understanding(table["entrees"], _read("trame-unique.json")["besoins"], lexicon)


def _read(name):
    return json.loads((_REFERENCE / name).read_text(encoding="utf-8"))


class Understanding:
    """The table of phrases made ready to be compared with a text."""

    def __init__(self, entries, needs, lexicon):
        self.entries = entries
        self.needs = {need["key"]: need for need in needs}
        by_theme = lexicon["thematiques"]
        self.emergency_groups = Groups(
            {i: entry["mots"] for i, entry in enumerate(entries) if entry.get("urgence")},
            with_errors=True,
        )
        self.groups = Groups(
            {i: entry["mots"] for i, entry in enumerate(entries)}, with_errors=True
        )
        self.theme_groups = Groups(
            {i: _theme_groups(entry, by_theme) for i, entry in enumerate(entries)}, with_errors=True
        )
        self._read_phrases(lexicon["synonymes"])

    def _read_phrases(self, synonyms):
        texts = [self._texts(entry) for entry in self.entries]
        split = [[list(map(stem, words_of(text))) for text in some] for some in texts]
        every = {word for some in split for words in some for word in words}
        self.lexicon = Lexicon(every, synonyms)
        self.phrases = []
        self.bags = [Counter() for _ in self.entries]
        for entry, some in enumerate(split):
            for words in some:
                phrase = frozenset(map(self.lexicon.canonical, words))
                self.bags[entry].update(phrase)
                self.phrases.append((entry, phrase))
        self._weigh()

    def _texts(self, entry):
        need = self.needs.get(entry["besoin"], {})
        labels = [need.get("label"), need.get("label_en"), need.get("label_simple")]
        labels += [THEMATICS[thematic] for thematic in entry["thematiques"]]
        return [*entry["phrases"], *(label for label in labels if label)]

    def _weigh(self):
        """How telling each stem and each beginning is: rare among entries is telling."""
        entries = len(self.entries)
        held = Counter(word for bag in self.bags for word in bag)
        self.weight = {word: math.log(1 + entries / count) for word, count in held.items()}
        for word in self.weight.keys() & LINKING_STEMS:
            self.weight[word] *= LINKING_SHARE
        self.phrases_with = {}
        self.norms = []
        for place, (_, phrase) in enumerate(self.phrases):
            self.norms.append(math.sqrt(sum(self.weight[word] ** 2 for word in phrase)))
            for word in phrase:
                self.phrases_with.setdefault(word, []).append(place)
        self.entries_with = {}
        for entry, bag in enumerate(self.bags):
            for word, count in bag.items():
                self.entries_with.setdefault(word, []).append((entry, count / (count + SATURATION)))
        self.begun_by = Counter()
        for groups in (self.groups, self.theme_groups):
            for group, keys in groups.keys.items():
                self.begun_by.update({beginning: len(keys) for beginning in group})

    def recognise(self, text):
        words = words_of(text)
        notices = {key for _, keys in self.emergency_groups.found(words) for key in keys}
        found = self.groups.found(words)
        named = notices | {key for _, keys in found for key in keys}
        scores = self._scores(words, found)
        for entry in notices:
            scores[entry] = max(scores[entry], LOWEST_SCORE)
        best = self._best(scores, LOWEST_SCORE if len(words) <= FEW_WORDS else LOWEST_SCORE / 2)
        return Recognition(
            needs=self._needs(best, scores),
            thematics=self._thematics(best),
            emergencies=tuple(self._emergency(entry) for entry in sorted(notices)),
            helplines=tuple(
                self._emergency(entry)
                for entry in best[:1]
                if entry not in notices and self.entries[entry].get("urgence")
            ),
            sensitive=any(self.entries[e]["sensibilite"] == SENSITIVE for e in {*named, *best}),
        )

    def _scores(self, words, found):
        """Entry → how much speaks for it."""
        meanings = {}
        for word in words:
            for root, sure in self.lexicon.meanings(word):
                meanings[root] = max(sure, meanings.get(root, 0.0))
        scores = Counter()
        for root, sure in meanings.items():
            for entry, share in self.entries_with[root]:
                scores[entry] += sure * share * self.weight[root]
        for entry, likeness in self._alike(meanings).items():
            scores[entry] += PHRASE_WEIGHT * likeness
        self._add_groups(scores, found, 1.0)
        self._add_groups(scores, self.theme_groups.found(words), LEXICON_WEIGHT)
        return scores

    def _add_groups(self, scores, found, weight):
        """Each beginning speaks once for an entry, however many of its groups hold it."""
        begun = {}
        for group, keys in found:
            for key in keys:
                begun.setdefault(key, set()).update(group)
        for entry, beginnings in begun.items():
            scores[entry] += weight * sum(
                math.log(1 + len(self.entries) / self.begun_by[beginning])
                for beginning in beginnings
            )

    def _alike(self, meanings):
        """Entry → likeness of its closest phrase, between 0 and 1 (a cosine)."""
        shared = {}
        norm = 0.0
        for root, sure in meanings.items():
            weight = sure * self.weight[root] ** 2
            norm += weight
            for place in self.phrases_with[root]:
                shared[place] = shared.get(place, 0.0) + weight
        closest = {}
        for place, weight in shared.items():
            entry = self.phrases[place][0]
            likeness = weight / (self.norms[place] * math.sqrt(norm))
            closest[entry] = max(likeness, closest.get(entry, 0.0))
        return closest

    def _best(self, scores, lowest):
        """The entries worth proposing, best first."""
        ranked = [entry for entry, score in scores.most_common() if score >= lowest]
        return [e for e in ranked if scores[e] >= SHARE_OF_BEST * scores[ranked[0]]]

    def _thematics(self, best):
        thematics = (t for entry in best for t in self.entries[entry]["thematiques"])
        return tuple(dict.fromkeys(thematics))[:MOST_THEMATICS]

    def _needs(self, best, scores):
        """The needs of these entries, each once, even when two entries tell of it."""
        needs = [self._need(entry, scores[entry]) for entry in best if self._is_need(entry)]
        return tuple({need.key: need for need in reversed(needs)}.values())[::-1]

    def _is_need(self, entry):
        return self.entries[entry]["besoin"] is not None

    def _need(self, entry, score):
        need = self.needs[self.entries[entry]["besoin"]]
        thematics = tuple(self.entries[entry]["thematiques"])
        return Need(need["key"], need["label"], need["label_en"], thematics, round(score, 2))

    def _emergency(self, entry):
        notice = self.entries[entry]["urgence"]
        return Emergency(notice["numero"], notice["texte"], tuple(notice["autres_numeros"]))


def _theme_groups(entry, by_theme):
    return [group for thematic in entry["thematiques"] for group in by_theme[thematic]]
