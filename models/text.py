"""One way to receive text: whatever arrives, the same clean string reaches both engines."""

import re
import unicodedata

# Control characters (NUL first) that PostgreSQL refuses or screens hide, lone surrogates,
# and the bidirectional overrides that make a line read other than it is written.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SPACES = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_PUNCTUATION = re.compile(r"[^\w]+|_+")


def tidy(text):
    """Composed form, one kind of line end, nothing invisible, no space around."""
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def one_line(text, limit=None):
    """A tidy single line, cut at `limit` characters."""
    line = _SPACES.sub(" ", tidy(text).replace("\n", " ")).strip()
    return line if limit is None else line[:limit].rstrip()


def fold(text):
    """Lower case, no accent, ligatures opened: the form in which words are compared."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def fold_words(text):
    """The folded words of a text, apostrophes and punctuation turned into spaces."""
    return _PUNCTUATION.sub(" ", fold(text)).split()


def typeset(text):
    """French as it is printed: curved apostrophes, spaces that never break a line before a sign."""
    text = text.replace("'", "’")
    return re.sub(r" (?=[?!;:»])|(?<=«) ", "\u00a0", text)
