"""Following a feed, so that nothing is missed: every document's last public state is seen at least once.

A page comes with the place after it. Whoever keeps that place only when the page has been dealt with, and later goes on from it,
may be killed at any moment: at worst a page comes again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import httpx

from .answers import object_of
from .cursor import CursorFile, Place
from .errors import CursorLost, NotFound
from .resources import Doc
from .retry import Retries
from .wire import Call, Wire

Links = tuple[list[Doc], str, str]
"""Rows of one answer, the offset of its next page and, empty if there is none, of the one before."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows (`id`, `dateModified` and the fields asked for) and the place after them. No rows: this is the end for now."""

    rows: list[Doc]
    after: Place


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed of one kind of documents. `query` is sent with every page; `pause` is in seconds, when there is no news."""

    wire: Wire
    kind: str
    query: Mapping[str, str] = field(default_factory=dict)
    pause: float = 10.0
    retries: Retries = field(default_factory=Retries)

    def pages(self, start: Place | None = None, *, follow: bool = False, newest_first: bool = False) -> Iterator[Page]:
        """Page after page from a place, by default the beginning. At the end comes a page without rows.

        With `follow` it goes on for ever: it pauses at the end, and waits out any failure that may pass. `newest_first` without
        a place: begin now, read news as they come, and between them the history backwards.
        Raises CursorLost if the server does not know the place, ClientError for other failures.
        """
        feed = replace(self, retries=replace(self.retries, attempts=None)) if follow else self
        place = start or (feed.newest() if newest_first else Place())
        while True:
            page = feed.ahead(place)
            ended = not page.rows and place.backward is None
            if not page.rows and place.backward is not None:
                page = feed.behind(place)
            place = page.after
            if not page.rows and not ended:
                continue  # the history has ended: what left it meanwhile is news
            yield page
            if ended and not follow:
                return
            if ended:
                feed.retries.sleep(self.pause)

    def rows(self, kept: CursorFile, *, follow: bool = False, newest_first: bool = False) -> Iterator[Doc]:
        """Row after row from where the file says; the file moves on when a whole page has been dealt with.

        Raises as `pages` does, and OSError.
        """
        for page in self.pages(kept.read(), follow=follow, newest_first=newest_first):
            yield from page.rows
            kept.write(page.after)

    def newest(self) -> Place:
        """The place that divides news from history at this moment."""
        _, _, before = self._page({"descending": "1", "limit": "1"})
        return Place(before, "")

    def ahead(self, place: Place) -> Page:
        """The next page of news."""
        rows, offset, _ = self._page({"offset": place.forward} if place.forward else {})
        return Page(rows, Place(offset, place.backward))

    def behind(self, place: Place) -> Page:
        """The next page of history; the last one has no rows."""
        offset = {"offset": place.backward} if place.backward else {}
        rows, next_offset, _ = self._page({"descending": "1", **offset})
        return Page(rows, Place(place.forward, next_offset if rows else None))

    def _page(self, query: Mapping[str, str]) -> Links:
        call = Call("GET", f"/{self.kind}", query={"feed": "changes", **self.query, **query})
        try:
            return self.wire.send(call, page_of, self.retries)
        except NotFound as error:
            if "offset" not in error.fields:
                raise
            raise CursorLost("the place in the feed", error.status, error.problems, request_id=error.request_id) from error


def page_of(response: httpx.Response) -> Links:
    """The rows and offsets of an answer. Raises ValueError or LookupError if it is no page of a feed."""
    body = object_of(response)
    try:
        return body["data"], str(body["next_page"]["offset"]), str(body.get("prev_page", {}).get("offset", ""))
    except (TypeError, AttributeError) as error:
        raise ValueError("it is no page of a feed") from error
