"""Exchanges with the API as text for the documentation: recorded from a run, with the same ids and tokens in every run."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any

import msgspec
from webtest import TestResponse

RANDOM = re.compile(
    r"(?P<id>\b[0-9a-f]{32}\b)|(?P<tag>\"[0-9a-f]{24}[a-z-]*\")|(?P<signature>(?<=Signature=)[\w%-]+)|(?P<key>(?<=KeyID=)\w+)"
    r"|(?P<cursor>(?<=offset=)[\w%.-]+|(?<=\"offset\": \")[\w.-]+)"
)
"""What differs from run to run."""
SENT = ("Content-Type", "X-Access-Token", "If-Match", "If-None-Match", "Idempotency-Key")
RECEIVED = ("Location", "ETag", "Retry-After", "Content-Type")
HOST = "api.example.org"
LONGEST = 60
"""Lines of a body that are shown; the rest is left out, and said to be."""


class Recorder:
    """Writes exchanges down. One recorder gives the same name to the same random value wherever it comes."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def exchange(self, answer: TestResponse, *, only: tuple[str, ...] = ()) -> str:
        """One request with its answer; `only` names the fields of `data` that are shown, all if there are none."""
        return self.steady(f"{request_of(answer)}\n{response_of(answer, only)}")

    def steady(self, text: str) -> str:
        """The text with every random value replaced, each by its own."""
        return RANDOM.sub(self.stand_in, text).replace("localhost", HOST)

    def stand_in(self, found: re.Match[str]) -> str:
        """The value that stands for a random one: of the same form, and made of its number."""
        value = found[0]
        if value not in self.names:
            digest = blake2b(str(len(self.names)).encode(), digest_size=16).hexdigest()
            self.names[value] = f'"{digest[:24]}"' if found["tag"] else digest[:8] if found["key"] else digest
        return self.names[value]


def request_of(answer: TestResponse) -> str:
    """The request as it was sent."""
    request = answer.request
    lines = [f"{request.method} {request.path_qs} HTTP/1.1", f"Host: {HOST}"]
    if request.headers.get("Authorization"):
        lines.append("Authorization: Bearer YOUR-KEY")
    sent = sent_in(request)
    names = [name for name in SENT if request.headers.get(name) and (sent or name != "Content-Type")]
    lines += [f"{name}: {request.headers[name].partition('; boundary')[0]}" for name in names]
    return "\n".join(lines) + "\n" + body_of(sent, ())


def sent_in(request: Any) -> bytes:
    """The body of a request that was read already."""
    source = request.environ["wsgi.input"]
    source.seek(0)
    return bytes(source.read())


def response_of(answer: TestResponse, only: tuple[str, ...]) -> str:
    """The answer: what a client reads of it."""
    lines = [f"HTTP/1.1 {answer.status}"]
    lines += [f"{name}: {answer.headers[name]}" for name in RECEIVED if name in answer.headers]
    return "\n".join(lines) + "\n" + body_of(answer.body, only)


def body_of(raw: bytes, only: tuple[str, ...]) -> str:
    """A JSON body, indented; long ones are cut."""
    if not raw:
        return ""
    try:
        value: Any = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return "\n(a body that is not JSON)\n"
    if only and isinstance(value.get("data"), dict):
        value["data"] = {name: value["data"][name] for name in only if name in value["data"]}
    lines = msgspec.json.format(msgspec.json.encode(value), indent=2).decode().splitlines()
    if len(lines) > LONGEST:
        lines = [*lines[:LONGEST], "  ..."]
    return "\n" + "\n".join(lines) + "\n"
