"""Asking for a change in the questions of the templates, and voting on it."""

from .views import blueprint

__all__ = ["blueprint"]
