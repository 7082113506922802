"""Money is decimal: what a JSON number says, and exact sums of it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.domain.money import DIGITS, exact, total

KOPECKS = st.integers(0, 10**DIGITS - 1)


def test_a_tenth_is_a_tenth():
    assert exact(0.1) == Decimal("0.1") != Decimal(0.1)  # noqa: RUF032 - that neighbour
    assert exact(Decimal("0.10")) == Decimal("0.1")
    assert exact(10**20) == 10**20


def test_sums_are_exact():
    assert total([0.1] * 3) == 0.3 != sum([0.1] * 3)
    assert total([]) == 0


@given(KOPECKS)
def test_numbers_of_fifteen_digits_survive_json(kopecks):
    amount = Decimal(kopecks).scaleb(-2)
    assert exact(float(amount)) == amount


@given(st.lists(st.integers(0, 10**10), max_size=20))
def test_a_sum_of_kopecks_is_a_number_of_kopecks(kopecks):
    assert exact(total(k / 100 for k in kopecks)) == Decimal(sum(kopecks)).scaleb(-2)
