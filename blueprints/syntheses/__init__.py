"""What a diagnostic says, what changed since another one, and what may help (REQ 30, 31, 35)."""

from . import own
from .views import blueprint

__all__ = ["blueprint", "own"]
