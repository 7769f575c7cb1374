"""Signing in with a password, and changing it."""

from .. import audit
from ..base import N_, RuleBroken, transaction
from . import passwords
from .account import Account, normal_identifier
from .sessions import Session
from .throttling import SignInThrottle


def sign_in(identifier, password, *, browser="", system=""):
    """Open a session; answers `(session, token)`, the token being shown to the browser once.

    Raises `TooManyFailures` while the identifier must wait, `RuleBroken` when the pair is wrong:
    the same words and the same work whether the account exists or not (ASVS 6.3.8).
    """
    identifier = normal_identifier(identifier)
    throttle = SignInThrottle.attempt(identifier)
    account = Account.get_or_none(Account.identifier == identifier)
    # Hashing takes 25 ms: it stays outside the transaction, which holds the only writer's place.
    kept = account.password_hash if account else passwords.NOBODY
    if not (passwords.matches(kept, password) and account and account.is_active):
        audit.record("session:refuse", account or throttle)
        raise RuleBroken(N_("L’identifiant ou le mot de passe n’est pas le bon."))
    fresh = passwords.make_hash(password) if passwords.is_outdated(kept) else kept
    return _open(account, fresh, browser=browser, system=system)


@transaction
def _open(account, password_hash, **device):
    SignInThrottle.forget(account.identifier)
    if password_hash != account.password_hash:
        account.password_hash = password_hash
        account.save(only=[Account.password_hash])
    return Session.open(account, by_means="password", **device)


def change_password(session, current, clear):
    """Replace the password of whoever holds this session; answers the session's new token.

    Guessing at the current one costs what signing in does; the other sessions end.
    """
    account = session.account
    throttle = SignInThrottle.attempt(account.identifier)
    if not passwords.matches(account.password_hash, current):
        audit.record("password:refuse", account, by=account, throttle=throttle.id)
        raise WrongPassword(N_("Ce mot de passe n’est pas le vôtre."))
    SignInThrottle.forget(account.identifier)
    passwords.check(clear, account.known_words)
    return _keep_changed(session, passwords.make_hash(clear))


@transaction
def _keep_changed(session, password_hash):
    session.account.keep_password(password_hash, besides=session)
    return session.renew()


class WrongPassword(RuleBroken):
    """The current password is not that one."""
