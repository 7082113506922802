"""Fields that hold a moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar

import schematics.types
from schematics.exceptions import ConversionError

from openprocurement_api.models.base import scope
from openprocurement_api.models.text import shown


class IsoDateTime(schematics.types.BaseType):
    """A moment in ISO 8601; a date alone is its midnight, and without an offset the zone of the installation counts.

    The offset and the microseconds that were sent are kept. A moment that other zones cannot express is refused.
    """

    MESSAGES: ClassVar = {"parse": "Could not parse {0}. Should be ISO8601."}
    SHAPE = re.compile(r"[0-9W-]+([T ][0-9:.,]+(Z|[+-][0-9:]+)?)?")

    def to_native(self, value: Any, context: Any = None) -> datetime:
        if isinstance(value, datetime):
            return value
        moment = self.parse(value, scope(context).tz)
        if moment is None:
            raise ConversionError(self.messages["parse"].format(shown(value)))
        return moment

    def parse(self, value: Any, zone: tzinfo) -> datetime | None:
        """The aware moment, None when there is none."""
        if not (isinstance(value, str) and self.SHAPE.fullmatch(value)):
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=zone)
            moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return moment
