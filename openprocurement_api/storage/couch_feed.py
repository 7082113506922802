"""How the feed is read: forward by CouchDB's changes of the listing database, backwards and from a moment by its indexes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice

from .base import Change
from .couch_cursor import Cursor, Signer
from .couch_database import Changes, Database, Place, ViewPage, ViewRow
from .couch_design import DESIGN, shelf_feed
from .couch_listing import Listing
from .couch_names import id_of, key_of

START: Place = 0

# The most rows of the changes that are asked for at once in search of a page's; each of them costs as much as one that is shown.
BATCH = 500

# Above every key of an index, which has no letter beyond f (the Unicode collation has punctuation below digits).
TOP = "z"

# For how many readers we remember how far the changes hold nothing for them.
REMEMBERED = 1000


class FeedReader:
    """Pages of the feeds of one kind."""

    def __init__(self, database: Database, signer: Signer) -> None:
        self._database = database
        self._signer = signer
        self._empty: OrderedDict[tuple[Place, str | None], Place] = OrderedDict()

    def page(self, since: str, limit: int, feed: str | None, *, descending: bool) -> list[Change]:
        """See `Store.changes`."""
        cursor = self._signer.cursor(since) if since else None
        if descending:
            return self._older(cursor, limit, feed)
        if cursor is None:
            return self._changed(START, limit, feed)
        rows = self._newer(cursor, limit, feed)
        return rows + (self._changed(cursor.seq, limit - len(rows), feed) if len(rows) < limit else [])

    def cursor_at(self, instant: int) -> str:
        """A cursor before all rows whose stamp is `instant` or later; the newest stamp there is bounds the index's part."""
        newest = self._rows("moment", None, TOP, "", 1)
        top = newest.rows[0].key[1] if newest.rows else ""
        return self._signer.text(Cursor("moment", key_of(instant), top, _seq(newest)))

    def _changed(self, since: Place, limit: int, feed: str | None) -> list[Change]:
        """The rows that changed after `since`, in the order of their changes."""
        found: list[Change] = []
        position = self._empty.get((since, feed), since)
        # Of the feed that nearly all want, nearly all rows are. Where that is not so, ever more are asked for.
        batch, more = limit + limit // 4 + 1, True
        while more and len(found) < limit:
            page = self._database.changes(position, batch, Listing)
            found += islice(self._shown(page, feed), limit - len(found))
            more, position = page.more, page.last
            batch = min(2 * batch, max(limit, BATCH))
            if not found:
                self._remember(since, feed, position)
        return found

    def _shown(self, page: Changes[Listing], feed: str | None) -> Iterator[Change]:
        for key, seq, listing in page.rows:
            if listing.row is not None and listing.place is not None and feed in (None, listing.row.feed):
                place = Cursor("place", listing.place, listing.place, seq)
                yield Change(id_of(key), listing.row.stamp, listing.row.summary.encode(), place, self._signer.text)

    def _remember(self, since: Place, feed: str | None, position: Place) -> None:
        """Nothing of `feed` lies between two places, and never will: what changes gets a place after both.

        Observers of a feed with few rows would otherwise read those of all others again, each time they ask.
        """
        self._empty[since, feed] = position
        while len(self._empty) > REMEMBERED:
            self._empty.popitem(last=False)

    def _newer(self, cursor: Cursor, limit: int, feed: str | None) -> list[Change]:
        """The rows that the index has between the cursor's key and its top, oldest first."""
        if cursor.key >= cursor.top:
            return []
        page = self._rows(cursor.index, feed, cursor.key, cursor.top, limit + 1)
        rows = [row for row in page.rows if row.key[1] != cursor.key]
        return [self._row(row, cursor.index, cursor.top, cursor.seq) for row in rows[:limit]]

    def _older(self, cursor: Cursor | None, limit: int, feed: str | None) -> list[Change]:
        """The rows before the cursor's key, newest first. Without a cursor, the first row's key is the top of this walk."""
        index, key = (cursor.index, cursor.key) if cursor else ("place", TOP)
        page = self._rows(index, feed, key, "", limit + 1)
        rows = [row for row in page.rows if row.key[1] != key][:limit]
        if not rows:
            return []
        top, seq = (cursor.top, cursor.seq) if cursor else (rows[0].key[1], _seq(page))
        return [self._row(row, index, top, seq) for row in rows]

    def _rows(self, index: str, feed: str | None, start: str, end: str, limit: int) -> ViewPage:
        """Rows of an index between two keys, both included; backwards if `end` lies before `start`."""
        shelf = shelf_feed(feed)
        return self._database.view(
            DESIGN, index, startkey=[shelf, start], endkey=[shelf, end], limit=limit, descending=end < start
        )

    def _row(self, row: ViewRow, index: str, top: str, seq: Place) -> Change:
        stamp, summary = row.value
        return Change(id_of(row.id), stamp, summary.encode(), Cursor(index, row.key[1], top, seq), self._signer.text)


def _seq(page: ViewPage) -> Place:
    return START if page.update_seq is None else page.update_seq
