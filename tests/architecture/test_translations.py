"""French is the source; English is complete; typography is French."""

import re

from blueprints.commands.translations import _differences, _read, french, gather, missing


def test_the_catalogues_say_what_the_source_says():
    template = gather()
    assert _differences(template, _read("fr")) == []
    assert _differences(template, _read("en")) == []


def test_every_sentence_is_translated_into_english():
    assert missing(_read("en")) == []


def test_both_languages_fill_the_same_blanks():
    def blanks(text):
        return sorted(set(re.findall(r"%\((\w+)\)[sd]", text)))

    for message in _read("en"):
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            assert {b for i in ids for b in blanks(i)} >= {b for s in strings for b in blanks(s)}
            assert blanks(ids[-1]) == blanks(strings[-1]), message.id


def test_french_sentences_follow_french_typography():
    """Curved apostrophes in the source; unbreakable spaces in what is read."""
    for message in french(gather()):
        assert "'" not in "".join(message.id), message.id
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not re.search(r" [:;?!»]|« ", text), text


def test_the_french_catalogue_is_the_source_typeset():
    assert {m.id: m.string for m in _read("fr") if m.id} == {
        m.id: m.string for m in french(gather()) if m.id
    }
