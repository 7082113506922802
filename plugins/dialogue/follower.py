"""Finding the dialogues whose second stage is to be opened: the feed is read from its beginning at each start, then followed.

Nothing is remembered outside the store but the place in the feed and what failed of late, so it may be killed at any moment and
run in several copies.
"""

from __future__ import annotations

from threading import Event

import structlog

from openprocurement_api import engine
from openprocurement_api.nodes.dialogue import WAITING
from openprocurement_api.storage.base import Unavailable

from .bridge import Bridge
from .carrying import SUFFIX

PAGE = 1000
log = structlog.get_logger(__name__)


class Follower:
    """One bridge on one store."""

    def __init__(self, services: engine.Services, interval: float | None = None) -> None:
        self.services = services
        self.interval = interval or services.settings["dialogue.interval"]
        self.bridge = Bridge(services)
        stages = [p for p in services.procedures.values() if f"{p.method_type}{SUFFIX}" in services.procedures]
        self.types = {procedure.method_type for procedure in stages}
        self.cursors = dict.fromkeys(sorted({procedure.root.name for procedure in stages}), "")
        self.waiting: set[tuple[str, str]] = set()

    def run(self, stop: Event) -> None:
        """Work until told to stop."""
        while not stop.is_set():
            self.turn(stop)
            stop.wait(self.interval)

    def turn(self, stop: Event) -> None:
        """One pass. An unavailable store is waited for."""
        try:
            self.look()
            for key in sorted(self.waiting):
                if not stop.is_set():
                    self.attend(*key)
        except Unavailable as error:
            log.warning("store_unavailable", MESSAGE_ID="store_unavailable", reason=error.reason, again_in=self.interval)

    def look(self) -> None:
        """Read what is new in the feed. Raises Unavailable."""
        for kind in self.cursors:
            while page := self.services.store.changes(kind, since=self.cursors[kind], limit=PAGE, feed=None):
                for row in page:
                    if row.summary.get("status") == WAITING and row.summary.get("procurementMethodType") in self.types:
                        self.waiting.add((kind, row.id))
                self.cursors[kind] = page[-1].cursor

    def attend(self, kind: str, id: str) -> None:
        """See to one dialogue; whatever goes wrong with it stops no other, and is tried again. Raises Unavailable."""
        try:
            self.bridge.open(kind, id)
        except Unavailable:
            raise
        except Exception:
            log.exception("second_stage_failed", MESSAGE_ID="second_stage_failed", document_id=id)
        else:
            self.waiting.discard((kind, id))
