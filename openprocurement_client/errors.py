"""One family of errors: no answer came, or the server refused.

`ClientError.uncertain` is the question that counts after a write: is it possible that the server carried it out all the same?
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar


class ClientError(Exception):
    """Something went wrong. `uncertain`: a write may have been carried out although nobody said so."""

    uncertain: bool = False


class Unreachable(ClientError):
    """No whole answer came: no connection, a time-out, a connection that broke, an answer that is not JSON."""

    def __init__(self, text: str, *, sent: bool) -> None:
        super().__init__(text)
        self.sent = sent
        """Whether the request may have arrived."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One item of the error envelope; `description` is a text, or lists and objects that mirror the structure of the field."""

    location: str
    name: str
    description: Any

    def lines(self) -> Iterator[tuple[str, str]]:
        """Path and text of every single complaint: `("items.quantity", "This field is required.")`.

        Which element of a list is meant is not said: the server names the wrong ones only, and not their places.
        """
        yield from _lines(self.name, self.description)


def _lines(path: str, description: Any) -> Iterator[tuple[str, str]]:
    if isinstance(description, dict):
        for name, inner in description.items():
            yield from _lines(f"{path}.{name}", inner)
    elif isinstance(description, list):
        for inner in description:
            yield from _lines(path, inner)
    else:
        yield path, str(description)


class Refused(ClientError):
    """The server answered with an error. `problems` is empty if the answer was none of the API's own, but a proxy's."""

    status: int
    statuses: ClassVar[tuple[int, ...]] = ()

    def __init__(
        self,
        call: str,
        status: int,
        problems: tuple[Problem, ...] = (),
        *,
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        said = "; ".join(f"{path}: {text}" for problem in problems for path, text in problem.lines())
        super().__init__(f"{call} was refused with {status}{': ' if said else ''}{said}")
        self.status, self.problems = status, problems
        self.request_id = request_id
        """Under this the request stands in the log of the server."""
        self.retry_after = retry_after
        """Seconds that the server asks to wait."""

    @property
    def fields(self) -> dict[str, str]:
        """The first complaint about each field, by its path: `{"items.quantity": "This field is required."}`."""
        found: dict[str, str] = {}
        for problem in self.problems:
            for path, text in problem.lines():
                found.setdefault(path, text)
        return found


class Forbidden(Refused):
    """403: you may not do this, or it may not happen now."""

    statuses = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class NotFound(Refused):
    """404: there is no such thing."""

    statuses = (HTTPStatus.NOT_FOUND,)


class CursorLost(NotFound):
    """The server does not know this place of the feed (any more): begin again with a date that lies safely before."""


class Conflict(Refused):
    """409: others were faster and nothing was written; or the same request is still being carried out."""

    statuses = (HTTPStatus.CONFLICT,)


class Gone(Refused):
    """410: it has been archived."""

    statuses = (HTTPStatus.GONE,)


class Stale(Refused):
    """412: it is no longer what you have seen. If `uncertain`, the change that came between may have been your own."""

    statuses = (HTTPStatus.PRECONDITION_FAILED,)


class Invalid(Refused):
    """422: the data are not in order; `fields` says where."""

    statuses = (HTTPStatus.UNPROCESSABLE_ENTITY,)


class TooManyRequests(Refused):
    """429: slow down."""

    statuses = (HTTPStatus.TOO_MANY_REQUESTS,)


class ServerFailed(Refused):
    """5xx: the server, or something it needs, failed."""


KINDS: dict[int, type[Refused]] = {
    status: kind for kind in (Forbidden, NotFound, Conflict, Gone, Stale, Invalid, TooManyRequests) for status in kind.statuses
}


def kind_of(status: int) -> type[Refused]:
    """The class of a refusal."""
    return ServerFailed if status >= HTTPStatus.INTERNAL_SERVER_ERROR else KINDS.get(status, Refused)
