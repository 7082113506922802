"""Lives of energy service tenders: those of tenders whose bidders are reviewed first, and what is particular to them."""

from __future__ import annotations

from openprocurement_api.testing.client import Api
from procedures.above_threshold_eu.tests import scenarios as base

from . import data
from .borrowed import played
from .play import Play


def the_best_offer_wins(api: Api) -> None:
    """A draft is published, three companies bid, one is rejected unopened; who leaves most to the buyer wins and signs."""
    play = Play(api, status="draft")
    api.patch(play.tender, {"status": "active.tendering"})
    play.bid(450)
    play.bid(440, status="draft")
    api.patch(play.bids[-1], {"status": "pending"})
    play.bid(430)
    play.bid(420, status="draft")
    play.open_bids().judge_all(2).stand_still().to_auction().compete()
    assert play.award["bid_id"] == play.bids[1].id
    play.decide("active")
    play.pass_stand_still()
    assert play.sign()["value"] == play.award["value"]
    assert play.status == "complete"


def the_auction_turns_the_ranking(api: Api) -> None:
    """The last company wins each lot of a tender financed from a budget: in the auction it asks for less, and not so long."""
    play = Play(api, lots=2, funding=data.BUDGET)
    for percentage in (0.6, 0.7):
        play.bids.append(api.post(f"{play.tender.path}/bids", data.bid(percentage, *play.lots)))
    play.judged().to_auction()
    bids = api.get(f"{play.tender.path}/auction", user="auction")["bids"]
    for offer in bids[1]["lotValues"]:
        offer["value"] |= {"yearlyPaymentsPercentage": 0.3, "contractDuration": {"years": 9, "days": 0}}
    for lot in play.lots:
        api.call("POST", f"{play.tender.path}/auction/{lot}", {"bids": bids}, user="auction")
    for lot in play.lots:
        assert play.of_lot(lot)["bid_id"] == play.bids[1].id
        assert play.of_lot(lot)["value"]["contractDuration"] == {"years": 9, "days": 0}
    assert play.status == "active.qualification"


SCENARIOS = (
    the_best_offer_wins,
    the_auction_turns_the_ranking,
    *map(played, (life for life in base.SCENARIOS if life is not base.three_bids_and_a_contract)),
)
