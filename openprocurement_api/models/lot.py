"""Parts of a tender that are bid for and awarded separately."""

from __future__ import annotations

from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from .base import Model
from .period import LotAuctionPeriod
from .types import MD5, URL, Integer, IsoDateTime, ModelType, String, new_id, translated
from .value import Guarantee, Value, check_at_most

MAX_LOTS = 100
"""Lots of one tender."""
SAME_ID = "Lot id should be uniq for all lots"
OTHER_CURRENCY = "lot guarantee currency should be identical to tender guarantee currency"


@translated("title", "description")
class BaseLot(Model):
    """A part of a tender with its own price."""

    CALLED: ClassVar = "Lot"

    id = MD5(required=True, default=new_id)
    title = String(required=True, min_length=1)
    description = String()
    date = IsoDateTime()
    status = String(default="active", choices=("active", "cancelled", "unsuccessful", "complete"))
    value = ModelType(Value, required=True)


class Lot(BaseLot):
    """A part of a tender that is auctioned on its own, with its own step."""

    minimalStep = ModelType(Value, required=True)
    guarantee = ModelType(Guarantee)
    auctionPeriod = ModelType(LotAuctionPeriod)
    auctionUrl = URL()
    numberOfBids = Integer()

    @classmethod
    def validate_minimalStep(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        if data.get("value"):
            check_at_most(value, data["value"], "lot")


def check_guarantees(lots: list[dict[str, Any]]) -> None:
    """All guarantees are in one currency; raises ValidationError."""
    if len({lot["guarantee"]["currency"] for lot in lots if lot.get("guarantee")}) > 1:
        raise ValidationError(OTHER_CURRENCY)
