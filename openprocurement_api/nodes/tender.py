"""What tenders of most procedures share: announcing, the numbers that follow from lots and bids, the planning of the auction."""

from __future__ import annotations

from uuid import uuid4

from ..domain.actors import ADMINISTRATOR, CLOCK
from ..domain.context import Ctx
from ..domain.money import exact, total
from ..domain.timing import should_start_after
from ..domain.workflow import Doc
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
    }
)  # fmt: skip
TEST_TITLES = {"title": "[ТЕСТУВАННЯ]", "title_en": "[TESTING]", "title_ru": "[ТЕСТИРОВАНИЕ]"}
DECLARED = "_declared"
"""Private field: the tender's own value, minimalStep and guarantee while those of its lots stand in their place."""
FROM_LOTS = ("value", "minimalStep", "guarantee")


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
    """the kind of the procuring entity stays what it was when the tender was announced"""
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
    if not parts:
        root.update(root.pop(DECLARED, {}))
        return
    root.setdefault(DECLARED, {name: root[name] for name in FROM_LOTS if name in root})
    for lot in parts:
        for name in ("value", "minimalStep"):
            if name in lot and name in root:
                lot[name] = {**root[name], "amount": lot[name]["amount"]}
    root["value"] = {**root["value"], "amount": total(lot["value"]["amount"] for lot in parts)}
    if steps := [lot["minimalStep"]["amount"] for lot in parts if "minimalStep" in lot]:
        root["minimalStep"] = {**root["minimalStep"], "amount": min(steps, key=exact)}
    sum_guarantees(root, [lot for lot in parts if "guarantee" in lot])


def sum_guarantees(root: Doc, parts: list[Doc]) -> None:
    """The tender's guarantee is the sum of its lots', in the tender's currency if it named one."""
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
    standing = [b for b in root.get("bids", ()) if b["status"] == "active"]
    if lot_id is None:
        return len(standing)
    return sum(any(offer["relatedLot"] == lot_id for offer in b.get("lotValues", ())) for b in standing)


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


def plan_after(ctx: Ctx) -> None:
    """auctionPeriod.shouldStartAfter of the tender, or of each lot, while its auction is still to come"""
    root = ctx.root
    if not root.get("lots"):
        write_plan(ctx, root, bids_for(root, None), waits=root["status"] in ("active.tendering", "active.auction"))
    for lot in root.get("lots", ()):
        bids = bids_for(root, lot["id"])
        waits = root["status"] == "active.tendering" or (root["status"] == "active.auction" and bids > 1)
        write_plan(ctx, lot, bids, waits=waits and lot["status"] == "active")


def write_plan(ctx: Ctx, holder: Doc, bids: int, *, waits: bool) -> None:
    """Set or clear shouldStartAfter in the auctionPeriod of a tender or a lot for which so many bids stand."""
    period = holder.setdefault("auctionPeriod", {})
    after = should_start_after(ctx, period, bids) if waits and "endDate" not in period else None
    if after:
        period["shouldStartAfter"] = after.isoformat()
    else:
        period.pop("shouldStartAfter", None)
    if not period:
        del holder["auctionPeriod"]
