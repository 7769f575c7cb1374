"""Corrections: any professional proposes one on any sheet, its organisation answers."""

from .views import blueprint as blueprint
