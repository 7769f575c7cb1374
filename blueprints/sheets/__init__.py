"""Writing the sheets of the bank: by short steps, reviewed by another, version by version."""

from . import history, reviewing, writing
from .views import blueprint

__all__ = ["blueprint", "history", "reviewing", "writing"]
