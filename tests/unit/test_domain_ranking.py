"""Ranking of bids, against a slow reference that does the arithmetic of the law with pen and paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.domain.ranking import Offer, coefficient, rank

START = datetime(2026, 3, 2, tzinfo=UTC)
SHARES = (0, 0.01, 0.05, 0.1, 0.15)
AMOUNTS = st.decimals("0.01", "99999", places=2).map(float)


@st.composite
def contests(draw):
    """Features and the bids that answer all of them, each made at a moment of its own."""
    features = [
        {"code": f"f{n}", "enum": [{"value": share} for share in shares]}
        for n, shares in enumerate(
            draw(st.lists(st.lists(st.sampled_from(SHARES), min_size=1, max_size=3, unique=True), max_size=2))
        )
    ]
    offers = [
        Offer(
            str(n),
            draw(AMOUNTS),
            START + timedelta(minutes=minute),
            [{"code": f["code"], "value": draw(st.sampled_from([e["value"] for e in f["enum"]]))} for f in features],
        )
        for n, minute in enumerate(draw(st.lists(st.integers(0, 500), max_size=6, unique=True)))
    ]
    return features, offers


def written(number):
    """The number as it is written in JSON, as a fraction."""
    return Fraction(Decimal(str(number)))


def better(one, other, features, highest):
    """Whether one offer goes before another: both prices compared over a common denominator, then the moments."""
    best = sum(max(written(e["value"]) for e in f["enum"]) for f in features)

    def factor(offer):
        return (1 - best + sum(written(p["value"]) for p in offer.parameters)) / (1 - best)

    mine, theirs = written(one.amount), written(other.amount)
    left, right = (theirs * factor(other), mine * factor(one)) if highest else (mine * factor(other), theirs * factor(one))
    return left < right or (left == right and one.date < other.date)


@given(contests(), st.booleans(), st.randoms())
def test_the_order_is_that_of_every_single_comparison(contest, highest, random):
    features, offers = contest
    ranked = rank(offers, features, highest=highest)
    assert {o.id for o in ranked} == {o.id for o in offers}
    for place, offer in enumerate(ranked):
        assert all(better(offer, worse, features, highest) for worse in ranked[place + 1 :])
    shuffled = list(offers)
    random.shuffle(shuffled)
    assert rank(shuffled, features, highest=highest) == ranked


def test_of_equal_prices_the_earlier_wins_to_the_microsecond():
    late, early = Offer("late", 100, START + timedelta(microseconds=1)), Offer("early", 100.0, START)
    assert [o.id for o in rank([late, early])] == ["early", "late"]


def test_the_decimal_counts_not_its_binary_neighbour():
    """0.1 + 0.2 is 0.3: two bids with these parameters are equal and the earlier one wins."""
    features = [
        {"code": "a", "enum": [{"value": 0.1}, {"value": 0}, {"value": 0.3}]},
        {"code": "b", "enum": [{"value": 0.2}, {"value": 0}]},
    ]
    sums = Offer("sum", 100, START, [{"code": "a", "value": 0.1}, {"code": "b", "value": 0.2}])
    whole = Offer("whole", 100, START + timedelta(1), [{"code": "a", "value": 0.3}, {"code": "b", "value": 0}])
    assert [o.id for o in rank([whole, sums], features)] == ["sum", "whole"]


def test_the_recorded_example():
    """Facts, 3.0: amount 100 with parameters of 0.05 under features of at most 0.3 weighs 100 / (1 + 0.05 / 0.7)."""
    features = [{"code": "a", "enum": [{"value": 0.3}, {"value": 0.05}]}]
    assert coefficient([{"code": "a", "value": 0.05}], features) == Fraction(15, 14)


def test_parameters_of_other_lots_do_not_count():
    features = [{"code": "a", "enum": [{"value": 0.1}]}]
    stranger = Offer("x", 100, START, [{"code": "other", "value": 0.1}])
    plain = Offer("y", 99.99, START + timedelta(1), [])
    assert [o.id for o in rank([stranger, plain], features)] == ["y", "x"]


def test_without_features_only_the_price_counts():
    assert coefficient([], []) == 1
