"""The liaison sheet, for each side: her référent, the provider, herself, one employer."""

from . import by_link, own, provider
from .views import blueprint

__all__ = ["blueprint", "by_link", "own", "provider"]
