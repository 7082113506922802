"""Why a demo cannot go on."""

from __future__ import annotations


class Failed(Exception):
    """The demo ends here; the message is a sentence for the person at the terminal."""
