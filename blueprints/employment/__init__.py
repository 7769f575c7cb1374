"""After an entry into employment: written by a référent or by herself, answered in one question."""

from . import by_link, own
from .views import blueprint

__all__ = ["blueprint", "by_link", "own"]
