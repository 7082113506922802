"""A procedure is data: a tree of nodes, each with its model, workflow and rules; the engine walks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import datetime
from typing import Any

from .actors import AUTO, CASCADE, CLOCK, EVERYONE, Actor
from .calendar import Calendar
from .context import Ctx, apply
from .ranking import LOWEST_PRICE, Criterion
from .refusal import FORBIDDEN, NO_ROLE, Refusal
from .workflow import (
    ADD,
    DELETE,
    NOTHING,
    UPDATE,
    Doc,
    Effect,
    Guard,
    State,
    Transition,
    Verb,
    Workflow,
    WorkflowError,
    objection,
)  # fmt: skip

SECRETS = frozenset({"owner_token", "transfer_token"})
"""Digests of credentials: in every stored node that has an owner, shown to nobody."""

WORDS: Mapping[Verb, str] = {ADD: "add", UPDATE: "update", DELETE: "delete"}
LIMIT = 1000
"""More moves than any document can need; a declaration that exceeds it does not settle."""


@dataclass(frozen=True, slots=True)
class Step:
    """What must hold before a verb is carried out on a node, and what it brings about.

    `first` are guards that speak before the states of what the node is part of are asked (of a root: before its model), `guards`
    speak after them.
    """

    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    first: tuple[Guard, ...] = ()


NO_STEP = Step()


@dataclass(frozen=True, slots=True)
class Confided:
    """What stays between the holder of an item and some actors where `when` holds: `fields`, and the file it may be a version of.

    `refusal` answers everybody else who asks for the file.
    """

    fields: frozenset[str]
    when: Callable[[Doc], bool]
    to: frozenset[Actor]
    refusal: str

    def withheld(self, doc: Doc, actors: frozenset[Actor], *, own: bool) -> bool:
        """Whether the item keeps these fields from such a viewer; `own` is said of its holder."""
        return not own and actors.isdisjoint(self.to) and self.when(doc)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One kind of resource, declared once and specialised by value with `but`.

    name, plural: singular for messages and ids, plural for the URL; field: the JSON field if it is not the plural.
    accepts: the fields taken from the body that creates it. ignores: fields a body may name and nobody reads.
    edits: fields by actor, for nodes without a workflow.
    owner: the actor whom the token of a new item makes its holder; None if items have no token.
    proofs: fields that keep digests of further tokens, with what these make the platform that owns the item.
    private: never shown. sealed: shown to the holder only (dotted paths reach into plain values).
    confided: shown of some items to the holder and a few actors only.
    views: actors who see only some fields, with a dot those of nodes below. authored: the actor's name is kept in `author`.
    reckoned: fields that are not kept but follow from the root and the item; only views show them.
    deleted: the status to which deleting moves an item; without one it is gone.
    versioned: several versions share one id (documents). embedded: may come with the body that creates the parent.
    binding: the parent is validated again after each change. accredited: which accreditation level creating needs.
    number: the field that holds a root's public number.
    words: other words for the verbs in messages; closed: other messages for "not in this state".
    cautions: what should hold after a change; what does not is told beside the answer and refuses nothing.
    movers: which of the engine and the clock has to do with an item, or with anything below it; follows from the workflows.
    """

    name: str
    plural: str
    model: Any
    field: str = ""
    workflow: Workflow | None = None
    children: tuple[Node, ...] = ()
    accepts: frozenset[str] = NOTHING
    ignores: frozenset[str] = NOTHING
    edits: Mapping[Actor, frozenset[str]] = made(default_factory=dict)
    steps: dict[Verb, Step] = made(default_factory=dict)
    owner: Actor | None = None
    proofs: Mapping[str, Actor] = made(default_factory=dict)
    private: frozenset[str] = SECRETS
    sealed: frozenset[str] = NOTHING
    confided: Confided | None = None
    views: Mapping[Actor, frozenset[str]] = made(default_factory=dict)
    reckoned: Mapping[str, Callable[[Doc, Doc], Any]] = made(default_factory=dict)
    deleted: str = ""
    versioned: bool = False
    authored: bool = False
    embedded: bool = False
    binding: bool = False
    accredited: str = ""
    number: str = "tenderID"
    words: Mapping[Verb, str] = made(default_factory=dict)
    closed: Mapping[Verb, str] = made(default_factory=dict)
    cautions: tuple[Guard, ...] = ()
    movers: frozenset[Actor] = made(init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.field:
            object.__setattr__(self, "field", self.plural)
        own = moved_by(self.workflow) if self.workflow else frozenset()
        object.__setattr__(self, "movers", own.union(*(child.movers for child in self.children)))

    def but(self, **changes: Any) -> Node:
        """The same kind of resource with these differences."""
        return replace(self, **changes)

    def having(self, *children: Node) -> Node:
        """The same kind of resource with these collections, each in the place of the one with its address, or added."""
        new = {child.plural: child for child in children}
        kept = tuple(new.pop(child.plural, child) for child in self.children)
        return self.but(children=(*kept, *new.values()))

    def child(self, plural: str) -> Node | None:
        """The collection below with this URL segment."""
        return next((c for c in self.children if c.plural == plural), None)

    def child_field(self, name: str) -> Node | None:
        """The collection below that is kept in this JSON field."""
        return next((c for c in self.children if c.field == name), None)

    def step(self, verb: Verb) -> Step:
        """Guards and effects of a verb."""
        return self.steps.get(verb, NO_STEP)

    def state(self, doc: Doc) -> State | None:
        """The declared state a document of this kind is in."""
        return self.workflow.state(doc["status"]) if self.workflow else None

    def word(self, verb: Verb) -> str:
        """The verb as messages say it."""
        return self.words.get(verb, WORDS[verb])

    def editable(self, ctx: Ctx) -> frozenset[str] | Refusal:
        """The fields the context's actors may change now, or NO_ROLE if none of them has a part to play."""
        if self.workflow:
            return self.workflow.editable(ctx)
        parts = [names for actor, names in self.edits.items() if actor in ctx.actors]
        return frozenset().union(*parts) if parts else NO_ROLE

    def begins(self) -> bool:
        """Whether anybody adds one; of some kinds only the engine does."""
        return self.workflow is None or any(t.actor != CASCADE for t in self.workflow.exits(None))

    def stirs(self) -> bool:
        """Whether the clock or the engine moves it or anything below it, or the clock is to look at it."""
        return bool(self.movers)

    def timed(self) -> bool:
        """Whether the clock moves it or anything below it, or is to look at it."""
        return CLOCK in self.movers


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

    def permitted(self, node: Node, path: str, verb: Verb, actors: frozenset[Actor]) -> bool:
        """Whether one of the actors may do this in some state of the tender."""
        states = self.root.workflow.states if self.root.workflow else ()
        if not path:
            return any(actors & s.edits.keys() for s in states)
        return any(actors & s.doers(path, verb) for s in states)

    def known(self, path: str, verb: Verb) -> bool:
        """Whether anybody may do this to items of a collection in some state of the tender."""
        return any(s.doers(path, verb) for s in (self.root.workflow.states if self.root.workflow else ()))

    def closed(self, ctx: Ctx, node: Node, path: str) -> Refusal | None:
        """The refusal to carry out the context's verb on collection `path` in the present states; None if it is open."""
        if not self.permitted(node, path, ctx.verb, ctx.actors):
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

    def access(self) -> Iterator[tuple[str, str, str, str, str]]:
        """The whole policy as rows (path, state, actor, verb, object), for documents and snapshots."""
        for node, path in tree(self.root):
            yield from node_rows(node, path)
            for state in node.workflow.states if node.workflow else ():
                yield from state_rows(node, path, state)
        for op in self.operations:
            yield from ((f"{self.root.plural}/{op.path}", "*", actor, op.method, op.name) for actor in sorted(op.actors))


def moved_by(workflow: Workflow) -> frozenset[Actor]:
    """Who of the engine and the clock moves such a node; timers need the clock too."""
    looked_at = {CLOCK} if any(state.timers for state in workflow.states) else set()
    return frozenset({t.actor for t in workflow.transitions} & {AUTO, CLOCK} | looked_at)


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


def speaks_of(node: Node, path: str) -> bool:
    """Whether some state of the node opens this collection to anybody."""
    return bool(node.workflow) and any(path in table for s in node.workflow.states for table in s.opens.values())  # type: ignore[union-attr]


def tree(node: Node, path: str = "") -> Iterator[tuple[Node, str]]:
    """Every node of a tree with its path of plurals."""
    here = f"{path}/{node.plural}" if path else node.plural
    yield node, here
    for child in node.children:
        yield from tree(child, here)


def node_rows(node: Node, path: str) -> Iterator[tuple[str, str, str, str, str]]:
    """The rows that hold in every state: beginnings, edits, what is shown to nobody, to the holder only, to some actors."""
    for t in node.workflow.exits(None) if node.workflow else ():
        yield (path, "-", t.actor, "begin", t.target)
    for verb, table in (("edit", node.edits), ("see only", node.views)):
        for actor, names in table.items():
            yield from ((path, "*", actor, verb, name) for name in sorted(names))
    confided = node.confided.fields if node.confided else NOTHING
    for verb, names in (("private", node.private), ("sealed", node.sealed), ("confided", confided)):
        yield from ((path, "*", EVERYONE, verb, name) for name in sorted(names))


def state_rows(node: Node, path: str, state: State) -> Iterator[tuple[str, str, str, str, str]]:
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
