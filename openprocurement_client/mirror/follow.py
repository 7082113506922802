"""The loop of a mirror: a page of the feed, its documents, both into the copy, and on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Event

import msgspec

from ..client import Client
from ..cursor import Place
from ..errors import ClientError, Gone, NotFound
from ..feed import Feed, Page
from ..resources import Doc
from .copies import STAMP, Copy, Document
from .watch import Watch


class Behind(ClientError):
    """The server shows a document as it was before the change that its feed tells of: a replica that is late."""


class Stopped(Exception):
    """Somebody wants the mirror to end; the copy holds as far as its place says."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A copy that follows a feed. `stop` ends it, `connections` is how many documents are fetched at once."""

    client: Client
    feed: Feed
    copy: Copy
    watch: Watch
    stop: Event
    connections: int = 4

    def run(self, start: Place | None, *, follow: bool, newest_first: bool = False) -> None:
        """Bring the copy to the end of the feed; with `follow`, keep it there. Raises Stopped, ClientError, CopyError."""
        late = 0
        with ThreadPoolExecutor(self.connections, "mirror") as pool:
            while True:
                try:
                    for page in self.feed.pages(start, follow=follow, newest_first=newest_first):
                        self.take(page, pool)
                        late, start = 0, page.after
                except Behind as error:
                    late += 1
                    if not self.feed.retries.wait(error, late):
                        raise
                else:
                    return

    def take(self, page: Page, pool: ThreadPoolExecutor) -> None:
        """Put what a page tells of into the copy. Raises Stopped, Behind, ClientError, CopyError; then nothing of it is there."""
        if self.stop.is_set():
            raise Stopped
        documents = list(self._fetched(page.rows, pool))
        if documents or page.after != self.copy.place:
            self.copy.store(documents, page.after)
        if documents:
            self.watch.stored(len(documents), documents[-1].modified)
        if not page.rows:
            self.copy.settle()

    def _fetched(self, rows: list[Doc], pool: ThreadPoolExecutor) -> Iterator[Document]:
        futures = [pool.submit(self._fetch, row) for row in rows]
        try:
            for future in futures:
                if found := future.result():
                    yield found
        finally:
            for future in futures:
                future.cancel()

    def _fetch(self, row: Doc) -> Document | None:
        """The document of a row; None if it is no longer shown."""
        if self.stop.is_set():
            raise Stopped
        path = f"/{self.feed.kind}/{row['id']}"
        try:
            text = self.client.raw(path)
        except (NotFound, Gone):
            self.watch.say(f"{path} is in the feed, but is not shown; an earlier state stays as it is")
            return None
        try:
            stamp = STAMP.decode(text)
            late = stamp.moment < datetime.fromisoformat(row["dateModified"])
        except (msgspec.MsgspecError, ValueError, TypeError) as error:
            raise ClientError(f"{path} is no document that can be kept: {error}") from error
        if late:
            raise Behind(f"{path} is shown as of {stamp.modified}, the feed tells of {row['dateModified']}")
        return Document(stamp.id, stamp.modified, text)
