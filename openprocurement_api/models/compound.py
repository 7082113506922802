"""Fields that hold other objects, and what is said about several fields or elements at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import schematics.types
from schematics.exceptions import BaseError, CompoundError, ConversionError, ValidationError

from ..errors import Invalid, Problem
from .base import MAX_REFUSED, Model, Unreadable, accepted, load
from .numbers import Number
from .text import String, kind

M = TypeVar("M", bound=Model)

LANGUAGES = ("en", "ru")
MAX_ELEMENTS = 1000
"""Elements of a list that says nothing else."""


class ModelType(schematics.types.ModelType):
    """A JSON object inside another."""

    MESSAGES: ClassVar = {"mapping": "Please use a mapping for this field or {0} instance instead of {1}."}

    def convert(self, value: Any, context: Any = None) -> dict[str, Any]:
        return load(self.model_class, self.mapping(value), context)

    def mapping(self, value: Any) -> dict[str, Any]:
        """The value, if it is an object; raises ConversionError."""
        if not isinstance(value, dict):
            raise ConversionError(self.messages["mapping"].format(self.model_class.called(), kind(value)))
        return value


class ListType(schematics.types.ListType):
    """A list of JSON objects. A long one with more than `max_size` elements is refused without a look at them."""

    def __init__(self, model: type[Model], *, max_size: int = MAX_ELEMENTS, **options: Any) -> None:
        super().__init__(ModelType(model, required=True), max_size=max_size, **options)

    def convert(self, value: Any, context: Any = None) -> list[Any]:
        elements, converted, errors = self.listed(value), [], {}
        if len(elements) > MAX_REFUSED:
            self.check_length(elements, context)
        for index, element in enumerate(elements):
            try:
                converted.append(accepted(self.field, element, context))
            except BaseError as error:
                errors[index] = error
                if len(errors) == MAX_REFUSED:
                    break
        if errors:
            raise CompoundError(errors)
        return converted

    def listed(self, value: Any) -> list[Any]:
        """The value as a list: what is none counts as a list of one. Raises ConversionError for an object."""
        if isinstance(value, dict):
            raise ConversionError("Please use a list for this field instead of dict.")
        return value if isinstance(value, list) else [value]


class Numbers(ListType):
    """A list of numbers."""

    def __init__(self, number: Number, *, max_size: int = MAX_ELEMENTS, **options: Any) -> None:
        super(ListType, self).__init__(number, max_size=max_size, **options)


def objects(model: type[Model], name: str, value: Any) -> list[dict[str, Any]]:
    """The objects in the list that was sent as the field `name`, before their model reads them. Raises Invalid."""
    field = ListType(model)
    try:
        elements = field.listed(value)
        field.check_length(elements, None)
        return [field.field.mapping(element) for element in elements]
    except ConversionError as error:
        raise Unreadable(Problem("body", name, error.to_primitive())) from None
    except ValidationError as error:
        raise Invalid(Problem("body", name, error.to_primitive())) from None


def translated(*names: str) -> Callable[[type[M]], type[M]]:
    """Give a model the optional companions of its texts: `title` gets `title_en` and `title_ru`."""

    def add(model: type[M]) -> type[M]:
        for name in (f"{name}_{language}" for name in names for language in LANGUAGES):
            model._append_field(name, String())  # noqa: SLF001 - the way schematics adds a field to a model
        return model

    return add


def without(*names: str) -> Callable[[type[M]], type[M]]:
    """Take fields of its bases, and what is said about them, out of a model."""

    def drop(model: type[M]) -> type[M]:
        for name in names:
            model._schema.fields.pop(name)  # noqa: SLF001 - where schematics keeps what a model declares
            model._schema.validators.pop(name, None)  # noqa: SLF001
        return model

    return drop


def unique(message: str, key: str = "id") -> Callable[[list[dict[str, Any]]], None]:
    """A validator of lists: no two elements share the value of `key`."""

    def validate(elements: list[dict[str, Any]]) -> None:
        if len({element[key] for element in elements}) != len(elements):
            raise ValidationError(message)

    return validate
