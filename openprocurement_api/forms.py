"""Forms and their files, read as they come: neither memory nor a temporary file holds the whole of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_form_data,
    parse_options_header,
)

from .documents import Bounded, Readable, too_large
from .errors import NotFound, Problem

MULTIPART = "multipart/form-data"
CHUNK = 64 * 1024
"""Bytes in one step of reading."""
AROUND = 64 * 1024
"""What a form may weigh beside its file, in bytes: boundaries, headers, other fields."""
MOST_PARTS = 32
HEADERS = "latin-1"
"""In which every byte of a header is a character: what a name says is found out later, and no foreign byte is an error."""
NO_FILE = Problem("body", "file", "Not Found")
EXTENDED = re.compile(r"""filename\*\s*=\s*"?([\w-]+)'[^']*'([^;\s"]+)""", re.ASCII | re.IGNORECASE)
BOUNDARY = re.compile(r"boundary\s*=\s*([\w'()+,./:=?-]{1,70})\s*(?:;|$)", re.ASCII | re.IGNORECASE)
"""A boundary without the quotes in which RFC 2046 wants some of its characters: not every client knows of them."""
ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?[^?]*\?=", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class Unreadable(Exception):
    """A form that is malformed, or breaks off."""


@dataclass(frozen=True)
class Form:
    """The body of a request: `length` in bytes, -1 if only its end will tell; `limit` of the file, in bytes."""

    body: Readable
    content_type: str
    length: int
    limit: int


class FilePart:
    """An uploaded file. `content_type` is as it was sent, "" if it was not.

    Reading raises Unreadable if the form turns out to be malformed or breaks off, TooLarge when the file passes the limit. Only
    a complete form is believed: at the end of the file the rest of it is read.
    """

    def __init__(self, title: str, content_type: str, chunks: Iterator[bytes]) -> None:
        self.title = title
        self.content_type = content_type
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        """See Readable."""
        rest = self._rest or next(self._chunks, b"")
        self._rest = rest[size:]
        return rest[:size]


def file_part(form: Form) -> FilePart:
    """The form's first file in a field ``file``. Raises NotFound if there is none, and what reading a FilePart raises."""
    kind, options = parse_options_header(form.content_type)
    if bare := BOUNDARY.search(form.content_type):
        options["boundary"] = bare[1]
    if kind != MULTIPART or not form.length:
        raise NotFound(NO_FILE)
    events = _events(form, options)
    for event in events:
        if isinstance(event, MultipartSegment) and event.name == "file":
            headers = dict(event.headerlist)
            disposition = headers["Content-Disposition"]
            # A browser sends a field of files that was left empty with an empty name.
            if event.filename or EXTENDED.search(disposition):
                title = file_name(disposition, _decoded(event.filename or "", options.get("charset", "utf-8")))
                return FilePart(title, headers.get("Content-Type", ""), _content(events, form.limit))
    raise NotFound(NO_FILE)


def text_field(name: str, body: bytes, content_type: str) -> str | None:
    """A field of a short form, url-encoded or multipart; None if there is no such field, or no form."""
    environ = {"wsgi.input": BytesIO(body), "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    fields, _ = parse_form_data(environ)
    value = fields.get(name)
    return None if value is None else str(value)


def body_length(request: Any) -> int:
    """Bytes of the body; -1 if only its end will tell. A server that marks no end has no body without a length (PEP 3333)."""
    if request.content_length is not None:
        return int(request.content_length)
    return -1 if request.environ.get("wsgi.input_terminated") else 0


def file_name(disposition: str, plain: str) -> str:
    """The name of an uploaded file: from the ``Content-Disposition`` of its form part, or else `plain`, its filename="".

    ``filename*`` (RFC 5987) is preferred, encoded words (RFC 2047) are decoded; folders and control characters are left out.
    """
    extended = EXTENDED.search(disposition)
    name = _extended_value(*extended.groups()) if extended else _decoded_words(plain)
    return CONTROLS.sub("", re.split(r"[/\\]", name)[-1])


def _decoded(name: str, charset: str) -> str:
    """A name whose bytes are in HEADERS, in the character set of the form. Raises Unreadable for one that there is not."""
    try:
        return name.encode(HEADERS).decode(charset, "replace")
    except (LookupError, UnicodeError):
        raise Unreadable from None


def _extended_value(charset: str, value: str) -> str:
    try:
        return unquote(value, encoding=charset)
    except (LookupError, ValueError):  # there are character sets in which nothing can be replaced
        return unquote(value)


def _decoded_words(name: str) -> str:
    if not ENCODED_WORD.search(name):
        return name
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, ValueError):
        return name


def _content(events: Iterator[Any], limit: int) -> Iterator[bytes]:
    """The bytes of the part that has begun; then the rest of the form is read, for only a complete form is believed."""
    left = limit
    for chunk in iter(events.__next__, None):
        left -= len(chunk)
        if left < 0:
            raise too_large(limit)
        yield chunk
    for _ in events:
        pass


def _events(form: Form, options: Mapping[str, str]) -> Iterator[Any]:
    """What the parser finds: a MultipartSegment for each part, then bytes of it, then None."""
    body = Bounded(form.body, form.limit, length=form.length, around=AROUND)
    boundary = options.get("boundary", "")
    try:
        parser = PushMultipartParser(boundary, form.length, max_segment_count=MOST_PARTS, header_charset=HEADERS)
        yield from parser.parse_blocking(body.read, CHUNK)
    except (MultipartError, UnicodeError, OSError):
        raise Unreadable from None
