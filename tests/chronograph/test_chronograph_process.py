"""The real process on a file: killed, doubled, late, and every move is made once and in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from openprocurement_api.testing.builders import tender
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.processes import PATIENCE, free_port, wait_until
from plugins.chronograph import slots

QUICK = {"procurementMethodDetails": "quick, accelerator=1440", "submissionMethodDetails": "quick"}
START = timedelta(seconds=3)
"""Longer than a process takes to start, on most machines."""
LEFT = ["active.enquiries", "active.tendering"]
"""The statuses that the chronograph ends, in this order."""


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


class Installation:
    """An INI file, an API in this process on the real clock, and chronographs in processes of their own."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.ini = folder / "installation.ini"
        values = settings | {"storage.url": f"sqlite:///{folder}/store.db", "log.level": "INFO", "chronograph.interval": "0.2"}
        lines = "\n".join(f"{name} = {value}" for name, value in values.items())
        self.ini.write_text(f"[app:main]\nuse = egg:openprocurement-api#main\n{lines}\n")
        self.api = Api.start(values | {"log.level": "CRITICAL"})
        self.api.clock.now = None
        self.processes: list[subprocess.Popen] = []

    def chronograph(self, *flags: str) -> subprocess.Popen:
        line = [sys.executable, "-m", "openprocurement_api", "chronograph", str(self.ini), *flags]
        process = subprocess.Popen(line, stderr=subprocess.PIPE)
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen) -> None:
        process.kill()
        process.communicate()
        self.processes.remove(process)

    def announce(self, tendering: timedelta, ends: timedelta) -> str:
        """A tender nobody will bid for; both moments are counted from now."""
        now = self.api.clock.now
        periods = {
            "enquiryPeriod": {"startDate": now.isoformat(), "endDate": (now + tendering).isoformat()},
            "tenderPeriod": {"endDate": (now + ends).isoformat()},
        }
        return self.api.post("/tenders", tender(now, **periods, **QUICK)).id

    def announce_slow(self) -> str:
        """A tender that takes bids at once, for a fortnight: its auction needs a slot."""
        now = self.api.clock.now
        enquiries = {"startDate": now.isoformat(), "endDate": (now + seconds(0.01)).isoformat()}
        return self.api.post("/tenders", tender(now, enquiryPeriod=enquiries)).id

    def body(self, key: str) -> dict:
        return self.api.store.get("tender", key).body

    def statuses(self, ids: list[str]) -> set[str]:
        return {self.body(key)["status"] for key in ids}

    def wait_until_planned(self, ids: list[str]) -> None:
        wait_until(lambda: all("startDate" in self.body(key).get("auctionPeriod", {}) for key in ids))

    def wait(self, ids: list[str], status: str) -> None:
        wait_until(lambda: self.statuses(ids) == {status}, lambda: self.statuses(ids))

    def moves(self, key: str) -> list[tuple[str, datetime]]:
        """Which statuses were left, and when."""
        found = []
        for revision in self.api.store.revisions("tender", key):
            left = [op["value"] for op in revision.body["changes"] if op["path"] == "/status" and op["op"] == "replace"]
            found += [(status, datetime.fromisoformat(revision.body["date"])) for status in left]
        return found

    def lateness(self, key: str) -> list[float]:
        """Seconds from each moment until the move was made."""
        tendering = self.body(key)["tenderPeriod"]
        due = {"active.enquiries": tendering["startDate"], "active.tendering": tendering["endDate"]}
        return [(at - datetime.fromisoformat(due[status])).total_seconds() for status, at in self.moves(key)]

    def made_each_move_once(self, key: str) -> bool:
        revisions = list(self.api.store.revisions("tender", key))
        numbered = [r.number for r in revisions] == list(range(1, len(revisions) + 1))
        authors = [r.body["author"] for r in revisions]
        moves = [status for status, _ in self.moves(key)]
        once = moves == LEFT and len(authors) == len(["announced", "planned", *LEFT])
        # Who comes to it only when both moments have passed makes both moves in one save.
        late = moves == LEFT[:1] and len(authors) == len(["announced", "moved"])
        return numbered and (once or late) and authors == ["broker", *["chronograph"] * (len(authors) - 1)]

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()
        self.api.store.close()


@pytest.fixture
def installation(tmp_path, settings):
    made = Installation(tmp_path, settings)
    yield made
    made.close()


def test_moves_are_made_in_time(installation):
    ids = [installation.announce(START + seconds(n / 10), START + seconds(1 + n / 10)) for n in range(10)]
    installation.chronograph()
    installation.wait(ids, "unsuccessful")
    lateness = [late for key in ids for late in installation.lateness(key)]
    assert min(lateness) >= 0, "nothing moves before its time"
    assert all(installation.made_each_move_once(key) for key in ids)


def test_two_copies_of_which_one_is_killed_and_started_again(installation):
    ids = [installation.announce(START + seconds(n / 20), START + seconds(2 + n / 20)) for n in range(40)]
    victim, _ = installation.chronograph(), installation.chronograph()
    wait_until(lambda: LEFT[0] not in installation.statuses(ids[:20]))
    installation.kill(victim)
    installation.chronograph()
    installation.wait(ids, "unsuccessful")
    assert all(installation.made_each_move_once(key) for key in ids)


def test_killed_again_and_again_in_the_middle_of_its_work(installation):
    ids = [installation.announce(seconds(0.01), seconds(0.02)) for _ in range(60)]
    for done in (5, 20, 40):
        process = installation.chronograph()
        installation.wait(ids_in_order(installation, ids)[:done], "unsuccessful")
        installation.kill(process)
    installation.chronograph()
    installation.wait(ids, "unsuccessful")
    moves = [[status for status, _ in installation.moves(key)] for key in ids]
    assert moves == [["active.enquiries"]] * len(ids), "both moments had passed: one save, from the first to the last status"


def test_killed_while_it_plans_every_auction_has_one_slot(installation):
    ids = [installation.announce_slow() for _ in range(60)]
    for done in (3, 15, 30, 45):
        process = installation.chronograph()
        installation.wait(ids[:done], "active.tendering")
        installation.kill(process)
    installation.chronograph(), installation.chronograph()
    installation.wait_until_planned(ids)
    starts = {key: datetime.fromisoformat(installation.body(key)["auctionPeriod"]["startDate"]) for key in ids}
    plan = installation.api.store.get("plan_day", f"plan_{min(starts.values()).date()}").body
    booked = {key: slot for _, slot, key in slots.booked(plan)}
    half_hours = {key: slots.booking_of("", key, start, start.tzinfo).slot for key, start in starts.items()}
    assert booked == half_hours
    assert len(list(slots.booked(plan))) == len(ids)


def ids_in_order(installation: Installation, ids: list[str]) -> list[str]:
    """The tenders in the order in which the index names them."""
    dues = {key: installation.body(key)["tenderPeriod"]["startDate"] for key in ids}
    return sorted(ids, key=lambda key: (dues[key], key))


def test_sigterm_ends_it_cleanly(installation):
    process = installation.chronograph()
    line = process.stderr.readline()
    assert b"chronograph_started" in line
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert b"chronograph_stopped" in process.stderr.read()


def test_once_sees_to_what_is_due_and_ends(installation):
    due, later = installation.announce(seconds(0.01), seconds(60)), installation.announce(seconds(60), seconds(90))
    process = installation.chronograph("--once")
    assert process.wait(PATIENCE) == 0
    assert [installation.statuses([key]) for key in (due, later)] == [{"active.tendering"}, {"active.enquiries"}]


@pytest.mark.parametrize(("flags", "said"), [(["--interval", "0"], b"invalid seconds value"), (["--often"], b"unrecognized")])
def test_wrong_flags_are_refused(installation, flags, said):
    process = installation.chronograph(*flags)
    _, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said in told) == (2, True)


def test_wrong_settings_are_one_sentence(installation):
    installation.ini.write_text(installation.ini.read_text() + "chronograph.streams = none\n")
    process = installation.chronograph()
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert told.count(b"\n") == 1
    assert b"'chronograph.streams'" in told


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_an_idle_chronograph_does_not_spin(installation):
    installation.announce(seconds(600), seconds(900))
    process = installation.chronograph("--interval", "0.1")
    process.stderr.readline()
    before = cpu_seconds(process.pid)
    time.sleep(2)
    assert cpu_seconds(process.pid) - before < 0.5


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_metrics_are_served(installation):
    port = free_port()
    installation.ini.write_text(installation.ini.read_text() + f"chronograph.metrics = {port}\n")
    key = installation.announce(seconds(0.01), seconds(60))
    process = installation.chronograph()
    process.stderr.readline()
    installation.wait([key], "active.tendering")
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert b"openprocurement_chronograph_documents_total 1.0" in answer.read()
