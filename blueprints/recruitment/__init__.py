"""Recruiting together: operations, their steps, their organisations and their results (REQ 28)."""

from . import preparing
from .views import blueprint

__all__ = ["blueprint", "preparing"]
