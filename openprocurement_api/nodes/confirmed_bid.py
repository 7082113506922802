"""Bids that stay: taken back they are kept without a trace of what they said, and confirmed anew when the tender changes."""

from __future__ import annotations

from ..domain.actors import ADMINS, BIDDER, CASCADE
from ..domain.context import Ctx
from ..domain.node import Step
from ..domain.refusal import Refusal
from ..domain.workflow import ADD, DELETE, EDIT, UPDATE, State, Transition, Workflow
from ..models.bid import ConfirmedBid
from .bid import BID, DOCUMENT_PERIOD, FIELDS, HOLDER, TENDER_PERIOD, date_offers, for_active_lots, redate_changed_offers
from .bid import WORKFLOW as SIMPLE
from .document import DOCUMENT

SAID = frozenset({"selfQualified", "selfEligible"})
"""What a bidder declares once, when it bids."""
EDITABLE = FIELDS | {"subcontractingDetails"}
HANDS = HOLDER | {BIDDER: EDITABLE, ADMINS: EDITABLE}
NAMED = frozenset({"id", "status"})
"""All that is shown of a bid that does not stand, to its holder too."""
DOCUMENTED = {who: {"documents": EDIT} for who in (BIDDER, ADMINS)}
CONSIDERED = frozenset({"pending", "active"})
"""Statuses of an award that is open to the bidder's documents."""


def offered_status(ctx: Ctx) -> Refusal | bool:
    """a bid begins in a status in which bids may begin"""
    starts = sorted((t.target for t in ctx.node.flow.exits(None)), key=lambda name: name != "draft")
    wish = (ctx.wish or {}).get("status")
    return wish is None or wish in starts or Refusal(f"Bid can be added only with status: {starts}.")


def not_deleted(ctx: Ctx) -> Refusal | bool:
    """a bid that was taken back is not changed any more"""
    status = ctx.doc["status"]
    return status != "deleted" or Refusal(f"Can't update bid in ({status}) status")


def own_award_considered(ctx: Ctx) -> Refusal | bool:
    """after bids are opened, a bidder adds documents while its award is considered or has won"""
    bid = ctx.chain[1][1]["id"]
    awards = (a for a in ctx.root.get("awards", ()) if a.get("bid_id") == bid)
    if ctx.root["status"] == "active.tendering" or any(a["status"] in CONSIDERED for a in awards):
        return True
    return Refusal(f"Can't {ctx.node.word(ctx.verb)} document because award of bid is not in pending or active state")


WORKFLOW = Workflow(
    "bid",
    (
        State("active", "The bid stands", edits=HANDS, opens=DOCUMENTED),
        State("draft", "Being prepared; gone when tendering ends", edits=HANDS, opens=DOCUMENTED),
        State("invalid", "The tender has changed since; to be confirmed", edits=HANDS, opens=DOCUMENTED, shows=NAMED),
        State("deleted", "Taken back", final=True, shows=NAMED),
    ),
    (
        *SIMPLE.transitions,
        Transition("invalid", "active", BIDDER),
        Transition("active", "invalid", CASCADE),
        *(Transition(status, "deleted", CASCADE) for status in ("active", "draft", "invalid")),
    ),
    deny=SIMPLE.deny,
    overrides=frozenset(),
    dated=False,
)

DOCUMENTS = DOCUMENT.but(steps={verb: Step(guards=(DOCUMENT_PERIOD, own_award_considered)) for verb in (ADD, UPDATE)})

CONFIRMED_BID = BID.but(
    model=ConfirmedBid,
    workflow=WORKFLOW,
    children=(DOCUMENTS,),
    accepts=EDITABLE | SAID,
    steps={
        ADD: Step(guards=(TENDER_PERIOD, for_active_lots, offered_status), effects=(date_offers,)),
        UPDATE: Step(guards=(TENDER_PERIOD, not_deleted, for_active_lots), effects=(redate_changed_offers,)),
        DELETE: Step(guards=(TENDER_PERIOD,)),
    },
    deleted="deleted",
)
