"""The load: raw HTTP/1.1 requests, made beforehand, over keep-alive connections, from a process of its own.

Nothing is parsed but the status and the length of an answer, so that the generator costs a fraction of what it measures; what it
costs is measured too.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Self

END = b"\r\n\r\n"
LENGTH = b"content-length:"
PIECE = 1 << 18
PATIENCE = 60.0
"""Seconds without any answer after which the server is taken for dead."""


class LoadError(RuntimeError):
    """The server broke off, went silent, or answered otherwise than was asked of it."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a series of requests: seconds from the first to the last, CPU seconds of the generator, answers by status."""

    requests: int
    seconds: float
    cpu: float
    statuses: dict[int, int]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


class Connection:
    """One client: it sends its next request when the answer to the last one is complete."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.answer = bytearray()

    def send(self) -> bool:
        """Send the next request; False if there is none left."""
        request = next(self.requests, None)
        if request is None:
            return False
        self.answer.clear()
        self.socket.sendall(request)
        return True

    def receive(self) -> int | None:
        """Take in what has come; the status once the answer is complete. Raises LoadError."""
        piece = self.socket.recv(PIECE)
        if not piece:
            raise LoadError("the server closed a connection")
        self.answer += piece
        head = self.answer.find(END)
        if head < 0 or len(self.answer) < head + len(END) + content_length(bytes(self.answer[:head])):
            return None
        return int(self.answer[9:12])


def content_length(head: bytes) -> int:
    """The length of the body that a head announces; 0 if it says nothing."""
    lower = head.lower()
    start = lower.find(LENGTH)
    return int(lower[start + len(LENGTH) :].split(b"\r", 1)[0]) if start >= 0 else 0


def drive(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send every request once, over so many connections, each of which waits for its answer. Raises LoadError."""
    statuses: Counter[int] = Counter()
    rest = iter(requests)
    with ExitStack() as ends, selectors.DefaultSelector() as selector:
        clients = [Connection(port, rest) for _ in range(connections)]
        for client in clients:
            ends.enter_context(client.socket)
        cpu, began = time.process_time(), time.perf_counter()
        for client in clients:
            if client.send():
                selector.register(client.socket, selectors.EVENT_READ, client)
        while selector.get_map():
            ready = selector.select(PATIENCE)
            if not ready:
                raise LoadError(f"no answer within {PATIENCE:.0f} s")
            for key, _ in ready:
                status = key.data.receive()
                if status is not None:
                    statuses[status] += 1
                    if not key.data.send():
                        selector.unregister(key.fileobj)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Load(len(requests), seconds, cpu, dict(statuses))


class Generator:
    """The process that sends; a context manager."""

    def __init__(self) -> None:
        self.pool = ProcessPoolExecutor(1, get_context("spawn"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown()

    def run(self, port: int, requests: Sequence[bytes], connections: int, status: int = 0) -> Load:
        """Send every request once. Raises LoadError, also if an answer has another status than the one named."""
        load = self.pool.submit(drive, port, requests, connections).result()
        if status and set(load.statuses) != {status}:
            raise LoadError(f"answers by status: {load.statuses}, wanted {status} alone")
        return load
