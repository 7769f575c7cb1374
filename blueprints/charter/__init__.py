"""The charter: reading it and what holds it, signing it, proving it, preparing its next version."""

from . import drafting, signing
from .views import blueprint

__all__ = ["blueprint", "drafting", "signing"]
