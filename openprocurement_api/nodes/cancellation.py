"""Cancellations: the buyer gives up the tender or a lot, with a reason and documents; activating one carries it out."""

from __future__ import annotations

from ..domain.actors import ADMINS, OWNER
from ..domain.context import Ctx
from ..domain.guards import in_active_lot, lots, stamp
from ..domain.procedure import Node, Step
from ..domain.refusal import Refusal
from ..domain.workflow import ADD, UPDATE, State, Transition, Workflow
from ..models.cancellation import Cancellation
from .document import PLAIN


def lot_to_cancel(ctx: Ctx) -> str | None:
    """The lot that is to be cancelled; None if it is the whole tender."""
    return ctx.doc.get("relatedLot") if ctx.doc.get("cancellationOf") == "lot" else None


def no_lot_complete(ctx: Ctx) -> Refusal | bool:
    """a tender of which a lot is complete is cancelled lot by lot, not as a whole"""
    if lot_to_cancel(ctx) or not lots(ctx.root, "complete"):
        return True
    return Refusal(f"Can't {ctx.node.word(ctx.verb)} cancellation, if there is at least one complete lot")


def carry_out(ctx: Ctx) -> None:
    """the tender, or the lot, is cancelled"""
    lot_id = lot_to_cancel(ctx)
    if lot_id is None:
        ctx.whole.move("cancelled")
        return
    for lot in ctx.whole.below("lots"):
        if lot.doc["id"] == lot_id:
            lot.move("cancelled")


GUARDS = (in_active_lot(lot_to_cancel, "cancellation"), no_lot_complete)

WORKFLOW = Workflow(
    "cancellation",
    (
        State("pending", "Being prepared", edits={OWNER: frozenset({"status"}), ADMINS: frozenset({"status"})}),
        State("active", "Carried out", final=True),
    ),
    (
        Transition(None, "pending", OWNER),
        Transition(None, "active", OWNER, effects=(carry_out,)),
        Transition("pending", "active", OWNER, effects=(carry_out,)),
    ),
    overrides=frozenset(),
)

CANCELLATION = Node(
    "cancellation",
    "cancellations",
    Cancellation,
    workflow=WORKFLOW,
    children=(PLAIN,),
    accepts=frozenset({"reason", "reason_en", "reason_ru", "status", "cancellationOf", "relatedLot"}),
    steps={ADD: Step(guards=GUARDS, effects=(stamp("date"),)), UPDATE: Step(guards=GUARDS)},
)
