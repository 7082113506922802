"""Models as JSON Schema (draft 2020-12): what a client may send, field by field; rules that compare fields stay words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schematics.types import BooleanType

from .base import NOW, Model
from .compound import ListType
from .types import MD5, URL, Email, Hash, Integer, IsoDateTime, Number, Scalar, String, new_id

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN: dict[type, Schema] = {
    Hash: {"type": "string", "pattern": "^[a-z0-9_-]+:[0-9a-fA-F]+$"},
    MD5: {"type": "string", "pattern": "^[0-9a-fA-F]{32}$"},
    URL: {"type": "string", "format": "uri"},
    Email: {"type": "string", "format": "email"},
    String: {"type": "string"},
    Integer: {"type": "integer"},
    Number: {"type": "number"},
    Scalar: {"type": ["string", "number", "boolean"]},
    IsoDateTime: {"type": "string", "format": "date-time"},
    BooleanType: {"type": "boolean"},
}
"""The schema of each type of field, the more special types first."""
BOUNDS = {
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_size": "minItems",
    "max_size": "maxItems",
    "min_value": "minimum",
    "max_value": "maximum",
}


def fields_of(model: type[Model]) -> dict[str, Any]:
    """The fields of a model by name."""
    found: dict[str, Any] = model._schema.fields  # noqa: SLF001 - where schematics keeps what a model declares
    return found


def part_of(field: Any) -> type[Model] | None:
    """The model inside a field, if there is one."""
    found: type[Model] | None = getattr(getattr(field, "field", field), "model_class", None)
    return found


def with_parts(models: Iterable[type[Model]]) -> list[type[Model]]:
    """Some models, then those that they are made of, each once."""
    found = list(dict.fromkeys(models))
    for model in found:  # grows on the way
        parts = map(part_of, fields_of(model).values())
        found += [part for part in dict.fromkeys(parts) if part is not None and part not in found]
    return found


def name_of(model: type[Model]) -> str:
    """The name of a model among those of all procedures.

    A procedure's own are named with its folder, and one that extends a namesake is named with its module.
    """
    *package, module = model.__module__.split(".")
    if package and package[0] != "openprocurement_api":
        return f"{package[-1]}.{model.__name__}"
    namesake = any(base.__name__ == model.__name__ for base in model.__mro__[1:])
    return f"{module}.{model.__name__}" if namesake else model.__name__


def definition(model: type[Model], prefix: str, *, shown: bool = False) -> Schema:
    """One model; `prefix` is where the definitions of its parts stand.

    `shown`: as answers have it, where everything may be left out and more may be added.
    """
    properties = {name: of_field(field, prefix, shown=shown) for name, field in fields_of(model).items()}
    schema: Schema = {"type": "object", "description": said(model), "properties": properties}
    if shown:
        return schema
    required = [name for name, field in fields_of(model).items() if field.required and default(field) is None]
    return schema | {"additionalProperties": False} | ({"required": required} if required else {})


def of_field(field: Any, prefix: str, *, shown: bool = False) -> Schema:
    """The schema of one field. What is stored may be older than a bound or a code list: answers are not held to these."""
    schema = shape(field, prefix)
    return schema if shown or "$ref" in schema else schema | dict(limits(field))


def shape(field: Any, prefix: str) -> Schema:
    """The type of a field; a part is a reference."""
    part = part_of(field)
    if isinstance(field, ListType) and part:
        return {"type": "array", "items": {"$ref": f"{prefix}{name_of(part)}"}}
    if part:
        return {"$ref": f"{prefix}{name_of(part)}"}
    if hasattr(field, "field"):
        return {"type": "array", "items": shape(field.field, prefix)}
    return next(plain for kind, plain in PLAIN.items() if isinstance(field, kind))


def limits(field: Any) -> Iterable[tuple[str, Any]]:
    """What must hold for the value of a field, apart from its type."""
    if field.choices:
        yield "enum", list(field.choices)
    for bound, keyword in BOUNDS.items():
        if (value := getattr(field, bound, None)) is not None:
            yield keyword, number(value)
    if regex := getattr(field, "regex", None):
        yield "pattern", regex.pattern
    if isinstance(value := default(field), str | bool):
        yield "default", value


def number(value: Any) -> int | float:
    """A bound as JSON has it."""
    return int(value) if value == int(value) else float(value)


def default(field: Any) -> Any:
    """What the server writes if the field is not sent; NOW and `new_id` stand for themselves, None for nothing."""
    value = field._default  # noqa: SLF001 - the public name calls functions
    return value if value is NOW or value is new_id or isinstance(value, str | bool) else None


def said(model: type[Model]) -> str:
    """What a model is, in one paragraph."""
    return " ".join((model.__doc__ or "").split())
