"""Documents: taking in what was sent, new versions, and the way to what is kept by the document service."""

from __future__ import annotations

from typing import Any

from pyramid.response import Response

from ..domain.context import Ctx
from ..domain.workflow import Doc
from ..errors import Invalid, NotFound, Problem
from . import showing
from .body import JSON_TYPE
from .call import Call, role
from .loader import Target

FILE_FIELDS = ("title", "format", "url", "dateModified", "hash")
"""What a new version does not take over from the one before."""
KEY = "_key"
NO_FILE = Problem("body", "file", "Not Found")
NO_SERVICE = Problem("body", "data", "Can't upload document to document service.")
DEFAULT_TYPE = "application/octet-stream"


def receive(call: Call) -> Doc:
    """What was sent as a document: its fields, and under `_key` the key of its content.

    JSON names a file that the document service already has; a form or, for a new version, a plain body is passed on to it.
    Raises NotFound for a form without a file, Invalid and Forbidden for a bad address.
    """
    documents = call.services.documents
    if documents is None:
        raise Invalid(NO_SERVICE)
    request = call.request
    if request.content_type == JSON_TYPE:
        data = dict(call.body.data)
        data[KEY] = documents.accept(text(data, "url"), data.get("hash"))
        return data
    if request.content_type == "multipart/form-data":
        return uploaded(documents, request)
    if request.method != "PUT":
        raise NotFound(NO_FILE)
    kept = documents.upload(request.body_file, "", request.content_type or DEFAULT_TYPE)
    return {"format": kept.format, "hash": kept.hash, "url": kept.url, KEY: kept.key}


def text(data: Doc, name: str) -> str:
    """A required string. Raises Invalid."""
    if not isinstance(data.get(name), str):
        raise Invalid(Problem("body", name, ["This field is required."]))
    return str(data[name])


def uploaded(documents: Any, request: Any) -> Doc:
    """Pass a form's file on to the document service."""
    field = request.POST.get("file")
    if field is None or not hasattr(field, "filename"):
        raise NotFound(NO_FILE)
    kept = documents.upload(field.file, field.filename, field.type or DEFAULT_TYPE)
    return {"title": kept.title, "format": kept.format, "hash": kept.hash, "url": kept.url, KEY: kept.key}


def successor(old: Doc, sent: Doc) -> Doc:
    """The fields of a new version: what was sent, and what was sent before about anything but the file."""
    kept = {name: value for name, value in old.items() if name not in FILE_FIELDS}
    return {"title": old["title"], **kept, **sent}


def complete(call: Call, ctx: Ctx) -> None:
    """Write what the server knows about a document: its address, when it came, who brought it."""
    doc = ctx.doc
    place = "".join(f"/{node.plural}/{item['id']}" for node, item in ctx.chain)
    doc["url"] = f"{place}{showing.DOWNLOAD}{call.uploaded[KEY]}"
    doc.setdefault("datePublished", ctx.today)
    doc["dateModified"] = ctx.today
    if ctx.node.authored:
        doc.setdefault("author", role(ctx))


def download(call: Call, target: Target) -> Response:
    """Send the caller to the content. Raises NotFound for a key that is no version of this document."""
    key = call.request.GET["download"]
    siblings = target.chain[-2][1][target.node.field]
    known = [d for d in siblings if d["id"] == target.doc["id"] and d["url"].endswith(f"{showing.DOWNLOAD}{key}")]
    if not known or call.services.documents is None:
        raise NotFound(Problem("url", "download", "Not Found"))
    hidden = showing.filter_of(target).hidden
    documents = call.services.documents
    where = documents.private_url(key, call.now) if hidden else documents.public_url(key)
    return Response(status=302, location=where)
