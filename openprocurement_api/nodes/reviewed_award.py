"""Awards that a review body may undo: after a satisfied complaint all of a lot are taken back, and the best bid is considered."""

from __future__ import annotations

from ..domain.actors import ADMINS, CASCADE, OWNER
from ..domain.context import Ctx
from ..domain.node import Step
from ..domain.refusal import Refusal
from ..domain.timing import from_midnight
from ..domain.workflow import ADD, UPDATE, State, Transition, Workflow
from ..models.award import DeclaredAward
from . import award
from .award import AWARD, DECIDED, REPAIR, TAKEN_BACK, award_next, decided, only_winner, undecided
from .complaint import award_lot
from .conclusion import awards_of
from .contract import CONTRACT, conclude, lot_of_contract
from .disputes import AWARD_COMPLAINT, nothing_accepted, upheld
from .document import AUTHORED
from .fields import names

EDITABLE = award.EDITABLE | {"qualified", "eligible"}


def start_stand_still(ctx: Ctx) -> None:
    """the stand-still begins: complaintPeriod ends some days after the next midnight"""
    period = ctx.doc.setdefault("complaintPeriod", {})
    period.setdefault("startDate", ctx.stamp)
    period["endDate"] = from_midnight(ctx.now, ctx.procedure.rules.stand_still, ctx).isoformat()


def take_back_all(ctx: Ctx) -> None:
    """all other awards of the lot are cancelled too, with their contracts"""
    ids = {each["id"] for each in awards_of(ctx.root, ctx.doc.get("lotID"))} - {ctx.doc["id"]}
    for other in ctx.whole.below("awards"):
        if other.doc["id"] in ids and other.doc["status"] != "cancelled":
            other.move("cancelled")


def complaint_upheld(ctx: Ctx) -> Refusal | bool:
    """the review body satisfied a complaint about the award"""
    return upheld(ctx) or decided(ctx)


RESTART = (*TAKEN_BACK, take_back_all, award_next)

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
        Transition("active", "cancelled", OWNER, guards=(complaint_upheld,), effects=RESTART),
        Transition("active", "cancelled", OWNER, effects=(*TAKEN_BACK, award_next)),
        Transition("unsuccessful", "cancelled", OWNER, guards=(complaint_upheld,), effects=RESTART),
        *(Transition(s, "cancelled", CASCADE, effects=TAKEN_BACK) for s in ("pending", "active", "unsuccessful")),
    ),
    overrides=frozenset(),
)

UNDISTURBED = nothing_accepted(award_lot)
DOCUMENT = award.DOCUMENT.but(
    steps={verb: Step(guards=(award.LOT_OF_DOCUMENT, UNDISTURBED, *AUTHORED.step(verb).guards)) for verb in (ADD, UPDATE)}
)
REVIEWED_AWARD = AWARD.but(
    model=DeclaredAward,
    workflow=WORKFLOW,
    children=(DOCUMENT, AWARD_COMPLAINT),
    accepts=names(DeclaredAward) - {"id", "date", "status", "complaintPeriod"},
    steps=AWARD.steps | {UPDATE: Step(guards=(award.ACTIVE_LOT, UNDISTURBED, undecided))},
)

NOTHING_ACCEPTED = nothing_accepted(lot_of_contract)
(PAPERS,) = CONTRACT.children
REVIEWED_CONTRACT = CONTRACT.but(
    children=(PAPERS.but(steps={v: Step(guards=(*PAPERS.step(v).guards, NOTHING_ACCEPTED)) for v in (ADD, UPDATE)}),),
    steps=CONTRACT.steps | {UPDATE: Step(guards=(NOTHING_ACCEPTED, *CONTRACT.step(UPDATE).guards))},
)
"""Contracts that wait while the review body considers a complaint about the award."""
