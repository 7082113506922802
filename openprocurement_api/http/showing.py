"""What the caller gets to see of a target, and the absolute addresses in it."""

from __future__ import annotations

from typing import Any

from ..domain import rendering
from ..domain.actors import ADMINISTRATOR, ADMINS, Actor
from ..domain.node import Node
from ..domain.workflow import Doc
from ..errors import Forbidden, Problem
from . import identity
from .call import Call
from .loader import Target, newest

DOWNLOAD = "?download="
OPERATORS = frozenset({ADMINISTRATOR, ADMINS})
"""Who may change what they may not read."""


def viewers(call: Call, target: Target) -> frozenset[Actor]:
    """The actors that count for seeing: those the tokens prove. No group opens what is sealed."""
    return identity.actors(call.user, call.token, target.chain)


def holds(call: Call, target: Target) -> bool:
    """Whether the caller holds the resource, or one that it is part of, below the root."""
    owners = {node.owner for node, _ in target.chain[1:] if node.owner}
    return bool(owners) and not owners.isdisjoint(viewers(call, target))


def filter_of(target: Target) -> rendering.Filter:
    """The filter of what the target shows."""
    root = target.procedure.root.plural
    path = f"{root}/{target.path}" if target.path else root
    return rendering.filter_for(target.procedure, target.root["status"], path)


def may_view(call: Call, target: Target) -> None:
    """Raise Forbidden for what is still sealed, and for what lies below something that no longer shows it."""
    if holds(call, target):
        return
    kinds = [node.name for node, _ in target.chain[1:]] + ([f"{target.collection.name}s"] if target.collection else [])
    if filter_of(target).hidden:
        refuse_view(" ".join(kinds), target.procedure.root, target.root)
    for (node, doc), field in zip(target.chain, below(target), strict=False):
        state = node.state(doc)
        if state and state.shows is not None and field not in state.shows:
            refuse_view(f"{' '.join(kinds).removesuffix('s')}s", node, doc)


def below(target: Target) -> list[str]:
    """For each resource of the chain the field in which it keeps the next one, or the collection."""
    return [node.field for node, _ in target.chain[1:]] + ([target.collection.field] if target.collection else [])


def refuse_view(words: str, node: Node, doc: Doc) -> None:
    """Raise Forbidden for what a status hides."""
    raise Forbidden(Problem("body", "data", f"Can't view {words} in current ({doc['status']}) {node.name} status"))


def withheld(call: Call, target: Target, doc: Doc) -> bool:
    """Whether a version of the document in question is confided to others than the caller."""
    confided = target.node.confided
    return confided is not None and confided.withheld(doc, viewers(call, target), own=holds(call, target))


def represent(call: Call, target: Target) -> Any:
    """The resource, or the items of the collection, as the caller sees them."""
    if target.collection is None:
        return read(call, target, resource(call, target))
    shown = filter_of(target)
    docs = target.doc.get(target.collection.field, [])
    if target.collection.versioned and not call.request.GET.get("all"):
        docs = rendering.latest_versions(docs)
    own, actors, link = holds(call, target), viewers(call, target), linker(call, target)
    return [shown.show(doc, link, own=own, actors=actors) for doc in docs]


def resource(call: Call, target: Target, *, fresh: bool = False) -> Doc:
    """One resource as the caller sees it, `fresh` if the caller has just made it; of what is sealed to the caller, the id."""
    shown, own = filter_of(target), fresh or holds(call, target)
    if shown.hidden and not own and not repaired(call, target):
        return {"id": target.doc["id"]}
    return shown.show(target.doc, linker(call, target), own=own, fresh=fresh, actors=viewers(call, target))


def repaired(call: Call, target: Target) -> bool:
    """Whether this is the answer to a change of this very resource by an operator, which the history now tells of."""
    if call.user is None or call.user.actor not in OPERATORS or target.stored is None:
        return False
    before = target.stored.body
    for node, doc in target.chain[1:]:
        before = newest(before.get(node.field, ()), doc["id"]) or {}
    return before != target.doc


def read(call: Call, target: Target, shown: Doc) -> Doc:
    """The resource as reading it shows it: a document with its earlier versions, a tender cut down to the view of the caller."""
    node = target.node
    if node.versioned:
        siblings, link, own = target.chain[-2][1][node.field], linker(call, target), holds(call, target)
        earlier = [d for d in siblings if d["id"] == target.doc["id"]][:-1]
        show, actors = filter_of(target).show, viewers(call, target)
        shown = {**shown, "previousVersions": [show(d, link, own=own, actors=actors) for d in earlier]}
    return rendering.limited(shown, target.doc, node, viewers(call, target))


def linker(call: Call, target: Target) -> rendering.Link:
    """Gives documents their addresses: signed ones of the document service, or, while they are hidden, ones of the API."""
    documents, host = call.services.documents, call.request.host_url
    base = f"{host}{call.services.base}"

    def link(doc: Doc, hidden: bool) -> Doc:  # noqa: FBT001 - a Link
        path, mark, key = doc.get("url", "").partition(DOWNLOAD)
        if mark and (documents is None or hidden):
            doc["url"] = f"{base}{path}{mark}{key}"
        elif mark and documents:
            doc["url"] = complete(host, documents.public_url(key))
        return doc

    return link


def complete(host: str, url: str) -> str:
    """The full URL of the document service, which may be a path of the server at `host`."""
    return f"{host}{url}" if url.startswith("/") else url


def absolute(call: Call, path: str) -> str:
    """The full URL of a path below the API's version."""
    return f"{call.request.host_url}{call.services.base}{path}"
