"""One store filled with what the jobs need, and the settings of the server that serves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from openprocurement_api import ini
from openprocurement_api.engine import Services
from openprocurement_api.http.identity import digest
from openprocurement_api.storage.base import Doc

from . import fill
from .documents import BROKER, Maker, Sample, copy_id, present

SMALL, LARGE, HUGE = 10_000, 60_000, 1_000_000
"""Bytes of the JSON of a tender."""
KIND = "tender"
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


class Data:
    """A store and its settings: those of production.ini, with the log in a file. `port` is where it is served at present."""

    port: int = 0

    def __init__(self, folder: Path, url: str, procedure: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "auth.ini").write_text(AUTH, encoding="utf-8")
        self.app = (
            "use = egg:openprocurement-api#main\n"
            f"storage.url = {url}\nauth.file = {folder}/auth.ini\ntimezone = Europe/Kyiv\nsandbox_mode = false\n"
            f"plugins = {procedure} documents chronograph\ndocuments.path = {folder}/documents\n"
            "log.format = json\nlog.level = info"
        )
        self.ini = folder / "data.ini"
        self.ini.write_text(f"[app:main]\n{self.app}\n", encoding="utf-8")
        self.folder, self.url = folder, url
        self.services: Services = ini.services_of(str(self.ini))
        self.base = self.services.base
        self.maker = Maker(procedure, present())
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
        return self.herd(self.maker.opened(SMALL), 200)

    @cached_property
    def large(self) -> Herd:
        """Tenders of 60 KB whose bids are open."""
        return self.herd(self.maker.large(LARGE), 50)

    @cached_property
    def huge(self) -> Herd:
        """Tenders of 1 MB whose bids are open."""
        return self.herd(self.maker.large(HUGE), 4)

    @cached_property
    def editable(self) -> Herd:
        """Tenders of 60 KB that their owners may still change."""
        return self.herd(self.maker.enquired(LARGE), 64)
