"""Planning: an auction that is to come and has no start, or one that is too early, gets a start inside a slot of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from openprocurement_api import engine
from openprocurement_api.domain.calendar import midnight
from openprocurement_api.domain.context import Ctx
from openprocurement_api.domain.planning import is_unplanned, to_come, unplanned
from openprocurement_api.domain.timing import ROUNDING, SERVICE_TIME, accelerator, moment, quick
from openprocurement_api.errors import Unsupported
from openprocurement_api.storage.base import Missing, Unavailable

from . import slots
from .metrics import PLANNED, UNPLANNED
from .plans import Plans
from .slots import Booking

PAUSE = timedelta(minutes=3)
log = structlog.get_logger(__name__)


class Planner:
    """Plans the auctions of tenders; everything it must remember is in the store."""

    def __init__(self, services: engine.Services) -> None:
        self.services = services
        self.kinds = sorted({procedure.root.name for procedure in services.procedures.values()})
        self.plans = Plans(services.store, services.settings["chronograph.streams"], self.stale)

    def plan(self, root: Ctx) -> frozenset[Booking]:
        """Give every unplanned auction of a working copy its start; returns the slots.

        An auction that cannot be planned is logged and left as it is, so that it is tried again. Raises Unavailable.
        """
        taken = set()
        for auction in unplanned(root):
            try:
                start, booking = self.place(auction)
            except Unavailable:
                raise
            except Exception:
                UNPLANNED.inc()
                log.exception(
                    "auction_not_planned", MESSAGE_ID="auction_not_planned", document_id=root.root["id"], auction=key_of(auction)
                )
                continue
            auction.doc["auctionPeriod"]["startDate"] = start.isoformat()
            PLANNED.inc()
            log.info(
                "auction_planned", MESSAGE_ID="auction_planned", document_id=root.root["id"], auction=key_of(auction),
                start=start.isoformat(),
            )  # fmt: skip
            taken |= {booking} if booking else set()
        return frozenset(taken)

    def place(self, auction: Ctx) -> tuple[datetime, Booking | None]:
        """The start of one auction, with its slot; quick ones need none. Raises NoSlot, Unavailable."""
        after = moment(auction.doc["auctionPeriod"]["shouldStartAfter"])
        earliest = max(after, auction.now) if after else auction.now
        if quick(auction):
            return quick_start(auction, earliest), None
        days = slots.days(earliest, auction.procedure.calendar, auction.env.zone)
        booking = self.plans.take(mode_of(auction), key_of(auction), days, auction.now)
        return booking.start(auction.env.zone), booking

    def release(self, bookings: Iterable[Booking]) -> None:
        """Free slots that are no longer needed."""
        for booking in bookings:
            self.plans.release(booking)

    def stale(self, booking: Booking) -> bool:
        """Whether the auction a slot is kept for will not use it: it is over, or has its start elsewhere.

        An unplanned auction may be about to use it: its planner takes the slot before it writes the start.
        """
        try:
            root = self.root_of(booking.key.partition("_")[0])
        except Unsupported:
            return False
        auction = next((ctx for ctx in to_come(root) if key_of(ctx) == booking.key), None) if root else None
        return auction is None or not (is_unplanned(auction) or booked_at(auction) == booking)

    def root_of(self, id: str) -> Ctx | None:
        """The stored document with an id, whatever its kind; None if there is none. Raises Unsupported."""
        for kind in self.kinds:
            try:
                return engine.opened(self.services, self.services.store.get(kind, id))
            except Missing:
                continue
        return None


def quick_start(auction: Ctx, earliest: datetime) -> datetime:
    """When an auction begins that needs no slot.

    At once if the tender is accelerated; else at the quarter of an hour that follows the time an auction without bidders takes.
    """
    if accelerator(auction) > 1:
        return earliest
    ready = (earliest + SERVICE_TIME + PAUSE).astimezone(auction.env.zone)
    day = midnight(ready.date(), auction.env.zone)
    return day - (day - ready) // ROUNDING * ROUNDING


def mode_of(auction: Ctx) -> str:
    """The tender's mode: those with `test` are planned apart."""
    return str(auction.root.get("mode") or "")


def key_of(auction: Ctx) -> str:
    """What the slot of an auction is booked for."""
    root = auction.root["id"]
    return root if auction.doc is auction.root else f"{root}_{auction.doc['id']}"


def booked_at(auction: Ctx) -> Booking | None:
    """The slot in which the auction's start lies; None if it has none."""
    start = moment(auction.doc["auctionPeriod"].get("startDate"))
    return slots.booking_of(mode_of(auction), key_of(auction), start, auction.env.zone) if start else None


def bookings(root: Ctx) -> frozenset[Booking]:
    """The slots in which the starts of all auctions to come lie."""
    return frozenset(booking for auction in to_come(root) if (booking := booked_at(auction)))
