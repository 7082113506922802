"""Growth: what a request costs in a full store beside an almost empty one, and a late write beside an early one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import quote

from tqdm import tqdm

from .data import KIND, LARGE, SMALL, Data
from .documents import changed, copy_id
from .fill import WAITING, tenders
from .load import Generator
from .measure import cpu_of
from .servers import Server
from .unread import PAGE
from .verdicts import Row
from .wire import request
from .writes import patch

TARGET = 1.2
FEW = 1000
EARLY, LATE = 10, 200
"""Which write of a document is compared with which."""
AROUND = 5
"""Writes before and after these that count, too."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds of so many requests of each kind, all of them for other tenders (there are a thousand)."""

    rounds: int
    requests: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is to be: the folder of its settings, its URL."""

    folder: Path
    url: str


@dataclass(frozen=True, slots=True)
class Store:
    """A store of so many equal tenders, served by one worker."""

    data: Data
    size: int
    token: str
    server: Server

    def picked(self, number: int) -> list[int]:
        """So many tenders, none of them twice, and none that the chronograph has to look at: a change would put that off."""
        return Random(number).sample(range(WAITING, self.size), number)

    def get(self, number: int) -> bytes:
        """GET of a tender."""
        return request("GET", f"{self.data.base}/tenders/{copy_id(number)}")

    def patch(self, number: int) -> bytes:
        """PATCH of a tender."""
        return patch(self.data, copy_id(number), self.token)

    def feed(self, number: int, limit: int = PAGE) -> bytes:
        """A page of the feed that ends before a tender; it begins at the moment of another one."""
        moment = quote(changed(number - PAGE).isoformat())
        return request("GET", f"{self.data.base}/tenders?limit={limit}&offset={moment}")

    def feed_again(self, number: int) -> bytes:
        """That page but for its last row: the worker has not made it before, but the system has read those parts of the file."""
        return self.feed(number, PAGE - 1)

    def pick(self) -> None:
        """What the chronograph asks for: the tenders that are due."""
        now = self.data.maker.now
        assert len(self.data.services.store.due(KIND, until=now, limit=WAITING)) == WAITING


Make = Callable[[Store, int], bytes]
REQUESTS: dict[str, tuple[Make, float | None]] = {
    "GET": (Store.get, TARGET),
    "feed page, from the disk": (Store.feed, None),
    "feed page": (Store.feed_again, TARGET),
    "PATCH": (Store.patch, TARGET),
}
"""With what they must reach. A thousand tenders fit in memory and a million do not: the first reading of a place not asked
for in a while asks the disk, which is no work of ours. Writes come last: they move tenders to the end of the feed."""


@contextmanager
def filled(place: Place, size: int) -> Iterator[Store]:
    """A store with so many tenders of 10 KB that their owner may change, and its server."""
    data = Data(place.folder, place.url)
    try:
        sample = data.maker.enquired(SMALL)
        data.load(tqdm(tenders(sample, size, data.maker.now), total=size, unit=" tenders", disable=None))
        with Server(place.folder, "api", data.app, 1, f"{data.base}/health") as server:
            yield Store(data, size, sample.token, server)
    finally:
        data.close()


def rows(generator: Generator, places: Sequence[Place], many: int, effort: Effort, where: str) -> Iterator[Row]:
    """The cost of each kind of request with many tenders, beside that with a thousand."""
    with ExitStack() as stack:
        few, full = (stack.enter_context(filled(place, size)) for place, size in zip(places, (FEW, many), strict=True))
        for name, (make, target) in REQUESTS.items():
            yield row(f"growth: {name}", where, many, compared(generator, (few, full), make, effort), target)
        picks = [(cpu_of(few.pick, effort.requests), cpu_of(full.pick, effort.requests)) for _ in range(effort.rounds)]
        yield row("growth: chronograph pick", where, many, picks)


def compared(generator: Generator, stores: tuple[Store, Store], make: Make, effort: Effort) -> list[tuple[float, ...]]:
    """The costs of rounds, on each store in turns. A round before them does not count."""
    size, number = effort.requests, (effort.rounds + 1) * effort.requests
    sent = [[make(store, one) for one in store.picked(number)] for store in stores]
    turns = [tuple(cost(generator, store, all_[n : n + size]) for store, all_ in zip(stores, sent, strict=True))
             for n in range(0, number, size)]  # fmt: skip
    return turns[1:]


def cost(generator: Generator, store: Store, requests: Sequence[bytes]) -> float:
    """CPU seconds of the worker for one of these requests."""
    before = store.server.cpu()
    generator.run(store.server.port, requests, 1, 200)
    return (store.server.cpu() - before) / len(requests)


def row(job: str, where: str, many: int, costs: Sequence[tuple[float, ...]], target: float | None = TARGET) -> Row:
    """The row that compares the costs of rounds, few first."""
    few, full = (median(side) * 1e6 for side in zip(*costs, strict=True))
    return Row(job, where, f"{full:.0f} µs with {many:,}", f"{few:.0f} µs with {FEW:,}", median(b / a for a, b in costs), target)


def history(generator: Generator, data: Data, herd: int, where: str) -> Row:
    """The 200th write of documents of 60 KB beside the 10th; ten writes around each of them, taken in turns."""
    sample = data.maker.enquired(LARGE)
    young, old = data.herd(sample, herd), data.herd(sample, herd)
    with Server(data.folder, "history", data.app, 1, f"{data.base}/health") as server:

        def write(ids: list[str]) -> float:
            before = server.cpu()
            generator.run(server.port, [patch(data, one, sample.token) for one in ids], 1, 200)
            return (server.cpu() - before) / len(ids)

        for _ in range(LATE - AROUND):
            write(old.ids)
        for _ in range(EARLY - AROUND):
            write(young.ids)
        costs = [(write(young.ids), write(old.ids)) for _ in range(2 * AROUND)]
    early, late = (median(side) * 1e6 for side in zip(*costs, strict=True))
    ratio = median(b / a for a, b in costs)
    return Row("growth: history", where, f"{late:.0f} µs, write {LATE}", f"{early:.0f} µs, write {EARLY}", ratio, TARGET)
