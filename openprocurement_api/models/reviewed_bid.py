"""What a supplier offers where bidders are reviewed before prices are opened."""

from __future__ import annotations

from .bid import DeclaredBid, DetailedLotValue
from .lot import MAX_LOTS
from .types import ListType, String


class ReviewedLotValue(DetailedLotValue):
    """The price for one lot, and whether the bidder takes part in it."""

    status = String(default="pending", choices=("pending", "active", "unsuccessful"))


class ReviewedBid(DeclaredBid):
    """A proposal that waits for the buyer's decision whether the bidder takes part."""

    LENIENT = DeclaredBid.LENIENT | {"unsuccessful", "invalid.pre-qualification"}

    status = String(
        default="pending",
        choices=("draft", "pending", "active", "invalid", "invalid.pre-qualification", "unsuccessful", "deleted"),
    )
    lotValues = ListType(ReviewedLotValue, max_size=MAX_LOTS)
