"""Where awarding stands: whether an award waits for the buyer's decision, and since when none does."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain.context import Ctx
from ..domain.guards import has_lots, lots
from ..domain.workflow import Doc
from .conclusion import awards_of


def award_pending(ctx: Ctx) -> bool:
    """an award waits for the buyer's decision"""
    return any(given and given[-1]["status"] == "pending" for given in current_awards(ctx.root))


def nothing_pending(ctx: Ctx) -> bool:
    """awards are given, and none waits for the buyer's decision"""
    return bool(ctx.root.get("awards")) and not award_pending(ctx)


def current_awards(root: Doc) -> Iterator[list[Doc]]:
    """The awards of each active lot, or of the tender."""
    for lot_id in [lot["id"] for lot in lots(root)] if has_lots(root) else [None]:
        yield awards_of(root, lot_id)


def end_award_period(ctx: Ctx) -> None:
    """awardPeriod ends now"""
    ctx.root.setdefault("awardPeriod", {})["endDate"] = ctx.stamp


def reopen_award_period(ctx: Ctx) -> None:
    """awardPeriod is open again"""
    ctx.root.get("awardPeriod", {}).pop("endDate", None)
