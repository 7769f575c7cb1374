"""Sheets by the dozen: spreadsheets in and out."""

from .views import blueprint

__all__ = ["blueprint"]
