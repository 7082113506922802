"""Where a demo plays: the server's address, the pace, the terminal, and the waiting for things to happen."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TextIO

import httpx

from .failures import Failed
from .wire import Doc, Platform

GLANCE = 0.5
"""Seconds between two looks at what is waited for."""
GRACE = 30.0
"""Seconds by which the chronograph may be late."""
LEFT = 78
"""Columns of what is told before the link."""


class Stage:
    """What every play needs. `speed` shortens all periods; `transport` takes the place of the network in tests."""

    def __init__(
        self,
        url: str,
        *,
        documents: str | None = None,
        speed: float = 1.0,
        transport: httpx.BaseTransport | None = None,
        out: TextIO | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.documents = documents or f"{self.url}/docservice"
        self.speed = speed
        self._transport = transport
        self._out = out or sys.stdout
        self._began = self.now()

    def platform(self, key: str) -> Platform:
        """The holder of a key."""
        return Platform(key, self.url, self.documents, self._transport)

    def span(self, seconds: float) -> timedelta:
        """A period of the play, at its speed."""
        return timedelta(seconds=seconds / self.speed)

    # --- time

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def wait_until(self, end: datetime, words: str) -> None:
        """Wait for a moment, telling how long it still takes."""
        while (left := (end - self.now()).total_seconds()) > 0:
            self.progress(f"{words}, {left:.0f} s")
            self.sleep(min(GLANCE, left))
        self.progress("")

    def wait_for(self, look: Callable[[], Doc], status: str, due: datetime, words: str) -> Doc:
        """Wait until what `look` shows has a status, which the chronograph should see to when it is due. Raises Failed."""
        self.wait_until(due, words)
        while (shown := look())["status"] != status:
            if (self.now() - due).total_seconds() > GRACE:
                late = f"{GRACE:.0f} s after {status} was due"
                raise Failed(f"{words}: the tender is still {shown['status']}, {late}. Does the chronograph run?")
            self.progress(f"{words}, the chronograph takes it up")
            self.sleep(GLANCE)
        self.progress("")
        return shown

    # --- the terminal

    def act(self, title: str) -> None:
        """Begin a part of the play."""
        self._write(f"\n{title}\n")

    def tell(self, text: str, link: str = "") -> None:
        """One step, with the address of what it is about."""
        seconds = int((self.now() - self._began).total_seconds())
        line = f"  {seconds // 60}:{seconds % 60:02}  {text}"
        self._write(f"{line:<{LEFT}}  {link}".rstrip() + "\n")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A small table: the first column to the left, all others to the right."""
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for first, *others in rows:
            cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
            self._write(f"        {'   '.join(cells).rstrip()}\n")

    def progress(self, text: str) -> None:
        """A line that the next one replaces; only where somebody watches."""
        if self._out.isatty():
            self._write(f"\r\x1b[K{f'        ... {text}' if text else ''}")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
