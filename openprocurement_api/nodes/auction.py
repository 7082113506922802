"""What the auction module and the API tell each other: bids to start from, addresses of the rooms, results.

Results are matched to bids and lots by their ids, in whatever order they come; what concerns another lot than the
addressed one is passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ..domain.actors import ADMINS, AUCTION
from ..domain.context import Ctx
from ..domain.guards import has_lots, in_active_lot
from ..domain.procedure import Operation
from ..domain.refusal import Refusal
from ..domain.workflow import Doc, Effect, Guard
from ..errors import Forbidden, Invalid, NotFound, Problem
from ..models.base import check
from .auction_report import bids_sent, lay_over, lots_sent, picked, stands_aside
from .fields import names, scope_of

SHOWN = ("tenderID", "dateModified", "items", "auctionPeriod", "minimalStep", "auctionUrl", "features", "lots")
SHOWN_OF_BID = ("value", "lotValues", "id", "date", "parameters", "participationUrl")
RESULT = frozenset({"value", "date"})
ADDRESS = frozenset({"participationUrl"})
NOT_HELD = frozenset({"quick(mode:no-auction)", "quick(mode:fast-forward)"})
"""What `submissionMethodDetails` says in a training installation of auctions that are over as soon as they begin."""
NAMED = ("id", "status")
View = Callable[[Ctx], Doc]
Run = Callable[[Ctx, Doc, "str | None"], None]


@dataclass(frozen=True, slots=True)
class Talk:
    """What the auction module is told, and tells.

    tender, bid: the fields that it sees of them; value: those of what a bid offers, all if None. result: what it says of an offer
    after the auction, everything if None; after: what follows from that before the best bid is considered.
    """

    tender: tuple[str, ...] = SHOWN
    bid: tuple[str, ...] = SHOWN_OF_BID
    value: frozenset[str] | None = None
    result: frozenset[str] | None = None
    after: tuple[Effect, ...] = ()


def viewing(talk: Talk) -> View:
    """What the auction module sees of a tender: amounts and dates of the bids, and nothing that says whose they are."""

    def view(ctx: Ctx) -> Doc:
        shown = {name: ctx.root[name] for name in talk.tender if name in ctx.root}
        shown["bids"] = [told(ctx, bid, talk) for bid in ctx.root.get("bids", ())]
        return {name: value for name, value in shown.items() if value != []}

    return view


def told(ctx: Ctx, bid: Doc, talk: Talk) -> Doc:
    """What the auction module sees of a bid; of one that does not stand, no more than anybody does."""
    fields = NAMED if stands_aside(ctx, bid) else talk.bid
    return narrowed({name: bid[name] for name in fields if name in bid}, talk.value)


def narrowed(bid: Doc, fields: frozenset[str] | None) -> Doc:
    """A bid with no more than these fields of what it offers, for the tender or for lots; None leaves it as it is."""
    if fields is None:
        return bid
    value = {"value": picked(bid["value"], fields)} if bid.get("value") else {}
    offers = {"lotValues": [narrowed(offer, fields) for offer in bid["lotValues"]]} if "lotValues" in bid else {}
    return bid | value | offers


def during(words: str) -> Guard:
    """Guard factory: the tender is in active.auction."""

    def guard(ctx: Ctx) -> Refusal | bool:
        status = ctx.root["status"]
        return status == "active.auction" or Refusal(f"Can't {words} in current ({status}) tender status")

    guard.__doc__ = "the tender is in active.auction"
    return guard


def of_active_lot(words: str) -> Guard:
    """Guard factory: the addressed lot is active."""
    guard = in_active_lot(lambda ctx: (ctx.wish or {}).get("lot_id"), "")

    def said(ctx: Ctx) -> Refusal | bool:
        return guard(ctx) is True or Refusal(f"Can {words} only in active lot status")

    said.__doc__ = "the addressed lot is active"
    return said


def guards_of(words: str) -> tuple[Guard, ...]:
    """What must hold for an auction to be reported on."""
    return during(words), of_active_lot(words)


# --- carrying it out


def set_urls(ctx: Ctx, data: Doc, lot_id: str | None) -> None:
    """Keep the addresses of the auction and of each bidder's door to it."""
    if not data:
        return
    bids, told = bids_sent(ctx, data), lots_sent(ctx, data)
    if lot_id is None:
        room, holder, model = data, ctx.root, ctx.node.model
    else:
        room, holder, model = told.get(lot_id, {}), addressed(ctx.root, lot_id), lot_model(ctx)
    lay_over(ctx, bids, ADDRESS, lot_id)
    if room.get("auctionUrl"):
        kept = picked(holder, names(model)) | picked(room, frozenset({"auctionUrl"}))
        holder["auctionUrl"] = check(model, kept, scope_of(ctx))["auctionUrl"]


def lot_model(ctx: Ctx) -> Any:
    """The model of the tender's lots."""
    return next(child.model for child in ctx.node.children if child.plural == "lots")


def taking(talk: Talk) -> Run:
    """How results are kept: final amounts, and the end of the auction. What follows from it, the workflow knows."""

    def take_results(ctx: Ctx, data: Doc, lot_id: str | None) -> None:
        sent = bids_sent(ctx, data)
        if has_lots(ctx.root) and lot_id is None:
            raise Invalid(Problem("body", "bids", ["Results of an auction with lots are reported for each lot."]))
        lay_over(ctx, {bid_id: narrowed(bid, talk.result) for bid_id, bid in sent.items()}, RESULT, lot_id)
        for effect in talk.after:
            effect(ctx)
        period = addressed(ctx.root, lot_id).setdefault("auctionPeriod", {})
        end = period.setdefault("endDate", ctx.stamp)
        if ctx.env.sandbox and ctx.root.get("submissionMethodDetails") in NOT_HELD:
            period["startDate"] = end

    return take_results


def final(words: str, report: Run) -> Run:
    """The report, which once the auction is over may be repeated, but say nothing new. Raises Forbidden then."""

    def run(ctx: Ctx, data: Doc, lot_id: str | None) -> None:
        before = deepcopy(ctx.root)
        report(ctx, data, lot_id)
        if "endDate" in addressed(before, lot_id).get("auctionPeriod", {}) and ctx.root != before:
            raise Forbidden(Problem("body", "data", f"Can't {words} after the auction has ended"))

    return run


def addressed(root: Doc, lot_id: str | None) -> Doc:
    """What is auctioned: the tender, or the lot. Raises NotFound for a lot that the tender does not have."""
    found = root if lot_id is None else next((lot for lot in root.get("lots", ()) if lot["id"] == lot_id), None)
    if found is None:
        raise NotFound(Problem("url", "auction_lot_id", "Not Found"))
    return found


WHO = frozenset({AUCTION, ADMINS})
REPORT, URLS, LOT = "report auction results", "update auction urls", "auction/{auction_lot_id}"


def operations(talk: Talk) -> tuple[Operation, ...]:
    """The auction's part in a procedure."""
    view, report = viewing(talk), final(REPORT, taking(talk))
    return (
        Operation("info", "GET", "auction", frozenset({AUCTION}), view=view, guards=(during("get auction info"),)),
        *(Operation("urls", "PATCH", path, WHO, final(URLS, set_urls), view, guards_of(URLS)) for path in ("auction", LOT)),
        *(Operation("results", "POST", path, WHO, report, guards=guards_of(REPORT)) for path in ("auction", LOT)),
    )


OPERATIONS = operations(Talk())
OPERATIONS_OF_CONFIRMED_BIDS = operations(Talk(bid=(*SHOWN_OF_BID, "status")))
"""Where some bids may not stand."""
