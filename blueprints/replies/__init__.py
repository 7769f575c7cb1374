"""The provider’s side: answered by a link, without an account, or from its organisation’s list."""

from . import by_link
from .views import blueprint

__all__ = ["blueprint", "by_link"]
