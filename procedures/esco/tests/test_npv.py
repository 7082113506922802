"""The arithmetic of energy service contracts: known results, a slow reference, and which way each argument moves the result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from procedures.esco.npv import PERIODS, YEAR, Terms, performance, periods, price, rounded

SUMMER = date(2017, 8, 18)
SAVINGS = (Decimal("92.47"), *[Decimal(250)] * 20)
LONGEST = 15 * YEAR


def terms(percentage: str, duration: int, reductions: tuple[Decimal, ...] = SAVINGS) -> Terms:
    return Terms(Decimal(percentage), duration, reductions)


def flat(saving: int) -> tuple[Decimal, ...]:
    return (Decimal(saving),) * PERIODS


@pytest.mark.parametrize(
    ("offer", "announced", "rate", "worth", "cost"),
    [
        (terms("0.7", 8), SUMMER, "0.125", "1807.29", "3.84"),
        (terms("0.7", 2 * YEAR + 10), SUMMER, "0.125", "1513.50", "354.80"),
        (terms("0.8", LONGEST, flat(400)), date(2018, 1, 1), "0.135", "712.11", "4800.88"),
        (terms("1", 0, flat(100)), SUMMER, "0", "2063.01", "0.00"),
        (terms("1", YEAR, flat(365)), date(2017, 12, 31), "0", "6935.00", "365.00"),
        (terms("1", YEAR, flat(365)), date(2020, 1, 1), "0", "6935.00", "365.00"),
    ],
    ids=[
        "eight days",
        "two years and ten days",
        "fifteen years from New Year",
        "nothing is paid, nothing discounted",
        "the last day of a year has no first period",
        "the first day of a leap year has no last period",
    ],
)
def test_known_results(offer: Terms, announced: date, rate: str, worth: str, cost: str) -> None:
    assert rounded(performance(offer, announced, Decimal(rate))) == Decimal(worth)
    assert rounded(price(offer, announced)) == Decimal(cost)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction("0.125"), "0.13"),
        (Fraction("0.135"), "0.14"),
        (Fraction(0), "0.00"),
    ],
)
def test_half_a_hundredth_is_one(amount: Fraction, shown: str) -> None:
    assert str(rounded(amount)) == shown


def test_the_largest_amounts_are_exact() -> None:
    assert str(rounded(Fraction(21 * 10**11) + Fraction(1, 300))) == "2100000000000.00"
    assert str(rounded(Fraction(21 * 10**11) + Fraction(1, 200))) == "2100000000000.01"


# --- properties

MONEY = st.decimals(0, 10**6, places=2)
SHARES = st.decimals(0, 1, places=5)
RATES = st.decimals(0, Decimal("0.99"), places=5)
DAYS = st.dates(date(2016, 1, 1), date(2040, 12, 31))
OFFERS = st.builds(Terms, SHARES, st.integers(0, LONGEST), st.tuples(*[MONEY] * PERIODS))
LATENESS = st.integers(0, YEAR)


@given(DAYS)
def test_periods_are_twenty_years(announced: date) -> None:
    assert sum(periods(announced)) == 20 * YEAR
    assert len(periods(announced)) == PERIODS
    assert min(periods(announced)) >= 0


def day_by_day(offer: Terms, announced: date, rate: Decimal) -> tuple[Fraction, Fraction]:
    """Price and performance, reckoned day by day: slow, and written from the definition of the contract, not of the sums."""
    calendar = [index for index, length in enumerate(periods(announced)) for _ in range(length)]
    cost = worth = Fraction(0)
    factor = Fraction(1)
    for index, length in enumerate(periods(announced)):
        days = [day for day, of in enumerate(calendar) if of == index]
        factor *= 1 + Fraction(rate) * length / YEAR
        saving = Fraction(offer.reductions[index])
        paid = sum((saving * Fraction(offer.percentage) / length for day in days if day < offer.duration), Fraction(0))
        share_of_year = Fraction(min(index, 1) * length, YEAR) if index else Fraction(bool(length))
        cost += paid
        worth += (saving * share_of_year - paid) / factor
    return cost, worth


@given(OFFERS, DAYS, RATES)
def test_equal_to_a_slow_sum(offer: Terms, announced: date, rate: Decimal) -> None:
    assert (price(offer, announced), performance(offer, announced, rate)) == day_by_day(offer, announced, rate)


@given(OFFERS, DAYS, RATES, RATES)
def test_a_higher_rate_makes_it_worth_less(offer: Terms, announced: date, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert performance(offer, announced, high) <= performance(offer, announced, low)


@given(OFFERS, DAYS, RATES, SHARES)
def test_a_higher_share_costs_more_and_is_worth_less(offer: Terms, announced: date, rate: Decimal, other: Decimal) -> None:
    low, high = sorted((offer, replace(offer, percentage=other)), key=lambda each: each.percentage)
    assert price(low, announced) <= price(high, announced)
    assert performance(high, announced, rate) <= performance(low, announced, rate)


@given(OFFERS, DAYS, RATES, st.integers(0, LONGEST))
def test_a_longer_contract_costs_more_and_is_worth_less(offer: Terms, announced: date, rate: Decimal, other: int) -> None:
    short, long = sorted((offer, replace(offer, duration=other)), key=lambda each: each.duration)
    assert price(short, announced) <= price(long, announced)
    assert performance(long, announced, rate) <= performance(short, announced, rate)


@given(OFFERS, DAYS, RATES, st.integers(0, PERIODS - 1), MONEY)
def test_higher_savings_cost_more_and_are_worth_more(
    offer: Terms, announced: date, rate: Decimal, period: int, more: Decimal
) -> None:
    savings = list(offer.reductions)
    savings[period] += more
    better = replace(offer, reductions=tuple(savings))
    assert price(offer, announced) <= price(better, announced)
    assert performance(offer, announced, rate) <= performance(better, announced, rate)


@given(OFFERS, DAYS, RATES, LATENESS)
def test_a_later_day_of_the_same_year_is_worth_more_where_nothing_is_paid(
    offer: Terms, announced: date, rate: Decimal, later: int
) -> None:
    """Only there: payments move from the short first period to the next ones. And 31 December has no first period at all."""
    after = announced + timedelta(days=later)
    assume(after.year == announced.year and periods(after)[0] > 0)
    free = replace(offer, percentage=Decimal(0))
    assert performance(free, announced, rate) <= performance(free, after, rate)


@pytest.mark.parametrize(("duration", "sign"), [(1, 1), (15 * YEAR, -1)])
def test_a_later_day_may_count_either_way_where_something_is_paid(duration: int, sign: int) -> None:
    today, tomorrow = (
        performance(terms("1", duration, flat(100)), SUMMER + timedelta(days=day), Decimal("0.1")) for day in (0, 1)
    )
    assert (tomorrow - today) * sign > 0


@given(OFFERS, DAYS)
def test_without_discount_what_is_not_kept_is_the_price(offer: Terms, announced: date) -> None:
    kept = performance(replace(offer, percentage=Decimal(0)), announced, Decimal(0))
    assert performance(offer, announced, Decimal(0)) == kept - price(offer, announced)
