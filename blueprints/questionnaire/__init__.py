"""The templates of the diagnostic: reading, comparing, printing, preparing the next version."""

from . import drafting, editing
from .views import blueprint

__all__ = ["blueprint", "drafting", "editing"]
