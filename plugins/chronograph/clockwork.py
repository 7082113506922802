"""The loop: what the store's index says is due is moved on, and auctions are planned.

Nothing is remembered outside the store but which documents failed of late. It may be killed at any moment, started late, and run
in several copies: each document is changed by compare-and-swap, and what has been done is no longer due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Event

import structlog

from openprocurement_api import engine
from openprocurement_api.domain.context import Ctx
from openprocurement_api.domain.planning import unplanned
from openprocurement_api.domain.timing import moment
from openprocurement_api.storage.base import Unavailable

from .backoff import Backoff, delay
from .heartbeat import Heartbeat
from .metrics import FAILED, LATENESS, OUTAGES, SEEN
from .planner import Planner, bookings
from .slots import Booking

AUTHOR = "chronograph"
LAST_ID = "\U0010ffff"
"""Above every id: a page of the index after it begins with the next moment."""
BREATH = timedelta(milliseconds=50)
"""The least pause between two passes."""
log = structlog.get_logger(__name__)


class Clockwork:
    """One chronograph on one store."""

    def __init__(self, services: engine.Services, interval: timedelta | None = None) -> None:
        self.services = services
        self.interval = interval or timedelta(seconds=services.settings["chronograph.interval"])
        self.planner = Planner(services)
        self.kinds = self.planner.kinds
        self.backoff = Backoff()
        self.heartbeat = Heartbeat(services.store)
        self.outages = 0

    def run(self, stop: Event) -> None:
        """Work until told to stop."""
        while not stop.is_set():
            stop.wait(self.turn(stop).total_seconds())

    def turn(self, stop: Event) -> timedelta:
        """One pass; returns how long to wait for the next one. An unavailable store is waited for."""
        try:
            seen = self.catch_up(stop)
            self.heartbeat.beat(seen)
            pause = self.pause(seen)
        except Unavailable as error:
            OUTAGES.inc()
            self.outages += 1
            pause = delay(self.outages)
            seconds = pause.total_seconds()
            log.warning("store_unavailable", MESSAGE_ID="store_unavailable", reason=error.reason, again_in=seconds)
        else:
            self.outages = 0
        return pause

    def catch_up(self, stop: Event) -> datetime:
        """See to everything that is due; returns the moment up to which nothing is left but what failed. Raises Unavailable."""
        now = self.services.clock.now
        listed = set()
        for kind in self.kinds:
            for when, key in self.due(kind, now):
                if stop.is_set():
                    return now
                listed.add((kind, key))
                if self.backoff.ready((kind, key), now):
                    self.attend(kind, key, when)
        self.backoff.keep(listed)
        return now

    def due(self, kind: str, until: datetime) -> Iterator[tuple[datetime, str]]:
        """When and which documents fell due, earliest first, read page by page."""
        limit, last = self.services.settings["chronograph.batch"], None
        while page := self.services.store.due(kind, until=until, limit=limit, after=last):
            yield from page
            last = page[-1]

    def attend(self, kind: str, id: str, when: datetime) -> None:
        """See to one document; whatever goes wrong with it stops no other. Raises Unavailable."""
        SEEN.inc()
        LATENESS.observe(max((self.services.clock.now - when).total_seconds(), 0.0))
        try:
            self.see_to(kind, id)
        except Unavailable:
            raise
        except Exception:
            log.exception("chronograph_failed", MESSAGE_ID="chronograph_failed", document_id=id, again=self.put_off(kind, id))
        else:
            self.backoff.succeed((kind, id))

    def put_off(self, kind: str, id: str) -> str:
        """Leave a document alone for a while; returns until when."""
        FAILED.inc()
        return self.backoff.fail((kind, id), self.services.clock.now).isoformat()

    def see_to(self, kind: str, id: str) -> None:
        """Move a document on, then plan its auctions, each with a save of its own. Raises StillDue.

        What is planned is stored as unplanned before: a slot is never taken for an auction of which the store knows nothing.
        """
        held: set[Booking] = set()

        def tick(ctx: Ctx) -> None:
            held.update(bookings(ctx))
            engine.tick(ctx)

        def plan(ctx: Ctx) -> None:
            held.update(bookings(ctx))
            held.update(self.planner.plan(ctx))

        ctx = engine.rewrite(self.services, kind, id, tick, AUTHOR)
        if unplanned(ctx):
            ctx = engine.rewrite(self.services, kind, id, plan, AUTHOR)
        self.planner.release(held - bookings(ctx))
        due = moment(ctx.root.get(engine.DUE))
        if due and due <= ctx.now:
            raise StillDue(f"it is still due since {due.isoformat()}")

    def pause(self, seen: datetime) -> timedelta:
        """How long nothing is to be done: until the next moment, the next attempt, or the interval is over."""
        now = self.services.clock.now
        until, after = now + self.interval, (seen, LAST_ID)
        first = [self.services.store.due(kind, until=until, limit=1, after=after) for kind in self.kinds]
        moments = [page[0][0] for page in first if page] + [again for again in (self.backoff.next(),) if again]
        return max(min([until, *moments]) - now, BREATH)


class StillDue(Exception):
    """A document was seen to and is due all the same: an auction could not be planned, or a declaration is wrong."""
