"""Prescribing: prepared by a référent, read and agreed to by the person, followed by both."""

from . import agreeing, asking, attachments, following, own
from .views import blueprint

__all__ = ["agreeing", "asking", "attachments", "blueprint", "following", "own"]
