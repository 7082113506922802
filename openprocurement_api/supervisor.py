"""`openprocurement run`: the API and every service of the plugins on one machine, for development; Ctrl-C ends all of it."""

from __future__ import annotations

import configparser
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGTERM
from threading import Event
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from . import ini
from .children import Child, command, end, say, stop_on
from .engine import Services
from .keys import HASHED

PATIENCE = 60.0
"""Seconds the API has to answer for the first time."""
GLANCE = 0.2
METRICS = "PROMETHEUS_MULTIPROC_DIR"


def run(path: str) -> int:
    """Run everything until SIGINT, SIGTERM or SIGHUP. Returns 1 if the API cannot run; raises what `ini.services_of` raises."""
    path = str(Path(path).absolute())
    services = ini.services_of(path)
    helpers = [
        job for jobs in services.plugins.hook.openprocurement_services(settings=services.settings, ini=path) for job in jobs
    ]
    services.store.close()
    place = address(ini.server(path)["bind"])
    if place and (problem := occupied(place)):
        say(problem)
        return 1
    stop = stop_on(SIGINT, SIGTERM, SIGHUP)
    with tempfile.TemporaryDirectory(prefix="openprocurement-") as metrics:
        children: list[Child] = []
        try:
            children.append(Child("api", command("openprocurement_api.server", path), {METRICS: metrics}))
            if not answered(children[0], f"http://{place}{services.base}/health" if place else "", stop):
                return 0 if stop.is_set() else 1
            children += [
                Child(name, command("openprocurement_api", *arguments), {METRICS: metrics}) for name, arguments in helpers
            ]
            for line in introduction(services, str(place or ini.server(path)["bind"]), [name for name, _ in helpers]):
                say(line)
            while not stop.wait(GLANCE):
                for child in children:
                    child.mend()
        finally:
            end(children)
    return 0


def address(bind: str) -> str | None:
    """Where clients of this machine reach the server; None for a socket in the file system."""
    host, colon, port = bind.split(",", maxsplit=1)[0].strip().rpartition(":")
    if not colon or host.startswith("unix"):
        return None
    return f"{'127.0.0.1' if host in ('', '0.0.0.0') else host}:{port}"  # noqa: S104 - not bound, only compared


def occupied(place: str) -> str:
    """The sentence that says why nothing can listen there; empty if it can."""
    host, _, port = place.rpartition(":")
    host = host.strip("[]")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            return f"The API cannot listen on {place}: {reason}. End what runs there, or change `bind` in [server:main]."
    return ""


def answered(api: Child, url: str, stop: Event) -> bool:
    """Wait until the API answers; False if it ends, takes too long, or is told to stop."""
    deadline = time.monotonic() + PATIENCE
    while not stop.wait(GLANCE):
        if not api.alive:
            say(f"The API ended with {api.process.returncode} before it answered; what it said is above.")
            return False
        if not url or answers(url):
            return True
        if time.monotonic() > deadline:
            say(f"{url} did not answer within {PATIENCE:.0f} s.")
            return False
    return False


def answers(url: str) -> bool:
    """Whether a server answers, be it with an error."""
    try:
        with urlopen(url, timeout=2):  # noqa: S310 - http, from the settings
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


def introduction(services: Services, place: str, helpers: list[str]) -> Iterator[str]:
    """What the developer wants to know: addresses, and the keys of a training installation."""
    base = f"http://{place}{services.base}"
    for kind in sorted({procedure.root.plural for procedure in services.procedures.values()}):
        yield f"{kind:<9}{base}/{kind}"
    yield f"{'health':<9}{base}/health"
    yield f"{'pages':<9}{base}/procedures and {base}/openapi, in a browser"
    yield f"{'beside':<9}{', '.join(helpers) or 'nothing'}"
    if services.settings["sandbox_mode"]:
        yield f"{'keys':<9}user names of HTTP Basic, with their levels, from {services.settings.path('auth.file')}:"
        for group, keys in demo_keys(services.settings.path("auth.file")):
            yield f"{'':<9}{group}: {', '.join(keys)}"
    yield "Ctrl-C ends all of it."


def demo_keys(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The keys that stand in clear in `auth.file`, by group; in parentheses the levels of those that have not all."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read_string(path.read_text(encoding="utf-8"))
    for group in parser.sections():
        keys = [line.partition(",")[::2] for _, line in parser.items(group)]
        if shown := [
            f"{key.strip()}{f' ({levels.strip()})' if levels else ''}" for key, levels in keys if not key.startswith(HASHED)
        ]:
            yield group, shown
