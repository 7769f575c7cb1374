"""Professionals' accounts: signing in with a password, and sessions the server can end."""

import datetime as dt
import hashlib
import secrets

import argon2
import peewee as pw

from . import audit
from .base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, transaction
from .organisations import Organisation
from .text import one_line

SESSION_LENGTH = dt.timedelta(hours=12)
IDLE_LENGTH = dt.timedelta(hours=2)
SEEN_EVERY = dt.timedelta(minutes=1)

# CNIL recommendation of 2022, case with throttling. Delays grow but never pass a quarter of an
# hour, so that nobody can keep an account's owner out by guessing at it.
FREE_FAILURES = 5
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(minutes=15)

hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared when the account does not exist, so that both answers take the same time.
_NOBODY = hasher.hash(secrets.token_urlsafe(16))


class Role(Vocabulary):
    """What an account may be in the network; rights come from `permissions`, not from here."""

    PROFESSIONAL = "professionnel", N_("Professionnel")
    MANAGER = "responsable", N_("Responsable d’organisme")
    ANIMATOR = "animateur", N_("Animateur de la banque d’actions")
    COORDINATOR = "coordination", N_("Coordination du réseau")
    ADMIN = "administration", N_("Administration de la plateforme")
    AUDITOR = "controle", N_("Contrôle")


class Account(Entity):
    """A person who signs in. `identifier` is an e-mail address in lower case."""

    identifier = pw.CharField(max_length=254, unique=True)
    name = pw.CharField(max_length=120)
    password_hash = pw.CharField(max_length=200)
    role = VocabularyField(Role, default=Role.PROFESSIONAL)
    organisation = pw.ForeignKeyField(Organisation, null=True, backref="accounts")
    language = pw.CharField(max_length=5, null=True)
    is_active = pw.BooleanField(default=True)
    is_demonstration = pw.BooleanField(default=False)

    is_authenticated = True
    is_anonymous = False

    def get_id(self):
        return self.code

    @property
    def animates_the_bank(self):
        return self.role in (Role.ANIMATOR, Role.COORDINATOR)

    @property
    def administers_the_platform(self):
        return self.role is Role.ADMIN


class Session(Entity):
    """A signed-in browser. Only the hash of its 256-bit token is kept, so a stolen database opens
    no session; ending the row ends the session at the next request."""

    token_hash = pw.CharField(max_length=64, unique=True)
    account = pw.ForeignKeyField(Account, backref="sessions", on_delete="CASCADE")
    seen_at = pw.DateTimeField(default=now)
    ended_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "account_session"

    @classmethod
    def of_token(cls, token):
        """The live session of a cookie, with its active account, or None."""
        session = (
            cls.select(cls, Account)
            .join(Account)
            .where(cls.token_hash == hash_token(token), cls.ended_at.is_null())
            .first()
        )
        return session if session and session.is_live else None

    @property
    def is_live(self):
        moment = now()
        return (
            self.account.is_active
            and moment < self.created_at + SESSION_LENGTH
            and moment < self.seen_at + IDLE_LENGTH
        )

    def touch(self):
        """Remember the visit, at most once a minute: reading a page should not write each time."""
        if now() - self.seen_at >= SEEN_EVERY:
            Session.update(seen_at=now()).where(Session.id == self.id).execute()

    @transaction
    def end(self):
        Session.update(ended_at=now()).where(Session.id == self.id).execute()
        audit.record("session:end", self.account, by=self.account)


class SignInThrottle(Entity):
    """Failures by identifier, known or not: never by address, which a whole kiosk shares."""

    identifier_hash = pw.CharField(max_length=64, unique=True)
    failures = pw.IntegerField(default=0)
    failed_at = pw.DateTimeField(default=now)

    @property
    def wait(self):
        """How long this identifier must still wait."""
        over = self.failures - FREE_FAILURES
        if over < 0:
            return dt.timedelta(0)
        delay = min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT)
        return max(self.failed_at + delay - now(), dt.timedelta(0))


class TooManyFailures(RuleBroken):
    """Too many wrong passwords for this identifier; `minutes` says how long to wait."""


def normal_identifier(text):
    return one_line(text, 254).replace(" ", "").lower()


def hash_token(token):
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def sign_in(identifier, password):
    """Open a session; answers `(session, token)`, the token being shown to the browser once.

    Raises `TooManyFailures` while the identifier must wait, `RuleBroken` when the pair is wrong:
    the same words and the same work whether the account exists or not (ASVS 6.3.8).
    """
    identifier = normal_identifier(identifier)
    _refuse_while_waiting(identifier)
    account = Account.get_or_none(Account.identifier == identifier)
    # Hashing takes 25 ms: it stays outside the transaction, which holds the only writer's place.
    if not _password_matches(account, password) or not account.is_active:
        _record_failure(identifier, account)
        raise RuleBroken(N_("L’identifiant ou le mot de passe n’est pas le bon."))
    return _open_session(account, identifier)


def _password_matches(account, password):
    try:
        hasher.verify(account.password_hash if account else _NOBODY, password[:1024])
    except argon2.exceptions.VerificationError:
        return False
    return account is not None


def _refuse_while_waiting(identifier):
    throttle = SignInThrottle.get_or_none(identifier_hash=hash_token(identifier))
    if throttle and throttle.wait:
        minutes = -(-throttle.wait.seconds // 60)
        raise TooManyFailures(
            N_("Trop d’essais avec cet identifiant. Attendez %(minutes)d min, puis réessayez."),
            minutes=minutes,
        )


@transaction
def _record_failure(identifier, account):
    """Count the failure, starting anew when the last one is older than the longest wait."""
    key = hash_token(identifier)
    throttle, _ = SignInThrottle.get_or_create(identifier_hash=key)
    recent = now() - throttle.failed_at < LONGEST_WAIT
    throttle.failures = throttle.failures + 1 if recent else 1
    throttle.failed_at = now()
    throttle.save()
    audit.record("session:refuse", account or throttle)


@transaction
def _open_session(account, identifier):
    SignInThrottle.delete().where(
        SignInThrottle.identifier_hash == hash_token(identifier)
    ).execute()
    token = secrets.token_urlsafe(32)
    session = Session.create(token_hash=hash_token(token), account=account)
    audit.record("session:open", account, by=account)
    return session, token
