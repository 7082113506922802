"""The process as a whole: the memory of a worker after many requests, and the time to the first answer."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from statistics import median

from .data import Data
from .jobs import JOBS
from .load import Generator
from .servers import Server
from .verdicts import Row

MEGABYTE = 1 << 20
MOST_MEMORY, MOST_GROWTH, MOST_START = 150.0, 1.02, 2.0
"""Megabytes; memory at the end by that at half time; seconds."""
CHUNK = 1000
FULL = 50_000
"""Mixed requests after which whatever remembers is full; a shorter run holds more all the time, and its growth is not judged."""
MIX = {"GET tender, 10 KB": 50, "GET tender, 10 KB, first reading": 10, "GET tender, 60 KB": 12, "feed page of 100": 6,
       "feed page of 100, first reading": 6, "POST bid": 5, "PATCH tender, 60 KB": 6, "POST tender, 5 items": 5}  # fmt: skip
"""Requests of each job in a hundred; first readings fill whatever remembers."""


def memory(generator: Generator, data: Data, requests: int, where: str) -> Iterator[Row]:
    """What one worker holds after so many mixed requests over 16 connections."""
    with Server(data.folder, "memory", data.app, 1, f"{data.base}/health") as server:
        data.served_at(server.port)
        held = [server.memory()]
        for seed in range(requests // CHUNK):
            generator.run(server.port, mixed(data, seed), 16)
            held.append(server.memory())
    first, half, last = (held[place] / MEGABYTE for place in (0, len(held) // 2, -1))
    yield Row("memory", where, f"{last:.0f} MB after {requests:,}", f"{first:.0f} MB at first", last, MOST_MEMORY)
    most = MOST_GROWTH if requests // 2 >= FULL else None
    yield Row("memory: second half", where, f"{last:.1f} MB", f"{half:.1f} MB at half time", last / half, most)


def mixed(data: Data, seed: int) -> list[bytes]:
    """A thousand requests of all kinds in any order."""
    requests = [sent for job in JOBS if job.name in MIX for sent in job.requests(data, MIX[job.name] * CHUNK // 100)]
    Random(seed).shuffle(requests)
    return requests


def start(data: Data, times: int, where: str) -> Row:
    """Seconds from the start of the server's process to its first answer."""
    seconds = []
    for _ in range(times):
        with Server(data.folder, "start", data.app, 1, f"{data.base}/health") as server:
            seconds.append(server.first_answer)
    found = median(seconds)
    return Row("start", where, f"{found:.2f} s to the first answer", f"{MOST_START:.0f} s", found, MOST_START)
