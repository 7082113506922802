"""Our server and the limit, taken in turns: the median of what each round says, so that a noisy neighbour spoils a round only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import msgspec

from .data import Data
from .jobs import JOBS, Job, at_limit, exchange
from .limit import Answers
from .load import Generator, Load
from .servers import Server

WARM_UP = 20
LEAST = 32
"""Requests that a round has at least."""
PUTS = 30


class Cell(msgspec.Struct, frozen=True):
    """One job under one load. Rates are requests a second, costs microseconds of the workers' CPU a request.

    `ratio` is what is judged: of a read the limit's cost by ours, of a write our cost by that of the limit and the store's.
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
    ratio: float
    speed: float
    generator: float
    target: float | None


@dataclass(frozen=True, slots=True)
class Round:
    """Rates and costs of one round, ours and the limit's."""

    ours: Load
    cost: float
    limit: Load
    limit_cost: float
    store_cost: float


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds of so many seconds of ours, under these numbers of workers and connections."""

    rounds: int
    seconds: float
    workers: tuple[int, ...] = (1, 2)
    connections: tuple[int, ...] = (1, 16)


class Bench:
    """Measures the jobs on one store."""

    def __init__(self, data: Data, store: str, generator: Generator, effort: Effort, only: str = "") -> None:
        self.data, self.store, self.generator, self.effort = data, store, generator, effort
        self.jobs = [job for job in JOBS if only in job.name]

    def cells(self, say: Callable[[str], None]) -> Iterator[Cell]:
        """Every job under every load."""
        for workers in self.effort.workers:
            with serving(self.data, workers) as (ours, limit):
                for job in self.jobs:
                    for connections in self.effort.connections:
                        cell = self.cell(job, ours, limit, connections)
                        say(f"{self.store}: {job.name}, {workers} w, {connections} c: {cell.ratio:.2f}")
                        yield cell

    def cell(self, job: Job, ours: Server, limit: Server, connections: int) -> Cell:
        """One job under one load."""
        warm = self.generator.run(ours.port, job.requests(self.data, WARM_UP), connections, job.status)
        number = max(int(WARM_UP / warm.seconds * self.effort.seconds), LEAST, 2 * connections)
        put = job.put(self.data) if job.put else None
        rounds = [self.round(job, ours, limit, connections, number, put) for _ in range(self.effort.rounds)]
        ratio = median((r.cost / (r.limit_cost + r.store_cost)) if put else (r.limit_cost / r.cost) for r in rounds)
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
            ratio=ratio,
            speed=median(r.ours.rate / r.limit.rate for r in rounds),
            generator=median(r.limit.cpu / r.limit.requests / r.limit_cost for r in rounds),
            target=job.target,
        )

    def round(
        self, job: Job, ours: Server, limit: Server, connections: int, number: int, put: Callable[[], None] | None
    ) -> Round:
        """So many requests to us, as many to the limit, and the store's part of as many."""
        requests = job.requests(self.data, number)
        mine, cost = self.spent(ours, requests, connections, job.status)
        bare, limit_cost = self.spent(limit, [at_limit(key(job), sent) for sent in requests], connections, job.status)
        return Round(mine, cost, bare, limit_cost, cpu_of(put, PUTS) if put else 0.0)

    def spent(self, server: Server, requests: list[bytes], connections: int, status: int) -> tuple[Load, float]:
        """A load, and the CPU seconds a request that the server's workers spent on it."""
        before = server.cpu()
        load = self.generator.run(server.port, requests, connections, status)
        return load, (server.cpu() - before) / len(requests)


def key(job: Job) -> str:
    """The name of a job in an address."""
    return str(JOBS.index(job))


def cpu_of(do: Callable[[], None], times: int) -> float:
    """CPU seconds of this process that doing something takes, of several times in a row."""
    began = time.process_time()
    for _ in range(times):
        do()
    return (time.process_time() - began) / times


@contextmanager
def serving(data: Data, workers: int) -> Iterator[tuple[Server, Server]]:
    """Our server and the limit, which knows what ours answers."""
    with Server(data.folder, "api", data.app, workers, f"{data.base}/health") as ours:
        data.port = ours.port
        answers: Answers = {key(job): exchange(ours.port, job.requests(data, 1)[0])[0] for job in JOBS}
        recorded = Path(data.folder / "answers")
        recorded.write_bytes(msgspec.msgpack.encode(answers))
        app = f"paste.app_factory = bench.limit:main\nanswers = {recorded}"
        with Server(data.folder, "limit", app, workers, "/") as limit:
            yield ours, limit
