"""Reading what the auction module sends: every bid of the tender with its offers, the lots beside them."""

from __future__ import annotations

from functools import cache

from ..domain.context import Ctx
from ..domain.guards import has_lots
from ..domain.node import Node
from ..domain.patching import merge
from ..domain.workflow import Doc
from ..errors import Invalid, Problem
from ..models.base import REQUIRED, Model, check, read
from ..models.types import ListType
from .fields import names, scope_of

MAX_BIDS = 10_000
"""More do not fit into one body."""


def bids_of(ctx: Ctx) -> Node:
    """The declaration of the tender's bids. Raises WorkflowError for a procedure without."""
    return ctx.whole.node.collection("bids")


@cache
def report_on(tender: type[Model], bid: type[Model]) -> type[Model]:
    """What the auction module sends: fields of the tender, its lots and its bids."""
    return type("Report", (tender,), {"bids": ListType(bid, max_size=MAX_BIDS)})


def bids_sent(ctx: Ctx, data: Doc) -> dict[str, Doc]:
    """The sent bids by id. Raises Invalid unless they, their offers and the lots beside them are those of the tender."""
    read(report_on(ctx.node.model, bids_of(ctx).model), data, scope_of(ctx))
    refuse_nulls(data)
    if has_lots(ctx.root):
        refuse_common_urls(data)
    messages = (
        "Number of auction results did not match the number of tender bids",
        "Auction bids should be identical to the tender bids",
    )
    found = match(data.get("bids") or [], ctx.root.get("bids", []), "bids", messages)
    lots_sent(ctx, data)
    standing = [bid for bid in ctx.root.get("bids", ()) if not stands_aside(ctx, bid)]
    return found | {bid["id"]: found[bid["id"]] | offers_sent(bid, found[bid["id"]]) for bid in standing}


def refuse_nulls(data: Doc) -> None:
    """Raises Invalid for null where a bid, an offer or a lot belongs; to `read` it is but something that was left out."""
    problems = [Problem("body", name, [REQUIRED]) for name in ("bids", "lots") if None in (data.get(name) or ())]
    if not problems and any(None in (bid.get("lotValues") or ()) for bid in data.get("bids") or ()):
        problems.append(Problem("body", "bids", [{"lotValues": [REQUIRED]}]))
    if problems:
        raise Invalid(*problems)


def lots_sent(ctx: Ctx, data: Doc) -> dict[str, Doc]:
    """The sent lots by id; empty if none were sent."""
    messages = (
        "Number of lots did not match the number of tender lots",
        "Auction lots should be identical to the tender lots",
    )
    return match(data["lots"], ctx.root.get("lots", []), "lots", messages) if data.get("lots") else {}


def match(sent: list[Doc], kept: list[Doc], what: str, messages: tuple[str, str]) -> dict[str, Doc]:
    """The sent items by id. Raises Invalid if they are not exactly the kept ones."""
    if len(sent) != len(kept):
        raise Invalid(Problem("body", what, messages[0]))
    by_id = {str(item.get("id")): item for item in sent}
    if by_id.keys() != {item["id"] for item in kept}:
        raise Invalid(Problem("body", what, messages[1]))
    return by_id


def offers_sent(bid: Doc, sent: Doc) -> Doc:
    """What was sent about a bid's offers, each with its lot: one that does not name its lot is known by its place."""
    kept, found = bid.get("lotValues", []), sent.get("lotValues") or []
    if len(found) != len(kept):
        message = "Number of lots of auction results did not match the number of tender lots"
        raise Invalid(Problem("body", "bids", [{"lotValues": [message]}]))
    offers = [{"relatedLot": own["relatedLot"]} | offer for own, offer in zip(kept, found, strict=True)]
    if {offer["relatedLot"] for offer in offers} != {own["relatedLot"] for own in kept}:
        raise Invalid(Problem("body", "bids", [{"lotValues": [{"relatedLot": ["relatedLot should be one of lots of bid"]}]}]))
    return {"lotValues": offers}


def refuse_common_urls(data: Doc) -> None:
    """With lots, every lot has its own auction. Raises Invalid."""
    problems = []
    if data.get("auctionUrl"):
        problems.append(Problem("body", "auctionUrl", ["url should be posted for each lot"]))
    if any(bid.get("participationUrl") for bid in data.get("bids") or ()):
        problems.append(Problem("body", "bids", [{"participationUrl": ["url should be posted for each lot of bid"]}]))
    if problems:
        raise Invalid(*problems)


def lay_over(ctx: Ctx, sent: dict[str, Doc], fields: frozenset[str], lot_id: str | None) -> None:
    """Merge these fields of the sent bids, or of their offers for one lot, into the tender's bids; validates each."""
    for bid in ctx.root.get("bids", ()):
        if stands_aside(ctx, bid):
            continue
        news = sent[bid["id"]]
        if lot_id is None:
            merged = merge(bid, picked(news, fields))
        else:
            offers = {offer["relatedLot"]: picked(offer, fields) for offer in news["lotValues"]}
            kept = bid.get("lotValues", [])
            merged = {**bid, "lotValues": [merge(o, offers[lot_id]) if o["relatedLot"] == lot_id else o for o in kept]}
        if merged != bid:
            bid.update(validated(ctx, bid, merged))


def stands_aside(ctx: Ctx, bid: Doc) -> bool:
    """Whether the bid does not stand, so that only its name is shown."""
    state = bids_of(ctx).state(bid)
    return state is not None and state.shows is not None


def picked(doc: Doc, fields: frozenset[str]) -> Doc:
    """Only these fields of a document."""
    return {name: doc[name] for name in fields & doc.keys()}


def validated(ctx: Ctx, bid: Doc, merged: Doc) -> Doc:
    """The merged bid as its model has it. Raises Invalid, with everything under the name `bids`."""
    model = bids_of(ctx).model
    try:
        return check(model, picked(merged, names(model)), scope_of(ctx))
    except Invalid as error:
        details = {problem.name: problem.description for problem in error.problems}
        raise Invalid(Problem("body", "bids", [details])) from None
