"""The words around a question on the pages where a person answers alone, in the languages of the
templates: they are data like the questions, and read beside them in the same language."""

import json
import pathlib

from .shape import words

_FILE = pathlib.Path(__file__).parents[1] / "reference" / "guide.json"
GUIDE = {
    one["key"]: words(one, "label") for one in json.loads(_FILE.read_text(encoding="utf-8"))["mots"]
}
_BY_SENTENCE = {one.fr: one for one in GUIDE.values()}
RIGHT_TO_LEFT = frozenset({"ar"})


def tongue_of(template, language):
    """The language a template is read in: the one asked for, or French where it is not written."""
    return language if language == "fr" or getattr(template.title, language, "") else "fr"


def tongues(template):
    """The languages a template is written in."""
    return [code for code in ("fr", "en", "ar") if tongue_of(template, code) == code]


def tell(key, language, **values):
    """One of these sentences."""
    said = GUIDE[key].said(language)
    return said % values if values else said


def tell_broken(broken, language):
    """The sentence of a broken rule in this language, or None when it is not written here."""
    found = _BY_SENTENCE.get(broken.sentence)
    return found and (
        found.said(language) % broken.values if broken.values else found.said(language)
    )
