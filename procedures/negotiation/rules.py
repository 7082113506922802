"""Durations of the negotiation, and the guards and effects that belong to it and to its quick form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openprocurement_api.domain.context import Ctx
from openprocurement_api.domain.guards import LotOf
from openprocurement_api.domain.refusal import Refusal
from openprocurement_api.domain.timing import Days
from openprocurement_api.domain.workflow import Doc, Guard
from openprocurement_api.nodes.conclusion import stand_still_over, undisputed
from openprocurement_api.nodes.direct_award import under_way
from openprocurement_api.nodes.ending import its_lot, last_award_failed


@dataclass(frozen=True)
class Rules:
    """What the law, or a country's profile, may change.

    stand_still: from the midnight after a decision on an award. disputes: statuses of complaints with which nothing is signed.
    """

    stand_still: Days = Days(10)
    disputes: frozenset[str] = frozenset({"pending", "accepted", "satisfied", "stopping"})


# --- lots


def no_award_yet(ctx: Ctx) -> Refusal | bool:
    """no award has been given"""
    return not ctx.root.get("awards") or Refusal(f"Can't {ctx.node.word(ctx.verb)} lot when you have awards")


def cancellations_of(root: Doc, lot_id: str | None) -> Iterator[Doc]:
    """The cancellations of a lot, carried out or not."""
    return (c for c in root.get("cancellations", ()) if lot_id is not None and c.get("relatedLot") == lot_id)


def not_being_cancelled(ctx: Ctx) -> Refusal | bool:
    """no cancellation of the lot is being prepared"""
    waits = any(c["status"] == "pending" for c in cancellations_of(ctx.root, ctx.doc["id"]))
    return not waits or Refusal("Can't update lot when it has 'pending' cancellation.")


def no_cancellation(which: LotOf, thing: str) -> Guard:
    """Guard factory: nobody has begun to cancel the lot concerned."""

    def guard(ctx: Ctx) -> Refusal | bool:
        if not any(cancellations_of(ctx.root, which(ctx))):
            return True
        return Refusal(f"Can't {ctx.node.word(ctx.verb)} {thing} while cancellation for corresponding lot exists")

    guard.__doc__ = f"nobody has begun to cancel the {thing}'s lot"
    return guard


# --- awards


def lot_free(ctx: Ctx) -> Refusal | bool:
    """an award that is moved to another lot finds no award there that is considered or has won"""
    lot_id = ctx.doc.get("lotID")
    moved = lot_id != (ctx.before or {}).get("lotID")
    return not (moved and under_way(ctx.root, lot_id)) or Refusal("Another award is already using this lotID.", "lotID")


def qualified(ctx: Ctx) -> Refusal | bool:
    """the buyer says that the supplier is qualified"""
    return bool(ctx.doc.get("qualified")) or Refusal("Can't update award to active status with not qualified")


# --- the end


def close_failed_lots(ctx: Ctx) -> None:
    """lots whose last award was dropped are unsuccessful, if their stand-still is over and nobody complains"""
    for lot in ctx.whole.below("lots"):
        if lot.doc["status"] == "active" and all(holds(lot) for holds in FAILED):
            lot.move("unsuccessful")


FAILED: tuple[Guard, ...] = (last_award_failed, stand_still_over(its_lot), undisputed(its_lot))
