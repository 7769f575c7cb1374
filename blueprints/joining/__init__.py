"""Entering the network: an organisation asks, coordination decides, people are invited."""

from . import coordination, invitations
from .views import blueprint

__all__ = ["blueprint", "coordination", "invitations"]
