"""What the server does with requests and bodies that no application reads."""

from __future__ import annotations

import json
import socket
from contextlib import nullcontext, suppress
from errno import ECONNRESET
from io import SEEK_END, BytesIO
from typing import Any

import gevent
import pytest
from gunicorn import util

from openprocurement_api import unread
from openprocurement_api.unread import TURN


def ask(app: Any, body: Any, **environ: str) -> list[bytes]:
    """The pieces of the answer, taken and closed as a server does it."""
    answer = unread.reading(app)({"wsgi.input": body, **environ}, None)
    pieces = list(answer)
    if hasattr(answer, "close"):
        answer.close()
    return pieces


def refusing(environ: Any, start: Any) -> list[bytes]:
    return [b"no"]


@pytest.mark.parametrize("length", [{"CONTENT_LENGTH": "300000"}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_the_rest_of_a_refused_body_is_read(length):
    body = BytesIO(b"x" * 300_000)
    assert ask(refusing, body, **length) == [b"no"]
    assert body.tell() == 300_000


def test_it_is_read_after_the_answer():
    body = BytesIO(b"x" * 300_000)
    answer = unread.reading(refusing)({"wsgi.input": body, "CONTENT_LENGTH": "300000"}, None)
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
    monkeypatch.setattr(unread, "MOST", 10 * TURN)
    body = BytesIO(b"x" * 20 * TURN)
    with pytest.raises(ConnectionResetError) as raised:
        ask(refusing, body, CONTENT_LENGTH=str(20 * TURN))
    assert raised.value.errno == ECONNRESET, "of which gunicorn says nothing in its log"
    assert body.tell() == 10 * TURN


class Malformed(BytesIO):
    """A body in chunks, as gunicorn reads it: after the error it seems to have ended."""

    def read(self, *_: Any) -> bytes:
        if self.tell():
            return b""
        self.seek(0, SEEK_END)
        raise ValueError("no size of a chunk")

    readline = readlines = read  # type: ignore[assignment]


def resigned(name: str) -> Any:
    """An application that answers though it could not read the body."""

    def app(environ: Any, start: Any) -> list[bytes]:
        with suppress(ValueError):
            getattr(environ["wsgi.input"], name)()
        return [b"no"]

    return app


@pytest.mark.parametrize("app", [refusing, *map(resigned, ("read", "readline", "readlines"))])
def test_what_follows_a_malformed_body_is_no_request(app):
    with pytest.raises(ConnectionResetError):
        ask(app, Malformed(b"zz"), HTTP_TRANSFER_ENCODING="chunked")


class Dripping(BytesIO):
    """A body that comes byte by byte: gunicorn goes on waiting until it has all that was asked for, which takes a minute."""

    def read(self, *_: Any) -> bytes:
        for _ in range(600):
            gevent.sleep(0.1)
        return b"x"


def trusting(environ: Any, start: Any) -> list[bytes]:
    """An application that answers when it has read the body."""
    return [environ["wsgi.input"].read(10)]


@pytest.fixture
def patched(monkeypatch):
    """A worker of greenlets, in which nobody may wait long."""
    monkeypatch.setattr(unread, "GRACE", 0.05)
    monkeypatch.setattr(unread.monkey, "is_module_patched", lambda name: name == "socket")


def test_a_body_that_comes_too_slowly_is_given_up(patched):
    with pytest.raises(TimeoutError):
        ask(trusting, Dripping(), CONTENT_LENGTH="10")
    with pytest.raises(ConnectionResetError):
        ask(refusing, Dripping(), CONTENT_LENGTH="10")


@pytest.mark.parametrize("size", [-1, 3 * TURN, 10 * TURN])
def test_each_piece_of_a_body_has_its_time(monkeypatch, size):
    given = []
    monkeypatch.setattr(unread, "limit", lambda seconds: given.append(seconds) or nullcontext())
    content = b"x" * 2 * TURN + b"y"
    assert ask(lambda environ, _: [environ["wsgi.input"].read(size)], BytesIO(content), CONTENT_LENGTH=str(len(content))) == [
        content
    ]
    pieces = ["first", "second", "last", "the end", "after the answer the end again"]
    assert given == [unread.GRACE] * len(pieces)


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

    pieces = ask(app, BytesIO(b"one\ntwo\nthree\n"), CONTENT_LENGTH="14")
    assert pieces == [b"on", b"e\n", b"two\n", b"three\n"]
    assert turns == [], "what is small keeps nobody waiting"


def test_others_have_their_turn_while_much_is_read(monkeypatch):
    turns = []
    monkeypatch.setattr(unread.time, "sleep", turns.append)
    body = BytesIO(b"x" * 10 * TURN)
    ask(lambda environ, _: [environ["wsgi.input"].read(TURN) for _ in range(4)], body, CONTENT_LENGTH=str(10 * TURN))
    assert turns == [0] * 10, "and have it while the rest is read that nobody wants"


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
