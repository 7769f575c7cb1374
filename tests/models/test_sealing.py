"""What is sealed: read back with its key, at its place, and never otherwise."""

import pytest

from models import sealing
from models.sealing import NoKey, Unreadable, seal, seal_bytes, unseal, unseal_bytes
from tests.conftest import DATA_KEY

PLACE = "outgoing_email·abc·sealed_values"


@pytest.fixture(autouse=True)
def _key():
    sealing.forget_keys()
    sealing.use_key(DATA_KEY)
    yield
    sealing.forget_keys()
    sealing.use_key(DATA_KEY)


@pytest.mark.parametrize("text", ["", "un lien à usage unique", "é" * 10_000])
def test_what_is_sealed_is_read_back(text):
    sealed = seal(text, PLACE)
    assert unseal(sealed, PLACE) == text
    assert sealed.isascii()
    assert not text or text not in sealed


def test_the_same_text_is_never_sealed_twice_alike():
    assert seal("oui", PLACE) != seal("oui", PLACE)


def test_another_place_cannot_read_it():
    """Nobody who writes in the database can swap two sealed values (ASVS 11.3.3)."""
    with pytest.raises(Unreadable):
        unseal(seal("oui", PLACE), "outgoing_email·abd·sealed_values")


def test_one_changed_symbol_is_noticed_wherever_it_is():
    sealed = seal("oui", PLACE)
    for at in range(len(sealed) - 1):
        for other in "AB":
            changed = sealed[:at] + other + sealed[at + 1 :]
            if changed != sealed:
                with pytest.raises(Unreadable):
                    unseal(changed, PLACE)


@pytest.mark.parametrize("text", ["", ".", "en clair", "en clair.avec un point", "é.é"])
def test_a_text_that_was_never_sealed_is_refused(text):
    with pytest.raises(Unreadable):
        unseal(text, PLACE)


def test_a_wrong_key_refuses():
    sealed = seal("oui", PLACE)
    sealing.forget_keys()
    sealing.use_key(b"e" * 32)
    with pytest.raises(Unreadable):
        unseal(sealed, PLACE)


def test_a_new_key_seals_and_the_former_one_still_reads():
    former = seal("oui", PLACE)
    sealing.use_key(b"e" * 32)
    assert unseal(former, PLACE) == "oui"
    assert seal("oui", PLACE).partition(".")[0] != former.partition(".")[0]


def test_without_a_key_nothing_is_written_in_clear():
    sealing.forget_keys()
    with pytest.raises(NoKey):
        seal("oui", PLACE)


def test_a_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32"):
        sealing.use_key(b"court")


# The content of a file


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", bytes(range(256)) * 4, b"a.b.c"])
def test_the_content_of_a_file_is_read_back(content):
    sealed = seal_bytes(content, PLACE)
    assert unseal_bytes(sealed, PLACE) == content
    assert not content or content not in sealed


def test_the_content_of_a_file_opens_at_its_place_only():
    """Nobody who writes in the database can swap two papers (ASVS 11.3.3)."""
    with pytest.raises(Unreadable):
        unseal_bytes(seal_bytes(b"oui", PLACE), "outgoing_email·abd·sealed_values")


def test_one_changed_byte_of_a_file_is_noticed_wherever_it_is():
    sealed = seal_bytes(b"oui", PLACE)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(Unreadable):
            unseal_bytes(bytes(changed), PLACE)


@pytest.mark.parametrize("content", [b"", b".", b"%PDF-1.7 en clair.", b"\xff\xfe.\xff"])
def test_a_file_that_was_never_sealed_is_refused(content):
    with pytest.raises(Unreadable):
        unseal_bytes(content, PLACE)


def test_a_new_key_seals_files_and_the_former_one_still_reads():
    former = seal_bytes(b"oui", PLACE)
    sealing.use_key(b"e" * 32)
    assert unseal_bytes(former, PLACE) == b"oui"
    assert seal_bytes(b"oui", PLACE)[:8] != former[:8]
    sealing.forget_keys()
    with pytest.raises(NoKey):
        seal_bytes(b"oui", PLACE)
