"""Awards: the best bid is considered; the buyer confirms or rejects it, then the next one is considered."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from ..domain.actors import ADMINISTRATOR, ADMINS, CASCADE, OWNER
from ..domain.context import Ctx
from ..domain.guards import has_lots, in_active_lot, lot_of, stamp
from ..domain.node import Node, Step
from ..domain.ranking import Offer, rank
from ..domain.refusal import Refusal
from ..domain.timing import moment, working_days_later
from ..domain.workflow import ADD, NOTHING, UPDATE, Doc, State, Transition, Workflow
from ..models.award import Award
from .bid import amount
from .complaint import AWARD_COMPLAINT, award_lot, cancel_with_award
from .conclusion import awards_of, won
from .contract import conclude
from .document import AUTHORED
from .fields import defaults, names

EDITABLE = frozenset({"status", "title", "title_en", "title_ru", "description", "description_en", "description_ru"})
COMPLAINED = frozenset({"claim", "answered", "pending", "resolved"})


# --- who is considered next


def award_next(ctx: Ctx) -> None:
    """the best bid that was not rejected is considered, for each lot that has no award under consideration"""
    root = ctx.whole
    ctx.root.setdefault("awardPeriod", {}).setdefault("startDate", ctx.stamp)
    if not has_lots(ctx.root):
        consider(root, None)
    for lot in root.below("lots"):
        if lot.doc["status"] == "active" and not consider(root, lot.doc["id"]) and not awards_of(ctx.root, lot.doc["id"]):
            lot.move("unsuccessful")


def consider(root: Ctx, lot_id: str | None) -> bool:
    """Add an award for the best bid that is left, unless one stands; False if no bid is left."""
    given = awards_of(root.root, lot_id)
    if given and (given[-1]["status"] == "pending" or won(given)):
        return True
    rejected = {a["bid_id"] for a in given if a["status"] == "unsuccessful"}
    criterion = root.procedure.criterion
    offers = {o.id: o for o in offers_for(root.root, lot_id, criterion.field) if o.id not in rejected}
    ranked = rank(offers.values(), features_of(root.root, lot_id), highest=criterion.highest)
    if not ranked:
        return False
    bid = next(b for b in root.root["bids"] if b["id"] == ranked[0].id)
    root.root.setdefault("awards", []).append(new_award(root, bid, lot_id))
    return True


def new_award(ctx: Ctx, bid: Doc, lot_id: str | None) -> Doc:
    """An award that considers one bid."""
    model = ctx.node.collection("awards").model
    award: Doc = defaults(model) | {
        "id": uuid4().hex,
        "status": "pending",
        "date": ctx.stamp,
        "bid_id": bid["id"],
        "suppliers": bid["tenderers"],
        "value": offer_of(bid, lot_id)["value"],
        "complaintPeriod": {"startDate": ctx.stamp},
    }
    return award | ({"lotID": lot_id} if lot_id else {})


def offer_of(bid: Doc, lot_id: str | None) -> Doc:
    """What a bid offers for a lot, or for the whole tender; empty if it does not bid for that lot."""
    if lot_id is None:
        return bid
    return next((offer for offer in bid.get("lotValues", ()) if offer["relatedLot"] == lot_id), {})


def offers_for(root: Doc, lot_id: str | None, field: str) -> list[Offer]:
    """The standing bids for a lot, or for the whole tender, as ranking sees them; `field` of their values decides."""
    found = [(bid, offer_of(bid, lot_id)) for bid in root.get("bids", ()) if bid["status"] == "active"]
    pairs = [(bid, offer) for bid, offer in found if offer.get("status", "active") == "active"]
    return [
        Offer(bid["id"], offer["value"][field], date_of(offer, bid), bid.get("parameters", ()))
        for bid, offer in pairs
        if amount(offer) is not None
    ]


def date_of(offer: Doc, bid: Doc) -> Any:
    """When the offer was made."""
    return moment(offer.get("date") or bid["date"])


def features_of(root: Doc, lot_id: str | None) -> list[Doc]:
    """The features that count for a lot: of the tenderer, of the lot and of its items; all of them without lots."""
    features = root.get("features", ())
    if lot_id is None:
        return list(features)
    return [f for f in features if f["featureOf"] == "tenderer" or lot_of(root, f["featureOf"], f.get("relatedItem")) == lot_id]


# --- what the buyer decides


def only_winner(ctx: Ctx) -> Refusal | bool:
    """no other award of the lot, or of the tender, is active"""
    others = won(awards_of(ctx.root, ctx.doc.get("lotID")))
    return not others or Refusal("Can't activate award while another one is active")


def start_stand_still(ctx: Ctx) -> None:
    """the stand-still begins: complaintPeriod ends some working days from now"""
    period = ctx.doc.setdefault("complaintPeriod", {})
    period.setdefault("startDate", ctx.stamp)
    period["endDate"] = working_days_later(ctx.now, ctx.procedure.rules.stand_still_working_days, ctx).isoformat()


def end_stand_still(ctx: Ctx) -> None:
    """complaintPeriod ends now, if it was to end later"""
    period = ctx.doc.setdefault("complaintPeriod", {})
    end = moment(period.get("endDate"))
    if end is None or end > ctx.now:
        period["endDate"] = ctx.stamp


def cancel_contract(ctx: Ctx) -> None:
    """its contract is cancelled"""
    for contract in ctx.whole.below("contracts"):
        if contract.doc["awardID"] == ctx.doc["id"] and contract.doc["status"] != "cancelled":
            contract.move("cancelled")


def cancel_later_awards(ctx: Ctx) -> None:
    """all later awards of the lot are cancelled too, with their claims and contracts"""
    after = False
    for award in ctx.whole.below("awards"):
        if after and award.doc.get("lotID") == ctx.doc.get("lotID") and award.doc["status"] != "cancelled":
            cancel_with_award(award)
            award.move("cancelled")
        after = after or award.doc["id"] == ctx.doc["id"]


def take_back_awards(ctx: Ctx) -> None:
    """awards that stand are cancelled, with their contracts; what was said about them ends with the tender or the lot"""
    lot_id = ctx.doc["id"] if ctx.node.name == "lot" else None
    for award in ctx.whole.below("awards"):
        if award.doc["status"] in ("pending", "active") and lot_id in (None, award.doc.get("lotID")):
            award.move("cancelled")


def complained_of(ctx: Ctx) -> Refusal | bool:
    """somebody filed a claim about the award"""
    return any(c["status"] in COMPLAINED for c in ctx.doc.get("complaints", ())) or decided(ctx)


def undecided(ctx: Ctx) -> Refusal | bool:
    """a decision that was made is not reworded, only taken back; an administrator may repair its complaintPeriod"""
    status, wish = ctx.doc["status"], ctx.wish or {}
    moves = wish.get("status", status) != status
    wording = ctx.node.flow.state("pending").edits[OWNER]
    reworded = any(ctx.doc.get(name) != value for name, value in wish.items() if name in wording)
    return status == "pending" or moves or not reworded or ADMINISTRATOR in ctx.actors or decided(ctx)


def decided(ctx: Ctx) -> Refusal:
    """The answer to a change that comes too late."""
    return Refusal(f"Can't update award in current ({ctx.doc['status']}) status")


TAKEN_BACK = (end_stand_still, cancel_contract)
REPAIR = {ADMINISTRATOR: frozenset({"complaintPeriod"})}
DECIDED = {OWNER: NOTHING, ADMINS: NOTHING} | REPAIR

WORKFLOW = Workflow(
    "award",
    (
        State("pending", "The buyer considers the bid", edits={OWNER: EDITABLE, ADMINS: EDITABLE} | REPAIR),
        State("active", "The bid has won", edits=DECIDED),
        State("unsuccessful", "The bid was rejected", edits=DECIDED),
        State("cancelled", "The decision was taken back", final=True, edits=REPAIR),
    ),
    (
        Transition(None, "pending", ADMINS),
        Transition("pending", "active", OWNER, guards=(only_winner,), effects=(start_stand_still, conclude)),
        Transition("pending", "unsuccessful", OWNER, effects=(start_stand_still, award_next)),
        Transition("active", "cancelled", OWNER, effects=(*TAKEN_BACK, cancel_with_award, award_next)),
        Transition(
            "unsuccessful",
            "cancelled",
            OWNER,
            guards=(complained_of,),
            effects=(*TAKEN_BACK, cancel_with_award, cancel_later_awards, award_next),
        ),
        *(Transition(s, "cancelled", CASCADE, effects=TAKEN_BACK) for s in ("pending", "active", "unsuccessful")),
    ),
    overrides=frozenset(),
)


def open_complaint_period(ctx: Ctx) -> None:
    """complaintPeriod begins now"""
    ctx.doc["complaintPeriod"] = {"startDate": ctx.stamp}


ACTIVE_LOT = in_active_lot(award_lot, "award")
LOT_OF_DOCUMENT = in_active_lot(award_lot, "document")
DOCUMENT = AUTHORED.but(steps={verb: Step(guards=(LOT_OF_DOCUMENT, *AUTHORED.step(verb).guards)) for verb in (ADD, UPDATE)})

AWARD = Node(
    "award",
    "awards",
    Award,
    workflow=WORKFLOW,
    children=(DOCUMENT, AWARD_COMPLAINT),
    accepts=names(Award) - {"id", "date", "status", "complaintPeriod"},
    steps={
        ADD: Step(guards=(ACTIVE_LOT,), effects=(stamp("date"), open_complaint_period)),
        UPDATE: Step(guards=(ACTIVE_LOT, undecided)),
    },
    words={ADD: "create"},
)
