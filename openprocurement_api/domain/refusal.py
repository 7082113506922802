"""A "no" that says why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not happen; falsy, so that a guard may return it where it would return False."""

    description: str
    name: str = "data"
    location: str = "body"
    status: int = 403

    def __bool__(self) -> bool:
        return False


FORBIDDEN = Refusal("Forbidden", "permission", "url")
"""This caller never may."""
NO_ROLE = Refusal("Forbidden", "role", "url")
"""This caller has no part to play in the present state."""
