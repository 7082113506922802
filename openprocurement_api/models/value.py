"""Money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schematics.exceptions import ValidationError

from ..domain.money import exact
from .base import Model
from .types import Boolean, Number, String

LARGEST = 10**15
"""More than the economy of any country; sums of amounts stay within what JSON numbers hold."""


class Money(Model):
    """An amount in a currency."""

    amount = Number(required=True, min_value=0, max_value=LARGEST)
    currency = String(required=True, default="UAH", max_length=3, min_length=3)  # ISO 4217


class Guarantee(Money):
    """What a bidder deposits."""


class Value(Money):
    """A price."""

    valueAddedTaxIncluded = Boolean(required=True, default=True)


def check_within(value: Mapping[str, Any], limit: Mapping[str, Any], whole: str, of: str = "") -> None:
    """A price is at most another one, in its currency and with its tax; raises ValidationError.

    `whole` (tender, lot) and `of` (" of bid") name the two in the message.
    """
    check_at_most(value, limit, whole, of)
    for field in ("currency", "valueAddedTaxIncluded"):
        if value[field] != limit[field]:
            raise ValidationError(f"{field}{of} should be identical to {field} of value of {whole}")


def check_at_most(value: Mapping[str, Any], limit: Mapping[str, Any], whole: str, of: str = "") -> None:
    """Raises ValidationError when the amount is above that of `limit`."""
    if exact(value["amount"]) > exact(limit["amount"]):
        raise ValidationError(f"value{of} should be less than value of {whole}")
