"""Between the catalogue and the models: which fields a model has, and what its validators are told."""

from __future__ import annotations

from ..domain.context import Ctx
from ..models.base import Model, Scope


def names(model: type[Model]) -> frozenset[str]:
    """The fields of a model."""
    return frozenset(model._schema.fields)  # noqa: SLF001 - where schematics keeps what a model declares


def scope_of(ctx: Ctx) -> Scope:
    """What validators may look at beside the data of the node in question."""
    return Scope(ctx.root, ctx.parent, ctx.now, ctx.env.zone, ctx.env.sandbox, ctx.procedure.rules)
