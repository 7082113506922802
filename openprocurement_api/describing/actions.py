"""What a caller may do now with a node: its edits, its moves, what may be added below it; and why not, for what is closed.

The verdicts are those of the rules themselves, asked without a body. A rule that depends on what would be sent has no objection
yet: what is open here may still be refused for its content.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..domain.actors import AUTO, CASCADE, CLOCK
from ..domain.context import Ctx
from ..domain.node import Node
from ..domain.procedure import Operation
from ..domain.refusal import FORBIDDEN, NO_ROLE, Refusal
from ..domain.workflow import ADD, DELETE, UPDATE, Doc, Guard, Transition, Verb, objection, sentence

Bar = Callable[[Ctx, Node], "Refusal | None"]
"""What stands in a caller's way that the procedure does not know, such as the accreditation of a platform."""
NO_FIELDS = Refusal("Nothing of it can be changed in its present state, but for its status where a move is open")


def available(ctx: Ctx, path: str, bar: Bar) -> Doc:
    """The actions on the context's node; `path` are the plurals that lead to it, "" for the root."""
    ctx = replace(ctx, before=dict(ctx.doc))
    told: Doc = {"edit": edit(ctx, path), "moves": [move for t in moves(ctx) if (move := moving(ctx, path, t))]}
    if path:
        told["delete"] = verdict(barred(replace(ctx, verb=DELETE), ctx.node, path))
    told["add"] = {child.plural: adding(ctx, child, f"{path}/{child.plural}".strip("/"), bar) for child in ctx.node.children}
    if not path:
        told["operations"] = [operating(ctx, operation) for operation in ctx.procedure.operations]
    return told


def verdict(refusal: Refusal | None) -> Doc:
    """Open, or closed with the reason."""
    return {"open": True} if refusal is None else {"open": False, "reason": refusal.description}


def edit(ctx: Ctx, path: str) -> Doc:
    """Whether anything of the node may be changed, and which fields."""
    if (refusal := barred(ctx, ctx.node, path)) is not None:
        return verdict(refusal)
    editable = ctx.node.editable(ctx)
    if isinstance(editable, Refusal):
        return verdict(only(ctx, path, UPDATE))
    fields = sorted(editable - {"status"})
    return verdict(None) | {"fields": fields} if fields else verdict(NO_FIELDS)


def barred(ctx: Ctx, node: Node, path: str) -> Refusal | None:
    """What the states above, and the node's own rules, have against the context's verb."""
    if not ctx.procedure.permitted(path, ctx.verb, ctx.actors):
        return only(ctx, path, ctx.verb)
    if path and (refusal := closed(ctx, node, path)) is not None:
        return refusal
    return unless_content(ctx.node.step(ctx.verb).guards, ctx)


def closed(ctx: Ctx, node: Node, path: str) -> Refusal | None:
    """What the present states have against it."""
    try:
        return ctx.procedure.closed(ctx, node, path)
    except LookupError:
        return None


def unless_sent(guards: Sequence[Guard], ctx: Ctx) -> Doc:
    """The verdict of a move's guards; `needs` is what must be so, which the request that makes the move may yet bring about."""
    for guard in guards:
        if (refusal := unless_content((guard,), ctx)) is not None:
            return verdict(refusal) | {"needs": sentence(guard)}
    return verdict(None)


def unless_content(guards: Sequence[Guard], ctx: Ctx) -> Refusal | None:
    """The first objection of some guards; one that looks for content that is not there yet has none."""
    for guard in guards:
        try:
            refusal = objection((guard,), ctx)
        except LookupError:
            continue
        if refusal is not None:
            return refusal
    return None


def only(ctx: Ctx, path: str, verb: Verb) -> Refusal:
    """The refusal of a caller who has no part in it, with those who have."""
    able = sorted(ctx.procedure.able(path, verb))
    return Refusal(f"{FORBIDDEN.description}: only {', '.join(able)}") if able else FORBIDDEN


def moves(ctx: Ctx) -> tuple[Transition, ...]:
    """The ways out of the node's present state."""
    return ctx.node.workflow.exits(ctx.doc["status"]) if ctx.node.workflow else ()


def moving(ctx: Ctx, path: str, transition: Transition) -> Doc | None:
    """One move: who makes it, and whether the caller can now. What the engine does by itself is nobody's action."""
    if transition.actor in (AUTO, CASCADE):
        return None
    told: Doc = {"to": transition.target, "actor": transition.actor}
    if transition.actor == CLOCK:
        when = transition.at and transition.at(ctx)
        return told | {"open": False, "reason": "Time makes this move"} | ({"at": when.isoformat()} if when else {})
    if ctx.node.workflow and ctx.actors & ctx.node.workflow.overrides:
        return told | verdict(None)
    asked = replace(ctx, wish={"status": transition.target})
    if (refusal := unmoved(asked, path, transition)) is not None:
        return told | verdict(refusal)
    return told | unless_sent(transition.guards, asked)


def unmoved(ctx: Ctx, path: str, transition: Transition) -> Refusal | None:
    """What keeps the caller from a move, apart from the move's own guards."""
    if transition.actor not in ctx.actors:
        return Refusal(f"{NO_ROLE.description}: only {transition.actor}")
    if (refusal := barred(ctx, ctx.node, path)) is not None:
        return refusal
    editable = ctx.node.editable(ctx)
    return editable if isinstance(editable, Refusal) else None


def adding(ctx: Ctx, child: Node, path: str, bar: Bar) -> Doc:
    """Whether the caller may add an item to a collection below the node."""
    above = replace(ctx, verb=ADD)
    if not ctx.procedure.permitted(path, ADD, ctx.actors):
        return verdict(only(ctx, path, ADD))
    new = replace(above, chain=(*ctx.chain, (child, {})), wish={})
    if (refusal := bar(above, child)) is None and (refusal := closed(above, child, path)) is None:
        refusal = unless_content(child.step(ADD).guards, new)
    return verdict(refusal)


def operating(ctx: Ctx, operation: Operation) -> Doc:
    """Whether the caller may carry out an operation."""
    told = {"name": operation.name, "method": operation.method, "path": operation.path}
    if not ctx.actors & operation.actors:
        return told | verdict(Refusal(f"{FORBIDDEN.description}: only {', '.join(sorted(operation.actors))}"))
    return told | verdict(unless_content(operation.guards, replace(ctx, wish={})))
