"""Complaints that a body outside the procurement decides, and the claims that may come before them.

A claim is for the buyer to answer; who is not satisfied takes it to the review body, or complains there at once. The body
accepts a complaint and decides it, or turns it away; who filed it may ask to stop. What is complained of (the tender, an
award, a qualification) says in a `Filing` when that may be done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..domain.actors import AUTO, BODY, BROKER, COMPLAINANT, OWNER
from ..domain.context import Ctx
from ..domain.guards import author_only, field_is, put, stamp
from ..domain.node import SECRETS, Node, Step
from ..domain.refusal import NO_ROLE, Refusal
from ..domain.workflow import ADD, EDIT, UPDATE, Effect, Guard, State, Transition, Workflow, objection
from ..models.complaint import ReviewedComplaint
from .complaint import (
    ANSWER,
    CANT,
    DRAFT,
    NOTED,
    RESOLUTIONS,
    WITHDRAWAL,
    number,
    resolution_given,
    tender_or_lot_over,
)  # fmt: skip
from .document import AUTHORED

CLOSED = frozenset({"invalid", "mistaken", "declined", "resolved", "cancelled", "stopped"})


@dataclass(frozen=True, slots=True)
class Filing:
    """What must hold for claims and complaints about one kind of thing.

    write: a draft is gone on with, or a claim escalated. claim, complain: a claim, or a complaint, is filed. answer: the buyer
    answers a claim. over: answers stand, though nobody said whether they satisfy.
    """

    write: tuple[Guard, ...] = ()
    claim: tuple[Guard, ...] = ()
    complain: tuple[Guard, ...] = ()
    answer: tuple[Guard, ...] = ()
    over: Guard = tender_or_lot_over


# --- who may do what


def wanted(ctx: Ctx) -> str:
    """The status the caller asks for; the present one if it asks for none."""
    return str((ctx.wish or {}).get("status", ctx.doc["status"]))


def has_part(ctx: Ctx) -> Refusal | bool:
    """who filed a complaint may only withdraw it, or escalate a claim, while others have it; nobody changes a closed one"""
    status, target = ctx.doc["status"], wanted(ctx)
    mine = COMPLAINANT in ctx.actors
    if status in CLOSED:
        return Refusal(f"Can't update complaint in current ({status}) status") if mine and target == "cancelled" else NO_ROLE
    if not mine or status in ("draft", "answered") or target == "stopping":
        return True
    if status == "claim":
        return target != status or CANT
    return CANT if target == "cancelled" else NO_ROLE


def in_time(filing: Filing) -> Guard:
    """Guard factory: drafts are gone on with, claims answered and escalated in their time."""

    def guard(ctx: Ctx) -> Refusal | bool:
        status, target = ctx.doc["status"], wanted(ctx)
        writes = target == "pending" or (status == "draft" and target != "cancelled")
        must: tuple[Guard, ...] = ()
        if COMPLAINANT in ctx.actors and writes:
            must = filing.write
        elif status == "claim" and OWNER in ctx.actors:
            must = filing.answer
        refusal = objection(must, ctx)
        return True if refusal is None else refusal

    guard.__doc__ = "drafts are finished, and claims answered and escalated, in time"
    return guard


def satisfied(ctx: Ctx) -> Refusal | bool:
    """the answer satisfies who filed the claim"""
    return ctx.doc.get("satisfied") is True or CANT


def dissatisfied(ctx: Ctx) -> Refusal | bool:
    """the answer does not satisfy who filed the claim"""
    return ctx.doc.get("satisfied") is False or CANT


def action_told(ctx: Ctx) -> Refusal | bool:
    """the buyer said what it did to satisfy the complaint"""
    return bool(ctx.doc.get("tendererAction")) or CANT


def keep_cancellation_date(ctx: Ctx) -> None:
    """dateCanceled is when it was asked to stop, now if it was not"""
    ctx.doc.setdefault("dateCanceled", ctx.stamp)


# --- the machine

WITHDRAWN = (stamp("dateCanceled"),)
COMPLAIN: tuple[Effect, ...] = (put("type", "complaint"), stamp("dateSubmitted"))
TURNED_AWAY: tuple[Effect, ...] = (stamp("dateDecision"), put("acceptance", value=False))
DECISION = frozenset({"decision", "status"})
REASON = frozenset({"rejectReason", "rejectReasonDescription"})
SESSION = frozenset({"reviewDate", "reviewPlace"})
ACTION = frozenset({"tendererAction"})
REVIEWERS = {BODY: {"documents": EDIT}}


def states(*, claims: bool) -> Iterator[State]:
    """The statuses of a complaint; those of a claim too, if there are such."""
    mine, buyers = {COMPLAINANT: {"documents": EDIT}}, {OWNER: {"documents": EDIT}}
    yield State("draft", "Being written", edits={COMPLAINANT: DRAFT | WITHDRAWAL}, opens=mine)
    if claims:
        waits = {OWNER: ANSWER, COMPLAINANT: WITHDRAWAL}
        yield State("claim", "Waits for the buyer's answer", edits=waits, opens=buyers)
        answered = {COMPLAINANT: WITHDRAWAL | {"satisfied"}}
        yield State("answered", "Answered; who filed it says whether that settles it", edits=answered, opens=mine)
    waits = {OWNER: ACTION, COMPLAINANT: WITHDRAWAL}
    yield State("pending", "Before the review body", edits=waits | {BODY: DECISION | REASON}, opens=REVIEWERS)
    yield State("accepted", "The review body considers it", edits=waits | {BODY: DECISION | SESSION}, opens=REVIEWERS)
    yield State("stopping", "Who filed it asks to stop", edits={BODY: DECISION | SESSION}, opens=REVIEWERS)
    yield State("satisfied", "Upheld; the buyer has to act on it", edits={OWNER: ACTION | {"status"}})
    yield State("resolved", "Settled", final=True)
    yield State("declined", "Turned down", final=True)
    yield State("invalid", "Not admissible", final=True)
    yield State("mistaken", "Filed by mistake", final=True)
    yield State("stopped", "Stopped at the wish of who filed it", final=True)
    yield State("cancelled", "Withdrawn before the review body had it", final=True)


def complaint_moves(filing: Filing, upheld: tuple[Effect, ...]) -> Iterator[Transition]:
    """The life of a complaint; `upheld` is what follows when the review body satisfies it."""
    yield Transition(None, "draft", BROKER)
    yield Transition(None, "pending", BROKER, guards=filing.complain, effects=COMPLAIN)
    yield Transition("draft", "pending", COMPLAINANT, guards=filing.complain, effects=COMPLAIN)
    yield Transition("draft", "cancelled", COMPLAINANT, effects=WITHDRAWN)
    for status in ("pending", "accepted"):
        yield Transition(status, "stopping", COMPLAINANT, effects=WITHDRAWN)
    yield Transition("pending", "accepted", BODY, effects=(stamp("dateAccepted"), put("acceptance", value=True)))
    for status in ("pending", "stopping"):
        for target in ("invalid", "mistaken"):
            yield Transition(status, target, BODY, effects=TURNED_AWAY)
    for status in ("accepted", "stopping"):
        yield Transition(status, "declined", BODY, effects=(stamp("dateDecision"),))
        yield Transition(status, "satisfied", BODY, effects=(stamp("dateDecision"), *upheld))
    for status in ("pending", "accepted", "stopping"):
        yield Transition(status, "stopped", BODY, effects=(stamp("dateDecision"), keep_cancellation_date))
    yield Transition("satisfied", "resolved", OWNER, guards=(action_told,))


def claim_moves(filing: Filing) -> Iterator[Transition]:
    """The life of a claim, until it is settled or becomes a complaint."""
    yield Transition(None, "claim", BROKER, guards=filing.claim, effects=(stamp("dateSubmitted"),))
    yield Transition("draft", "claim", COMPLAINANT, guards=filing.claim, effects=(stamp("dateSubmitted"),))
    yield Transition("claim", "pending", COMPLAINANT, guards=filing.complain, effects=COMPLAIN)
    yield Transition("claim", "answered", OWNER, guards=(resolution_given,), effects=(stamp("dateAnswered"),))
    yield Transition("answered", "resolved", COMPLAINANT, guards=(satisfied,))
    escalated = (put("type", "complaint"), stamp("dateEscalated"))
    yield Transition("answered", "pending", COMPLAINANT, guards=(dissatisfied, *filing.complain), effects=escalated)
    for status in ("claim", "answered"):
        yield Transition(status, "cancelled", COMPLAINANT, effects=WITHDRAWN)
    for resolution in RESOLUTIONS:
        yield Transition("answered", resolution, AUTO, guards=(filing.over, field_is("resolutionType", resolution)))


def review(
    filing: Filing,
    *,
    claims: bool = True,
    upheld: tuple[Effect, ...] = (),
    adding: tuple[Guard, ...] = (),
    updating: tuple[Guard, ...] = (),
    documenting: tuple[Guard, ...] = (),
    noting: tuple[Effect, ...] = (),
) -> Node:
    """Complaints about one kind of thing.

    claims: whether they may begin as claims to the buyer. upheld: what follows when the review body satisfies one. adding,
    updating, documenting: what must hold besides. noting: what is written down of a new one.
    """
    moves = (*complaint_moves(filing, upheld), *(claim_moves(filing) if claims else ()))
    documents = AUTHORED.but(steps={ADD: Step(guards=documenting), UPDATE: Step(first=(author_only,), guards=documenting)})
    return Node(
        "complaint",
        "complaints",
        ReviewedComplaint,
        workflow=Workflow("complaint", tuple(states(claims=claims)), moves, deny=CANT, overrides=frozenset()),
        children=(documents,),
        accepts=frozenset({"author", "title", "description", "relatedLot", "status"}),
        steps={
            ADD: Step(guards=adding, effects=(number, stamp("date"), *noting)),
            UPDATE: Step(guards=(*updating, has_part, in_time(filing)), effects=NOTED),
        },
        owner=COMPLAINANT,
        private=SECRETS | {"owner", "bid_id"},
        accredited="complaint",
    )
