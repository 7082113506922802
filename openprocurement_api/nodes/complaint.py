"""Claims: a supplier objects, the buyer answers, the supplier says whether that settles it.

No claim stops the tender for ever: one that is not closed in time takes the resolution the buyer gave.
"""

from __future__ import annotations

from datetime import datetime
from functools import wraps

from ..domain.actors import ADMINS, AUTO, BROKER, CASCADE, CLOCK, COMPLAINANT, OWNER, REVIEWER
from ..domain.context import Ctx
from ..domain.guards import TENDER_OVER, author_only, field_is, in_active_lot, stamp, within
from ..domain.node import SECRETS, Node, Step
from ..domain.refusal import NO_ROLE, Refusal
from ..domain.timing import later, moment
from ..domain.workflow import ADD, EDIT, UPDATE, Doc, State, Transition, When, Workflow
from ..models.complaint import Complaint
from .document import AUTHORED

CANT = Refusal("Can't update complaint")
TOO_SHORT = Refusal("Can't update complaint: resolution too short")
RESOLUTION_LENGTH = 20
RESOLUTIONS = ("invalid", "resolved", "declined")
CLOSED = frozenset({*RESOLUTIONS, "cancelled", "ignored"})

CLAIM_PHASES = frozenset({"active.enquiries", "active.tendering"})
AWARD_PHASES = frozenset({"active.qualification", "active.awarded"})


def of_award(ctx: Ctx) -> Doc | None:
    """The award, or the qualification, that the claim is about; None if it is about the tender."""
    return next((doc for node, doc in ctx.chain if node.name in ("award", "qualification")), None)


def may_be_filed(ctx: Ctx) -> Refusal | bool:
    """claims are filed while the tender, or its award, is open to them"""
    award = of_award(ctx)
    if award is None:
        return ctx.root["status"] in CLAIM_PHASES or CANT
    return (ctx.root["status"] in AWARD_PHASES and within(award.get("complaintPeriod", {}), ctx)) or CANT


def in_complaint_period(ctx: Ctx) -> Refusal | bool:
    """claims about an award are added in its complaintPeriod"""
    return within(ctx.parent.get("complaintPeriod", {}), ctx) or Refusal("Can add complaint only in complaintPeriod")


def resolution_given(ctx: Ctx) -> Refusal | bool:
    """the buyer gave a resolution and its type"""
    if not (ctx.doc.get("resolution") and ctx.doc.get("resolutionType")):
        return CANT
    return len(ctx.doc["resolution"]) >= RESOLUTION_LENGTH or TOO_SHORT


def satisfaction_said(ctx: Ctx) -> Refusal | bool:
    """the complainant said whether the resolution satisfies"""
    return isinstance(ctx.doc.get("satisfied"), bool) or CANT


def withdrawn(ctx: Ctx) -> bool:
    """who filed the claim withdraws it"""
    return COMPLAINANT in ctx.actors and (ctx.wish or {}).get("status", ctx.doc["status"]) == "cancelled"


def has_part(ctx: Ctx) -> Refusal | bool:
    """who filed a claim may only withdraw it while it waits for an answer; nobody changes a closed one"""
    status = ctx.doc["status"]
    if status in CLOSED:
        return Refusal(f"Can't update complaint in current ({status}) status") if withdrawn(ctx) else NO_ROLE
    waits = status == "claim" and ctx.actors.isdisjoint({OWNER, ADMINS})
    return not waits or withdrawn(ctx) or NO_ROLE


def draft_in_time(ctx: Ctx) -> Refusal | bool:
    """a draft is finished while claims may be filed; withdrawn it may be later"""
    return ctx.doc["status"] != "draft" or withdrawn(ctx) or may_be_filed(ctx)


def tender_or_lot_over(ctx: Ctx) -> bool:
    """the tender, or the lot concerned, has ended"""
    if ctx.root["status"] in TENDER_OVER:
        return True
    lot_id = ctx.doc.get("relatedLot") or (of_award(ctx) or {}).get("lotID")
    return any(lot["status"] in TENDER_OVER for lot in ctx.root.get("lots", ()) if lot["id"] == lot_id)


def while_the_tender_lasts(when: When) -> When:
    """The moment, in a tender that has not ended: nobody looks at one that has."""

    @wraps(when)
    def moment_of(ctx: Ctx) -> datetime | None:
        return None if ctx.root["status"] in TENDER_OVER else when(ctx)

    return moment_of


@while_the_tender_lasts
def answer_expires(ctx: Ctx) -> datetime | None:
    """dateAnswered and the days for a reply"""
    answered = moment(ctx.doc.get("dateAnswered"))
    return answered and later(answered, ctx.procedure.rules.claim_reply, ctx)


@while_the_tender_lasts
def at_once(ctx: Ctx) -> datetime | None:
    """at once"""
    changed = moment(ctx.root.get("dateModified"))
    return min(changed, ctx.now) if changed else ctx.now


def escalated(ctx: Ctx) -> bool:
    """the answer was taken to the review body, in the old toolkit's time"""
    return "dateEscalated" in ctx.doc


def unresolved(ctx: Ctx) -> bool:
    """there is no answer that was escalated"""
    return not (escalated(ctx) and ctx.doc.get("resolutionType") in RESOLUTIONS)


def number(ctx: Ctx) -> None:
    """complaintID is the tender's number and the next number among all its claims and complaints"""
    root = ctx.root
    subjects = (root, *root.get("awards", ()), *root.get("qualifications", ()))
    count = sum(len(subject.get("complaints", ())) for subject in subjects)
    ctx.doc["complaintID"] = f"{root['tenderID']}.{ctx.env.server_id}{count + 1}"


def note_action(ctx: Ctx) -> None:
    """tendererActionDate is when the buyer first said what it did"""
    if ctx.doc.get("tendererAction"):
        ctx.doc.setdefault("tendererActionDate", ctx.stamp)


def cancel_with_award(ctx: Ctx) -> None:
    """claims about the award that are not settled are cancelled"""
    for claim in ctx.below("complaints"):
        if claim.doc["status"] not in CLOSED:
            claim.doc.update(cancellationReason="cancelled", dateCanceled=ctx.stamp)
            claim.move("cancelled")


REASON = frozenset({"cancellationReason"})
WITHDRAWAL = REASON | {"status"}
DRAFT = frozenset({"author", "title", "description", "status"})
SAID = frozenset({"author", "title", "description", "satisfied"})
GIVEN_UP = frozenset({"cancelled", "stopping"})
ANSWER = frozenset({"resolution", "resolutionType", "status", "tendererAction"})
LIVE = ("draft", "claim", "answered", "pending")


def keep_the_rest(ctx: Ctx) -> None:
    """who withdraws says why and nothing else; who does not gives no reason for it"""
    if COMPLAINANT not in ctx.actors:
        return
    before, wish = ctx.before or {}, ctx.wish or {}
    for name in SAID if wish.get("status", before["status"]) in GIVEN_UP else REASON:
        if name in before:
            ctx.doc[name] = before[name]
        else:
            ctx.doc.pop(name, None)


NOTED = (note_action, keep_the_rest)

STATES = (
    State("draft", "Being written", edits={COMPLAINANT: DRAFT | WITHDRAWAL}, opens={COMPLAINANT: {"documents": EDIT}}),
    State(
        "claim",
        "Waits for the buyer's answer",
        edits={OWNER: ANSWER, COMPLAINANT: WITHDRAWAL},
        opens={OWNER: {"documents": EDIT}},
    ),
    State(
        "answered",
        "Answered; who filed it says whether that settles it",
        edits={COMPLAINANT: WITHDRAWAL | {"satisfied"}},
        opens={COMPLAINANT: {"documents": EDIT}},
    ),
    State(
        "pending",
        "Before the review body",
        legacy=True,
        edits={OWNER: frozenset({"tendererAction"}), REVIEWER: frozenset({"decision", "status"})},
        opens={REVIEWER: {"documents": EDIT}},
    ),
    State("invalid", "Not admissible", final=True),
    State("resolved", "Settled", final=True),
    State("declined", "Turned down", final=True),
    State("cancelled", "Withdrawn", final=True),
    State("ignored", "The tender ended before it was answered", final=True),
)


def closings() -> tuple[Transition, ...]:
    """The ways in which the answer, the review body, time, or the end of the tender close a claim."""
    return (
        *(Transition(s, "cancelled", COMPLAINANT, effects=(stamp("dateCanceled"),)) for s in LIVE if s != "pending"),
        *(
            Transition("answered", r, CLOCK, at=answer_expires, guards=(field_is("resolutionType", r),), doc="No reply in time")
            for r in RESOLUTIONS
        ),
        *(Transition("pending", r, REVIEWER, effects=(stamp("dateDecision"),)) for r in RESOLUTIONS),
        *(Transition("pending", r, CLOCK, at=at_once, guards=(field_is("resolutionType", r), escalated)) for r in RESOLUTIONS),
        Transition("pending", "ignored", CLOCK, at=at_once, guards=(unresolved,), doc="Claims are no longer escalated"),
        Transition("claim", "ignored", AUTO, guards=(tender_or_lot_over,)),
        *(Transition("answered", r, AUTO, guards=(tender_or_lot_over, field_is("resolutionType", r))) for r in RESOLUTIONS),
    )


WORKFLOW = Workflow(
    "complaint",
    STATES,
    (
        Transition(None, "draft", BROKER),
        Transition(None, "claim", BROKER, effects=(stamp("dateSubmitted"),)),
        Transition("draft", "claim", COMPLAINANT, effects=(stamp("dateSubmitted"),)),
        Transition("claim", "answered", OWNER, guards=(resolution_given,), effects=(stamp("dateAnswered"),)),
        Transition("answered", "resolved", COMPLAINANT, guards=(satisfaction_said,)),
        *closings(),
    ),
    deny=CANT,
    overrides=frozenset(),
)

DOCUMENT = AUTHORED.but(steps={UPDATE: Step(first=(author_only,))})

COMPLAINT = Node(
    "complaint",
    "complaints",
    Complaint,
    workflow=WORKFLOW,
    children=(DOCUMENT,),
    accepts=frozenset({"author", "title", "description", "relatedLot", "status"}),
    steps={ADD: Step(effects=(number, stamp("date"))), UPDATE: Step(guards=(has_part, draft_in_time), effects=NOTED)},
    owner=COMPLAINANT,
    private=SECRETS | {"owner"},
    accredited="complaint",
)


def award_lot(ctx: Ctx) -> str | None:
    """The lot of the award in question."""
    return (of_award(ctx) or {}).get("lotID")


ACTIVE_LOT = in_active_lot(award_lot, "complaint")
LOT_OF_DOCUMENT = in_active_lot(award_lot, "document")
AWARD_DOCUMENT = DOCUMENT.but(
    steps={ADD: Step(guards=(LOT_OF_DOCUMENT,)), UPDATE: Step(guards=(LOT_OF_DOCUMENT,), first=(author_only,))}
)
AWARD_COMPLAINT = COMPLAINT.but(
    workflow=WORKFLOW.but(transitions=[Transition(s, "cancelled", CASCADE) for s in LIVE]),
    children=(AWARD_DOCUMENT,),
    steps={
        ADD: Step(guards=(ACTIVE_LOT, in_complaint_period), effects=(number, stamp("date"))),
        UPDATE: Step(guards=(ACTIVE_LOT, has_part, draft_in_time), effects=NOTED),
    },
)
"""Claims about an award, by those who bid."""
