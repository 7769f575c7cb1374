"""Accounts: signing in, the second factor, one's own account, passwords, the identity provider."""

from . import oidc, own_account, passwords, second_factor
from .views import blueprint

__all__ = ["blueprint", "oidc", "own_account", "passwords", "second_factor"]
