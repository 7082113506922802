"""In what the open procedure for defence differs from the open procedure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openprocurement_api.testing import builders

from .play import ANNOUNCED, Play


@pytest.fixture
def play(api):
    """A tender that ends in 16 days: on Wednesday, 18 March, at nine."""
    return Play(api)


def test_periods_are_counted_in_working_days(play):
    """Days off in between do not count: the weekend of 14 and 15 March."""
    assert play.doc["enquiryPeriod"] == {
        "startDate": "2026-03-02T09:00:00+02:00",
        "endDate": "2026-03-13T09:00:00+02:00",
        "clarificationsUntil": "2026-03-17T09:00:00+02:00",
    }
    assert play.doc["complaintPeriod"]["endDate"] == "2026-03-16T00:00:00+02:00"


def test_six_working_days_are_the_least(api):
    tender = builders.open_tender(api.clock.now, days=7.5, **ANNOUNCED)
    errors = api.refused("POST", "/tenders", tender, status=422)
    assert errors == [builders.problem("tenderPeriod", ["tenderPeriod should be greater than 6 working days"])]
    api.post("/tenders", builders.open_tender(api.clock.now, days=8.5, **ANNOUNCED))


def test_a_change_needs_two_working_days(api, play):
    api.clock.advance(timedelta(days=14, minutes=1))
    errors = api.refused("PATCH", play.tender.path, {"description": "Зміна"}, token=play.tender.token)
    assert errors == [builders.problem("data", "tenderPeriod should be extended by 2 working days")]


@pytest.mark.parametrize(
    ("status", "day", "message"),
    [
        ("claim", 12, "Can submit claim not later than 3 days before tenderPeriod end"),
        ("pending", 14, "Can submit complaint not later than 2 days before tenderPeriod end"),
    ],
)
def test_claims_and_complaints_come_in_time(api, play, status, day, message):
    api.clock.advance(timedelta(days=day))
    errors = api.refused("POST", f"{play.tender.path}/complaints", builders.claim(status=status))
    assert errors == [builders.problem("data", message)]


def test_a_single_bid_may_win(play):
    play.open_bids(450)
    assert play.status == "active.qualification"
    assert play.award["bid_id"] == play.bids[0].id


def test_a_lot_with_a_single_bid_is_not_auctioned(api):
    play = Play(api, lots=2)
    play.bid(200, *play.lots)
    play.bid(210, play.lots[0])
    play.end_tendering()
    assert play.status == "active.auction"
    play.hold_auction(play.lots[0])
    assert [award["lotID"] for award in play.doc["awards"]] == play.lots


@pytest.mark.parametrize(("lots", "after"), [(0, "2026-03-19T00:00:00+02:00"), (2, "2026-03-18T09:00:00+02:00")])
def test_auctions_of_lots_are_planned_from_the_end_of_tendering(api, lots, after):
    """Of tenders without lots, from the midnight after it."""
    doc = Play(api, lots=lots).doc
    assert [part["auctionPeriod"]["shouldStartAfter"] for part in doc.get("lots", [doc])] == [after] * max(lots, 1)


def test_an_auction_of_a_lot_that_was_not_held_is_planned_from_its_end(api):
    play = Play(api, lots=1)
    play.bid(200, *play.lots)
    play.bid(210, *play.lots)
    play.end_tendering()
    start = "2026-03-20T12:00:00+02:00"
    api.call("PATCH", play.tender.path, {"lots": [{"auctionPeriod": {"startDate": start}}]}, user="chronograph")
    api.tick(play.tender, "2026-03-20T12:36:00+02:00")
    assert play.doc["lots"][0]["auctionPeriod"] == {"startDate": start, "shouldStartAfter": "2026-03-20T12:36:00+02:00"}


def test_the_stand_still_is_four_working_days_from_midnight(play):
    play.open_bids(450)
    play.decide("active")
    assert play.award["complaintPeriod"]["endDate"] == "2026-03-25T00:00:00+02:00"


def test_only_buyers_for_defence(api):
    buyer = builders.organization(kind="general")
    errors = api.refused("POST", "/tenders", builders.open_tender(api.clock.now, **ANNOUNCED | {"procuringEntity": buyer}))
    message = "'general' procuringEntity cannot publish this type of procedure. Only defense are allowed."
    assert errors == [{"location": "procuringEntity", "name": "kind", "description": message}]


def test_persons_to_ask_speak_languages(api):
    contact = {"name": "Відділ", "telephone": "+380440000002", "availableLanguage": "en"}
    buyer = ANNOUNCED["procuringEntity"] | {"additionalContactPoints": [contact]}
    made = api.post("/tenders", builders.open_tender(api.clock.now, **ANNOUNCED | {"procuringEntity": buyer}))
    assert made.data["procuringEntity"]["additionalContactPoints"] == [contact]
    contact["availableLanguage"] = "uk-UA"
    api.refused("POST", "/tenders", builders.open_tender(api.clock.now, **ANNOUNCED | {"procuringEntity": buyer}), status=422)
