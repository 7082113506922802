"""`mirror` as a program: exit codes, signals, and a server or a mirror that is killed at any moment."""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from openprocurement_api import cli, supervisor
from openprocurement_api.testing.builders import tender
from openprocurement_api.testing.plugin import CONF
from openprocurement_api.testing.processes import PATIENCE, free_port, wait_until
from openprocurement_client import Client
from openprocurement_client.__main__ import main


def copied(target: str) -> dict[str, dict]:
    """The documents of a copy by id; of several lines the last one counts."""
    if target.endswith(".jsonl"):
        found = [json.loads(line) for line in Path(target).read_bytes().splitlines()]
    else:
        db = sqlite3.connect(target)
        found = [json.loads(body) for (body,) in db.execute("SELECT body FROM documents")]
        db.close()
    return {each["id"]: each for each in found}


@pytest.fixture(params=["copy.jsonl", "copy.db"])
def target(request, tmp_path):
    return str(tmp_path / request.param)


@pytest.fixture
def lines(tmp_path):
    return str(tmp_path / "copy.jsonl")


@pytest.fixture
def program():
    """Starts mirrors as processes of their own."""
    started = []

    def start(*arguments: str) -> subprocess.Popen:
        line = [sys.executable, "-m", "openprocurement_client", "mirror", *arguments]
        started.append(subprocess.Popen(line, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


# --- what it does and what it says


def test_once_copies_everything_and_goes_on_next_time(url, target, announce, api, capsys):
    ids = [announce(str(number)) for number in range(5)]
    assert main(["mirror", url, target, "--once", "--page", "2", "--kind", "tenders"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == f"mirror: done: 5 tenders in {target}"
    assert copied(target) == {key: api.get(f"/tenders/{key}", user=None) for key in ids}

    api.call("PATCH", f"/tenders/{ids[0]}", {"title": "changed"}, user="administrator")
    news = announce("news")
    assert main(["mirror", url, target, "--once"]) == 0
    assert copied(target) == {key: api.get(f"/tenders/{key}", user=None) for key in [*ids, news]}
    if target.endswith(".jsonl"):
        assert len(Path(target).read_bytes().splitlines()) == 6


def test_it_is_a_command_of_the_server_too(url, lines, announce):
    announce()
    assert cli.main(["mirror", url, lines, "--once"]) == 0
    assert len(copied(lines)) == 1


def test_newest_first_has_everything_in_the_end(url, target, announce):
    ids = [announce(str(number)) for number in range(5)]
    assert main(["mirror", url, target, "--once", "--page", "2", "--newest-first"]) == 0
    assert sorted(copied(target)) == sorted(ids)


def test_a_copy_may_begin_at_a_date_and_hold_tests_only(url, lines, tmp_path, announce, api):
    announce("old")
    api.clock.now = api.clock.now.replace(day=5)
    new, test = announce("new"), announce("test", mode="test")
    assert main(["mirror", url, lines, "--once", "--since", "2026-03-04"]) == 0
    assert list(copied(lines)) == [new]
    tests = str(tmp_path / "tests.db")
    assert main(["mirror", url, tests, "--once", "--mode", "test"]) == 0
    assert list(copied(tests)) == [test]


def test_a_lost_place_is_told_and_restarted(url, target, announce, capsys):
    ids = [announce()]
    assert main(["mirror", url, target, "--once"]) == 0
    if target.endswith(".jsonl"):
        state = Path(f"{target}.state")
        state.write_text(re.sub('"forward":"[^"]*"', '"forward":"nonsense"', state.read_text()))
    else:
        with sqlite3.connect(target) as db:
            db.execute("""UPDATE copies SET place = '{"forward":"nonsense"}'""")
        db.close()
    ids.append(announce())
    assert main(["mirror", url, target, "--once"]) == 3
    assert "--restart --since DATE" in capsys.readouterr().err
    assert main(["mirror", url, target, "--once", "--restart", "--since", "2026-03-01"]) == 0
    assert sorted(copied(target)) == sorted(ids)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["copy.csv"], "'copy.csv' is no target"),
        (["nowhere/copy.jsonl"], "cannot be made"),
        (["copy.jsonl", "--kind", "aliens"], "404"),
    ],
)
def test_what_cannot_be_done_is_said(url, tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert main(["mirror", url, *arguments, "--once"]) == (2 if "csv" in said else 1)
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_a_copy_of_something_else_is_a_wrong_argument(url, lines, capsys):
    assert main(["mirror", url, lines, "--once"]) == 0
    assert main(["mirror", url, lines, "--once", "--mode", "test"]) == 2
    assert "it is a copy of tenders" in capsys.readouterr().err
    assert main(["mirror", "ftp://nowhere", lines]) == 2
    assert "is no address" in capsys.readouterr().err


@pytest.mark.parametrize(
    "flag", [("--page", "0"), ("--page", "1001"), ("--pause", "0"), ("--pause", "nan"), ("--since", "x", "--newest-first")]
)
def test_arguments_that_make_no_sense_are_refused(flag, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["mirror", "http://127.0.0.1", "copy.jsonl", *flag])
    assert caught.value.code == 2
    assert f"argument {flag[-1] if len(flag) == 3 else flag[0]}" in capsys.readouterr().err


# --- processes

INI = """[app:main]
use = egg:openprocurement-api#main
storage.url = sqlite:///{store}
auth.file = {keys}
plugins = belowThreshold documents
documents.path = {folder}/documents
sandbox_mode = true
[server:main]
use = egg:gunicorn#main
bind = 127.0.0.1:{port}
workers = 1
"""


class Server:
    """`openprocurement serve` on a file, in processes that are killed."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url, self.ini = f"http://127.0.0.1:{self.port}", folder / "serve.ini"
        self.ini.write_text(INI.format(store=folder / "store.db", keys=CONF, folder=folder, port=self.port))
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        line = [sys.executable, "-m", "openprocurement_api", "serve", str(self.ini)]
        self.process = subprocess.Popen(line, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
        wait_until(lambda: supervisor.answers(f"{self.url}/api/2.5/health"))

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


def test_a_server_that_is_killed_is_waited_for(server, lines, program):
    """The real server on a real file: the client announces, the mirror follows, the server dies and comes back."""
    with Client(server.url, key="broker") as client:
        first = client.create("/tenders", tender(datetime.now().astimezone()))
        mirror = program(server.url, lines, "--pause", "0.05")
        wait_until(lambda: Path(lines).exists() and first.id in copied(lines))
        server.kill()
        said = ""
        while "again in" not in said:
            said = mirror.stderr.readline()
            assert said, "the mirror ended"
        server.start()
        second = client.create("/tenders", tender(datetime.now().astimezone()))
        wait_until(lambda: second.id in copied(lines))
        client.patch(first, {"title": "Інші парти"}, if_match=first.etag)
        wait_until(lambda: copied(lines)[first.id]["title"] == "Інші парти")
        assert client.attach(first.at("documents"), io.BytesIO(b"x"), title="x.txt", token=first.token)["title"] == "x.txt"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_follows_until_it_is_told_to_stop(url, lines, announce, program, number):
    announce("first")
    mirror = program(url, lines, "--pause", "0.05")
    wait_until(lambda: Path(lines).exists() and len(copied(lines)) == 1)
    announce("second")
    wait_until(lambda: len(copied(lines)) == 2)
    mirror.send_signal(number)
    _, said = mirror.communicate(timeout=PATIENCE)
    assert mirror.returncode == 0
    assert "Traceback" not in said


def test_once_that_is_interrupted_was_not_done(lines, program):
    mirror = program("http://127.0.0.1:9", lines, "--once")
    assert "again in" in [mirror.stderr.readline() for _ in range(2)][-1]
    mirror.send_signal(signal.SIGINT)
    mirror.communicate(timeout=PATIENCE)
    assert mirror.returncode == 130


def test_a_mirror_that_is_killed_at_any_moment_misses_nothing(url, target, announce, api, program):
    """While tenders are announced and changed, mirrors are killed without warning; the last one may finish."""
    rng, over = random.Random(7), threading.Event()
    ids = [announce(str(number)) for number in range(40)]

    def disturb():
        while not over.is_set():
            key = rng.choice(ids)
            api.call("PATCH", f"/tenders/{key}", {"title": str(rng.random())}, user="administrator")
            if len(ids) < 80:
                ids.append(announce("more"))
            time.sleep(0.01)

    writer = threading.Thread(target=disturb)
    writer.start()
    try:
        for _ in range(8):
            mirror = program(url, target, "--page", "3", "--pause", "0.01", "--connections", "2")
            mirror.stderr.readline()
            time.sleep(rng.uniform(0, 0.4))
            mirror.kill()
            assert mirror.wait() == -signal.SIGKILL
    finally:
        over.set()
        writer.join()
    mirror = program(url, target, "--once")
    _, said = mirror.communicate(timeout=PATIENCE)
    assert mirror.returncode == 0, said
    assert copied(target) == {key: api.get(f"/tenders/{key}", user=None) for key in ids}
    if target.endswith(".jsonl"):
        assert len(Path(target).read_bytes().splitlines()) == len(ids)
    assert list(Path(target).parent.glob("*.new")) == []
