"""What the toolkit's suites say of auctions of energy service contracts: bidders ask for less, or for a shorter time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import wrong

from procedures.esco.tests import data
from procedures.esco.tests.play import Play

SHARE, DURATION = "yearlyPaymentsPercentage", "contractDuration"
SEEN = {SHARE, DURATION, "amountPerformance", "annualCostsReduction", "currency", "valueAddedTaxIncluded"}
BETTER = {SHARE: 0.8, DURATION: {"years": 5, "days": 100}}


def asked(play, **options):
    return play.api.get(f"{play.tender.path}/auction", user="auction", **options)


def report(play, bids, lot="", **options):
    suffix = f"/{lot}" if lot else ""
    return play.api.call("POST", f"{play.tender.path}/auction{suffix}", {"bids": bids}, user="auction", **options).json["data"]


@pytest.fixture
def waiting(play):
    """A tender in active.auction, whose first bid is worth most."""
    return play.judged(440, 450, 460).to_auction()


@pytest.fixture
def lots_wait(divided):
    """A tender with two lots in active.auction, whose first bid is worth most."""
    return divided.judged(440, 450).to_auction()


def test_what_the_auction_is_told(waiting):
    told = asked(waiting)
    named = ("NBUdiscountRate", "minimalStepPercentage", "yearlyPaymentsPercentageRange", "fundingKind", "procurementMethodType")
    assert [told[name] for name in named] == [0.135, 0.02, 0.8, "other", "esco"]
    assert told["noticePublicationDate"] == waiting.doc["noticePublicationDate"]
    assert told.keys().isdisjoint({"procuringEntity", "minimalStep", "value"})
    assert all(bid["value"].keys() == SEEN and "tenderers" not in bid for bid in told["bids"])
    worth = [bid["value"]["amountPerformance"] for bid in told["bids"]]
    assert worth == sorted(worth, reverse=True)


def test_what_the_auction_is_told_of_lots(lots_wait):
    told = asked(lots_wait)
    assert all(offer["value"].keys() == SEEN for bid in told["bids"] for offer in bid["lotValues"])
    assert [lot["minimalStepPercentage"] for lot in told["lots"]] == [0.02, 0.02]


def test_of_a_rejected_bid_the_auction_is_told_nothing(play):
    play.judged(440, 450, 460, rejected=(1,)).to_auction()
    assert [bid.keys() == {"id", "status"} for bid in asked(play)["bids"]] == [False, True, False]


def test_results_say_share_and_duration_and_the_best_is_considered(waiting):
    last = waiting.bids[2].id
    sent = [{"id": bid.id, "value": BETTER if bid.id == last else {SHARE: 0.84}} for bid in waiting.bids]
    shown = report(waiting, sent)
    assert shown["status"] == "active.qualification"
    values = {bid["id"]: bid["value"] for bid in waiting.doc["bids"]}
    assert (values[last][SHARE], values[last][DURATION]) == (0.8, BETTER[DURATION])
    assert values[last]["amountPerformance"] == max(value["amountPerformance"] for value in values.values())
    assert waiting.award["bid_id"] == last
    assert waiting.award["value"] == values[last]


def test_other_parts_of_an_offer_are_not_changed_by_results(waiting):
    before = waiting.stored["bids"]
    worthless = {"annualCostsReduction": [0] * 21, "currency": "USD", "amount": 1, "amountPerformance": 1}
    report(waiting, [{"id": bid.id, "value": worthless} for bid in waiting.bids])
    assert [bid["value"] for bid in waiting.stored["bids"]] == [bid["value"] for bid in before]
    assert waiting.award["bid_id"] == waiting.bids[0].id


def test_the_same_results_may_be_told_again_but_no_others(waiting):
    sent = [{"id": bid.id, "value": BETTER} for bid in waiting.bids]
    path = f"{waiting.tender.path}/auction"
    report(waiting, sent)
    waiting.api.refused("POST", path, {"bids": sent}, user="auction")
    assert waiting.status == "active.qualification"


@pytest.mark.parametrize(
    ("value", "described"),
    [
        ({SHARE: 1.2}, {SHARE: ["Value should be less than 1."]}),
        ({SHARE: 0.2}, {SHARE: ["yearlyPaymentsPercentage should be greater than 0.8 and less than 1"]}),
        ({DURATION: {"years": 15, "days": 9}}, {DURATION: {"days": ["max contract duration 15 years"]}}),
        (None, ["This field is required."]),
    ],
)
def test_results_that_no_offer_may_have_are_refused(waiting, value, described):
    sent = [{"id": bid.id} | ({"value": value} if bid is waiting.bids[1] else {}) for bid in waiting.bids]
    errors = waiting.api.refused("POST", f"{waiting.tender.path}/auction", {"bids": sent}, status=422, user="auction")
    assert errors == wrong("bids", [{"value": described}])
    assert waiting.status == "active.auction"


def test_each_lot_has_an_auction_and_a_winner(lots_wait):
    first, second = lots_wait.lots
    sent = [
        {"id": bid.id, "lotValues": [{"relatedLot": lot, "value": BETTER if place == lot_place else {}}
                                     for lot_place, lot in enumerate(lots_wait.lots)]}
        for place, bid in enumerate(lots_wait.bids)
    ]  # fmt: skip
    report(lots_wait, sent, first)
    assert lots_wait.status == "active.auction"
    offers = lots_wait.stored["bids"]
    assert [offer["value"][SHARE] for offer in offers[1]["lotValues"]] == [0.845, 0.845]
    report(lots_wait, sent, second)
    assert [lots_wait.of_lot(lot)["bid_id"] for lot in (first, second)] == [bid.id for bid in lots_wait.bids]
    assert lots_wait.of_lot(second)["value"][DURATION] == BETTER[DURATION]


def test_addresses_of_rooms(waiting, lots_wait):
    url = "https://auction.example.com/esco-tenders/1"
    bids = [{"id": bid.id, "participationUrl": f"{url}?bidder_id={bid.id}"} for bid in waiting.bids]
    told = waiting.api.patch(f"{waiting.tender.path}/auction", {"auctionUrl": url, "bids": bids}, user="auction")
    assert told["auctionUrl"] == waiting.doc["auctionUrl"] == url
    assert all(bid["participationUrl"].startswith(url) for bid in told["bids"])
    lot = lots_wait.lots[0]
    lots = [{"id": each, "auctionUrl": f"{url}_{each}"} for each in lots_wait.lots]
    offers = [{"participationUrl": f"{url}_{each}"} for each in lots_wait.lots]
    news = {"lots": lots, "bids": [{"id": bid.id, "lotValues": offers} for bid in lots_wait.bids]}
    lots_wait.api.patch(f"{lots_wait.tender.path}/auction/{lot}", news, user="auction")
    assert lots_wait.doc["lots"][0]["auctionUrl"] == f"{url}_{lot}"


def test_equal_offers_the_earlier_is_considered(api):
    play = Play(api)
    for _ in range(2):
        play.bid(450)
        api.clock.advance(timedelta(minutes=1))
    play.judged().to_auction().compete()
    assert play.award["bid_id"] == play.bids[0].id


def test_who_asks_for_nothing_is_worth_most_of_all(budgeted):
    for share in (0.7, 0, 0.3):
        made = budgeted.api.post(f"{budgeted.tender.path}/bids", data.bid(share))
        budgeted.bids.append(made)
    budgeted.judged().to_auction().compete()
    assert budgeted.award["bid_id"] == budgeted.bids[1].id
    assert budgeted.award["value"]["amount"] == 0
