"""The feed misses nothing: processes and threads write through the whole stack while observers follow `next_page`."""

from __future__ import annotations

import multiprocessing
import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.plugin import CONF

PROCESSES, THREADS, TENDERS, EDITS, OBSERVERS = 3, 2, 4, 5, 3


def start(path: Path) -> Api:
    """An API of its own on the shared file, on the real clock."""
    settings = {
        "storage.url": f"sqlite:///{path}/store.db",
        "auth.file": str(CONF),
        "plugins": "belowThreshold",
        "log.level": "CRITICAL",
        "sandbox_mode": "true",
    }
    api = Api.start(settings)
    api.clock.now = None
    return api


def write(path: Path, seed: int) -> dict[str, str]:
    """Announce tenders and change them in a random order; the last `dateModified` that was acknowledged, by id."""
    api, dice = start(path), random.Random(seed)
    things = [api.tender() for _ in range(TENDERS)]
    last = {thing.id: thing.data["dateModified"] for thing in things}
    for number in range(EDITS * TENDERS):
        thing = dice.choice(things)
        last[thing.id] = api.patch(thing, {"title": f"{seed}/{number}"})["dateModified"]
    api.store.close()
    return last


def write_in_threads(path: Path, seed: int) -> dict[str, str]:
    """Several writers in one process."""
    with ThreadPoolExecutor(THREADS) as pool:
        parts = pool.map(write, [path] * THREADS, range(seed * THREADS, (seed + 1) * THREADS))
    return dict(row for part in parts for row in part.items())


def pages(api: Api, query: str) -> Iterator[list[dict[str, str]]]:
    """Page after page, for ever."""
    path = f"/api/2.5/tenders{query}"
    while True:
        page = api.call("GET", path, user=None).json
        yield page["data"]
        parts = urlsplit(page["next_page"]["uri"])
        path = f"{parts.path}?{parts.query}"


def observe(path: Path, query: str, over: threading.Event) -> dict[str, str]:
    """What an observer knows of each tender when the writers are done and the feed has nothing more."""
    api, seen = start(path), dict[str, str]()
    for rows in pages(api, query):
        seen.update((row["id"], row["dateModified"]) for row in rows)
        if not rows and over.is_set():
            break
    api.store.close()
    return seen


@pytest.mark.parametrize("query", ["?limit=3", "?limit=2&feed=changes"])
def test_no_last_state_is_missed(tmp_path: Path, query: str) -> None:
    start(tmp_path).store.close()
    over, written = threading.Event(), dict[str, str]()
    with ThreadPoolExecutor(OBSERVERS) as watchers:
        seen: list[Future[dict[str, str]]] = [watchers.submit(observe, tmp_path, query, over) for _ in range(OBSERVERS)]
        with multiprocessing.get_context("spawn").Pool(PROCESSES) as writers:
            for part in writers.starmap(write_in_threads, [(tmp_path, seed) for seed in range(PROCESSES)]):
                written |= part
        over.set()
    assert len(written) == PROCESSES * THREADS * TENDERS
    assert [future.result() for future in seen] == [written] * OBSERVERS


def test_bids_of_many_platforms_at_one_moment(tmp_path: Path) -> None:
    """Twenty platforms bid on one tender at once: every acknowledged bid is there, none twice."""
    api = start(tmp_path)
    api.clock.now = builders.datetime(2026, 3, 2, 9, tzinfo=api.clock.zone)
    tender = api.tender()
    api.until(tender, "active.tendering")

    def bid(number: int) -> str:
        mine = start(tmp_path)
        mine.clock.now = api.clock.now
        made = mine.post(f"{tender.path}/bids", builders.bid(400 + number))
        mine.store.close()
        return made.id

    with ThreadPoolExecutor(20) as pool:
        ids = list(pool.map(bid, range(20)))
    stored = api.store.get("tender", tender.id).body
    assert sorted(b["id"] for b in stored["bids"]) == sorted(ids)
    assert stored["numberOfBids"] == 20
