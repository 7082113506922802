"""Money: decimal arithmetic on the numbers of a JSON document, which carry at most 15 significant digits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

DIGITS = 15


def exact(number: float | int | Decimal) -> Decimal:
    """The decimal a JSON number stands for: 0.1 is one tenth, not the nearest binary fraction."""
    return number if isinstance(number, Decimal) else Decimal(str(number))


def total(numbers: Iterable[float | int]) -> float:
    """An exact sum, as a JSON number."""
    return float(sum(map(exact, numbers), Decimal(0)))
