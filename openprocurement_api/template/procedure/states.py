"""The procedure, state by state: who may do what, what moves it on, what stays secret."""

from __future__ import annotations

from openprocurement_api.codelists import holidays, working_weekends
from openprocurement_api.domain.actors import ADMINISTRATOR, AUTO, BIDDER, BROKER, CASCADE, CLOCK, OWNER
from openprocurement_api.domain.calendar import Calendar
from openprocurement_api.domain.node import Node, Step
from openprocurement_api.domain.procedure import Accreditation, Procedure
from openprocurement_api.domain.timing import at
from openprocurement_api.domain.workflow import ADD, DELETE, EDIT, NOTHING, UPDATE, State, Transition, Veil, Workflow, opens
from openprocurement_api.nodes import contest, credentials, ending, opening
from openprocurement_api.nodes.award import AWARD, award_next, take_back_awards
from openprocurement_api.nodes.bid import BID
from openprocurement_api.nodes.cancellation import CANCELLATION
from openprocurement_api.nodes.contract import CONTRACT, restore_lost
from openprocurement_api.nodes.document import AUTHORED
from openprocurement_api.nodes.fields import names
from openprocurement_api.nodes.tender import STORED, SYSTEM, count_bids, keep_kind, mark_test, name_parts

from . import rules
from .models import Tender
from .rules import Rules

ANNOUNCED = names(Tender) - SYSTEM
"""What the buyer's platform sends."""
AMENDED = ANNOUNCED - {"mode", "procurementMethodType"}
"""What it may still change in a draft."""

# --- what stays secret

SEALED_BIDS = Veil("", frozenset({"bids", "numberOfBids"}))

# --- what is open to whom

REPAIRING = {ADMINISTRATOR: frozenset({"mode", "procuringEntity"}), CLOCK: NOTHING}
CANCELLING = {OWNER: {"cancellations": EDIT, "cancellations/documents": EDIT}}
DESCRIBING = {OWNER: {"documents": EDIT}}
BIDDING = {BROKER: {"bids": ADD}, BIDDER: {"bids": UPDATE | DELETE, "bids/documents": EDIT}}
DECIDING = {OWNER: {"awards": UPDATE, "awards/documents": EDIT}, BIDDER: {"bids/documents": EDIT}}
SIGNING = {OWNER: {"contracts": UPDATE, "contracts/documents": EDIT}}

STATES = (
    State(
        "draft",
        "Being written: seen by nobody in the feed, until the buyer's platform publishes it",
        edits=REPAIRING | {OWNER: AMENDED},
        opens=opens(DESCRIBING, CANCELLING),
        hides=(SEALED_BIDS,),
    ),
    State(
        "active.tendering",
        "Suppliers quote; what they quote is sealed",
        edits=REPAIRING | {OWNER: NOTHING},
        opens=opens(BIDDING, CANCELLING),
        hides=(SEALED_BIDS,),
    ),
    State(
        "active.qualification",
        "Quotations are open; the buyer considers the best one, and signs the contract after the stand-still",
        edits=REPAIRING | {OWNER: NOTHING},
        opens=opens(DECIDING, SIGNING, CANCELLING),
    ),
    State("complete", "The contract is signed", final=True, edits=REPAIRING),
    State("unsuccessful", "Nobody won", final=True, edits=REPAIRING),
    State("cancelled", "The buyer gave it up", final=True, edits=REPAIRING),
)

TIME_IS_OVER = at("tenderPeriod.endDate")
TENDER = Workflow(
    "tender",
    STATES,
    (
        Transition(None, "draft", BROKER),
        Transition("draft", "active.tendering", OWNER, guards=(rules.time_enough,), effects=(rules.open_tendering,)),
        Transition("draft", "cancelled", CASCADE),
        Transition(
            "active.tendering",
            "active.qualification",
            CLOCK,
            at=TIME_IS_OVER,
            guards=(contest.enough_stand,),
            effects=(opening.drop_drafts, award_next),
        ),
        Transition(
            "active.tendering",
            "unsuccessful",
            CLOCK,
            at=TIME_IS_OVER,
            guards=(contest.too_few_stand,),
            effects=(opening.drop_drafts,),
        ),
        Transition("active.tendering", "cancelled", CASCADE, effects=(opening.drop_sealed_bids,)),
        Transition("active.qualification", "complete", AUTO, guards=(ending.contract_signed,)),
        Transition("active.qualification", "unsuccessful", AUTO, guards=(ending.last_award_failed,)),
        Transition("active.qualification", "cancelled", CASCADE, effects=(take_back_awards,)),
    ),
    overrides=frozenset(),
)

# --- kinds of the catalogue, with what differs here

AWARD_WITHOUT_CLAIMS = AWARD.but(
    workflow=AWARD.flow.but(
        states=[State("unsuccessful", "The bid was rejected", final=True)],
        drop=[("unsuccessful", "cancelled")],
    ),
    children=tuple(child for child in AWARD.children if child.name != "complaint"),
)
CONTRACT_THAT_ENDS_IT = CONTRACT.but(
    workflow=CONTRACT.flow.but(
        states=[State("active", "Signed; the procedure is over", final=True)],
        drop=[("active", "cancelled")],
    ),
)

ROOT = Node(
    "tender",
    "tenders",
    Tender,
    workflow=TENDER,
    children=(AUTHORED, BID, CANCELLATION, AWARD_WITHOUT_CLAIMS, CONTRACT_THAT_ENDS_IT),
    accepts=ANNOUNCED,
    ignores=STORED,
    steps={ADD: Step(effects=(name_parts, mark_test)), UPDATE: Step(effects=(keep_kind, name_parts, mark_test))},
    owner=OWNER,
    accredited="tender",
)

PROCEDURE = Procedure(
    "requestForQuotations",
    "Request for quotations",
    ROOT,
    rules=Rules(),
    accreditation=Accreditation(create="1", edit="2"),
    kinds=("general", "special", "defense", "other"),
    derive=(count_bids, restore_lost),
    operations=credentials.OPERATIONS,
    calendar=Calendar(holidays(), working_weekends()),
    legal_basis="Name the law, and the article of it",
)
