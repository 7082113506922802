"""What of a document is shown to whom: filters made from the declarations, applied to plain JSON. No model is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .actors import Actor
from .procedure import Node, Procedure, tree
from .workflow import NOTHING, Doc, Veil

PRIVATE = "_"
"""Fields whose names begin so are the server's own."""

Link = Callable[[Doc, bool], Doc]
"""Gives a stored document its address; the flag says whether the public does not see it yet."""


def as_stored(doc: Doc, _hidden: bool) -> Doc:  # noqa: FBT001 - a Link
    """Leaves addresses as they are kept: to compare what the public sees before and after."""
    return doc


@dataclass(frozen=True, slots=True)
class Filter:
    """What is left out of one kind of node, with the filters of the kinds below it."""

    node: Node
    drop: frozenset[str]
    sealed: frozenset[str]
    hidden: bool = False
    conditions: tuple[Veil, ...] = ()
    below: Mapping[str, Filter] = field(default_factory=dict)

    def show(self, doc: Doc, link: Link, *, own: bool = False, fresh: bool = False) -> Doc:
        """The document as it is shown: `own` to the holder of its token, `fresh` in the answer to who has just made it."""
        drop = self.drop if own else self.drop | self.sealed
        for veil in self.conditions:
            if not fresh and (veil.when is None or veil.when(doc)):
                drop |= veil.fields
        shown = {name: value for name, value in doc.items() if name not in drop and not name.startswith(PRIVATE)}
        state = self.node.state(doc)
        if state and state.shows is not None and not own:
            shown = {name: value for name, value in shown.items() if name in state.shows}
        if not own:
            prune(shown, self.sealed)
        for name, inner in self.below.items():
            if name in shown:
                shown[name] = [inner.show(item, link) for item in shown[name]]
        return link(shown, self.hidden) if self.node.versioned else shown


def prune(shown: Doc, paths: frozenset[str]) -> None:
    """Take dotted paths out of lists of plain values, without touching the original."""
    for path in paths:
        outer, _, inner = path.partition(".")
        if inner and outer in shown:
            shown[outer] = [{k: v for k, v in item.items() if k != inner} for item in shown[outer]]


@lru_cache(maxsize=4096)
def filter_for(procedure: Procedure, status: str, path: str) -> Filter:
    """The filter of the node at `path` (plurals, the root's first) while the tender is in `status`."""
    nodes = {where: node for node, where in tree(procedure.root)}
    veils = procedure.root.workflow.state(status).hides if procedure.root.workflow else ()
    return make(nodes, path, veils, procedure.root.plural)


def make(nodes: Mapping[str, Node], path: str, veils: tuple[Veil, ...], root: str) -> Filter:
    """Compile the filter of one node and of everything below it."""
    node = nodes[path]
    relative = path.removeprefix(root).strip("/")
    mine = tuple(v for v in veils if v.path == relative)
    whole = frozenset().union(*(v.fields for v in mine if v.when is None)) if not relative else NOTHING
    conditions = mine if relative else tuple(v for v in mine if v.when)
    below = {child.field: make(nodes, f"{path}/{child.plural}", veils, root) for child in node.children}
    return Filter(node, node.private | whole, node.sealed, is_hidden(relative, veils), conditions, below)


def is_hidden(relative: str, veils: tuple[Veil, ...]) -> bool:
    """Whether the public does not see the collections this path leads through."""
    hidden = {f"{v.path}/{name}".strip("/") for v in veils if v.when is None for name in v.fields}
    steps = relative.split("/")
    return any("/".join(steps[: i + 1]) in hidden for i in range(len(steps)))


def limited(shown: Doc, doc: Doc, node: Node, actors: frozenset[Actor]) -> Doc:
    """The document as an actor with a view of its own sees it: only those fields, sealed numbers among them, no sealed nodes."""
    for actor, names in node.views.items():
        if actor in actors:
            plain = {name: doc[name] for name in names & doc.keys() if node.child_field(name) is None}
            return {name: value for name, value in (plain | shown).items() if name in names}
    return shown


def latest_versions(documents: list[Doc]) -> list[Doc]:
    """The newest version of each document, in the order in which these were added."""
    newest = {d["id"]: d for d in documents}
    return sorted(newest.values(), key=lambda d: str(d.get("dateModified", "")))


def public(procedure: Procedure, body: Doc, link: Link = as_stored) -> Doc:
    """The whole tender as everybody sees it."""
    return filter_for(procedure, body["status"], procedure.root.plural).show(body, link)
