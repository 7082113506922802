"""The most economically advantageous tender (MEAT): prices weighed by what the bids offer besides the price.

The coefficient of a bid is 1 + (sum of its parameter values) / (1 - sum of the largest value of each feature); its
normalised price is price / coefficient. All in exact fractions of the decimal numbers, so that equal bids are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from .money import exact

Doc = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Criterion:
    """What decides between bids: a number of their values, and whether the highest or the lowest one wins."""

    field: str = "amount"
    highest: bool = False


LOWEST_PRICE = Criterion()


@dataclass(frozen=True, slots=True)
class Offer:
    """One bid as ranking sees it: the number that decides, when it was made, and its parameters as (code, value)."""

    id: str
    amount: float
    date: datetime
    parameters: Sequence[Doc] = ()


def coefficient(parameters: Iterable[Doc], features: Iterable[Doc]) -> Fraction:
    """How much better than its price a bid is; 1 where nothing but the price counts."""
    best = sum((max(Fraction(exact(v["value"])) for v in f["enum"]) for f in features), Fraction(0))
    offered = sum((Fraction(exact(p["value"])) for p in parameters), Fraction(0))
    return 1 + offered / (1 - best)


def rank(offers: Iterable[Offer], features: Sequence[Doc] = (), *, highest: bool = False) -> list[Offer]:
    """Best first; of equal ones the earlier. `highest` ranks amount times coefficient, the highest first."""
    codes = {f["code"] for f in features}

    def weight(offer: Offer) -> tuple[Fraction, datetime]:
        factor = coefficient((p for p in offer.parameters if p["code"] in codes), features)
        amount = Fraction(exact(offer.amount))
        return (-amount * factor if highest else amount / factor), offer.date

    return sorted(offers, key=weight)
