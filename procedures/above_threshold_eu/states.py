"""The open procedure with publication in English: as the open procedure, but bidders are reviewed before prices are opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from openprocurement_api.domain.actors import ADMINS, AUTO, BIDDER, CASCADE, CLOCK, OWNER
from openprocurement_api.domain.node import Step
from openprocurement_api.domain.timing import at
from openprocurement_api.domain.workflow import ADD, EDIT, UPDATE, State, Transition, Veil, Window, opens
from openprocurement_api.models.envelope import SpokenDocument
from openprocurement_api.nodes import contest, opening
from openprocurement_api.nodes.amending import drop_far_plans, follow_tendering
from openprocurement_api.nodes.award import award_next, take_back_awards
from openprocurement_api.nodes.cancellation import REASONED_CANCELLATION, REASONED_GUARDS, not_in_vain
from openprocurement_api.nodes.contract import restore_lost
from openprocurement_api.nodes.disputes import complaints_settled, questions_answered
from openprocurement_api.nodes.ending import lots_all
from openprocurement_api.nodes.envelope import KINDS, documented
from openprocurement_api.nodes.fields import names
from openprocurement_api.nodes.qualification import (
    COMPLAINING,
    HANDLING,
    QUALIFICATION,
    REVIEWED,
    REVIEWING,
    STAND_STILL,
    all_reviewed,
    auction_after,
    forget_lot,
    only_switch,
    open_reviews,
    reopen_reviews,
    reviews_undisputed,
    start_stand_still,
)
from openprocurement_api.nodes.reviewed_award import REVIEWED_AWARD
from openprocurement_api.nodes.reviewed_bid import REVIEWED_BID, UNOPENED, reject_vain_offers, shut_bids
from openprocurement_api.nodes.tender import count_bids, planning, sum_lots
from procedures.above_threshold_ua import states as base
from procedures.below_threshold import states as simple

from .models import Award, Tender
from .rules import Rules

# --- what stays secret, what is open to whom

REVIEWED_IN_THE_OPEN = (Window("bids", UNOPENED),)
UNKNOWN_AUTHORS = (
    *simple.UNKNOWN_AUTHORS,
    Veil("qualifications/complaints", frozenset({"author"}), when=lambda claim: claim.get("type", "claim") == "claim"),
)
ENCLOSE = {who: {f"bids/{kind}_documents": EDIT for kind in KINDS} for who in (BIDDER, ADMINS)}


def and_envelopes(state: State) -> State:
    """The same state, in which bidders add documents to every envelope."""
    return replace(state, opens=opens(state.opens, ENCLOSE))


def plain(state: str) -> State:
    """A state of the open procedure."""
    return base.TENDER.state(state)


STATES = (
    and_envelopes(plain("active.tendering")),
    State(
        REVIEWED,
        "Bidders are known, prices are not; the buyer says of each bidder whether it takes part",
        edits=simple.NO_CHANGE,
        opens=opens(REVIEWING, HANDLING, base.HANDLE_COMPLAINTS, simple.CANCELLING),
        hides=UNKNOWN_AUTHORS,
        windows=REVIEWED_IN_THE_OPEN,
    ),
    State(
        STAND_STILL,
        "Bidders complain of the review, if they do; prices are still sealed",
        edits=simple.NO_CHANGE,
        opens=opens(COMPLAINING, HANDLING, base.HANDLE_COMPLAINTS, simple.CANCELLING),
        hides=UNKNOWN_AUTHORS,
        windows=REVIEWED_IN_THE_OPEN,
    ),
    replace(plain("active.auction"), hides=UNKNOWN_AUTHORS, windows=REVIEWED_IN_THE_OPEN),
    and_envelopes(plain("active.qualification")),
    and_envelopes(plain("active.awarded")),
)

# --- moves

SETTLED = (questions_answered, complaints_settled)
UNOPENED_STATES = (REVIEWED, STAND_STILL, "active.auction")
CLOSE_LOTS = (opening.close_lots, reject_vain_offers, opening.drop_needless_auctions)
TENDERING_ENDS = (opening.drop_drafts, *CLOSE_LOTS)
PLANS = planning(auction_after, frozenset({"active.tendering", STAND_STILL}))


def given_up(statuses: Sequence[str]) -> Iterator[Transition]:
    """The ends of a tender in states in which prices are sealed: the buyer gives it up, or all of its lots."""
    for status in statuses:
        yield Transition(status, "cancelled", CASCADE, effects=(shut_bids,))
    for status in statuses:
        yield Transition(status, "cancelled", AUTO, guards=(lots_all(some="cancelled"),), effects=(shut_bids,))


GIVEN_UP = (
    *given_up(UNOPENED_STATES),
    *(Transition(status, "unsuccessful", AUTO, guards=simple.ALL_LOST) for status in (REVIEWED, STAND_STILL)),
)
REVIEW = (
    Transition(
        "active.tendering",
        "unsuccessful",
        CLOCK,
        at=at("tenderPeriod.endDate"),
        guards=(*SETTLED, contest.too_few_stand),
        effects=TENDERING_ENDS,
    ),
    Transition(
        "active.tendering",
        REVIEWED,
        CLOCK,
        at=at("tenderPeriod.endDate"),
        guards=SETTLED,
        effects=(*TENDERING_ENDS, open_reviews),
    ),
    Transition(
        REVIEWED,
        STAND_STILL,
        OWNER,
        guards=(reviews_undisputed, all_reviewed),
        effects=(start_stand_still, PLANS, drop_far_plans),
    ),
    Transition(STAND_STILL, REVIEWED, CASCADE, effects=(reopen_reviews,), doc="A complaint about the review was satisfied"),
    Transition(
        STAND_STILL,
        "active.auction",
        CLOCK,
        at=at("qualificationPeriod.endDate"),
        guards=(reviews_undisputed,),
        effects=CLOSE_LOTS,
    ),
    Transition(
        "active.auction",
        "active.qualification",
        AUTO,
        guards=(contest.enough_stand, contest.nothing_left_to_auction),
        effects=(award_next,),
    ),
)

TENDER = base.TENDER.but(
    states=STATES,
    drop=[("active.tendering", "active.auction"), ("active.auction", "cancelled"), ("active.auction", "active.qualification")],
    transitions=(*GIVEN_UP, *REVIEW),
)

GONE_WITH_LOT = (take_back_awards, forget_lot)
LOTS = base.ROOT.collection("lots")
LOT = LOTS.but(
    workflow=LOTS.flow.but(
        drop=[("active", "cancelled")], transitions=(Transition("active", "cancelled", CASCADE, effects=GONE_WITH_LOT),)
    )
)

# --- the tree

AWARD = REVIEWED_AWARD.but(model=Award, accepts=names(Award) - {"id", "date", "status", "complaintPeriod"})
STILL_HOPEFUL = (*REASONED_GUARDS, not_in_vain("qualifications"))
CANCELLATION = REASONED_CANCELLATION.but(
    steps={ADD: replace(REASONED_CANCELLATION.step(ADD), guards=STILL_HOPEFUL), UPDATE: Step(guards=STILL_HOPEFUL)}
)

ROOT = documented(
    base.ROOT.but(
        model=Tender,
        workflow=TENDER,
        steps=base.ROOT.steps | {UPDATE: replace(base.ROOT.step(UPDATE), guards=(only_switch, *base.ROOT.step(UPDATE).guards))},
    ).having(REVIEWED_BID, LOT, CANCELLATION, AWARD, QUALIFICATION),
    SpokenDocument,
)

PROCEDURE = replace(
    base.PROCEDURE,
    method_type="aboveThresholdEU",
    title="Open procedure with publication in English",
    root=ROOT,
    rules=Rules(),
    derive=(sum_lots, count_bids, follow_tendering, PLANS, restore_lost),
    legal_basis="The law of Ukraine on public procurement, articles 10 and 18-32: open tender with publication in English",
)
