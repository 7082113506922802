"""The guide for auction rooms is played; its examples are what was said: `pytest tests/docs --update-snapshots` records them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from procedures.above_threshold_ua.tests.play import Play as Open
from procedures.below_threshold.tests.play import Play
from procedures.esco.tests.play import Play as Esco

ROOM = "https://auctions.example.org"
START = timedelta(days=1, hours=2, minutes=7)
"""From the end of the time for bids."""


OTHERS = {
    "aboveThresholdUA": lambda api: Open(api).open_bids(430, 450),
    "esco": lambda api: Esco(api).judged(430, 450).to_auction(),
}


@pytest.fixture
def settings(settings):
    return settings | {"plugins": " ".join(["belowThreshold", "documents", *OTHERS])}


@pytest.fixture
def module(api):
    """Requests to an auction page, as the auction module."""

    def ask(method, path, data=None, status=200):
        return api.call(method, path, data, user="auction", status=status)

    return ask


def test_an_auction(api, keep, module):
    play = Play(api).open_bids(430, 450)
    api.patch(play.tender.path, {"auctionPeriod": {"startDate": (api.clock.now + START).isoformat()}}, user="chronograph")
    path = f"{play.tender.path}/auction"
    shown = keep("auction-bids", module("GET", path), "tenderID", "auctionPeriod", "minimalStep", "bids").json["data"]
    doors = [{"id": bid["id"], "participationUrl": f"{ROOM}/1?bidder={bid['id']}"} for bid in shown["bids"]]
    keep("auction-room", module("PATCH", path, {"auctionUrl": f"{ROOM}/1", "bids": doors}), "tenderID", "auctionUrl")
    assert play.doc["auctionUrl"] == f"{ROOM}/1"
    bid = play.bids[0]
    mine = keep("auction-door", api.call("GET", bid.path, token=bid.token), "id", "status", "value", "participationUrl")
    assert mine.json["data"]["participationUrl"] == doors[0]["participationUrl"]

    api.clock.now += START
    results = [
        {"id": bid["id"], "value": {"amount": amount}, "date": (api.clock.now + timedelta(minutes=minutes)).isoformat()}
        for bid, amount, minutes in zip(shown["bids"], (415, 400), (9, 11), strict=True)
    ]
    api.clock.now += timedelta(minutes=20)
    keep("auction-results", module("POST", path, {"bids": results}), "id", "status", "auctionPeriod", "awardPeriod")
    assert (play.status, play.award["bid_id"]) == ("active.qualification", play.bids[1].id)
    assert [bid["value"]["amount"] for bid in play.doc["bids"]] == [415, 400]


def test_auctions_of_lots(api, keep, module):
    play = Play(api, lots=2).open_bids(230, 240)
    first, second = play.lots
    path = f"{play.tender.path}/auction"
    ids = [bid["id"] for bid in module("GET", path).json["data"]["bids"]]
    doors = [
        {"id": bid, "lotValues": [{"relatedLot": first, "participationUrl": f"{ROOM}/1?bidder={bid}"}, {"relatedLot": second}]}
        for bid in ids
    ]
    rooms = [{"id": first, "auctionUrl": f"{ROOM}/1"}, {"id": second}]
    keep("auction-lot-room", module("PATCH", f"{path}/{first}", {"lots": rooms, "bids": doors}), "tenderID")
    assert [lot.get("auctionUrl") for lot in play.doc["lots"]] == [f"{ROOM}/1", None]

    results = final(ids, (210, 200), first, second)
    keep("auction-lot-results", module("POST", f"{path}/{first}", {"bids": results}), "id", "status")
    assert module("POST", f"{path}/{first}", {"bids": results}).json["data"]["status"] == "active.auction"
    other = {"bids": final(ids, (190, 200), first, second)}
    keep("auction-late", module("POST", f"{path}/{first}", other, status=403))
    module("POST", f"{path}/{second}", {"bids": final(ids, (230, 240), second, first)})
    assert play.status == "active.qualification"
    assert {award["lotID"]: award["bid_id"] for award in play.doc["awards"]} == {first: ids[1], second: ids[0]}


def final(bids, amounts, lot, other):
    """The results of a lot; of the other one nothing is said."""
    return [
        {"id": bid, "lotValues": [{"relatedLot": lot, "value": {"amount": amount}}, {"relatedLot": other}]}
        for bid, amount in zip(bids, amounts, strict=True)
    ]


def test_an_auction_that_nobody_held_is_to_be_planned_again(api):
    play = Play(api).open_bids(430, 450)
    start = api.clock.now + START
    api.patch(play.tender.path, {"auctionPeriod": {"startDate": start.isoformat()}}, user="chronograph")
    over = start + timedelta(minutes=6 * len(play.bids) + 24)
    in_time, late = (api.tick(play.tender, when)["auctionPeriod"] for when in (over - timedelta(minutes=1), over))
    assert datetime.fromisoformat(in_time["shouldStartAfter"]) < start
    assert datetime.fromisoformat(late["shouldStartAfter"]) > over


@pytest.mark.parametrize("lead", OTHERS.values(), ids=OTHERS)
def test_what_was_read_may_be_sent_back(api, module, lead):
    play = lead(api)
    shown = module("GET", f"{play.tender.path}/auction").json["data"]
    assert {bid["status"] for bid in shown["bids"]} == {"active"}
    assert module("POST", f"{play.tender.path}/auction", shown).json["data"]["status"] == "active.qualification"
    assert play.award["bid_id"] == play.bids[0].id


def test_of_a_bid_that_was_taken_back_little_is_shown(api, module):
    play = Open(api)
    bids = [play.bid(amount) for amount in (430, 440, 450)]
    api.call("DELETE", bids[1].path, token=bids[1].token)
    play.end_tendering()
    shown = module("GET", f"{play.tender.path}/auction").json["data"]
    assert shown["bids"][1] == {"id": bids[1].id, "status": "deleted"}
    assert module("POST", f"{play.tender.path}/auction", shown).json["data"]["status"] == "active.qualification"
