"""Rules about other nodes of the document: references that must exist."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from .base import REQUIRED, scope

PLURALS = {"lot": "lots", "item": "items"}


def nodes(context: Any, plural: str) -> list[dict[str, Any]]:
    """The objects that the document lists under `plural`; what is no object there is somebody else's error."""
    found = scope(context).root.get(plural)
    return [node for node in found if isinstance(node, dict)] if isinstance(found, list) else []


def node(context: Any, plural: str, id_: str) -> dict[str, Any] | None:
    """The one with this id, or None."""
    return next((node for node in nodes(context, plural) if node.get("id") == id_), None)


def check_exists(context: Any, plural: str, field: str, id_: str | None) -> None:
    """Raises ValidationError when `id_` is given and names none of the document's nodes."""
    if id_ is not None and node(context, plural, id_) is None:
        raise ValidationError(f"{field} should be one of {plural}")


def check_related(context: Any, of: str | None, field: str, id_: str | None) -> None:
    """What belongs to a lot or an item says to which; raises ValidationError. `of` is the value of documentOf, questionOf ..."""
    if of not in PLURALS:
        return
    if not id_:
        raise ValidationError(REQUIRED)
    check_exists(context, PLURALS[of], field, id_)
