"""Pages that belong to no procedure: health, version, metrics."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from pyramid.request import Request
from pyramid.response import Response

from ... import __version__
from ...engine import Services
from ...errors import Forbidden, Problem, Unavailable
from ...storage.base import StorageError
from ..body import answer
from ..call import Call

LOOPBACK = (None, "127.0.0.1", "::1")


def health(request: Request) -> Response:
    """Whether the store answers, and how far the clock is behind: 503 if something is wrong."""
    services: Services = request.registry.services
    facts: dict[str, Any] = {"store": "ok", "clock": {}}
    try:
        services.store.ping()
        facts["clock"] = {"lag": lag(services, Call(request).now)}
        for found in services.plugins.hook.openprocurement_health(
            settings=services.settings, store=services.store, clock=services.clock
        ):
            facts |= found
    except StorageError as error:
        facts["store"] = facts["error"] = f"unreachable: {error}"
    if "error" not in facts:
        return answer(request, {"data": facts})
    ill = Unavailable(Problem("body", "data", facts["error"]))
    return answer(request, ill.envelope() | {"data": facts}, ill.status)


def lag(services: Services, now: datetime) -> float:
    """Seconds since the oldest moment that fell due and was not seen to; 0 if nothing waits."""
    kinds = {procedure.root.name for procedure in services.procedures.values()}
    oldest = [row[0] for kind in kinds for row in services.store.due(kind, until=now, limit=1)]
    return max((now - min(oldest)).total_seconds(), 0.0) if oldest else 0.0


def version(request: Request) -> Response:
    """The version of the wire contract and of the program."""
    settings = request.registry.services.settings
    return answer(request, {"data": {"api": settings["api_version"], "program": __version__}})


def metrics(request: Request) -> Response:
    """Counters and timings for Prometheus, of all worker processes if these share a folder for them.

    They tell how many bids came in: nobody reads them from outside, or through a proxy, unless the operator says so.
    """
    inside = request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers
    if not (inside or request.registry.services.settings["metrics.public"]):
        raise Forbidden(Problem("url", "permission", "Forbidden"))
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


PAGES: dict[str, Callable[[Request], Response]] = {"health": health, "version": version}
