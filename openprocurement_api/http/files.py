"""Documents: taking in what was sent, new versions, and the way to what is kept by the document service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any

from pyramid.response import Response

from ..documents import Documents
from ..domain.context import Ctx
from ..domain.node import Node
from ..domain.workflow import Doc
from ..errors import Forbidden, Invalid, NotFound, Problem
from ..unhurried import Unhurried
from . import forms, showing
from .body import JSON_TYPE, Stream
from .call import Call, role
from .loader import Target

FILE_FIELDS = ("title", "format", "url", "dateModified", "hash")
"""What a new version does not take over from the one before."""
NO_FILE = Problem("body", "file", "Not Found")
NO_FORM = Problem("body", "data", "The form cannot be read.")
NO_SERVICE = Problem("body", "data", "Can't upload document to document service.")
DEFAULT_TYPE = "application/octet-stream"
MOST_HEADS, LONGEST_HEAD = 256, 8192
"""Lines of a form around the contents of its parts, and bytes of each."""
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, DeprecationWarning)
"""What the parser of forms raises for bad boundaries, character sets and headers of parts."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent as a document: its fields, and where its content is kept; empty if the fields name it by its address."""

    data: Doc
    documents: Documents
    kept: str = ""

    @property
    def key(self) -> str:
        """The key of the content in the document service. Raises Invalid and Forbidden for a bad address."""
        return self.kept or self.documents.accept(str(self.data["url"]), self.data.get("hash"))


class OnDisk(Unhurried):
    """A form in a temporary file. Its reader takes it line by line, and lines of any length where no content of a part is.

    Raises ValueError for too many or too long ones of these: the time they take grows with their square.
    """

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__(source)
        self.seek = source.seek
        self._heads = 0

    def readline(self, size: int = -1, /) -> bytes:
        """See Unhurried."""
        if size >= 0:
            return super().readline(size)
        self._heads += 1
        found = super().readline(LONGEST_HEAD + 1)
        if self._heads > MOST_HEADS or len(found) > LONGEST_HEAD:
            raise ValueError("the form has too much around its contents")
        return found


def service(call: Call) -> Documents:
    """The document service. Raises Invalid where there is none."""
    if call.services.documents is None:
        raise Invalid(NO_SERVICE)
    return call.services.documents


def taken_in(call: Call, title: str = "") -> Upload:
    """The document that came with a request, taken in once though the write may be run again."""
    if call.upload is None:
        call.upload = receive(call, title)
        call.arrived()
    return call.upload


def receive(call: Call, title: str = "") -> Upload:
    """Take in the document that came with a request; `title` names a plain body.

    JSON names a file that the document service already has; a form or, for a new version, a plain body is passed on to it.
    Raises NotFound for a form without a file, Invalid for one that cannot be read, BadRequest for a body that breaks off.
    """
    documents, request = service(call), call.request
    if request.content_type == JSON_TYPE:
        return Upload(call.body.data, documents)
    if request.content_type == "multipart/form-data":
        return uploaded(documents, request)
    if request.method != "PUT":
        raise NotFound(NO_FILE)
    kept = documents.upload(Stream(request.body_file), title, request.content_type or DEFAULT_TYPE)
    return Upload({"format": kept.format, "hash": kept.hash, "url": kept.url}, documents, kept.key)


def accompanying(call: Call, node: Node) -> dict[str, list[Upload]]:
    """The documents that came inside the valid body of a new node, by the collections that take them."""
    fields = {child.plural: call.body.data.get(child.field) for child in node.children if child.versioned and child.embedded}
    lists = {plural: sent for plural, sent in fields.items() if isinstance(sent, list)}
    if not lists:
        return {}
    documents = service(call)
    return {plural: [Upload(item, documents) for item in sent] for plural, sent in lists.items()}


def uploaded(documents: Documents, request: Any) -> Upload:
    """Pass a form's file on to the document service."""
    field = form(request).get("file")
    if getattr(field, "file", None) is None:
        raise NotFound(NO_FILE)
    kept = documents.upload(field.file, field.filename, field.type or DEFAULT_TYPE)
    return Upload({"title": kept.title, "format": kept.format, "hash": kept.hash, "url": kept.url}, documents, kept.key)


def form(request: Any) -> Any:
    """The fields of a form by name. Raises Invalid for one that cannot be read, BadRequest for one that breaks off."""
    request.body_file = Stream(request.body_file)
    request.make_body_seekable()
    kept = request.body_file_raw
    request.add_finished_callback(lambda _: kept.close())
    request.body_file_raw = OnDisk(kept)
    try:
        return forms.fields(request)
    except UNREADABLE:
        raise Invalid(NO_FORM) from None


def successor(old: Doc, sent: Doc) -> Doc:
    """The fields of a new version: what was sent, and what was sent before about anything but the file."""
    kept = {name: value for name, value in old.items() if name not in FILE_FIELDS}
    return {"title": old["title"], **kept, **sent}


def complete(ctx: Ctx, key: str) -> None:
    """Write what the server knows about a document: its address, when it came, who brought it."""
    doc = ctx.doc
    place = "".join(f"/{node.plural}/{item['id']}" for node, item in ctx.chain)
    doc["url"] = f"{place}{showing.DOWNLOAD}{key}"
    doc.setdefault("datePublished", ctx.stamp)
    doc["dateModified"] = ctx.stamp
    if ctx.node.authored:
        doc.setdefault("author", role(ctx))


def complete_all(call: Call, ctx: Ctx) -> None:
    """Complete the documents that came inside the body of a new root, wherever in it. Raises Invalid and Forbidden."""
    for below in ctx.procedure.walk(ctx):
        if below.node.versioned:
            complete(below, Upload(below.doc, service(call)).key)


def download(call: Call, target: Target) -> Response:
    """Send the caller to the content. Raises NotFound for a key of no version of this document, Forbidden for a confided one."""
    key = call.request.GET["download"]
    siblings = target.chain[-2][1][target.node.field]
    known = [d for d in siblings if d["id"] == target.doc["id"] and d["url"].endswith(f"{showing.DOWNLOAD}{key}")]
    if not known or call.services.documents is None:
        raise NotFound(Problem("url", "download", "Not Found"))
    confided = target.node.confided
    if confided and any(showing.withheld(call, target, doc) for doc in (target.doc, *known)):
        raise Forbidden(Problem("body", "data", confided.refusal))
    hidden = showing.filter_of(target).hidden or bool(confided and any(confided.when(doc) for doc in (target.doc, *known)))
    documents = call.services.documents
    where = documents.private_url(key, call.now) if hidden else documents.public_url(key)
    return Response(status=302, location=showing.complete(call.request.host_url, where))
