"""conf/nginx.conf in a real nginx, before two real API servers: it rides out one that dies, and sends no write twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from openprocurement_api import children, supervisor
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import MORNING, Api
from openprocurement_api.testing.processes import PATIENCE, free_ports, wait_until

ROOT = Path(__file__).parents[2]
KEY = "Basic YnJva2VyOg=="
INI = """[app:main]
use = egg:openprocurement-api#main
{settings}
[server:main]
use = egg:gunicorn#main
bind = 127.0.0.1:{port}
workers = 1
"""
CUT = 0
"""Stands for the status of an answer that broke off."""
WRITERS, ENOUGH = 4, 12

pytestmark = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")


def wait(url: str) -> None:
    wait_until(lambda: supervisor.answers(url), lambda: url)


@pytest.fixture
def store(settings, tmp_path):
    """One store for both servers, seen from beside them."""
    settings["storage.url"] = f"sqlite:///{tmp_path}/store.db"
    return Api.start(settings).store


class Balanced:
    """Two servers and nginx before them."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.port, self.inner, *ports = free_ports(4)
        text = (ROOT / "conf/nginx.conf").read_text().replace("listen 8080", f"listen 127.0.0.1:{self.port}")
        for name, port in {"api1:6543": ports[0], "api2:6543": ports[1], "documents:8081": self.inner}.items():
            assert name in text
            text = text.replace(name, f"127.0.0.1:{port}")
        (folder / "nginx.conf").write_text(text.replace("/tmp/nginx", f"{folder}/nginx"))
        self.servers = [self.serve(folder, settings, port) for port in ports]
        for port in ports:
            wait(f"http://127.0.0.1:{port}/api/2.5/health")
        self.nginx = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
        wait(self.url("/version"))

    def serve(self, folder: Path, settings: dict[str, str], port: int) -> subprocess.Popen[bytes]:
        path = folder / f"{port}.ini"
        path.write_text(INI.format(settings="\n".join(f"{k} = {v}" for k, v in settings.items()), port=port))
        line = [sys.executable, "-m", "openprocurement_api", "serve", str(path)]
        return subprocess.Popen(line, env=children.environment(), start_new_session=True)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/api/2.5{path}"

    def ask(self, path: str, data: object = None) -> tuple[int, dict, dict]:
        """Status, JSON and headers of an answer."""
        body = None if data is None else json.dumps({"data": data}).encode()
        headers = {"Content-Type": "application/json", "Authorization": KEY}
        try:
            with urlopen(Request(self.url(path), body, headers), timeout=PATIENCE) as answer:
                return answer.status, json.load(answer), dict(answer.headers)
        except HTTPError as error:
            with error:
                return error.code, json.load(error), dict(error.headers)
        except HTTPException:
            return CUT, {}, {}

    def kill(self, number: int) -> None:
        """Kill a server with its worker, whatever it does."""
        os.killpg(self.servers[number].pid, signal.SIGKILL)
        self.servers[number].wait()

    def end(self) -> None:
        self.nginx.terminate()
        self.nginx.wait()
        for number, server in enumerate(self.servers):
            if server.poll() is None:
                self.kill(number)


@pytest.fixture
def balanced(tmp_path, settings, store):
    found = Balanced(tmp_path, settings)
    yield found
    found.end()


def test_one_server_dies(balanced, store):
    over, answers, reads = threading.Event(), [], Counter()
    data = builders.tender(MORNING.replace(year=MORNING.year + 50))

    def write():
        while not over.is_set():
            answers.append(balanced.ask("/tenders", data)[:2])

    def read():
        while not over.is_set():
            reads[balanced.ask("/tenders?limit=1")[0]] += 1

    threads = [threading.Thread(target=work) for work in (*[write] * WRITERS, read)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: created(answers) >= ENOUGH)
        balanced.kill(0)
        before = created(answers)
        wait_until(lambda: created(answers) >= before + ENOUGH)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert set(reads) <= {200, CUT}, "a reader notices nothing"
    assert reads[CUT] <= 1, "but for the answer that was being sent"
    assert {status for status, _ in answers} <= {201, 503, CUT}
    ids = {told["data"]["id"] for status, told in answers if status == 201}
    unknown = len(answers) - len(ids)
    assert unknown <= WRITERS, "only what was under way"
    stored = {change.id for change in store.changes("tender", limit=10**6)}
    assert ids <= stored
    assert len(stored) - len(ids) <= unknown, "no write was sent twice"


def test_both_die(balanced):
    balanced.kill(0)
    balanced.kill(1)
    for data in (None, builders.tender(MORNING)):
        status, told, headers = balanced.ask("/tenders", data)
        assert (status, told["status"], headers["Retry-After"]) == (503, "error", "5")


def test_metrics_stay_inside(balanced):
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"http://127.0.0.1:{balanced.port}/metrics")


def created(answers) -> int:
    return sum(status == 201 for status, _ in answers)


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-store.conf"])
def test_nginx_takes_the_file(name, tmp_path):
    text = (ROOT / "conf" / name).read_text().replace("/tmp/nginx", f"{tmp_path}/nginx")
    for host in ("api1", "api2", "documents", "couchdb1.cluster", "couchdb2.cluster", "couchdb3.cluster"):
        text = text.replace(f"server {host}:", "server 127.0.0.1:")
    (tmp_path / name).write_text(text)
    done = subprocess.run(["nginx", "-t", "-p", tmp_path, "-c", tmp_path / name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr
