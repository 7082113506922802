"""`openprocurement run` and `serve` as processes, and the keeping of child processes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest

from openprocurement_api import children, supervisor
from openprocurement_api.children import Child
from openprocurement_api.testing.processes import PATIENCE, free_port, wait_until

INI = """[app:main]
use = egg:openprocurement-api#main
storage.url = sqlite:///%(here)s/store.db
auth.file = %(here)s/auth.ini
plugins = belowThreshold documents chronograph
documents.path = %(here)s/documents
sandbox_mode = true
[server:main]
use = egg:gunicorn#main
bind = 127.0.0.1:{port}
workers = 1
"""
HIDDEN = "sha512:" + "0" * 128


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def path(tmp_path, port):
    (tmp_path / "auth.ini").write_text(f"[brokers]\nbroker = secret1,12\nhidden = {HIDDEN}\n[bots]\nbot = {HIDDEN[:-1]}1\n")
    (tmp_path / "run.ini").write_text(INI.format(port=port))
    return str(tmp_path / "run.ini")


class Program:
    """The program in a process, with all it says."""

    def __init__(self, *arguments: str) -> None:
        line = [sys.executable, "-m", "openprocurement_api", *arguments]
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: list[str] = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout))
        self.reader.start()

    def wait_for(self, pattern: str, count: int = 1) -> None:
        wait_until(lambda: sum(bool(re.search(pattern, line)) for line in self.lines) >= count, lambda: "".join(self.lines))

    def offspring(self) -> dict[int, str]:
        """Process id and command line of each child."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(pid): Path(f"/proc/{pid}/cmdline").read_text() for pid in found}

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGTERM)
        self.reader.join()
        self.process.stdout.close()


@pytest.fixture
def program():
    started = []

    def start(*arguments: str) -> Program:
        started.append(Program(*arguments))
        return started[-1]

    yield start
    for each in started:
        each.close()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_keeps_everything_running_and_ends_all_of_it(program, path, port, number):
    run = program("run", path)
    run.wait_for("Ctrl-C ends all of it")
    with urlopen(f"http://127.0.0.1:{port}/api/2.5/health") as answer:
        assert answer.status == 200
    said = "".join(run.lines)
    assert f"tenders  http://127.0.0.1:{port}/api/2.5/tenders" in said
    assert "brokers: secret1 (12)\n" in said
    assert f"http://127.0.0.1:{port}/api/2.5/procedures and " in said
    assert "0" * 64 not in said
    assert "pkg_resources" not in said
    run.wait_for(r"^chronograph   \| .*chronograph_started")

    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert "openprocurement_chronograph_documents_total" in answer.read().decode(), "one page for all processes"

    first = run.offspring()
    chronograph = next(pid for pid, line in first.items() if "chronograph" in line)
    os.kill(chronograph, signal.SIGKILL)
    run.wait_for(r"chronograph ended with -9; it starts again in 1 s")
    run.wait_for(r"^chronograph   \| .*chronograph_started", count=2)

    last = run.offspring()
    assert len(last) == 2
    assert run.end(number) == 0
    wait_until(lambda: all(gone(pid) for pid in last))


def test_run_names_a_port_in_use(program, path, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        run = program("run", path)
        assert run.process.wait(PATIENCE) == 1
    run.reader.join()
    (line,) = run.lines
    assert line.startswith(f"openprocurement| The API cannot listen on 127.0.0.1:{port}: Address already in use. End what runs")


def test_run_ends_if_the_api_does_not_start(program, path):
    Path(path).write_text(Path(path).read_text() + "no_such_setting_of_gunicorn = 1\n")
    run = program("run", path)
    assert run.process.wait(PATIENCE) == 1
    run.reader.join()
    assert "before it answered" in run.lines[-1]


def test_serve_is_the_api_alone(program, path, port):
    serve = program("serve", path)
    serve.wait_for("Booting worker")
    wait_until(lambda: supervisor.answers(f"http://127.0.0.1:{port}/api/2.5/health"))
    for request, status, location in UNREADABLE:
        answer, body = spoken(port, request)
        assert answer.startswith(f"HTTP/1.1 {status} ")
        assert "Content-Type: application/json; charset=UTF-8" in answer
        assert json.loads(body)["errors"][0]["location"] == location
    large = b"a" * (1 << 26)
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for _ in range(2):
            connection.request("POST", "/nowhere", large)
            assert connection.getresponse().read() == b'{"status":"error","errors":[' + NOWHERE + b"]}"
    assert serve.end(signal.SIGTERM) == 0


NOWHERE = b'{"location":"url","name":"path","description":"Not Found"}'
UNREADABLE = [
    (b"GET /api/2.5/tenders?opt_fields=" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n", 414, "url"),
    (b"GET /api/2.5/tenders HTTP/1.1\r\nX-Access-Token: " + b"a" * 9000 + b"\r\n\r\n", 431, "header"),
    (b"GET /api/2.5/tenders?mode=\xd1\x82 HTTP/1.1\r\n\r\n", 400, "header"),
    (b"hello\r\n\r\n", 400, "header"),
]
"""What the server hands to no application: the request, the status, and where the error is."""


def spoken(port: int, request: bytes) -> tuple[str, bytes]:
    """Head and body of the answer to some bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as stream:
            head, _, body = stream.read().partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}" in head.decode()
    return head.decode(), body


# --- children


def test_what_lies_in_the_folder_is_not_taken_for_a_library(tmp_path):
    (tmp_path / "timeit.py").write_text("raise SystemExit(3)")
    line = children.command("timeit", "-n1", "-r1", "pass")
    assert subprocess.run(line, cwd=tmp_path, env=children.environment(), stdout=subprocess.DEVNULL, check=False).returncode == 0


def script(text: str) -> list[str]:
    return [sys.executable, "-c", text]


@pytest.fixture
def child():
    """Starts children; whatever they do, they are gone at the end."""
    started = []

    def start(text: str, **extra: str) -> Child:
        started.append(Child("child", script(text), extra))
        return started[-1]

    yield start
    children.end(started)
    for each in started:
        each.reader.join()


def test_what_a_child_says_bears_its_name(child, capsys):
    one = child("import os; print('first', os.environ['WHO']); print('second')", WHO="Тарас")
    one.process.wait()
    one.reader.join()
    assert capsys.readouterr().out == "child         | first Тарас\nchild         | second\n"


def test_a_child_finds_the_packages_of_its_parent(child, capsys, monkeypatch, tmp_path):
    (tmp_path / "egg_of_buildout.py").write_text("print('found')")
    monkeypatch.syspath_prepend(str(tmp_path))
    one = child("import egg_of_buildout")
    one.process.wait()
    one.reader.join()
    assert "found" in capsys.readouterr().out


def test_a_child_that_dies_is_started_again_after_longer_and_longer_pauses(child, monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(children.time, "monotonic", lambda: now[0])
    one = child("raise SystemExit(3)")
    pauses = []
    for _ in range(7):
        one.process.wait()
        one.mend()
        pauses.append(one.again - now[0])
        one.mend()
        assert one.again is not None, "not before its time"
        now[0] = one.again
        one.mend()
        assert one.again is None
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    one.process.wait()
    now[0] += children.SHORT_LIFE
    one.mend()
    assert one.again == now[0] + 1, "it had lived for a while"
    assert "child ended with 3; it starts again in 30 s" in capsys.readouterr().out


def test_a_child_that_runs_is_left_alone(child):
    one = child("import time; time.sleep(60)")
    pid = one.process.pid
    one.mend()
    assert (one.again, one.process.pid) == (None, pid)


def test_a_child_that_will_not_end_is_killed_with_all_it_started(child, monkeypatch, capsys):
    monkeypatch.setattr(children, "GRACE", 0.3)
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    one = child(f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {stubborn!r}]); {stubborn}")
    said: list[str] = []
    wait_until(lambda: said.append(capsys.readouterr().out) or "".join(said).count("up") == 2)
    children.end([one])
    assert one.process.returncode == -signal.SIGKILL
    one.reader.join(PATIENCE)
    assert not one.reader.is_alive(), "the grandchild held the other end of the pipe"


def test_a_terminal_that_has_gone_is_no_reason_to_fail(monkeypatch):
    class Closed:
        def write(self, _text):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    assert children.say("anything") is None


# --- addresses


@pytest.mark.parametrize(
    ("bind", "place"),
    [
        ("127.0.0.1:80", "127.0.0.1:80"),
        ("0.0.0.0:80", "127.0.0.1:80"),
        (":80", "127.0.0.1:80"),
        ("10.0.0.1:80, 10.0.0.2:80", "10.0.0.1:80"),
        ("unix:/run/cdb.sock", None),
        ("/run/cdb.sock", None),
    ],
)
def test_clients_reach_the_server_at(bind, place):
    assert supervisor.address(bind) == place


def test_a_port_that_is_no_number_is_named():
    assert "cannot listen on 127.0.0.1:http" in supervisor.occupied("127.0.0.1:http")


def test_an_api_that_does_not_answer_is_given_up(child, monkeypatch, capsys, port):
    monkeypatch.setattr(supervisor, "PATIENCE", 0.3)
    one = child("import time; time.sleep(60)")
    assert not supervisor.answered(one, f"http://127.0.0.1:{port}/", threading.Event())
    assert "did not answer within" in capsys.readouterr().out
