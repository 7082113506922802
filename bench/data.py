"""One store filled with what the jobs need, and the settings of the server that serves it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count, cycle, islice
from pathlib import Path

from openprocurement_api import ini
from openprocurement_api.engine import Services
from openprocurement_api.keys import digest
from openprocurement_api.storage.base import Doc

from . import fill
from .documents import BROKER, Maker, Sample, copy_id, present
from .servers import ROOT
from .unread import Places, Unread

SMALL, LARGE, HUGE = 10_000, 60_000, 1_000_000
"""Bytes of the JSON of a tender."""
SMALL_HERD, LARGE_HERD, HUGE_HERD = 200, 50, 4
"""Tenders that are read over and over."""
KIND = "tender"
PROCEDURE = "belowThreshold"
"""Of all tenders but those of the open procedure."""
AUTH = f"[brokers]\n{BROKER} = sha512:{digest(BROKER)}\n[chronograph]\nchronograph = sha512:{digest('chronograph')}\n"


@dataclass(frozen=True, slots=True)
class Herd:
    """Copies of one sample that are in the store: their numbers."""

    sample: Sample
    first: int
    size: int

    @property
    def ids(self) -> list[str]:
        """The ids of the copies."""
        return [copy_id(number) for number in range(self.first, self.first + self.size)]


def around(herd: Herd, number: int) -> Iterator[str]:
    """So many ids, the herd over and over."""
    return islice(cycle(herd.ids), number)


class Data:
    """A store and its settings: those of production.ini, all procedures included, with the log in a file.

    `port` is where it is served at present.
    """

    port: int = 0

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _, production = ini.application(str(ROOT / "production.ini"))
        (folder / "auth.ini").write_text(AUTH, encoding="utf-8")
        self.app = (
            "use = egg:openprocurement-api#main\n"
            f"storage.url = {url}\nauth.file = {folder}/auth.ini\ntimezone = Europe/Kyiv\nsandbox_mode = false\n"
            f"plugins = {production['plugins']}\ndocuments.path = {folder}/documents\n"
            "log.format = json\nlog.level = info\nlog.reads = false"
        )
        self.ini = folder / "data.ini"
        self.ini.write_text(f"[app:main]\n{self.app}\n", encoding="utf-8")
        self.folder, self.url = folder, url
        self.services: Services = ini.services_of(str(self.ini))
        self.base = self.services.base
        self.maker = Maker(PROCEDURE, present())
        self.numbers = count(1)
        self.next = 1

    def close(self) -> None:
        """Let go of the store."""
        self.services.store.close()

    def load(self, bodies: Iterable[Doc]) -> None:
        """Add many tenders."""
        self.next = fill.load(self.services.store, KIND, bodies, self.next)

    def herd(self, sample: Sample, size: int) -> Herd:
        """Add copies of a sample."""
        numbers = [next(self.numbers) for _ in range(size)]
        self.load(map(sample.copy, numbers))
        return Herd(sample, numbers[0], size)

    def served_at(self, port: int) -> None:
        """A server has begun that has read nothing yet."""
        self.port = port
        for known in (self.unread, self.unread_large, self.places):
            known.forget()

    def fresh(self, size: int) -> Iterator[str]:
        """The ids of new tenders that take bids."""
        yield from self.herd(self.tendered, size).ids

    @cached_property
    def tendered(self) -> Sample:
        """A tender of 10 KB that takes bids."""
        return self.maker.tendered(SMALL)

    @cached_property
    def small(self) -> Herd:
        """Tenders of 10 KB whose bids are open."""
        return self.herd(self.opened, SMALL_HERD)

    @cached_property
    def opened(self) -> Sample:
        """A tender of 10 KB whose bids are open."""
        return self.maker.opened(SMALL)

    @cached_property
    def unread(self) -> Unread:
        """Tenders like the small ones."""
        return Unread(lambda number: self.herd(self.opened, number).ids)

    @cached_property
    def unread_large(self) -> Unread:
        """Tenders like the large ones."""
        return Unread(lambda number: self.herd(self.large.sample, number).ids)

    @cached_property
    def places(self) -> Places:
        """Where pages of the feed may begin."""
        return Places(self.services.store, KIND, lambda number: self.herd(self.opened, number))

    @cached_property
    def large(self) -> Herd:
        """Tenders of 60 KB whose bids are open."""
        return self.herd(self.maker.large(LARGE), LARGE_HERD)

    @cached_property
    def huge(self) -> Herd:
        """Tenders of 1 MB whose bids are open."""
        return self.herd(self.maker.large(HUGE), HUGE_HERD)

    @cached_property
    def editable(self) -> Herd:
        """Tenders of 60 KB that their owners may still change."""
        return self.herd(self.maker.enquired(LARGE), 64)

    @cached_property
    def contested(self) -> Herd:
        """Open tenders of 60 KB above the thresholds: their owners may change them while suppliers bid."""
        return self.herd(self.maker.contested(LARGE), 64)


Requests = Callable[[Data, int], list[bytes]]
"""Makes a number of requests; those of writes and of first readings have not been sent before."""
Ask = Callable[[Data], Callable[[], object]]
"""Prepares a function that does once what the job asks of the store."""
