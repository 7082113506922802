"""Cancellations: the buyer gives up the tender or a lot, with a reason and documents; activating one carries it out."""

from __future__ import annotations

from dataclasses import replace

from ..domain.actors import ADMINS, OWNER
from ..domain.context import Ctx
from ..domain.guards import has_lots, in_active_lot, lots, stamp
from ..domain.node import Node, Step
from ..domain.refusal import Refusal
from ..domain.workflow import ADD, UPDATE, Guard, State, Transition, Workflow
from ..models.cancellation import Cancellation, ReasonedCancellation
from .document import PLAIN

IN_VAIN = frozenset({"unsuccessful", "cancelled"})


def lot_to_cancel(ctx: Ctx) -> str | None:
    """The lot that is to be cancelled; None if it is the whole tender."""
    return ctx.doc.get("relatedLot") if ctx.doc.get("cancellationOf") == "lot" else None


def no_lot_complete(ctx: Ctx) -> Refusal | bool:
    """a tender of which a lot is complete is cancelled lot by lot, not as a whole"""
    if lot_to_cancel(ctx) or not lots(ctx.root, "complete"):
        return True
    return Refusal(f"Can't {ctx.node.word(ctx.verb)} cancellation, if there is at least one complete lot")


def not_in_vain(plural: str) -> Guard:
    """Guard factory: what is cancelled has not failed already: not all decisions of this kind are unsuccessful or cancelled."""

    def guard(ctx: Ctx) -> Refusal | bool:
        root, lot_id = ctx.root, lot_to_cancel(ctx)
        concerned = [lot["id"] for lot in lots(root)] if has_lots(root) and lot_id is None else [lot_id]
        made = ({each["status"] for each in root.get(plural, ()) if each.get("lotID") == lot} for lot in concerned)
        if any(statuses and statuses <= IN_VAIN for statuses in made):
            return Refusal(f"Can't {ctx.node.word(ctx.verb)} cancellation if all {plural} is unsuccessful")
        return True

    guard.__doc__ = f"what is cancelled has not failed already: its {plural} are not all unsuccessful or cancelled"
    return guard


something_is_left = not_in_vain("awards")


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

REASONED = dict.fromkeys((OWNER, ADMINS), frozenset({"status", "reasonType"}))
REASONED_GUARDS = (in_active_lot(lot_to_cancel, "cancellation"), something_is_left)
REASONED_CANCELLATION = CANCELLATION.but(
    model=ReasonedCancellation,
    workflow=WORKFLOW.but(states=[replace(WORKFLOW.state("pending"), edits=REASONED)]),
    accepts=CANCELLATION.accepts | {"reasonType"},
    steps={ADD: Step(guards=REASONED_GUARDS, effects=(stamp("date"),)), UPDATE: Step(guards=REASONED_GUARDS)},
)
"""Cancellations that say whether the purchase was given up or failed."""
