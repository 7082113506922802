"""A procedure as plain JSON, read off its declaration: states, moves, access, durations, the schema of every node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from inspect import getdoc
from types import FunctionType
from typing import Any

from ..domain.access import node_rows, state_rows
from ..domain.diagram import mermaid
from ..domain.node import Node, tree
from ..domain.procedure import Operation, Procedure
from ..domain.workflow import Doc, State, Transition, sentence
from ..models.schema import DIALECT, definition, name_of, with_parts

DEFINITIONS = "#/$defs/"
DAY = 86400
UNITS = ((3600, "H"), (60, "M"), (1, "S"))


def summary(procedure: Procedure) -> Doc:
    """What a list of procedures says of one."""
    return {
        "procurementMethodType": procedure.method_type,
        "title": procedure.title,
        "legalBasis": procedure.legal_basis,
        "default": procedure.default,
        "kind": procedure.root.name,
        "buyers": sorted(procedure.kinds),
        "accreditation": {"create": sorted(procedure.accreditation.create), "edit": sorted(procedure.accreditation.edit)},
    }


@lru_cache(maxsize=256)
def description(procedure: Procedure) -> Doc:
    """Everything that is declared of a procedure. The result is shared: nobody changes it."""
    nodes = list(tree(procedure.root))
    return summary(procedure) | {
        "periodsDescription": getdoc(procedure.rules) or "",
        "periods": {field.name: plain(getattr(procedure.rules, field.name)) for field in declared(procedure.rules)},
        "nodes": [of_node(node, path) for node, path in nodes],
        "operations": [of_operation(op, procedure.root) for op in procedure.operations],
        "access": list(access(procedure)),
        "schemas": schemas(node for node, _ in nodes),
    }


def declared(rules: Any) -> Iterator[Any]:
    """The durations and thresholds of a rule set."""
    yield from fields(rules) if is_dataclass(rules) else ()


def plain(value: Any) -> Any:
    """A value of a rule set as JSON: a span is a duration of ISO 8601, a function or a class what it says of itself."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in declared(value)}
    if isinstance(value, frozenset | set | tuple | list):
        items = [plain(item) for item in value]
        return sorted(items) if isinstance(value, frozenset | set) else items
    for kind, write in WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    return value


def duration(span: timedelta) -> str:
    """A span of time as ISO 8601 has it: P3D, PT12H, -P2D."""
    seconds = abs(int(span.total_seconds()))
    days, rest = divmod(seconds, DAY)
    parts = []
    for size, unit in UNITS:
        count, rest = divmod(rest, size)
        parts += [f"{count}{unit}"] if count else []
    text = (f"{days}D" if days or not parts else "") + (f"T{''.join(parts)}" if parts else "")
    return f"{'-' if span < timedelta(0) else ''}P{text}"


WRITERS: dict[Any, Callable[[Any], Any]] = {
    timedelta: duration,
    date: date.isoformat,
    Decimal: float,
    FunctionType: sentence,
    type: sentence,
}
"""How values that JSON has not are written."""


def of_node(node: Node, path: str) -> Doc:
    """One kind of resource: where it lives, its states and the moves between them."""
    told: Doc = {
        "path": path,
        "name": node.name,
        "field": node.field,
        "holder": node.owner,
        "schema": {"$ref": DEFINITIONS + name_of(node.model)},
    }
    if node.workflow is None:
        return told
    return told | {
        "states": [of_state(state) for state in node.workflow.states],
        "transitions": [of_transition(transition) for transition in node.workflow.transitions],
        "diagram": mermaid(node.workflow),
    }


def of_state(state: State) -> Doc:
    """One status."""
    return {"name": state.name, "description": state.doc, "final": state.final} | ({"legacy": True} if state.legacy else {})


def of_transition(move: Transition) -> Doc:
    """One move: who makes it, when, what must hold and what it brings about, in sentences."""
    told: Doc = {"from": move.source, "to": move.target, "actor": move.actor}
    if move.at:
        told["at"] = sentence(move.at)
    for name, steps in (("guards", move.guards), ("effects", move.effects)):
        if steps:
            told[name] = [sentence(step) for step in steps]
    return told | ({"description": move.doc} if move.doc else {})


def of_operation(operation: Operation, root: Node) -> Doc:
    """What is not create, read, update or delete."""
    return {
        "name": operation.name,
        "method": operation.method,
        "path": f"{root.plural}/{{{root.name}_id}}/{operation.path}",
        "actors": sorted(operation.actors),
        "guards": [sentence(guard) for guard in operation.guards],
    }


def access(procedure: Procedure) -> Iterator[Doc]:
    """Who may do what in which state: the whole matrix, grouped by place, state, actor and verb."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for path, state, actor, verb, what in rows(procedure):
        found.setdefault((path, state, actor, verb), []).append(what)
    for (path, state, actor, verb), things in found.items():
        yield {"path": path, "state": state, "actor": actor, "verb": verb, "what": things}


def rows(procedure: Procedure) -> Iterator[tuple[str, str, str, str, str]]:
    """The rows of the matrix, without the moves and operations that are told beside it."""
    for node, path in tree(procedure.root):
        yield from node_rows(node, path)
        for state in node.workflow.states if node.workflow else ():
            yield from (row for row in state_rows(node, path, state) if row[3] != "move")


def schemas(nodes: Iterator[Node]) -> Doc:
    """One JSON Schema with a definition for each model."""
    models = with_parts(node.model for node in nodes)
    return {"$schema": DIALECT, "$defs": {name_of(model): definition(model, DEFINITIONS) for model in models}}
