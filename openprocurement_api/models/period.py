"""Periods of time."""

from __future__ import annotations

from typing import Any

from schematics.exceptions import ValidationError

from .base import Model, scope
from .types import IsoDateTime


class Period(Model):
    """From one moment to another, either of which may be open."""

    startDate = IsoDateTime()
    endDate = IsoDateTime()

    @classmethod
    def validate_startDate(cls, data: dict[str, Any], value: Any, _context: Any) -> None:
        if value and data.get("endDate") and data["endDate"] < value:
            raise ValidationError("period should begin before its end")


class PeriodEndRequired(Period):
    """A period that the buyer sets; its beginning may be left to the procedure, but not taken away again."""

    endDate = IsoDateTime(required=True)

    @classmethod
    def validate_startDate(cls, data: dict[str, Any], value: Any, context: Any) -> None:
        if not value and scope(context).root.get("dateModified"):  # what was saved before has one
            raise ValidationError("This field cannot be deleted")
        super().validate_startDate(data, value, context)


class TenderAuctionPeriod(Period):
    """When the auction takes place, and from when on it may be planned."""

    shouldStartAfter = IsoDateTime()


class LotAuctionPeriod(TenderAuctionPeriod):
    """The same for the auction of one lot."""


def check_after(period: Any, earlier: Any, name: str) -> None:
    """`period` does not begin before the period called `name` ends, as far as both are known; raises ValidationError."""
    if not (period and earlier and period.get("startDate") and earlier.get("endDate")):
        return
    if period["startDate"] < earlier["endDate"]:
        raise ValidationError(f"period should begin after {name}")
