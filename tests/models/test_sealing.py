"""What is sealed: read back with its key, at its place, and never otherwise."""

import pytest

from models import sealing
from models.sealing import NoKey, Unreadable, seal, unseal
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
