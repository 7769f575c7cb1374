"""Keeping sheets true: the link of a reminder, the click of an author, the page of the bank."""

from . import overview
from .views import blueprint

__all__ = ["blueprint", "overview"]
