"""The servers that are measured, each a process of its own, and what the kernel says of their workers."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from openprocurement_api.children import command, environment
from openprocurement_api.testing.processes import free_port

ROOT = Path(__file__).parents[1]
START_SECONDS = 60.0
GLANCE = 0.02
METRICS = "PROMETHEUS_MULTIPROC_DIR"


class ServerError(RuntimeError):
    """A server that is to be measured does not run."""


class Server:
    """One gunicorn with a number of gevent workers, serving an INI file; a context manager.

    `first_answer` is how many seconds it took from the start of the process to the first answer.
    """

    def __init__(self, folder: Path, name: str, app: str, workers: int, path: str) -> None:
        self.port = free_port()
        self.workers = workers
        self.path = path
        self.log = folder / f"{name}.log"
        self.ini = folder / f"{name}.ini"
        self.ini.write_text(
            f"[app:main]\n{app}\n[server:main]\nuse = egg:gunicorn#main\nbind = 127.0.0.1:{self.port}\n"
            f"worker_class = gevent\nworkers = {workers}\n",
            encoding="utf-8",
        )
        self.metrics = folder / f"{name}.metrics"
        self.metrics.mkdir(exist_ok=True)

    def __enter__(self) -> Self:
        began = time.perf_counter()
        extra = {METRICS: str(self.metrics), "PYTHONPATH": os.pathsep.join([str(ROOT), environment()["PYTHONPATH"]])}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command("openprocurement_api.server", str(self.ini)), env=environment() | extra, stdout=log, stderr=log
            )
        self.await_answer(began + START_SECONDS)
        self.first_answer = time.perf_counter() - began
        while len(self.pids) < self.workers:
            time.sleep(GLANCE)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def await_answer(self, deadline: float) -> None:
        """Wait for the first answer. Raises ServerError."""
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}{self.path}", timeout=5):
                    return
            except HTTPError:
                return
            except (URLError, OSError):
                if self.process.poll() is not None or time.perf_counter() > deadline:
                    raise ServerError(f"{self.ini} is not served:\n{self.log.read_text()}") from None
                time.sleep(GLANCE)

    @property
    def pids(self) -> list[int]:
        """The worker processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]

    def cpu(self) -> float:
        """CPU seconds that all workers have used since they were born."""
        return sum(time.clock_gettime(cpu_clock(pid)) for pid in self.pids)

    def memory(self) -> int:
        """Resident bytes of the largest worker."""
        return max(resident(pid) for pid in self.pids)


def cpu_clock(pid: int) -> int:
    """Linux's clock of another process's CPU time, in nanoseconds where /proc/PID/stat counts hundredths of seconds."""
    return (~pid << 3) | 2


def resident(pid: int) -> int:
    """Bytes of memory a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
