"""Number fields: what JSON says exactly, without the noise of binary fractions."""

from __future__ import annotations

import re
import sys
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

import schematics.types
from schematics.exceptions import ConversionError, ValidationError

from ..domain.money import DIGITS
from .text import shown

NUMERAL = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
ZERO = Decimal(0)
SMALLEST, LARGEST = sys.float_info.min, sys.float_info.max


def exact(value: object) -> Decimal | None:
    """A JSON number, or its text, as Decimal; None when it is no number or out of the range of binary64."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, float, str)):
        return None
    if isinstance(value, str) and not NUMERAL.fullmatch(value):
        return None
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number:
        return ZERO  # there is one zero, without sign
    return number if number.is_finite() and SMALLEST <= abs(float(number)) <= LARGEST else None


def significant(number: Decimal) -> int:
    """How many significant digits a finite number has; trailing zeros do not count."""
    digits = number.as_tuple().digits
    return len(digits) if len(digits) <= DIGITS else len(bytes(digits).rstrip(b"\0"))


class Number(schematics.types.BaseType):
    """A JSON number, or the same as text. Decimal inside, float outside, and both mean the same number exactly."""

    MESSAGES: ClassVar = {
        "convert": "Value '{0}' is not float.",
        "digits": f"Value should have at most {DIGITS} significant digits.",
        "min": "Float value should be greater than {0}.",
        "max": "Float value should be less than {0}.",
    }

    def __init__(self, *, min_value: Decimal | int | None = None, max_value: Decimal | int | None = None, **options: Any) -> None:
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**options)

    def to_native(self, value: Any, _context: Any = None) -> Decimal | int:
        number = exact(value)
        if number is None:
            raise ConversionError(self.messages["convert"].format(shown(value)))
        if significant(kept := self.kept(number)) > DIGITS:
            raise ConversionError(self.messages["digits"])
        return kept

    def kept(self, number: Decimal) -> Decimal:
        """What is kept of a number: all of it."""
        return number

    def validate_range(self, value: Decimal | int, _context: Any = None) -> None:
        """Raises ValidationError outside `min_value`..`max_value`, both allowed themselves."""
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(self.messages["min"].format(self.min_value))
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(self.messages["max"].format(self.max_value))


class Fixed(Number):
    """A JSON number, or the same as text, of which some decimal places are kept: shares and rates.

    More of them are rounded, half of the last one away from zero. `places` is their number; None keeps all.
    """

    MESSAGES: ClassVar = {
        "convert": "Number '{0}' failed to convert to a decimal.",
        "min": "Value should be greater than {0}.",
        "max": "Value should be less than {0}.",
    }

    def __init__(self, *, places: int | None = None, **options: Any) -> None:
        self.places = places
        super().__init__(**options)

    def kept(self, number: Decimal) -> Decimal:
        """The number without the places that are not kept; one that is too large to have any stays as it is."""
        if self.places is None or number.adjusted() >= DIGITS:
            return number
        return number.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP).normalize()


class Integer(Number):
    """A whole JSON number, or the same as text."""

    MESSAGES: ClassVar = {
        "convert": "Value '{0}' is not int.",
        "min": "Int value should be greater than {0}.",
        "max": "Int value should be less than {0}.",
    }

    def to_native(self, value: Any, _context: Any = None) -> int:
        number = super().to_native(value)
        if number != int(number):
            raise ConversionError(self.messages["convert"].format(shown(value)))
        if abs(number) >= 10**DIGITS:  # trailing zeros are not significant, but readers keep them in 64 bits
            raise ConversionError(self.messages["digits"])
        return int(number)


class Scalar(schematics.types.BaseType):
    """A string, number or boolean, kept as it was sent: codes of registers, coordinates.

    A fraction becomes the nearest binary64, which is what readers of JSON make of it.
    """

    MESSAGES: ClassVar = {"convert": "Value '{0}' is not a string, number or boolean."}

    def to_native(self, value: Any, _context: Any = None) -> str | bool | int | Decimal:
        if isinstance(value, (str, bool)):
            return value
        number = exact(value)
        if number is None:
            raise ConversionError(self.messages["convert"].format(shown(value)))
        return value if isinstance(value, int) else number
