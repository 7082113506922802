"""Bids of the open procedure: declared, confirmed, and kept when they are taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openprocurement_api.testing import builders
from procedures.below_threshold.tests.secrets import document

REQUIRED = ["This field is required."]


def offer(amount=450, **changes):
    return builders.bid(amount, **builders.DECLARED | changes)


@pytest.mark.parametrize("name", ["selfQualified", "selfEligible"])
def test_a_bidder_declares_that_it_may_take_part(play, refused, name):
    bid = offer()
    bid[name] = False
    path = f"{play.tender.path}/bids"
    refused(["Value must be one of [True]."], "POST", path, bid, status=422, name=name)
    del bid[name]
    refused(REQUIRED, "POST", path, bid, status=422, name=name)


def test_a_bid_says_who_else_works(play, api):
    bid = play.bid(subcontractingDetails="ТОВ «Помічник»")
    assert bid.data["subcontractingDetails"] == "ТОВ «Помічник»"
    assert api.patch(bid, {"subcontractingDetails": "Сам"})["subcontractingDetails"] == "Сам"


@pytest.mark.parametrize("status", ["invalid", "deleted"])
def test_in_what_status_a_bid_begins(play, refused, status):
    message = "Bid can be added only with status: ['draft', 'active']."
    refused(message, "POST", f"{play.tender.path}/bids", offer(status=status))


def test_a_draft_need_not_fit_yet(api, play, refused):
    """What is wrong with it is told when it is to stand."""
    bid = play.bid(10_000, status="draft")
    message = ["value of bid should be less than value of tender"]
    refused(message, "PATCH", bid.path, {"status": "active"}, token=bid.token, status=422, name="value")
    assert api.patch(bid, {"status": "active", "value": {"amount": 500}})["status"] == "active"


def test_a_draft_of_a_bid_for_lots_need_not_fit_yet(api, lots, refused):
    bid = lots.bid(1000, lots.lots[0], status="draft", parameters=[{"code": "x", "value": 0.1}])
    errors = api.refused("PATCH", bid.path, {"status": "active"}, token=bid.token, status=422)
    assert {error["name"]: error["description"] for error in errors} == {
        "lotValues": [{"value": ["value of bid should be less than value of lot"]}],
        "parameters": [{"code": ["code should be one of feature code."]}],
    }


@pytest.mark.parametrize("status", ["draft", "invalid", "deleted"])
def test_bids_are_moved_to_active_only(play, refused, status):
    bid = play.bid()
    message = f"Can't update bid to ({status}) status"
    refused(message, "PATCH", bid.path, {"status": status}, token=bid.token, name="bid")


def test_a_bid_that_is_taken_back_stays(api, play, refused):
    """Everybody sees that there was one, and nobody what it said, its holder included."""
    bid, _, _ = play.bid(430), play.bid(440), play.bid(450)
    shown = api.call("DELETE", bid.path, token=bid.token).json["data"]
    assert shown == api.get(bid.path, token=bid.token) == {"id": bid.id, "status": "deleted"}
    for data in ({"status": "active"}, {"value": {"amount": 400}}):
        refused("Can't update bid in (deleted) status", "PATCH", bid.path, data, token=bid.token)
    play.end_tendering()
    play.hold_auction()
    assert api.get(bid.path) == {"id": bid.id, "status": "deleted"}
    assert [b["status"] for b in play.doc["bids"]] == ["deleted", "active", "active"]
    assert play.doc["numberOfBids"] == 2
    assert play.award["value"]["amount"] == 440


@pytest.mark.parametrize("status", ["draft", "active"])
def test_a_bid_is_taken_back_again(api, play, status):
    """A platform that did not get the answer asks once more, and nothing changes."""
    bid = play.bid(status=status)
    first, again = (api.call("DELETE", bid.path, token=bid.token).json["data"] for _ in range(2))
    assert first == again == {"id": bid.id, "status": "deleted"}


@pytest.mark.parametrize("status", [[], {}, ["active"], [None], {"active": True}])
def test_a_status_that_is_no_text(api, play, status):
    bid = play.bid()
    errors = api.refused("PATCH", bid.path, {"status": status}, token=bid.token, status=422)
    assert [error["name"] for error in errors] == ["status"]


def test_documents_of_a_bid_that_was_taken_back(api, play, refused):
    """Nobody adds to them, and nobody but their holder reads them when bids are opened."""
    bid, _, _ = play.bid(), play.bid(), play.bid()
    path = f"{bid.path}/documents"
    api.post(path, document(api, "Файл.pdf"), token=bid.token)
    api.call("DELETE", bid.path, token=bid.token)
    refused("Can't add document in current (deleted) bid status", "POST", path, document(api, "Файл.pdf"), token=bid.token)
    play.end_tendering()
    play.hold_auction()
    refused("Can't view bid documents in current (deleted) bid status", "GET", path)


def test_bids_that_were_not_confirmed_take_no_part(api, play):
    stale, first, second = play.bid(100), play.bid(440), play.bid(450)
    play.amend()
    for bid in (first, second):
        api.patch(bid, {"status": "active"})
    play.end_tendering()
    play.hold_auction()
    assert api.get(stale.path) == {"id": stale.id, "status": "invalid"}
    assert play.award["bid_id"] == first.id


def test_bids_that_are_not_confirmed_leave_nothing_to_choose(play):
    play.bid(440), play.bid(450)
    play.amend()
    play.end_tendering()
    assert play.status == "unsuccessful"


def test_a_bid_is_confirmed_when_it_fits_again(api, play, refused):
    """A change of the tender may leave a bid too dear."""
    bid = play.bid(450)
    play.amend(value={"amount": 400})
    message = ["value of bid should be less than value of tender"]
    refused(message, "PATCH", bid.path, {"status": "active"}, token=bid.token, status=422, name="value")
    shown = api.patch(bid, {"status": "active", "value": {"amount": 390}})
    assert shown["value"]["amount"] == 390


def test_bids_are_sealed(api, play):
    bid = play.bid()
    for path, words in ((bid.path, "bid"), (f"{play.tender.path}/bids", "bids")):
        errors = api.refused("GET", path)
        assert errors == [builders.problem("data", f"Can't view {words} in current (active.tendering) tender status")]
    assert "bids" not in play.doc
    assert "numberOfBids" not in play.doc


def test_outside_the_time_for_bids(api, play, refused):
    bid = play.bid()
    api.clock.advance(timedelta(days=17))
    span = "from (2026-03-02T09:00:00+02:00) to (2026-03-18T09:00:00+02:00)."
    path = f"{play.tender.path}/bids"
    for done, method, where, data in (
        ("added", "POST", path, offer()),
        ("updated", "PATCH", bid.path, {"value": {"amount": 1}}),
        ("deleted", "DELETE", bid.path, None),
    ):
        message = f"Bid can be {done} only during the tendering period: {span}"
        refused(message, method, where, data, token=bid.token)
    api.tick(play.tender)
    for verb, method, where, data in (("add", "POST", path, offer()), ("delete", "DELETE", bid.path, None)):
        refused(f"Can't {verb} bid in current (unsuccessful) tender status", method, where, data, token=bid.token)


def test_documents_of_a_bid_while_its_award_is_considered_or_has_won(api, awarding, refused):
    first, second = awarding.bids
    message = "Can't add document because award of bid is not in pending or active state"

    def add(bid):
        api.post(f"{bid.path}/documents", document(api, "Файл.pdf"), token=bid.token)

    add(first)
    refused(message, "POST", f"{second.path}/documents", document(api, "Файл.pdf"), token=second.token)
    awarding.decide("active")
    add(first)
    refused(message, "POST", f"{second.path}/documents", document(api, "Файл.pdf"), token=second.token)
