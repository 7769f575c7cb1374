"""Sealing what must be read back later: AES-256-GCM, under a key kept outside the database."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
# The size of nonce that GCM is made for; drawn anew at each sealing.
NONCE_BYTES = 12
# Names the key in front of what it sealed, and tells nothing of it: keys can rotate one by one.
KEY_ID_DIGITS = 8

# What a keyed hash keeps of its 256 bits: enough that two names never meet by chance.
FINGERPRINT_DIGITS = 32

_keys = {}
_fingerprint_keys = {}
_present = None


class Unreadable(Exception):
    """The sealed text was changed, moved to another place, or sealed under a key we do not hold."""


class NoKey(RuntimeError):
    """Nothing can be sealed before `use_key`: a forgotten key never means plain text."""


def use_key(key):
    """Seal under this key from now on, and go on reading what the former ones sealed."""
    global _present
    if len(key) != KEY_BYTES:
        raise ValueError(f"{KEY_BYTES} bytes")
    _present = key_id(key)
    _keys[_present] = AESGCM(key)
    # Never the same key for two jobs.
    _fingerprint_keys[_present] = hmac.digest(key, b"portail fingerprints", "sha256")


def forget_keys():
    """Hold no key any more."""
    global _present
    _present = None
    _keys.clear()
    _fingerprint_keys.clear()


def key_id(key):
    """The number of a key, which tells nothing of it."""
    return hashlib.sha256(b"portail key id" + key).hexdigest()[:KEY_ID_DIGITS]


def present_id():
    """The number of the key that seals from now on."""
    if _present is None:
        raise NoKey
    return _present


def held_ids():
    """The numbers of all the keys that this process reads with."""
    return frozenset(_keys)


def seal(text, place, *, under=None):
    """The text as only `unseal` reads it, at this very `place` (« table·row·column »)."""
    name = under or present_id()
    sealed = base64.urlsafe_b64encode(_locked(name, text.encode(), place))
    return f"{name}.{sealed.decode().rstrip('=')}"


def unseal(sealed, place):
    """The text that was sealed at this `place`; raises `Unreadable` rather than guess."""
    name, _, body = sealed.partition(".")
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars="-_", validate=True)
    except ValueError as fault:
        raise Unreadable from fault
    return _opened(name, raw, place).decode()


def seal_bytes(content, place, *, under=None):
    """The same for the content of a file, which base64 would make a third larger."""
    name = under or present_id()
    return name.encode() + b"." + _locked(name, content, place)


def unseal_bytes(sealed, place):
    """What was sealed at this `place`; raises `Unreadable` rather than guess."""
    name, _, raw = sealed.partition(b".")
    return _opened(name.decode("latin-1"), raw, place)


def _locked(name, content, place):
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _keys[name].encrypt(nonce, content, place.encode())


def _opened(name, raw, place):
    if name not in _keys:
        raise Unreadable
    try:
        return _keys[name].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
    except (ValueError, InvalidTag) as fault:
        raise Unreadable from fault


def fingerprint(text, subject):
    """What the database keeps to find a sealed text again, exactly as it was given; `subject` keeps
    a name and a telephone number from ever looking alike."""
    return _fingerprint(present_id(), text, subject)


def fingerprints(text, subject):
    """The same under each key held: what was written before the key changed is found too."""
    return [_fingerprint(name, text, subject) for name in _fingerprint_keys]


def _fingerprint(name, text, subject):
    digest = hmac.new(_fingerprint_keys[name], f"{subject}\0{text}".encode(), hashlib.sha256)
    return f"{name}.{digest.hexdigest()[:FINGERPRINT_DIGITS]}"
