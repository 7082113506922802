from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from openprocurement_api import engine
from openprocurement_api.domain.timing import auction_end_estimate
from openprocurement_api.storage.base import Missing, Unavailable
from openprocurement_api.testing.builders import lot, lot_bid
from plugins.chronograph.planner import bookings
from plugins.chronograph.plans import NoSlot
from plugins.chronograph.slots import slot_of

FAST = {"procurementMethodDetails": "quick, accelerator=1440", "submissionMethodDetails": "quick"}


def start_of(holder: dict) -> datetime:
    return datetime.fromisoformat(holder["auctionPeriod"]["startDate"])


def lots_of(*titles: str) -> dict:
    return {"lots": [lot(title) for title in titles]}


def test_an_auction_is_planned_as_soon_as_bids_are_taken(town):
    thing = town.tendering()
    tender = town.stored(thing)
    start = start_of(tender)
    assert tender["status"] == "active.tendering"
    assert start.date() == datetime.fromisoformat(tender["auctionPeriod"]["shouldStartAfter"]).date()
    assert time(11) <= start.time() < time(16)
    assert slot_of(town.plan(start.date()), thing.id) == "11:00:00"


def test_planning_twice_changes_nothing(town):
    thing = town.tendering()
    before = town.stored(thing)
    town.pass_time()
    town.pass_time(timedelta(hours=1))
    assert town.stored(thing) == before
    assert [r.body["author"] for r in town.api.store.revisions("tender", thing.id)] == ["broker", "chronograph", "chronograph"]


def test_the_public_next_check_stays_that_of_the_procedure(town):
    """What waits to be planned is due at once, yet the wire contract's field goes on naming the end of tendering."""
    thing = town.api.tender()
    tender = town.api.tick(thing, timedelta(days=7))
    due = town.api.store.due("tender", until=town.api.clock.now)
    assert tender["next_check"] == tender["tenderPeriod"]["endDate"]
    assert [key for _, key in due] == [thing.id]
    assert engine.DUE not in tender
    town.pass_time()
    assert town.api.store.due("tender", until=town.api.clock.now) == []


def test_a_tender_that_waits_to_be_planned_does_not_become_due_anew_with_each_change(town):
    thing = town.api.tender()
    town.api.tick(thing, timedelta(days=7))
    since = town.stored(thing)[engine.DUE]
    town.api.clock.advance(timedelta(minutes=5))
    town.bids(thing, 450)
    assert town.stored(thing)[engine.DUE] == since


def test_lots_are_planned_each_on_its_own(town):
    thing = town.tendering(**lots_of("1", "2", "3"))
    tender = town.stored(thing)
    starts = [start_of(part) for part in tender["lots"]]
    plan = town.plan(starts[0].date())
    assert plan["stream_1"] == {
        slot: f"{thing.id}_{part['id']}" for slot, part in zip(("11:00:00", "11:30:00", "12:00:00"), tender["lots"], strict=True)
    }
    assert "startDate" not in tender.get("auctionPeriod", {})


def test_a_lot_that_cannot_be_planned_stops_no_other_and_is_tried_again(town, monkeypatch):
    take, broken = town.clockwork.planner.plans.take, set()

    def sometimes(mode, key, days, now):
        if not broken:
            broken.add(key)
        if key in broken:
            raise NoSlot("no slot is free")
        return take(mode, key, days, now)

    monkeypatch.setattr(town.clockwork.planner.plans, "take", sometimes)
    thing = town.tendering(**lots_of("1", "2"))
    assert ["startDate" in part["auctionPeriod"] for part in town.stored(thing)["lots"]] == [False, True]
    monkeypatch.undo()
    town.pass_time(timedelta(seconds=0.5))
    assert "startDate" not in town.stored(thing)["lots"][0]["auctionPeriod"], "it is left alone for a while"
    town.pass_time(timedelta(seconds=1))
    assert start_of(town.stored(thing)["lots"][0]).time() >= time(11)


def test_the_log_names_the_lot_whose_auction_was_planned(settings, request, capsys):
    settings |= {"log.level": "INFO", "log.format": "json"}
    town = request.getfixturevalue("town")
    thing = town.tendering(**lots_of("1", "2"))
    lines = [line for line in map(json.loads, capsys.readouterr().err.splitlines()) if line["event"] == "auction_planned"]
    assert [line["auction"] for line in lines] == [f"{thing.id}_{part['id']}" for part in town.stored(thing)["lots"]]


def test_an_unavailable_store_is_not_taken_for_a_lot_that_cannot_be_planned(town, monkeypatch):
    def fail(*_args):
        raise Unavailable("the disk is full")

    monkeypatch.setattr(town.clockwork.planner.plans, "take", fail)
    with pytest.raises(Unavailable):
        town.tendering()


def test_a_crash_between_slot_and_tender_loses_nothing(town):
    thing = town.api.tender()
    town.api.tick(thing, timedelta(days=7))
    ctx = engine.opened(town.clockwork.services, town.api.store.get("tender", thing.id))
    (taken,) = town.clockwork.planner.plan(ctx)
    town.pass_time()
    assert bookings(engine.opened(town.clockwork.services, town.api.store.get("tender", thing.id))) == {taken}
    assert town.plan(taken.day)["stream_1"] == {taken.slot: thing.id}


def test_an_auction_that_did_not_take_place_is_planned_anew_and_its_old_slot_is_free(town):
    thing = town.tendering()
    town.bids(thing, 450, 460)
    town.pass_time(timedelta(days=7))
    first = start_of(town.stored(thing))
    town.pass_time(first)
    overdue = auction_end_estimate(2, first)
    assert town.stored(thing)["next_check"] == overdue.isoformat()
    town.pass_time(overdue)
    tender = town.stored(thing)
    second = start_of(tender)
    assert tender["status"] == "active.auction"
    assert second.date() == first.date() + timedelta(days=1)
    assert slot_of(town.plan(first.date()), thing.id) is None
    assert slot_of(town.plan(second.date()), thing.id) == "11:00:00"


def test_an_auction_that_is_not_needed_gives_its_slot_back(town):
    thing = town.tendering()
    day = start_of(town.stored(thing)).date()
    town.bids(thing, 450)
    town.pass_time(timedelta(days=7))
    assert town.stored(thing)["status"] == "active.qualification"
    assert slot_of(town.plan(day), thing.id) is None


def test_lots_without_rivals_give_their_slots_back(town):
    thing = town.tendering(**lots_of("1", "2"))
    one, two = (part["id"] for part in town.stored(thing)["lots"])
    day = start_of(town.stored(thing)["lots"][0]).date()
    town.api.post(f"{thing.path}/bids", lot_bid({one: 200}))
    town.api.post(f"{thing.path}/bids", lot_bid({one: 210, two: 200}))
    town.pass_time(timedelta(days=7))
    assert slot_of(town.plan(day), f"{thing.id}_{one}") == "11:00:00"
    assert slot_of(town.plan(day), f"{thing.id}_{two}") is None


def test_slots_of_cancelled_tenders_are_used_again_on_full_days(town):
    town.clockwork.planner.plans.streams = 1
    things = [town.api.tender() for _ in range(10)]
    town.pass_time(timedelta(days=7))
    day = start_of(town.stored(things[0])).date()
    freed = slot_of(town.plan(day), things[4].id)
    cancellation = {"reason": "Немає грошей", "status": "active"}
    town.api.post(f"{things[4].path}/cancellations", cancellation, token=things[4].token)
    soon = town.api.clock.now + timedelta(minutes=1)
    late = town.api.tender(
        enquiryPeriod={"endDate": soon.isoformat()}, tenderPeriod={"endDate": things[0].data["tenderPeriod"]["endDate"]}
    )
    town.pass_time(soon)
    assert start_of(town.stored(late)).date() == day
    assert slot_of(town.plan(day), things[4].id) is None
    assert slot_of(town.plan(day), late.id) == freed
    others = [thing.id for thing in things if thing is not things[4]]
    assert all(slot_of(town.plan(day), other) for other in others)


def test_slots_of_unknown_procedures_and_of_planners_at_work_are_kept(town):
    thing = town.tendering()
    (booking,) = bookings(engine.opened(town.clockwork.services, town.api.store.get("tender", thing.id)))
    planner = town.clockwork.planner
    assert not planner.stale(booking)
    stored = town.api.store.get("tender", thing.id)
    unplanned = stored.body | {"auctionPeriod": {"shouldStartAfter": stored.body["auctionPeriod"]["shouldStartAfter"]}}
    stored = town.api.store.put("tender", thing.id, unplanned, expect=stored.rev)
    assert not planner.stale(booking), "its planner may be about to use it"
    stored = town.api.store.put("tender", thing.id, unplanned | {"procurementMethodType": "other"}, expect=stored.rev)
    assert not planner.stale(booking)
    moved = unplanned | {"auctionPeriod": unplanned["auctionPeriod"] | {"startDate": "2026-05-05T12:00:00+03:00"}}
    town.api.store.put("tender", thing.id, moved, expect=stored.rev)
    assert planner.stale(booking)


def test_a_slot_of_a_tender_that_is_not_there_is_stale(town):
    thing = town.tendering()
    (booking,) = bookings(engine.opened(town.clockwork.services, town.api.store.get("tender", thing.id)))
    assert town.clockwork.planner.stale(type(booking)(booking.mode, booking.day, booking.slot, "0" * 32))


def test_test_tenders_are_planned_apart(town):
    real, test = town.api.tender(), town.api.tender(mode="test")
    town.pass_time(timedelta(days=7))
    day = start_of(town.stored(real)).date()
    assert town.plan(day)["stream_1"] == {"11:00:00": real.id}
    assert town.plan(day, "test")["stream_1"] == {"11:00:00": test.id}


def test_quick_auctions_need_no_slot(town):
    """12 minutes from the end of tendering, at the next quarter of an hour: 9:00 is 9:15."""
    thing = town.tendering(submissionMethodDetails="quick")
    tender = town.stored(thing)
    assert start_of(tender) == datetime.fromisoformat(tender["tenderPeriod"]["endDate"]) + timedelta(minutes=15)
    with pytest.raises(Missing):
        town.plan(start_of(tender).date())


@pytest.mark.parametrize(
    ("minutes", "start"), [(0, "09:15"), (2, "09:15"), (3, "09:15"), (4, "09:30"), (48, "10:00"), (49, "10:15")]
)
def test_quick_auctions_begin_at_quarters_of_hours(town, minutes, start):
    end = town.api.clock.now + timedelta(days=14, minutes=minutes)
    thing = town.tendering(submissionMethodDetails="quick", tenderPeriod={"endDate": end.isoformat()})
    assert start_of(town.stored(thing)).strftime("%H:%M") == start


def test_accelerated_quick_auctions_begin_at_once(town):
    thing = town.tendering(**FAST)
    tender = town.stored(thing)
    assert tender["auctionPeriod"]["startDate"] == tender["tenderPeriod"]["endDate"]


def test_outside_a_sandbox_nothing_is_quick(town):
    services = town.clockwork.services
    town.clockwork.services = replace(services, env=replace(services.env, sandbox=False))
    thing = town.tendering(submissionMethodDetails="quick")
    assert time(11) <= start_of(town.stored(thing)).time() < time(16)
