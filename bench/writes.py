"""The writes, none of which is sent twice, and what each of them asks of the store."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from uuid import uuid4

from openprocurement_api.testing import builders

from .data import KIND, Ask, Data, Herd, Requests, around
from .documents import BROKER, Sample
from .wire import request

_serial = count(1)


def post_bids(data: Data, number: int) -> list[bytes]:
    """Each a bid for a tender of its own, which has three."""
    body = builders.bid(450)
    return [request("POST", f"{data.base}/tenders/{one}/bids", body) for one in data.fresh(number)]


def patch(data: Data, id: str, token: str) -> bytes:
    """PATCH of a tender by its owner: another description, of the same length as every other."""
    path, change = f"{data.base}/tenders/{id}", {"description": f"Опис {next(_serial):09}"}
    return request("PATCH", path, change, X_Access_Token=token)


def patching(choose: Callable[[Data], Herd]) -> Requests:
    """Each another description of a tender of a herd."""

    def requests(data: Data, number: int) -> list[bytes]:
        herd = choose(data)
        return [patch(data, one, herd.sample.token) for one in around(herd, number)]

    return requests


def post_tenders(data: Data, number: int) -> list[bytes]:
    """The same tender of five items over and over."""
    return [request("POST", f"{data.base}/tenders", data.maker.announced())] * number


def replacing(choose: Callable[[Data], Sample]) -> Ask:
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
