from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.domain.calendar import Calendar
from plugins.chronograph import slots
from plugins.chronograph.slots import Booking

KYIV = ZoneInfo("Europe/Kyiv")
MONDAY = date(2026, 3, 2)
keys = st.text("0123456789abcdef", min_size=32, max_size=32)
moments = st.builds(datetime.combine, st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.times(), st.just(KYIV))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=KYIV)


def first_day(earliest: datetime, calendar: Calendar = Calendar()) -> date:
    return next(slots.days(earliest, calendar, KYIV))


def test_slots_are_the_half_hours_from_eleven_to_four():
    assert len(slots.TIMES) == 10
    assert (slots.TIMES[0], slots.TIMES[-1]) == ("11:00:00", "15:30:00")


@given(st.lists(st.tuples(keys, st.booleans()), max_size=80), st.integers(1, 4))
def test_no_two_auctions_share_a_slot_of_a_stream(steps, streams):
    plan, held = slots.empty("", MONDAY), {}
    for key, leaves in steps:
        slot = slots.book(plan, key, streams)
        full = len(held) == streams * len(slots.TIMES)
        assert (slot is None) == (full and key not in held)
        if slot:
            assert held.setdefault(key, slot) == slot
        if slot and leaves:
            slots.free(plan, Booking("", MONDAY, held.pop(key), key))
    assert sorted((slot, key) for _, slot, key in slots.booked(plan)) == sorted((slot, key) for key, slot in held.items())
    assert max(Counter(held.values()).values(), default=0) <= streams
    assert {stream for stream, _, _ in slots.booked(plan)} <= {f"stream_{n}" for n in range(1, streams + 1)}


@given(keys, st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from(slots.TIMES))
def test_an_auction_begins_inside_its_slot_and_working_hours(key, day, slot):
    booking = Booking("", day, slot, key)
    start = booking.start(KYIV)
    assert start.date() == day
    assert time(11) <= start.time() < time(16)
    assert timedelta(0) <= start - datetime.combine(day, time.fromisoformat(slot), KYIV) < timedelta(minutes=30)
    assert slots.booking_of("", key, start, KYIV) == booking


def test_starts_are_spread_over_the_slot():
    seconds = [Booking("", MONDAY, "11:00:00", str(n)).start(KYIV).timestamp() % 1800 for n in range(300)]
    assert min(seconds) < 60
    assert max(seconds) > 1740


@given(moments)
def test_days_are_worked_and_far_enough_away(earliest):
    found = list(islice(slots.days(earliest, Calendar(), KYIV), 7))
    assert found == sorted(set(found))
    assert all(day.weekday() < 5 for day in found)
    assert datetime.combine(found[0], time(11), KYIV) > earliest + timedelta(hours=1)


def test_the_same_day_is_taken_only_with_an_hours_notice():
    assert first_day(at(9, 59)) == MONDAY
    assert first_day(at(10)) == MONDAY + timedelta(days=1)


def test_holidays_and_week_ends_are_left_out():
    saturday = datetime(2026, 3, 7, tzinfo=KYIV)
    assert first_day(saturday) == date(2026, 3, 9)
    assert first_day(saturday, Calendar(holidays=frozenset({date(2026, 3, 9)}))) == date(2026, 3, 10)
    assert first_day(saturday, Calendar(workdays=frozenset({date(2026, 3, 7)}))) == date(2026, 3, 7)


def test_a_smaller_number_of_streams_keeps_what_is_booked():
    plan = slots.empty("test", MONDAY)
    for number in range(12):
        slots.book(plan, str(number), streams=2)
    assert slots.vacancy(plan, streams=1) is None
    assert slots.book(plan, "11", streams=1) == "11:30:00"
    assert slots.book(plan, "new", streams=1) is None
    assert (plan["id"], plan["mode"]) == ("plantest_2026-03-02", "test")
