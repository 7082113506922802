"""Every way a request can fail, as one family.

Whatever goes wrong, the client gets one envelope::

    {"status": "error", "errors": [{"location": ..., "name": ..., "description": ...}]}

| status | class          | when                                                              |
|--------|----------------|-------------------------------------------------------------------|
| 400    | BadRequest     | the request cannot be read at all: it breaks off, its path is none |
| 403    | Forbidden      | the caller may not do this, or may not do it now                   |
| 404    | NotFound       | nothing is kept under this address                                 |
| 405    | NotAllowed     | the address exists, the method does not                            |
| 409    | Conflict       | others kept changing the document; nothing was written             |
| 410    | Gone           | the document was archived                                          |
| 412    | Stale          | the document is no longer the one named in `If-Match`              |
| 413    | TooLarge       | the body is larger than the operator allows                        |
| 415    | Unsupported    | wrong content type, or a procedure this server does not have       |
| 422    | Invalid        | the query cannot be read, or the data break a rule of their model  |
| 502    | BadGateway     | the document service failed                                        |
| 503    | Unavailable    | the store cannot be reached                                        |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One error item of the envelope.

    `location` is one of body, url, header, querystring, params, data, procurementMethodType, procuringEntity; `name` is the
    field, `description` a string or, for invalid data, the nested lists and dicts that mirror the field's structure.
    """

    location: str
    name: str
    description: Any

    def asdict(self) -> dict[str, Any]:
        """The item as it is sent."""
        return {"location": self.location, "name": self.name, "description": self.description}


class ApiError(Exception):
    """A refusal that reaches the client as the error envelope; of no class of its own, a defect of the server."""

    status = 500

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(f"{p.location}/{p.name}: {p.description}" for p in problems))
        self.problems = problems

    def envelope(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"status": "error", "errors": [problem.asdict() for problem in self.problems]}


class BadRequest(ApiError):
    """The request cannot be read."""

    status = 400


class Forbidden(ApiError):
    """Not this caller, or not now."""

    status = 403


class NotFound(ApiError):
    """Nothing is kept under this address."""

    status = 404


class NotAllowed(ApiError):
    """The address does not take this method."""

    status = 405


class Conflict(ApiError):
    """Others kept changing the document."""

    status = 409


class Gone(ApiError):
    """The document was archived."""

    status = 410


class Stale(ApiError):
    """The document is not the one the caller has seen."""

    status = 412


class TooLarge(ApiError):
    """The body is larger than allowed."""

    status = 413


class Unsupported(ApiError):
    """Wrong content type or unknown procedure."""

    status = 415


class Invalid(ApiError):
    """The query cannot be read, or the data break a rule of their model."""

    status = 422


class BadGateway(ApiError):
    """A service behind the API failed."""

    status = 502


class Unavailable(ApiError):
    """The store cannot be reached."""

    status = 503
