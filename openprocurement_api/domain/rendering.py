"""What of a document is shown to whom: filters made from the declarations, applied to plain JSON. No model is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .actors import Actor
from .procedure import Node, Procedure, tree
from .workflow import NOTHING, Doc, State, Veil

PRIVATE = "_"
"""Fields whose names begin so are the server's own."""
NOBODY: frozenset[Actor] = frozenset()

Link = Callable[[Doc, bool], Doc]
"""Gives a stored document its address; the flag says whether it is not for everybody."""


def as_stored(doc: Doc, _hidden: bool) -> Doc:  # noqa: FBT001 - a Link
    """Leaves addresses as they are kept: to compare what the public sees before and after."""
    return doc


@dataclass(frozen=True, slots=True)
class Filter:
    """What is left out of one kind of node, with the filters of the kinds below it.

    window: all that others than its holder see of it.
    """

    node: Node
    drop: frozenset[str]
    sealed: frozenset[str]
    hidden: bool = False
    conditions: tuple[Veil, ...] = ()
    window: frozenset[str] | None = None
    below: Mapping[str, Filter] = field(default_factory=dict)

    def show(self, doc: Doc, link: Link, *, own: bool = False, fresh: bool = False, actors: frozenset[Actor] = NOBODY) -> Doc:
        """The document as it is shown: `own` to the holder of its token, `fresh` in the answer to who has just made it.

        `actors` is what else the viewer is: some of them share in what is confided.
        """
        drop, confided = self.dropped(doc, own=own, fresh=fresh), self.node.confided
        if confided and confided.withheld(doc, actors, own=own):
            drop |= confided.fields
        shown = {name: value for name, value in doc.items() if name not in drop and name[:1] != PRIVATE}
        only = self.opening(doc, own=own)
        if only is not None:
            shown = {name: value for name, value in shown.items() if name in only}
        if self.sealed and not own:
            prune(shown, self.sealed)
        for name, inner in self.below.items():
            if name in shown:
                shown[name] = [inner.show(item, link, own=own, actors=actors) for item in shown[name]]
        if not self.node.versioned:
            return shown
        return link(shown, self.hidden or bool(confided and confided.when(doc)))

    def dropped(self, doc: Doc, *, own: bool, fresh: bool) -> frozenset[str]:
        """The fields that are left out of this document."""
        drop = self.drop | self.sealed if self.sealed and not own else self.drop
        for veil in self.conditions:
            if not fresh and (veil.when is None or veil.when(doc)):
                drop |= veil.fields
        return drop

    def opening(self, doc: Doc, *, own: bool) -> frozenset[str] | None:
        """The only fields that are shown of this document: those its own state names, or those of the window; None if all are."""
        state = self.node.state(doc)
        if state is not None and state.shows is not None:
            return state.shows
        return None if own else self.window


def prune(shown: Doc, paths: frozenset[str]) -> None:
    """Take dotted paths out of lists of plain values, without touching the original."""
    for path in paths:
        outer, _, inner = path.partition(".")
        if inner and outer in shown:
            shown[outer] = [{k: v for k, v in item.items() if k != inner} for item in shown[outer]]


@lru_cache(maxsize=4096)
def filter_for(procedure: Procedure, status: str, path: str) -> Filter:
    """The filter of the node at `path` (plurals, the root's first) while the tender is in `status`."""
    root = procedure.root
    nodes = {where.removeprefix(root.plural).strip("/"): node for node, where in tree(root)}
    state = root.workflow.state(status) if root.workflow else State(status)
    return make(nodes, path.removeprefix(root.plural).strip("/"), state)


def make(nodes: Mapping[str, Node], path: str, state: State) -> Filter:
    """Compile the filter of the node at a path (plurals below the root) and of everything below it."""
    node = nodes[path]
    mine = tuple(v for v in state.hides if v.path == path)
    whole = frozenset().union(*(v.fields for v in mine if v.when is None)) if not path else NOTHING
    conditions = mine if path else tuple(v for v in mine if v.when)
    below = {child.field: make(nodes, f"{path}/{child.plural}".strip("/"), state) for child in node.children}
    return Filter(node, node.private | whole, node.sealed, is_hidden(nodes, path, state), conditions, opening(state, path), below)


def opening(state: State, path: str) -> frozenset[str] | None:
    """The only fields the state leaves to the public in this collection; None if it does not say."""
    return next((window.fields for window in state.windows if window.path == path), None)


def is_hidden(nodes: Mapping[str, Node], path: str, state: State) -> bool:
    """Whether the public does not see the collections this path leads through."""
    if not path:
        return False
    above, field_ = path.rpartition("/")[0], nodes[path].field
    only = opening(state, above)
    veiled = any(field_ in v.fields for v in state.hides if v.path == above and v.when is None)
    return veiled or (only is not None and field_ not in only) or is_hidden(nodes, above, state)


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
