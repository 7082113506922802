"""Around every request: its id, its log line, its metrics, errors in the envelope, packing, and what browsers need."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus

import structlog
from pyramid.httpexceptions import HTTPException
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.response import Response

from ..errors import ApiError, BadRequest, Invalid, NotAllowed, NotFound, Problem, Unavailable
from ..logs import ABOUT
from ..storage.base import StorageError, TooNew
from .body import CHARSET, ENCODER, JSON_TYPE, bare, seen, takes_gzip
from .identity import CALLER
from .noting import ID, READS, Notes, document_of, id_of, path_of, who
from .remembered import FAILURE, Answers

log = structlog.get_logger(__name__)
SMALLEST_PACKED = 1024
LONGEST_TOLD = 128
"""Characters that the log takes of a name that clients choose."""
PACKED = (JSON_TYPE, "application/javascript")
ERRORS: dict[int, type[ApiError]] = {404: NotFound, 405: NotAllowed}
WORDS = {404: ("url", "path", "Not Found"), 405: ("url", "method", "Method Not Allowed")}
UNREADABLE: Mapping[str, tuple[type[ApiError], Problem]] = {
    "path_info": (BadRequest, Problem("url", "path", "could not decode path")),
    "GET": (Invalid, Problem("body", "data", "could not decode params")),
}
"""What is said of parts of the address that are no UTF-8."""
RETRY_AFTER = "5"
UNREACHABLE = Problem("body", "data", "The store cannot be reached. Please repeat your request later.")
TOO_NEW = Problem("body", "data", "A newer version of this server wrote the document. Please repeat your request later.")
READERS_SEND = "Content-Type, Idempotency-Key, If-None-Match, X-Client-Request-ID, X-Revision-Date, X-Revision-N"
READERS_SEE = f"ETag, Location, Retry-After, {ID}, X-Revision-Date, X-Revision-Hash, X-Revision-N"
"""Headers that pages of other origins may send and see."""
SHARED = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", READERS_SEE),
    ("X-Content-Type-Options", "nosniff"),
]
PREFLIGHT = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", READERS_SEND),
    ("Access-Control-Max-Age", "86400"),
]
"""What lets pages of other origins read what is public."""


def factory(handler: Callable[[Request], Response], registry: Registry) -> Callable[[Request], Response]:
    """The tween: everything that is the same for all requests."""
    answers: Answers = registry.answers
    notes: Notes = registry.notes

    def named(request: Request) -> Response:
        if FAILURE in request.environ:
            raise request.environ[FAILURE]
        ABOUT.set({**ABOUT.get(), **who(request.environ[CALLER])})
        return handler(readable(request))

    def tween(request: Request) -> Response:
        began, environ = time.perf_counter(), request.environ
        token = ABOUT.set({"request_id": id_of(environ)})
        try:
            response = answered(named, request)
            share(request, response)
            pack(request, response)
            answers.keep(request, response)
            shorten(request, response)
            route = request.matched_route.pattern if request.matched_route else "unknown"
            document = document_of(request.matchdict)
            notes.take(environ, route, document, response.status_int, time.perf_counter() - began)
            response.headerlist.append((ID, ABOUT.get()["request_id"]))
        finally:
            ABOUT.reset(token)
        return response

    return tween


def readable(request: Request) -> Request:
    """The request, its media type in small letters (case means nothing in it: RFC 9110, 8.3.1).

    Raises BadRequest if its path is no UTF-8, Invalid if its query is none.
    """
    for part, (refusal, problem) in UNREADABLE.items():
        try:
            getattr(request, part)
        except UnicodeDecodeError:
            raise refusal(problem) from None
    if sent := request.environ.get("CONTENT_TYPE"):
        kind, sign, parameters = sent.partition(";")
        request.environ["CONTENT_TYPE"] = f"{kind.strip().lower()}{sign}{parameters}"
    return request


def answered(handler: Callable[[Request], Response], request: Request) -> Response:
    """What the handler answers, or the envelope for what it raised."""
    try:
        return handler(request)
    except ApiError as error:
        return failed(request, error)
    except StorageError as error:
        log.error("store_unavailable", MESSAGE_ID="store_unavailable", reason=str(error))  # noqa: TRY400 - the reason says it
        response = envelope(Unavailable(TOO_NEW if isinstance(error, TooNew) else UNREACHABLE))
        response.headers["Retry-After"] = RETRY_AFTER
        return response
    except HTTPException as error:
        return failed(request, of_pyramid(error), error.headers.get("Allow"))
    except Exception:
        log.exception("internal_error", MESSAGE_ID="internal_error", path=path_of(request.environ))
        return envelope(ApiError(Problem("body", "data", "Internal Server Error")))


def of_pyramid(error: HTTPException) -> ApiError:
    """One of Pyramid's own refusals as one of ours."""
    location, name, description = WORDS.get(error.code, ("url", "path", error.title))
    found = ERRORS.get(error.code, BadRequest)(Problem(location, name, description))
    found.status = error.code
    return found


def failed(request: Request, error: ApiError, allow: str | None = None) -> Response:
    """The envelope of an error, logged."""
    told = [f"{p.location}/{p.name}"[:LONGEST_TOLD] for p in error.problems]
    log.info("refused", MESSAGE_ID="refused", status=error.status, errors=told)
    response = envelope(error)
    if allow:
        response.headers["Allow"] = allow
    return response


def envelope(error: ApiError) -> Response:
    """The one shape of every failure."""
    return Response(body=ENCODER.encode(error.envelope()), status=error.status, content_type=f"{JSON_TYPE}; {CHARSET}")


def share(request: Request, response: Response) -> None:
    """Let pages of other origins read what is public; credentials of a browser are never used."""
    response.headerlist += PREFLIGHT if request.method == "OPTIONS" else SHARED


def pack(request: Request, response: Response) -> None:
    """Compress a large JSON answer for who accepts it; the ETag tells the packed one apart."""
    if response.content_type not in PACKED or not isinstance(response.app_iter, list):
        return
    there = response.headers.get("Vary")
    response.headers["Vary"] = f"{there}, Accept-Encoding" if there else "Accept-Encoding"
    if not takes_gzip(request.environ.get("HTTP_ACCEPT_ENCODING")) or len(response.body) < SMALLEST_PACKED:
        return
    response.body = gzip.compress(response.body, compresslevel=5, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    if "ETag" in response.headers:
        response.headers["ETag"] = response.headers["ETag"][:-1] + '-gzip"'


def shorten(request: Request, response: Response) -> None:
    """Say 304 instead, if the caller has the answer already."""
    etag = response.headers.get("ETag")
    if etag and response.status_int == HTTPStatus.OK and request.method in READS and seen(request.environ, etag):
        response.status_int, response.app_iter, response.headerlist = HTTPStatus.NOT_MODIFIED, [], bare(response.headerlist)
