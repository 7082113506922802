"""One connection to a CouchDB server: each call leaves in one piece, and its answer is read whole.

The couchdb package speaks to a connection of http.client; the methods and attributes here are those that it uses. http.client
sends head and body apart and reads an answer's headers with the parser of e-mails, which costs several times what the call costs
else. httptools, which uvicorn uses, has the parser of Node.js in C; it also knows where an answer ends and what comes after it.
"""

from __future__ import annotations

import socket

from httptools import HttpResponseParser

# Most answers are one piece of this many bytes.
PIECE = 65536

# Lower statuses only announce an answer.
FINAL = 200


class Reply:
    """An answer: `status` and, in `msg`, its headers by their names in small letters. `stays`: the server keeps the connection.

    The methods that begin with `on_` are called by the parser.
    """

    def __init__(self) -> None:
        self.status = 0
        self.msg: dict[str, str] = {}
        self.stays = False
        self._body: list[bytes] = []
        self._complete = False
        self._parser = HttpResponseParser(self)

    @classmethod
    def receive(cls, sock: socket.socket) -> Reply:
        """Read an answer to its end. Raises OSError where it is cut short or late, HttpParserError where it is none."""
        reply = cls()
        try:
            while not reply._complete:
                reply._take(sock.recv(PIECE))
        finally:
            # The parser and the answer hold each other, and large answers should not wait for the garbage collector.
            del reply._parser
        return reply

    def getheader(self, name: str, default: object = None) -> object:
        """The value of a header."""
        return self.msg.get(name, default)

    def read(self, size: int | None = None) -> bytes:
        """The body the first time, then nothing."""
        body, self._body = b"".join(self._body), []
        return body

    def isclosed(self) -> bool:
        """Whether all was received: always."""
        return True

    def close(self) -> None:
        """Nothing is left to be received."""

    def on_message_begin(self) -> None:
        if self._complete:
            raise ValueError("the server answered twice")
        self.status, self.msg = 0, {}

    def on_header(self, name: bytes, value: bytes) -> None:
        self.msg[name.lower().decode("latin-1")] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.stays = self._parser.should_keep_alive()

    def on_body(self, piece: bytes) -> None:
        self._body.append(piece)

    def on_message_complete(self) -> None:
        self._complete = self.status >= FINAL

    def _take(self, piece: bytes) -> None:
        if piece:
            self._parser.feed_data(piece)
        elif self.status >= FINAL and not {"content-length", "transfer-encoding"} & self.msg.keys():
            # HTTP/1.0: such a body ends with its connection.
            self._complete = True
        else:
            raise ConnectionResetError("the server ended the connection before its answer")


class Connection:
    """A socket that carries one call at a time to `host`. It is `closed` if the last answer says that the server closes it."""

    def __init__(self, sock: socket.socket, host: str) -> None:
        self.closed = False
        self._sock = sock
        self._host = host
        self._head: list[str] = []

    def putrequest(self, method: str, url: str, *, skip_accept_encoding: bool) -> None:
        """Begin a call."""
        self._head = [f"{method} {url} HTTP/1.1", f"Host: {self._host}"]

    def putheader(self, name: str, value: str | bytes) -> None:
        """Add a header."""
        self._head.append(f"{name}: {value if isinstance(value, str) else value.decode()}")

    def endheaders(self, body: bytes = b"") -> None:
        """Send the call."""
        head = "\r\n".join([*self._head, "", ""])
        self._sock.sendall(head.encode() + body)

    def getresponse(self) -> Reply:
        """The answer to the call."""
        reply = Reply.receive(self._sock)
        if not reply.stays:
            self.close()
        return reply

    def close(self) -> None:
        """Close the connection; it may be closed already."""
        self.closed = True
        self._sock.close()
