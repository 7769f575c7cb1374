"""The diagnostic led by a référent with the person: begun, filled on one page or from sheets of
paper, validated."""

from . import assessing, filling, retyping
from .views import blueprint

__all__ = ["assessing", "blueprint", "filling", "retyping"]
