"""Every failure of the service in the one envelope of `openprocurement_api.errors`."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from pyramid.config import Configurator
from pyramid.response import Response

from openprocurement_api.errors import ApiError, BadGateway, BadRequest, Invalid, NotAllowed, NotFound, Problem
from openprocurement_api.forms import Unreadable
from plugins.documents.ranges import Unsatisfiable
from plugins.documents.storage import StorageFailed

log = structlog.get_logger(__name__)


def answer_failures(config: Configurator) -> None:
    """Say how each kind of failure is answered."""
    config.add_exception_view(broken, context=Exception)
    config.add_exception_view(not_utf_8, context=UnicodeDecodeError)
    config.add_exception_view(unreadable, context=Unreadable)
    config.add_exception_view(failed_storage, context=StorageFailed)
    config.add_exception_view(unsatisfiable, context=Unsatisfiable)
    config.add_exception_view(refused, context=ApiError)
    config.add_notfound_view(no_such_address)


def json(body: Any, status: int = 200, location: str | None = None) -> Any:
    """A JSON response, with a ``Location`` if there is one to tell."""
    response = Response(msgspec.json.encode(body), status=status, content_type="application/json", charset="UTF-8")
    if location:
        response.headers["Location"] = location
    return response


def refused(error: ApiError, _request: Any) -> Any:
    """A refusal, as it describes itself."""
    return json(error.envelope(), error.status)


def unsatisfiable(error: Unsatisfiable, request: Any) -> Any:
    """A range outside the file; the answer tells how long the file is."""
    response = refused(error, request)
    response.headers["Content-Range"] = f"bytes */{error.size}"
    return response


def no_such_address(_error: Any, request: Any) -> Any:
    """An unknown path, or a known one that does not take the method."""
    if getattr(request, "matched_route", None) is None:
        return refused(NotFound(Problem("url", "path", "Not Found")), request)
    response = refused(NotAllowed(Problem("url", "method", "Method Not Allowed")), request)
    response.headers["Allow"] = "GET, HEAD" if request.matched_route.name in {"index", "get"} else "POST"
    return response


def not_utf_8(_error: UnicodeDecodeError, request: Any) -> Any:
    """A path, query or form that is not UTF-8."""
    return refused(Invalid(Problem("body", "data", "could not decode params")), request)


def unreadable(_error: Unreadable, request: Any) -> Any:
    """A form that is malformed, or breaks off."""
    return refused(BadRequest(Problem("body", "data", "The form is malformed or incomplete")), request)


def failed_storage(error: StorageFailed, request: Any) -> Any:
    """The medium failed."""
    log.error("storage_failed", MESSAGE_ID="storage_failed", method=request.method, reason=str(error))
    if request.method == "POST":
        problem = Problem("body", "file", "Upload failed, please try again later")
    else:
        problem = Problem("url", "doc_id", "Download failed, please try again later")
    return refused(BadGateway(problem), request)


def broken(error: Exception, request: Any) -> Any:
    """A defect of ours: told in full to the log, in three words to the client."""
    log.error("internal_error", MESSAGE_ID="internal_error", method=request.method, exc_info=error)
    return refused(ApiError(Problem("url", "request", "Internal Server Error")), request)
