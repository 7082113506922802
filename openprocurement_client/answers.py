"""Reading answers: their data, or the error that they stand for."""

from __future__ import annotations

from http import HTTPStatus

import httpx

from .errors import Problem, Refused, Unreachable, kind_of
from .resources import Doc, decoded
from .retry import asked_for


def object_of(response: httpx.Response) -> Doc:
    """The JSON object of an answer. Raises ValueError if it is something else."""
    whole = decoded(response.content)
    if not isinstance(whole, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - bad data, not a bad argument
    return whole


def data_of(response: httpx.Response) -> Doc:
    """The member `data` of an answer. Raises ValueError or LookupError if it has none that is an object."""
    data = object_of(response)["data"]
    if not isinstance(data, dict):
        raise ValueError("its data are no object")  # noqa: TRY004 - bad data, not a bad argument
    return data


def list_of(response: httpx.Response) -> list[Doc]:
    """The member `data` of a collection. Raises ValueError or LookupError if it has none."""
    data = object_of(response)["data"]
    if not isinstance(data, list):
        raise ValueError("its data are no list")  # noqa: TRY004 - bad data, not a bad argument
    return data


def content_of(response: httpx.Response) -> tuple[str, bytes]:
    """Where the content is, if it is elsewhere, and the content."""
    return response.headers.get("Location", "") if response.is_redirect else "", response.content


def refusal(name: str, response: httpx.Response) -> Refused:
    """The error that an answer stands for."""
    status = response.status_code
    return kind_of(status)(
        name,
        status,
        problems_of(response.content),
        request_id=response.headers.get("X-Request-ID", ""),
        retry_after=asked_for(response.headers.get("Retry-After")),
    )


def problems_of(text: bytes) -> tuple[Problem, ...]:
    """The items of an error envelope; none if the text is no such envelope."""
    try:
        items = decoded(text)["errors"]
        return tuple(Problem(str(i.get("location", "")), str(i.get("name", "")), i.get("description", "")) for i in items)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ()


def maybe_done(error: Unreachable | Refused) -> bool:
    """Whether a write that failed so may have been carried out."""
    return error.sent if isinstance(error, Unreachable) else error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
