"""What every part of the service stands on: the database handle, entities, vocabularies, rules."""

import datetime as dt
import enum
import functools
import hashlib
import re
import secrets
import zoneinfo

import peewee as pw

database = pw.DatabaseProxy()

# Crockford's alphabet: no I, L, O or U, so a code can be read aloud over the telephone.
CODE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH = 10
_MISREAD = str.maketrans("oil", "011")


# The service keeps French days: a charter lapses at midnight here, not in Greenwich.
ZONE = zoneinfo.ZoneInfo("Europe/Paris")


def N_(text):
    """Mark a French sentence for the catalogues; it is translated where it is shown."""
    return text


def now():
    """The current moment, UTC, without zone: the only form of moment the database holds."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def today():
    """The current day in France."""
    return dt.datetime.now(ZONE).date()


def local_moment(moment):
    """A stored moment as a clock shows it in France."""
    return moment.replace(tzinfo=dt.UTC).astimezone(ZONE)


def local_day(moment):
    """The French day of a stored moment, or None."""
    return moment and local_moment(moment).date()


def new_code():
    """A random public identifier of 50 bits: what an address carries instead of a row number."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def typed_code(text):
    """The code that somebody types from paper, whatever its case, spaces and hyphens, with O for 0
    and I or L for 1; None when it cannot be one."""
    code = re.sub(r"[\s.\-–—]+", "", text).lower().translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET) else None


class RuleBroken(Exception):
    """A rule of the service refuses the act; `sentence` says why, in French, ready to translate."""

    def __init__(self, sentence, **values):
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class Vocabulary(enum.StrEnum):
    """A closed list of values, each with a French label: `MEMBER = "value", N_("Libellé")`."""

    def __new__(cls, value, label):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls):
        return [(member.value, member.label) for member in cls]


class VocabularyField(pw.CharField):
    """Stores a `Vocabulary` member as its value, and gives the member back."""

    def __init__(self, vocabulary, **kwargs):
        self.vocabulary = vocabulary
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def clone(self):
        return type(self)(self.vocabulary, **self._kwargs_for_clone())

    def _kwargs_for_clone(self):
        return {"null": self.null, "default": self.default, "index": self.index}

    def db_value(self, value):
        return None if value is None else self.vocabulary(value).value

    def python_value(self, value):
        return None if value is None else self.vocabulary(value)


class Entity(pw.Model):
    """A thing the service keeps. `id` stays inside the database; addresses carry `code`."""

    code = pw.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    created_at = pw.DateTimeField(default=now)

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def by_code(cls, code):
        """The row of this public identifier, or None."""
        return cls.get_or_none(cls.code == code)


def transaction(act):
    """Run an act whole or not at all; a caller's own transaction takes it in."""

    @functools.wraps(act)
    def within(*args, **kwargs):
        with database.atomic():
            return act(*args, **kwargs)

    return within


def new_token():
    """A secret of 256 bits, given once to a browser or a mailbox."""
    return secrets.token_urlsafe(32)


def hash_token(token):
    """What the database keeps of a token: a stolen database opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
