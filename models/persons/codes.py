"""The person's access code: sixty bits, shown once, replaced at a desk; nobody can lock her out.

CNIL 2022: fifty bits at least where guesses are slowed down; a code of four figures is not enough.
"""

import datetime as dt
import re
import secrets

from .. import audit
from ..accounts import passwords
from ..accounts.throttling import SignInThrottle
from ..base import CODE_ALPHABET, N_, RuleBroken, now, transaction

CODE_LENGTH = 12
GROUP = 4
ACCESS_CODE = "access code"
# How long a code just drawn may be read again by who drew it: a cut line must not lose it.
FRESH = dt.timedelta(hours=1)
_MISREAD = str.maketrans("oil", "011")


def draw(length=CODE_LENGTH):
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def tidy(text):
    """What was typed, whatever its case, spaces and hyphens, with O for 0 and I or L for 1."""
    return re.sub(r"[^0-9a-z]+", "", text.lower()[:100]).translate(_MISREAD)


def shown(code):
    """A code in groups of four, in capitals: « K7M2 P9X4 ABCD »."""
    upper = code.upper()
    return " ".join(upper[at : at + GROUP] for at in range(0, len(upper), GROUP))


def renew(person, *, by, organisation=None):
    """Draw another code: the old one and its sessions are dead at once. Answers the code, which
    `by` may read again for an hour (`fresh_of`), until the person uses it or it is said noted."""
    code = draw()
    _keep(person, code, passwords.make_hash(code), by, organisation)
    return code


@transaction
def _keep(person, code, access_hash, by, organisation):
    from .notices import News, PersonNotice
    from .sessions import PersonSession

    is_first = person.access_hash is None
    person.access_hash, person.access_made_at = access_hash, now()
    person.fresh_access, person.fresh_access_for = code, None if by.is_accompanied else by.id
    person.touch()
    person.save(only=person.dirty_fields)
    PersonSession.end_all(person, besides=by)
    SignInThrottle.forget(person.identifier, about=ACCESS_CODE)
    audit.record("code:renew", person, by=by, person=person, organisation=organisation)
    if not (is_first or by.is_accompanied):
        PersonNotice.tell(person, News.CODE_RENEWED, account=by, organisation=organisation)


def fresh_of(person, reader):
    """The code just drawn, for who drew it and as long as it may be read; None otherwise."""
    if person.fresh_access is None or now() > person.access_made_at + FRESH:
        return None
    expected = None if reader.is_accompanied else reader.id
    return person.fresh_access if person.fresh_access_for == expected else None


@transaction
def forget_fresh(person):
    """The code is noted, printed or used: nobody reads it any more."""
    if person.fresh_access is not None:
        person.fresh_access = person.fresh_access_for = None
        person.save(only=person.dirty_fields)


def recognise(identifier, code, *, by=None):
    """The person of this identifier and code; raises `RuleBroken`, in the same words and with the
    same work whether she exists or not, and `TooManyFailures` while guesses must wait (REQ-42)."""
    return _recognise(identifier, code, by, lambda person: person.is_open)


def recognise_at_desk(identifier, code, *, by):
    """The same, be her file open, or closed by herself and still there: she may come back."""
    return _recognise(identifier, code, by, lambda person: person.is_open or person.may_come_back)


def _recognise(identifier, code, by, may_be):
    from .person import Person

    identifier = tidy(identifier)
    SignInThrottle.attempt(identifier, about=ACCESS_CODE)
    person = Person.of_identifier(identifier)
    kept = (person and may_be(person) and person.access_hash) or passwords.NOBODY
    if not passwords.matches(kept, tidy(code)) or kept == passwords.NOBODY:
        if person:
            audit.record("code:refuse", person, by=by, person=person)
        raise RuleBroken(N_("L’identifiant ou le code n’est pas le bon."))
    SignInThrottle.forget(identifier, about=ACCESS_CODE)
    return person
