"""Tenders of the open procedures of the law: bids from the start, and periods that follow from the time for bids."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from schematics.exceptions import ValidationError

from .base import NOW, scope
from .item import DeliveredItem
from .period import Period
from .tender import Tender
from .types import IsoDateTime, ListType, ModelType, String, unique

LATENESS = timedelta(minutes=10)
"""How long before it arrives an announcement may have been written."""


class TenderPeriod(Period):
    """The time for bids; it begins now if nothing else is said."""

    CALLED: ClassVar = "PeriodStartEndRequired"

    startDate = IsoDateTime(required=True, default=NOW)
    endDate = IsoDateTime(required=True, default=NOW)


class EnquiryPeriod(Period):
    """The time for questions, how long they are answered, and when bids were last made invalid."""

    clarificationsUntil = IsoDateTime()
    invalidationDate = IsoDateTime()


def same_group(items: list[dict[str, Any]]) -> None:
    """Items of one tender are in one CPV group; raises ValidationError."""
    if len({item["classification"]["id"][:3] for item in items}) > 1:
        raise ValidationError("CPV group of items be identical")


class OpenTender(Tender):
    """A call for bids above the thresholds of the law."""

    status = String(
        default="active.tendering",
        choices=(
            "draft",
            "active.tendering",
            "active.auction",
            "active.qualification",
            "active.awarded",
            "complete",
            "cancelled",
            "unsuccessful",
        ),
    )
    items = ListType(
        DeliveredItem,
        required=True,
        min_size=1,
        validators=[same_group, unique("Item id should be uniq for all items")],
    )
    enquiryPeriod = ModelType(EnquiryPeriod)
    tenderPeriod = ModelType(TenderPeriod, required=True)
    complaintPeriod = ModelType(Period)

    @classmethod
    def validate_tenderPeriod(cls, _data: dict[str, Any], value: Any, context: Any) -> None:
        if value is None:
            return
        here = scope(context)
        is_new = "dateModified" not in here.root
        if is_new and value["startDate"] <= here.now - LATENESS:
            raise ValidationError("tenderPeriod.startDate should be in greater than current date")
        least = here.rules.least_tendering
        if here.reckon(value["startDate"], least) > value["endDate"]:
            raise ValidationError(f"tenderPeriod should be greater than {least.words}")
