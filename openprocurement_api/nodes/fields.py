"""Between the catalogue and the models: which fields a model has, and what its validators are told."""

from __future__ import annotations

from functools import cache

from ..domain.context import Ctx
from ..domain.timing import shifted
from ..models.base import Model, Scope, check


@cache
def names(model: type[Model]) -> frozenset[str]:
    """The fields of a model."""
    return frozenset(model._schema.fields)  # noqa: SLF001 - where schematics keeps what a model declares


@cache
def defaults(model: type[Model]) -> dict[str, bool | str]:
    """The fields of a model that have a plain default, with it."""
    fields = model._schema.fields  # noqa: SLF001 - where schematics keeps what a model declares
    return {name: field.default for name, field in fields.items() if isinstance(field.default, bool | str)}


def scope_of(ctx: Ctx) -> Scope:
    """What validators may look at beside the data of the node in question."""
    return Scope(
        ctx.root,
        ctx.parent,
        ctx.now,
        ctx.env.zone,
        ctx.env.sandbox,
        ctx.procedure.rules,
        lambda start, days: shifted(start, days, ctx),
    )


def stay_valid(ctx: Ctx) -> None:
    """the node's own fields, with what was filled in, are valid; raises Invalid"""
    known = names(ctx.node.model)
    check(ctx.node.model, {name: value for name, value in ctx.doc.items() if name in known}, scope_of(ctx))
