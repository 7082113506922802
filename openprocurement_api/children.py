"""Processes of this program: how they are told to end; and children, started with the same libraries, ended for certain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from _thread import start_new_thread
from collections.abc import Iterable, Sequence
from typing import IO, cast

WARNING = "pkg_resources is deprecated"
SHORT_LIFE = 60.0
"""Seconds; a process that lived longer did not fail at its start."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
GRACE, LAST_GRACE = 7.0, 2.0
"""Seconds that processes have to end by themselves, and to vanish after they were killed."""
_terminal = threading.Lock()


def stop_on(*numbers: signal.Signals) -> threading.Event:
    """An event that is set once this process gets one of these signals, which end it no more."""
    stop = threading.Event()
    for number in numbers:
        # Not in the handler: where it interrupts `stop.wait`, which holds the lock of the event, `stop.set` waits for ever.
        signal.signal(number, lambda *_: start_new_thread(stop.set, ()))
    return stop


def environment() -> dict[str, str]:
    """The environment of child processes: they find the same packages, and what they print comes at once."""
    quiet = ",".join(filter(None, [os.environ.get("PYTHONWARNINGS"), f"ignore:{WARNING}:UserWarning"]))
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": quiet}


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module of this program, whatever is in the folder where it is run."""
    return [sys.executable, "-P", "-m", module, *arguments]


class Child:
    """One process that is to run all the time. It leads a group of its own, so that a Ctrl-C reaches only us."""

    def __init__(self, name: str, command: Sequence[str], extra: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.environment = {**environment(), **extra}
        self.failures = 0
        self.again: float | None = None
        self.start()

    def start(self) -> None:
        """Start the process and the thread that passes its output on."""
        self.again, self.started = None, time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - this program
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=forward, args=(self.name, cast("IO[bytes]", self.process.stdout)), daemon=True)
        self.reader.start()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def mend(self) -> None:
        """Start the process again if it has died, each time after a longer pause."""
        now = time.monotonic()
        if self.alive:
            return
        if self.again is None:
            self.failures = self.failures + 1 if now - self.started < SHORT_LIFE else 1
            pause = min(FIRST_PAUSE * (1 << min(self.failures - 1, 10)), LONGEST_PAUSE)
            self.again = now + pause
            say(f"{self.name} ended with {self.process.returncode}; it starts again in {pause:.0f} s")
        elif now >= self.again:
            self.start()

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal to the process, or to all it has started."""
        try:
            (os.killpg if group else os.kill)(self.process.pid, number)
        except ProcessLookupError:
            return


def forward(name: str, stream: IO[bytes]) -> None:
    """Pass on what a process prints, each line with its name."""
    for line in stream:
        say(line.decode(errors="replace").rstrip("\n"), name)
    stream.close()


def say(text: str, name: str = "openprocurement") -> None:
    """Print one line with the name of who says it; a terminal that has gone is no reason to fail."""
    try:
        with _terminal:
            sys.stdout.write(f"{name:<14}| {text}\n")
            sys.stdout.flush()
    except OSError:
        return


def end(children: Iterable[Child]) -> None:
    """End all processes and everything they started, in less than ten seconds."""
    children = list(children)
    for child in children:
        child.signal(signal.SIGTERM)
    wait(children, GRACE)
    for child in children:
        child.signal(signal.SIGKILL, group=True)
    wait(children, LAST_GRACE)
    for child in children:
        child.reader.join(timeout=0.1)


def wait(children: Iterable[Child], seconds: float) -> None:
    """Wait for the end of all, but not longer than this."""
    deadline = time.monotonic() + seconds
    for child in children:
        try:
            child.process.wait(max(deadline - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            continue
