"""Our server and the limit, taken in turns: the median of what each round says, so that a noisy neighbour spoils a round only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import msgspec
from gevent import monkey

from .data import Data
from .jobs import JOBS, Job
from .limit import Answers
from .load import Generator, Load
from .reads import ASKS
from .servers import Server
from .wire import at_limit, exchange

LEAST = 32
"""Requests that a round has at least."""


class Cell(msgspec.Struct, frozen=True):
    """One job under one load. Rates are requests a second, costs microseconds of the workers' CPU a request.

    `ratio` is what is judged: of a read the limit's cost by ours, of a write our cost by that of the limit and the store's.
    `ratio_l2` has the store's part beside the limit's for reads, too; `check_cost` is the store's part of an answer that is
    remembered (0: never judged so). `most` says that the target is not to be exceeded.
    `speed` is our rate by the limit's, as the clock on the wall has it, and `generator` the load's own cost by the limit's.
    """

    job: str
    store: str
    workers: int
    connections: int
    rate: float
    limit_rate: float
    cost: float
    limit_cost: float
    store_cost: float
    check_cost: float
    ratio: float
    ratio_l2: float
    speed: float
    generator: float
    target: float | None
    most: bool


@dataclass(frozen=True, slots=True)
class Round:
    """Rates and costs of one round, ours and the limit's."""

    ours: Load
    cost: float
    limit: Load
    limit_cost: float
    store_cost: float
    check_cost: float

    def read(self) -> float:
        """The limit's cost by ours."""
        return self.limit_cost / self.cost

    def read_l2(self) -> float:
        """The limit's cost and the store's by ours."""
        return (self.limit_cost + self.store_cost) / self.cost

    def write(self) -> float:
        """Our cost by the limit's and the store's."""
        return 1 / self.read_l2()


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds of so many seconds of ours, under these numbers of workers and connections.

    Many connections come first: they reach every worker, so that all of them have what is remembered when it is one's turn.
    """

    rounds: int
    seconds: float
    workers: tuple[int, ...] = (1, 2)
    connections: tuple[int, ...] = (16, 1)


class Bench:
    """Measures the jobs on one store."""

    def __init__(self, data: Data, store: str, generator: Generator, effort: Effort, jobs: Sequence[Job]) -> None:
        self.data, self.store, self.generator, self.effort, self.jobs = data, store, generator, effort, jobs

    def cells(self, say: Callable[[str], None]) -> Iterator[Cell]:
        """Every job under every load."""
        for workers in self.effort.workers:
            with serving(self.data, workers, self.jobs) as (ours, limit):
                for job in self.jobs:
                    for connections in self.effort.connections:
                        cell = self.cell(job, ours, limit, connections)
                        say(f"{self.store}: {job.name}, {workers} w, {connections} c: {cell.ratio:.2f}")
                        yield cell

    def cell(self, job: Job, ours: Server, limit: Server, connections: int) -> Cell:
        """One job under one load."""
        warm = self.generator.run(ours.port, job.requests(self.data, job.warm), connections, job.status)
        number = max(min(int(warm.rate * self.effort.seconds), job.most), LEAST, 2 * connections)
        rounds = [self.round(job, ours, limit, connections, number) for _ in range(self.effort.rounds)]
        judged = Round.write if job.write else Round.read
        return Cell(
            job=job.name,
            store=self.store,
            workers=ours.workers,
            connections=connections,
            rate=median(r.ours.rate for r in rounds),
            limit_rate=median(r.limit.rate for r in rounds),
            cost=median(r.cost for r in rounds) * 1e6,
            limit_cost=median(r.limit_cost for r in rounds) * 1e6,
            store_cost=median(r.store_cost for r in rounds) * 1e6,
            check_cost=median(r.check_cost for r in rounds) * 1e6,
            ratio=median(map(judged, rounds)),
            ratio_l2=median(map(Round.write if job.write else Round.read_l2, rounds)),
            speed=median(r.ours.rate / r.limit.rate for r in rounds),
            generator=median(r.limit.cpu / r.limit.requests / r.limit_cost for r in rounds),
            target=job.target,
            most=job.write,
        )

    def round(self, job: Job, ours: Server, limit: Server, connections: int, number: int) -> Round:
        """So many requests to us, as many to the limit, and the store's part of as many."""
        requests = job.requests(self.data, number)
        asks = [ask(self.data) for ask in (job.ask, job.check) if ask]
        mine, cost = self.spent(ours, requests, connections, job.status)
        bare, limit_cost = self.spent(limit, [at_limit(key(job), sent) for sent in requests], connections, job.status)
        store_cost, check_cost = (*(as_in_a_worker(ask, ASKS) for ask in asks), 0.0)[:2]
        return Round(mine, cost, bare, limit_cost, store_cost, check_cost)

    def spent(self, server: Server, requests: list[bytes], connections: int, status: int) -> tuple[Load, float]:
        """A load, and the CPU seconds a request that the server's workers spent on it."""
        before = server.cpu()
        load = self.generator.run(server.port, requests, connections, status)
        return load, (server.cpu() - before) / len(requests)


def key(job: Job) -> str:
    """The name of a job in an address."""
    return str(JOBS.index(job))


def as_in_a_worker(ask: Callable[[], object], times: int) -> float:
    """CPU seconds of asking the store once, where it waits for answers as our workers do: in gevent's loop."""
    context = get_context("fork")
    told, tell = context.Pipe(duplex=False)

    def measure() -> None:
        monkey.patch_socket()
        # Connections are opened, and the file's upper pages read.
        ask()
        tell.send(cpu_of(ask, times))

    asking = context.Process(target=measure)
    asking.start()
    tell.close()
    try:
        return float(told.recv())
    finally:
        asking.join()


def cpu_of(do: Callable[[], object], times: int) -> float:
    """CPU seconds of this process that doing something takes, of several times in a row."""
    began = time.process_time()
    for _ in range(times):
        do()
    return (time.process_time() - began) / times


@contextmanager
def serving(data: Data, workers: int, jobs: Sequence[Job]) -> Iterator[tuple[Server, Server]]:
    """Our server and the limit, which knows what ours answers."""
    with Server(data.folder, "api", data.app, workers, f"{data.base}/health") as ours:
        data.served_at(ours.port)
        answers: Answers = {key(job): exchange(ours.port, job.requests(data, 1)[0])[0] for job in jobs}
        recorded = Path(data.folder / "answers")
        recorded.write_bytes(msgspec.msgpack.encode(answers))
        app = f"paste.app_factory = bench.limit:main\nanswers = {recorded}"
        with Server(data.folder, "limit", app, workers, "/") as limit:
            yield ours, limit
