"""Around every request: its id, its log line, its metrics, errors in the envelope, packing, and what browsers need."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable
from functools import cache
from secrets import token_hex

import structlog
from prometheus_client import Counter, Histogram
from pyramid.httpexceptions import HTTPException
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.response import Response
from structlog.contextvars import bound_contextvars

from ..engine import Services
from ..errors import ApiError, BadRequest, NotAllowed, NotFound, Problem
from ..storage.base import StorageError, TooNew
from .body import CHARSET, ENCODER, JSON_TYPE
from .identity import key_of

log = structlog.get_logger(__name__)
REQUESTS = Counter("openprocurement_requests_total", "Requests by method, route and status", ("method", "route", "status"))
SECONDS = Histogram("openprocurement_request_seconds", "Time to answer, by method and route", ("method", "route"))
SMALLEST_PACKED = 1024
PACKED = (JSON_TYPE, "application/javascript")
MAX_ID = 128
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE"})
UNPRINTABLE = re.compile(r"[^ -~]")
ERRORS: dict[int, type[ApiError]] = {404: NotFound, 405: NotAllowed}
WORDS = {404: ("url", "path", "Not Found"), 405: ("url", "method", "Method Not Allowed")}
UNREADABLE = {
    "path_info": Problem("url", "path", "could not decode path"),
    "GET": Problem("body", "data", "could not decode params"),
}
"""What is said of parts of the address that are no UTF-8."""
RETRY_AFTER = "5"
UNREACHABLE = Problem("body", "data", "The store cannot be reached. Please repeat your request later.")
TOO_NEW = Problem("body", "data", "A newer version of this server wrote the document. Please repeat your request later.")
READERS_SEND = "Content-Type, Idempotency-Key, If-None-Match, X-Client-Request-ID, X-Revision-Date, X-Revision-N"
READERS_SEE = "ETag, Location, Retry-After, X-Request-ID, X-Revision-Date, X-Revision-Hash, X-Revision-N"
"""Headers that pages of other origins may send and see."""
SHARED = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", READERS_SEE)]
PREFLIGHT = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", READERS_SEND),
    ("Access-Control-Max-Age", "86400"),
]
"""What lets pages of other origins read what is public."""


def factory(handler: Callable[[Request], Response], registry: Registry) -> Callable[[Request], Response]:
    """The tween: everything that is the same for all requests."""
    services: Services = registry.services

    def noted(request: Request) -> Response:
        began = time.perf_counter()
        user = services.keys.user(key_of(request))
        who = {"platform": user.name, "role": user.actor} if user else {"role": "anonymous"}
        with bound_contextvars(**who):
            response = answered(lambda request: handler(readable(request)), request)
            note(request, response, time.perf_counter() - began)
        return response

    def tween(request: Request) -> Response:
        request_id = id_of(request)
        with bound_contextvars(request_id=request_id):
            response = answered(noted, request)
        response.headers["X-Request-ID"] = request_id
        share(request, response)
        pack(request, response)
        return response

    return tween


def id_of(request: Request) -> str:
    """The id that the caller gave the request, printable ASCII only; else a new one."""
    given = UNPRINTABLE.sub("", request.headers.get("X-Client-Request-ID", "")).strip()
    return given[:MAX_ID] or token_hex(16)


def readable(request: Request) -> Request:
    """The request. Raises BadRequest if its address is no UTF-8."""
    for part, problem in UNREADABLE.items():
        try:
            getattr(request, part)
        except UnicodeDecodeError:
            raise BadRequest(problem) from None
    return request


def answered(handler: Callable[[Request], Response], request: Request) -> Response:
    """What the handler answers, or the envelope for what it raised."""
    try:
        return handler(request)
    except ApiError as error:
        return failed(request, error)
    except StorageError as error:
        log.error("store_unavailable", MESSAGE_ID="store_unavailable", reason=str(error))  # noqa: TRY400 - the reason says it
        response = envelope(503, TOO_NEW if isinstance(error, TooNew) else UNREACHABLE)
        response.headers["Retry-After"] = RETRY_AFTER
        return response
    except HTTPException as error:
        return failed(request, of_pyramid(error), error.headers.get("Allow"))
    except Exception:
        log.exception("internal_error", MESSAGE_ID="internal_error", path=path_of(request))
        return envelope(500, Problem("body", "data", "Internal Server Error"))


def of_pyramid(error: HTTPException) -> ApiError:
    """One of Pyramid's own refusals as one of ours."""
    location, name, description = WORDS.get(error.code, ("url", "path", error.title))
    found = ERRORS.get(error.code, BadRequest)(Problem(location, name, description))
    found.status = error.code
    return found


def failed(request: Request, error: ApiError, allow: str | None = None) -> Response:
    """The envelope of an error, logged."""
    log.info("refused", MESSAGE_ID="refused", status=error.status, errors=[f"{p.location}/{p.name}" for p in error.problems])
    response = envelope(error.status, *error.problems)
    if allow:
        response.headers["Allow"] = allow
    return response


def envelope(status: int, *problems: Problem) -> Response:
    """The one shape of every failure."""
    payload = {"status": "error", "errors": [problem.asdict() for problem in problems]}
    return Response(body=ENCODER.encode(payload), status=status, content_type=f"{JSON_TYPE}; {CHARSET}")


def note(request: Request, response: Response, seconds: float) -> None:
    """Count the request and log it; the query string stays out, it may hold a token."""
    route = request.matched_route.pattern if request.matched_route else "unknown"
    count, clock = meters(request.method if request.method in METHODS else "other", route, response.status_int)
    count.inc()
    clock.observe(seconds)
    document = next((value for value in (request.matchdict or {}).values() if isinstance(value, str)), None)
    log.info(
        "request", MESSAGE_ID="request", method=request.method, path=path_of(request), status=response.status_int,
        ms=round(seconds * 1000, 1), document_id=document,
    )  # fmt: skip


@cache
def meters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The counter and the clock of one kind of request; there are as many as routes and statuses, whatever clients send."""
    return REQUESTS.labels(method, route, status), SECONDS.labels(method, route)


def path_of(request: Request) -> str:
    """The path, whatever bytes it holds."""
    return str(request.environ["PATH_INFO"]).encode("latin-1").decode(errors="replace")


def share(request: Request, response: Response) -> None:
    """Let pages of other origins read what is public; credentials of a browser are never used."""
    response.headerlist += PREFLIGHT if request.method == "OPTIONS" else SHARED


def pack(request: Request, response: Response) -> None:
    """Compress a large JSON answer for who accepts it; the ETag tells the packed one apart."""
    if response.content_type not in PACKED or not isinstance(response.app_iter, list):
        return
    there = response.headers.get("Vary")
    response.headers["Vary"] = f"{there}, Accept-Encoding" if there else "Accept-Encoding"
    accepts = any(offer.startswith("gzip") for offer in accepted(request))
    if not accepts or len(response.body) < SMALLEST_PACKED:
        return
    response.body = gzip.compress(response.body, compresslevel=5, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    if "ETag" in response.headers:
        response.headers["ETag"] = response.headers["ETag"][:-1] + '-gzip"'


def accepted(request: Request) -> list[str]:
    """The encodings the caller accepts, those with q=0 left out."""
    offers = [o.strip().lower() for o in request.headers.get("Accept-Encoding", "").split(",")]
    return [o for o in offers if not o.replace(" ", "").endswith((";q=0", ";q=0.0"))]
