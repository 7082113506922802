"""Cancellations, lots, auctions and the clock of the open procedure."""

from __future__ import annotations

import pytest

from openprocurement_api.testing import builders

IN_VAIN = "Can't {} cancellation if all awards is unsuccessful"
REASON = {"reason": "Кошти скорочено"}


def test_why_it_is_cancelled(api, play):
    token = play.tender.token
    cancellation = api.post(f"{play.tender.path}/cancellations", REASON, token=token)
    assert cancellation.data["reasonType"] == "cancelled"
    assert api.patch(cancellation.path, {"reasonType": "unsuccessful"}, token=token)["reasonType"] == "unsuccessful"
    errors = api.refused("PATCH", cancellation.path, {"reasonType": "mistake"}, status=422, token=token)
    assert errors[0]["name"] == "reasonType"


def test_what_was_awarded_in_vain_is_not_cancelled(awarding, refused):
    """It ends by itself when the stand-still does."""
    pending = awarding.cancel(status="pending")
    awarding.decide("unsuccessful")
    awarding.decide("unsuccessful")
    token = awarding.tender.token
    refused(IN_VAIN.format("add"), "POST", f"{awarding.tender.path}/cancellations", REASON, token=token)
    refused(IN_VAIN.format("update"), "PATCH", pending.path, {"status": "active"}, token=token)


def test_a_lot_that_was_awarded_in_vain_is_not_cancelled(lots, refused):
    lots.awarding(200, 210)
    lost, other = lots.lots
    for _ in range(2):
        lots.decide("unsuccessful", lots.of_lot(lost))
    path, token = f"{lots.tender.path}/cancellations", lots.tender.token
    about = {"cancellationOf": "lot", "relatedLot": lost}
    for data in (REASON | about, REASON):
        refused(IN_VAIN.format("add"), "POST", path, data, token=token)
    lots.cancel(other)
    assert lots.doc["lots"][1]["status"] == "cancelled"


def test_bids_that_were_never_opened_go(play):
    play.bid()
    play.cancel()
    assert play.status == "cancelled"
    assert "bids" not in play.doc


@pytest.mark.parametrize("bids", [0, 1])
def test_one_bid_is_not_enough(play, bids):
    play.open_bids(*[450] * bids)
    assert play.status == "unsuccessful"
    assert "awards" not in play.doc


def test_a_lot_with_one_bid_fails(lots):
    lots.bid(200, *lots.lots)
    lots.bid(210, lots.lots[0])
    lots.end_tendering()
    assert [lot["status"] for lot in lots.doc["lots"]] == ["active", "unsuccessful"]
    assert lots.status == "active.auction"
    lots.hold_auction(lots.lots[0])
    assert lots.award["lotID"] == lots.lots[0]


def test_the_auction_sees_which_bids_stand(api, play):
    """Of those that do not, it sees that they were there, and reports on all."""
    gone, *_ = play.bid(430), play.bid(440), play.bid(450)
    api.call("DELETE", gone.path, token=gone.token)
    play.end_tendering()
    told = api.get(f"{play.tender.path}/auction", user="auction")["bids"]
    assert told[0] == {"id": gone.id, "status": "deleted"}
    assert [bid["status"] for bid in told] == ["deleted", "active", "active"]
    results = [{"id": bid["id"], "value": builders.value(400 + n)} for n, bid in enumerate(told)]
    api.call("POST", f"{play.tender.path}/auction", {"bids": results}, user="auction")
    assert play.award["value"]["amount"] == 401
    assert play.doc["bids"][0] == {"id": gone.id, "status": "deleted"}
