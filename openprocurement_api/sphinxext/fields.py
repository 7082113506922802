"""Models as tables: field, type, whether it is required, and the rules that can be said in a few words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ..domain.diagram import code, table
from ..domain.node import Node
from ..models.base import NOW, Model
from ..models.compound import LANGUAGES
from ..models.schema import default as preset
from ..models.schema import fields_of, name_of, part_of, with_parts
from ..models.types import new_id

HEAD = ("Field", "Type", "Required", "Rules")
MANY = 12
"""A list of allowed values that is longer is counted, not shown."""
WORDS = {
    "String": "text",
    "MD5": "id (32 hex digits)",
    "Hash": "hash",
    "URL": "URL",
    "Email": "e-mail address",
    "BooleanType": "true or false",
    "Number": "number",
    "Integer": "whole number",
    "Scalar": "text, number, true or false",
    "IsoDateTime": "date and time (ISO 8601)",
}
BOUNDS = {
    "min_length": "length at least {}",
    "max_length": "length at most {}",
    "min_size": "at least {}",
    "max_size": "at most {}",
    "min_value": "not below {}",
    "max_value": "not above {}",
}


def models(places: Sequence[tuple[str, Node]], of: str) -> str:
    """A table for the model of each node, then one for each model inside them.

    `places` are nodes with their paths; `of`, the type of the procedure, tells its anchors from those of others.
    """
    nodes: dict[type[Model], list[tuple[str, Node]]] = {}
    for path, node in places:
        nodes.setdefault(node.model, []).append((path, node))
    return "\n\n".join(section(model, nodes.get(model, []), of) for model in with_parts(nodes))


def section(model: type[Model], places: Sequence[tuple[str, Node]], of: str) -> str:
    """One model: its name, where it is kept, what it is, its fields."""
    kept = f" ({code(path for path, _ in places)})" if places else ""
    sent = frozenset().union(*(sendable(node) for _, node in places)) if places else fields_of(model).keys()
    text = " ".join((model.__doc__ or "").split())
    rows = table(HEAD, (row(model, name, sent, of) for name in fields_of(model) if not is_translation(model, name)))
    return f"({anchor(model, of)})=\n**{model.__name__}**{kept}\n\n{text}\n\n{rows}"


def sendable(node: Node) -> frozenset[str]:
    """The fields that somebody sends, when the node is made or in some state of it."""
    states = node.workflow.states if node.workflow else ()
    return node.accepts.union(*node.edits.values(), *(names for state in states for names in state.edits.values()))


def is_translation(model: type[Model], name: str) -> bool:
    """Whether a field is the companion of a text in another language: it is named beside that text."""
    return any(name in translations(model, text) for text in fields_of(model))


def translations(model: type[Model], name: str) -> list[str]:
    """The companions of a text."""
    return [other for other in (f"{name}_{language}" for language in LANGUAGES) if other in fields_of(model)]


def anchor(model: type[Model], of: str) -> str:
    """The target of links to a model of a procedure."""
    return f"model-{of.replace('.', '-')}-{name_of(model).replace('.', '-')}".lower()


def row(model: type[Model], name: str, sent: Collection[str], of: str) -> tuple[str, ...]:
    """One field."""
    field = fields_of(model)[name]
    told = ["set by the system"] if name not in sent else []
    needed = field.required and default(field) is None
    return f"`{name}`", kind(field, of), "yes" if needed else "", "; ".join([*told, *rules(model, name, field)])


def kind(field: Any, of: str) -> str:
    """The type of a field in words; parts are links."""
    if hasattr(field, "field"):
        return f"list of {kind(field.field, of)}"
    if part := part_of(field):
        return f"[{part.__name__}](#{anchor(part, of)})"
    return next(WORDS[base.__name__] for base in type(field).__mro__ if base.__name__ in WORDS)


def rules(model: type[Model], name: str, field: Any) -> Iterator[str]:
    """What must hold for the value of a field, apart from its type."""
    if choices := field.choices:
        yield f"one of {code(choices)}" if len(choices) <= MANY else f"one of {len(choices)} known values"
    for bound, words in BOUNDS.items():
        if (value := getattr(field, bound, None)) is not None:
            yield words.format(value)
    if regex := getattr(field, "regex", None):
        yield f"matches {code([regex.pattern])}"
    if (value := default(field)) is not None:
        yield f"by default {value}"
    if others := translations(model, name):
        yield f"translated in {code(others)}"
    if name in validators_of(model):
        yield f"checked by `{model.__name__}.validate_{name}`"


def validators_of(model: type[Model]) -> Collection[str]:
    """The fields that a method of the model checks."""
    found: Collection[str] = model._schema.validators  # noqa: SLF001 - it has no public name
    return found


def default(field: Any) -> str | None:
    """What the server writes if the field is not sent; None if that is nothing."""
    value = preset(field)
    if value is NOW:
        return "the moment of the request"
    if value is new_id:
        return "a new one"
    return code([str(value).lower() if isinstance(value, bool) else value]) if value is not None else None
