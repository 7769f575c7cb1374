"""Recruiting together: operations, their steps, their organisations and their results (REQ 28)."""

from . import operations, partners, stages
from .views import blueprint

__all__ = ["blueprint", "operations", "partners", "stages"]
