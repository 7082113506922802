"""The only place that reads the clock. Everything else is told the time, once per request."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = ZoneInfo("Europe/Kyiv")


class Clock:
    """Tells the time in the API's zone; tests set it.

    `clock.now` is an aware datetime. Assigning to it stops the clock there; assigning None lets it run again.
    """

    def __init__(self, zone: ZoneInfo = DEFAULT_ZONE) -> None:
        self.zone = zone
        self._stopped: datetime | None = None

    @property
    def now(self) -> datetime:
        """The present moment; raises nothing."""
        return self._stopped or datetime.now(self.zone)

    @now.setter
    def now(self, moment: datetime | None) -> None:
        if moment is not None:
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(self.zone)
        self._stopped = moment

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta) -> datetime:
        """Stop the clock `step` later than it shows now."""
        self.now = self.now + step
        return self.now
