"""What an accompanied person reads is said in short sentences (REQ-43, access.md §4.7)."""

import pathlib
import re

import pytest
from babel.messages.pofile import read_po

# Fewer than a professional is warned of (`models/plain_language`).
MOST_WORDS = {"fr": 20, "en": 25}
TRANSLATIONS = pathlib.Path(__file__).parent.parent.parent / "translations"
# Where the words stand that she reads: her pages, a terminal, her rights, what her file answers.
HERS = (
    "templates/my_space/", "templates/kiosk/", "templates/privacy/my_rights.html",
    "templates/referents/mine.html", "templates/referents/answer.html",
    "templates/referents/choose.html", "templates/referents/stop.html",
    "templates/email/who_follows", "templates/email/call_back",
    "blueprints/my_space/", "blueprints/kiosk/", "blueprints/referents/own.py",
    "blueprints/sharing_form.py", "models/persons/",
)  # fmt: skip


def sentences(language):
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file, locale=language):
            if any(place.startswith(HERS) for place, _ in message.locations):
                said = message.string if message.pluralizable else (message.string,)
                yield from said


def too_long(texts, most):
    """The sentences of more than `most` words, with their count."""
    said = [sentence.split() for text in texts for sentence in re.split(r"[.!?…\n]+", text)]
    return [(len(words), " ".join(words)) for words in said if len(words) > most]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_sentence_that_she_reads_is_long(language):
    said = list(sentences(language))
    assert len(said) > 400
    assert too_long(said, MOST_WORDS[language]) == []


def test_a_long_sentence_would_be_seen():
    assert too_long(["Un mot. " * 30], 20) == []
    assert too_long(["mot " * 21 + "."], 20) == [(21, "mot " * 20 + "mot")]
