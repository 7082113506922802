"""Scenarios carry documents through their lives; a witness notes which declared states and moves they passed through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from .. import writing
from ..domain import context, procedure
from ..domain.context import Ctx
from ..domain.node import Node, tree
from ..domain.procedure import Procedure
from ..domain.workflow import Doc, Transition, sentence
from .client import Api

Scenario = Callable[[Api], None]
"""Makes documents through the API and leaves them where its name says."""

MOVERS = (context, procedure, writing)
"""The modules that carry out transitions: each knows `context.apply` by this name."""


def declared(root: Node) -> set[str]:
    """Every state, beginning and move of a tree of nodes, one sentence each."""
    found = set()
    for node, path in tree(root):
        if node.workflow:
            found |= {in_state(path, state.name) for state in node.workflow.states}
            found |= {moved(path, transition) for transition in node.workflow.transitions if transition.source is not None}
            found |= {begun(path, transition.target) for transition in node.workflow.exits(None)}
    return found


def in_state(path: str, status: str) -> str:
    """What is said of a document in a state."""
    return f"{path} in {status}"


def begun(path: str, status: str) -> str:
    """What is said of a new document."""
    return f"{path} begin in {status}"


def moved(path: str, transition: Transition) -> str:
    """What is said of a move; its guards tell moves between the same states apart."""
    guards = "".join(f", {sentence(guard)}" for guard in transition.guards)
    return f"{path} move from {transition.source} to {transition.target}: {transition.actor}{guards}"


class Witness:
    """Notes what happened to documents of one procedure: `seen` holds the sentences of `declared` that came true."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.seen: set[str] = set()

    @contextmanager
    def watching(self, api: Api) -> Iterator[None]:
        """Note every move and every save of this API while the block runs."""
        put, apply = api.store.put, context.apply

        def noted_put(kind: str, id: str, body: Doc, **options: Any) -> Any:
            saved = put(kind, id, body, **options)
            self.note(self.procedure.root, self.procedure.root.plural, body, new=options["expect"] is None)
            return saved

        def noted_apply(ctx: Ctx, transition: Transition) -> None:
            self.seen.add(moved("/".join(node.plural for node, _ in ctx.chain), transition))
            apply(ctx, transition)

        self.known: set[str] = set()
        with ExitStack() as stack:
            stack.enter_context(patch.object(api.store, "put", noted_put))
            for module in MOVERS:
                stack.enter_context(patch.object(module, "apply", noted_apply))
            yield

    def note(self, node: Node, path: str, doc: Doc, *, new: bool) -> None:
        """Note the state of a saved document and of everything below it."""
        if node.workflow:
            self.seen.add(in_state(path, doc["status"]))
            if new:
                self.seen.add(begun(path, doc["status"]))
        for child in node.children:
            for item in doc.get(child.field, ()):
                fresh = f"{path}/{child.plural}/{item['id']}" not in self.known
                self.known.add(f"{path}/{child.plural}/{item['id']}")
                self.note(child, f"{path}/{child.plural}", item, new=fresh)
