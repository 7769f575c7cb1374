"""What makes a text hard to read: it is said when the text is saved, and never refused."""

import re
from typing import NamedTuple

from .base import N_

MOST_WORDS = 25
SHOWN_WORDS = 8
# Letters that are words for everybody.
KNOWN = frozenset({"CV", "SMS"})
_SENTENCE = re.compile(r"[^.!?…\n]+")
_ACRONYM = re.compile(r"\b[A-ZÀ-Þ]{2,}\b")


class Remark(NamedTuple):
    """A sentence to say, with what fills it."""

    sentence: str
    values: dict


def remarks(*texts):
    """What could be read more easily in these texts, in their order."""
    text = "\n".join(texts)
    return [*_long_sentences(text), *_unexplained_acronyms(text)]


def _long_sentences(text):
    for sentence in _SENTENCE.findall(text):
        words = sentence.split()
        if len(words) > MOST_WORDS:
            yield Remark(
                N_("Une phrase a %(count)s mots : « %(start)s… ». Coupez-la si possible."),
                {"count": len(words), "start": " ".join(words[:SHOWN_WORDS])},
            )


def _unexplained_acronyms(text):
    for acronym in dict.fromkeys(_ACRONYM.findall(text)):
        if acronym not in KNOWN and not _is_explained(acronym, text):
            yield Remark(
                N_("« %(acronym)s » n’est pas expliqué. Écrivez ce que ces lettres veulent dire."),
                {"acronym": acronym},
            )


def _is_explained(acronym, text):
    """In brackets after its words, followed by them, or by « , qui… »."""
    return re.search(rf"\({acronym}\)|\b{acronym} \(|\b{acronym}, (?:qui|c’est)\b", text)
