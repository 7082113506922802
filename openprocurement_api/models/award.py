"""Decisions on the bids."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from openprocurement_api.models.base import NOW, Model
from openprocurement_api.models.item import Item
from openprocurement_api.models.organization import Organization
from openprocurement_api.models.period import Period
from openprocurement_api.models.related import REQUIRED, check_exists, nodes
from openprocurement_api.models.types import MD5, Boolean, IsoDateTime, ListType, ModelType, String, new_id, translated
from openprocurement_api.models.value import Value


@translated("title", "description")
class Award(Model):
    """The decision whether a bid wins; `complaintPeriod` is its stand-still period."""

    id = MD5(required=True, default=new_id)
    bid_id = MD5(required=True)
    lotID = MD5()
    title = String()
    description = String()
    subcontractingDetails = String()
    qualified = Boolean()
    status = String(required=True, default="pending", choices=("pending", "unsuccessful", "active", "cancelled"))
    date = IsoDateTime(default=NOW)
    value = ModelType(Value)
    suppliers = ListType(Organization, required=True, min_size=1, max_size=1)
    items = ListType(Item)
    complaintPeriod = ModelType(Period)

    @classmethod
    def validate_lotID(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if not value and nodes(context, "lots"):
            raise ValidationError(REQUIRED)
        check_exists(context, "lots", "lotID", value)
