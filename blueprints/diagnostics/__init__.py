"""The diagnostic led by a référent with the person: begun, filled on one page, validated."""

from . import assessing, filling
from .views import blueprint

__all__ = ["assessing", "blueprint", "filling"]
