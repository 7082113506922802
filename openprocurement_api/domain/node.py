"""Node: one kind of resource, declared once, with its model, workflow, children and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from typing import Any

from .actors import AUTO, CASCADE, CLOCK, Actor
from .context import Ctx
from .refusal import NO_ROLE, Refusal
from .workflow import ADD, DELETE, NOTHING, UPDATE, Doc, Effect, Guard, State, Verb, Workflow, WorkflowError

SECRETS = frozenset({"owner_token", "transfer_token"})
"""Digests of credentials: in every stored node that has an owner, shown to nobody."""

WORDS: Mapping[Verb, str] = {ADD: "add", UPDATE: "update", DELETE: "delete"}


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
    partaking: the statuses in which an item of the root makes its holder a PARTICIPANT in the root's procedure.
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
    partaking: frozenset[str] = NOTHING
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
        if unknown := self.partaking - {state.name for state in (self.workflow.states if self.workflow else ())}:
            raise WorkflowError(f"{self.name}: nobody takes part by {sorted(unknown)}: no such state")
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

    @property
    def flow(self) -> Workflow:
        """The workflow, where there must be one. Raises WorkflowError if there is none."""
        if self.workflow is None:
            raise WorkflowError(f"{self.name}: has no workflow")
        return self.workflow

    def collection(self, plural: str) -> Node:
        """The collection below with this URL segment, where there must be one. Raises WorkflowError if there is none."""
        found = self.child(plural)
        if found is None:
            raise WorkflowError(f"{self.name}: has no {plural}")
        return found

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


def moved_by(workflow: Workflow) -> frozenset[Actor]:
    """Who of the engine and the clock moves such a node; timers need the clock too."""
    looked_at = {CLOCK} if any(state.timers for state in workflow.states) else set()
    return frozenset({t.actor for t in workflow.transitions} & {AUTO, CLOCK} | looked_at)


def speaks_of(node: Node, path: str) -> bool:
    """Whether some state of the node opens this collection to anybody."""
    states = node.workflow.states if node.workflow else ()
    return any(path in table for state in states for table in state.opens.values())


def tree(node: Node, path: str = "") -> Iterator[tuple[Node, str]]:
    """Every node of a tree with its path of plurals."""
    here = f"{path}/{node.plural}" if path else node.plural
    yield node, here
    for child in node.children:
        yield from tree(child, here)
