"""What the auction module and the API tell each other: bids to start from, addresses of the rooms, results.

Results are matched to bids and lots by their ids, in whatever order they come; what concerns another lot than the
addressed one is passed over.
"""

from __future__ import annotations

from typing import Any

from ..domain.actors import ADMINS, AUCTION
from ..domain.context import Ctx
from ..domain.guards import has_lots, in_active_lot
from ..domain.patching import merge
from ..domain.procedure import Operation
from ..domain.refusal import Refusal
from ..domain.workflow import Doc, Guard
from ..errors import Invalid, Problem
from ..models.base import check
from ..models.bid import Bid
from ..models.lot import Lot
from ..models.tender import Tender
from .fields import names, scope_of

SHOWN = ("tenderID", "dateModified", "items", "auctionPeriod", "minimalStep", "auctionUrl", "features", "lots")
SHOWN_OF_BID = ("value", "lotValues", "id", "date", "parameters", "participationUrl")
RESULT = frozenset({"value", "date"})
ADDRESS = frozenset({"participationUrl"})


def view(ctx: Ctx) -> Doc:
    """What the auction module sees of a tender: amounts and dates of the bids, and nothing that says whose they are."""
    shown = {name: ctx.root[name] for name in SHOWN if name in ctx.root}
    shown["lots"] = [{k: v for k, v in lot.items() if k != "numberOfBids"} for lot in ctx.root.get("lots", ())]
    shown["bids"] = [{name: bid[name] for name in SHOWN_OF_BID if name in bid} for bid in ctx.root.get("bids", ())]
    return {name: value for name, value in shown.items() if value != []}


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


# --- reading what was sent


def match(sent: Any, kept: list[Doc], what: str, messages: tuple[str, str]) -> dict[str, Doc]:
    """The sent items by id. Raises Invalid if they are not exactly the kept ones."""
    if not isinstance(sent, list) or len(sent) != len(kept):
        raise Invalid(Problem("body", what, messages[0]))
    by_id = {str(item.get("id")): item for item in sent if isinstance(item, dict)}
    if set(by_id) != {item["id"] for item in kept}:
        raise Invalid(Problem("body", what, messages[1]))
    return by_id


def refuse_rogue(sent: Any, known: frozenset[str], what: str) -> None:
    """Raise Invalid for an item with a field its kind does not have."""
    for item in sent if isinstance(sent, list) else ():
        if not isinstance(item, dict):
            raise Invalid(Problem("body", what, ["Please use a mapping for this field."]))
        if rogue := sorted(item.keys() - known):
            raise Invalid(Problem("body", what, {name: "Rogue field" for name in rogue}))


def bids_sent(ctx: Ctx, data: Doc) -> dict[str, Doc]:
    """The sent bids by id."""
    refuse_rogue(data.get("bids"), names(Bid), "bids")
    messages = (
        "Number of auction results did not match the number of tender bids",
        "Auction bids should be identical to the tender bids",
    )
    return match(data.get("bids", []), ctx.root.get("bids", []), "bids", messages)


def lots_sent(ctx: Ctx, data: Doc) -> dict[str, Doc]:
    """The sent lots by id; empty if none were sent."""
    if not data.get("lots"):
        return {}
    refuse_rogue(data["lots"], names(Lot), "lots")
    messages = (
        "Number of lots did not match the number of tender lots",
        "Auction lots should be identical to the tender lots",
    )
    return match(data["lots"], ctx.root.get("lots", []), "lots", messages)


def offers_sent(bid: Doc, sent: Doc, lot_id: str, *, complete: bool) -> Doc | None:
    """What was sent about a bid's offer for one lot; None if nothing was. `complete`: every offer of the bid must be named."""
    kept, found = bid.get("lotValues", []), sent.get("lotValues", [])
    if complete and len(found) != len(kept):
        message = "Number of lots of auction results did not match the number of tender lots"
        raise Invalid(Problem("body", "bids", [{"lotValues": [message]}]))
    if {o.get("relatedLot") for o in found} - {o["relatedLot"] for o in kept}:
        raise Invalid(Problem("body", "bids", [{"lotValues": [{"relatedLot": ["relatedLot should be one of lots of bid"]}]}]))
    return next((o for o in found if o.get("relatedLot") == lot_id), None)


def lay_over(ctx: Ctx, sent: dict[str, Doc], fields: frozenset[str], lot_id: str | None, *, complete: bool) -> None:
    """Merge these fields of the sent bids, or of their offers for one lot, into the tender's bids; validates each."""
    for bid in ctx.root.get("bids", ()):
        news = sent[bid["id"]]
        if lot_id is None:
            merged = merge(bid, {name: news[name] for name in fields & news.keys()})
        else:
            offer = offers_sent(bid, news, lot_id, complete=complete) or {}
            kept = {name: offer[name] for name in fields & offer.keys()}
            offers = [merge(o, kept) if o["relatedLot"] == lot_id else o for o in bid.get("lotValues", ())]
            merged = {**bid, "lotValues": offers} if offers else bid
        if merged != bid:
            bid.update(validated(ctx, bid, merged))


def validated(ctx: Ctx, bid: Doc, merged: Doc) -> Doc:
    """The merged bid as its model has it. Raises Invalid, with everything under the name `bids`."""
    try:
        return check(Bid, {name: merged[name] for name in merged.keys() & names(Bid)}, scope_of(ctx))
    except Invalid as error:
        place = [b["id"] for b in ctx.root["bids"]].index(bid["id"])
        details = {problem.name: problem.description for problem in error.problems}
        raise Invalid(Problem("body", "bids", [*({} for _ in range(place)), details])) from None


# --- carrying it out


def set_urls(ctx: Ctx, data: Doc, lot_id: str | None) -> None:
    """Keep the addresses of the auction and of each bidder's door to it."""
    if not data:
        return
    bids, sent_lots = bids_sent(ctx, data), lots_sent(ctx, data)
    if lot_id is None:
        refuse_common_urls(ctx, data)
        lay_over(ctx, bids, ADDRESS, None, complete=False)
        merged = {**public_part(ctx.root), **({"auctionUrl": data["auctionUrl"]} if "auctionUrl" in data else {})}
        ctx.root.update({k: v for k, v in check(Tender, merged, scope_of(ctx)).items() if k == "auctionUrl"})
        return
    lay_over(ctx, bids, ADDRESS, lot_id, complete=True)
    for lot in ctx.root.get("lots", ()):
        url = sent_lots.get(lot["id"], {}).get("auctionUrl")
        if lot["id"] == lot_id and url is not None:
            part = {name: lot[name] for name in lot.keys() & names(Lot)}
            lot["auctionUrl"] = check(Lot, {**part, "auctionUrl": url}, scope_of(ctx))["auctionUrl"]


def public_part(root: Doc) -> Doc:
    """The fields of a stored tender that its model knows."""
    return {name: root[name] for name in root.keys() & names(Tender)}


def refuse_common_urls(ctx: Ctx, data: Doc) -> None:
    """With lots, every lot has its own auction. Raises Invalid."""
    if not has_lots(ctx.root):
        return
    problems = []
    if data.get("auctionUrl"):
        problems.append(Problem("body", "auctionUrl", ["url should be posted for each lot"]))
    if any(bid.get("participationUrl") for bid in data["bids"]):
        problems.append(Problem("body", "bids", [{"participationUrl": ["url should be posted for each lot of bid"]}]))
    if problems:
        raise Invalid(*problems)


def take_results(ctx: Ctx, data: Doc, lot_id: str | None) -> None:
    """Keep the results: final amounts, and the end of the auction. What follows from it, the workflow knows."""
    if has_lots(ctx.root) and lot_id is None:
        raise Invalid(Problem("body", "bids", ["Results of an auction with lots are reported for each lot."]))
    sent = bids_sent(ctx, data)
    lots_sent(ctx, data)
    lay_over(ctx, sent, RESULT, lot_id, complete=False)
    holder = ctx.root if lot_id is None else next(lot for lot in ctx.root["lots"] if lot["id"] == lot_id)
    holder.setdefault("auctionPeriod", {})["endDate"] = ctx.today


WHO = frozenset({AUCTION, ADMINS})
REPORT, URLS, LOT = "report auction results", "update auction urls", "auction/{auction_lot_id}"
OPERATIONS = (
    Operation("info", "GET", "auction", WHO, view=view, guards=(during("get auction info"),)),
    *(Operation("urls", "PATCH", p, WHO, set_urls, view, guards=(during(URLS), of_active_lot(URLS))) for p in ("auction", LOT)),
    *(Operation("results", "POST", p, WHO, take_results, guards=(during(REPORT), of_active_lot(REPORT))) for p in ("auction", LOT)),
)
