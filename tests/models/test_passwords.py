"""What a password must hold, by the CNIL's count of 2022 (REQ 70, ASVS 6.2)."""

import argon2
import pytest

from models import Account, SignInThrottle
from models.accounts import passwords
from models.accounts.signing_in import sign_in
from models.base import RuleBroken
from tests import people

AMINA = ("Amina Belkacem", "amina.belkacem@envol-insertion.fr", "L’Envol du Comminges")


@pytest.mark.parametrize(
    "clear",
    [
        "cheval pile agrafe correcte",
        "Tk7#vqP2!mZx",
        "jbrvkqzmwtxplfdhs",
        "été où l’âne brûla çà et là",
        "w9Qm2LxT8bVr4K",
        "  espaces gardés autour 7 ",
        "🐴 pile agrafe 日本 mot",
    ],
)
def test_a_long_or_varied_password_is_accepted_with_no_rule_of_composition(clear):
    """ASVS 6.2.5"""
    passwords.check(clear, AMINA)


@pytest.mark.parametrize(
    ("clear", "missing"),
    [("", 17), ("Tk7#vqP2!mZ", 1), ("jbrvkqzmwtxplfdh", 1), ("918273645", 15)],
)
def test_a_short_password_is_refused_with_what_is_missing(clear, missing):
    with pytest.raises(RuleBroken, match=f"à ajouter : {missing}\\."):
        passwords.check(clear, AMINA)


def test_twelve_signs_of_every_kind_are_the_cnil_s_eighty_bits():
    assert passwords.missing_characters("Tk7#vqP2!mZx") == 0
    assert round(passwords.bits("Tk7#vqP2!mZx")) == passwords.NEEDED_BITS


@pytest.mark.parametrize(
    "clear",
    [
        "password1234567890password",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "azertyuiopazertyuiop",
        "Amina.Belkacem.2026!",
        "L'Envol du Comminges 31",
        "Portail-SPIE-31!",
        "amina.belkacem@envol-insertion.fr",
        "123456789012345678901234",
        "abcdefghijklmnopqrstuvwxyz",
    ],
)
def test_a_password_one_would_try_first_is_refused(clear):
    """ASVS 6.2.4, 6.2.11"""
    with pytest.raises(RuleBroken, match="facile à deviner"):
        passwords.check(clear, AMINA)


def test_the_words_of_one_person_do_not_count_against_another():
    passwords.check("Amina-Belkacem-2026!", ())
    with pytest.raises(RuleBroken):
        passwords.check("Amina-Belkacem-2026!", AMINA)


def test_two_hundred_characters_are_taken_whole():
    """ASVS 6.2.9: the last sign counts as much as the first."""
    whole = "cheval pile agrafe correcte " * 7 + "fin."
    assert len(whole) == passwords.LONGEST
    passwords.check(whole)
    kept = passwords.make_hash(whole)
    assert passwords.matches(kept, whole)
    assert not passwords.matches(kept, whole[:-1] + "!")
    assert not passwords.matches(kept, whole + ".")
    with pytest.raises(RuleBroken, match="200 caractères"):
        passwords.check(whole + "!")


def test_one_letter_is_one_letter_whatever_the_keyboard_sends():
    kept = passwords.make_hash("un mot accentu\u00e9 ici")
    assert passwords.matches(kept, "un mot accentue\u0301 ici")


@pytest.mark.parametrize("clear", ["\x00" * 40, "\ud800" * 40, "é" * 100_000, "🐴" * 50])
def test_hostile_text_is_only_a_wrong_password(clear):
    assert not passwords.matches(passwords.NOBODY, clear)
    with pytest.raises(RuleBroken):
        passwords.check(clear)


def test_a_hash_that_is_none_opens_nothing():
    assert not passwords.matches("", "cheval pile agrafe correcte")
    assert not passwords.matches("inutilisable", "")


def test_a_hash_of_former_parameters_is_made_again_at_sign_in(db):
    """REQ 70: the work of guessing follows the machines."""
    amina = people.account()
    sign_in(amina.identifier, people.PASSWORD)
    kept = Account.get_by_id(amina.id).password_hash
    assert kept != people.HASH
    assert argon2.extract_parameters(kept).memory_cost == passwords.hasher.memory_cost
    sign_in(amina.identifier, people.PASSWORD)
    assert Account.get_by_id(amina.id).password_hash == kept


def test_a_burst_of_guesses_is_counted_before_it_is_judged(db, monkeypatch):
    """ASVS 15.4.2: guesses sent together are not judged together."""
    from models.accounts.throttling import TooManyFailures

    amina = people.account()
    judged = []

    def slow(kept, clear):
        judged.append(clear)
        if len(judged) < 20:
            with pytest.raises(RuleBroken):
                sign_in(amina.identifier, f"essai {len(judged)}")
        return False

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(RuleBroken):
        sign_in(amina.identifier, "essai")
    assert len(judged) == 5
    with pytest.raises(TooManyFailures):
        SignInThrottle.attempt(amina.identifier)
