"""The person alone with her questions: one per page, then what is written of her, box by box."""

from . import reviewing, views
from .views import blueprint

__all__ = ["blueprint", "reviewing", "views"]
