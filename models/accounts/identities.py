"""Identities that another service vouches for (OpenID Connect), and the accounts they open."""

import peewee as pw

from .. import audit
from ..base import N_, Entity, RuleBroken, transaction
from .account import Account
from .sessions import Session


class ExternalIdentity(Entity):
    """Who someone is for an identity provider: `subject` never changes there, an address may."""

    account = pw.ForeignKeyField(Account, backref="external_identities", on_delete="CASCADE")
    issuer = pw.CharField(max_length=200)
    subject = pw.CharField(max_length=255)

    class Meta:
        indexes = ((("issuer", "subject"), True),)


class UnknownPerson(RuleBroken):
    """The provider knows this person; the portal does not."""


class ClosedAccount(RuleBroken):
    """The account of this person is deactivated."""


@transaction
def sign_in(*, issuer, subject, address, has_second_factor, id_token, **device):
    """Open a session for this identity; answers `(session, token)`.

    The first time, the identity is tied to the account of its `address`, which is None when the
    provider says that it has not checked it.
    """
    known = ExternalIdentity.get_or_none(issuer=issuer, subject=subject)
    account = known.account if known else _account_of(address)
    if not account.is_active:
        audit.record("session:refuse", account)
        raise ClosedAccount(N_("Ce compte est désactivé."))
    if known is None:
        ExternalIdentity.create(account=account, issuer=issuer, subject=subject)
        audit.record("identity:link", account, by=account, issuer=issuer)
    return Session.open(
        account,
        by_means="provider",
        has_second_factor=has_second_factor,
        id_token=id_token,
        **device,
    )


def _account_of(address):
    account = address and Account.get_or_none(Account.identifier == address)
    if not account:
        raise UnknownPerson(N_("Votre adresse n’est pas connue du portail."))
    return account
