"""What must be over before a lot, or a tender without lots, is concluded: the stand-still of its awards, the claims about it."""

from __future__ import annotations

from datetime import datetime

from ..domain.context import Ctx
from ..domain.guards import LotOf, latest
from ..domain.refusal import Refusal
from ..domain.timing import moment
from ..domain.workflow import Doc, Guard


def awards_of(root: Doc, lot_id: str | None) -> list[Doc]:
    """The awards of one lot, in the order they were given; of the tender if there are no lots."""
    return [a for a in root.get("awards", ()) if a.get("lotID") == lot_id]


def won(given: list[Doc]) -> list[Doc]:
    """Those of some awards that the buyer confirmed."""
    return [a for a in given if a["status"] == "active"]


def last_stand_still(root: Doc, lot_id: str | None) -> datetime | None:
    """The end of the last stand-still of a lot, or of a tender without lots."""
    return moment(latest(a.get("complaintPeriod", {}).get("endDate") for a in awards_of(root, lot_id)))


def claims_about(root: Doc, lot_id: str | None) -> list[Doc]:
    """The claims about the tender, about this lot of it, and about its awards."""
    of_awards = [c for a in awards_of(root, lot_id) for c in a.get("complaints", ())]
    return [c for c in root.get("complaints", ()) if c.get("relatedLot") in (None, lot_id)] + of_awards


def stand_still_over(which: LotOf) -> Guard:
    """Guard factory: the last stand-still is over; at its very end a claim may still be filed, so it is not over then."""

    def guard(ctx: Ctx) -> Refusal | bool:
        end = last_stand_still(ctx.root, which(ctx))
        if end is None or end < ctx.now:
            return True
        return Refusal(f"Can't sign contract before stand-still period end ({end.isoformat()})")

    guard.__doc__ = "the stand-still of the lot, or of the tender, is over"
    return guard


def undisputed(which: LotOf) -> Guard:
    """Guard factory: no claim stands in the way."""

    def guard(ctx: Ctx) -> Refusal | bool:
        if any(claim["status"] in ctx.procedure.rules.disputes for claim in claims_about(ctx.root, which(ctx))):
            return Refusal("Can't sign contract before reviewing all complaints")
        return True

    guard.__doc__ = "no claim about the tender, the lot or its awards waits for its end"
    return guard
