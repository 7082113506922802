"""The first stage of a dialogue: bidders offer no prices, and enough different ones have to be left to go on with."""

from __future__ import annotations

from dataclasses import replace

from ..domain.actors import ADMINS, BIDDER, OWNER
from ..domain.context import Ctx
from ..domain.guards import has_lots
from ..domain.node import Step
from ..domain.refusal import Refusal
from ..domain.timing import shifted
from ..domain.workflow import ADD, UPDATE, Doc
from ..models.dialogue import DialogueBid, DialogueDocument
from .bid import DOCUMENT_PERIOD, TENDER_PERIOD, for_active_lots
from .confirmed_bid import EDITABLE, SAID, not_deleted, offered_status
from .envelope import ENVELOPES, envelopes
from .qualification import REVIEWED, STAND_STILL
from .reviewed_bid import REVIEWED_BID, seal_offers
from .reviewed_bid import WORKFLOW as REVIEWED_WORKFLOW
from .tender import STANDING, stands_for

PENDING, WAITING = "active.stage2.pending", "active.stage2.waiting"
FOLLOWED = frozenset({REVIEWED, PENDING, WAITING})
"""Statuses in which a wish of the buyer for another one is answered; elsewhere a status is a field that it does not edit."""
PRICED = frozenset({"value", "parameters"})
"""What a bid says only where prices are offered."""
DECISION = frozenset({"isDescriptionDecision"})


# --- how many firms there are


def firm(organization: Doc) -> tuple[str, str]:
    """The register and the number in it that stand for a firm, whatever it calls itself."""
    identifier = organization["identifier"]
    return identifier["scheme"], str(identifier["id"])


def bidders_for(root: Doc, lot_id: str | None) -> int:
    """How many different firms have a standing bid for a lot, or for the whole tender."""
    standing = [bid for bid in root.get("bids", ()) if bid["status"] in STANDING]
    if lot_id is not None:
        standing = [bid for bid in standing if any(stands_for(offer, lot_id) for offer in bid.get("lotValues", ()))]
    return len({firm(tenderer) for bid in standing for tenderer in bid["tenderers"]})


def too_few_bidders(ctx: Ctx) -> bool:
    """fewer different bidders than the law asks for are left of a tender without lots"""
    return not has_lots(ctx.root) and bidders_for(ctx.root, None) < ctx.procedure.rules.least_bids


def close_lots_of_few(ctx: Ctx) -> None:
    """lots for which fewer different bidders are left than the law asks for are unsuccessful"""
    for lot in ctx.whole.below("lots"):
        if lot.doc["status"] == "active" and bidders_for(ctx.root, lot.doc["id"]) < ctx.procedure.rules.least_bids:
            lot.move("unsuccessful")


def start_plain_stand_still(ctx: Ctx) -> None:
    """the time to complain about qualifications begins: qualificationPeriod ends some days after now"""
    ctx.root["qualificationPeriod"]["endDate"] = shifted(ctx.now, ctx.procedure.rules.review_stand_still, ctx).isoformat()


# --- what the buyer and the bidders may do


def only_stages(ctx: Ctx) -> Refusal | bool:
    """once bids are reviewed the buyer makes no other moves than to the stand-still and to the second stage"""
    status = ctx.doc["status"]
    wish = (ctx.wish or {}).get("status", status)
    passes = OWNER not in ctx.actors or status not in FOLLOWED or wish in (status, STAND_STILL, WAITING)
    return (passes and not (status == REVIEWED and wish == WAITING)) or Refusal("Can't update tender status")


def not_being_opened(ctx: Ctx) -> Refusal | bool:
    """nothing is cancelled while the second stage, which has its id already, is being opened"""
    status = ctx.root["status"]
    if status != WAITING or "stage2TenderID" not in ctx.root:
        return True
    return Refusal(f"Can't {ctx.node.word(ctx.verb)} cancellation in current ({status}) tender status")


def pending_or_draft(ctx: Ctx) -> Refusal | bool:
    """a bidder hands its bid in, or goes on preparing it, and says which with each change"""
    status = (ctx.wish or {}).get("status", ctx.doc["status"])
    if BIDDER not in ctx.actors or status in ("pending", "draft"):
        return True
    return Refusal(f"Can't update bid to ({status}) status", "bid")


def drop_prices(ctx: Ctx) -> None:
    """prices have no place in the first stage"""
    for offer in ctx.doc.get("lotValues", ()):
        offer.pop("value", None)


def date_new_offers(ctx: Ctx) -> None:
    """an offer is dated when it was made"""
    dated = {offer["relatedLot"]: offer["date"] for offer in (ctx.before or {}).get("lotValues", ())}
    for offer in ctx.doc.get("lotValues", ()):
        offer["date"] = dated.get(offer["relatedLot"], ctx.stamp)
    if ctx.before is None:
        ctx.doc["date"] = ctx.stamp


# --- the bid

PLAIN = REVIEWED_WORKFLOW.but(
    states=[
        replace(state, edits={who: fields - PRICED for who, fields in state.edits.items()}) for state in REVIEWED_WORKFLOW.states
    ]
)
_DOCUMENTS, *_ = envelopes(DOCUMENT_PERIOD)
DOCUMENTS = _DOCUMENTS.but(
    model=DialogueDocument,
    accepts=_DOCUMENTS.accepts | DECISION,
    edits={who: fields | DECISION for who, fields in _DOCUMENTS.edits.items() if who in (BIDDER, ADMINS)},
)

DIALOGUE_BID = REVIEWED_BID.but(
    model=DialogueBid,
    workflow=PLAIN,
    children=(DOCUMENTS,),
    accepts=(EDITABLE | SAID) - PRICED,
    ignores=frozenset(ENVELOPES) - {DOCUMENTS.field},
    steps=REVIEWED_BID.steps
    | {
        ADD: Step(guards=(TENDER_PERIOD, for_active_lots, offered_status), effects=(drop_prices, date_new_offers, seal_offers)),
        UPDATE: Step(
            guards=(TENDER_PERIOD, not_deleted, pending_or_draft, for_active_lots),
            effects=(drop_prices, date_new_offers, seal_offers),
        ),
    },
)
