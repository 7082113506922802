"""What pages show is said here: exchanges are recorded and compared, commands are given to a server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from pages import RECORDED, ROOT, blocks, brief, with_block

from openprocurement_api.testing.recording import Recorder


@pytest.fixture
def keep(snapshot):
    """Compares an exchange with what pages include of it."""
    recorder = Recorder()

    def compare(name, answer, *only):
        snapshot(RECORDED / f"{name}.http", recorder.exchange(answer, only=only))
        return answer

    return compare


@pytest.fixture
def tell(api, snapshot):
    """Requests in `asked`, and the comparison of them all with the one `http` block of a page that includes nothing."""

    class Told:
        def __init__(self):
            self.recorder, self.said = Recorder(), []

        def asked(self, method, path, data, *only, **options):
            answer = api.call(method, path, data, **options)
            self.said.append(brief(self.recorder.exchange(answer, only=only)))
            return answer

        def stand_in(self, name):
            page = ROOT / name
            assert len(blocks(name, "http")) == 1
            snapshot(page, with_block(page.read_text(encoding="utf-8"), "http", "\n".join(self.said)))

    return Told()


class Quiet(WSGIRequestHandler):
    """Says nothing of what it was asked."""

    def log_message(self, *_):
        pass


@pytest.fixture
def url(api) -> Iterator[str]:
    """The API on a free port."""
    server = make_server("127.0.0.1", 0, api.web.app, handler_class=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shell(url, tmp_path) -> Callable[..., str]:
    """Gives a script of a page, with the address of this server, to a shell in an empty folder; returns what it printed."""
    folders = [str(Path(sys.executable).parent), os.environ["PATH"]]

    def run(script: str, **variables: str) -> str:
        for host in ("http://127.0.0.1:6543", "http://127.0.0.1:8080", "https://api.example.org"):
            script = script.replace(host, url)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=os.environ | {"PATH": os.pathsep.join(folders), "api": f"{url}/api/2.5", "no_proxy": "127.0.0.1"} | variables,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
