"""The reference of a procedure as one page: its numbers, every kind of resource in it, every field."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from inspect import cleandoc
from typing import Any

from ..describing.procedures import description
from ..domain.diagram import access_tables, code, mermaid, states_table, table, transitions_table
from ..domain.node import SECRETS, Node, tree
from ..domain.procedure import Procedure
from .fields import models
from .pieces import installed

HOW_TO_READ = """\
Everything here is made from the declarations. `auto` is the engine: such moves happen as soon as their conditions hold. `cascade`
moves are effects of other moves. `chronograph` is time. Who is not named reads only; the group `admins`, who work by hand, may
also do whatever the holders of tokens may."""


def pages() -> Iterator[tuple[str, str]]:
    """The type and the page of every procedure that is installed."""
    for name, procedure in sorted(installed().items()):
        yield name, page(procedure)


def page(procedure: Procedure) -> str:
    """The page of one procedure, as Markdown."""
    parts = [f"# {procedure.method_type}", f"{procedure.title}. {procedure.legal_basis}.", HOW_TO_READ]
    parts += ["## Who buys, and by which numbers", who(procedure), numbers(procedure)]
    parts += [f"## {title}\n\n{text}" for title, text in sections(procedure)]
    parts += ["## Operations", operations(procedure)] if procedure.operations else []
    parts += ["## Fields", HOW_FIELDS, models(places(procedure), procedure.method_type)]
    return "\n\n".join(part for part in parts if part) + "\n"


HOW_FIELDS = """\
The models, as they are declared. "Set by the system" are fields that nobody sends when the thing is made or changed. Where a rule
says `checked by`, the function of that name in the model holds the rest of the rule."""


def who(procedure: Procedure) -> str:
    """Who may announce, and what a platform needs."""
    levels = procedure.accreditation
    rows = [
        ("Kinds of buyers", code(sorted(procedure.kinds)) or "any"),
        ("Accreditation to announce, any of", code(levels.create)),
        ("Accreditation to bid, ask and complain, any of", code(levels.edit)),
    ]
    return table(("What", "Values"), rows)


def numbers(procedure: Procedure) -> str:
    """The durations and thresholds, and what they mean."""
    rows = [(f"`{name}`", plain(value)) for name, value in description(procedure)["periods"].items()]
    return f"{cleandoc(procedure.rules.__doc__ or '')}\n\n{table(('Rule', 'Value'), rows)}"


def plain(value: Any) -> str:
    """A value of a rule as text."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {plain(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "; ".join(map(plain, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def places(procedure: Procedure) -> list[tuple[str, Node]]:
    """Every node with its path below the root; the root itself by its own name."""
    root = procedure.root.plural
    return [(path.removeprefix(f"{root}/"), node) for node, path in tree(procedure.root)]


def sections(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """A section for each kind of resource; kinds of which the same is said share one."""
    found: dict[str, list[str]] = {}
    for path, node in places(procedure):
        found.setdefault(section(node), []).append(path)
    yield from ((code(paths), text) for text, paths in found.items())


def section(node: Node) -> str:
    """What is declared of one kind of resource: the picture, the states, the moves, who may do what, what stays secret."""
    flow = node.workflow
    parts = [f"```mermaid\n{mermaid(flow)}\n```", states_table(flow), transitions_table(flow)] if flow else []
    parts += [f"**{'In any state' if name == '*' else f'`{name}`'}**\n\n{text}" for name, text in access_tables(node)]
    confided = node.confided.fields if node.confided else frozenset()
    for words, hidden in (
        ("Shown to nobody", node.private - SECRETS),
        ("Shown to its holder only", node.sealed),
        ("Shown, where it is marked so, to its holder and a few others only", confided),
    ):
        parts += [secret(words, hidden)] if hidden else []
    return "\n\n".join(parts) or "It is read, by everybody who sees what it is part of."


def secret(words: str, hidden: Collection[str]) -> str:
    """What is hidden of a kind of resource in every state."""
    return f"{words}: {code(sorted(hidden))}."


def operations(procedure: Procedure) -> str:
    """What is not creating, reading, changing or deleting."""
    root = f"{procedure.root.plural}/{{id}}"
    rows = ((f"`{op.method} {root}/{op.path}`", op.name, code(sorted(op.actors))) for op in procedure.operations)
    return table(("Address", "What for", "Who"), rows)
