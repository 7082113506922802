"""Which auctions wait to be planned: a rule of the data alone, the same for every procedure that holds auctions."""

from __future__ import annotations

from collections.abc import Iterator

from .context import Ctx
from .timing import moment


def to_come(root: Ctx) -> Iterator[Ctx]:
    """The auctions that are still to come, each as the lot it is about, or the tender: those that have a shouldStartAfter."""
    auctioned = root.whole.below("lots") if root.root.get("lots") else iter((root.whole,))
    return (ctx for ctx in auctioned if "shouldStartAfter" in ctx.doc.get("auctionPeriod", {}))


def unplanned(root: Ctx) -> list[Ctx]:
    """Those that have no start, or one that is too early: the period for bids was extended, or the auction did not take place."""
    return [ctx for ctx in to_come(root) if is_unplanned(ctx)]


def is_unplanned(auction: Ctx) -> bool:
    """Whether this auction to come lacks a start that may stand."""
    period = auction.doc["auctionPeriod"]
    start, after = moment(period.get("startDate")), moment(period["shouldStartAfter"])
    return start is None or (after is not None and start < after)
