"""What may be complained of where the law has a review body: the tender while bids are made, awards in their stand-still.

Durations are fields of the procedure's rules: `claims_end` and `complaints_end` (before the end of tendering), `disputes` and
`tender_disputes` (statuses with which no contract is signed, no bids are opened).
"""

from __future__ import annotations

from ..domain.actors import ADMINS
from ..domain.context import Ctx
from ..domain.guards import LotOf, in_active_lot, lot_of, lots, within
from ..domain.node import Node
from ..domain.refusal import FORBIDDEN, Refusal
from ..domain.timing import at, shifted
from ..domain.workflow import Doc, Guard
from .complaint import CANT, award_lot, in_complaint_period, of_award, tender_or_lot_over
from .conclusion import awards_of, won
from .question import before_clarifications_end
from .review import Filing, review

PREPARED = frozenset({"draft", "active.tendering"})


# --- about the tender


def while_tendering(ctx: Ctx) -> Refusal | bool:
    """bids may still be made"""
    return ctx.root["status"] == "active.tendering" or CANT


def claim_in_time(ctx: Ctx) -> Refusal | bool:
    """claims are filed some time before the end of tendering"""
    days, end = ctx.procedure.rules.claims_end, at("tenderPeriod.endDate")(ctx)
    if end is None or ctx.now <= shifted(end, -days, ctx):
        return True
    return Refusal(f"Can submit claim not later than {days.count} days before tenderPeriod end")


def complaint_in_time(ctx: Ctx) -> Refusal | bool:
    """complaints are filed in the tender's complaintPeriod"""
    end = at("complaintPeriod.endDate")(ctx)
    if end is None or ctx.now <= end:
        return True
    return Refusal(f"Can submit complaint not later than {ctx.procedure.rules.complaints_end.count} days before tenderPeriod end")


def tendering_over(ctx: Ctx) -> bool:
    """bids are no longer made, or the lot concerned has ended"""
    return ctx.root["status"] not in PREPARED or tender_or_lot_over(ctx)


TENDER_FILING = Filing(
    write=(while_tendering,),
    claim=(claim_in_time,),
    complain=(complaint_in_time,),
    answer=(before_clarifications_end("claim"),),
    over=tendering_over,
)
TENDER_COMPLAINT = review(TENDER_FILING)


# --- about an award, or another decision on a bid


def still_complained(ctx: Ctx) -> Refusal | bool:
    """the award is open to complaints"""
    return within((of_award(ctx) or {}).get("complaintPeriod", {}), ctx) or CANT


def award_given(ctx: Ctx) -> Refusal | bool:
    """complaints are filed once a winner is confirmed"""
    given = won(awards_of(ctx.root, award_lot(ctx)))
    return bool(given) or Refusal("Complaint submission is allowed only after award activation.")


def own_bid(kind: str) -> Guard:
    """Guard factory: who claims that a rejection was wrong is the one who was rejected."""

    def guard(ctx: Ctx) -> Refusal | bool:
        decision = of_award(ctx) or {}
        rejected = decision.get("bid_id") or decision.get("bidID")
        if decision.get("status") != "unsuccessful" or ctx.doc.get("bid_id") == rejected or ADMINS in ctx.actors:
            return True
        return Refusal(f"Can add claim only on unsuccessful {kind} of your bid")

    guard.__doc__ = f"a claim about an unsuccessful {kind} is made by that bidder"
    return guard


def not_rejected(ctx: Ctx) -> Refusal | bool:
    """who complains about an award holds a bid that passed the review of bids"""
    rejected = {bid["id"] for bid in ctx.root.get("bids", ()) if bid["status"] == "unsuccessful"}
    return not ctx.held or not ctx.held <= rejected or FORBIDDEN


def note_bid(ctx: Ctx) -> None:
    """the bid of who complains is remembered, if it can be the one that was decided on"""
    decision = of_award(ctx) or {}
    decided = str(decision.get("bid_id") or decision.get("bidID"))
    if ctx.held:
        ctx.doc["bid_id"] = decided if decided in ctx.held else min(ctx.held)


def note_lot(ctx: Ctx) -> None:
    """relatedLot is the lot of what is complained of"""
    lot_id = award_lot(ctx)
    if lot_id:
        ctx.doc["relatedLot"] = lot_id
    else:
        ctx.doc.pop("relatedLot", None)


AWARD_FILING = Filing(write=(still_complained,), claim=(own_bid("award"),), complain=(award_given,))
ACTIVE_LOT = in_active_lot(award_lot, "complaint")


def award_review(filing: Filing = AWARD_FILING, *, claims: bool = True) -> Node:
    """Complaints about awards: in their complaintPeriod, about active lots."""
    return review(
        filing,
        claims=claims,
        adding=(not_rejected, ACTIVE_LOT, in_complaint_period),
        updating=(ACTIVE_LOT,),
        documenting=(in_active_lot(award_lot, "document"),),
        noting=(note_bid, note_lot),
    )


AWARD_COMPLAINT = award_review()


# --- what they stand in the way of


def nothing_accepted(which: LotOf) -> Guard:
    """Guard factory: the review body considers no complaint about an award of the lot."""

    def guard(ctx: Ctx) -> Refusal | bool:
        awards = awards_of(ctx.root, which(ctx))
        if not any(c["status"] == "accepted" for award in awards for c in award.get("complaints", ())):
            return True
        return Refusal(f"Can't {ctx.node.word(ctx.verb)} {ctx.node.name} with accepted complaint")

    guard.__doc__ = "the review body considers no complaint about the lot's awards"
    return guard


def upheld(ctx: Ctx) -> bool:
    """the review body satisfied a complaint about the award"""
    return any(complaint["status"] == "satisfied" for complaint in ctx.doc.get("complaints", ()))


def questions_answered(ctx: Ctx) -> bool:
    """every question about the tender, or about what goes on of it, is answered"""
    concerned = (lot_of(ctx.root, q["questionOf"], q.get("relatedItem")) for q in unanswered(ctx.root))
    return not any(goes_on(ctx.root, lot_id) for lot_id in concerned)


def unanswered(root: Doc) -> list[Doc]:
    """The questions without an answer."""
    return [question for question in root.get("questions", ()) if not question.get("answer")]


def complaints_settled(ctx: Ctx) -> bool:
    """no claim or complaint about the tender, or about what goes on of it, stands in the way"""
    blocking = ctx.procedure.rules.tender_disputes
    open_ = [c for c in ctx.root.get("complaints", ()) if c["status"] in blocking]
    return not any(goes_on(ctx.root, complaint.get("relatedLot")) for complaint in open_)


def goes_on(root: Doc, lot_id: str | None) -> bool:
    """Whether the lot is active; what is about no lot is about the whole tender."""
    return lot_id is None or any(lot["id"] == lot_id for lot in lots(root))
