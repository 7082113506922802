"""Decisions whether a bidder may take part, made before prices are opened."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from .base import REQUIRED, Model
from .related import check_exists, nodes
from .types import MD5, Boolean, IsoDateTime, String, new_id, translated


@translated("title", "description")
class Qualification(Model):
    """The decision about one bid, or about what it offers for one lot."""

    id = MD5(required=True, default=new_id)
    bidID = String(required=True)
    lotID = MD5()
    title = String()
    description = String()
    status = String(default="pending", choices=("pending", "active", "unsuccessful", "cancelled"))
    date = IsoDateTime()
    qualified = Boolean(default=False)
    eligible = Boolean(default=False)

    @classmethod
    def validate_qualified(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        check_said(data, value)

    @classmethod
    def validate_eligible(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        check_said(data, value)

    @classmethod
    def validate_lotID(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if not value and nodes(context, "lots"):
            raise ValidationError(REQUIRED)
        check_exists(context, "lots", "lotID", value)


def check_said(data: dict[str, Any], value: Any) -> None:
    """A bidder who is let in is both qualified and eligible; raises ValidationError."""
    if data.get("status") == "active" and not value:
        raise ValidationError(REQUIRED)
