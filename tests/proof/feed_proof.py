"""The proof that nothing is lost: writers and observers of one store for a while, writers killed at any moment.

`python tests/proof/feed_proof.py STORE`, where STORE is `memory:` (threads, which nobody can kill), `sqlite:`, or
`couchdb:` (PouchDB Server from npm, or the server of OP_TEST_COUCHDB_URL). `make proof` does all three, a minute each.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import feed_writer

from openprocurement_api import children
from openprocurement_api.testing import builders, couch
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.plugin import CONF

ROOT = Path(__file__).parents[2]
PAUSE = 0.01
QUERIES = ("?limit=3", "?limit=100", "?limit=2&feed=changes")


@dataclass
class Told:
    """What writers were told was done."""

    edits: dict[str, int] = field(default_factory=dict)
    """The number of the last acknowledged change, by tender."""
    questions: list[str] = field(default_factory=list)
    writes: int = 0
    kills: int = 0

    def note(self, kind: str, id: str, what: object) -> None:
        """One acknowledgement."""
        self.writes += 1
        if kind == "question":
            self.questions.append(str(what))
        else:
            self.edits[id] = int(str(what))


@dataclass
class Observer:
    """Follows `next_page` for ever, and remembers the last row of each document."""

    api: Api
    query: str
    over: threading.Event
    seen: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    torn: int = 0

    def follow(self) -> None:
        """Read until the writers are done and nothing more comes; of each page's first row, read the document too."""
        for rows in self.pages():
            self.seen.update((row["id"], row["dateModified"]) for row in rows)
            self.rows += len(rows)
            if rows:
                doc = self.api.get(f"/tenders/{rows[0]['id']}", user=None)
                self.torn += doc["title"] != doc["description"]
            else:
                return

    def pages(self) -> Iterator[list[dict[str, str]]]:
        """Page after page; an empty one only if it is the last."""
        path = f"/api/2.5/tenders{self.query}"
        while True:
            done = self.over.is_set()
            page = self.api.call("GET", path, user=None).json
            if page["data"] or done:
                yield page["data"]
            else:
                time.sleep(PAUSE)
            parts = urlsplit(page["next_page"]["uri"])
            path = f"{parts.path}?{parts.query}"


class Processes:
    """Writers that are processes. Now and then one is killed, and another takes its place."""

    def __init__(self, settings: Mapping[str, str], shared: str, count: int, told: Told) -> None:
        self.settings, self.shared, self.told = settings, shared, told
        self.seeds, self.readers = iter(range(10**6)), list[threading.Thread]()
        self.running = [self.start() for _ in range(count)]

    def start(self) -> subprocess.Popen[str]:
        """One more writer, and the thread that hears what it was told."""
        command = [sys.executable, feed_writer.__file__, json.dumps(self.settings), str(next(self.seeds)), self.shared]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=children.environment())
        self.readers.append(threading.Thread(target=self.hear, args=(writer,)))
        self.readers[-1].start()
        return writer

    def hear(self, writer: subprocess.Popen[str]) -> None:
        """Note each whole line."""
        for line in writer.stdout:
            if line.endswith("\n"):
                self.told.note(*json.loads(line))
        writer.stdout.close()

    def kill(self) -> None:
        """Kill one in the middle of whatever it does."""
        victim = random.choice(self.running)
        victim.kill()
        victim.wait()
        self.told.kills += 1
        self.running[self.running.index(victim)] = self.start()

    def end(self) -> None:
        """Kill all."""
        for writer in self.running:
            writer.kill()
            writer.wait()
        for reader in self.readers:
            reader.join()


class Threads:
    """Writers that are threads, for a store that lives in one process."""

    def __init__(self, api: Api, shared: str, count: int, told: Told) -> None:
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=feed_writer.write, args=(Api(api.web.app), seed, shared, told.note, self.go))
            for seed in range(count)
        ]
        for thread in self.threads:
            thread.start()

    def go(self) -> bool:
        return not self.over.is_set()

    def kill(self) -> None:
        """A thread cannot be killed."""

    def end(self) -> None:
        """Let them finish what they do."""
        self.over.set()
        for thread in self.threads:
            thread.join()


def race(settings: Mapping[str, str], *, seconds: float, writers: int = 4, kills: int = 8, least: int = 40) -> dict[str, int]:
    """Run it for so long, and until so many writes were acknowledged; check all; the counts. Raises AssertionError."""
    api, over, told = feed_writer.start(settings), threading.Event(), Told()
    shared = api.tender(
        title="0",
        description="0",
        enquiryPeriod={"endDate": later(api, 1)},
        tenderPeriod={"endDate": later(api, 2)},
    ).id
    in_memory = settings["storage.url"] == "memory:"
    observers = [Observer(Api(api.web.app) if in_memory else feed_writer.start(settings), q, over) for q in QUERIES]
    threads = [threading.Thread(target=observer.follow) for observer in observers]
    work = Threads(api, shared, writers, told) if in_memory else Processes(settings, shared, writers, told)
    try:
        for thread in threads:
            thread.start()
        began, done = time.monotonic(), 0
        while time.monotonic() < began + seconds or told.writes < least or (done < kills and not in_memory):
            time.sleep(0.05)
            if told.writes >= least and done < kills and done * seconds < kills * (time.monotonic() - began):
                work.kill()
                done += 1
    finally:
        work.end()
        if not in_memory:
            # What a writer on CouchDB saved and did not live to list, the next one who opens the store lists.
            feed_writer.start(settings)
        over.set()
        for thread in threads:
            thread.join()
    return checked(api, shared, told, observers)


def later(api: Api, weeks: int) -> str:
    return (api.clock.now + weeks * builders.WEEK).isoformat()


def checked(api: Api, shared: str, told: Told, observers: list[Observer]) -> dict[str, int]:
    """Compare what is stored with what was told, and what observers know with what is stored."""
    stored = {change.id: api.store.get("tender", change.id) for change in api.store.changes("tender", limit=10**6)}
    bodies = {key: found.body for key, found in stored.items()}
    lost = [key for key, number in told.edits.items() if key not in bodies or int(bodies[key]["title"]) < number]
    asked = [question["id"] for question in bodies[shared].get("questions", ())]
    torn = sum(body["title"] != body["description"] for body in bodies.values()) + sum(each.torn for each in observers)
    saves = {key: int(found.rev.partition("-")[0]) for key, found in stored.items()}
    histories = {key: [revision.number for revision in api.store.revisions("tender", key)] for key in stored}
    unwritten = [key for key, count in saves.items() if histories[key] != [*range(1, count + 1)]]
    missed = [sum(each.seen.get(key) != body["dateModified"] for key, body in bodies.items()) for each in observers]
    counts = {
        "tenders": len(bodies),
        "acknowledged writes": told.writes,
        "saves": sum(saves.values()),
        "writers killed": told.kills,
        "rows read by observers": sum(each.rows for each in observers),
        "acknowledged changes lost": len(lost),
        "acknowledged questions lost": len(set(told.questions) - set(asked)),
        "questions twice": len(asked) - len(set(asked)),
        "half-applied": torn + len(unwritten),
        "last states missed": sum(missed),
    }
    assert not any(list(counts.values())[-5:]), counts
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", choices=["memory:", "sqlite:", "couchdb:"])
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    with ExitStack() as ends:
        folder = ends.enter_context(tempfile.TemporaryDirectory())
        url, about = arguments.store, arguments.store.rstrip(":")
        if url == "couchdb:":
            server = ends.enter_context(couch.running(ROOT / "build" / "pouchdb"))
            url, about = f"{server}/t{uuid4().hex}", couch.about(server)
            ends.callback(couch.erase, url)
        counts = race(settings_of(f"sqlite:///{folder}/store.db" if url == "sqlite:" else url), seconds=arguments.seconds)
        Api.end_all()
        sys.stdout.write(f"{about}, {arguments.seconds:.0f} s\n" + "".join(f"  {n:>8} {what}\n" for what, n in counts.items()))


def settings_of(url: str) -> dict[str, str]:
    """An installation on a store."""
    return {
        "storage.url": url,
        "auth.file": str(CONF),
        "plugins": "belowThreshold",
        "log.level": "CRITICAL",
        "sandbox_mode": "true",
    }


if __name__ == "__main__":
    main()
