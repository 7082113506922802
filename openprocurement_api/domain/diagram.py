"""A workflow in pictures and tables: Mermaid for the states and the moves, Markdown for who may do what, and when.

Nothing is written here that is not declared: the words come from the states, and from the docstrings of guards, effects and
moments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from .actors import Actor
from .node import Node
from .workflow import ADD, DELETE, NOTHING, UPDATE, State, Transition, Veil, Verb, Workflow, sentence

FEW = 3
"""From how many states on the same way out is drawn once, from a box around all of them."""
LIVE = "not_ended"
WIDTH = 24
"""Letters in a line of a label."""


# --- the picture


@dataclass(frozen=True, slots=True)
class Arrow:
    """All moves between two states as one line of the picture. `source` is None where a node begins."""

    source: str | None
    target: str
    labels: tuple[str, ...]


def label(move: Transition) -> str:
    """Who makes the move; for the clock, when."""
    return f"{move.actor}, {sentence(move.at)}" if move.at else move.actor


def arrows(workflow: Workflow) -> list[Arrow]:
    """The lines of the picture, in the order in which the moves were declared."""
    found: dict[tuple[str | None, str], dict[str, None]] = {}
    for move in workflow.transitions:
        found.setdefault((move.source, move.target), {})[label(move)] = None
    return [Arrow(source, target, tuple(labels)) for (source, target), labels in found.items()]


def common(workflow: Workflow, lines: Sequence[Arrow]) -> list[Arrow]:
    """The lines that lead from every state that is not final to the same end: drawn once, they would hide all others."""
    live = {state.name for state in workflow.states if not state.final}
    ways: dict[tuple[str, tuple[str, ...]], list[Arrow]] = {}
    for line in lines:
        ways.setdefault((line.target, line.labels), []).append(line)
    return [line for way in ways.values() if len(live) >= FEW and {a.source for a in way if a.source} == live for line in way]


def mermaid(workflow: Workflow) -> str:
    """The state diagram as Mermaid text, without a line end at the end."""
    lines = arrows(workflow)
    shared = common(workflow, lines)
    boxed = [state for state in workflow.states if not state.final] if shared else []
    free = [state for state in workflow.states if state not in boxed]
    names = {state.name for state in boxed}
    outside = [line for line in lines if line.target not in names and line not in shared]
    text = ["stateDiagram-v2", *map(box, free), *box_of(boxed, [line for line in lines if line.target in names])]
    text += [*map(drawn, outside), *(drawn(line, LIVE) for line in {line.target: line for line in shared}.values())]
    text += [f"{key(state.name)} --> [*]" for state in free if state.final]
    return "\n    ".join(text)


def box(state: State) -> str:
    """A state of the picture."""
    return f'state "{state.name}" as {key(state.name)}'


def box_of(states: Sequence[State], lines: Sequence[Arrow]) -> list[str]:
    """A box around some states and the lines between them; nothing if there are none."""
    inside = [*map(box, states), *map(drawn, lines)]
    return [f'state "not ended" as {LIVE} {{', *(f"    {line}" for line in inside), "}"] if states else []


def drawn(line: Arrow, source: str | None = None) -> str:
    """One line of the picture; `source` stands for its own source."""
    start = source or (key(line.source) if line.source else "[*]")
    words = [part for text in line.labels for part in wrap(re.sub("[:;]", ",", text), WIDTH, break_long_words=False)]
    return f"{start} --> {key(line.target)} : {'<br>'.join(words)}"


def key(name: str) -> str:
    """A state's name as Mermaid takes it: letters, digits and underscores."""
    return re.sub(r"\W", "_", name)


# --- the tables


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; columns in which no row has anything are left out. Empty text if there are no rows."""
    body = [tuple(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    used = [i for i in range(len(head)) if any(row[i] for row in body)]
    lines = [[head[i] for i in used], ["---"] * len(used), *([row[i] for i in used] for row in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) if body else ""


def code(words: Iterable[str]) -> str:
    """Names as Markdown code, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)


def said(things: Iterable[object]) -> str:
    """What some guards or effects say of themselves."""
    return "; ".join(sentence(thing).rstrip(".") for thing in things if callable(thing))


def states_table(workflow: Workflow) -> str:
    """What each state means, and what the public does not see in it."""
    head = ("State", "What it means", "Hidden from the public", "The clock also looks at")
    return table(head, ((named(s), s.doc, sealed(s), said(s.timers)) for s in workflow.states))


def sealed(state: State) -> str:
    """What the public does not see: what is hidden, and all but what alone is shown of some collections."""
    windows = (f"all of `{w.path.replace('/', '.')}` but {code(sorted(w.fields))}" for w in state.windows)
    return "; ".join([*filter(None, [code(veiled(v) for v in state.hides)]), *windows])


def named(state: State) -> str:
    """A state's name, with what is special about it."""
    marks = [word for word, true in (("final", state.final), ("old documents only", state.legacy)) if true]
    return f"`{state.name}`" + (f" ({', '.join(marks)})" if marks else "")


def veiled(veil: Veil) -> str:
    """The fields a veil covers, as dotted paths."""
    prefix = f"{veil.path.replace('/', '.')}." if veil.path else ""
    return "`, `".join(f"{prefix}{name}" for name in sorted(veil.fields))


def transitions_table(workflow: Workflow) -> str:
    """Every declared move: who makes it, when and if, and what it brings about. Moves that differ in their source share a row."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for move in workflow.transitions:
        rows.setdefault(transition_cells(move), []).append(f"`{move.source}`" if move.source else "(new)")
    head = ("From", "To", "Who", "When, and if", "What follows")
    return table(head, ((", ".join(sources), *cells) for cells, sources in rows.items()))


def transition_cells(move: Transition) -> tuple[str, ...]:
    """What the table says of a move, but where it starts."""
    note = f"{move.doc}." if move.doc else ""
    conditions = said([*([move.at] if move.at else []), *move.guards])
    return code([move.target]), code([move.actor]), f"{note} {conditions}".strip(), said(move.effects)


def access_tables(node: Node) -> Iterator[tuple[str, str]]:
    """For each state of a node, a table of who may edit which fields and add, update and delete which items below it.

    A node without states yields one table, named `*`; a state in which nobody may do anything yields none.
    """
    if node.workflow is None:
        yield from ((name, text) for name, text in [("*", access_table(node.edits, {}))] if text)
        return
    for state in node.workflow.states:
        if text := access_table(state.edits, state.opens):
            yield state.name, text


def access_table(edits: Mapping[Actor, frozenset[str]], opens: Mapping[Actor, Mapping[str, Verb]]) -> str:
    """Who may do what in one state; actors who may do the same share a row."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for actor in dict.fromkeys([*edits, *opens]):
        below = opens.get(actor, {})
        paths = (code(sorted(path for path, verbs in below.items() if verb in verbs)) for verb in (ADD, UPDATE, DELETE))
        rows.setdefault((code(sorted(edits.get(actor, NOTHING))), *paths), []).append(actor)
    head = ("Who", "Edits", "Adds", "Updates", "Deletes")
    return table(head, ((code(who), *cells) for cells, who in rows.items() if any(cells)))
