"""« Mon espace »: the accompanied person's own pages, opened with her identifier and her code."""

from . import views
from .views import blueprint

__all__ = ["blueprint", "views"]
