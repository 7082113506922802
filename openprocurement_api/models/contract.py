"""Contracts that follow from the awards."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from .base import Model, scope
from .item import Item
from .organization import Organization
from .period import Period
from .related import check_exists, node
from .types import MD5, IsoDateTime, ListType, ModelType, String, new_id, translated
from .value import Value


@translated("title", "description")
class Contract(Model):
    """An agreement with the supplier of an award."""

    CALLED: ClassVar = "Contract"

    id = MD5(required=True, default=new_id)
    awardID = String(required=True)
    contractID = String()
    contractNumber = String()
    title = String()
    description = String()
    status = String(default="pending", choices=("pending", "terminated", "active", "cancelled"))
    period = ModelType(Period)
    value = ModelType(Value)
    dateSigned = IsoDateTime()
    items = ListType(Item)
    suppliers = ListType(Organization, min_size=1, max_size=1)
    date = IsoDateTime()

    @classmethod
    def validate_awardID(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        check_exists(context, "awards", "awardID", value)

    @classmethod
    def validate_dateSigned(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        if not value:
            return
        award = node(context, "awards", data.get("awardID", "")) or {}
        end = award.get("complaintPeriod", {}).get("endDate")
        if end and datetime.fromisoformat(end) >= value:
            raise ValidationError(f"Contract signature date should be after award complaint period end date ({end})")
        if value > scope(context).now:
            raise ValidationError("Contract signature date can't be in the future")
