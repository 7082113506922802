"""The demo of competitiveDialogueUA, both stages: a firm is let in after a complaint, then prices are offered and auctioned."""

from __future__ import annotations

from .above_threshold_eu import BIDDERS, STAND_STILL
from .above_threshold_ua import DECLARED, confirmed
from .below_threshold import compete, conclude, moment, offer, sign, wait
from .competitive_dialogue import second_stage
from .stage import Stage


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    tender = second_stage(stage, "competitiveDialogueUA")
    stage.act("Those who took part name prices")
    for supplier in BIDDERS:
        offer(stage, tender, supplier, **DECLARED)
    ends = moment(tender.data["tenderPeriod"]["endDate"])
    wait(stage, tender, "active.auction", ends, "waiting for the end of the period of bids")
    compete(stage, tender)
    stage.act("The buyer considers the best bids")
    confirmed(stage, tender)
    sign(stage, tender, "ten days", STAND_STILL)
    conclude(stage, tender)
