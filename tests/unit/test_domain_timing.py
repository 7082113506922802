"""Moments and spans: stored moments, the accelerator of a sandbox, when an auction may be planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_procedure import KYIV, NOW, ctx, sale

from openprocurement_api.domain.timing import (
    Days,
    accelerator,
    at,
    auction_end_estimate,
    dig,
    from_midnight,
    later,
    midnight_before,
    moment,
    quick,
    shifted,
    should_start_after,
    working_days_later,
)

MINUTE = timedelta(minutes=1)


def test_moments_and_paths():
    assert moment(None) is moment("") is None
    assert moment("2026-03-02T09:00:00+02:00") == NOW
    assert dig({"a": {"b": 1}}, "a.b") == 1
    assert dig({"a": {"b": 1}}, "a.b.c") is dig({}, "a.b") is dig(None, "a") is None


def test_a_declared_moment_is_called_by_its_path():
    when = at("tenderPeriod.endDate")
    assert when.__doc__ == "tenderPeriod.endDate"
    assert when(ctx(sale(tenderPeriod={"endDate": NOW.isoformat()}))) == NOW
    assert when(ctx(sale())) is None


@pytest.mark.parametrize(
    ("details", "sandbox", "factor"),
    [
        ("quick, accelerator=1440", True, 1440),
        ("accelerator=1440", False, 1),
        ("accelerator=0", True, 1),
        ("accelerator=-5", True, 1),
        ("quick", True, 1),
        (None, True, 1),
    ],
)
def test_the_accelerator(details, sandbox, factor):
    assert accelerator(ctx(sale(procurementMethodDetails=details), sandbox=sandbox)) == factor


@pytest.mark.parametrize(
    ("details", "sandbox", "verdict"), [("quick(mode:x)", True, True), ("quick", False, False), (None, True, False)]
)
def test_quick_auctions(details, sandbox, verdict):
    assert quick(ctx(sale(submissionMethodDetails=details), sandbox=sandbox)) is verdict


def fast(factor):
    return ctx(sale(procurementMethodDetails=f"accelerator={factor}"), sandbox=True)


@given(st.integers(2, 10**6), st.integers(0, 10**6))
def test_accelerated_time_is_plain_time(factor, minutes):
    span = minutes * MINUTE
    assert later(NOW, span, fast(factor)) == NOW + span / factor
    assert working_days_later(NOW, 5, fast(factor)) == NOW + timedelta(days=5) / factor


def test_days_are_those_of_the_wall_clock():
    """Three days over the night in which the clocks go forward are an hour shorter."""
    friday = datetime(2026, 3, 27, 9, tzinfo=KYIV)
    end = later(friday.astimezone(UTC), timedelta(days=3), ctx(sale()))
    assert end == datetime(2026, 3, 30, 9, tzinfo=KYIV)
    assert end - friday.astimezone(UTC) == timedelta(days=3, hours=-1)


def test_working_days_follow_the_procedures_calendar():
    friday = datetime(2026, 3, 6, 9, tzinfo=KYIV)
    assert working_days_later(friday, 2, ctx(sale())) == datetime(2026, 3, 10, 9, tzinfo=KYIV)


def test_how_long_an_auction_takes():
    """Nine minutes of service, six for each bid, a quarter of an hour to round up."""
    assert auction_end_estimate(0, NOW) - NOW == 24 * MINUTE
    assert auction_end_estimate(3, NOW) - NOW == 42 * MINUTE


# --- when an auction may be planned


def test_planning_begins_at_the_midnight_after_what_comes_before():
    end = NOW + timedelta(days=1)
    assert should_start_after(ctx(sale()), {}, 2, end) == datetime(2026, 3, 4, tzinfo=KYIV)
    midnight = datetime(2026, 3, 4, tzinfo=KYIV)
    assert should_start_after(ctx(sale()), {}, 2, midnight) == midnight


def test_what_waits_for_nothing_known_is_not_planned():
    assert should_start_after(ctx(sale()), {}, 2, None) is None


def test_a_quick_one_of_a_sandbox_is_planned_at_once():
    end = NOW + timedelta(days=1)
    doc = sale(submissionMethodDetails="quick")
    assert should_start_after(ctx(doc, sandbox=True), {}, 2, end) == end
    assert should_start_after(ctx(doc), {}, 2, end) == datetime(2026, 3, 4, tzinfo=KYIV)


def test_an_auction_that_did_not_take_place_is_planned_anew():
    """The estimated end of the one that was missed counts, once it has passed."""
    end, start = NOW - timedelta(days=5), NOW - timedelta(hours=1)
    period, estimate = {"startDate": start.isoformat()}, auction_end_estimate(2, start)
    waiting = ctx(sale())
    assert should_start_after(replace(waiting, now=estimate - MINUTE), period, 2, end) == datetime(2026, 2, 26, tzinfo=KYIV)
    assert should_start_after(replace(waiting, now=estimate), period, 2, end) == datetime(2026, 3, 3, tzinfo=KYIV)


# --- days as a law states them


def test_days_of_the_calendar_and_worked_ones():
    friday = datetime(2026, 3, 6, 9, tzinfo=KYIV)
    assert shifted(friday, Days(2), ctx(sale())) == datetime(2026, 3, 8, 9, tzinfo=KYIV)
    assert shifted(friday, Days(2, working=True), ctx(sale())) == datetime(2026, 3, 10, 9, tzinfo=KYIV)
    assert shifted(friday, -Days(5, working=True), ctx(sale())) == datetime(2026, 2, 27, 9, tzinfo=KYIV)
    assert (Days(2).words, Days(2, working=True).words) == ("2 days", "2 working days")


def test_midnights_before_and_after():
    """An accelerated tender knows no midnights."""
    morning = datetime(2026, 3, 6, 9, tzinfo=KYIV)
    fast = ctx(sale(procurementMethodDetails="quick, accelerator=1440"), sandbox=True)
    assert midnight_before(morning, ctx(sale())) == datetime(2026, 3, 6, tzinfo=KYIV)
    assert from_midnight(morning, Days(1), ctx(sale())) == datetime(2026, 3, 8, tzinfo=KYIV)
    assert midnight_before(morning, fast) == morning
    assert from_midnight(morning, Days(1), fast) == morning + timedelta(days=1) / 1440
