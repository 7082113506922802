"""Warnings: what speaks against a change that was made all the same, told beside the data of the answer (ADR 15)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ..domain.context import Ctx
from ..domain.node import Node
from ..domain.workflow import Doc, objection
from ..errors import Problem


def told(ctx: Ctx) -> Doc:
    """The member `warnings` of the answer to a change of a resource: one for each caution of it, or of what it holds."""
    found = [problem.asdict() for problem in doubts(ctx)]
    return {"warnings": found} if found else {}


@cache
def cautious(node: Node) -> bool:
    """Whether a kind of node has cautions, or anything below it."""
    return bool(node.cautions) or any(map(cautious, node.children))


def doubts(ctx: Ctx) -> Iterator[Problem]:
    """What the cautions of a resource, and of everything below it, object to."""
    for here in ctx.procedure.walk(ctx, cautious):
        for caution in here.node.cautions:
            if (doubt := objection((caution,), here)) is not None:
                yield Problem(doubt.location, doubt.name, doubt.description)
