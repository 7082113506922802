"""The demo of competitiveDialogueEU, both stages: a firm is let in after a complaint, then prices are auctioned."""

from __future__ import annotations

from .above_threshold_eu import BIDDERS, PASSED, REVIEWED, award, begin_stand_still, offer, qualifications
from .below_threshold import moment, wait
from .competitive_dialogue import second_stage
from .stage import Stage
from .wire import Thing


def play(stage: Stage) -> None:
    """Play it all. Raises Failed."""
    tender = second_stage(stage, "competitiveDialogueEU")
    stage.act("Those who took part name prices")
    for supplier in BIDDERS:
        offer(stage, tender, supplier)
    ends = moment(tender.data["tenderPeriod"]["endDate"])
    wait(stage, tender, REVIEWED, ends, "waiting for the end of the period of bids")
    let_in(stage, tender)
    award(stage, tender)


def let_in(stage: Stage, tender: Thing) -> None:
    """All bidders are reviewed once more, and pass."""
    stage.act("Bidders are reviewed once more")
    for each in qualifications(stage, tender):
        stage.platform("broker").patch(f"{tender.url}/qualifications/{each['id']}", PASSED, tender.token)
    begin_stand_still(stage, tender)
