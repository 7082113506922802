"""Fields that hold a moment."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, ClassVar

import schematics.types
from schematics.exceptions import ConversionError

from .base import scope
from .text import shown

MARGIN = timedelta(days=90)
FIRST, LAST = datetime.min + MARGIN, datetime.max - MARGIN  # noqa: DTZ901 - told in any zone
"""What can be expressed in every zone, and what is reckoned from it too: midnights, stand-stills, ends of auctions."""


class IsoDateTime(schematics.types.BaseType):
    """A moment in ISO 8601; a date alone is its midnight, and without an offset the zone of the installation counts.

    The offset and the microseconds that were sent are kept. A moment that other zones cannot express is refused.
    """

    MESSAGES: ClassVar = {"parse": "Could not parse {0}. Should be ISO8601.", "range": "date value out of range"}
    SHAPE = re.compile(r"[0-9W-]+([T ][0-9:.,]+(Z|[+-][0-9:]+)?)?")

    def to_native(self, value: Any, context: Any = None) -> datetime:
        if isinstance(value, datetime):
            return value
        moment = self.parse(value)
        if moment is None:
            raise ConversionError(self.messages["parse"].format(shown(value)))
        if not FIRST <= moment.replace(tzinfo=None) <= LAST:
            raise ConversionError(self.messages["range"])
        return moment if moment.tzinfo else moment.replace(tzinfo=scope(context).tz)

    def parse(self, value: Any) -> datetime | None:
        """The moment as it was sent, None when there is none."""
        if not (isinstance(value, str) and self.SHAPE.fullmatch(value)):
            return None
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
