"""What an energy service contract costs the buyer, and what it is worth to it: exact arithmetic on fractions.

The service company lowers the costs of a building. For the time of the contract it is paid a share of what is saved; all other
savings stay with the buyer. Savings are stated for 21 periods: the rest of the year in which the tender was announced, nineteen
years of 365 days, and a last period that makes it twenty years in all.

- In each period the buyer pays `percentage * reduction * paid days / days`. It keeps `reduction * days / 365` less that; of the
  first period, however short, the whole reduction less that. A first period without days pays and leaves nothing.
- The price of the contract is the sum of the payments.
- Its performance is the net present value of what is kept: each period counts divided by the product of `1 + rate * days / 365`
  over this and all earlier periods, where `rate` is the discount rate of the national bank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import floor
from operator import mul

YEAR = 365
"""Days of a year, leap years too."""
YEARS = 20
"""For how many years savings count."""
PERIODS = YEARS + 1


@dataclass(frozen=True, slots=True)
class Terms:
    """What a service company offers.

    percentage: its share of the savings, 0..1; duration: of the contract, in days from the announcement; reductions: what is
    saved in each of the `PERIODS` periods, in money, never less than zero.
    """

    percentage: Decimal
    duration: int
    reductions: tuple[Decimal, ...]


def periods(announced: date) -> tuple[int, ...]:
    """The days of each period, for a tender announced on this day."""
    first = (date(announced.year, 12, 31) - announced).days
    return (first, *[YEAR] * (YEARS - 1), YEAR - first)


def paid_days(duration: int, days: Sequence[int]) -> Iterator[int]:
    """How many days of each period fall into a contract of so many days."""
    for length in days:
        paid = min(duration, length)
        duration -= paid
        yield paid


def payments(terms: Terms, days: Sequence[int]) -> list[Fraction]:
    """What the buyer pays in each period."""
    share, paid = Fraction(terms.percentage), paid_days(terms.duration, days)
    return [
        share * Fraction(saved) * Fraction(part, length or 1)  # of no days, none are paid
        for saved, part, length in zip(terms.reductions, paid, days, strict=True)
    ]


def incomes(terms: Terms, days: Sequence[int]) -> list[Fraction]:
    """What the buyer keeps of the savings of each period."""
    parts = [Fraction(days[0] > 0), *(Fraction(length, YEAR) for length in days[1:])]
    rows = zip(terms.reductions, parts, payments(terms, days), strict=True)
    return [Fraction(saved) * part - paid for saved, part, paid in rows]


def discounts(rate: Decimal, days: Sequence[int]) -> list[Fraction]:
    """What one unit of money of each period is worth on the day of the announcement."""
    return list(accumulate((1 / (1 + Fraction(rate) * Fraction(length, YEAR)) for length in days), mul))


def price(terms: Terms, announced: date) -> Fraction:
    """What the buyer pays in all, in money."""
    return sum(payments(terms, periods(announced)), Fraction(0))


def performance(terms: Terms, announced: date, rate: Decimal) -> Fraction:
    """What the contract is worth to the buyer, in money: the net present value of what it keeps."""
    days = periods(announced)
    return sum(map(mul, incomes(terms, days), discounts(rate, days)), Fraction(0))


def rounded(amount: Fraction) -> Decimal:
    """An amount of money, not less than zero, in hundredths; half of one counts as one."""
    return Decimal(floor(amount * 100 + Fraction(1, 2))).scaleb(-2)
