"""A procedure is data: a tree of nodes with what belongs to all of them; the engine walks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .access import Row, node_rows, state_rows
from .actors import AUTO, CLOCK, Actor
from .calendar import Calendar
from .context import Ctx, apply
from .node import Node, speaks_of, tree
from .ranking import LOWEST_PRICE, Criterion
from .refusal import FORBIDDEN, Refusal
from .workflow import UPDATE, Doc, Effect, Guard, Transition, Verb, WorkflowError, objection

LIMIT = 1000
"""More moves than any document can need; a declaration that exceeds it does not settle."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """What is not create, read, update or delete: its own address, actor and doing.

    `run(ctx, data, lot_id)` changes the working copy, raising errors of `errors.ApiError`; None only reads. `view` says what the
    answer shows; None answers with the tender as anybody sees it. `endows`: the tender gets new
    tokens, and the caller is told them.
    """

    name: str
    method: str
    path: str
    actors: frozenset[Actor]
    run: Callable[..., None] | None = None
    view: Callable[[Ctx], Doc] | None = None
    guards: tuple[Guard, ...] = ()
    endows: bool = False


@dataclass(frozen=True, slots=True)
class Accreditation:
    """Levels (one character each) a platform needs: any of `create` to announce, any of `edit` to bid, ask and complain."""

    create: str = ""
    edit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """One type of procedure: a value of `procurementMethodType` and all its rules.

    kinds: values of `procuringEntity.kind` that may use it; derive: effects that compute stored fields after every change;
    rules: the durations and thresholds of the law, a frozen value another country's profile may replace. default: the one meant
    by an announcement that names none. criterion: what decides between bids.
    """

    method_type: str
    title: str
    root: Node
    rules: Any
    accreditation: Accreditation = Accreditation()
    kinds: tuple[str, ...] = ()
    derive: tuple[Effect, ...] = ()
    operations: tuple[Operation, ...] = ()
    calendar: Calendar = Calendar()
    legal_basis: str = ""
    default: bool = False
    criterion: Criterion = LOWEST_PRICE

    def walk(self, ctx: Ctx, keep: Callable[[Node], bool] = lambda _: True) -> Iterator[Ctx]:
        """The context itself and one for every node below it whose declaration `keep` accepts."""
        yield ctx
        for child in ctx.node.children:
            if keep(child):
                for below in ctx.below(child.plural):
                    yield from self.walk(below, keep)

    def exits(self, root: Ctx) -> Iterator[tuple[Ctx, Transition]]:
        """Every move of the engine out of a present state."""
        for ctx in self.walk(root, Node.stirs):
            yield from ((ctx, t) for t in own_exits(ctx, AUTO))

    def due(self, root: Ctx) -> Iterator[tuple[datetime, Ctx, Transition]]:
        """Timed moves with the moment each falls due, if its guards would hold then."""
        for ctx in self.walk(root, Node.timed):
            for when, t in own_due(ctx):
                yield when, ctx, t

    def next_check(self, root: Ctx) -> datetime | None:
        """When the clock must look again: the first timed move, or a timer that is still to come."""
        moments: list[datetime] = []
        for ctx in self.walk(root, Node.timed):
            moments += (when for when, _ in own_due(ctx))
            moments += own_timers(ctx)
        return min(moments, default=None)

    def settle(self, root: Ctx) -> int:
        """Carry out every move of the engine whose guards hold, until none is left; returns how many."""
        for count in range(LIMIT):
            ready = next(((c, t) for c, t in self.exits(root) if t.holds(c)), None)
            if ready is None:
                return count
            apply(*ready)
        raise WorkflowError(f"{self.method_type}: the engine does not settle")

    def tick(self, root: Ctx) -> int:
        """Carry out everything that is due, earliest first, settling after each; returns how many timed moves were made."""
        for count in range(LIMIT):
            ready = [(when, c, t) for when, c, t in self.due(root) if when <= root.now]
            if not ready:
                return count
            _, ctx, transition = min(ready, key=lambda r: r[0])
            apply(ctx, transition)
            self.settle(root)
            self.derived(root)
        raise WorkflowError(f"{self.method_type}: the clock does not settle")

    def derived(self, root: Ctx) -> None:
        """Compute the stored fields that follow from others."""
        for effect in self.derive:
            effect(root)

    def able(self, path: str, verb: Verb) -> frozenset[Actor]:
        """The actors who may do this to items of a collection in some state of the tender; "" is the tender, to be updated."""
        states = self.root.workflow.states if self.root.workflow else ()
        if not path and verb == UPDATE:
            return frozenset().union(*(state.edits for state in states))
        return frozenset().union(*(state.doers(path, verb) for state in states))

    def permitted(self, path: str, verb: Verb, actors: frozenset[Actor]) -> bool:
        """Whether one of the actors may do this in some state of the tender."""
        return not actors.isdisjoint(self.able(path, verb))

    def closed(self, ctx: Ctx, node: Node, path: str) -> Refusal | None:
        """The refusal to carry out the context's verb on collection `path` in the present states; None if it is open."""
        if not self.permitted(path, ctx.verb, ctx.actors):
            return FORBIDDEN
        if (refusal := objection(node.step(ctx.verb).first, ctx)) is not None:
            return refusal
        places = [(ctx.chain[i], "/".join(path.split("/")[i:])) for i in range(len(path.split("/")))]
        for (above, doc), rest in places:
            state = above.state(doc)
            if state is None or (above is not self.root and not speaks_of(above, rest)):
                continue
            if not ctx.actors & state.doers(rest, ctx.verb):
                text = node.closed.get(ctx.verb, "Can't {verb} {name} in current ({status}) {kind} status")
                kind = above.name
                return Refusal(text.format(verb=node.word(ctx.verb), name=node.name, status=doc["status"], kind=kind))
        return None

    def prepare(self, ctx: Ctx) -> Refusal | None:
        """The objection of the node's own guards to the context's verb."""
        return objection(ctx.node.step(ctx.verb).guards, ctx)

    def access(self) -> Iterator[Row]:
        """The whole policy: who may do what."""
        for node, path in tree(self.root):
            yield from node_rows(node, path)
            for state in node.workflow.states if node.workflow else ():
                yield from state_rows(node, path, state)
        for op in self.operations:
            yield from ((f"{self.root.plural}/{op.path}", "*", actor, op.method, op.name) for actor in sorted(op.actors))


def own_exits(ctx: Ctx, actor: Actor) -> list[Transition]:
    """The moves of the node in question out of its present state that belong to an actor."""
    flow = ctx.node.workflow
    return [t for t in flow.exits(ctx.doc["status"]) if t.actor == actor] if flow else []


def own_due(ctx: Ctx) -> Iterator[tuple[datetime, Transition]]:
    """The timed moves of the node in question with the moment each falls due, if its guards would hold then."""
    for t in own_exits(ctx, CLOCK):
        when = t.at and t.at(ctx)
        if when and t.holds(replace(ctx, now=when) if when > ctx.now else ctx):
            yield when, t


def own_timers(ctx: Ctx) -> list[datetime]:
    """Moments to come at which the clock is to look at the node in question though nothing moves."""
    state = ctx.node.state(ctx.doc)
    moments = (timer(ctx) for timer in state.timers) if state else ()
    return [when for when in moments if when and when > ctx.now]
