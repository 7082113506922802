"""What the document service does at each of its addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Never

import msgspec
from pyramid.response import Response

from openprocurement_api.clock import Clock
from openprocurement_api.errors import Forbidden, Invalid, NotFound, Problem, TooLarge
from openprocurement_api.forms import Form, body_length, file_part, text_field
from plugins.documents.links import Links
from plugins.documents.names import content_disposition, media_type
from plugins.documents.ranges import span
from plugins.documents.service.failures import json
from plugins.documents.storage import (
    CHUNK,
    DEFAULT_TYPE,
    AlreadyUploaded,
    FileInfo,
    FileStore,
    FileUnknown,
    WrongChecksum,
    chunked,
)
from plugins.documents.tickets import Tickets, refusal

_HEX = re.compile(r"[0-9a-f]*")
_MD5_LENGTH = len("md5:") + 32

Admission = Callable[[Any], str | None]
"""Who sends a request to upload something: a name, or None if it is nobody who may."""


@dataclass(frozen=True, kw_only=True)
class DocumentService:
    """The service; each method that takes a request is a view. `limit` of a file is in bytes."""

    store: FileStore
    links: Links
    tickets: Tickets
    admits: Admission
    limit: int
    clock: Clock

    def index(self, _request: Any) -> Any:
        """I am here."""
        return Response(content_type="text/plain")

    def register(self, request: Any) -> Any:
        """Announce a file by its hash; the answer tells where to upload it, and the address it will have."""
        self._permit(request)
        announced = checked_hash(announced_hash(request))
        key = self.store.register(announced)
        upload_url = absolute(request, self.links.upload(key))
        url = absolute(request, self.links.proof(key, announced))
        body = {"data": {"hash": announced, "url": url}, "upload_url": upload_url}
        return json(body, 201, location=upload_url)

    def upload(self, request: Any) -> Any:
        """Take a file that nobody announced."""
        self._permit(request)
        return self._uploaded(request, self._put(request))

    def upload_registered(self, request: Any) -> Any:
        """Take the content of a registered file, once. The signed address is permission enough."""
        key = request.matchdict["doc_id"]
        self.tickets.uploading(key, request.GET)
        try:
            return self._uploaded(request, self._put(request, key))
        except FileUnknown:
            unknown_file()
        except AlreadyUploaded:
            raise refusal("doc_id", "Content already uploaded") from None
        except WrongChecksum:
            raise Forbidden(Problem("body", "file", "Invalid checksum")) from None

    def download(self, request: Any) -> Any:
        """Send a file, or a range of its bytes. A file whose content has not come yet is 204."""
        key = request.matchdict["doc_id"]
        self.tickets.reading(key, request.GET, self.clock.now)
        try:
            info = self.store.stat(key)
            if not info.uploaded:
                return Response(status=204)
            if target := self.store.redirect(info):
                return Response(status=302, location=target)
            return self._content(info, request)
        except FileUnknown:
            unknown_file()

    def _permit(self, request: Any) -> None:
        if self.admits(request) is None:
            raise Forbidden(Problem("url", "permission", "Forbidden"))

    def _put(self, request: Any, key: str | None = None) -> FileInfo:
        content_type = request.headers.get("Content-Type", "")
        part = file_part(Form(request.environ["wsgi.input"], content_type, body_length(request), self.limit))
        return self.store.put(chunked(part), media_type(part.content_type, DEFAULT_TYPE), part.title, key)

    def _uploaded(self, request: Any, info: FileInfo) -> Any:
        url = absolute(request, self.links.proof(info.key, info.hash))
        data = {"url": url, "hash": info.hash, "format": info.format, "title": info.title}
        get_url = absolute(request, self.links.private(info.key, self.clock.now))
        return json({"data": data, "get_url": get_url}, location=get_url)

    def _content(self, info: FileInfo, request: Any) -> Any:
        size = info.size or 0
        etag = info.hash.removeprefix("md5:")
        if request.if_none_match and etag in request.if_none_match:
            return Response(status=304, etag=etag)
        response = Response(etag=etag, accept_ranges="bytes")
        # Uploaders choose the type, so nothing of it may run in a page of this host: no inline, no scripts. What is around this
        # service tells browsers not to guess another type.
        response.headers["Content-Type"] = info.content_type
        response.headers["Content-Disposition"] = content_disposition(info.title)
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        ranged = request.method == "GET" and response in request.if_range
        asked = span(request.headers.get("Range"), size) if ranged else None
        start, end = asked or (0, size)
        if asked:
            response.status = 206
            response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        response.app_iter = self.store.open(info.key, start, end)
        response.content_length = end - start
        return response


def absolute(request: Any, address: str) -> str:
    """An address with scheme and host: those that were asked, if it has none."""
    return f"{request.host_url}{address}" if address.startswith("/") else address


def announced_hash(request: Any) -> Any:
    """The hash in a registration: JSON ``{"data": {"hash": ...}}``, or a form."""
    length = body_length(request)
    body = request.environ["wsgi.input"].read(CHUNK + 1 if length < 0 else min(CHUNK + 1, length))
    if len(body) > CHUNK:
        raise TooLarge(Problem("body", "data", f"Body is larger than {CHUNK} bytes"))
    is_json = request.content_type.strip().lower() == "application/json"  # RFC 9110, 8.3.1
    found = json_data(body).get("hash") if is_json else text_field("hash", body, request.headers.get("Content-Type", ""))
    if not found:
        raise NotFound(Problem("body", "hash", "Not Found"))
    return found


def json_data(body: bytes) -> dict[str, Any]:
    """The object ``data`` of a JSON body."""
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise Invalid(Problem("body", "data", "No JSON object could be decoded")) from None
    data = decoded.get("data") if isinstance(decoded, dict) else None
    if not isinstance(data, dict):
        raise Invalid(Problem("body", "data", "Data not available"))
    return data


def checked_hash(hash: Any) -> str:
    """An MD5 hash as the wire contract writes it: ``md5:`` and 32 lower-case hexadecimal digits."""
    description = None
    if not isinstance(hash, str) or not hash.startswith("md5:"):
        description = "Hash type is not supported."
    elif len(hash) != _MD5_LENGTH:
        description = "Hash value is wrong length."
    elif not _HEX.fullmatch(hash, 4):
        description = "Hash value is not hexadecimal."
    if description:
        raise Invalid(Problem("body", "hash", [description]))
    return str(hash)


def unknown_file() -> Never:
    """Refuse a key that the store does not know."""
    raise NotFound(Problem("url", "doc_id", "Not Found")) from None
