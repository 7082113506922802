"""What of a document is shown to whom: filters made from the declarations, applied to plain JSON. No model is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from .actors import Actor
from .node import Node, tree
from .procedure import Procedure
from .workflow import NOBODY, NOTHING, Doc, State, Veil

PRIVATE = "_"
"""Fields whose names begin so are the server's own."""

Link = Callable[[Doc, bool], Doc]
"""Gives a document that is shown its address, in place or not; the flag says whether it is not for everybody."""


def as_stored(doc: Doc, _hidden: bool) -> Doc:  # noqa: FBT001 - a Link
    """Leaves addresses as they are kept: to compare what the public sees before and after."""
    return doc


@dataclass(frozen=True)
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

    @cached_property
    def same_for_all(self) -> bool:
        """Whether nothing is left out of an item but `drop`, whatever is in it and whoever looks."""
        states = self.node.workflow.states if self.node.workflow else ()
        rules = self.sealed, self.conditions, self.node.confided, self.window is not None
        return not any(rules) and all(state.shows is None for state in states)

    def show(self, doc: Doc, link: Link, *, own: bool = False, fresh: bool = False, actors: frozenset[Actor] = NOBODY) -> Doc:
        """The document as it is shown: `own` to the holder of its token, `fresh` in the answer to who has just made it.

        `actors` is what else the viewer is: some of them share in what is confided.
        """
        shown = left(doc, self.drop) if self.same_for_all else self.fields(doc, own=own, fresh=fresh, actors=actors)
        if self.below:
            self.show_below(shown, link, own=own, actors=actors)
        if not self.node.versioned:
            return shown
        confided = self.node.confided
        return link(shown, self.hidden or bool(confided and confided.when(doc)))

    def show_below(self, shown: Doc, link: Link, *, own: bool = False, actors: frozenset[Actor] = NOBODY) -> None:
        """Put the nodes below as they are shown in the place of those that are kept."""
        for name in self.below.keys() & shown.keys():
            inner = self.below[name]
            shown[name] = [inner.show(item, link, own=own, actors=actors) for item in shown[name]]

    def fields(self, doc: Doc, *, own: bool = False, fresh: bool = False, actors: frozenset[Actor] = NOBODY) -> Doc:
        """The fields of the document that are shown; the nodes below it as they are kept."""
        drop, confided = self.dropped(doc, own=own, fresh=fresh), self.node.confided
        if confided and confided.withheld(doc, actors, own=own):
            drop |= confided.fields
        shown = left(doc, drop)
        only = self.opening(doc, own=own)
        if only is not None:
            shown = {name: value for name, value in shown.items() if name in only}
        if self.sealed and not own:
            prune(shown, self.sealed)
        return shown

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


def left(doc: Doc, drop: frozenset[str]) -> Doc:
    """A copy of a document without some fields, and without those that are the server's own."""
    shown = doc.copy()
    for name in [name for name in doc if name in drop or name[:1] == PRIVATE]:
        del shown[name]
    return shown


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
            seen = {name: value for name, value in (plain | shown).items() if name in names}
            return seen | {c.field: limited_below(seen[c.field], doc, c, names) for c in node.children if c.field in seen}
    return shown


def limited_below(items: list[Doc], root: Doc, child: Node, names: frozenset[str]) -> list[Doc]:
    """The nodes of a collection, with those fields alone that follow the collection's name and a dot in `names`, if any do."""
    inner = {name.partition(".")[2] for name in names if name.startswith(f"{child.field}.")}
    if not inner:
        return items
    known = ({name: reckon(root, item) for name, reckon in child.reckoned.items()} | item for item in items)
    return [{name: value for name, value in item.items() if name in inner} for item in known]


def latest_versions(documents: list[Doc]) -> list[Doc]:
    """The newest version of each document, in the order in which these were added."""
    newest = {d["id"]: d for d in documents}
    return sorted(newest.values(), key=lambda d: str(d.get("dateModified", "")))


def public(procedure: Procedure, body: Doc, link: Link = as_stored) -> Doc:
    """The whole tender as everybody sees it."""
    return filter_for(procedure, body["status"], procedure.root.plural).show(body, link)


def looks_changed(procedure: Procedure, before: Doc, after: Doc, names: AbstractSet[str]) -> bool:
    """Whether everybody sees a difference between two states of a tender that differ in these fields.

    While the status is the same, every other field is shown in both with the same content, or is shown in one only.
    """
    if before["status"] != after["status"]:
        return public(procedure, before) != public(procedure, after)
    seen = filter_for(procedure, after["status"], procedure.root.plural)
    old, new = seen.fields(before), seen.fields(after)
    if old.keys() != new.keys():
        return True
    for shown in (old, new):
        for name in shown.keys() - names:
            del shown[name]
        seen.show_below(shown, as_stored)
    return old != new
