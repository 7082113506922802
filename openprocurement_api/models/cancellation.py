"""Cancellations of a tender or of one of its lots."""

from __future__ import annotations

from typing import Any

from .base import NOW, Model
from .related import check_exists, check_related
from .types import MD5, IsoDateTime, String, new_id, translated


@translated("reason")
class Cancellation(Model):
    """The decision to cancel; it takes effect when it becomes active."""

    id = MD5(required=True, default=new_id)
    reason = String(required=True)
    date = IsoDateTime(default=NOW)
    status = String(default="pending", choices=("pending", "active"))
    cancellationOf = String(required=True, default="tender", choices=("tender", "lot"))
    relatedLot = MD5()

    @classmethod
    def validate_relatedLot(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        check_related(context, data.get("cancellationOf"), "relatedLot", value)
        check_exists(context, "lots", "relatedLot", value)


class ReasonedCancellation(Cancellation):
    """A cancellation that says whether the purchase was given up or failed."""

    reasonType = String(default="cancelled", choices=("cancelled", "unsuccessful"))
