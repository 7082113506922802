"""Bids that are reviewed before their prices are opened: first who offers, then how much.

With lots each offer is reviewed on its own, and what the offers are says what the bid is.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..domain.actors import AUTO, BIDDER, BROKER, CASCADE
from ..domain.context import Ctx
from ..domain.guards import has_lots, lot_of, lots
from ..domain.node import Step
from ..domain.refusal import Refusal
from ..domain.workflow import ADD, UPDATE, Doc, Guard, State, Transition, Workflow
from ..models.reviewed_bid import ReviewedBid
from .bid import DOCUMENT_PERIOD, TENDER_PERIOD, date_offers, for_active_lots, redate_changed_offers
from .confirmed_bid import CONFIRMED_BID, EDITABLE, HANDS, NAMED, SAID, not_deleted, offered_status, own_award_considered
from .envelope import ENVELOPES, KINDS, envelopes
from .opening import keep
from .tender import STANDING

SEALED_PHASES = frozenset({"draft", "active.tendering", "cancelled"})
"""While bids are made nothing is reviewed, and in a cancelled tender nothing more."""

UNOPENED = NAMED | {"tenderers", "documents", "eligibilityDocuments"}
"""What is seen of a bid before prices are opened."""
REJECTED = UNOPENED | {"parameters", "selfQualified", "selfEligible", "subcontractingDetails"}
"""What is ever seen of a bid that was rejected: its price stays sealed."""


# --- what the offers say of the bid


def verdict(root: Doc, bid: Doc) -> str:
    """The status that follows from what became of a bid's offers for lots that go on or are complete."""
    going_on = {lot["id"] for lot in (*lots(root), *lots(root, "complete"))}
    found = {offer["status"] for offer in bid.get("lotValues", ()) if offer["relatedLot"] in going_on}
    return next((status for status in ("pending", "active") if status in found), "unsuccessful")


def offers_say(status: str) -> Guard:
    """Guard factory: with lots, this is what became of the bid's offers."""

    def guard(ctx: Ctx) -> bool:
        return has_lots(ctx.root) and ctx.root["status"] not in SEALED_PHASES and verdict(ctx.root, ctx.doc) == status

    guard.__doc__ = f"with lots, the bid's offers for lots that go on make it {status}"
    return guard


def seal_offers(ctx: Ctx) -> None:
    """offers wait for their review"""
    for offer in ctx.doc.get("lotValues", ()):
        offer["status"] = "pending"


def only_pending(ctx: Ctx) -> Refusal | bool:
    """a bidder hands its bid in, and says so with each change of it"""
    status = (ctx.wish or {}).get("status", ctx.doc["status"])
    return status == "pending" or BIDDER not in ctx.actors or Refusal(f"Can't update bid to ({status}) status")


# --- lots and tenders that end before prices are opened


def reject_vain_offers(ctx: Ctx) -> None:
    """offers for lots that are unsuccessful are unsuccessful"""
    lost = {lot["id"] for lot in lots(ctx.root, "unsuccessful")}
    for bid in ctx.root.get("bids", ()):
        for offer in bid.get("lotValues", ()):
            if offer["relatedLot"] in lost:
                offer["status"] = "unsuccessful"


def strip_lot(ctx: Ctx) -> None:
    """what bids say about the lot goes; those that stand and offer nothing else are invalid"""
    root, lot_id = ctx.root, ctx.doc["id"]
    codes = {f["code"] for f in root.get("features", ()) if lot_of(root, f["featureOf"], f.get("relatedItem")) == lot_id}
    for bid in ctx.whole.below("bids"):
        keep(bid.doc, "lotValues", lambda offer: offer["relatedLot"] != lot_id)
        keep(bid.doc, "parameters", lambda answer: answer["code"] not in codes)
        for envelope in ENVELOPES:
            keep(bid.doc, envelope, lambda file: lot_of(root, file["documentOf"], file.get("relatedItem")) != lot_id)
        if "lotValues" not in bid.doc and bid.doc["status"] in STANDING:
            bid.move("invalid" if root["status"] == "active.tendering" else "invalid.pre-qualification")


def shut_bids(ctx: Ctx) -> None:
    """bids that stand are invalid; their prices are never opened"""
    for bid in ctx.whole.below("bids"):
        if bid.doc["status"] in STANDING:
            bid.move("invalid.pre-qualification")


# --- the machine

STATES = (
    State("pending", "Handed in; waits for the buyer's decision", edits=HANDS),
    State("draft", "Being prepared; gone when tendering ends", edits=HANDS),
    State("invalid", "The tender has changed since; to be confirmed", edits=HANDS, shows=NAMED),
    State("active", "The bidder takes part", edits=HANDS),
    State("unsuccessful", "The bidder takes no part", shows=REJECTED),
    State("invalid.pre-qualification", "Never opened: the buyer gave up what it is about", final=True, shows=UNOPENED),
    State("deleted", "Taken back", final=True, shows=NAMED),
)


def moves() -> Iterator[Transition]:
    """The life of a bid."""
    yield Transition(None, "pending", BROKER)
    yield Transition(None, "draft", BROKER)
    for status in ("draft", "invalid"):
        yield Transition(status, "pending", BIDDER)
    yield Transition("pending", "invalid", CASCADE)
    for status in ("pending", "draft", "invalid"):
        yield Transition(status, "deleted", CASCADE)
    for status in sorted(STANDING):
        yield Transition(status, "invalid.pre-qualification", CASCADE)
    yield from reviews()


REVIEWS = (("pending", "active"), ("pending", "unsuccessful"), ("active", "pending"), ("unsuccessful", "pending"))


def reviews() -> Iterator[Transition]:
    """What the review makes of a bid: a decision about it, or what the decisions about its offers come to."""
    for status, target in REVIEWS:
        yield Transition(status, target, CASCADE)
        yield Transition(status, target, AUTO, guards=(offers_say(target),))
    yield Transition("active", "unsuccessful", AUTO, guards=(offers_say("unsuccessful"),))


WORKFLOW = Workflow(
    "bid", STATES, tuple(moves()), deny=Refusal("Can't update bid to ({target}) status"), overrides=frozenset(), dated=False
)

REVIEWED_BID = CONFIRMED_BID.but(
    model=ReviewedBid,
    workflow=WORKFLOW,
    children=envelopes(DOCUMENT_PERIOD, own_award_considered),
    accepts=EDITABLE | SAID | {f"{kind}Documents" for kind in KINDS},
    partaking=frozenset({"active", "unsuccessful"}),  # who was rejected may complain of it
    steps=CONFIRMED_BID.steps
    | {
        ADD: Step(guards=(TENDER_PERIOD, for_active_lots, offered_status), effects=(date_offers, seal_offers)),
        UPDATE: Step(
            guards=(TENDER_PERIOD, not_deleted, only_pending, for_active_lots), effects=(redate_changed_offers, seal_offers)
        ),
    },
)
