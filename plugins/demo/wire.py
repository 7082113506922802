"""A platform or a service as the API knows it: a key, requests in JSON, files for the document service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from .failures import Failed

BASE = "/api/2.5"
PATIENCE = 30.0
"""Seconds for one answer."""
Doc = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource somebody made: its full address, the token that makes its holder, the answer of the server, and its doubts."""

    url: str
    token: str
    data: Doc
    warnings: tuple[str, ...] = ()


class Platform:
    """The holder of one API key."""

    def __init__(self, key: str, url: str, documents: str, transport: httpx.BaseTransport | None = None) -> None:
        self.key = key
        self.base = f"{url.rstrip('/')}{BASE}"
        self.documents = documents.rstrip("/")
        self._client = httpx.Client(auth=(key, ""), transport=transport, timeout=PATIENCE)

    def get(self, url: str, token: str = "") -> Doc:
        """The member `data` of a resource."""
        data: Doc = self._send("GET", url, token)["data"]
        return data

    def post(self, url: str, data: Doc, token: str = "") -> Thing:
        """Make a resource. Its address is that of its collection and its id."""
        answer = self._send("POST", url, token, data)
        made: Doc = answer["data"]
        warnings = tuple(warning["description"] for warning in answer.get("warnings", ()))
        return Thing(f"{url}/{made.get('id', '')}", answer.get("access", {}).get("token", ""), made, warnings)

    def patch(self, url: str, data: Doc, token: str = "") -> Doc:
        """Change a resource; returns it as it then is."""
        changed: Doc = self._send("PATCH", url, token, data)["data"]
        return changed

    def attach(self, url: str, title: str, text: str, token: str, *, to: str = "documents", **fields: str) -> Thing:
        """Upload a text file to the document service and add it to the documents of a resource, or to another collection."""
        files = {"file": (title, text.encode(), "text/plain")}
        kept = self._answer("POST", f"{self.documents}/upload", files=files)["data"]
        return self.post(f"{url}/{to}", {**kept, "title": title, **fields}, token)

    def take_over(self, url: str, token: str) -> Thing:
        """Get a token of its own for what another token gives a right to."""
        answer = self._send("PATCH", f"{url}/credentials", token, {})
        return Thing(url, answer["access"]["token"], answer["data"])

    def refusal(self, url: str) -> str:
        """What the server says to a reading that it refuses. Raises Failed if it does not refuse it."""
        return self._refused("GET", url)

    def refused(self, url: str, data: Doc) -> str:
        """What the server says to something that it refuses to make. Raises Failed if it does not refuse it."""
        return self._refused("POST", url, json={"data": data})

    def _refused(self, method: str, url: str, **options: Any) -> str:
        response = self._request(method, url, **options)
        if response.is_success:
            raise Failed(f"{url} should have been refused to {self.key!r}, and was not.")
        return complaint(response)

    def _send(self, method: str, url: str, token: str, data: Doc | None = None) -> Doc:
        headers = {"X-Access-Token": token} if token else {}
        return self._answer(method, url, headers=headers, json=None if data is None else {"data": data})

    def _answer(self, method: str, url: str, **options: Any) -> Doc:
        response = self._request(method, url, **options)
        if not response.is_success:
            raise Failed(f"{method} {url} as {self.key!r} was refused: {complaint(response)}")
        answer: Doc = response.json()
        return answer

    def _request(self, method: str, url: str, **options: Any) -> httpx.Response:
        try:
            return self._client.request(method, url, **options)
        except httpx.TransportError as error:
            raise Failed(f"{url} cannot be reached ({error}). Is the server running? `make run` starts one.") from error
        except httpx.InvalidURL as error:
            raise Failed(f"{url!r} is no address of a server: {error}.") from error


def complaint(response: httpx.Response) -> str:
    """The status of a refusal and what the server says to it."""
    try:
        said = "; ".join(f"{e['location']}/{e['name']}: {e['description']}" for e in response.json()["errors"])
    except (ValueError, LookupError, TypeError):
        said = response.text[:200]
    return f"{response.status_code} {said}"
