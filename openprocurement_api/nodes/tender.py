"""What tenders of most procedures share: announcing, the numbers that follow from lots and bids, the planning of the auction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from ..domain.actors import ADMINISTRATOR, CLOCK
from ..domain.context import Ctx
from ..domain.money import exact, total
from ..domain.timing import Days, at, midnight_before, moment, shifted, should_start_after
from ..domain.workflow import Doc, Effect, When
from ..models.tender import Tender
from .fields import names

COMPUTED = frozenset({"numberOfBids", "next_check"})
SYSTEM = COMPUTED | {
    "id", "date", "dateModified", "tenderID", "owner", "status", "auctionUrl", "auctionPeriod", "awardPeriod",
    "procurementMethod", "awardCriteria", "submissionMethod",
}  # fmt: skip
"""Fields of a tender that the platform that announces it does not write."""
ANNOUNCED = names(Tender) - SYSTEM
STORED = frozenset({"id", "doc_id", "doc_type", "revisions", "_id", "_rev", "_attachments"})
"""What a stored tender was once made of: clients that send a whole tender back send these too."""
AMENDED = ANNOUNCED - {"mode", "lots", "procurementMethodType"}
PLANNED = frozenset({"auctionPeriod", "lots"})
REPAIRED = frozenset({"status", "mode", "procuringEntity", "auctionPeriod", "lots"})
EVERYWHERE = {ADMINISTRATOR: REPAIRED}
PLANNABLE = EVERYWHERE | {CLOCK: PLANNED}

CHRONOGRAPH_VIEW = frozenset(
    {
        "status", "enquiryPeriod", "tenderPeriod", "auctionPeriod", "awardPeriod", "awards", "lots", "id",
        "submissionMethodDetails", "mode", "numberOfBids", "complaints",
        "lots.id", "lots.status", "lots.auctionPeriod", "lots.numberOfBids",
    }
)  # fmt: skip
TEST_TITLES = {"title": "[ТЕСТУВАННЯ]", "title_en": "[TESTING]", "title_ru": "[ТЕСТИРОВАНИЕ]"}
DECLARED = "_declared"
"""Private field: the tender's own values of some fields while those of its lots stand in their place."""
STANDING = frozenset({"pending", "active"})
"""Statuses of bids, and of what they offer for a lot, that were not rejected: some wait to be reviewed."""
BEFORE_AUCTION = frozenset({"active.tendering"})
FROM_LOTS = ("value", "minimalStep")


def name_parts(ctx: Ctx) -> None:
    """items and features that came without an id get one"""
    for item in ctx.doc.get("items", ()):
        item.setdefault("id", uuid4().hex)
    for feature in ctx.doc.get("features", ()):
        feature.setdefault("code", uuid4().hex)


def mark_test(ctx: Ctx) -> None:
    """titles of a test tender say so"""
    if ctx.root.get("mode") == "test":
        for name, mark in TEST_TITLES.items():
            title = ctx.root.get(name, "")
            if mark not in title:
                ctx.root[name] = f"{mark} {title}"


def keep_kind(ctx: Ctx) -> None:
    """the kind of the procuring entity stays what it was when the tender was announced; an administrator may repair it"""
    if ADMINISTRATOR in ctx.actors:
        return
    kind = (ctx.before or {}).get("procuringEntity", {}).get("kind")
    entity = ctx.doc["procuringEntity"]
    if kind is None:
        entity.pop("kind", None)
    else:
        entity["kind"] = kind


# --- numbers that follow from others


def sum_lots(ctx: Ctx) -> None:
    """value, minimalStep and guarantee of a tender with lots follow from its lots"""
    root = ctx.root
    parts = root.get("lots", ())
    if not set_aside(root, FROM_LOTS):
        return
    price_lots(ctx)
    root["value"] = {**root["value"], "amount": total(lot["value"]["amount"] for lot in parts)}
    if steps := [lot["minimalStep"]["amount"] for lot in parts if "minimalStep" in lot]:
        root["minimalStep"] = {**root["minimalStep"], "amount": min(steps, key=exact)}
    sum_guarantees(root, [lot for lot in parts if "guarantee" in lot])


def set_aside(root: Doc, fields: Iterable[str]) -> bool:
    """Whether the tender has lots. While it has, its own values of these fields are kept for the time when it has none.

    An amount comes back in the currency, and with the tax, that the buyer has named since.
    """
    if not root.get("lots"):
        for name, own in root.pop(DECLARED, {}).items():
            root[name] = {**root[name], "amount": own["amount"]} if isinstance(own, dict) and name in root else own
        return False
    root.setdefault(DECLARED, {name: root[name] for name in fields if name in root})
    return True


def price_lots(ctx: Ctx) -> None:
    """amounts of lots are in the currency of the tender's, with its tax"""
    for lot in ctx.root.get("lots", ()):
        for name in ("value", "minimalStep"):
            if name in lot and name in ctx.root:
                lot[name] = {**ctx.root[name], "amount": lot[name]["amount"]}


def sum_guarantees(root: Doc, parts: list[Doc]) -> None:
    """The tender's guarantee is the sum of its lots', in the tender's currency if it named one; it outlives the lots."""
    if not parts:
        return
    currency = (root.get("guarantee") or parts[0]["guarantee"])["currency"]
    for lot in parts:
        lot["guarantee"]["currency"] = currency
    root["guarantee"] = {"amount": total(lot["guarantee"]["amount"] for lot in parts), "currency": currency}


def count_bids(ctx: Ctx) -> None:
    """numberOfBids is how many bids stand"""
    ctx.root["numberOfBids"] = bids_for(ctx.root, None)


def bids_for(root: Doc, lot_id: str | None) -> int:
    """How many standing bids a lot has, or the whole tender."""
    standing = [b for b in root.get("bids", ()) if b["status"] in STANDING]
    if lot_id is None:
        return len(standing)
    return sum(any(stands_for(offer, lot_id) for offer in b.get("lotValues", ())) for b in standing)


def stands_for(offer: Doc, lot_id: str) -> bool:
    """Whether an offer is for this lot and was not rejected."""
    return offer["relatedLot"] == lot_id and offer.get("status", "active") in STANDING


# --- planning the auction


def keep_plan(ctx: Ctx) -> None:
    """who plans an auction sets its startDate alone, and only until it was held"""
    old, new = ((doc or {}).get("auctionPeriod", {}) for doc in (ctx.before, ctx.doc))
    computed = {name: value for name, value in old.items() if name != "startDate"}
    start = {name: value for name, value in new.items() if name == "startDate"}
    if period := old if "endDate" in old else computed | start:
        ctx.doc["auctionPeriod"] = period
    else:
        ctx.doc.pop("auctionPeriod", None)


def planning(earliest: When, before: frozenset[str] = BEFORE_AUCTION, *, round_lots: bool = True) -> Effect:
    """Effect factory: auctions are planned after `earliest`, in the statuses `before` the auction and in it.

    They are planned for whole days; those of lots, unless `round_lots`, from the very moment.
    """

    def effect(ctx: Ctx) -> None:
        root = ctx.root
        if not root.get("lots"):
            write_plan(ctx, root, None, earliest, waits=root["status"] in before | {"active.auction"})
        for lot in root.get("lots", ()):
            waits = root["status"] in before or (root["status"] == "active.auction" and bids_for(root, lot["id"]) > 1)
            write_plan(ctx, lot, lot["id"], earliest, waits=waits and lot["status"] == "active", rounded=round_lots)

    effect.__doc__ = "auctionPeriod.shouldStartAfter of the tender, or of each lot, while its auction is still to come"
    return effect


def write_plan(ctx: Ctx, holder: Doc, lot_id: str | None, earliest: When, *, waits: bool, rounded: bool = True) -> None:
    """Set or clear shouldStartAfter in the auctionPeriod of a tender or a lot."""
    period = holder.setdefault("auctionPeriod", {})
    bids = bids_for(ctx.root, lot_id)
    waits = waits and "endDate" not in period
    after = should_start_after(ctx, period, bids, earliest(ctx), rounded=rounded) if waits else None
    if after:
        period["shouldStartAfter"] = after.isoformat()
    else:
        period.pop("shouldStartAfter", None)
    if not period:
        del holder["auctionPeriod"]


plan_after = planning(at("tenderPeriod.endDate"))
DECIDED = Days(3)


def decisions_over(ctx: Ctx) -> datetime | None:
    """the end of tendering, or the third midnight after the review body last decided, whichever is later"""
    return after_decisions(ctx, at("tenderPeriod.endDate")(ctx), ctx.root.get("complaints", ()))


def after_decisions(ctx: Ctx, end: datetime | None, complaints: Iterable[Doc]) -> datetime | None:
    """A moment, or the third midnight after one of the complaints was last decided, whichever is later."""
    decided = (moment(complaint.get("dateDecision")) for complaint in complaints)
    days = [shifted(midnight_before(when, ctx), DECIDED, ctx) for when in decided if when]
    return max([*days, *([end] if end else [])], default=None)
