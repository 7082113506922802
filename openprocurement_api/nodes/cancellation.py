"""Cancellations: the buyer gives up the tender or a lot, with a reason and documents; activating one carries it out."""

from __future__ import annotations

from ..domain.actors import ADMINS, OWNER
from ..domain.context import Ctx
from ..domain.guards import in_active_lot, stamp
from ..domain.procedure import Node, Step
from ..domain.workflow import ADD, UPDATE, Effect, State, Transition, Workflow
from ..models.cancellation import Cancellation
from .document import PLAIN


def lot_to_cancel(ctx: Ctx) -> str | None:
    """The lot that is to be cancelled; None if it is the whole tender."""
    return ctx.doc.get("relatedLot") if ctx.doc.get("cancellationOf") == "lot" else None


def carry_out(ctx: Ctx) -> None:
    """the tender, or the lot, is cancelled"""
    lot_id = lot_to_cancel(ctx)
    if lot_id is None:
        ctx.whole.move("cancelled")
        return
    for lot in ctx.whole.below("lots"):
        if lot.doc["id"] == lot_id:
            lot.move("cancelled")


ACTIVE_LOT = in_active_lot(lot_to_cancel, "cancellation")
EFFECTS: tuple[Effect, ...] = (carry_out,)

WORKFLOW = Workflow(
    "cancellation",
    (
        State("pending", "Being prepared", edits={OWNER: frozenset({"status"}), ADMINS: frozenset({"status"})}),
        State("active", "Carried out", final=True),
    ),
    (
        Transition(None, "pending", OWNER),
        Transition(None, "active", OWNER, effects=EFFECTS),
        Transition("pending", "active", OWNER, effects=EFFECTS),
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
    steps={ADD: Step(guards=(ACTIVE_LOT,), effects=(stamp("date"),)), UPDATE: Step(guards=(ACTIVE_LOT,))},
)
