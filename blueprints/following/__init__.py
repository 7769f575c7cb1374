"""What one follows: bookmarks, lists to share, saved searches, their alerts and their feeds."""

from . import lists, searches
from .views import blueprint

__all__ = ["blueprint", "lists", "searches"]
