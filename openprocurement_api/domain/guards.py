"""Small guards and effects that every procedure composes: each says in its docstring what holds, or what it brings about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from .context import Ctx
from .refusal import Refusal
from .timing import moment
from .workflow import Doc, Effect, Guard

TENDER_OVER = frozenset({"complete", "cancelled", "unsuccessful"})
"""Statuses in which a tender, or one of its lots, has ended."""

LotOf = Callable[[Ctx], "str | None"]


def stamp(name: str) -> Effect:
    """Write the present moment into a field of the node."""

    def effect(ctx: Ctx) -> None:
        ctx.doc[name] = ctx.stamp

    effect.__doc__ = f"{name} is now"
    return effect


def put(name: str, value: object) -> Effect:
    """Write a value into a field of the node."""

    def effect(ctx: Ctx) -> None:
        ctx.doc[name] = value

    effect.__doc__ = f"{name} is {value}"
    return effect


def field_is(name: str, value: object) -> Guard:
    """The node has this value in this field."""

    def guard(ctx: Ctx) -> bool:
        return bool(ctx.doc.get(name) == value)

    guard.__doc__ = f"{name} is {value}"
    return guard


def has_lots(root: Doc) -> bool:
    """Whether the tender is divided into lots."""
    return bool(root.get("lots"))


def lots(root: Doc, status: str = "active") -> list[Doc]:
    """The tender's lots in one status."""
    return [lot for lot in root.get("lots", ()) if lot["status"] == status]


def lot_of(root: Doc, kind: str, related: str | None) -> str | None:
    """The lot that something about a lot or an item concerns; None if it concerns the whole tender."""
    if kind == "lot":
        return related
    if kind == "item":
        return next((i.get("relatedLot") for i in root.get("items", ()) if i.get("id") == related), None)
    return None


def in_active_lot(which: LotOf, thing: str) -> Guard:
    """The lot concerned is active, if a lot is concerned."""

    def guard(ctx: Ctx) -> Refusal | bool:
        lot_id = which(ctx)
        if lot_id is None or all(lot["status"] == "active" for lot in ctx.root.get("lots", ()) if lot["id"] == lot_id):
            return True
        return Refusal(f"Can {ctx.node.word(ctx.verb)} {thing} only in active lot status")

    guard.__doc__ = f"the {thing}'s lot is active"
    return guard


def author_only(ctx: Ctx) -> Refusal | bool:
    """only who added a document may change it"""
    author = ctx.doc.get("author", "tender_owner")
    return author in ctx.actors or Refusal("Can update document only author", "role", "url")


def within(period: Doc, ctx: Ctx) -> bool:
    """Whether the moment lies inside a period, open at the ends it does not name."""
    start, end = moment(period.get("startDate")), moment(period.get("endDate"))
    return not ((start and ctx.now < start) or (end and ctx.now > end))


def latest(moments: Iterable[str | None]) -> str | None:
    """The latest of some stored moments."""
    return max((m for m in moments if m), key=datetime.fromisoformat, default=None)
