"""« Mon espace »: the accompanied person's own pages, opened with her identifier and her code."""

from . import agreements, closing, export, idle, journal, rectifying, views
from .views import blueprint

__all__ = [
    "agreements", "blueprint", "closing", "export", "idle", "journal", "rectifying", "views",
]  # fmt: skip
