"""Référents and pathways: who accompanies whom, passing on, asking, naming (REQ-9, 73, 209)."""

from . import asking, handing_over, naming, own, pathway
from .views import blueprint

__all__ = ["asking", "blueprint", "handing_over", "naming", "own", "pathway"]
