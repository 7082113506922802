"""The open procedure, in what differs from purchases below the thresholds: bids from the start, a review body, fixed periods."""

from __future__ import annotations

from openprocurement_api.codelists import holidays, working_weekends
from openprocurement_api.domain.actors import (
    ADMINS,
    BIDDER,
    BODY,
    BROKER,
    CLOCK,
    COMPLAINANT,
    OWNER,
    PARTICIPANT,
)  # fmt: skip
from openprocurement_api.domain.calendar import Calendar
from openprocurement_api.domain.node import Node, Step
from openprocurement_api.domain.procedure import Accreditation, Procedure
from openprocurement_api.domain.timing import at
from openprocurement_api.domain.workflow import (
    ADD,
    DELETE,
    EDIT,
    UPDATE,
    State,
    Transition,
    Verb,
    opens,
)  # fmt: skip
from openprocurement_api.models.open_tender import OpenTender
from openprocurement_api.nodes import auction, contest, credentials
from openprocurement_api.nodes.amending import follow_tendering, reopen_bids, same_enquiries, same_group, time_is_left
from openprocurement_api.nodes.cancellation import REASONED_CANCELLATION
from openprocurement_api.nodes.confirmed_bid import CONFIRMED_BID
from openprocurement_api.nodes.contract import restore_lost
from openprocurement_api.nodes.disputes import TENDER_COMPLAINT, complaints_settled, questions_answered
from openprocurement_api.nodes.document import AUTHORED
from openprocurement_api.nodes.lot import LOT
from openprocurement_api.nodes.question import CLARIFIED_QUESTION
from openprocurement_api.nodes.reviewed_award import REVIEWED_AWARD, REVIEWED_CONTRACT
from openprocurement_api.nodes.tender import (
    AMENDED,
    ANNOUNCED,
    CHRONOGRAPH_VIEW,
    PLANNABLE,
    STORED,
    count_bids,
    decisions_over,
    keep_kind,
    keep_plan,
    mark_test,
    name_parts,
    planning,
    sum_lots,
)  # fmt: skip
from procedures.below_threshold import states as base

from .rules import Rules

# --- what is open to whom

HANDLE_COMPLAINTS = {who: {"complaints": UPDATE, "complaints/documents": EDIT} for who in (OWNER, COMPLAINANT, BODY)} | {
    ADMINS: {"complaints": UPDATE}
}
AWARD_COMPLAINTS = {
    who: {"awards/complaints": UPDATE, "awards/complaints/documents": EDIT} for who in (OWNER, COMPLAINANT, BODY)
} | {PARTICIPANT: {"awards/complaints": ADD}, ADMINS: {"awards/complaints": EDIT}}
PROVE = {who: {"bids/documents": EDIT} for who in (BIDDER, ADMINS)}

FOLLOWING = frozenset({"enquiryPeriod"})
"""What a buyer of these procedures does not set: it follows from the time for bids."""
EDITABLE = AMENDED - FOLLOWING

STATES = (
    State(
        "active.tendering",
        "Suppliers ask, complain and bid; what they bid is sealed, and to be confirmed when the buyer changes the tender",
        edits=PLANNABLE | {OWNER: EDITABLE, ADMINS: EDITABLE},
        opens=opens(base.ASK, base.AMEND, base.BIDDING, base.FILE_CLAIMS, HANDLE_COMPLAINTS, base.CANCELLING),
        hides=base.BIDS_SECRET,
    ),
    State(
        "active.auction",
        "The auction is planned and held; bids are still sealed",
        edits=base.NO_CHANGE,
        opens=opens(base.PROTOCOL, HANDLE_COMPLAINTS, base.CANCELLING),
        hides=base.BIDS_SECRET,
        timers=(contest.auction_start, contest.auction_end),
    ),
    State(
        "active.qualification",
        "Bids are open; the buyer considers the best one",
        edits=base.NO_CHANGE,
        opens=opens(
            base.DECIDING,
            base.AWARDING,
            AWARD_COMPLAINTS,
            base.CONTRACTING,
            base.PROTOCOL,
            HANDLE_COMPLAINTS,
            base.CANCELLING,
        ),
    ),
    State(
        "active.awarded",
        "A winner is found; the stand-still runs, then the contract is signed",
        edits=base.NO_CHANGE,
        opens=opens(base.DECIDING, PROVE, AWARD_COMPLAINTS, base.CONTRACTING, HANDLE_COMPLAINTS, base.CANCELLING),
    ),
)

TENDER = base.TENDER.but(
    without=("active.enquiries",),
    states=STATES,
    drop=[("active.tendering", "active.auction")],
    transitions=(
        Transition(None, "active.tendering", BROKER),
        Transition("draft", "active.tendering", OWNER),
        Transition(
            "active.tendering",
            "active.auction",
            CLOCK,
            at=at("tenderPeriod.endDate"),
            guards=(questions_answered, complaints_settled),
            effects=base.END_TENDERING,
        ),
    ),
)

# --- what the buyer may change while bids are made


def amending(node: Node, *verbs: Verb) -> Node:
    """The same kind of resource, where each change by the buyer needs time for bids and makes those there are invalid."""
    steps = {
        verb: Step((*node.step(verb).guards, time_is_left), (*node.step(verb).effects, reopen_bids), node.step(verb).first)
        for verb in verbs
    }
    return node.but(steps=node.steps | steps)


ROOT = Node(
    "tender",
    "tenders",
    OpenTender,
    workflow=TENDER,
    children=(
        amending(AUTHORED, ADD, UPDATE),
        CONFIRMED_BID,
        CLARIFIED_QUESTION,
        TENDER_COMPLAINT,
        amending(LOT.but(workflow=base.LOT_WORKFLOW), ADD, UPDATE, DELETE),
        REASONED_CANCELLATION,
        REVIEWED_AWARD,
        REVIEWED_CONTRACT,
    ),
    accepts=ANNOUNCED - FOLLOWING,
    ignores=STORED,
    steps={
        ADD: Step(effects=(name_parts, mark_test)),
        UPDATE: Step(
            guards=(time_is_left,),
            effects=(keep_kind, keep_plan, name_parts, mark_test, reopen_bids),
            first=(same_group, same_enquiries),
        ),
    },
    owner=OWNER,
    views={CLOCK: CHRONOGRAPH_VIEW},
    accredited="tender",
)

PROCEDURE = Procedure(
    "aboveThresholdUA",
    "Open procedure",
    ROOT,
    rules=Rules(),
    accreditation=Accreditation(create="3", edit="4"),
    kinds=("general", "special", "defense"),
    derive=(sum_lots, count_bids, follow_tendering, planning(decisions_over), restore_lost),
    operations=(*auction.OPERATIONS_OF_CONFIRMED_BIDS, *credentials.OPERATIONS),
    calendar=Calendar(holidays(), working_weekends()),
    legal_basis="The law of Ukraine on public procurement, articles 18, 20-21, 23-28 and 31-32: open tender",
)
