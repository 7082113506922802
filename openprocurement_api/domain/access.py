"""Who may do what, as rows: the policy that stands in the declarations of a node, for documents and snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from .actors import EVERYONE
from .node import WORDS, Node
from .workflow import NOTHING, State

Row = tuple[str, str, str, str, str]
"""Path, state, actor, verb, object."""


def node_rows(node: Node, path: str) -> Iterator[Row]:
    """The rows that hold in every state: beginnings, edits, what is shown to nobody, to the holder only, to some actors."""
    for t in node.workflow.exits(None) if node.workflow else ():
        yield (path, "-", t.actor, "begin", t.target)
    for verb, table in (("edit", node.edits), ("see only", node.views)):
        for actor, names in table.items():
            yield from ((path, "*", actor, verb, name) for name in sorted(names))
    confided = node.confided.fields if node.confided else NOTHING
    for verb, names in (("private", node.private), ("sealed", node.sealed), ("confided", confided)):
        yield from ((path, "*", EVERYONE, verb, name) for name in sorted(names))


def state_rows(node: Node, path: str, state: State) -> Iterator[Row]:
    """The rows of one state: edits, openings, moves, what is hidden, what alone is shown."""
    for actor, names in state.edits.items():
        yield from ((path, state.name, actor, "edit", name) for name in sorted(names))
    for actor, table in state.opens.items():
        for child, verbs in sorted(table.items()):
            yield from ((path, state.name, actor, WORDS[verb], child) for verb in verbs)
    for t in node.workflow.exits(state.name) if node.workflow else ():
        yield (path, state.name, t.actor, "move", t.target)
    for veil in state.hides:
        yield from ((path, state.name, EVERYONE, "hidden", f"{veil.path}.{name}".strip(".")) for name in sorted(veil.fields))
    for window in state.windows:
        yield from ((path, state.name, EVERYONE, "see only", f"{window.path}.{name}") for name in sorted(window.fields))
    yield from ((path, state.name, EVERYONE, "see only", name) for name in sorted(state.shows or ()))
