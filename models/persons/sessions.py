"""The person's own sessions: short ones, which a shared screen must not keep open."""

import datetime as dt

import peewee as pw

from .. import audit
from ..base import Entity, hash_token, new_token, now, transaction
from . import codes
from .person import Person

# How long « Êtes-vous toujours là ? » waits for an answer before the end.
WARNING = dt.timedelta(seconds=60)
# On a shared screen, five minutes without a word and half an hour in all (access.md §2).
SHARED_IDLE, SHARED_LENGTH = dt.timedelta(minutes=5), dt.timedelta(minutes=30)
OWN_IDLE, OWN_LENGTH = dt.timedelta(minutes=30), dt.timedelta(hours=2)
SEEN_EVERY = dt.timedelta(seconds=20)
# A cookie says by its first letters whose session it is: one look-up, in one table. The dot never
# stands in a token: an account's may begin with any other sign.
PREFIX = "p."


class PersonSession(Entity):
    """A browser in which a person opened her own space. Only the hash of its token is kept."""

    token_hash = pw.CharField(max_length=64, unique=True)
    person = pw.ForeignKeyField(Person, backref="sessions", on_delete="CASCADE")
    is_shared = pw.BooleanField(default=True)
    seen_at = pw.DateTimeField(default=now)
    ended_at = pw.DateTimeField(null=True)

    @classmethod
    def of_token(cls, token):
        """The live session of a cookie, with its person, or None."""
        session = (
            cls.select(cls, Person)
            .join(Person)
            .where(cls.token_hash == hash_token(token), cls.ended_at.is_null())
            .first()
        )
        return session if session and session.is_live else None

    @property
    def owner(self):
        return self.person

    @property
    def idle(self):
        return SHARED_IDLE if self.is_shared else OWN_IDLE

    @property
    def length(self):
        return SHARED_LENGTH if self.is_shared else OWN_LENGTH

    @property
    def ends_at(self):
        """When it ends if nothing more is asked."""
        return min(self.seen_at + self.idle, self.last_moment)

    @property
    def last_moment(self):
        """When it ends whatever is asked."""
        return self.created_at + self.length

    @property
    def is_live(self):
        return self.person.is_open and now() < self.ends_at

    def touch(self):
        if now() - self.seen_at >= SEEN_EVERY:
            self.seen_at = now()
            PersonSession.update(seen_at=self.seen_at).where(PersonSession.id == self.id).execute()

    @transaction
    def end(self):
        """End it once; ending an ended session changes nothing."""
        still_open = (PersonSession.id == self.id) & PersonSession.ended_at.is_null()
        if PersonSession.update(ended_at=now()).where(still_open).execute():
            audit.record("space:close", self.person, by=self.person, person=self.person)

    @classmethod
    def end_all(cls, person, *, besides=None):
        """End every session of this person, unless she is herself the one who asks."""
        if besides is None or not besides.is_accompanied:
            mine = (cls.person == person) & cls.ended_at.is_null()
            cls.update(ended_at=now()).where(mine).execute()


def enter(identifier, code, *, is_shared=True):
    """Open her space with identifier and code; answers `(session, token)`.

    Raises what `codes.recognise` raises.
    """
    return _open(codes.recognise(identifier, code), is_shared)


@transaction
def _open(person, is_shared):
    token = PREFIX + new_token()
    session = PersonSession.create(token_hash=hash_token(token), person=person, is_shared=is_shared)
    codes.forget_fresh(person)
    person.touch()
    person.save(only=person.dirty_fields)
    audit.record("space:open", person, by=person, person=person)
    return session, token
