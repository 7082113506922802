"""Working days: forwards and backwards, over holidays, transferred working days and changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.domain.calendar import DAY, Calendar, midnight, midnight_after

KYIV = ZoneInfo("Europe/Kyiv")
PLAIN = Calendar()
FEAST = Calendar(holidays=frozenset({date(2026, 3, 9)}), workdays=frozenset({date(2026, 3, 7)}))

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda naive: naive.replace(tzinfo=KYIV))  # noqa: DTZ001
"""Wall-clock times; those that a change of clocks skips are of no interest to anybody."""
CALENDARS = st.builds(
    Calendar,
    st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=40),
    st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=10),
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


def test_which_days_are_worked():
    assert PLAIN.works(date(2026, 3, 6))
    assert not PLAIN.works(date(2026, 3, 7))
    assert FEAST.works(date(2026, 3, 7))
    assert not FEAST.works(date(2026, 3, 9))


@pytest.mark.parametrize(
    ("calendar", "start", "days", "end"),
    [
        (PLAIN, "2026-03-02T09:00", 2, "2026-03-04T09:00"),
        (PLAIN, "2026-03-05T09:00", 2, "2026-03-09T09:00"),
        (PLAIN, "2026-03-07T09:00", 0, "2026-03-09T00:00"),
        (PLAIN, "2026-03-07T09:00", 1, "2026-03-10T00:00"),
        (FEAST, "2026-03-06T09:00", 1, "2026-03-07T09:00"),
        (FEAST, "2026-03-06T09:00", 2, "2026-03-10T09:00"),
        (PLAIN, "2026-03-09T09:00", -1, "2026-03-06T09:00"),
        (PLAIN, "2026-03-08T09:00", -1, "2026-03-06T00:00"),
        (FEAST, "2026-03-10T09:00", -2, "2026-03-06T09:00"),
        # Clocks go forward on 29 March 2026 and back on 25 October 2026: the time of day stays.
        (PLAIN, "2026-03-27T09:00", 1, "2026-03-30T09:00"),
        (PLAIN, "2026-10-23T09:00", 1, "2026-10-26T09:00"),
        (PLAIN, "2026-03-30T09:00", -1, "2026-03-27T09:00"),
    ],
)
def test_counting_working_days(calendar, start, days, end):
    assert calendar.add(at(start), days, KYIV) == at(end)


def test_days_are_those_of_the_zone():
    """Sunday 23:00 in Greenwich is Monday in Kyiv."""
    sunday = datetime(2026, 3, 8, 23, tzinfo=UTC)
    assert PLAIN.add(sunday, 1, KYIV) == at("2026-03-10T01:00")


@given(CALENDARS, MOMENTS, st.integers(-15, 15))
def test_the_result_counts_the_working_days_between(calendar, moment, days):
    """Against the definition: the number of working days passed, one by one."""
    end = calendar.add(moment, days, KYIV)
    if days >= 0:
        first = moment.date() if calendar.works(moment.date()) else calendar.next_working(moment.date(), DAY)
        passed = [first + n * DAY for n in range(1, (end.date() - first).days + 1)]
    else:
        worked = calendar.works(moment.date())
        first = moment.date() if worked else calendar.next_working(moment.date(), -DAY) + DAY
        passed = [first - n * DAY for n in range(1, (first - end.date()).days + 1)]
    assert sum(map(calendar.works, passed)) == abs(days)
    assert days == 0 or calendar.works(end.date())
    assert end.time() == (moment.time() if calendar.works(moment.date()) else time())


@given(MOMENTS, st.integers(0, 10), st.integers(0, 10))
def test_days_can_be_counted_in_two_goes(moment, some, more):
    assert PLAIN.add(PLAIN.add(moment, some, KYIV), more, KYIV) == PLAIN.add(moment, some + more, KYIV)


@given(MOMENTS)
def test_midnights(moment):
    after = midnight_after(moment, KYIV)
    assert after.timetz().replace(tzinfo=None) == time()
    assert moment <= after <= moment + timedelta(hours=25)
    assert midnight_after(after, KYIV) == after


def test_a_midnight_is_that_of_the_zone():
    assert midnight(date(2026, 7, 1), KYIV) == datetime(2026, 6, 30, 21, tzinfo=UTC)
    assert midnight_after(datetime(2026, 6, 30, 21, tzinfo=UTC), KYIV) == midnight(date(2026, 7, 1), KYIV)
