"""Waiting longer after each failure."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from datetime import datetime, timedelta

FIRST, MOST = timedelta(seconds=1), timedelta(minutes=1)


def delay(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: 1, 2, 4 ... 60 seconds."""
    return min(FIRST * (1 << min(failures - 1, 10)), MOST)


class Backoff:
    """Which things failed, how often in a row, and when each may be tried again."""

    def __init__(self) -> None:
        self._failed: dict[Hashable, tuple[int, datetime]] = {}

    def ready(self, thing: Hashable, now: datetime) -> bool:
        """Whether it may be tried now."""
        return thing not in self._failed or self._failed[thing][1] <= now

    def fail(self, thing: Hashable, now: datetime) -> datetime:
        """It failed again; returns when it may be tried next."""
        failures = self._failed[thing][0] + 1 if thing in self._failed else 1
        self._failed[thing] = failures, now + delay(failures)
        return self._failed[thing][1]

    def succeed(self, thing: Hashable) -> None:
        """Forget its failures."""
        self._failed.pop(thing, None)

    def keep(self, things: Collection[Hashable]) -> None:
        """Forget the failures of all others: somebody else put them right."""
        self._failed = {thing: state for thing, state in self._failed.items() if thing in things}

    def next(self) -> datetime | None:
        """When the first of them may be tried again."""
        return min((again for _, again in self._failed.values()), default=None)
