"""Where the time goes: each job once more inside this process, under cProfile, by the part of the program that spent it."""

from __future__ import annotations

import cProfile
import io
import pstats
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr

from paste.deploy import loadapp

from .data import Data
from .jobs import Job

REPEATS = 40
WAITING = "waiting"
PARTS = (
    ("<method 'recv", WAITING),
    ("<method 'connect", WAITING),
    ("<method 'poll", WAITING),
    ("/openprocurement_api/storage/", "store"),
    ("sqlite3", "store"),
    ("/couchdb/", "store"),
    ("/openprocurement_api/models/", "models"),
    ("/schematics/", "models"),
    ("/openprocurement_api/domain/", "rules and filters"),
    ("/openprocurement_api/nodes/", "rules and filters"),
    ("/procedures/", "rules and filters"),
    ("/openprocurement_api/engine", "rules and filters"),
    ("/plugins/documents/", "addresses of files"),
    ("/structlog/", "log"),
    ("/openprocurement_api/logs", "log"),
    ("/prometheus_client/", "metrics"),
    ("/openprocurement_api/", "request and answer"),
    ("/pyramid/", "Pyramid"),
    ("/webob/", "Pyramid"),
    ("/cornice/", "Pyramid"),
    ("/zope/", "Pyramid"),
    ("msgspec", "JSON"),
)
SAID = 4
"""Parts that a note names. Waiting for a database is none: rows are about CPU time."""


def notes(data: Data, jobs: Sequence[Job]) -> dict[str, str]:
    """The note of each job, by its name."""
    app = loadapp(f"config:{data.ini}")
    with redirect_stderr(io.StringIO()):
        return {job.name: note(parts(app, job, data)) for job in jobs}


def note(found: Mapping[str, float]) -> str:
    """The parts that took most, with their shares."""
    whole = sum(found.values()) or 1.0
    most = sorted(found.items(), key=lambda item: -item[1])[:SAID]
    return ", ".join(f"{name} {seconds / whole:.0%}" for name, seconds in most)


def parts(app: object, job: Job, data: Data) -> dict[str, float]:
    """Seconds by part of the program, of the quicker half of a job's requests: in the others, other programs were running.

    Requests are asked for twice and count the second time: what the job sends over and over is remembered then, as in the rounds.
    """
    for sent in job.requests(data, REPEATS):
        answered(app, environ(sent))
    spent = [profiled(app, environ(sent)) for sent in job.requests(data, REPEATS)]
    quick = sorted(spent, key=lambda one: sum(one.values()))[: REPEATS // 2]
    return {part: sum(one.get(part, 0.0) for one in quick) for one in quick for part in one}


def profiled(app: object, made: dict[str, object]) -> dict[str, float]:
    """Seconds of one request by part. What is of no part, such as built-in functions, counts for who called it."""
    profile = cProfile.Profile()
    profile.runcall(answered, app, made)
    spent: Counter[str] = Counter()
    for function, (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if part := part_of(function):
            spent[part] += own
            continue
        for caller, (_, _, share, _) in callers.items():
            spent[part_of(caller) or "Python"] += share
    del spent[WAITING]
    return dict(spent)


def part_of(function: tuple[str, int, str]) -> str:
    """The part of the program that a function belongs to; empty for the libraries of Python."""
    place = f"{function[0]} {function[2]}"
    return next((part for mark, part in PARTS if mark in place), "")


def answered(app: object, environ: dict[str, object]) -> None:
    """One request, as a server hands it over."""
    for _ in app(environ, lambda *_: None):  # type: ignore[operator]
        pass


def environ(sent: bytes) -> dict[str, object]:
    """The WSGI environment of the bytes of a request."""
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    found: dict[str, object] = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0), "wsgi.multithread": False,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for line in lines:
        name, _, value = line.partition(": ")
        name = name.upper().replace("-", "_")
        found[name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"] = value
    return found
