"""States and transitions as declared data, checked when they are declared; a small engine reads them."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .actors import ADMINISTRATOR, AUTO, CLOCK, Actor
from .refusal import NO_ROLE, Refusal

if TYPE_CHECKING:
    from .context import Ctx

Doc = dict[str, Any]
Guard = Callable[["Ctx"], "Refusal | bool"]
Effect = Callable[["Ctx"], None]
When = Callable[["Ctx"], "datetime | None"]
NOTHING: frozenset[str] = frozenset()
NOBODY: frozenset[Actor] = frozenset()


class Verb(enum.Flag):
    """What an actor may do to the items of a collection."""

    ADD = enum.auto()
    UPDATE = enum.auto()
    DELETE = enum.auto()


ADD, UPDATE, DELETE = Verb.ADD, Verb.UPDATE, Verb.DELETE
EDIT = ADD | UPDATE
ALL = ADD | UPDATE | DELETE

Opens = Mapping[Actor, Mapping[str, Verb]]


@dataclass(frozen=True, slots=True)
class Veil:
    """Fields that nobody is shown while the tender is in a state, its holders included; the answer to who makes a node has all.

    An item of a hidden collection is shown, under its own address, to the holder of its token alone. `path` names the
    collection, as in a URL without ids ("" is the tender itself); `when` narrows it to some items.
    """

    path: str
    fields: frozenset[str]
    when: Callable[[Doc], bool] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The only fields that anybody but its holder is shown of a collection's items while the tender is in a state.

    An item whose own state says what it shows is shown so, whatever the window.
    `path` names the collection as a `Veil` does. Collections below that are not named are hidden, under their own address too.
    """

    path: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class State:
    """One status.

    edits: the fields each actor may change; an actor who is not named has no part to play in this state.
    opens: the collections below, as paths, in which each actor may add, update or delete.
    hides, windows: what the public does not see, and what alone it sees, of what lies below.
    shows: if set, the only fields anybody sees of such a node, its holder included.
    timers: moments at which the document is to be looked at again though nothing moves.
    moves_only: every change but a declared move is refused. legacy: entered only in documents of the old toolkit.
    """

    name: str
    doc: str = ""
    final: bool = False
    legacy: bool = False
    moves_only: bool = False
    edits: Mapping[Actor, frozenset[str]] = field(default_factory=dict)
    opens: Opens = field(default_factory=dict)
    hides: tuple[Veil, ...] = ()
    windows: tuple[Window, ...] = ()
    shows: frozenset[str] | None = None
    timers: tuple[When, ...] = ()
    _doers: Mapping[tuple[str, Verb], frozenset[Actor]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[tuple[str, Verb], frozenset[Actor]] = {}
        for actor, table in self.opens.items():
            for path, verbs in table.items():
                found |= {(path, verb): found.get((path, verb), frozenset()) | {actor} for verb in verbs}
        object.__setattr__(self, "_doers", found)

    def doers(self, path: str, verb: Verb) -> frozenset[Actor]:
        """The actors who may do this one thing to the items of a collection."""
        return self._doers.get((path, verb), NOBODY)


@dataclass(frozen=True, slots=True)
class Transition:
    """A move from `source` to `target`; without a source it is a way in which a node begins."""

    source: str | None
    target: str
    actor: Actor
    at: When | None = None
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    doc: str = ""

    def refusal(self, ctx: Ctx) -> Refusal | None:
        """The first guard's objection, or None."""
        return objection(self.guards, ctx)

    def holds(self, ctx: Ctx) -> bool:
        """Whether no guard objects; what it would say is not asked."""
        return all(guard(ctx) for guard in self.guards)


def objection(guards: Sequence[Guard], ctx: Ctx) -> Refusal | None:
    """What the first guard that does not hold says; its docstring if it only says False."""
    for guard in guards:
        verdict = guard(ctx)
        if not verdict:
            return verdict if isinstance(verdict, Refusal) else Refusal(sentence(guard))
    return None


def sentence(thing: Callable[..., Any]) -> str:
    """The first line of the docstring, or the name: what a guard, an effect or a moment is called in the docs."""
    return (thing.__doc__ or getattr(thing, "__name__", "") or type(thing).__name__).strip().splitlines()[0]


class WorkflowError(ValueError):
    """The declaration itself is wrong; raised when it is made, never at request time."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """The states of one kind of node and the moves between them.

    `deny` answers a move nobody declared ({status} is the present one, {target} the wanted one, {kind} the node's name); None
    leaves the status as it is without a word. `overrides` names actors who may set any status, without guards and effects.
    `dated` says whether a move sets the node's `date`.
    """

    kind: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    deny: Refusal | None = Refusal("Can't update {kind} in current ({status}) status")
    overrides: frozenset[Actor] = frozenset({ADMINISTRATOR})
    dated: bool = True
    _by_name: Mapping[str, State] = field(init=False, repr=False, compare=False)
    _out: Mapping[str | None, tuple[Transition, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {s.name: s for s in self.states})
        sources: list[str | None] = [None, *(s.name for s in self.states)]
        object.__setattr__(self, "_out", {n: tuple(t for t in self.transitions if t.source == n) for n in sources})
        if fault := next(faults(self), None):
            raise WorkflowError(f"{self.kind}: {fault}")

    @property
    def initial(self) -> str:
        """The status of a node whose creator asks for none."""
        return self._out[None][0].target

    def state(self, name: str) -> State:
        """The declared state; KeyError if a document holds an undeclared one."""
        return self._by_name[name]

    def exits(self, name: str | None) -> tuple[Transition, ...]:
        """The moves out of a state; the beginnings for None."""
        return self._out[name]

    def choices(self, name: str, actors: frozenset[Actor]) -> list[Transition]:
        """The moves out of a state that one of the actors may wish for: not those that have their moment, and happen when due."""
        return [t for t in self._out[name] if t.actor in actors and t.at is None]

    def begin(self, wanted: object) -> Transition:
        """The beginning with this status, or the first one."""
        starts = self._out[None]
        return next((t for t in starts if t.target == wanted), starts[0])

    def but(
        self,
        *,
        states: Sequence[State] = (),
        transitions: Sequence[Transition] = (),
        drop: Sequence[tuple[str | None, str]] = (),
        without: Sequence[str] = (),
        **changes: Any,
    ) -> Workflow:
        """A variation: replaces states of the same name, adds new ones, drops moves by (source, target), adds moves.

        States named in `without` go with all their moves. New beginnings come before the kept ones, other moves after them.
        """
        new = {s.name: s for s in states}
        dropped = set(drop)
        kept = [t for t in self.transitions if (t.source, t.target) not in dropped and not {t.source, t.target} & {*without}]
        moves = (*(t for t in transitions if t.source is None), *kept, *(t for t in transitions if t.source is not None))
        merged = tuple(new.pop(s.name, s) for s in self.states if s.name not in without) + tuple(new.values())
        return replace(self, states=merged, transitions=moves, **changes)

    def move(self, ctx: Ctx, target: str) -> Transition | Refusal | None:
        """The transition that takes the context's node to `target`, a refusal, or None if the wish is to be passed over."""
        status = ctx.doc["status"]
        if ctx.actors & self.overrides and target in self._by_name:
            return Transition(status, target, ADMINISTRATOR)
        mine = [t for t in self.choices(status, ctx.actors) if t.target == target]
        for t in mine:
            if t.holds(ctx):
                return t
        if mine:
            return mine[0].refusal(ctx)
        return self.denied(status, target)

    def denied(self, status: str, target: str) -> Refusal | None:
        """The answer to a move nobody declared."""
        if self.deny is None:
            return None
        text = self.deny.description.format(kind=self.kind, status=status, target=target)
        return replace(self.deny, description=text)

    def editable(self, ctx: Ctx) -> frozenset[str] | Refusal:
        """The fields the context's actors may change now, or NO_ROLE if none of them has a part to play."""
        edits = self._by_name[ctx.doc["status"]].edits
        parts = [edits[a] for a in ctx.actors if a in edits]
        return frozenset().union(*parts) if parts else NO_ROLE


def faults(workflow: Workflow) -> Iterator[str]:
    """What is wrong with a declaration, one sentence each."""
    yield from faulty_names(workflow)
    yield from faulty_ends(workflow)
    for t in workflow.transitions:
        if (t.at is not None) != (t.actor == CLOCK):
            yield f"a timed transition belongs to the clock: {t.source} -> {t.target}"
        if t.source is None and t.actor in (CLOCK, AUTO):
            yield f"nothing begins by itself: {t.target}"


def faulty_names(workflow: Workflow) -> Iterator[str]:
    """States that are declared twice, are missing or cannot be entered."""
    names = Counter(s.name for s in workflow.states)
    starts = [t.target for t in workflow.transitions if t.source is None]
    ends = {t.target for t in workflow.transitions} | {t.source for t in workflow.transitions if t.source is not None}
    if twice := [n for n, k in names.items() if k > 1]:
        yield f"declared twice: {twice}"
    if not starts:
        yield "no beginning"
    if unknown := ends - names.keys():
        yield f"no such state: {sorted(unknown)}"
    known = starts + [s.name for s in workflow.states if s.legacy]
    if lost := names.keys() - reachable(workflow, known):
        yield f"unreachable: {sorted(lost)}"


def faulty_ends(workflow: Workflow) -> Iterator[str]:
    """Ends that can be left, and traps that are no ends."""
    for state in workflow.states:
        exits = [t for t in workflow.transitions if t.source == state.name]
        if state.final and exits:
            yield f"final but has exits: {state.name}"
        if not state.final and not exits:
            yield f"no exit and not final: {state.name}"


def reachable(workflow: Workflow, starts: Sequence[str]) -> set[str]:
    """The states that can be entered from `starts`."""
    seen, todo = set(starts), list(starts)
    while todo:
        here = todo.pop()
        for t in workflow.transitions:
            if t.source == here and t.target not in seen:
                seen.add(t.target)
                todo.append(t.target)
    return seen


def opens(*tables: Opens) -> Opens:
    """Several tables of opened collections as one."""
    merged: dict[Actor, dict[str, Verb]] = {}
    for table in tables:
        for actor, paths in table.items():
            mine = merged.setdefault(actor, {})
            for path, verbs in paths.items():
                mine[path] = mine.get(path, Verb(0)) | verbs
    return merged
