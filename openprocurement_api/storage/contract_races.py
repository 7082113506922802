"""What a store promises when many write and read at once, each through the same store object, in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from .base import Doc, RevConflict, Store
from .contract_kinds import create

WRITERS = 6


def increment(store: Store, id: str, times: int) -> None:
    """Add 1 to the field `n` of a document, `times` times, trying again after each lost race."""
    while times:
        seen = store.get("tender", id)
        n = seen.body["n"] + 1
        try:
            store.put("tender", id, {"n": n}, expect=seen.rev, revision={"n": n})
        except RevConflict:
            continue
        times -= 1


def follow(store: Store, done: Callable[[], bool], limit: int = 3) -> dict[str, Doc]:
    """Read the feed from its start until the writers are `done` and it is at its end; the bodies seen last, by id."""
    cursor, seen = "", {}
    while True:
        finished = done()
        rows = store.changes("tender", since=cursor, limit=limit)
        for row in rows:
            seen[row.id] = store.get("tender", row.id).body
            cursor = row.cursor
        if finished and not rows:
            return seen


class RaceContract:
    """No lost update, no number twice, no document missed."""

    def test_no_update_is_lost(self, store: Store) -> None:
        create(store, "a", n=0)
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(lambda _: increment(store, "a", 10), range(WRITERS)))
        total = WRITERS * 10
        assert store.get("tender", "a").body == {"n": total}
        assert [(row.number, row.body["n"]) for row in store.revisions("tender", "a")] == [(n, n) for n in range(1, total + 1)]

    def test_one_of_many_creators_wins(self, store: Store) -> None:
        barrier = threading.Barrier(WRITERS)

        def creates(n: int) -> bool:
            barrier.wait()
            try:
                create(store, "a", n=n)
            except RevConflict:
                return False
            return True

        with ThreadPoolExecutor(WRITERS) as pool:
            assert sum(pool.map(creates, range(WRITERS))) == 1

    def test_no_number_is_given_twice(self, store: Store) -> None:
        with ThreadPoolExecutor(WRITERS) as pool:
            numbers = pool.map(lambda _: [store.count("number") for _ in range(20)], range(WRITERS))
            assert sorted(chain.from_iterable(numbers)) == list(range(1, WRITERS * 20 + 1))

    def test_an_observer_sees_the_last_state_of_every_document(self, store: Store) -> None:
        names = [str(n) for n in range(8)]
        for name in names:
            create(store, name, n=0)

        def increments(first: int) -> None:
            for name in names[first:] + names[:first]:
                increment(store, name, 2)

        with ThreadPoolExecutor(WRITERS + 2) as pool:
            writers = [pool.submit(increments, n) for n in range(WRITERS)]
            observers = [pool.submit(follow, store, lambda: all(writer.done() for writer in writers)) for _ in range(2)]
            seen = [observer.result() for observer in observers]
        assert [writer.exception() for writer in writers] == [None] * WRITERS
        assert seen == [{name: {"n": WRITERS * 2} for name in names}] * 2
