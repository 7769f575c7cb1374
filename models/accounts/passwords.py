"""Passwords: what they must hold, by the CNIL's count of 2022, and how they are kept."""

import math
import secrets
import threading
import unicodedata

import argon2
from zxcvbn import zxcvbn

from ..base import N_, RuleBroken
from ..text import fold_words

LONGEST = 200
NEEDED_BITS = 80
# The CNIL's own example (12 characters of 99 signs) makes 79.55 bits, and it counts 80.
_ROUNDING = 0.5
# Past ten thousand million guesses, a list of what people choose no longer helps.
NEEDED_GUESSES_LOG10 = 10
# Beyond this length the estimate costs more and more: what precedes is judged alone.
_JUDGED = 72

_KINDS = ((str.isdecimal, 10), (str.islower, 26), (str.isupper, 26))
_LETTERS, _OTHER_SIGNS = 26, 37
# What is left once a person's own words are set aside must still be out of reach of guesses that
# are slowed down: the CNIL's figure for that case.
_BITS_BESIDES = 50
_SHORTEST_WORD = 3
_WORDS_OF_THE_PORTAL = {
    "portail", "spie", "haute", "garonne", "insertion", "emploi", "service", "public",
    "motdepasse", "mot", "passe", "azerty", "azertyuiop", "bonjour", "soleil", "toulouse",
}  # fmt: skip

hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a password that nobody knows: an account has it until its owner chooses one, and an
# unknown identifier is compared with it, so that both answers take the same time.
NOBODY = hasher.hash(secrets.token_urlsafe(32))
# zxcvbn keeps the words of its caller in a dictionary of its own module.
_one_at_a_time = threading.Lock()


def check(clear, known=()):
    """Raise `RuleBroken`, with what is missing, unless this may be a password.

    `known` are texts that a stranger would try first: name, address, organisation.
    """
    clear = _composed(clear)
    if len(clear) > LONGEST:
        raise RuleBroken(
            N_("Ce mot de passe est trop long : %(most)d caractères au plus."), most=LONGEST
        )
    if missing := missing_characters(clear):
        raise RuleBroken(
            N_(
                "Ce mot de passe est trop court. Nombre de caractères à ajouter : %(missing)d. "
                "Ou mêlez-y d’autres signes : majuscules, chiffres, espaces."
            ),
            missing=missing,
        )
    if _is_guessable(clear, known):
        raise RuleBroken(
            N_(
                "Ce mot de passe est facile à deviner. Évitez votre nom, votre organisme, "
                "les répétitions et les mots de passe connus."
            )
        )


def bits(clear):
    """Length times log2 of the alphabets it draws from: the CNIL's measure, not an estimate."""
    return len(clear) * math.log2(_alphabet(clear)) if clear else 0


def missing_characters(clear):
    """How many characters of the same kinds would make it long enough."""
    lacking = NEEDED_BITS - _ROUNDING - bits(clear)
    return max(0, math.ceil(lacking / math.log2(_alphabet(clear) or _LETTERS)))


def _alphabet(clear):
    """The number of signs one would have to try: each kind in use counts whole."""
    kinds = [kind for kind, _ in _KINDS]
    size = sum(number for kind, number in _KINDS if any(map(kind, clear)))
    others = any(not any(kind(sign) for kind in kinds) for sign in clear)
    return size + (_OTHER_SIGNS if others else 0)


def _is_guessable(clear, known):
    words = {word for text in known for word in fold_words(text)} | _WORDS_OF_THE_PORTAL
    besides = _without(clear, words)
    if besides is not None and bits(besides) < _BITS_BESIDES:
        return True
    with _one_at_a_time:
        found = zxcvbn(clear[:_JUDGED], [*known, *words], max_length=_JUDGED)
    return found["guesses_log10"] < NEEDED_GUESSES_LOG10


def _without(clear, words):
    """The letters and digits that are none of these words; None when it holds none of them."""
    folded = rest = "".join(fold_words(clear))
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_WORD:
            rest = rest.replace(word, "")
    return rest if rest != folded else None


def make_hash(clear):
    """25 ms of work: never inside a transaction, which holds SQLite's only writer's place."""
    return hasher.hash(_bytes(clear))


def matches(kept, clear):
    try:
        return hasher.verify(kept, _bytes(clear[: LONGEST + 1]))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def is_outdated(kept):
    """True for a hash made with other parameters than today's."""
    return hasher.check_needs_rehash(kept)


def _composed(clear):
    """An é is one password whether the keyboard sends one sign or two."""
    return unicodedata.normalize("NFC", clear)


def _bytes(clear):
    return _composed(clear).encode("utf-8", "replace")
