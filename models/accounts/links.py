"""Links that open a door once: signing in without a password, choosing a password."""

import datetime as dt

import peewee as pw

from .. import audit, outbox
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    hash_token,
    new_token,
    now,
    transaction,
)
from . import passwords
from .account import Account, normal_identifier
from .sessions import Session
from .throttling import LINK, PASSWORD, SignInThrottle


class Purpose(Vocabulary):
    """The door that a link opens."""

    SIGN_IN = "connexion", N_("Se connecter")
    RESET = "mot-de-passe", N_("Choisir un nouveau mot de passe")
    WELCOME = "bienvenue", N_("Choisir son premier mot de passe")


LENGTHS = {
    Purpose.SIGN_IN: dt.timedelta(hours=1),
    Purpose.RESET: dt.timedelta(hours=1),
    Purpose.WELCOME: dt.timedelta(days=30),
}
KINDS = {
    Purpose.SIGN_IN: "sign_in_link",
    Purpose.RESET: "password_reset",
    Purpose.WELCOME: "welcome",
}
PASSWORD_PURPOSES = (Purpose.RESET, Purpose.WELCOME)


class OneTimeLink(Entity):
    """A link sent to a mailbox. Only the hash of its 256-bit token is kept. `account` is null when
    the address is not known: asking leaves the same rows either way (ASVS 6.3.8)."""

    token_hash = pw.CharField(max_length=64, unique=True)
    account = pw.ForeignKeyField(Account, null=True, backref="links", on_delete="CASCADE")
    purpose = VocabularyField(Purpose)
    expires_at = pw.DateTimeField(index=True)
    used_at = pw.DateTimeField(null=True)

    @classmethod
    def of_token(cls, token, *purposes):
        """The link that still opens this door for an active account, or None."""
        link = (
            cls.select(cls, Account)
            .join(Account)
            .where(
                cls.token_hash == hash_token(token),
                cls.purpose.in_(purposes),
                cls.used_at.is_null(),
                cls.expires_at > now(),
            )
            .first()
        )
        return link if link and link.account.is_active else None

    @transaction
    def use(self):
        """Close this door and those asked for in the same time; raises when another was first."""
        doors = PASSWORD_PURPOSES if self.purpose in PASSWORD_PURPOSES else (self.purpose,)
        same = (OneTimeLink.account == self.account) & OneTimeLink.purpose.in_(doors)
        unused = OneTimeLink.used_at.is_null()
        mine = (OneTimeLink.id == self.id) & unused
        if OneTimeLink.update(used_at=now()).where(mine).execute() != 1:
            raise dead()
        OneTimeLink.update(used_at=now()).where(same & unused).execute()


class DeadLink(RuleBroken):
    """The link has served, has expired, or never was: the same words for all three."""


def dead():
    return DeadLink(N_("Ce lien a déjà servi, ou il n’est plus valable."))


def ask(purpose, identifier, *, language):
    """Send a link to this address if it has an account; tell nothing either way.

    Counted by identifier, never by address of the network: a kiosk shares one.
    """
    identifier = normal_identifier(identifier)
    SignInThrottle.attempt(identifier, about=LINK)
    account = Account.of_identifier(identifier)
    send(purpose, account, language=(account and account.language) or language)


@transaction
def send(purpose, account, *, language=None, by=None):
    """Write the link and its mail; `account` None writes the same rows for nobody. Answers the
    token, which a command may print."""
    token = new_token()
    link = OneTimeLink.create(
        token_hash=hash_token(token),
        account=account,
        purpose=purpose,
        expires_at=now() + LENGTHS[purpose],
    )
    if account:
        outbox.post(KINDS[purpose], account.identifier, language or account.language, token=token)
    else:
        outbox.decoy(KINDS[purpose], language, token=token)
    audit.record("link:ask", account or link, by=by, purpose=str(purpose))
    return token


@transaction
def sign_in(token, **device):
    """Use a link and open a session; answers `(session, token)`. A second factor is still asked."""
    link = OneTimeLink.of_token(token, Purpose.SIGN_IN)
    if link is None:
        raise dead()
    link.use()
    return Session.open(link.account, by_means="link", **device)


def choose_password(token, clear):
    """Use a link to replace the password: every session ends, nobody is signed in."""
    link = OneTimeLink.of_token(token, *PASSWORD_PURPOSES)
    if link is None:
        raise dead()
    passwords.check(clear, link.account.known_words)
    _keep_chosen(link, passwords.make_hash(clear))


@transaction
def _keep_chosen(link, password_hash):
    link.use()
    SignInThrottle.forget(link.account.identifier, about=PASSWORD)
    link.account.keep_password(password_hash)
