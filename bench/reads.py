"""The reads: what is sent over and over, what is sent once, and what each of them asks of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice
from urllib.parse import quote

from .data import KIND, Ask, Data, Herd, Requests, around
from .unread import PAGE, Unread
from .wire import AUTHORIZATION, exchange, request

SEEN = 50
"""Tenders that are asked for again with their ETags."""
SUMMARY = "&opt_fields=status,tenderID,procurementMethodType"
ASKS = 50
"""How often the store is asked in a round."""


def small(data: Data) -> Herd:
    """Tenders of 10 KB."""
    return data.small


def large(data: Data) -> Herd:
    """Tenders of 60 KB."""
    return data.large


def get(choose: Callable[[Data], Herd]) -> Requests:
    """GET of the tenders of a herd."""

    def requests(data: Data, number: int) -> list[bytes]:
        return [request("GET", f"{data.base}/tenders/{one}") for one in around(choose(data), number)]

    return requests


def first(choose: Callable[[Data], Unread]) -> Requests:
    """GET of tenders that nobody has asked for."""

    def requests(data: Data, number: int) -> list[bytes]:
        return [request("GET", f"{data.base}/tenders/{one}") for one in choose(data).take(number)]

    return requests


def by_owner(data: Data, number: int) -> list[bytes]:
    """GET of small tenders by the platform that announced them, with their token."""
    token = data.small.sample.token
    paths = [f"{data.base}/tenders/{one}" for one in around(data.small, number)]
    return [request("GET", path, Authorization=AUTHORIZATION, X_Access_Token=token) for path in paths]


def revisit(data: Data, number: int) -> list[bytes]:
    """GET of small tenders that the caller has already."""
    seen = {one: exchange(data.port, request("GET", f"{data.base}/tenders/{one}"))[1] for one in data.small.ids[:SEEN]}
    sent = [request("GET", f"{data.base}/tenders/{one}", If_None_Match=etag) for one, etag in seen.items()]
    return list(islice(cycle(sent), number))


def feed(query: str = "") -> Requests:
    """GET of a page of a hundred."""

    def requests(data: Data, number: int) -> list[bytes]:
        _ = data.small
        return [request("GET", f"{data.base}/tenders?limit={PAGE}{query}")] * number

    return requests


def first_pages(data: Data, number: int) -> list[bytes]:
    """GET of pages of a hundred, each from another place of the feed."""
    return [request("GET", f"{data.base}/tenders?limit={PAGE}&offset={quote(one)}") for one in data.places.take(number)]


# --- what the store is asked


def getting(choose: Callable[[Data], Herd]) -> Ask:
    """The documents of a herd."""
    return lambda data: reading(data, choose(data).ids)


def getting_first(choose: Callable[[Data], Unread]) -> Ask:
    """Documents that nobody has asked for."""
    return lambda data: reading(data, choose(data).take(ASKS))


def reading(data: Data, ids: Sequence[str]) -> Callable[[], object]:
    """These documents in turn."""
    rest, store = cycle(ids), data.services.store
    return lambda: store.get(KIND, next(rest))


def unchanged(choose: Callable[[Data], Herd]) -> Ask:
    """Whether the documents of a herd are as they were."""

    def prepare(data: Data) -> Callable[[], object]:
        rest, store = cycle(choose(data).ids), data.services.store
        return lambda: store.rev(KIND, next(rest))

    return prepare


def listing(data: Data) -> Callable[[], object]:
    """The first hundred rows of the index."""
    store = data.services.store
    return lambda: store.changes(KIND, limit=PAGE)


def listing_first(data: Data) -> Callable[[], object]:
    """A hundred rows of the index, from another place each time."""
    places, store = cycle(data.places.take(ASKS)), data.services.store
    return lambda: store.changes(KIND, since=next(places), limit=PAGE)


def unchanged_list(data: Data) -> Callable[[], object]:
    """Whether the index is as it was; a store that cannot tell has to be asked for the rows."""
    store = data.services.store
    return listing(data) if store.state(KIND) is None else lambda: store.state(KIND)
