"""An API with the chronograph plugged in, and the chronograph itself, both on one store with one clock."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest

from openprocurement_api.testing.builders import bid, tender
from openprocurement_api.testing.client import Api, Thing
from plugins.chronograph.clockwork import Clockwork


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "belowThreshold documents chronograph"}


@pytest.fixture
def clockwork(api: Api) -> Clockwork:
    return Clockwork(api.registry.services)


class Town:
    """Announces tenders and lets time pass with the chronograph at work."""

    def __init__(self, api: Api, clockwork: Clockwork) -> None:
        self.api, self.clockwork = api, clockwork

    def pass_time(self, until=None) -> None:
        """Set the clock to a moment, or forward by a span, and let the chronograph work once."""
        if isinstance(until, timedelta):
            self.api.clock.advance(until)
        elif until is not None:
            self.api.clock.now = until
        self.clockwork.catch_up(Event())

    def tendering(self, **changes) -> Thing:
        """A tender in active.tendering whose auction is planned."""
        thing = self.api.post("/tenders", tender(self.api.clock.now, **changes))
        self.pass_time(timedelta(days=7))
        return thing

    def bids(self, thing: Thing, *amounts: float) -> None:
        for amount in amounts:
            self.api.post(f"{thing.path}/bids", bid(amount))

    def stored(self, thing: Thing) -> dict:
        return self.api.store.get("tender", thing.id).body

    def plan(self, day, mode: str = "") -> dict:
        return self.api.store.get("plan_day", f"plan{mode}_{day}").body


@pytest.fixture
def town(api: Api, clockwork: Clockwork) -> Town:
    return Town(api, clockwork)
