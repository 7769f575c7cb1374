"""One's own space, one's card, and the team of an organisation."""

from . import members
from .views import blueprint

__all__ = ["blueprint", "members"]
