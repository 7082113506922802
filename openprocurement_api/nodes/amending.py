"""What follows when the buyer changes a tender while bids are made: time to react, and bids that are to be confirmed again.

Durations are fields of the procedure's rules: `extension` (what must be left of tendering), `enquiries_end` (before its end),
`clarifications` (after the enquiries), `complaints_end`.
"""

from __future__ import annotations

from typing import Any

from ..domain.actors import OWNER
from ..domain.context import Ctx
from ..domain.patching import merge
from ..domain.refusal import Refusal
from ..domain.timing import Days, midnight_before, moment, shifted
from ..domain.workflow import Doc
from .fields import names

REPLAN = Days(2, working=True)
"""A planned auction that is this much later than it need be is planned anew."""
GROUP = 3
"""Digits of a CPV code that name its group."""
OUT = frozenset({"draft", "deleted", "invalid"})
"""Statuses of bids that a change does not touch."""


def amends(ctx: Ctx) -> bool:
    """Whether it is the buyer who acts, while bids are made."""
    return OWNER in ctx.actors and ctx.root["status"] == "active.tendering"


def time_is_left(ctx: Ctx) -> Refusal | bool:
    """after a change there is time left to make bids"""
    days, end = ctx.procedure.rules.extension, moment(ctx.root["tenderPeriod"]["endDate"])
    if not amends(ctx) or end is None or shifted(ctx.now, days, ctx) <= end:
        return True
    return Refusal(f"tenderPeriod should be extended by {days.words}")


def same_group(ctx: Ctx) -> Refusal | bool:
    """what is bought stays in its group of the classification"""
    sent = (ctx.wish or {}).get("items")
    items = [*ctx.doc.get("items", ()), *(sent if isinstance(sent, list) else ())]
    groups = {code[:GROUP] for code in map(code_of, items) if code}
    return ctx.doc["status"] == "draft" or len(groups) == 1 or Refusal("Can't change classification", "item")


def code_of(item: Any) -> str:
    """The CPV code of an item, which may be any JSON; empty if there is none."""
    classification = item.get("classification") if isinstance(item, dict) else None
    code = classification.get("id") if isinstance(classification, dict) else None
    return code if isinstance(code, str) else ""


def same_enquiries(ctx: Ctx) -> Refusal | bool:
    """enquiryPeriod follows from tenderPeriod"""
    wish, kept = (ctx.wish or {}).get("enquiryPeriod"), ctx.doc.get("enquiryPeriod", {})
    same = not isinstance(wish, dict) or merge(kept, wish) == kept
    return ctx.doc["status"] == "draft" or same or Refusal("Can't change enquiryPeriod", "item")


def reopen_bids(ctx: Ctx) -> None:
    """if the buyer changed something, bids are invalid until they are confirmed, and a far auction is planned anew"""
    if not amends(ctx) or (ctx.before is not None and unchanged(ctx)):
        return
    ctx.root.setdefault("enquiryPeriod", {})["invalidationDate"] = ctx.stamp
    for bid in ctx.whole.below("bids"):
        if bid.doc["status"] not in OUT:
            bid.move("invalid")
    drop_far_plans(ctx)


def unchanged(ctx: Ctx) -> bool:
    """Whether a PATCH left the tender, or a part of it, as it was, or only published it."""
    before = ctx.before or {}
    if before.get("status") != ctx.doc.get("status"):
        return True
    return all(before.get(name) == ctx.doc.get(name) for name in names(ctx.node.model))


def drop_far_plans(ctx: Ctx) -> None:
    """auctions that are planned much later than need be are planned anew"""
    for holder in (ctx.root, *ctx.root.get("lots", ())):
        drop_far_plan(ctx, holder.get("auctionPeriod", {}))


def drop_far_plan(ctx: Ctx, period: Doc) -> None:
    """Take away the planned start of an auction that is much later than it need be."""
    start, after = moment(period.get("startDate")), moment(period.get("shouldStartAfter"))
    if start and after and start > shifted(after, REPLAN, ctx):
        del period["startDate"]


def follow_tendering(ctx: Ctx) -> None:
    """enquiryPeriod and complaintPeriod follow from tenderPeriod"""
    rules, root = ctx.procedure.rules, ctx.root
    period = root["tenderPeriod"]
    end = moment(period["endDate"])
    if end is None:
        return
    enquiries = shifted(end, -rules.enquiries_end, ctx)
    kept = {name: value for name, value in root.get("enquiryPeriod", {}).items() if name == "invalidationDate"}
    root["enquiryPeriod"] = {
        "startDate": period["startDate"],
        "endDate": enquiries.isoformat(),
        "clarificationsUntil": shifted(enquiries, rules.clarifications, ctx).isoformat(),
    } | kept
    complaints = shifted(midnight_before(end, ctx), -rules.complaints_end, ctx)
    root["complaintPeriod"] = {"startDate": period["startDate"], "endDate": complaints.isoformat()}
