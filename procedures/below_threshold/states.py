"""The below-threshold procedure, state by state: who may do what, what moves it on, what stays secret."""

from __future__ import annotations

from openprocurement_api.codelists import holidays, working_weekends
from openprocurement_api.domain.actors import (
    ADMINISTRATOR,
    ADMINS,
    AUCTION,
    AUTO,
    BIDDER,
    BOT,
    BROKER,
    CASCADE,
    CLOCK,
    COMPLAINANT,
    OWNER,
    PARTICIPANT,
    REVIEWER,
)  # fmt: skip
from openprocurement_api.domain.calendar import Calendar
from openprocurement_api.domain.node import Node, Step
from openprocurement_api.domain.procedure import Accreditation, Procedure
from openprocurement_api.domain.timing import at
from openprocurement_api.domain.workflow import (
    ADD,
    ALL,
    DELETE,
    EDIT,
    NOTHING,
    UPDATE,
    Effect,
    State,
    Transition,
    Veil,
    Workflow,
    opens,
)  # fmt: skip
from openprocurement_api.models.tender import Tender
from openprocurement_api.nodes import auction, awarding, contest, credentials, ending, opening
from openprocurement_api.nodes.award import AWARD, award_next, take_back_awards
from openprocurement_api.nodes.bid import BID
from openprocurement_api.nodes.cancellation import CANCELLATION
from openprocurement_api.nodes.complaint import COMPLAINT
from openprocurement_api.nodes.contract import CONTRACT, restore_lost
from openprocurement_api.nodes.document import AUTHORED
from openprocurement_api.nodes.ending import contract_signed, last_award_failed, lots_all, undivided
from openprocurement_api.nodes.fields import stay_valid
from openprocurement_api.nodes.lot import LOT
from openprocurement_api.nodes.question import QUESTION
from openprocurement_api.nodes.tender import (
    AMENDED,
    ANNOUNCED,
    CHRONOGRAPH_VIEW,
    EVERYWHERE,
    PLANNABLE,
    STORED,
    count_bids,
    keep_kind,
    keep_plan,
    mark_test,
    name_parts,
    plan_after,
    sum_lots,
)  # fmt: skip

from . import rules
from .rules import Rules

# --- what stays secret

SEALED_BIDS = Veil("", frozenset({"bids", "numberOfBids"}))
UNKNOWN_AUTHORS = (
    Veil("questions", frozenset({"author"})),
    Veil("complaints", frozenset({"author"}), when=lambda claim: claim.get("type", "claim") == "claim"),
)
BIDS_SECRET = (SEALED_BIDS, *UNKNOWN_AUTHORS)
NOTHING_TO_COUNT = Veil("", frozenset({"numberOfBids"}))

# --- what is open to whom

CANCELLING = {who: {"cancellations": EDIT, "cancellations/documents": EDIT} for who in (OWNER, ADMINS)}
HANDLE_CLAIMS = {
    OWNER: {"complaints": UPDATE, "complaints/documents": EDIT},
    COMPLAINANT: {"complaints": UPDATE, "complaints/documents": EDIT},
    REVIEWER: {"complaints": UPDATE, "complaints/documents": EDIT},
    ADMINS: {"complaints": UPDATE},
}
FILE_CLAIMS = {who: {"complaints": ADD} for who in (BROKER, ADMINS)}
ASK = {
    BROKER: {"questions": ADD},
    OWNER: {"questions": UPDATE},
    ADMINISTRATOR: {"questions": UPDATE},
    ADMINS: {"questions": EDIT},
}
AMEND = {who: {"documents": EDIT, "lots": ALL} for who in (OWNER, ADMINS)} | {BOT: {"documents": EDIT}}
BIDDING = {
    BROKER: {"bids": ADD},
    BIDDER: {"bids": UPDATE | DELETE, "bids/documents": EDIT},
    ADMINISTRATOR: {"bids": UPDATE},
    ADMINS: {"bids": ALL, "bids/documents": EDIT},
}
PROTOCOL = {AUCTION: {"documents": EDIT}}
DECIDING = {who: {"awards": UPDATE} for who in (OWNER, ADMINISTRATOR, ADMINS)}
AWARDING = {
    OWNER: {"awards/documents": EDIT},
    ADMINS: {"awards": ADD, "awards/documents": EDIT},
    AUCTION: {"awards/documents": ADD},
    BOT: {"awards/documents": ADD},
    BIDDER: {"bids/documents": EDIT},
}
CONTRACTING = {
    OWNER: {"contracts": UPDATE, "contracts/documents": EDIT},
    ADMINS: {"contracts": EDIT, "contracts/documents": EDIT},
}
AWARD_CLAIMS = {
    PARTICIPANT: {"awards/complaints": ADD},
    OWNER: {"awards/complaints": UPDATE, "awards/complaints/documents": EDIT},
    COMPLAINANT: {"awards/complaints": UPDATE, "awards/complaints/documents": EDIT},
    REVIEWER: {"awards/complaints": UPDATE, "awards/complaints/documents": EDIT},
    ADMINS: {"awards/complaints": EDIT},
}

NO_CHANGE = PLANNABLE | {OWNER: NOTHING, ADMINS: NOTHING}

STATES = (
    State(
        "draft",
        "Being written: seen by nobody in the feed, until the buyer's platform publishes it",
        moves_only=True,
        edits=EVERYWHERE | {OWNER: NOTHING, ADMINS: NOTHING},
        opens=CANCELLING,
        hides=(NOTHING_TO_COUNT,),
    ),
    State(
        "active.enquiries",
        "Suppliers ask, the buyer answers and may still change the tender",
        edits=PLANNABLE | {OWNER: AMENDED, ADMINS: AMENDED},
        opens=opens(ASK, AMEND, FILE_CLAIMS, HANDLE_CLAIMS, CANCELLING),
        hides=(NOTHING_TO_COUNT, *UNKNOWN_AUTHORS),
    ),
    State(
        "active.tendering",
        "Suppliers bid; what they bid is sealed",
        edits=NO_CHANGE,
        opens=opens(BIDDING, FILE_CLAIMS, HANDLE_CLAIMS, CANCELLING),
        hides=BIDS_SECRET,
    ),
    State(
        "active.auction",
        "The auction is planned and held; bids are still sealed",
        edits=NO_CHANGE,
        opens=opens(PROTOCOL, HANDLE_CLAIMS, CANCELLING),
        hides=BIDS_SECRET,
        timers=(contest.auction_start, contest.auction_end),
    ),
    State(
        "active.qualification",
        "Bids are open; the buyer considers the best one",
        edits=NO_CHANGE,
        opens=opens(DECIDING, AWARDING, AWARD_CLAIMS, CONTRACTING, PROTOCOL, HANDLE_CLAIMS, CANCELLING),
    ),
    State(
        "active.awarded",
        "A winner is found; the stand-still runs, then the contract is signed",
        edits=NO_CHANGE,
        opens=opens(DECIDING, AWARD_CLAIMS, CONTRACTING, HANDLE_CLAIMS, CANCELLING),
    ),
    State("complete", "The contract is signed", final=True, edits=EVERYWHERE),
    State("unsuccessful", "Nobody won", final=True, edits=EVERYWHERE),
    State("cancelled", "The buyer gave it up", final=True, edits=EVERYWHERE),
)

END_TENDERING = (
    opening.drop_drafts,
    opening.drop_cancelled_lots,
    opening.close_lots,
    opening.drop_needless_auctions,
)
WHAT_GOES: dict[str, tuple[Effect, ...]] = {
    "draft": (),
    "active.enquiries": (),
    "active.tendering": (opening.drop_sealed_bids,),
    "active.auction": (opening.drop_sealed_bids,),
    "active.qualification": (take_back_awards,),
    "active.awarded": (take_back_awards,),
}
"""What goes with a tender that is given up in a state."""

# With its last lot a tender ends, whatever else might move it: these come first.
GIVEN_UP = (
    *(Transition(status, "cancelled", CASCADE, effects=effects) for status, effects in WHAT_GOES.items()),
    *(
        Transition(status, "cancelled", AUTO, guards=(lots_all(some="cancelled"),), effects=effects)
        for status, effects in WHAT_GOES.items()
    ),
)
ALL_LOST = (lots_all("cancelled", some="unsuccessful"),)
LOTS_OVER = (
    Transition("active.auction", "unsuccessful", AUTO, guards=ALL_LOST, effects=(opening.drop_cancelled_lots,)),
    Transition("active.qualification", "unsuccessful", AUTO, guards=ALL_LOST),
    Transition("active.awarded", "unsuccessful", AUTO, guards=ALL_LOST),
    *(
        Transition(status, "complete", AUTO, guards=(lots_all("cancelled", "unsuccessful", some="complete"),))
        for status in ("active.qualification", "active.awarded")
    ),
)

TENDER = Workflow(
    "tender",
    STATES,
    (
        Transition(None, "active.enquiries", BROKER),
        Transition(None, "draft", BROKER),
        Transition("draft", "active.enquiries", OWNER),
        Transition("active.enquiries", "active.tendering", CLOCK, at=rules.tendering_begins),
        Transition("active.tendering", "active.auction", CLOCK, at=at("tenderPeriod.endDate"), effects=END_TENDERING),
        *GIVEN_UP,
        *LOTS_OVER,
        Transition("active.auction", "unsuccessful", AUTO, guards=(contest.too_few_stand,)),
        Transition(
            "active.auction",
            "active.qualification",
            AUTO,
            guards=(contest.enough_stand, contest.nothing_left_to_auction),
            effects=(opening.drop_cancelled_lots, award_next),
            doc="All auctions are over, or there was nothing to auction",
        ),
        Transition(
            "active.qualification",
            "active.awarded",
            AUTO,
            guards=(awarding.nothing_pending,),
            effects=(awarding.end_award_period,),
        ),
        Transition(
            "active.awarded",
            "active.qualification",
            AUTO,
            guards=(awarding.award_pending,),
            effects=(awarding.reopen_award_period,),
        ),
        Transition("active.awarded", "complete", AUTO, guards=(undivided, contract_signed)),
        Transition(
            "active.awarded",
            "unsuccessful",
            CLOCK,
            at=ending.stand_still_ends,
            guards=(undivided, last_award_failed, ending.undisputed),
        ),
    ),
    deny=None,
)

LOT_WORKFLOW = LOT.flow.but(
    states=(State("complete", "The contract is signed", final=True),),
    transitions=(
        Transition(
            "active", "unsuccessful", CLOCK, at=ending.stand_still_ends,
            guards=(last_award_failed, ending.undisputed),
        ),
        Transition(
            "active", "complete", AUTO, guards=(contract_signed, ending.undisputed, ending.stand_still_over)
        ),
    )
)  # fmt: skip

ROOT = Node(
    "tender",
    "tenders",
    Tender,
    workflow=TENDER,
    children=(
        AUTHORED, BID, QUESTION, COMPLAINT, LOT.but(workflow=LOT_WORKFLOW), CANCELLATION, AWARD, CONTRACT,
    ),
    accepts=ANNOUNCED,
    ignores=STORED,
    steps={
        ADD: Step(effects=(rules.open_enquiries, name_parts, mark_test, stay_valid)),
        UPDATE: Step(effects=(keep_kind, keep_plan, name_parts, mark_test)),
    },
    owner=OWNER,
    views={CLOCK: CHRONOGRAPH_VIEW},
    accredited="tender",
)  # fmt: skip

PROCEDURE = Procedure(
    "belowThreshold",
    "Below-threshold procurement",
    ROOT,
    rules=Rules(),
    accreditation=Accreditation(create="1", edit="2"),
    kinds=("general", "special", "defense", "other"),
    derive=(sum_lots, count_bids, plan_after, restore_lost),
    operations=(*auction.OPERATIONS, *credentials.OPERATIONS),
    calendar=Calendar(holidays(), working_weekends()),
    legal_basis="Orders of the state enterprise ProZorro for purchases below the thresholds of the law on public procurement",
    default=True,
)
