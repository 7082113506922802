"""Qualifications: before prices are opened the buyer says of each bid, and each lot it is about, whether it may go on."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from ..domain.actors import ADMINS, BODY, BOT, CASCADE, COMPLAINANT, OWNER, PARTICIPANT
from ..domain.context import Ctx
from ..domain.guards import author_only, has_lots, in_active_lot, lots, within
from ..domain.node import Node, Step
from ..domain.refusal import Refusal
from ..domain.timing import at, from_midnight, shifted
from ..domain.workflow import ADD, EDIT, NOTHING, UPDATE, Doc, Effect, Guard, Opens, State, Transition, Workflow
from ..models.qualification import Qualification
from .complaint import CANT as CANT_COMPLAIN
from .complaint import award_lot
from .disputes import ACTIVE_LOT, note_bid, note_lot, own_bid
from .document import AUTHORED
from .fields import defaults, names
from .review import Filing, review
from .reviewed_bid import strip_lot
from .tender import after_decisions

EDITABLE = names(Qualification) - {"id", "bidID", "lotID", "date"}
CANT = Refusal("Can't update qualification status")
OVER = Refusal("Can't update qualification in current cancelled qualification status")
SWITCH = "Can't switch to 'active.pre-qualification.stand-still'"
NOT_ALL = Refusal(f"{SWITCH} while not all bids are qualified")
DISPUTED = Refusal(f"{SWITCH} before resolve all complaints")
REVIEWED, STAND_STILL = "active.pre-qualification", "active.pre-qualification.stand-still"
PRICES_SEALED = frozenset({"active.tendering", REVIEWED, STAND_STILL, "active.auction"})


# --- what is to be reviewed


def open_reviews(ctx: Ctx) -> None:
    """every bid that stands is to be reviewed, for each active lot it is about"""
    ctx.root["qualificationPeriod"] = {"startDate": ctx.stamp}
    going_on = {lot["id"] for lot in lots(ctx.root)}
    for bid in ctx.root.get("bids", ()):
        if bid["status"] != "pending":
            continue
        if not has_lots(ctx.root):
            add_review(ctx, bid["id"], None)
        for offer in bid.get("lotValues", ()):
            if offer["relatedLot"] in going_on:
                add_review(ctx, bid["id"], offer["relatedLot"])


def add_review(ctx: Ctx, bid_id: str, lot_id: str | None) -> None:
    """Add a qualification that waits for the buyer."""
    made: Doc = defaults(Qualification) | {"id": uuid4().hex, "status": "pending", "bidID": bid_id, "date": ctx.stamp}
    ctx.root.setdefault("qualifications", []).append(made | ({"lotID": lot_id} if lot_id else {}))


def review_again(ctx: Ctx) -> None:
    """the bid waits for a new qualification"""
    add_review(ctx, ctx.doc["bidID"], ctx.doc.get("lotID"))


def let_bid_be(status: str) -> Effect:
    """Effect factory: the bid, or what it offers for the lot in question, is in this status."""

    def effect(ctx: Ctx) -> None:
        bid = next(bid for bid in ctx.whole.below("bids") if bid.doc["id"] == ctx.doc["bidID"])
        if "lotID" not in ctx.doc:
            if bid.doc["status"] != status:
                bid.move(status)
            return
        for offer in bid.doc.get("lotValues", ()):
            if offer["relatedLot"] == ctx.doc["lotID"]:
                offer["status"] = status

    effect.__doc__ = f"the bid, or what it offers for the lot, is {status}"
    return effect


def cancel_reviews(ctx: Ctx) -> None:
    """qualifications about the lot are cancelled"""
    for qualification in ctx.whole.below("qualifications"):
        if qualification.doc.get("lotID") == ctx.doc["id"] and qualification.doc["status"] != "cancelled":
            qualification.move("cancelled")


def forget_lot(ctx: Ctx) -> None:
    """while prices are sealed, the qualifications about the lot are cancelled, and what bids say about it goes"""
    if ctx.root["status"] in PRICES_SEALED:
        cancel_reviews(ctx)
        strip_lot(ctx)


def current(root: Doc) -> list[Doc]:
    """The qualifications that are about the tender, or about an active lot of it."""
    going_on = {lot["id"] for lot in lots(root)} if has_lots(root) else {None}
    return [each for each in root.get("qualifications", ()) if each.get("lotID") in going_on]


def all_reviewed(ctx: Ctx) -> Refusal | bool:
    """no bid waits for its qualification"""
    return all(each["status"] != "pending" for each in current(ctx.root)) or NOT_ALL


def reviews_undisputed(ctx: Ctx) -> Refusal | bool:
    """no complaint about a qualification waits for its end"""
    blocking = ctx.procedure.rules.disputes
    return all(c["status"] not in blocking for each in current(ctx.root) for c in each.get("complaints", ())) or DISPUTED


# --- the stand-still


def start_stand_still(ctx: Ctx) -> None:
    """the time to complain about qualifications begins: qualificationPeriod ends some days after the next midnight"""
    ctx.root["qualificationPeriod"]["endDate"] = from_midnight(ctx.now, ctx.procedure.rules.review_stand_still, ctx).isoformat()


def auction_after(ctx: Ctx) -> datetime | None:
    """the end of the stand-still, or three days after the last decision on a complaint of the review"""
    if ctx.root["status"] == "active.tendering":
        end = at("tenderPeriod.endDate")(ctx)
        return end and shifted(end, ctx.procedure.rules.before_auction, ctx)
    complaints = [c for each in ctx.root.get("qualifications", ()) for c in each.get("complaints", ())]
    return after_decisions(ctx, at("qualificationPeriod.endDate")(ctx), complaints)


def reopen_reviews(ctx: Ctx) -> None:
    """qualificationPeriod is open again"""
    ctx.root["qualificationPeriod"].pop("endDate", None)


def review_anew(ctx: Ctx) -> None:
    """the tender goes back to the review of bids"""
    if ctx.root["status"] == STAND_STILL:
        ctx.whole.move(REVIEWED)


def in_review_period(refusal: Refusal) -> Guard:
    """Guard factory: it is the time to complain about qualifications."""

    def guard(ctx: Ctx) -> Refusal | bool:
        return within(ctx.root.get("qualificationPeriod", {}), ctx) or refusal

    guard.__doc__ = "complaints about qualifications are filed in qualificationPeriod"
    return guard


# --- what the buyer may do


def only_switch(ctx: Ctx) -> Refusal | bool:
    """while bids are reviewed the buyer makes no other move than to the stand-still"""
    wish = (ctx.wish or {}).get("status", REVIEWED)
    passes = ctx.doc["status"] != REVIEWED or OWNER not in ctx.actors or wish in (REVIEWED, STAND_STILL)
    return passes or Refusal("Can't update tender status")


def unreviewed(ctx: Ctx) -> Refusal | bool:
    """what was decided is not reworded, only taken back"""
    status, wish = ctx.doc["status"], ctx.wish or {}
    if status == "cancelled":
        return OVER
    reworded = any(ctx.doc.get(name) != value for name, value in wish.items() if name in EDITABLE)
    return status == "pending" or wish.get("status") == "cancelled" or not reworded or CANT


def while_reviewed(ctx: Ctx) -> Refusal | bool:
    """documents are added while the bid is reviewed"""
    verb, status = ctx.node.word(ctx.verb), ctx.parent["status"]
    return status == "pending" or Refusal(f"Can't {verb} document in current qualification status")


DECIDED = {OWNER: NOTHING, ADMINS: NOTHING}
STATES = (
    State("pending", "The buyer reviews the bid", edits={OWNER: EDITABLE, ADMINS: EDITABLE}),
    State("active", "The bidder takes part", edits=DECIDED),
    State("unsuccessful", "The bidder takes no part", edits=DECIDED),
    State("cancelled", "The decision was taken back", final=True, edits=DECIDED),
)
WORKFLOW = Workflow(
    "qualification",
    STATES,
    (
        Transition(None, "pending", CASCADE),
        Transition("pending", "active", OWNER, effects=(let_bid_be("active"),)),
        Transition("pending", "unsuccessful", OWNER, effects=(let_bid_be("unsuccessful"),)),
        *(
            Transition(status, "cancelled", OWNER, effects=(let_bid_be("pending"), review_again))
            for status in ("pending", "active", "unsuccessful")
        ),
        *(Transition(status, "cancelled", CASCADE) for status in ("pending", "active", "unsuccessful")),
    ),
    deny=CANT,
    overrides=frozenset(),
)

DOCUMENT = AUTHORED.but(
    steps={ADD: Step(guards=(while_reviewed,)), UPDATE: Step(guards=(while_reviewed, author_only))},
)
COMPLAINT = review(
    Filing(write=(in_review_period(CANT_COMPLAIN),), claim=(own_bid("qualification"),)),
    upheld=(review_anew,),
    adding=(ACTIVE_LOT, in_review_period(Refusal("Can add complaint only in qualificationPeriod"))),
    updating=(ACTIVE_LOT,),
    documenting=(in_active_lot(award_lot, "document"),),
    noting=(note_bid, note_lot),
)

QUALIFICATION = Node(
    "qualification",
    "qualifications",
    Qualification,
    workflow=WORKFLOW,
    children=(DOCUMENT, COMPLAINT),
    steps={UPDATE: Step(guards=(unreviewed,))},
)

REVIEWING: Opens = {who: {"qualifications": UPDATE, "qualifications/documents": EDIT} for who in (OWNER, ADMINS)} | {
    BOT: {"qualifications/documents": ADD}
}
COMPLAINING: Opens = {who: {"qualifications/complaints": ADD} for who in (PARTICIPANT, ADMINS)}
HANDLING: Opens = {
    who: {"qualifications/complaints": UPDATE, "qualifications/complaints/documents": EDIT} for who in (OWNER, COMPLAINANT, BODY)
} | {ADMINS: {"qualifications/complaints": UPDATE}}
