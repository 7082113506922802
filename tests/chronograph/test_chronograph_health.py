from __future__ import annotations

from datetime import timedelta
from threading import Event

from openprocurement_api.storage.base import RevConflict, Unavailable
from plugins.chronograph import openprocurement_health
from plugins.chronograph.clockwork import Clockwork
from plugins.chronograph.heartbeat import Heartbeat, last


def test_health_tells_when_a_chronograph_was_last_at_work(town):
    assert town.api.get("/health")["chronograph"] == "never seen"
    town.clockwork.turn(Event())
    seen = town.api.clock.now
    town.api.clock.advance(timedelta(seconds=12))
    assert town.api.get("/health")["chronograph"] == {"seen": seen.isoformat(), "age": 12.0}


def test_health_tells_how_far_the_clock_is_behind(town):
    town.api.tender()
    town.api.clock.advance(timedelta(days=7, seconds=30))
    assert town.api.get("/health")["clock"] == {"lag": 30.0}
    town.pass_time()
    assert town.api.get("/health")["clock"] == {"lag": 0.0}


def test_copies_share_one_sign_of_life_and_seldom_write_it(town):
    copies = [Clockwork(town.clockwork.services) for _ in range(3)]
    for _ in range(13):
        for copy in copies:
            copy.heartbeat.beat(town.api.clock.now)
        town.api.clock.advance(timedelta(seconds=5))
    assert last(town.api.store).rev.startswith("3-"), "at 0, 30 and 60 seconds"


def test_a_sign_of_life_that_another_copy_gives_meanwhile_will_do(town, monkeypatch):
    def lose(*_args, **_options):
        raise RevConflict("another one was faster")

    monkeypatch.setattr(town.api.store, "put", lose)
    Heartbeat(town.api.store).beat(town.api.clock.now)
    assert last(town.api.store) is None


def test_health_leaves_the_store_to_tell_of_itself(town, monkeypatch):
    def fail(*_args):
        raise Unavailable("no connection")

    monkeypatch.setattr(town.api.store, "get", fail)
    assert openprocurement_health(town.api.store, town.api.clock) == {}
