"""« Mes personnes »: files opened, joined, read and completed by professionals (REQ 41, 42, 73)."""

from . import agreements, codes, starting
from .views import blueprint

__all__ = ["agreements", "blueprint", "codes", "starting"]
