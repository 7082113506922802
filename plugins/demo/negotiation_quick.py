"""The demo of a quick negotiation: as an ordinary one, with urgency for a cause and half the stand-still."""

from __future__ import annotations

from datetime import timedelta

from . import negotiation
from .stage import Stage

LAWFUL = timedelta(days=5)


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    negotiation.perform(stage, "negotiation.quick", LAWFUL, "quick")
