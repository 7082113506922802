"""What the caller gets to see of a target, and the absolute addresses in it."""

from __future__ import annotations

from typing import Any

from ..domain import rendering
from ..domain.actors import Actor
from ..domain.workflow import Doc
from ..errors import Forbidden, Problem
from . import identity
from .call import Call
from .loader import Target

DOWNLOAD = "?download="


def viewers(call: Call, target: Target) -> frozenset[Actor]:
    """The actors that count for seeing: those the tokens prove. No group opens what is sealed."""
    return identity.actors(call.user, call.token, target.chain)


def holds(call: Call, target: Target) -> bool:
    """Whether the caller holds the resource, or one that it is part of, below the root."""
    mine = viewers(call, target)
    return any(node.owner in mine for node, _ in target.chain[1:] if node.owner)


def filter_of(target: Target) -> rendering.Filter:
    """The filter of what the target shows."""
    root = target.procedure.root.plural
    path = f"{root}/{target.path}" if target.path else root
    return rendering.filter_for(target.procedure, target.root["status"], path)


def may_view(call: Call, target: Target) -> None:
    """Raise Forbidden for what is still sealed."""
    if filter_of(target).hidden and not holds(call, target):
        kinds = [node.name for node, _ in target.chain[1:]] + ([target.collection.plural] if target.collection else [])
        text = f"Can't view {' '.join(kinds)} in current ({target.root['status']}) tender status"
        raise Forbidden(Problem("body", "data", text))


def represent(call: Call, target: Target) -> Any:
    """The resource, or the items of the collection, as the caller sees them."""
    if target.collection is None:
        return read(call, target, resource(call, target))
    shown = filter_of(target)
    docs = target.doc.get(target.collection.field, [])
    if target.collection.versioned and not call.request.GET.get("all"):
        docs = rendering.latest_versions(docs)
    own = holds(call, target)
    return [shown.show(doc, linker(call, target), own=own) for doc in docs]


def resource(call: Call, target: Target, *, fresh: bool = False) -> Doc:
    """One resource as the caller sees it, `fresh` if the caller has just made it; of what is sealed to the caller, the id."""
    shown, own = filter_of(target), fresh or holds(call, target)
    if shown.hidden and not own:
        return {"id": target.doc["id"]}
    return shown.show(target.doc, linker(call, target), own=own, fresh=fresh)


def read(call: Call, target: Target, shown: Doc) -> Doc:
    """The resource as reading it shows it: a document with its earlier versions, a tender cut down to the view of the caller."""
    node = target.node
    if node.versioned:
        siblings, link, own = target.chain[-2][1][node.field], linker(call, target), holds(call, target)
        earlier = [d for d in siblings if d["id"] == target.doc["id"]][:-1]
        shown = {**shown, "previousVersions": [filter_of(target).show(d, link, own=own) for d in earlier]}
    return rendering.limited(shown, target.doc, node, viewers(call, target))


def linker(call: Call, target: Target) -> rendering.Link:
    """Gives documents their addresses: signed ones of the document service, or, while they are hidden, ones of the API."""
    documents = call.services.documents

    def link(doc: Doc, hidden: bool) -> Doc:  # noqa: FBT001 - a Link
        url = doc.get("url", "")
        if DOWNLOAD not in url:
            return doc
        public = documents is not None and not hidden
        signed = documents.public_url(url.partition(DOWNLOAD)[2]) if public else ""
        return {**doc, "url": complete(call, signed) if public else absolute(call, url)}

    return link


def complete(call: Call, url: str) -> str:
    """The full URL of the document service, which may be a path of this server."""
    return f"{call.request.host_url}{url}" if url.startswith("/") else url


def absolute(call: Call, path: str) -> str:
    """The full URL of a path below the API's version."""
    return f"{call.request.host_url}{call.services.base}{path}"
