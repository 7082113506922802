"""Decisions on the bids, or on who is to be contracted without any."""

from __future__ import annotations

from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from .base import NOW, REQUIRED, Model
from .item import Item
from .organization import Organization
from .period import Period
from .qualification import check_said
from .related import check_exists, nodes
from .types import MD5, Boolean, IsoDateTime, ListType, ModelType, String, new_id, translated
from .value import Value


@translated("title", "description")
class BaseAward(Model):
    """The decision whether a supplier wins; `complaintPeriod` is its stand-still period."""

    CALLED: ClassVar = "Award"

    id = MD5(required=True, default=new_id)
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


class LotAward(BaseAward):
    """A decision about one lot of a tender that has lots."""

    lotID = MD5()

    @classmethod
    def validate_lotID(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if not value and nodes(context, "lots"):
            raise ValidationError(REQUIRED)
        check_exists(context, "lots", "lotID", value)


class Award(LotAward):
    """The decision whether a bid wins."""

    bid_id = MD5(required=True)


class DeclaredAward(Award):
    """A decision that says of the winner that it is qualified and eligible."""

    qualified = Boolean(default=False)
    eligible = Boolean(default=False)

    @classmethod
    def validate_qualified(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        check_said(data, value)

    @classmethod
    def validate_eligible(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        check_said(data, value)
