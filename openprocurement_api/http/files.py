"""Documents: taking in what was sent, new versions, and the way to what is kept by the document service."""

from __future__ import annotations

from dataclasses import dataclass

from pyramid.response import Response

from ..documents import Bounded, Documents
from ..domain.context import Ctx
from ..domain.node import Node
from ..domain.workflow import Doc
from ..errors import Forbidden, Invalid, NotFound, Problem
from ..forms import MULTIPART, NO_FILE, Form, Unreadable, body_length, file_part
from . import showing
from .body import JSON_TYPE, Stream
from .call import Call, role
from .loader import Target

FILE_FIELDS = ("title", "format", "url", "dateModified", "hash")
"""What a new version does not take over from the one before."""
NO_FORM = Problem("body", "data", "The form cannot be read.")
NO_SERVICE = Problem("body", "data", "Can't upload document to document service.")
DEFAULT_TYPE = "application/octet-stream"
FORM_TYPE = "text/plain"
"""What a part of a form is if it does not say (RFC 7578, 4.4)."""


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
    Raises NotFound for a form without a file, Invalid for one that cannot be read, BadRequest for a body that breaks off,
    TooLarge for a file that the document service would not take: nothing of it is kept, and no more of it read.
    """
    documents, request = service(call), call.request
    if request.content_type == JSON_TYPE:
        return Upload(call.body.data, documents)
    body, length = Stream(request.body_file), body_length(request)
    if request.content_type == MULTIPART:
        return uploaded(documents, Form(body, request.headers["Content-Type"], length, documents.limit))
    if request.method != "PUT":
        raise NotFound(NO_FILE)
    plain = Bounded(body, documents.limit, length=length)
    kept = documents.upload(plain, title, request.content_type or DEFAULT_TYPE)
    return Upload({"format": kept.format, "hash": kept.hash, "url": kept.url}, documents, kept.key)


def accompanying(call: Call, node: Node) -> dict[str, list[Upload]]:
    """The documents that came inside the valid body of a new node, by the collections that take them."""
    fields = {child.plural: call.body.data.get(child.field) for child in node.children if child.versioned and child.embedded}
    lists = {plural: sent for plural, sent in fields.items() if isinstance(sent, list)}
    if not lists:
        return {}
    documents = service(call)
    return {plural: [Upload(item, documents) for item in sent] for plural, sent in lists.items()}


def uploaded(documents: Documents, form: Form) -> Upload:
    """Pass a form's file on to the document service, as it comes."""
    try:
        part = file_part(form)
        kept = documents.upload(part, part.title, part.content_type or FORM_TYPE)
    except Unreadable:
        raise Invalid(NO_FORM) from None
    return Upload({"title": kept.title, "format": kept.format, "hash": kept.hash, "url": kept.url}, documents, kept.key)


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
