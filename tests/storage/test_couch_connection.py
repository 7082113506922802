"""What comes over a connection to CouchDB: whole answers in any pieces, and what is no answer. No server is needed."""

from __future__ import annotations

import gc
import socket
import threading
import weakref
from contextlib import contextmanager

import pytest
from httptools import HttpParserError, HttpParserUpgrade

from openprocurement_api.storage.couch_connection import Connection
from openprocurement_api.storage.couch_names import Address
from openprocurement_api.storage.couch_wire import BROKEN, Answer, Interrupted, Refused, Wire, persist

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SHORT = OK + b"Content-Length: 2\r\n\r\n{}"
LONG = OK + b"Content-Length: 20000\r\n\r\n" + b"9" * 20000
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
CLOSING = OK + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}"
TO_THE_END = OK.replace(b"1.1", b"1.0") + b"\r\n{}"
CONTINUED = b"HTTP/1.1 100 Continue\r\n\r\n" + SHORT
MISSING = b'{"error":"not_found","reason":"missing"}'
NOT_FOUND = OK.replace(b"200 OK", b"404 Object Not Found") + b"Content-Length: %d\r\n\r\n" % len(MISSING) + MISSING
MOVED = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def pair():
    """A connection, and the server's end of it."""
    ours, theirs = socket.socketpair()
    ours.settimeout(20)
    with ours, theirs:
        yield Connection(ours, "couch:5984"), theirs


def received(pair, *pieces, end=False):
    """The answer that is sent in these pieces."""
    connection, server = pair
    for piece in pieces:
        server.sendall(piece)
    if end:
        server.shutdown(socket.SHUT_WR)
    return connection.getresponse()


class TestAnswers:
    @pytest.mark.parametrize("answer", [SHORT, CHUNKED, CLOSING, CONTINUED], ids=["short", "chunked", "closing", "continued"])
    def test_in_one_piece_and_in_many(self, pair, answer):
        connection, server = pair
        pieces = [answer[n : n + 1] for n in range(len(answer))]
        sender = threading.Thread(target=lambda: [server.sendall(piece) for piece in pieces])
        sender.start()
        reply = connection.getresponse()
        sender.join()
        assert (reply.status, reply.getheader("content-type")) == (200, "application/json")
        assert [reply.read(), reply.read()] == [b"{}", b""]
        assert connection.closed == (answer is CLOSING)

    def test_one_that_ends_with_its_connection(self, pair):
        assert received(pair, TO_THE_END, end=True).read() == b"{}"
        assert pair[0].closed

    @pytest.mark.parametrize(
        "answer", [b"", OK, SHORT[:-1], LONG[:-1], CHUNKED[:-1], CHUNKED[:-6], CONTINUED[:25], CONTINUED[:30]]
    )
    def test_one_that_is_cut_short(self, pair, answer):
        with pytest.raises(ConnectionResetError, match="before its answer"):
            received(pair, answer, end=True)

    def test_one_that_is_late(self, pair):
        pair[0]._sock.settimeout(0.01)
        with pytest.raises(TimeoutError):
            received(pair, SHORT[:-1])

    @pytest.mark.parametrize(
        "answer",
        [
            b"<html>",
            b"0" + SHORT,
            SHORT + b"{}",
            SHORT + SHORT,
            OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            CHUNKED.replace(b"\r\n1\r\n{", b"\r\nx\r\n{"),
            OK + b"Content-Length: -2\r\n\r\n{}",
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n",
        ],
    )
    def test_what_is_none(self, pair, answer):
        with pytest.raises((HttpParserError, HttpParserUpgrade)) as found:
            received(pair, answer, end=True)
        assert issubclass(found.type, BROKEN)

    def test_they_do_not_wait_for_the_garbage_collector(self, pair):
        gc.disable()
        try:
            reply = received(pair, LONG)
            known = weakref.ref(reply)
            del reply
            assert known() is None
        finally:
            gc.enable()


def test_a_call_leaves_in_one_piece(pair):
    connection, server = pair
    connection.putrequest("PUT", "/a/b", skip_accept_encoding=True)
    connection.putheader("Content-Length", "2")
    connection.putheader("Authorization", b"Basic eDp5")
    connection.endheaders(b"{}")
    lines = [b"PUT /a/b HTTP/1.1", b"Host: couch:5984", b"Content-Length: 2", b"Authorization: Basic eDp5", b"", b"{}"]
    assert server.recv(1000) == b"\r\n".join(lines)


@contextmanager
def serving(*answers):
    """A wire to a server that gives these answers, and the number of connections it has accepted. None ends a connection."""
    accepted, left = [], list(answers)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            while left:
                connection, _ = listening.accept()
                accepted.append(connection)
                with connection:
                    while left and connection.recv(65536):
                        answer = left.pop(0)
                        if answer is None:
                            break
                        connection.sendall(answer)

        server = threading.Thread(target=serve)
        server.start()
        wire = Wire(Address.parse(f"couchdb://127.0.0.1:{listening.getsockname()[1]}/x"))
        try:
            yield wire, accepted
        finally:
            wire.close()
            server.join()


def calls(wire, count):
    return [wire.once("GET", ["x"]) for _ in range(count)]


class TestThroughTheLibrary:
    """The couchdb package takes our connection for one of http.client."""

    @pytest.mark.parametrize(("answer", "body"), [(SHORT, b"{}"), (CHUNKED, b"{}"), (LONG, b"9" * 20000)])
    def test_a_connection_serves_many_calls(self, answer, body):
        with serving(answer, answer, answer) as (wire, accepted):
            assert calls(wire, 3) == [Answer(200, body)] * 3
            assert len(accepted) == 1

    def test_a_refusal_is_read_and_the_connection_stays(self):
        with serving(NOT_FOUND, SHORT) as (wire, accepted):
            with pytest.raises(Refused, match="404 not_found: missing"):
                calls(wire, 1)
            assert calls(wire, 1) == [Answer(200, b"{}")]
            assert len(accepted) == 1

    def test_one_that_the_server_closes_is_not_used_again(self):
        with serving(CLOSING, None, SHORT) as (wire, accepted):
            assert calls(wire, 1) == [Answer(200, b"{}")]
            with pytest.raises(Interrupted):
                calls(wire, 1)
            assert persist(lambda: calls(wire, 1)) == [Answer(200, b"{}")]
            assert len(accepted) == 3

    def test_one_that_went_stale_is_left(self):
        with serving(SHORT, None, SHORT) as (wire, accepted):
            calls(wire, 1)
            assert persist(lambda: calls(wire, 1)) == [Answer(200, b"{}")]
            assert len(accepted) == 2

    @pytest.mark.parametrize("answer", [MOVED, b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", SHORT + SHORT, b"<html>"])
    def test_what_leaves_open_whether_it_was_done(self, answer):
        with serving(answer) as (wire, _), pytest.raises(Interrupted):
            calls(wire, 1)
