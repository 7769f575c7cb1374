"""Sheets by the dozen: spreadsheets in and out, and the feed that the national base reads."""

from . import feed
from .views import blueprint

__all__ = ["blueprint", "feed"]
