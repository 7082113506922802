"""The second stage of a dialogue: opened by a bridge for the buyer of the first, to the firms that took part in that one."""

from __future__ import annotations

from dataclasses import replace

from ..domain.actors import BIDDER, Actor
from ..domain.context import Ctx
from ..domain.guards import has_lots, lot_of
from ..domain.node import WORDS, Node
from ..domain.procedure import Operation
from ..domain.refusal import Refusal
from ..domain.timing import moment, shifted
from ..domain.workflow import ADD, DELETE, UPDATE, Guard
from .dialogue import firm
from .question import lot_of_question

DRAFT = "draft.stage2"
HEIR = Actor("dialogue_owner")
"""The platform that announced the first stage, showing the token of that one."""
TOKEN = "dialogue_token"  # noqa: S105 - the name of a field


# --- who is invited


def shortlisted(ctx: Ctx, who: tuple[str, str], lots: set[str]) -> bool:
    """Whether a firm took part in the first stage, and may bid for these lots."""
    firms = (each for each in ctx.root["shortlistedFirms"] if firm(each) == who)
    return any(lots <= {lot["id"] for lot in each.get("lots", ())} for each in firms)


def firm_invited(ctx: Ctx) -> Refusal | bool:
    """only firms of the shortlist bid, for the lots for which they passed the first stage"""
    if ctx.verb == UPDATE and BIDDER not in ctx.actors:
        return True
    lots = {offer["relatedLot"] for offer in ctx.doc.get("lotValues", ())}
    return all(shortlisted(ctx, firm(each), lots) for each in ctx.doc["tenderers"]) or Refusal("Firm can't create bid")


def author_invited(ctx: Ctx) -> Refusal | bool:
    """only firms of the shortlist ask and complain, about the tender or the lots for which they passed the first stage"""
    lot_id = lot_of_question(ctx) if "questionOf" in ctx.doc else lot_of(ctx.root, "lot", ctx.doc.get("relatedLot"))
    lots = {lot_id} if lot_id and has_lots(ctx.root) else set()
    if shortlisted(ctx, firm(ctx.doc["author"]), lots):
        return True
    return Refusal(f"Author can't create {ctx.node.name}", "author")


def guarded(node: Node, guard: Guard, *verbs: object) -> Node:
    """The same kind of resource, where something must hold besides, and before anything else."""
    steps = {verb: node.step(verb) for verb in (ADD, UPDATE, DELETE) if verb in verbs}
    return node.but(steps=node.steps | {verb: replace(step, guards=(guard, *step.guards)) for verb, step in steps.items()})


# --- what stays as the first stage has it


def lots_stand(ctx: Ctx) -> Refusal:
    """lots are those of the first stage"""
    word = "create" if ctx.verb == ADD else WORDS[ctx.verb]
    return Refusal(f"Can't {word} lot for tender stage2")


def standing(lots: Node) -> Node:
    """Lots that nobody changes by hand."""
    steps = {verb: replace(lots.step(verb), first=(lots_stand,)) for verb in (ADD, UPDATE, DELETE)}
    return lots.but(steps=lots.steps | steps)


def keep_items(ctx: Ctx) -> None:
    """of what is bought only the time of delivery may change"""
    old, new = (ctx.before or {}).get("items", []), ctx.doc["items"]
    dates = [item.get("deliveryDate") for item in new] + [None] * len(old)
    ctx.doc["items"] = [item | ({"deliveryDate": date} if date else {}) for item, date in zip(old, dates, strict=False)]


# --- the time for bids


def give_time(ctx: Ctx) -> None:
    """bids are made from now on, for as long as the law asks for"""
    end = shifted(ctx.now, ctx.procedure.rules.least_tendering, ctx)
    ctx.doc["tenderPeriod"] = {"startDate": ctx.stamp, "endDate": end.isoformat()}


def begin_now(ctx: Ctx) -> None:
    """the time for bids begins now, and is as long as the law asks for at least"""
    named = moment(ctx.doc["tenderPeriod"]["endDate"])
    give_time(ctx)
    least = moment(ctx.doc["tenderPeriod"]["endDate"])
    if named and least and named > least:
        ctx.doc["tenderPeriod"]["endDate"] = named.isoformat()


# --- the buyer takes it over


def to_be_taken_over(ctx: Ctx) -> Refusal | bool:
    """the buyer's platform gets its token before the second stage begins"""
    status = ctx.root["status"]
    return status == DRAFT or Refusal(f"Can't generate credentials in current ({status}) contract status")


TAKE_OVER = Operation("take over", "PATCH", "credentials", frozenset({HEIR}), guards=(to_be_taken_over,), endows=True)
