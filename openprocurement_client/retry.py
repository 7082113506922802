"""When to send a request again, and after how long.

Reading may always be repeated. A write is repeated if the server can tell that it is the same one: a POST by its
`Idempotency-Key`, a PATCH, PUT or DELETE by its `If-Match`. Any other write only if it surely did not happen: no connection was
made, or the server said 429.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from .errors import ClientError, Refused, Unreachable

PASSING = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
"""Failures that go away by themselves."""
MOST_ASKED = 900.0
"""Seconds: a longer `Retry-After` is not believed."""


def _ignore(_error: ClientError, _seconds: float) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently. `attempts`: all in all, None for ever; `first` and `longest` pause in seconds.

    Pauses double, and vary at random so that many clients do not come back at once. `Retry-After` makes them longer. `sleep`
    waits so many seconds, `told` hears of each failure that is waited out.
    """

    attempts: int | None = 5
    first: float = 0.5
    longest: float = 60.0
    sleep: Callable[[float], object] = time.sleep
    told: Callable[[ClientError, float], object] = _ignore

    def wait(self, error: ClientError, attempt: int) -> bool:
        """Pause after a failed attempt, the first is 1; False at once if it was the last one."""
        if self.attempts is not None and attempt >= self.attempts:
            return False
        seconds = self.pause(error, attempt)
        self.told(error, seconds)
        self.sleep(seconds)
        return True

    def pause(self, error: ClientError, attempt: int) -> float:
        """Seconds to wait after this attempt."""
        own = min(self.first * 2.0 ** min(attempt - 1, 30), self.longest) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
        asked = error.retry_after if isinstance(error, Refused) else None
        return max(own, min(asked or 0.0, MOST_ASKED))


def may_repeat(error: Unreachable | Refused, *, harmless: bool, keyed: bool, guarded: bool) -> bool:
    """Whether a request that failed so may be sent again.

    `harmless`: it does not matter if it is carried out twice; `keyed`: it is a POST with a key; `guarded`: it has an `If-Match`.
    """
    if isinstance(error, Unreachable):
        return harmless or not error.sent
    if error.status == HTTPStatus.CONFLICT:
        return keyed  # the first attempt is still being carried out, or nothing was written: the key holds for both
    if error.status == HTTPStatus.PRECONDITION_FAILED:
        return not guarded  # a balancer that wants the cookie it has just set
    return error.status == HTTPStatus.TOO_MANY_REQUESTS or (harmless and error.status in PASSING)


def asked_for(header: str | None, now: datetime | None = None) -> float | None:
    """The seconds of a `Retry-After`, which may be a number or a date; None if it is neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0)
