"""What guards, effects and moments are told: the tender, the node in question, who asks, and what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .actors import CASCADE, Actor
from .workflow import UPDATE, Doc, Transition, Verb, WorkflowError

if TYPE_CHECKING:
    from .node import Node
    from .procedure import Procedure


@dataclass(frozen=True, slots=True)
class Env:
    """What is true of the whole installation."""

    zone: ZoneInfo
    sandbox: bool = False
    server_id: str = ""


@dataclass(frozen=True, slots=True)
class Ctx:
    """One node of one document, seen by some actors at one moment.

    `chain` leads from the tender to the node: pairs of declaration and document. `before` is the node as it was
    when the request came in; None if it is new. `wish` is what the caller sent, `held` the ids of the bids
    that the caller holds and takes part by (`Node.partaking`).
    """

    procedure: Procedure
    chain: tuple[tuple[Node, Doc], ...]
    actors: frozenset[Actor]
    now: datetime
    env: Env
    verb: Verb = UPDATE
    before: Doc | None = None
    wish: Doc | None = None
    held: frozenset[str] = frozenset()

    @property
    def root(self) -> Doc:
        """The whole tender."""
        return self.chain[0][1]

    @property
    def node(self) -> Node:
        """The declaration of the node in question."""
        return self.chain[-1][0]

    @property
    def doc(self) -> Doc:
        """The node in question."""
        return self.chain[-1][1]

    @property
    def parent(self) -> Doc:
        """The node above; the tender itself for the tender."""
        return self.chain[-2][1] if len(self.chain) > 1 else self.root

    @property
    def whole(self) -> Ctx:
        """The same moment, seen from the tender."""
        return self.along(self.chain[:1])

    @property
    def stamp(self) -> str:
        """The moment as it is stored."""
        return self.now.isoformat()

    def along(self, chain: tuple[tuple[Node, Doc], ...]) -> Ctx:
        """The same moment, seen from the end of another chain. Documents are walked by it, so it is written out."""
        return Ctx(self.procedure, chain, self.actors, self.now, self.env, self.verb, self.before, self.wish, self.held)

    def below(self, plural: str) -> Iterator[Ctx]:
        """A context for each item of one collection of the node in question."""
        node = self.node.child(plural)
        if node is not None:
            for doc in tuple(self.doc.get(node.field, ())):
                yield self.along((*self.chain, (node, doc)))

    def move(self, target: str) -> None:
        """Move the node in question as the effect of another move.

        Raises WorkflowError if that move is not declared for CASCADE: an effect may do nothing the declaration does not say.
        """
        workflow = self.node.workflow
        moved = workflow and workflow.move(replace(self, actors=frozenset({CASCADE})), target)
        if not isinstance(moved, Transition):
            raise WorkflowError(f"{self.node.name}: no declared cascade from {self.doc.get('status')} to {target}")
        apply(self, moved)


def apply(ctx: Ctx, transition: Transition) -> None:
    """Carry out a transition on the working copy: status, date, effects."""
    ctx.doc["status"] = transition.target
    if ctx.node.workflow and ctx.node.workflow.dated:
        ctx.doc["date"] = ctx.stamp
    for effect in transition.effects:
        effect(ctx)
