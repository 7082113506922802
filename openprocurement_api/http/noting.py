"""What is noted of every request: its id, a line in the log, the metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from random import getrandbits
from typing import Any

from prometheus_client import Counter, Histogram

from .. import logs
from ..keys import User

REQUESTS = Counter("openprocurement_requests_total", "Requests by method, route and status", ("method", "route", "status"))
SECONDS = Histogram("openprocurement_request_seconds", "Time to answer, by method and route", ("method", "route"))
READS = frozenset({"GET", "HEAD"})
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE"})
UNPRINTABLE = re.compile(r"[^ -~]")
MAX_ID = 128
ID = "X-Request-ID"
Environ = Mapping[str, Any]


def id_of(environ: Environ) -> str:
    """The id that the caller gave the request, printable ASCII only; else a new one, which need not be a secret."""
    given = environ.get("HTTP_X_CLIENT_REQUEST_ID")
    return (given and UNPRINTABLE.sub("", given).strip()[:MAX_ID]) or f"{getrandbits(128):032x}"


def who(user: User | None) -> dict[str, str]:
    """What every line of a request says of the caller."""
    return {"platform": user.name, "role": user.actor} if user else {"role": "anonymous"}


def document_of(ids: Mapping[str, Any] | None) -> str | None:
    """The id of the document, of what the route found in the path."""
    return next((value for value in (ids or {}).values() if isinstance(value, str)), None)


def path_of(environ: Environ) -> str:
    """The path, whatever bytes it holds."""
    path: str = environ["PATH_INFO"]
    return path if path.isascii() else path.encode("latin-1").decode(errors="replace")


class Notes:
    """Counts and logs requests. Made when the log is configured.

    Without `reads` there is no line for those without a key that got what they read.
    """

    def __init__(self, *, reads: bool = True) -> None:
        self.log = logs.quick(__name__)
        self.reads = reads

    def take(self, environ: Environ, route: str, document: str | None, status: int, seconds: float, **more: str) -> None:
        """Take note of one request for a document, or for none; the query stays out, it may hold a token."""
        method = environ["REQUEST_METHOD"]
        count, clock = meters(method if method in METHODS else "other", route, status)
        count.inc()
        clock.observe(seconds)
        if not self.reads and method in READS and status < HTTPStatus.BAD_REQUEST and "HTTP_AUTHORIZATION" not in environ:
            return
        self.log(
            "request", MESSAGE_ID="request", method=method, path=path_of(environ), status=status,
            ms=round(seconds * 1000, 1), document_id=document, **more,
        )  # fmt: skip


@cache
def meters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The counter and the clock of one kind of request; there are as many as routes and statuses, whatever clients send."""
    return REQUESTS.labels(method, route, status), SECONDS.labels(method, route)
