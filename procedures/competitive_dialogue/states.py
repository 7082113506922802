"""The first stage of a dialogue: as the open procedure with publication in English up to the review of bids, but no prices.

Who passed the review talks with the buyer; when the buyer says so, a second stage is opened to those firms, and this one is over.
"""

from __future__ import annotations

from dataclasses import replace

from openprocurement_api.domain.actors import ADMINS, AUTO, CASCADE, CLOCK, DIALOGUE, OWNER, Actor
from openprocurement_api.domain.timing import at
from openprocurement_api.domain.workflow import ADD, NOTHING, UPDATE, State, Transition, opens
from openprocurement_api.nodes import credentials, lot, opening
from openprocurement_api.nodes.amending import follow_tendering
from openprocurement_api.nodes.cancellation import REASONED_CANCELLATION, not_in_vain
from openprocurement_api.nodes.dialogue import (
    DIALOGUE_BID,
    PENDING,
    WAITING,
    close_lots_of_few,
    not_being_opened,
    only_stages,
    start_plain_stand_still,
    too_few_bidders,
)
from openprocurement_api.nodes.qualification import (
    REVIEWED,
    STAND_STILL,
    all_reviewed,
    cancel_reviews,
    only_switch,
    open_reviews,
    reopen_reviews,
    reviews_undisputed,
)
from openprocurement_api.nodes.reviewed_bid import reject_vain_offers, strip_lot
from openprocurement_api.nodes.tender import EVERYWHERE, count_bids, sum_lots
from procedures.above_threshold_eu import states as eu
from procedures.above_threshold_ua import states as ua
from procedures.below_threshold import states as simple

from .models import DialogueTender
from .rules import Rules

# --- what is open to whom

NO_CHANGE = EVERYWHERE | {OWNER: NOTHING, ADMINS: NOTHING, CLOCK: NOTHING}
NAME_SECOND: dict[Actor, frozenset[str]] = {DIALOGUE: frozenset({"stage2TenderID"})}
TALKING = opens(ua.HANDLE_COMPLAINTS, simple.CANCELLING)


def unplanned(state: State) -> State:
    """The same state where no auction is planned."""
    return replace(state, edits={**state.edits, CLOCK: NOTHING})


STATES = (
    unplanned(ua.TENDER.state("active.tendering")),
    unplanned(eu.TENDER.state(REVIEWED)),
    unplanned(eu.TENDER.state(STAND_STILL)),
    State(
        PENDING,
        "The buyer talks with those who passed the review about what it needs",
        edits=NO_CHANGE,
        opens=TALKING,
        hides=eu.UNKNOWN_AUTHORS,
        windows=eu.REVIEWED_IN_THE_OPEN,
    ),
    State(
        WAITING,
        "The talks are over; the second stage is about to be opened to those who took part",
        edits=NO_CHANGE | NAME_SECOND,
        opens=TALKING,
        hides=eu.UNKNOWN_AUTHORS,
        windows=eu.REVIEWED_IN_THE_OPEN,
    ),
)

# --- moves

CLOSE_LOTS = (close_lots_of_few, reject_vain_offers)
TENDERING_ENDS = (opening.drop_drafts, *CLOSE_LOTS)
UNOPENED_STATES = (REVIEWED, STAND_STILL, PENDING, WAITING)
GIVEN_UP = (
    *eu.given_up(UNOPENED_STATES),
    *(Transition(status, "unsuccessful", AUTO, guards=simple.ALL_LOST) for status in UNOPENED_STATES),
)
REVIEW = (
    Transition(
        "active.tendering",
        "unsuccessful",
        CLOCK,
        at=at("tenderPeriod.endDate"),
        guards=(*eu.SETTLED, too_few_bidders),
        effects=TENDERING_ENDS,
    ),
    Transition(
        "active.tendering",
        REVIEWED,
        CLOCK,
        at=at("tenderPeriod.endDate"),
        guards=eu.SETTLED,
        effects=(*TENDERING_ENDS, open_reviews),
    ),
    Transition(REVIEWED, STAND_STILL, OWNER, guards=(reviews_undisputed, all_reviewed), effects=(start_plain_stand_still,)),
    Transition(STAND_STILL, REVIEWED, CASCADE, effects=(reopen_reviews,), doc="A complaint about the review was satisfied"),
    Transition(
        STAND_STILL,
        "unsuccessful",
        CLOCK,
        at=at("qualificationPeriod.endDate"),
        guards=(reviews_undisputed, too_few_bidders),
    ),
    Transition(
        STAND_STILL,
        PENDING,
        CLOCK,
        at=at("qualificationPeriod.endDate"),
        guards=(reviews_undisputed,),
        effects=CLOSE_LOTS,
    ),
)
SECOND_STAGE = (
    Transition(PENDING, WAITING, OWNER, doc="The buyer ends the talks"),
    Transition(WAITING, "complete", DIALOGUE, doc="The second stage is there"),
)

TENDER = ua.TENDER.but(
    without=("active.auction", "active.qualification", "active.awarded"),
    states=STATES,
    transitions=(*GIVEN_UP, *REVIEW, *SECOND_STAGE),
)

# --- the tree

LOTS = ua.ROOT.collection("lots")
LOT = LOTS.but(
    workflow=lot.WORKFLOW.but(
        drop=[("active", "cancelled")],
        transitions=(Transition("active", "cancelled", CASCADE, effects=(cancel_reviews, strip_lot)),),
    )
)
STILL_HOPEFUL = not_in_vain("qualifications")
AWARDED = frozenset({"awards", "contracts"})
GUARDS = {verb: (not_being_opened, *REASONED_CANCELLATION.step(verb).guards, STILL_HOPEFUL) for verb in (ADD, UPDATE)}
CANCELLATION = REASONED_CANCELLATION.but(
    steps={verb: replace(REASONED_CANCELLATION.step(verb), guards=guards) for verb, guards in GUARDS.items()}
)
UPDATING = replace(ua.ROOT.step(UPDATE), guards=(only_switch, only_stages, *ua.ROOT.step(UPDATE).guards))
WHOLE = eu.ROOT.but(model=DialogueTender, workflow=TENDER, steps=eu.ROOT.steps | {UPDATE: UPDATING})
ROOT = WHOLE.but(children=tuple(child for child in WHOLE.children if child.plural not in AWARDED)).having(
    DIALOGUE_BID, LOT, CANCELLATION
)

PROCEDURE = replace(
    eu.PROCEDURE,
    method_type="competitiveDialogueEU",
    title="Competitive dialogue with publication in English, first stage",
    root=ROOT,
    rules=Rules(),
    derive=(sum_lots, count_bids, follow_tendering),
    operations=credentials.OPERATIONS,
    legal_basis="The law of Ukraine on public procurement, articles 10 and 33: competitive dialogue",
)
