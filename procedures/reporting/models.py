"""What a report on a purchase says: a tender without bids, periods and lots."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from openprocurement_api.models import contract
from openprocurement_api.models.base import REQUIRED, scope
from openprocurement_api.models.cancellation import ReasonedCancellation
from openprocurement_api.models.item import DeliveredItem
from openprocurement_api.models.open_tender import same_group
from openprocurement_api.models.tender import BaseTender
from openprocurement_api.models.types import IsoDateTime, ListType, String, unique

NO_LOTS = 'Lot cancellation can not be submitted, since "multiple lots" option is not available for this type of tender.'
TOGETHER = [same_group, unique("Item id should be uniq for all items")]
"""What holds for the items of one purchase: one group of the classification, though not one class as for a call for bids."""


class UndividedItem(DeliveredItem):
    """An item of a tender that knows no lots."""

    @classmethod
    def validate_relatedLot(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        if value:
            raise ValidationError("This option is not available")


class LimitedTender(BaseTender):
    """A purchase without competition."""

    procurementMethod = String(default="limited", choices=("open", "selective", "limited"))
    status = String(default="active", choices=("draft", "active", "complete", "cancelled", "unsuccessful"))
    items = ListType(DeliveredItem, required=True, min_size=1, validators=TOGETHER)


class Tender(LimitedTender):
    """A report on a purchase."""

    items = ListType(UndividedItem, required=True, min_size=1, validators=TOGETHER)


class SignedContract(contract.Contract):
    """A contract that may have been signed at any time before it was reported."""

    dateSigned = IsoDateTime()

    @classmethod
    def validate_dateSigned(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if value and value > scope(context).now:
            raise ValidationError("Contract signature date can't be in the future")


class Contract(SignedContract):
    """A contract with the supplier of an award. One that comes with its tender need not name the award: there is only one."""

    awardID = String()

    @classmethod
    def validate_awardID(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        if value is None and "tenderID" in scope(context).root:
            raise ValidationError(REQUIRED)
        super().validate_awardID(data, value, context)


class Cancellation(ReasonedCancellation):
    """A cancellation of the whole purchase."""

    @classmethod
    def validate_cancellationOf(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        if value == "lot":
            raise ValidationError(NO_LOTS)
