"""The action plan: proposed by a référent, accepted by the person, printed by both (REQ 31, 71)."""

from . import agreeing, closing, own, proposing
from .views import blueprint

__all__ = ["agreeing", "blueprint", "closing", "own", "proposing"]
