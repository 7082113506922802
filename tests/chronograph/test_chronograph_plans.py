from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from openprocurement_api.storage.base import RevConflict
from openprocurement_api.storage.memory import MemoryStore
from plugins.chronograph import plans, slots
from plugins.chronograph.plans import NoSlot, Plans
from plugins.chronograph.slots import Booking

DAYS = tuple(date(2026, 3, 2) + timedelta(days=n) for n in range(5))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_DAY = len(slots.TIMES)


def nothing_stale(_booking: Booking) -> bool:
    return False


@pytest.fixture
def store():
    return MemoryStore()


def plan_of(store, day: date) -> dict:
    return store.get("plan_day", slots.plan_id("", day)).body


def fill(planner: Plans, number: int) -> list[Booking]:
    return [planner.take("", f"t{n}", DAYS, NOW) for n in range(number)]


def test_the_same_auction_gets_the_same_slot(store):
    planner = Plans(store, 1, nothing_stale)
    first, other = planner.take("", "a", DAYS, NOW), planner.take("", "b", DAYS, NOW)
    assert first == planner.take("", "a", DAYS, NOW) == Booking("", DAYS[0], "11:00:00", "a")
    assert other.slot == "11:30:00"


def test_a_full_day_makes_way_for_the_next(store):
    bookings = fill(Plans(store, 2, nothing_stale), 2 * A_DAY + 1)
    assert [b.day for b in bookings] == [DAYS[0]] * 2 * A_DAY + [DAYS[1]]


def test_a_slot_taken_before_a_crash_is_found_again_though_an_earlier_one_is_free_now(store):
    planner = Plans(store, 1, nothing_stale)
    bookings = fill(planner, A_DAY + 1)
    planner.release(bookings[0])
    assert Plans(store, 1, nothing_stale).take("", bookings[-1].key, DAYS, NOW) == bookings[-1]


def test_freed_slots_are_used_again(store):
    planner = Plans(store, 1, nothing_stale)
    bookings = fill(planner, A_DAY)
    planner.release(bookings[3])
    assert planner.take("", "new", DAYS, NOW) == Booking("", DAYS[0], bookings[3].slot, "new")


def test_releasing_what_another_has_changes_nothing(store):
    planner = Plans(store, 1, nothing_stale)
    booking = planner.take("", "a", DAYS, NOW)
    before = plan_of(store, DAYS[0])
    planner.release(Booking("", DAYS[0], booking.slot, "b"))
    planner.release(Booking("", DAYS[0], "15:00:00", "a"))
    assert plan_of(store, DAYS[0]) == before


def test_a_full_day_is_swept_now_and_then(store):
    moved_on = {"t4"}
    asked = []

    def stale(booking: Booking) -> bool:
        asked.append(booking.key)
        return booking.key in moved_on

    planner = Plans(store, 1, stale)
    fill(planner, A_DAY)
    assert planner.take("", "new", DAYS, NOW).day == DAYS[0]
    assert planner.take("", "next", DAYS, NOW).day == DAYS[1]
    assert len(asked) == A_DAY, "each full day is asked about once in a while, not with each tender"
    moved_on.add("t5")
    assert planner.take("", "later", DAYS, NOW + plans.SWEEP).day == DAYS[0]


def test_no_slot_within_the_horizon(store):
    planner = Plans(store, 1, nothing_stale)
    fill(planner, A_DAY * len(DAYS))
    with pytest.raises(NoSlot, match="no slot is free"):
        planner.take("", "late", DAYS, NOW)


def test_modes_are_planned_apart(store):
    planner = Plans(store, 1, nothing_stale)
    assert planner.take("", "a", DAYS, NOW).slot == planner.take("test", "b", DAYS, NOW).slot
    assert store.get("plan_day", "plantest_2026-03-02").body["stream_1"] == {"11:00:00": "b"}


def test_many_planners_at_once_never_share_a_slot(store):
    def work(number: int) -> list[Booking]:
        planner = Plans(store, 2, nothing_stale)
        return [planner.take("", f"{number}-{n}", DAYS, NOW) for n in range(12)]

    with ThreadPoolExecutor(4) as pool:
        bookings = [booking for found in pool.map(work, range(4)) for booking in found]
    kept = [(day, slot, key) for day in DAYS[:3] for _, slot, key in slots.booked(plan_of(store, day))]
    assert sorted(kept) == sorted((b.day, b.slot, b.key) for b in bookings)
    assert set(Counter((b.day, b.slot) for b in bookings).values()) <= {1, 2}


def test_a_planner_that_always_loses_gives_up(store, monkeypatch):
    def lose(*_args, **_options):
        raise RevConflict("another one was faster")

    monkeypatch.setattr(store, "put", lose)
    with pytest.raises(NoSlot, match="others were faster"):
        Plans(store, 1, nothing_stale).take("", "a", DAYS, NOW)


def test_a_day_that_fills_up_between_looking_and_booking_is_passed_over(store):
    planner = Plans(store, 1, nothing_stale)
    fill(planner, A_DAY - 1)
    find, rivals = planner._find, iter(["rival"])

    def slowly(mode, key, days, now):
        day = find(mode, key, days, now)
        for rival in rivals:
            Plans(store, 1, nothing_stale).take("", rival, DAYS, NOW)
        return day

    planner._find = slowly
    assert planner.take("", "late", DAYS, NOW).day == DAYS[1]
