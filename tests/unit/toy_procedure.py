"""A procedure small enough to keep in mind: a sale that opens, takes offers until it closes, and then is sold or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from openprocurement_api.domain.actors import AUTO, BROKER, CASCADE, CLOCK, OWNER, Actor
from openprocurement_api.domain.context import Ctx, Env
from openprocurement_api.domain.node import Node, Step
from openprocurement_api.domain.procedure import Operation, Procedure
from openprocurement_api.domain.refusal import Refusal
from openprocurement_api.domain.timing import at, moment
from openprocurement_api.domain.workflow import ADD, EDIT, UPDATE, Doc, State, Transition, Veil, Verb, Workflow

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=KYIV)
NO_MORE = Refusal("the shop is closed")


def some_offer(ctx: Ctx) -> bool:
    """somebody made an offer"""
    return any(offer["status"] == "made" for offer in ctx.root.get("offers", ()))


def no_offer(ctx: Ctx) -> bool:
    """nobody made an offer"""
    return not some_offer(ctx)


def expire_offers(ctx: Ctx) -> None:
    """offers that stand expire"""
    for offer in ctx.whole.below("offers"):
        if offer.doc["status"] == "made":
            offer.move("expired")


def own_end(ctx: Ctx) -> datetime | None:
    """the offer's own end"""
    return moment(ctx.doc.get("until"))


def count_offers(ctx: Ctx) -> None:
    """count is how many offers stand"""
    ctx.root["count"] = sum(offer["status"] == "made" for offer in ctx.root.get("offers", ()))


def polite(ctx: Ctx) -> Refusal | bool:
    """the offer is polite"""
    return ctx.doc.get("words") != "rude" or NO_MORE


NOTE = Node("note", "notes", None, accepts=frozenset({"text"}), edits={OWNER: frozenset({"text"})})
OFFER = Node(
    "offer",
    "offers",
    None,
    workflow=Workflow(
        "offer",
        (
            State("made", opens={OWNER: {"notes": ADD}}),
            State("taken_back", final=True),
            State("expired", final=True),
        ),
        (
            Transition(None, "made", BROKER),
            Transition("made", "expired", CLOCK, at=own_end),
            Transition("made", "expired", CASCADE),
            Transition("made", "taken_back", BROKER, guards=(polite,)),
        ),
    ),
    children=(NOTE,),
    steps={ADD: Step(guards=(polite,))},
    words={ADD: "make"},
)
ROOT = Node(
    "sale",
    "sales",
    None,
    workflow=Workflow(
        "sale",
        (
            State(
                "open",
                edits={OWNER: frozenset({"title"})},
                opens={BROKER: {"offers": EDIT}},
                hides=(Veil("", frozenset({"offers"})),),
            ),
            State("closed", opens={OWNER: {"offers/notes": ADD}}, timers=(at("reminder"),)),
            State("sold", final=True),
            State("unsold", final=True, shows=frozenset({"id"})),
        ),
        (
            Transition(None, "open", OWNER),
            Transition("open", "closed", CLOCK, at=at("closes")),
            Transition("closed", "sold", OWNER, guards=(some_offer,), effects=(expire_offers,)),
            Transition("closed", "unsold", AUTO, guards=(no_offer,)),
        ),
    ),
    children=(OFFER,),
)
SALE = Procedure(
    "sale",
    "A sale",
    ROOT,
    rules=None,
    derive=(count_offers,),
    operations=(Operation("ring", "POST", "bell", frozenset({OWNER, BROKER})),),
)


def sale(status: str = "open", **fields: Any) -> Doc:
    """A stored sale."""
    return {"id": "1", "status": status, **fields}


def offer(status: str = "made", **fields: Any) -> Doc:
    """A stored offer."""
    return {"id": "2", "status": status, **fields}


def ctx(
    doc: Doc,
    *actors: Actor,
    now: datetime = NOW,
    verb: Verb = UPDATE,
    procedure: Procedure = SALE,
    sandbox: bool = False,
) -> Ctx:
    """The context of a root document."""
    return Ctx(procedure, ((procedure.root, doc),), frozenset(actors), now, Env(KYIV, sandbox=sandbox), verb)


def later(**span: float) -> str:
    """A stored moment after NOW."""
    return (NOW + timedelta(**span)).isoformat()
