"""Shapes: the versions of what a kind's documents look like inside. A document carries the number of its own.

A kind declares the steps from each shape to the next. A document of an older shape takes them whenever it is read, so readers
know the current one only; `openprocurement migrate` saves them so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .failures import TooNew

SHAPE = "_shape"
"""Private field of a document: the number of its shape; absent is the first, 1."""

Step = Callable[[dict[str, Any]], None]
"""Brings a document from one shape to the next, in place. It leaves the kind's stamp alone: readers saw nothing change."""


def current(steps: Sequence[Step]) -> int:
    """The number of the shape that new documents have."""
    return len(steps) + 1


def upgraded(body: dict[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    """`body`, brought in place to the current shape. Raises TooNew."""
    shape, newest = body.get(SHAPE, 1), current(steps)
    if shape == newest:
        return body
    if shape > newest:
        raise TooNew(f"document {body.get('id')} has shape {shape}; this program knows no later one than {newest}")
    for step in steps[shape - 1 :]:
        step(body)
    body[SHAPE] = newest
    return body
