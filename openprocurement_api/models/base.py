"""What every model is built on, and the one way to check data against a model.

Conversion and validation happen in one pass over the data. The client learns of its errors in the steps of the wire contract:
first everything that cannot be read (unknown fields, wrong types), then every rule that is broken, all at once; the rules
that compare a field with others are applied to an object whose fields are all right in themselves.
Errors mirror the structure of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

import schematics.models
from schematics.common import NOT_NONE
from schematics.exceptions import CompoundError, ConversionError, DataError, FieldError
from schematics.undefined import Undefined
from schematics.validate import get_validation_context

from ..errors import Invalid, Problem

ROGUE = "Rogue field"
REQUIRED = "This field is required."
MAX_REFUSED = 100
"""Elements of a list, and unknown fields of an object, whose errors are told; the rest of the list is not looked into then."""

NOW: Any = object()
"""As a field's default: the moment of the request."""


def plainly(start: datetime, days: Any) -> datetime:
    """A moment some days after another, whatever days these are."""
    return start + timedelta(days=days.count)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rules of a model may look at beside the data itself.

    `root` is the whole tender (plan, contract ...) as it will be after the write, plain JSON; for a node that is being created
    it may be as wrong as the request. `parent` is the node that the checked one lives in, None for the root. `now` is aware;
    `tz` is the zone of dates without an offset. `sandbox` allows the fields of a training installation. `rules` is the rule
    set of the procedure, `reckon` its way to count a number of days from a moment. `lenient`: the model has said that the data
    is not held against the rest of the tender.
    """

    root: dict[str, Any]
    parent: dict[str, Any] | None
    now: datetime
    tz: ZoneInfo
    sandbox: bool = False
    rules: Any = None
    reckon: Callable[[datetime, Any], datetime] = plainly
    lenient: bool = False


def scope(context: Any) -> Scope:
    """The scope inside a validator, from the context that schematics hands it."""
    return cast("Scope", context.app_data)


class Unreadable(Invalid):
    """The data cannot be read as their model wants them: a field is unknown, or of another type. Rules were not asked."""


class Model(schematics.models.Model):
    """A JSON object: fields, and validators `validate_<field>(cls, data, value, context)` that run when no field was refused.

    `data` in a validator holds the converted fields (datetime, Decimal, dict, list), None for absent ones.
    """

    TRAINING: ClassVar[frozenset[str]] = frozenset()
    """Fields that exist only in a training installation."""

    CALLED: ClassVar[str] = ""
    """What the model, and one that extends it, is called in messages; by itself a model goes by the name of its class."""

    @classmethod
    def called(cls) -> str:
        """The name of the model in messages: that of the wire contract."""
        return cls.CALLED or cls.__name__

    @classmethod
    def is_lenient(cls, _raw: Mapping[str, Any]) -> bool:
        """Whether data like this is not held against the rest of the tender."""
        return False

    class Options:
        export_level = NOT_NONE


def check(model: type[Model], raw: object, scope: Scope) -> dict[str, Any]:
    """Convert and validate `raw`, decoded JSON with numbers as int, float or Decimal; the result is plain JSON again.

    Defaults are filled in, None is left out. Raises `Invalid` with one problem a top-level field, `Unreadable` for what cannot
    be read.
    """
    if not isinstance(raw, dict):
        raise Invalid(Problem("body", "data", "Data not available"))
    try:
        held = replace(scope, lenient=model.is_lenient(raw))
        data = load(model, raw, get_validation_context(strict=True, app_data=held))
    except DataError as error:
        raise refusal(error) from None
    return cast("dict[str, Any]", primitive(data))


def read(model: type[Model], raw: Mapping[str, Any], scope: Scope) -> None:
    """Raises `Unreadable` for what the model cannot read in `raw`; rules, also that a field is required, are not applied."""
    try:
        load(model, raw, get_validation_context(strict=True, app_data=scope))
    except DataError as error:
        if unreadable(error.errors) is not None:
            raise refusal(error) from None


def refusal(error: DataError) -> Invalid:
    """The errors as items of the envelope: what cannot be read, if there is such a thing, else the broken rules."""
    first = unreadable(error.errors)
    if first is None:
        return Invalid(*(Problem("body", name, mirror(what)) for name, what in error.to_primitive().items()))
    found = DataError(first).to_primitive()
    return Unreadable(*(Problem("body", name, bare(what)) for name, what in found.items()))


def unreadable(error: Any) -> Any:
    """The part of some errors that says the data cannot be read; None if they only name broken rules."""
    if isinstance(error, Mapping):
        parts = {key: unreadable(item) for key, item in error.items()}
        return {key: part for key, part in parts.items() if part is not None} or None
    if isinstance(error, CompoundError):
        return unreadable(error.errors)
    if error == ROGUE:
        return error
    return error if isinstance(error, ConversionError) and error.to_primitive() != [REQUIRED] else None


def bare(errors: Any) -> Any:
    """The errors of the first unreadable element stand for its list, as they always have in the wire contract."""
    if not isinstance(errors, dict):
        return errors
    if all(isinstance(key, int) for key in errors):
        return bare(errors[min(errors)])
    return {key: bare(error) for key, error in errors.items()}


def load(model: type[Model], raw: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """The fields of `raw` as Python values, converted and validated; raises DataError with everything that is wrong."""
    schema = model._schema  # noqa: SLF001 - where schematics keeps what a model declares
    fields, awaited = fields_but(schema, frozenset() if scope(context).sandbox else model.TRAINING), awaited_in(schema)
    data: dict[str, Any] = dict.fromkeys(fields)
    errors: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in raw and name not in awaited:
            continue
        value = raw[name] if name in raw else initial(field, context)
        try:
            data[name] = accepted(field, value, context)
        except (FieldError, CompoundError) as error:
            errors[name] = error
    errors |= dict.fromkeys(islice((name for name in raw if name not in fields), MAX_REFUSED), ROGUE)
    if errors or (errors := broken(model, data, context)):
        raise DataError(errors)
    return data


def accepted(field: Any, value: Any, context: Any) -> Any:
    """The value of one field, converted and validated; raises FieldError or CompoundError."""
    if value is None:
        field.check_required(value, context)
        return None
    return field.validate(value, context)


@cache
def fields_but(schema: Any, hidden: frozenset[str]) -> dict[str, Any]:
    """The fields of a schema by name, without those that do not exist here."""
    return {name: field for name, field in schema.fields.items() if name not in hidden}


@cache
def awaited_in(schema: Any) -> frozenset[str]:
    """The fields of a schema that matter also when they were not sent: those that are required or have a default."""
    return frozenset(name for name, field in schema.fields.items() if field.required or has_default(field))


def has_default(field: Any) -> bool:
    """Whether there is something to write if a field was not sent."""
    return field._default is not Undefined  # noqa: SLF001 - the public name calls functions


def broken(model: type[Model], data: dict[str, Any], context: Any) -> dict[str, Any]:
    """What the validators of a model have against its fields."""
    errors: dict[str, Any] = {}
    for name, validator in model._schema.validators.items():  # noqa: SLF001 - where schematics keeps what a model declares
        try:
            validator(model, data, data[name], context)
        except (FieldError, CompoundError) as error:
            errors[name] = error
    return errors


def initial(field: Any, context: Any) -> Any:
    """The value of a field that the client did not send."""
    value = field.default
    if value is Undefined:
        return None
    return scope(context).now if value is NOW else value


def primitive(value: Any) -> Any:
    """Python values as plain JSON; None is left out of objects."""
    if isinstance(value, dict):
        return {key: primitive(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [primitive(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, datetime) else value


def mirror(errors: Any) -> Any:
    """Errors of a list, which schematics keys by index, as a list: in the wire contract it has the wrong elements only."""
    if not isinstance(errors, dict):
        return errors
    if errors and all(isinstance(key, int) for key in errors):
        return [mirror(errors[index]) for index in sorted(errors)]
    return {key: mirror(error) for key, error in errors.items()}
