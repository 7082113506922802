"""Bids: what suppliers offer. Sealed until bids are opened: nobody but the holder of its token sees a bid before."""

from __future__ import annotations

from ..domain.actors import ADMINISTRATOR, ADMINS, BIDDER, BROKER
from ..domain.context import Ctx
from ..domain.guards import within
from ..domain.node import SECRETS, Node, Step
from ..domain.refusal import Refusal
from ..domain.workflow import ADD, DELETE, UPDATE, Doc, Guard, State, Transition, Verb, Workflow
from ..models.bid import Bid
from .document import DOCUMENT

FIELDS = frozenset({"value", "status", "tenderers", "parameters", "lotValues"})
DONE: dict[Verb, str] = {ADD: "added", UPDATE: "updated", DELETE: "deleted"}


def in_tender_period(thing: str) -> Guard:
    """Guard factory: the thing may change only inside the tender period."""

    def guard(ctx: Ctx) -> Refusal | bool:
        period = ctx.root.get("tenderPeriod", {})
        if ctx.root["status"] != "active.tendering" or within(period, ctx):
            return True
        span = f"from ({period.get('startDate')}) to ({period.get('endDate')})"
        return Refusal(f"{thing} can be {DONE[ctx.verb]} only during the tendering period: {span}.")

    guard.__doc__ = f"a {thing.lower()} changes only in the tender period"
    return guard


def for_active_lots(ctx: Ctx) -> Refusal | bool:
    """offers are made, and changed, for active lots only"""
    over = {lot["id"] for lot in ctx.root.get("lots", ()) if lot["status"] != "active"}
    made = [(offer["relatedLot"], offer.get("value")) for offer in (ctx.before or {}).get("lotValues", ())]
    offers = [(offer["relatedLot"], offer.get("value")) for offer in ctx.doc.get("lotValues", ())]
    news = {lot for lot, value in offers if (lot, value) not in made}
    return over.isdisjoint(news) or Refusal(f"Can {ctx.node.word(ctx.verb)} bid only in active lot status")


def own_award_pending(ctx: Ctx) -> Refusal | bool:
    """after bids are opened, a bidder adds documents only while its award is considered"""
    if ctx.root["status"] == "active.tendering":
        return True
    bid = ctx.chain[1][1]["id"]
    if any(a["status"] == "pending" and a.get("bid_id") == bid for a in ctx.root.get("awards", ())):
        return True
    return Refusal(f"Can't {ctx.node.word(ctx.verb)} document because award of bid is not in pending state")


def date_offers(ctx: Ctx) -> None:
    """an offer is dated when its amount was last set; the address of its auction is not the bidder's to give"""
    for offer in ctx.doc.get("lotValues", ()):
        offer["date"] = ctx.stamp
        offer.pop("participationUrl", None)
    ctx.doc["date"] = ctx.stamp


def redate_changed_offers(ctx: Ctx) -> None:
    """an offer whose amount changed is dated now; the address of its auction stays what it was"""
    before = ctx.before or {}
    if amount(ctx.doc) != amount(before):
        ctx.doc["date"] = ctx.stamp
    dated = {offer["relatedLot"]: offer for offer in before.get("lotValues", ())}
    for offer in ctx.doc.get("lotValues", ()):
        old = dated.get(offer["relatedLot"], {})
        offer["date"] = old["date"] if amount(offer) == amount(old) and "date" in old else ctx.stamp
        offer.pop("participationUrl", None)
        if "participationUrl" in old:
            offer["participationUrl"] = old["participationUrl"]


def amount(offer: Doc) -> object:
    """What is offered; None if nothing is."""
    return (offer.get("value") or {}).get("amount")


TENDER_PERIOD = in_tender_period("Bid")
DOCUMENT_PERIOD = in_tender_period("Document")
HOLDER = {BIDDER: FIELDS, ADMINS: FIELDS, ADMINISTRATOR: frozenset({"tenderers"})}

WORKFLOW = Workflow(
    "bid",
    (
        State("active", "The bid stands", final=True, edits=HOLDER),
        State("draft", "Being prepared; gone when tendering ends", edits=HOLDER),
    ),
    (
        Transition(None, "active", BROKER),
        Transition(None, "draft", BROKER),
        Transition("draft", "active", BIDDER),
    ),
    deny=Refusal("Can't update bid to ({target}) status", "bid"),
    overrides=frozenset(),
    dated=False,
)

BID_DOCUMENT = DOCUMENT.but(steps={verb: Step(guards=(DOCUMENT_PERIOD, own_award_pending)) for verb in (ADD, UPDATE)})

BID = Node(
    "bid",
    "bids",
    Bid,
    workflow=WORKFLOW,
    children=(BID_DOCUMENT,),
    accepts=FIELDS,
    steps={
        ADD: Step(guards=(TENDER_PERIOD, for_active_lots), effects=(date_offers,)),
        UPDATE: Step(guards=(TENDER_PERIOD, for_active_lots), effects=(redate_changed_offers,)),
        DELETE: Step(guards=(TENDER_PERIOD,)),
    },
    owner=BIDDER,
    partaking=frozenset({"active"}),
    private=SECRETS | {"owner"},
    sealed=frozenset({"participationUrl", "lotValues.participationUrl"}),
    accredited="bid",
)
