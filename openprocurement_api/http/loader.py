"""What a URL names: the stored document, its procedure, and the chain of nodes that leads to the resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.node import Node
from ..domain.procedure import Procedure
from ..domain.workflow import Doc
from ..engine import procedure_of
from ..errors import Gone, NotFound, Problem
from ..storage.base import Missing, Store, Stored

if TYPE_CHECKING:
    from collections.abc import Sequence

Steps = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a URL pattern stands for: the kind of the root, then the collections it passes through with the names of their ids."""

    root: str
    below: Steps = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What the URL names. `root` is a working copy; `collection` is set if the URL ends in a collection."""

    procedure: Procedure
    stored: Stored | None
    root: Doc
    chain: tuple[tuple[Node, Doc], ...]
    collection: Node | None = None

    @property
    def node(self) -> Node:
        """The kind of the resource, or of the items of the collection."""
        return self.collection or self.chain[-1][0]

    @property
    def doc(self) -> Doc:
        """The resource itself, or the one that holds the collection."""
        return self.chain[-1][1]

    @property
    def path(self) -> str:
        """The plurals below the root, as declarations name them: `bids/documents`; empty for the root."""
        below = [node.plural for node, _ in self.chain[1:]]
        return "/".join([*below, self.collection.plural] if self.collection else below)

    @property
    def location(self) -> str:
        """The URL path of the last resource in the chain, from the root's collection on."""
        return "".join(f"/{node.plural}/{doc['id']}" for node, doc in self.chain)


def load(store: Store, procedures: Mapping[str, Procedure], root: str, shape: Steps, ids: Mapping[str, str]) -> Target:
    """Find what a URL names. Raises NotFound for whatever is not there, Gone for archived documents."""
    try:
        stored = store.get(root, ids[f"{root}_id"])
    except Missing:
        raise NotFound(Problem("url", f"{root}_id", "Not Found")) from None
    body = stored.body
    if body.get("doc_type") == root:
        raise Gone(Problem("url", f"{root}_id", "Archived"))
    procedure = procedure_of(procedures, body)
    return walk(Target(procedure, stored, body, ((procedure.root, body),)), shape, ids)


def walk(target: Target, shape: Steps, ids: Mapping[str, str]) -> Target:
    """Follow the URL from the root down."""
    chain, collection = target.chain, None
    for plural, key in shape:
        above, doc = chain[-1]
        node = above.child(plural)
        if node is None:
            raise NotFound(Problem("url", plural, f"{target.procedure.method_type} has no {plural} here"))
        if key not in ids:
            collection = node
            break
        chain = (*chain, (node, item(doc.get(node.field, ()), ids[key], key)))
    return Target(target.procedure, target.stored, target.root, chain, collection)


def item(docs: Sequence[Doc], wanted: str, key: str) -> Doc:
    """The (newest) document with an id. Raises NotFound."""
    found = newest(docs, wanted)
    if found is None:
        raise NotFound(Problem("url", key, "Not Found"))
    return found


def newest(docs: Sequence[Doc], wanted: str) -> Doc | None:
    """The newest document with an id; None if there is none."""
    return next((doc for doc in reversed(docs) if doc["id"] == wanted), None)
