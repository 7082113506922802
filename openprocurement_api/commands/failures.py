"""What stops a command."""

from __future__ import annotations


class Failed(Exception):
    """The command cannot be carried out; the message is a sentence for the operator."""
