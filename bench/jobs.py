"""What is measured: the jobs, the requests each of them sends, and what it must reach."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from itertools import count, cycle, islice
from uuid import uuid4

import msgspec

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders

from .data import KIND, Data, Herd
from .documents import BROKER, Sample
from .limit import Answer

AUTHORIZATION = f"Basic {base64.b64encode(f'{BROKER}:'.encode()).decode()}"
Requests = Callable[[Data, int], list[bytes]]
"""Makes a number of requests; those of writes have not been sent before."""
Put = Callable[[Data], Callable[[], None]]
"""Prepares a function that does once what the job asks of the store."""
_serial = count(1)


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the table. A read must reach `target` times the limit's rate; a write may cost `target` times its CPU.

    Without a target the job is measured and not judged. `put` is the store's part of a write.
    """

    name: str
    status: int
    requests: Requests
    target: float | None = None
    put: Put | None = None


def request(method: str, path: str, data: Doc | None = None, **headers: str) -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{n.replace('_', '-')}: {v}" for n, v in headers.items())]
    body = b"" if data is None else msgspec.json.encode({"data": data})
    if data is not None:
        lines += [f"Authorization: {AUTHORIZATION}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def at_limit(name: str, sent: bytes) -> bytes:
    """The same request, addressed to the limit."""
    method, _, rest = sent.split(b" ", 2)
    return b"%s /limit/%s %s" % (method, name.encode(), rest)


def exchange(port: int, sent: bytes) -> tuple[Answer, str]:
    """What a server answers to one request, and the ETag."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(sent)
        found = HTTPResponse(client, method=sent.split(b" ", 1)[0].decode())
        found.begin()
        return Answer(found.status, found.headers.get("Content-Type", ""), found.read()), found.headers.get("ETag", "")


def around(herd: Herd, number: int) -> Iterator[str]:
    """So many ids, the herd over and over."""
    return islice(cycle(herd.ids), number)


# --- reads


def get(choose: Callable[[Data], Herd]) -> Requests:
    """GET of the tenders of a herd."""

    def requests(data: Data, number: int) -> list[bytes]:
        return [request("GET", f"{data.base}/tenders/{one}") for one in around(choose(data), number)]

    return requests


def revisit(data: Data, number: int) -> list[bytes]:
    """GET of small tenders that the caller has already."""
    seen = {one: exchange(data.port, request("GET", f"{data.base}/tenders/{one}"))[1] for one in data.small.ids[:50]}
    sent = [request("GET", f"{data.base}/tenders/{one}", If_None_Match=etag) for one, etag in seen.items()]
    return list(islice(cycle(sent), number))


def feed(query: str) -> Requests:
    """GET of a page of a hundred."""

    def requests(data: Data, number: int) -> list[bytes]:
        _ = data.small
        return [request("GET", f"{data.base}/tenders?limit=100{query}")] * number

    return requests


# --- writes


def post_bids(data: Data, number: int) -> list[bytes]:
    """Each a bid for a tender of its own, which has three."""
    body = builders.bid(450)
    return [request("POST", f"{data.base}/tenders/{one}/bids", body) for one in data.fresh(number)]


def patch(data: Data, id: str, token: str) -> bytes:
    """PATCH of a tender by its owner: another description, of the same length as every other."""
    path, change = f"{data.base}/tenders/{id}", {"description": f"Опис {next(_serial):09}"}
    return request("PATCH", path, change, X_Access_Token=token)


def patch_tenders(data: Data, number: int) -> list[bytes]:
    """Each another description."""
    return [patch(data, one, data.editable.sample.token) for one in around(data.editable, number)]


def post_tenders(data: Data, number: int) -> list[bytes]:
    """The same tender of five items over and over."""
    return [request("POST", f"{data.base}/tenders", data.maker.announced())] * number


def replacing(choose: Callable[[Data], Sample]) -> Put:
    """One more save of a tender, with a revision of its history."""

    def prepare(data: Data) -> Callable[[], None]:
        store, body = data.services.store, choose(data).copy(next(data.numbers))
        kept = [store.put(KIND, body["id"], body, expect=None)]

        def put() -> None:
            number = next(_serial)
            body["dateModified"] = f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}+02:00"
            revision = {"date": body["dateModified"], "author": BROKER, "changes": [{"op": "remove", "path": "/x"}]}
            kept[0] = store.put(KIND, body["id"], body, expect=kept[0].rev, revision=revision)

        return put

    return prepare


def adding(data: Data) -> Callable[[], None]:
    """One new tender."""
    body = data.maker.announced() | {"status": "active.enquiries", "dateModified": "2026-01-01T00:00:00+02:00"}

    def put() -> None:
        new = uuid4().hex
        revision = {"date": body["dateModified"], "author": BROKER, "changes": []}
        data.services.store.put(KIND, new, body | {"id": new}, expect=None, revision=revision)

    return put


SUMMARY = "&opt_fields=status,tenderID,procurementMethodType"
JOBS = (
    Job("GET tender, 10 KB", 200, get(lambda data: data.small), 0.60),
    Job("GET tender, 10 KB: 304", 304, revisit, 0.80),
    Job("GET tender, 60 KB", 200, get(lambda data: data.large), 0.50),
    Job("GET tender, 1 MB", 200, get(lambda data: data.huge)),
    Job("feed page of 100", 200, feed(""), 0.60),
    Job("feed page of 100, opt_fields", 200, feed(SUMMARY), 0.60),
    Job("POST bid", 201, post_bids, 4, replacing(lambda data: data.tendered)),
    Job("PATCH tender, 60 KB", 200, patch_tenders, 5, replacing(lambda data: data.editable.sample)),
    Job("POST tender, 5 items", 201, post_tenders, 8, adding),
)
