"""What an earlier run of the same request has made, looked up in the document and, where it is gone by now, in its history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..domain.node import Node
from ..domain.patching import undo
from ..domain.workflow import Doc
from ..engine import procedure_of
from ..errors import NotFound
from ..storage.base import Store, Stored
from .idempotency import Claim, alone
from .loader import Shape, Target, walk
from .revisions import newest_first, state_after

if TYPE_CHECKING:
    from .call import Call

SKEW = timedelta(hours=1)
"""More than the clocks of two machines differ by."""


def identify(call: Call, node: Node, doc: Doc) -> None:
    """Give a new resource the id that its claim fixes."""
    if call.claim:
        doc["id"] = fixed(call, node, call.claim)


def fixed(call: Call, node: Node, claim: Claim) -> str:
    """The id of what a claim makes: its own, unless the caller chooses ids of things that have no holder."""
    given = call.body.data.get("id") if "id" in node.accepts and node.owner is None else None
    return given if isinstance(given, str) else claim.id


def earlier(call: Call, shape: Shape, node: Node, stored: Stored | None) -> Target | None:
    """What an earlier run has made, within the document as that run left it; None if there is no such thing."""
    store, claim = call.services.store, call.claim
    if claim is None or stored is None or alone(store, claim):
        return None
    key = shape.below[-1][1] if shape.below else f"{shape.root}_id"
    ids = {**call.request.matchdict, key: fixed(call, node, claim)}

    def seen(root: Doc) -> Target | None:
        return follow(call, shape, ids, root)

    number = birth(store, shape.root, stored, lambda root: seen(root) is not None, claim.made - SKEW)
    return None if number is None else seen(state_after(store, shape.root, stored, number))


def follow(call: Call, shape: Shape, ids: dict[str, str], root: Doc) -> Target | None:
    """The resource that a path of ids leads to in one state of a document, or None."""
    if not root:
        return None
    procedure = procedure_of(call.services.procedures, root)
    try:
        return walk(Target(procedure, None, root, ((procedure.root, root),)), shape.below, ids)
    except NotFound:
        return None


def birth(store: Store, kind: str, stored: Stored, holds: Callable[[Doc], bool], since: datetime) -> int | None:
    """The number of the revision with which a document began to hold something; None if none since then did."""
    doc = stored.original
    held = holds(doc)
    for revision in newest_first(store, kind, stored):
        if datetime.fromisoformat(revision.body["date"]) < since:
            return None
        undo(doc, revision.body["changes"])
        before, held = held, holds(doc)
        if before and not held:
            return revision.number
    return None
