"""Fields of forms. The file of a form is read as it comes: neither memory nor a temporary file holds the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_form_data,
    parse_options_header,
)

from openprocurement_api.errors import BadRequest, NotFound, Problem, TooLarge
from plugins.documents.names import file_name, media_type
from plugins.documents.storage import CHUNK, DEFAULT_TYPE

#: What a form may weigh beside its file, in bytes: boundaries, headers, other fields.
_OVERHEAD = 64 * 1024
_PARTS = 32


@dataclass(frozen=True)
class Form:
    """The body of a request: `read(n)` gives its next bytes; `length` in bytes, -1 if unknown; `limit` of the file, in bytes."""

    read: Callable[[int], bytes]
    content_type: str
    length: int
    limit: int


@dataclass(frozen=True)
class FilePart:
    """An uploaded file. `chunks` raise BadRequest if the form breaks off and TooLarge when the file passes the limit."""

    title: str
    content_type: str
    chunks: Iterator[bytes]


def file_part(form: Form) -> FilePart:
    """The form's field ``file``. Raises NotFound if there is none, and what `FilePart.chunks` raise."""
    if form.length > form.limit + _OVERHEAD:
        raise too_large(form.limit)
    kind, options = parse_options_header(form.content_type)
    if kind == "multipart/form-data" and options.get("boundary"):
        events = _events(form, options["boundary"])
        for event in events:
            if isinstance(event, MultipartSegment) and event.name == "file":
                headers = dict(event.headerlist)
                disposition = headers["Content-Disposition"]
                if event.filename is not None or "filename*" in disposition.lower():
                    title = file_name(disposition, event.filename or "")
                    return FilePart(title, media_type(headers.get("Content-Type", ""), DEFAULT_TYPE), _content(events))
    raise NotFound(Problem("body", "file", "Not Found"))


def text_field(name: str, body: bytes, content_type: str) -> str | None:
    """A field of a short form, url-encoded or multipart; None if there is no such field, or no form."""
    environ = {"wsgi.input": BytesIO(body), "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    fields, _ = parse_form_data(environ)
    value = fields.get(name)
    return None if value is None else str(value)


def too_large(limit: int) -> TooLarge:
    """The refusal of a body over `limit` bytes."""
    return TooLarge(Problem("body", "file", f"File is larger than {limit} bytes"))


def _content(events: Iterator[Any]) -> Iterator[bytes]:
    """The bytes of the part that has begun; then the rest of the form is read, for only a complete form is believed."""
    for event in events:
        if not isinstance(event, bytes):
            break
        yield event
    for _ in events:
        pass


def _events(form: Form, boundary: str) -> Iterator[Any]:
    """What the parser finds: a MultipartSegment for each part, then bytes of it, then None."""
    try:
        parser = PushMultipartParser(boundary, content_length=form.length, max_segment_size=form.limit, max_segment_count=_PARTS)
        yield from parser.parse_blocking(_bounded(form), CHUNK)
    except ParserLimitReached:
        raise too_large(form.limit) from None
    except (MultipartError, OSError):
        raise BadRequest(Problem("body", "data", "The form is malformed or incomplete")) from None


def _bounded(form: Form) -> Callable[[int], bytes]:
    """`form.read`, with an end to bodies that do not tell their length."""
    left = form.limit + _OVERHEAD

    def read(size: int) -> bytes:
        nonlocal left
        chunk = form.read(size)
        left -= len(chunk)
        if left < 0:
            raise too_large(form.limit)
        return chunk

    return read
