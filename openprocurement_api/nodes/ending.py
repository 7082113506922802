"""How lots, and tenders without them, end: with a signed contract, without a winner; and how a tender ends with its lots."""

from __future__ import annotations

from datetime import datetime

from ..domain.context import Ctx
from ..domain.guards import has_lots
from ..domain.workflow import Guard
from . import conclusion
from .complaint import while_the_tender_lasts
from .conclusion import awards_of, last_stand_still, won


def its_lot(ctx: Ctx) -> str | None:
    """The lot in question; None for the tender."""
    return ctx.doc["id"] if ctx.node.name == "lot" else None


@while_the_tender_lasts
def stand_still_ends(ctx: Ctx) -> datetime | None:
    """the end of the last stand-still of the lot, or of the tender"""
    return last_stand_still(ctx.root, its_lot(ctx))


def last_award_failed(ctx: Ctx) -> bool:
    """the last award is unsuccessful, and none is active"""
    given = awards_of(ctx.root, its_lot(ctx))
    return bool(given) and given[-1]["status"] == "unsuccessful" and not won(given)


def contract_signed(ctx: Ctx) -> bool:
    """the contract of the active award is signed"""
    winners = [award["id"] for award in won(awards_of(ctx.root, its_lot(ctx)))]
    return any(c["status"] == "active" and c["awardID"] in winners for c in ctx.root.get("contracts", ()))


def undivided(ctx: Ctx) -> bool:
    """the tender has no lots"""
    return not has_lots(ctx.root)


def lots_all(*statuses: str, some: str) -> Guard:
    """Guard factory: every lot is in one of these statuses, and one of them in `some`."""
    allowed = {*statuses, some}

    def guard(ctx: Ctx) -> bool:
        found = {lot["status"] for lot in ctx.root.get("lots", ())}
        return bool(found) and found <= allowed and some in found

    guard.__doc__ = f"all lots are {' or '.join(sorted(allowed))}, one of them {some}"
    return guard


stand_still_over, undisputed = conclusion.stand_still_over(its_lot), conclusion.undisputed(its_lot)
