"""The administration of the platform: accounts and e-mails, never a person's file."""

from . import accounts
from .views import blueprint

__all__ = ["accounts", "blueprint"]
