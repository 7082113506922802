"""What is measured: the jobs, and what each of them must reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .data import HUGE_HERD, LARGE_HERD, SMALL_HERD, Ask, Data, Herd, Requests
from .reads import (
    SEEN,
    SUMMARY,
    by_owner,
    feed,
    first,
    first_pages,
    get,
    getting,
    getting_first,
    large,
    listing,
    listing_first,
    revisit,
    small,
    unchanged,
    unchanged_list,
)
from .unread import Unread
from .writes import adding, patching, post_bids, post_tenders, replacing

FIRST = 200
"""First readings in a round: each takes a document of its own."""


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the table. A read must reach `target` times the limit's rate; a write may cost `target` times its CPU.

    Without a target the job is measured and not judged. `ask` is the store's part; `check` is what the store has to be asked even
    by those who remember the answer, for them to know that it is still true. `warm` is the number of requests before the first
    round: at least all that are sent over and over, so that what is remembered is remembered then. `most` is how many a round has
    at the most.
    """

    name: str
    status: int
    requests: Requests
    ask: Ask
    target: float | None = None
    check: Ask | None = None
    write: bool = False
    warm: int = 20
    most: int = 100_000


def first_reading(size: str, choose: Callable[[Data], Unread]) -> Job:
    """Tenders of a size, each of which is asked for once."""
    return Job(f"GET tender, {size}, first reading", 200, first(choose), getting_first(choose), most=FIRST)


def patched(name: str, choose: Callable[[Data], Herd], target: float | None = None) -> Job:
    """One field of tenders of a herd."""
    return Job(name, 200, patching(choose), replacing(lambda data: choose(data).sample), target, write=True)


READS = (
    Job("GET tender, 10 KB", 200, get(small), getting(small), 0.60, unchanged(small), warm=SMALL_HERD),
    Job("GET tender, 10 KB: 304", 304, revisit, getting(small), 0.80, unchanged(small), warm=SEEN),
    first_reading("10 KB", lambda data: data.unread),
    Job("GET tender, 10 KB, by its owner", 200, by_owner, getting(small), warm=SMALL_HERD),
    Job("GET tender, 60 KB", 200, get(large), getting(large), 0.50, unchanged(large), warm=LARGE_HERD),
    first_reading("60 KB", lambda data: data.unread_large),
    Job("GET tender, 1 MB", 200, get(lambda data: data.huge), getting(lambda data: data.huge), warm=HUGE_HERD),
    Job("feed page of 100", 200, feed(), listing, 0.60, unchanged_list),
    Job("feed page of 100, opt_fields", 200, feed(SUMMARY), listing, 0.60, unchanged_list),
    Job("feed page of 100, first reading", 200, first_pages, listing_first, most=FIRST),
)
WRITES = (
    Job("POST bid", 201, post_bids, replacing(lambda data: data.tendered), 4, write=True),
    patched("PATCH tender, 60 KB", lambda data: data.editable, 5),
    patched("PATCH tender, 60 KB, aboveThresholdUA", lambda data: data.contested),
    Job("POST tender, 5 items", 201, post_tenders, adding, 8, write=True),
)
JOBS = (*READS, *WRITES)
"""In the order of the table."""
