"""`Client`: a platform's, or a reader's, view of one server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import httpx

from .answers import content_of, data_of, list_of, object_of
from .errors import ClientError, Stale
from .feed import Feed
from .resources import Doc, Thing, raw_data
from .retry import Retries
from .uploads import Source, described, documents_at, opened
from .wire import Call, Connection, Wire

Where = str | Thing
"""A path below the API's version, such as `/tenders/ID/bids`, or a thing, whose token is then used."""


class Client(AbstractContextManager["Client"]):
    """Requests to one server. All methods raise ClientError; a client is safe for several threads.

    `url` is the address of the server, or of the API if its path is not `/api/2.5`. `key` is the key of a platform; reading what
    is public needs none. `documents` is the address of the document service, with `name:password@` if it has accounts of its own;
    by default it is `/docservice` of the server. `idempotency`: the server knows the header `Idempotency-Key`; without it no POST
    is repeated whose answer was lost. Raises ValueError for what is no address.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str = "",
        documents: str = "",
        retries: Retries | None = None,
        idempotency: bool = True,
        connection: Connection | None = None,
    ) -> None:
        self.wire = Wire(url, key, retries or Retries(), connection or Connection())
        self.documents = documents_at(documents or f"{self.wire.origin}/docservice", key, self.wire)
        self.idempotency = idempotency

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.wire.close()

    # --- reading

    def get(self, where: Where, *, token: str = "") -> Thing:
        """A resource."""
        return self._thing(Call("GET", path_of(where), headers=credentials(where, token)), where, token)

    def items(self, where: Where, *, token: str = "") -> list[Doc]:
        """All resources of a collection below a document, such as its bids."""
        call = Call("GET", path_of(where), headers=credentials(where, token))
        return self.wire.send(call, list_of)

    def raw(self, where: Where) -> bytes:
        """A resource as JSON text on one line, every number as the server wrote it."""
        return self.wire.send(Call("GET", path_of(where)), lambda response: raw_data(response.content))

    def feed(self, kind: str = "tenders", *, mode: str = "", fields: str = "", limit: int = 100, pause: float = 10.0) -> Feed:
        """The feed of a kind of documents. `mode`: empty for real ones, `test`, or `_all_`; `fields` are separated by commas."""
        query = {"mode": mode, "opt_fields": fields, "limit": str(limit)}
        return Feed(self.wire, kind, {name: value for name, value in query.items() if value}, pause, self.wire.retries)

    def download(self, document: Doc | Thing, *, token: str = "") -> bytes:
        """The content of a document. Raises ClientError also if its hash is another one."""
        data = document.data if isinstance(document, Thing) else document
        address = str(data["url"])
        content = self._content(address, credentials(document, token) if self.wire.owns(address) else {})
        digest = f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"
        if data.get("hash", digest) != digest:
            raise ClientError(f"{address}: the content is not the one that the document names")
        return content

    def _content(self, address: str, headers: Mapping[str, str], moves: int = 3) -> bytes:
        """What is at an address, or where that leads to; tokens stay behind, a signed address needs none."""
        moved, content = self.wire.send(Call("GET", address, headers=headers), content_of)
        if not moved:
            return content
        if not moves:
            raise ClientError(f"{address}: moved too often")
        return self._content(str(httpx.URL(address).join(moved)), {}, moves - 1)

    # --- writing

    def create(self, where: Where, data: Doc, *, token: str = "", idempotency_key: str = "") -> Thing:
        """A new resource in a collection.

        It is repeated under one `Idempotency-Key`, made anew for each call; give your own to be able to repeat it after a crash.
        """
        key = idempotency_key or (uuid4().hex if self.idempotency else "")
        headers = credentials(where, token) | ({"Idempotency-Key": key} if key else {})
        return self._thing(Call("POST", path_of(where), {"data": data}, headers=headers), where, token)

    def operate(self, where: Where, data: Doc, *, token: str = "") -> Thing:
        """POST to an operation that makes nothing new, such as `/tenders/ID/auction`. It is sent once."""
        return self._thing(Call("POST", path_of(where), {"data": data}, headers=credentials(where, token)), where, token)

    def patch(self, where: Where, data: Doc, *, token: str = "", if_match: str = "") -> Thing:
        """A change: objects merge, lists merge by index, null takes a field away.

        With `if_match`, the `etag` of what you have seen, it is refused with Stale if that has changed, and repeated if an answer
        is lost. Without, it is sent once.
        """
        return self._thing(
            Call("PATCH", path_of(where), {"data": data}, headers=credentials(where, token, if_match)), where, token
        )

    def update(self, thing: Thing, change: Callable[[Doc], Doc], *, attempts: int = 5) -> Thing:
        """Change what `change` decides, from the present data, and decide anew if somebody else was faster.

        Raises Stale if that happens so many times, or if it cannot be told whether the other one was this change itself.
        """
        for attempt in range(1, attempts + 1):
            try:
                return self.patch(thing, change(thing.data), if_match=thing.etag)
            except Stale as error:
                if error.uncertain or attempt == attempts:
                    raise
                thing = self.get(thing)
        raise ValueError("attempts should be at least 1")

    def delete(self, where: Where, *, token: str = "", if_match: str = "") -> Thing:
        """Take a resource away; returns what it was."""
        return self._thing(Call("DELETE", path_of(where), headers=credentials(where, token, if_match)), where, token)

    # --- files

    def attach(self, where: Where, file: Source, *, title: str = "", token: str = "", **fields: Any) -> Thing:
        """Upload a file to the document service, then add it to a collection of documents.

        `fields` are further ones of the document: `documentType`, `relatedItem` ...
        """
        with opened(file) as content:
            kept = self.documents.upload(described(content, title))
        return self.create(where, {**kept, **fields}, token=token)

    def attach_directly(self, where: Where, file: Source, *, title: str = "", token: str = "") -> Thing:
        """Send a file to a collection of documents itself; the API passes it on. It is sent once: prefer `attach`."""
        headers = credentials(where, token)
        with opened(file) as content:
            return self._thing(Call("POST", path_of(where), files=described(content, title).parts, headers=headers), where, token)

    def new_version(self, document: Thing, file: Source, *, title: str = "", token: str = "", if_match: str = "") -> Thing:
        """Upload a file and make it the new version of a document. It is repeated only with `if_match`: each PUT is a version."""
        with opened(file) as content:
            kept = self.documents.upload(described(content, title or str(document["title"])))
        headers = credentials(document, token, if_match)
        return self._thing(Call("PUT", document.path, {"data": kept}, headers=headers), document, token)

    def _thing(self, call: Call, where: Where, token: str = "") -> Thing:
        """The thing that an answer shows. What has no token of its own is held with the one that was sent."""
        known = token or (where.token if isinstance(where, Thing) else "")
        return self.wire.send(call, lambda response: self._made_of(call, response, known))

    def _made_of(self, call: Call, response: httpx.Response, token: str) -> Thing:
        whole = object_of(response)
        access = whole.get("access", {})
        location = self.wire.path_of(response.headers.get("Location", ""))
        return Thing(
            location if response.status_code == HTTPStatus.CREATED and location else call.address,
            data_of(response),
            response.headers.get("ETag", ""),
            access.get("token", token),
            access.get("transfer", ""),
            location,
        )


def path_of(where: Where) -> str:
    """The path below the API's version."""
    path = where.path if isinstance(where, Thing) else where
    return path if path.startswith("/") else f"/{path}"


def credentials(where: Where | Doc, token: str, if_match: str = "") -> dict[str, str]:
    """The headers that prove who you are, and what you have seen."""
    token = token or (where.token if isinstance(where, Thing) else "")
    return ({"X-Access-Token": token} if token else {}) | ({"If-Match": if_match} if if_match else {})
