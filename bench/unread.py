"""What no reader has had yet: tenders and places of the feed that are handed out once, so that nothing of them is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from openprocurement_api.storage.base import Store

PAGE = 100
"""Rows of a page of the feed."""
ROWS = 1000
"""Rows that the store is asked for in one go, and tenders that are added at least, for places that are old cost more."""


@dataclass
class Unread:
    """Copies of a sample, each handed out once to a server. `add` brings so many more into the store and tells their ids."""

    add: Callable[[int], list[str]]
    ids: list[str] = field(default_factory=list)
    used: int = 0

    def take(self, number: int) -> list[str]:
        """So many ids that were not handed out before."""
        lacking = self.used + number - len(self.ids)
        if lacking > 0:
            self.ids += self.add(lacking)
        self.used += number
        return self.ids[self.used - number : self.used]

    def forget(self) -> None:
        """Another server has read none of them."""
        self.used = 0


@dataclass
class Places:
    """Offsets of the feed, each handed out once to a server and followed by a whole page. `add` lists so many more tenders."""

    store: Store
    kind: str
    add: Callable[[int], object]
    taken: set[str] = field(default_factory=set)

    def take(self, number: int) -> list[str]:
        """So many offsets from anywhere in the feed that were not handed out before."""
        found = self.free()
        if len(found) < number:
            self.add(max(number - len(found) + PAGE, ROWS))
            found = self.free()
        chosen = Random(len(self.taken)).sample(found, number)
        self.taken.update(chosen)
        return chosen

    def free(self) -> list[str]:
        """The places that are left."""
        cursors: list[str] = []
        while page := self.store.changes(self.kind, since=cursors[-1] if cursors else "", limit=ROWS):
            cursors += [change.cursor for change in page]
        return [cursor for cursor in cursors[:-PAGE] if cursor not in self.taken]

    def forget(self) -> None:
        """Another server has been asked for none of them."""
        self.taken.clear()
