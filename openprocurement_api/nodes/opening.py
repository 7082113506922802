"""The end of tendering: which bids and lots stay, what needs no auction; and the bids of a tender that is given up."""

from __future__ import annotations

from collections.abc import Callable

from ..domain.context import Ctx
from ..domain.guards import has_lots, lot_of, lots
from ..domain.workflow import Doc
from .tender import bids_for


def drop_drafts(ctx: Ctx) -> None:
    """bids that were never activated go"""
    keep(ctx.root, "bids", lambda bid: bid["status"] != "draft")


def drop_cancelled_lots(ctx: Ctx) -> None:
    """what bids offer for cancelled lots goes, and bids that stand and offer nothing else go with it"""
    root = ctx.root
    gone = {lot["id"] for lot in lots(root, "cancelled")}
    if not gone:
        return
    codes = {f["code"] for f in root.get("features", ()) if lot_of(root, f["featureOf"], f.get("relatedItem")) in gone}
    for bid in root.get("bids", ()):
        keep(bid, "lotValues", lambda offer: offer["relatedLot"] not in gone)
        keep(bid, "parameters", lambda answer: answer["code"] not in codes)
        keep(bid, "documents", lambda file: lot_of(root, file["documentOf"], file.get("relatedItem")) not in gone)
    keep(root, "bids", lambda bid: "lotValues" in bid or bid["status"] != "active")


def keep(doc: Doc, name: str, wanted: Callable[[Doc], bool]) -> None:
    """Leave only what is wanted in a list of the document, and no list if nothing is."""
    doc[name] = [item for item in doc.get(name, ()) if wanted(item)]
    if not doc[name]:
        del doc[name]


def close_lots(ctx: Ctx) -> None:
    """lots for which fewer bids stand than the law asks for are unsuccessful"""
    least = ctx.procedure.rules.least_bids
    for lot in ctx.whole.below("lots"):
        if lot.doc["status"] == "active" and bids_for(ctx.root, lot.doc["id"]) < least:
            lot.move("unsuccessful")


def drop_needless_auctions(ctx: Ctx) -> None:
    """where fewer than two bids stand there is no auction to plan"""
    holders = [(None, ctx.root)] if not has_lots(ctx.root) else [(lot["id"], lot) for lot in ctx.root["lots"]]
    for lot_id, holder in holders:
        if bids_for(ctx.root, lot_id) <= 1 and "auctionPeriod" in holder:
            holder["auctionPeriod"].pop("startDate", None)


def drop_sealed_bids(ctx: Ctx) -> None:
    """bids that were never opened go"""
    ctx.root.pop("bids", None)
