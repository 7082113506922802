"""What is auctioned separately (the tender, or each of its lots), by how many bids, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ..domain.context import Ctx
from ..domain.guards import has_lots, lots
from ..domain.timing import auction_end_estimate, moment
from ..domain.workflow import Doc
from .tender import bids_for


def contests(root: Doc) -> Iterator[tuple[Doc, int]]:
    """What is auctioned separately, with the number of bids that stand for it."""
    if not has_lots(root):
        yield root, bids_for(root, None)
    for lot in lots(root):
        yield lot, bids_for(root, lot["id"])


def enough_stand(ctx: Ctx) -> bool:
    """enough bids stand for the tender, or for one of its active lots"""
    return any(count >= ctx.procedure.rules.least_bids for _, count in contests(ctx.root))


def too_few_stand(ctx: Ctx) -> bool:
    """fewer bids than the law asks for stand for a tender without lots"""
    return not has_lots(ctx.root) and bids_for(ctx.root, None) < ctx.procedure.rules.least_bids


def nothing_left_to_auction(ctx: Ctx) -> bool:
    """every auction between two or more bids is over"""
    return all("endDate" in holder.get("auctionPeriod", {}) for holder, count in contests(ctx.root) if count > 1)


def auction_start(ctx: Ctx) -> datetime | None:
    """the planned start of the next auction"""
    return min(planned(ctx), default=None)


def auction_end(ctx: Ctx) -> datetime | None:
    """when the next planned auction should be over"""
    ends = [auction_end_estimate(count, start) for start, count in waiting(ctx.root)]
    return min((end for end in ends if end > ctx.now), default=None)


def planned(ctx: Ctx) -> Iterator[datetime]:
    """Planned starts that are still to come."""
    return (start for start, _ in waiting(ctx.root) if start > ctx.now)


def waiting(root: Doc) -> Iterator[tuple[datetime, int]]:
    """Auctions that have a start and no end."""
    for holder, count in contests(root):
        period = holder.get("auctionPeriod", {})
        if "startDate" in period and "endDate" not in period:
            yield moment(period["startDate"]), count  # type: ignore[misc]
