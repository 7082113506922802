"""What a request for quotations says."""

from __future__ import annotations

from typing import Any

from openprocurement_api.models.item import check_same_class
from openprocurement_api.models.period import Period
from openprocurement_api.models.tender import BaseTender
from openprocurement_api.models.types import Integer, IsoDateTime, ModelType, String


class QuotingPeriod(Period):
    """The time for quotations; it begins when the request is published."""

    endDate = IsoDateTime(required=True)


class Tender(BaseTender):
    """A request for quotations."""

    status = String(
        default="draft",
        choices=("draft", "active.tendering", "active.qualification", "complete", "unsuccessful", "cancelled"),
    )
    tenderPeriod = ModelType(QuotingPeriod, required=True)
    awardPeriod = ModelType(Period)
    numberOfBids = Integer()

    @classmethod
    def validate_items(cls, _data: dict[str, Any], value: Any, _context: Any) -> None:
        check_same_class(value)
