"""What the server does with requests and bodies that no application reads."""

from __future__ import annotations

import json
import socket
from io import BytesIO
from typing import Any

import pytest
from gunicorn import util

from openprocurement_api import unread


class Connection:
    """The part of a socket that is used."""

    def __init__(self) -> None:
        self.closed: list[int] = []

    def shutdown(self, how: int) -> None:
        self.closed.append(how)


def ask(app: Any, body: Any, **environ: str) -> tuple[list[bytes], Connection]:
    """The pieces of the answer, taken and closed as a server does it, and the connection."""
    connection = Connection()
    given = {"wsgi.input": body, "gunicorn.socket": connection, **environ}
    answer = unread.reading(app)(given, None)
    pieces = list(answer)
    if hasattr(answer, "close"):
        answer.close()
    return pieces, connection


def refusing(environ: Any, start: Any) -> list[bytes]:
    return [b"no"]


@pytest.mark.parametrize("length", [{"CONTENT_LENGTH": "300000"}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_the_rest_of_a_refused_body_is_read(length):
    body = BytesIO(b"x" * 300_000)
    pieces, connection = ask(refusing, body, **length)
    assert pieces == [b"no"]
    assert body.tell() == 300_000
    assert not connection.closed


def test_it_is_read_after_the_answer(monkeypatch):
    body = BytesIO(b"x" * 300_000)
    answer = unread.reading(refusing)({"wsgi.input": body, "gunicorn.socket": Connection(), "CONTENT_LENGTH": "300000"}, None)
    assert list(answer) == [b"no"]
    assert body.tell() == 0
    answer.close()
    assert body.tell() == 300_000


@pytest.mark.parametrize("length", [{}, {"CONTENT_LENGTH": "0"}])
def test_a_request_without_body_goes_through_as_it_is(length):
    environ = {"wsgi.input": BytesIO(b"of the next request"), **length}
    answer = refusing(environ, None)
    assert unread.reading(lambda *_: answer)(environ, None) is answer
    assert environ["wsgi.input"].tell() == 0


def test_a_body_without_end_ends_with_its_connection(monkeypatch):
    monkeypatch.setattr(unread, "MOST", 10 * unread.STEP)
    body = BytesIO(b"x" * 20 * unread.STEP)
    _, connection = ask(refusing, body, CONTENT_LENGTH=str(20 * unread.STEP))
    assert body.tell() == 10 * unread.STEP
    assert connection.closed == [socket.SHUT_RD]


def test_a_body_that_breaks_off_is_left_to_gunicorn():
    class Broken(BytesIO):
        def read(self, *_: Any) -> bytes:
            raise ConnectionResetError

    pieces, connection = ask(refusing, Broken(), CONTENT_LENGTH="10")
    assert (pieces, connection.closed) == ([b"no"], [])


def test_what_the_application_opened_is_closed_before():
    body = BytesIO(b"x" * 10)
    seen = []

    class Pieces(list):
        def close(self) -> None:
            seen.append(body.tell())

    ask(lambda *_: Pieces([b"no"]), body, CONTENT_LENGTH="10")
    assert seen == [0]
    assert body.tell() == 10


def test_the_application_reads_what_was_sent(monkeypatch):
    turns = []
    monkeypatch.setattr(unread.time, "sleep", turns.append)

    def app(environ: Any, start: Any) -> list[bytes]:
        source = environ["wsgi.input"]
        return [source.read(2), source.readline(), *source.readlines(), *source]

    pieces, _ = ask(app, BytesIO(b"one\ntwo\nthree\n"), CONTENT_LENGTH="14")
    assert pieces == [b"on", b"e\n", b"two\n", b"three\n"]
    assert set(turns) == {0}, "each piece gives others their turn, and costs no time"


def test_gunicorn_answers_in_the_envelope(monkeypatch):
    monkeypatch.setattr(util, "write_error", util.write_error)
    unread.speak_json()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        util.write_error(ours, 431, "Request Header Fields Too Large", "Error parsing headers: 'Ї <b>'")
        ours.shutdown(socket.SHUT_WR)
        head, _, body = theirs.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n")
    problem = {"location": "header", "name": "request", "description": "Error parsing headers: 'Ї <b>'"}
    assert json.loads(body) == {"status": "error", "errors": [problem]}
