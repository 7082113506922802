"""Questions: suppliers ask in public, the buyer answers in public; who asked stays unknown until bids are opened."""

from __future__ import annotations

from ..domain.actors import ADMINS, OWNER
from ..domain.context import Ctx
from ..domain.guards import in_active_lot, lot_of, stamp, within
from ..domain.node import Node, Step
from ..domain.refusal import Refusal
from ..domain.timing import at
from ..domain.workflow import ADD, UPDATE, Guard
from ..models.question import Question

ONLY_IN_PERIOD = "Can add question only in enquiryPeriod"


def in_enquiry_period(ctx: Ctx) -> Refusal | bool:
    """questions are asked in the enquiry period"""
    return within(ctx.root.get("enquiryPeriod", {}), ctx) or Refusal(ONLY_IN_PERIOD)


def before_clarifications_end(thing: str) -> Guard:
    """Guard factory: the thing, a question or a claim, is answered in the time for that."""

    def guard(ctx: Ctx) -> Refusal | bool:
        end = at("enquiryPeriod.clarificationsUntil")(ctx)
        if end is None or ctx.now <= end:
            return True
        return Refusal(f"Can update {thing} only before enquiryPeriod.clarificationsUntil")

    guard.__doc__ = f"{thing}s are answered until enquiryPeriod.clarificationsUntil"
    return guard


def lot_of_question(ctx: Ctx) -> str | None:
    """The lot the question is about."""
    return lot_of(ctx.root, ctx.doc.get("questionOf", "tender"), ctx.doc.get("relatedItem"))


def note_answer(ctx: Ctx) -> None:
    """dateAnswered is when the answer was given or last changed"""
    if ctx.doc.get("answer") and ctx.before and ctx.before.get("answer") != ctx.doc["answer"]:
        ctx.doc["dateAnswered"] = ctx.stamp


ACTIVE_LOT = in_active_lot(lot_of_question, "question")

QUESTION = Node(
    "question",
    "questions",
    Question,
    accepts=frozenset({"author", "title", "description", "questionOf", "relatedItem"}),
    edits={OWNER: frozenset({"answer"}), ADMINS: frozenset({"answer"})},
    steps={
        ADD: Step(guards=(in_enquiry_period, ACTIVE_LOT), effects=(stamp("date"),)),
        UPDATE: Step(guards=(ACTIVE_LOT,), effects=(note_answer,)),
    },
    closed={ADD: ONLY_IN_PERIOD},
    accredited="question",
)

CLARIFIED_QUESTION = QUESTION.but(
    steps=QUESTION.steps | {UPDATE: Step(guards=(ACTIVE_LOT, before_clarifications_end("question")), effects=(note_answer,))}
)
"""Questions that are answered for some time after the last may be asked."""
