"""`python -m bench [--quick]`: measure, print the table, write results.json and a picture. Exit code 1: a target is missed."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from openprocurement_api.children import WARNING
from openprocurement_api.testing import couch

from . import growth, process, report, where
from .data import Data
from .jobs import JOBS
from .load import Generator
from .measure import Bench, Cell, Effort, serving
from .servers import ROOT
from .verdicts import Row

BUILD = ROOT / "build" / "bench"
STORES = ("sqlite", "couchdb")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much a run measures. `efforts` and `many`, the size of the full store, are by kind of store; `stores` are measured
    unless others are named.

    The worker as a whole is measured on the first store alone; `starts`, `mixed` requests and `herd` documents say how much.
    """

    name: str
    stores: tuple[str, ...]
    efforts: dict[str, Effort]
    many: dict[str, int]
    growth: growth.Effort
    herd: int
    mixed: int
    starts: int


FULL = Plan(
    "full",
    STORES,
    {"sqlite": Effort(5, 0.3), "couchdb": Effort(3, 0.3, (1,))},
    {"sqlite": 1_000_000, "couchdb": 5_000},
    growth.Effort(9, 90),
    herd=6,
    mixed=100_000,
    starts=5,
)
QUICK = Plan(
    "quick",
    ("sqlite",),
    dict.fromkeys(STORES, Effort(3, 0.15, (1,))),
    {"sqlite": 10_000, "couchdb": 2_000},
    growth.Effort(5, 60),
    herd=4,
    mixed=5_000,
    starts=3,
)


class Run:
    """One run on one machine: everything it makes is under `folder`."""

    def __init__(self, plan: Plan, folder: Path, jobs: str) -> None:
        self.plan, self.folder = plan, folder
        self.jobs = [job for job in JOBS if jobs in job.name]
        self.cells: list[Cell] = []
        self.rows: list[Row] = []

    def store(self, generator: Generator, store: str) -> None:
        """Everything on one store."""
        with ExitStack() as stack:
            server = stack.enter_context(couch.running(ROOT / "build" / "pouchdb")) if store == "couchdb" else ""
            data = Data(self.folder / store, self.url(server, store))
            stack.callback(data.close)
            cells = list(Bench(data, store, generator, self.plan.efforts[store], self.jobs).cells(say))
            self.cells += cells
            with serving(data, 1, self.jobs):
                self.rows += report.rows(cells, where.notes(data, self.jobs))
            if len(self.jobs) < len(JOBS):
                return
            if store == self.plan.stores[0]:
                self.rows += self.process(generator, data, store)
            self.rows += self.growth(generator, data, server, store)

    def process(self, generator: Generator, data: Data, store: str) -> Iterator[Row]:
        """The worker as a whole."""
        say(f"{store}: start, memory")
        yield process.start(data, self.plan.starts, store)
        yield from process.memory(generator, data, self.plan.mixed, store)

    def growth(self, generator: Generator, data: Data, server: str, store: str) -> Iterator[Row]:
        """What more documents cost, and more writes of one."""
        say(f"{store}: growth")
        yield growth.history(generator, data, self.plan.herd, store)
        pair = [growth.Place(self.folder / name, self.url(server, name)) for name in (f"{store}-few", f"{store}-many")]
        yield from growth.rows(generator, pair, self.plan.many[store], self.plan.growth, store)

    def url(self, server: str, name: str) -> str:
        """The setting storage.url of a new store."""
        return f"{server}/b{token_hex(6)}" if server else f"sqlite:///{self.folder / name}.db"


def say(text: str) -> None:
    """What is being done, on stderr."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print, write."""
    warnings.filterwarnings("ignore", message=WARNING, category=UserWarning)
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="one worker alone, a small store, and SQLite unless --store says otherwise: two minutes there",
    )
    parser.add_argument("--store", choices=STORES, action="append", help="only this store")
    parser.add_argument("--job", default="", help="only jobs whose name holds this text; nothing is written")
    arguments = parser.parse_args(argv)
    plan = QUICK if arguments.quick else FULL
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    run = Run(plan, BUILD, arguments.job)
    with Generator() as generator:
        for store in arguments.store or plan.stores:
            try:
                run.store(generator, store)
            except couch.NoServer as error:
                say(f"{store} is left out: {error}")
    shutil.rmtree(BUILD)
    found = report.results(run.rows, run.cells, plan.name)
    print(report.text(found))
    if not arguments.job:
        report.write(found, ROOT / "bench" if plan is FULL else ROOT / "build")
    print(f"\n{report.summary(found.rows)}")
    return int(not all(row.passed for row in found.rows))


if __name__ == "__main__":
    sys.exit(main())
