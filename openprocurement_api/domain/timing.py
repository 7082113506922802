"""Moments: functions of a context that say when something falls due, and the reckoning of periods.

In a sandbox, `procurementMethodDetails: "quick, accelerator=1440"` makes every period 1440 times shorter and counts plain
time, not working days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .calendar import midnight, midnight_after
from .context import Ctx
from .workflow import Doc, When

ACCELERATOR = re.compile(r"accelerator=(\d{1,18})")
BIDDER_TIME = timedelta(minutes=6)
SERVICE_TIME = timedelta(minutes=9)
ROUNDING = timedelta(minutes=15)


def moment(text: str | None) -> datetime | None:
    """The moment an ISO 8601 string of a stored document stands for."""
    return datetime.fromisoformat(text) if text else None


def dig(doc: Any, path: str) -> Any:
    """The value under a dotted path; None where it ends early."""
    for name in path.split("."):
        doc = doc.get(name) if isinstance(doc, dict) else None
    return doc


def at(path: str) -> When:
    """The moment written under a dotted path of the tender."""

    def when(ctx: Ctx) -> datetime | None:
        return moment(dig(ctx.root, path))

    when.__doc__ = path
    return when


def accelerator(ctx: Ctx) -> int:
    """How many times faster than the law this tender's clock runs; 1 outside a sandbox."""
    found = ACCELERATOR.search(ctx.root.get("procurementMethodDetails") or "") if ctx.env.sandbox else None
    return int(found[1]) or 1 if found else 1


def quick(ctx: Ctx) -> bool:
    """Whether the auction of this sandbox tender is to be planned at once."""
    return ctx.env.sandbox and "quick" in (ctx.root.get("submissionMethodDetails") or "")


def later(start: datetime, span: timedelta, ctx: Ctx) -> datetime:
    """A moment some calendar time after another, by the wall clock of the zone, accelerated if the tender is."""
    factor = accelerator(ctx)
    return start + span / factor if factor > 1 else start.astimezone(ctx.env.zone) + span


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days as a law states it: of the calendar, or those that are worked."""

    count: int
    working: bool = False

    @property
    def words(self) -> str:
        """As messages say it."""
        return f"{self.count} working days" if self.working else f"{self.count} days"

    def __neg__(self) -> Days:
        return Days(-self.count, self.working)


def shifted(start: datetime, days: Days, ctx: Ctx) -> datetime:
    """A moment some days after another, or before it, accelerated if the tender is."""
    return working_days_later(start, days.count, ctx) if days.working else later(start, timedelta(days=days.count), ctx)


def midnight_before(start: datetime, ctx: Ctx) -> datetime:
    """The midnight with which a moment's day begins in the zone; of an accelerated tender, the moment itself."""
    return start if accelerator(ctx) > 1 else midnight(start.astimezone(ctx.env.zone).date(), ctx.env.zone)


def from_midnight(start: datetime, days: Days, ctx: Ctx) -> datetime:
    """A moment some days after the next midnight of the zone; of an accelerated tender, after `start` itself."""
    return shifted(start if accelerator(ctx) > 1 else midnight_after(start, ctx.env.zone), days, ctx)


def working_days_later(start: datetime, days: int, ctx: Ctx) -> datetime:
    """A moment some working days of the procedure's calendar after another, accelerated if the tender is."""
    factor = accelerator(ctx)
    if factor > 1:
        return start + timedelta(days=days) / factor
    return ctx.procedure.calendar.add(start, days, ctx.env.zone)


def auction_end_estimate(bids: int, start: datetime) -> datetime:
    """When an auction of so many bids that began at `start` will certainly be over."""
    return start + bids * BIDDER_TIME + SERVICE_TIME + ROUNDING


def should_start_after(ctx: Ctx, period: Doc, bids: int, end: datetime | None, *, rounded: bool = True) -> datetime | None:
    """The earliest moment for which the auction may be planned.

    `end` (of what comes before it), or the estimated end of an auction that was planned and did not take place; if it is to be
    `rounded`, moved to the next midnight unless the tender is a quick one of a sandbox.
    """
    start = moment(period.get("startDate"))
    if start and ctx.now >= auction_end_estimate(bids, start):
        end = auction_end_estimate(bids, start)
    if end is None or not rounded or quick(ctx):
        return end
    return midnight_after(end, ctx.env.zone)
