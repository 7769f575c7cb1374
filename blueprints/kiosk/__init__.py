"""The public terminal: its first page, and « Qui me suit ? »."""

from .views import blueprint

__all__ = ["blueprint"]
