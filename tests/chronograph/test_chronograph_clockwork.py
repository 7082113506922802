from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from structlog.testing import CapturingLogger

from openprocurement_api import engine
from openprocurement_api.domain.timing import auction_end_estimate
from openprocurement_api.hookspecs import hookimpl
from openprocurement_api.settings import SettingsError
from openprocurement_api.storage.base import RevConflict, Unavailable
from openprocurement_api.testing.client import Api
from plugins.chronograph import backoff, clockwork
from plugins.chronograph.clockwork import BREATH, Clockwork

DAY = timedelta(days=1)
NEVER = Event()


def statuses(town, thing) -> list[str]:
    """The statuses a tender went through after it was announced, as its history tells: each entry restores what was before."""
    changes = [op for r in town.api.store.revisions("tender", thing.id) for op in r.body["changes"]]
    found = [op["value"] for op in changes if op["path"] == "/status" and op["op"] == "replace"]
    return [*found, town.stored(thing)["status"]]


def test_a_tender_goes_its_way_each_step_at_its_moment(town):
    thing = town.api.tender()
    town.pass_time(7 * DAY - timedelta(microseconds=1))
    assert town.stored(thing)["status"] == "active.enquiries"
    town.pass_time(timedelta(microseconds=1))
    assert town.stored(thing)["status"] == "active.tendering"
    town.bids(thing, 450)
    town.pass_time(7 * DAY)
    assert statuses(town, thing) == ["active.enquiries", "active.tendering", "active.qualification"]


def test_what_was_missed_is_made_up_for(town):
    thing = town.api.tender()
    town.pass_time(30 * DAY)
    assert town.stored(thing)["status"] == "unsuccessful"
    assert town.api.store.due("tender", until=town.api.clock.now + 1000 * DAY) == []


def test_the_passing_of_an_auctions_start_is_seen_once(town):
    """Nothing moves at these moments; they leave the past all the same."""
    thing = town.tendering()
    town.bids(thing, 450, 460)
    town.pass_time(7 * DAY)
    start = datetime.fromisoformat(town.stored(thing)["auctionPeriod"]["startDate"])
    assert town.stored(thing)["next_check"] == start.isoformat()
    town.pass_time(start)
    assert town.stored(thing)["next_check"] == auction_end_estimate(2, start).isoformat()
    saves = town.api.store.get("tender", thing.id).rev
    town.pass_time(start + timedelta(minutes=1))
    assert town.api.store.get("tender", thing.id).rev == saves


def test_many_documents_are_read_page_by_page(town, monkeypatch):
    services = town.clockwork.services
    monkeypatch.setattr(town.clockwork, "services", replace(services, settings={**services.settings, "chronograph.batch": 3}))
    things = [town.api.tender() for _ in range(8)]
    town.pass_time(7 * DAY)
    assert {town.stored(thing)["status"] for thing in things} == {"active.tendering"}


def spoil(town, thing, **changes) -> None:
    """Change a stored document behind the API's back."""
    stored = town.api.store.get("tender", thing.id)
    town.api.store.put("tender", thing.id, stored.body | changes, expect=stored.rev)


def count_attempts(monkeypatch) -> list[str]:
    attempts = []
    rewrite = engine.rewrite

    def counted(services, kind, id, step, author):
        attempts.append(id)
        return rewrite(services, kind, id, step, author)

    monkeypatch.setattr(engine, "rewrite", counted)
    return attempts


def test_a_document_that_fails_stops_no_other(town, monkeypatch):
    bad, good = town.api.tender(), town.api.tender()
    spoil(town, bad, procurementMethodType="unknown")
    log = CapturingLogger()
    monkeypatch.setattr(clockwork, "log", log)
    town.pass_time(7 * DAY)
    assert town.stored(good)["status"] == "active.tendering"
    assert [(c.method_name, c.kwargs["MESSAGE_ID"], c.kwargs["document_id"]) for c in log.calls] == [
        ("exception", "chronograph_failed", bad.id)
    ]


def test_a_document_that_fails_is_tried_again_after_longer_and_longer_pauses(town, monkeypatch):
    bad = town.api.tender()
    spoil(town, bad, procurementMethodType="unknown")
    attempts = count_attempts(monkeypatch)
    town.pass_time(7 * DAY)
    began, pauses = town.api.clock.now, []
    while len(attempts) < 10:
        before = len(attempts)
        town.pass_time(timedelta(seconds=1))
        if len(attempts) > before:
            pauses.append((town.api.clock.now - began).total_seconds())
            began = town.api.clock.now
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_document_that_was_put_right_is_seen_to_again(town):
    bad = town.api.tender()
    spoil(town, bad, procurementMethodType="unknown")
    town.pass_time(7 * DAY)
    spoil(town, bad, procurementMethodType="belowThreshold")
    town.pass_time(timedelta(seconds=2))
    assert town.stored(bad)["status"] == "active.tendering"
    assert town.clockwork.backoff.next() is None


def test_what_others_put_right_is_forgotten(town):
    bad = town.api.tender()
    spoil(town, bad, procurementMethodType="unknown")
    town.pass_time(7 * DAY)
    assert town.clockwork.backoff.next() is not None
    spoil(town, bad, _due=(town.api.clock.now + DAY).isoformat())
    town.pass_time()
    assert town.clockwork.backoff.next() is None


def test_a_document_that_stays_due_does_not_make_the_loop_spin(town, monkeypatch):
    thing = town.api.tender()
    monkeypatch.setattr(engine, "tick", lambda _ctx: None)
    monkeypatch.setattr(engine, "settle_stamps", lambda _ctx, _before: None)
    attempts = count_attempts(monkeypatch)
    town.api.clock.now = town.api.clock.now + 7 * DAY
    pauses = []
    for _ in range(6):
        pauses.append(town.clockwork.turn(NEVER).total_seconds())
        town.api.clock.advance(timedelta(seconds=pauses[-1]))
    assert attempts == [thing.id] * 5
    assert pauses == [1, 2, 4, 5, 3, 5]


def test_it_sleeps_until_the_next_moment_but_not_longer_than_the_interval(town):
    town.api.tender()
    assert town.clockwork.turn(NEVER) == timedelta(seconds=5)
    town.api.clock.advance(7 * DAY - timedelta(seconds=2))
    assert town.clockwork.turn(NEVER) == timedelta(seconds=2)
    town.api.clock.advance(timedelta(seconds=2))
    assert town.clockwork.turn(NEVER) == timedelta(seconds=5)


def test_what_falls_due_during_a_pass_is_seen_to_at_once(town):
    town.api.tender()
    began = town.api.clock.now
    town.api.clock.advance(8 * DAY)
    assert town.clockwork.pause(began) == BREATH


def test_an_unavailable_store_is_waited_for(town, monkeypatch):
    due = town.api.store.due

    def fail(*_args, **_options):
        raise Unavailable("no connection")

    thing = town.api.tender()
    town.api.clock.advance(7 * DAY)
    monkeypatch.setattr(town.api.store, "due", fail)
    assert [town.clockwork.turn(NEVER).total_seconds() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    monkeypatch.setattr(town.api.store, "due", due)
    assert town.clockwork.turn(NEVER).total_seconds() == 5
    assert town.stored(thing)["status"] == "active.tendering"
    assert town.clockwork.outages == 0


def test_a_store_that_fails_in_mid_pass_is_no_fault_of_the_document(town, monkeypatch):
    town.api.tender()
    town.api.clock.advance(7 * DAY)

    def fail(*_args, **_options):
        raise Unavailable("the disk is full")

    monkeypatch.setattr(town.api.store, "put", fail)
    assert town.clockwork.turn(NEVER).total_seconds() == 1
    assert town.clockwork.backoff.next() is None


def test_a_change_by_somebody_else_in_between_is_not_lost(town, monkeypatch):
    """The tender is changed between the chronograph's reading and its saving."""
    thing = town.api.tender()
    tick, once = engine.tick, iter([True])

    def disturbed(ctx):
        if next(once, False):
            town.api.patch(thing, {"title": "Нова назва"})
        tick(ctx)

    town.api.clock.advance(7 * DAY)
    monkeypatch.setattr(engine, "tick", disturbed)
    town.pass_time()
    assert town.stored(thing)["title"] == "Нова назва"
    assert statuses(town, thing) == ["active.enquiries", "active.tendering"]


def test_several_copies_make_each_move_once(town):
    things = [town.api.tender() for _ in range(20)]
    town.api.clock.advance(7 * DAY)
    copies = [Thread(target=Clockwork(town.clockwork.services).catch_up, args=(NEVER,)) for _ in range(4)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()
    for thing in things:
        assert statuses(town, thing) == ["active.enquiries", "active.tendering"]
        assert len(list(town.api.store.revisions("tender", thing.id))) == 3, "announced, moved, planned"
    plan = town.plan(datetime.fromisoformat(town.stored(things[0])["auctionPeriod"]["startDate"]).date())
    assert sorted(key for stream in ("stream_1", "stream_2") for key in plan[stream].values()) == sorted(t.id for t in things)


def test_it_stops_between_two_documents(town):
    things = [town.api.tender() for _ in range(2)]
    town.api.clock.advance(7 * DAY)
    stop = Event()
    attend = town.clockwork.attend

    def last(kind, id, when):
        attend(kind, id, when)
        stop.set()

    town.clockwork.attend = last
    town.clockwork.run(stop)
    assert sorted(town.stored(thing)["status"] for thing in things) == ["active.enquiries", "active.tendering"]


def test_plugins_hear_of_what_the_clock_does(town):
    heard = []

    class Listener:
        @staticmethod
        @hookimpl
        def openprocurement_saved(kind, id, before, after):
            heard.append((kind, id, before["status"], after["status"]))

    thing = town.api.tender()
    town.clockwork.services.plugins.register(Listener())
    town.pass_time(7 * DAY)
    assert heard[0] == ("tender", thing.id, "active.enquiries", "active.tendering")


def test_pauses_are_bounded():
    assert backoff.delay(10_000) == backoff.MOST


def test_a_plugin_that_fails_undoes_nothing(town):
    class Broken:
        @staticmethod
        @hookimpl
        def openprocurement_saved(kind):
            raise RuntimeError("out of order")

    thing = town.api.tender()
    town.clockwork.services.plugins.register(Broken())
    town.pass_time(7 * DAY)
    assert town.stored(thing)["status"] == "active.tendering"
    assert town.clockwork.backoff.next() is None


def test_a_document_that_others_change_all_the_time_is_left_alone_for_a_while(town, monkeypatch):
    def lose(*_args, **_options):
        raise RevConflict("another one was faster")

    thing = town.api.tender()
    with monkeypatch.context() as patched:
        patched.setattr(town.api.store, "put", lose)
        town.pass_time(7 * DAY)
    assert town.clockwork.backoff.next() == town.api.clock.now + backoff.FIRST
    town.pass_time(backoff.FIRST)
    assert town.stored(thing)["status"] == "active.tendering"


@pytest.mark.parametrize("name", ["chronograph.streams", "chronograph.interval", "chronograph.batch"])
@pytest.mark.parametrize("text", ["0", "-1", "many"])
def test_settings_are_numbers_above_zero(settings, name, text):
    with pytest.raises(SettingsError, match=name):
        Api.start(settings | {name: text})


@pytest.mark.parametrize(
    ("text", "message"), [("-1", "less than 0"), ("65536", "more than 65535"), ("http", "not a whole number")]
)
def test_a_port_is_a_port(settings, text, message):
    with pytest.raises(SettingsError, match=f"'chronograph.metrics'.* it is {message}"):
        Api.start(settings | {"chronograph.metrics": text})
