"""Requests and answers: addresses, credentials, ids of requests, repeats, and errors in place of statuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from .answers import maybe_done, refusal
from .errors import Refused, Unreachable
from .resources import Doc, encoded
from .retry import Retries, may_repeat

T = TypeVar("T")
JSON_TYPE = "application/json"
READING = frozenset({"GET", "HEAD"})
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""Failures after which the request surely did not arrive."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `json` is its body, or `files` are, as httpx takes them.

    `address` is a path below the API's version, or a whole address; credentials only go to the server itself, and to `auth` where
    that is given. `harmless`: it does not matter if this is carried out twice.
    """

    method: str
    address: str
    json: Doc | None = None
    files: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None
    harmless: bool = False

    def repeatable(self, error: Unreachable | Refused) -> bool:
        """Whether it may be sent again after this failure."""
        keyed, guarded = "Idempotency-Key" in self.headers, "If-Match" in self.headers
        harmless = self.harmless or keyed or guarded or self.method in READING
        return may_repeat(error, harmless=harmless, keyed=keyed, guarded=guarded)


@dataclass(frozen=True, slots=True)
class Connection:
    """How to talk to a server. `timeout` is in seconds, of each step; `transport` for tests, proxies, own certificates."""

    timeout: float = 30.0
    user_agent: str = ""
    api_version: str = "2.5"
    transport: httpx.BaseTransport | None = None


class Wire:
    """The connections to one server. Safe for several threads."""

    def __init__(self, url: str, key: str, retries: Retries, connection: Connection) -> None:
        self.origin, self.base = addresses(url, connection.api_version)
        self.retries = retries
        self._auth = (key, "") if key else None
        headers = {"User-Agent": connection.user_agent or own_name()}
        self._client = httpx.Client(headers=headers, timeout=connection.timeout, transport=connection.transport)

    def send(self, call: Call, read: Callable[[httpx.Response], T], retries: Retries | None = None) -> T:
        """What `read` makes of the answer, after as many repeats as are allowed; its ValueError stands for a broken answer.

        Raises ClientError.
        """
        patience, uncertain = retries or self.retries, False
        request_id = uuid4().hex
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._once(call, request_id, read)
            except (Unreachable, Refused) as error:
                uncertain = error.uncertain = uncertain or (call.method not in READING and maybe_done(error))
                if not (call.repeatable(error) and patience.wait(error, attempt)):
                    raise

    def _once(self, call: Call, request_id: str, read: Callable[[httpx.Response], T]) -> T:
        name = f"{call.method} {call.address}"
        try:
            response = self._client.send(self._request(call, request_id), auth=self._credentials(call))
        except httpx.RequestError as error:
            reason = str(error) or type(error).__name__
            raise Unreachable(f"{name}: no answer: {reason}", sent=not isinstance(error, UNSENT)) from error
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            raise refusal(name, response)
        try:
            return read(response)
        except (ValueError, LookupError) as error:
            raise Unreachable(f"{name}: the answer with {response.status_code} cannot be read: {error}", sent=True) from error

    def _request(self, call: Call, request_id: str) -> httpx.Request:
        url = f"{self.base}{call.address}" if call.address.startswith("/") else call.address
        headers = {"X-Client-Request-ID": request_id, **call.headers}
        content = None
        if call.json is not None:
            headers["Content-Type"], content = JSON_TYPE, encoded(call.json)
        return self._client.build_request(
            call.method, url, headers=headers, content=content, files=call.files, params=call.query or None
        )

    def _credentials(self, call: Call) -> httpx.Auth | None:
        pair = call.auth or (self._auth if self.owns(call.address) else None)
        return httpx.BasicAuth(*pair) if pair else None

    def owns(self, address: str) -> bool:
        """Whether credentials may go there."""
        return address.startswith(("/", f"{self.origin}/"))

    def path_of(self, location: str) -> str:
        """The path below the API's version that a header `Location` stands for; a proxy may have changed the host."""
        path, base = httpx.URL(location).path, httpx.URL(self.base).path
        return path.removeprefix(base) if path.startswith(f"{base}/") else ""

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def own_name() -> str:
    """How the client introduces itself."""
    try:
        return f"openprocurement-client/{version('openprocurement-api')}"
    except PackageNotFoundError:
        return "openprocurement-client"


def addresses(url: str, api_version: str) -> tuple[str, str]:
    """Scheme and host, and the address everything is below: `/api/2.5` is added if the path has no `/api/`. Raises ValueError."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{url!r} is no address: {error}") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError(f"{url!r} is no address: it should look like https://api.example.org")
    whole = url.rstrip("/")
    origin = f"{parsed.scheme}://{parsed.netloc.decode()}"
    return origin, whole if "/api/" in parsed.path else f"{whole}/api/{api_version}"
