"""Requests and answers as bytes."""

from __future__ import annotations

import base64
import socket
from http.client import HTTPResponse

import msgspec

from openprocurement_api.storage.base import Doc

from .documents import BROKER
from .limit import Answer

AUTHORIZATION = f"Basic {base64.b64encode(f'{BROKER}:'.encode()).decode()}"


def request(method: str, path: str, data: Doc | None = None, **headers: str) -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{n.replace('_', '-')}: {v}" for n, v in headers.items())]
    body = b"" if data is None else msgspec.json.encode({"data": data})
    if data is not None:
        lines += [f"Authorization: {AUTHORIZATION}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def at_limit(name: str, sent: bytes) -> bytes:
    """The same request, addressed to the limit."""
    method, _, rest = sent.split(b" ", 2)
    return b"%s /limit/%s %s" % (method, name.encode(), rest)


def exchange(port: int, sent: bytes) -> tuple[Answer, str]:
    """What a server answers to one request, and the ETag."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(sent)
        found = HTTPResponse(client, method=sent.split(b" ", 1)[0].decode())
        found.begin()
        return Answer(found.status, found.headers.get("Content-Type", ""), found.read()), found.headers.get("ETag", "")
