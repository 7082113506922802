"""Announcing and changing tenders of the open procedure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openprocurement_api.testing import builders
from procedures.below_threshold.tests.secrets import document

SHORT = ["tenderPeriod should be greater than 15 days"]
LATE = "tenderPeriod should be extended by 7 days"


def announce(api, **changes):
    return builders.open_tender(api.clock.now, **changes)


def test_periods_follow_from_the_time_for_bids(play):
    """Questions until 10 days before its end, answers 3 working days longer, complaints until 4 days before its last midnight."""
    assert play.doc["tenderPeriod"] == {"startDate": "2026-03-02T09:00:00+02:00", "endDate": "2026-03-18T09:00:00+02:00"}
    assert play.doc["enquiryPeriod"] == {
        "startDate": "2026-03-02T09:00:00+02:00",
        "endDate": "2026-03-08T09:00:00+02:00",
        "clarificationsUntil": "2026-03-12T00:00:00+02:00",
    }
    assert play.doc["complaintPeriod"] == {"startDate": "2026-03-02T09:00:00+02:00", "endDate": "2026-03-14T00:00:00+02:00"}
    assert play.doc["auctionPeriod"] == {"shouldStartAfter": "2026-03-19T00:00:00+02:00"}
    assert play.doc["next_check"] == "2026-03-18T09:00:00+02:00"
    assert play.status == "active.tendering"


def test_an_accelerated_tender_has_periods_of_minutes(api):
    """A sandbox counts plain time, 1440 times faster, and no midnights."""
    details = {"procurementMethodDetails": "quick, accelerator=1440"}
    shown = api.post("/tenders", builders.open_tender(api.clock.now, days=16 / 1440, **details)).data
    assert shown["complaintPeriod"]["endDate"] == "2026-03-02T09:12:00+02:00"
    assert shown["enquiryPeriod"]["clarificationsUntil"] == "2026-03-02T09:09:00+02:00"


def test_the_time_for_bids_begins_now_if_nothing_is_said(api):
    end = (api.clock.now + timedelta(days=16)).isoformat()
    shown = api.post("/tenders", announce(api, tenderPeriod={"endDate": end})).data
    assert shown["tenderPeriod"]["startDate"] == api.clock.now.isoformat()


@pytest.mark.parametrize("days", [14.99, 1, 0])
def test_the_time_for_bids_is_15_days_at_least(api, refused, days):
    refused(SHORT, "POST", "/tenders", builders.open_tender(api.clock.now, days=days), status=422, name="tenderPeriod")
    api.post("/tenders", builders.open_tender(api.clock.now, days=15))


def test_the_time_for_bids_does_not_begin_in_the_past(api, refused):
    for minutes, begins in ((10, False), (9, True)):
        start = api.clock.now - timedelta(minutes=minutes)
        period = {"startDate": start.isoformat(), "endDate": (start + timedelta(days=16)).isoformat()}
        if begins:
            api.post("/tenders", announce(api, tenderPeriod=period))
        else:
            message = ["tenderPeriod.startDate should be in greater than current date"]
            refused(message, "POST", "/tenders", announce(api, tenderPeriod=period), status=422, name="tenderPeriod")


def test_a_tender_needs_a_time_for_bids(api, refused):
    tender = announce(api)
    del tender["tenderPeriod"]
    refused(["This field is required."], "POST", "/tenders", tender, status=422, name="tenderPeriod")


@pytest.mark.parametrize("missing", ["deliveryDate", "deliveryAddress"])
def test_items_say_when_and_where_they_are_delivered(api, refused, missing):
    item = builders.delivered()
    del item[missing]
    tender = announce(api, items=[item])
    refused([{missing: ["This field is required."]}], "POST", "/tenders", tender, status=422, name="items")


def test_a_delivery_has_an_end(api, refused):
    tender = announce(api, items=[builders.delivered(deliveryDate={"startDate": api.clock.now.isoformat()})])
    message = [{"deliveryDate": {"endDate": ["This field is required."]}}]
    refused(message, "POST", "/tenders", tender, status=422, name="items")


def other(code="55523100-3"):
    """An item of another group of the classification."""
    return builders.delivered(classification={"scheme": "ДК021", "id": code, "description": "Послуги"})


def test_items_are_of_one_group(api, refused):
    tender = announce(api, items=[builders.delivered(), other()])
    refused(["CPV group of items be identical"], "POST", "/tenders", tender, status=422, name="items")


def test_the_kind_of_the_buyer(api, refused):
    tender = announce(api, procuringEntity=builders.organization(kind="other"))
    message = "'other' procuringEntity cannot publish this type of procedure. Only general, special, defense are allowed."
    refused(message, "POST", "/tenders", tender, name="kind", location="procuringEntity")


def test_platforms_need_levels_three_and_four(api, refused):
    message = "Broker Accreditation level does not permit {} creation"
    refused(
        message.format("tender"), "POST", "/tenders", announce(api), user="broker2", name="accreditation",
        location="procurementMethodType",
    )  # fmt: skip
    tender = api.tender_path = api.post("/tenders", announce(api)).path
    bid = builders.bid(**builders.DECLARED)
    refused(
        message.format("bid"), "POST", f"{tender}/bids", bid, user="broker2", name="accreditation",
        location="procurementMethodType",
    )  # fmt: skip


def test_a_draft_is_published(api, refused):
    tender = api.post("/tenders", announce(api, status="draft"))
    message = "Can't update tender in current (draft) status"
    refused(message, "PATCH", tender.path, {"status": "active.auction"}, token=tender.token)
    assert api.patch(tender, {"status": "active.tendering"})["status"] == "active.tendering"


# --- changing it


def test_the_group_of_the_classification_stays(play, refused):
    message = "Can't change classification"
    for items in ([other()], [{}, other()], [{"classification": {"id": "55523100-3"}}]):
        refused(message, "PATCH", play.tender.path, {"items": items}, token=play.tender.token, name="item")
    shown = play.act("", {"items": [{"classification": {"id": "39162000-5", "description": "Меблі"}}]})
    assert shown["items"][0]["classification"]["id"] == "39162000-5"


@pytest.mark.parametrize("items", ["x", [None], [{"classification": "x"}], [{"classification": {"id": 5}}]])
def test_items_that_cannot_be_read_are_refused_as_such(api, play, items):
    errors = api.refused("PATCH", play.tender.path, {"items": items}, status=422, token=play.tender.token)
    assert errors[0]["name"] == "items"


def test_the_time_for_questions_is_not_set(play, refused):
    message, period = "Can't change enquiryPeriod", play.doc["enquiryPeriod"]
    late = {"enquiryPeriod": {"endDate": "2026-03-09T09:00:00+02:00"}}
    refused(message, "PATCH", play.tender.path, late, token=play.tender.token, name="item")
    assert play.act("", {"enquiryPeriod": period})["enquiryPeriod"] == period


def test_a_change_needs_seven_days(api, play, refused):
    """An extension gives them; what follows from the time for bids moves with it."""
    api.clock.advance(timedelta(days=9))
    play.amend(title="Парти")
    api.clock.advance(timedelta(seconds=1))
    refused(LATE, "PATCH", play.tender.path, {"title": "Столи"}, token=play.tender.token)
    end = api.clock.now + timedelta(days=7, seconds=1)
    shown = play.act("", {"title": "Столи", "tenderPeriod": {"endDate": end.isoformat()}})
    assert shown["enquiryPeriod"]["endDate"] == (end - timedelta(days=10)).isoformat()
    assert shown["complaintPeriod"]["endDate"] == "2026-03-14T00:00:00+02:00"


def test_others_than_the_buyer_need_no_time(api, play):
    """An operator repairs, a bot adds extracts, whenever it is; bids stand."""
    bid = play.bid()
    api.clock.advance(timedelta(days=15))
    api.call("PATCH", play.tender.path, {"procuringEntity": {"name": "Школа № 2"}}, user="administrator")
    assert api.get(bid.path, token=bid.token)["status"] == "active"


def test_documents_and_lots_are_changes_too(api, lots, refused):
    lot = f"{lots.tender.path}/lots/{lots.lots[0]}"
    api.clock.advance(timedelta(days=10))
    for method, path, data in (
        ("PATCH", lot, {"title": "Інший"}),
        ("DELETE", lot, None),
        ("POST", f"{lots.tender.path}/lots", builders.lot()),
    ):
        refused(LATE, method, path, data, token=lots.tender.token)
    upload = document(api, "Файл.pdf")
    refused(LATE, "POST", f"{lots.tender.path}/documents", upload, token=lots.tender.token)


def changes(api, play):
    """What the buyer may change, one by one."""
    token = play.tender.token
    yield lambda: play.amend(value={"amount": 490})
    yield lambda: play.act(f"/lots/{play.lots[0]}", {"title": "Змінений"})
    yield lambda: api.post(f"{play.tender.path}/lots", builders.lot("Новий"), token=token)
    yield lambda: api.call("DELETE", f"{play.tender.path}/lots/{play.lots[-1]}", token=token)
    made = []
    yield lambda: made.append(api.post(f"{play.tender.path}/documents", document(api, "Файл.pdf"), token=token))
    yield lambda: api.patch(made[0].path, {"title": "Уточнені.pdf"}, token=token)
    yield lambda: api.call("PUT", made[0].path, document(api, "Нові.pdf"), token=token)


def test_every_change_makes_bids_invalid(api, lots):
    bid = lots.bid(200, lots.lots[0])
    for change in changes(api, lots):
        api.clock.advance(timedelta(minutes=1))
        change()
        assert api.get(bid.path, token=bid.token) == {"id": bid.id, "status": "invalid"}
        assert lots.doc["enquiryPeriod"]["invalidationDate"] == api.clock.now.isoformat()
        assert api.patch(bid, {"status": "active"})["status"] == "active"


def test_what_changes_nothing_leaves_bids_valid(api, play):
    bid = play.bid()
    play.act("", {"title": play.doc["title"]})
    assert api.get(bid.path, token=bid.token)["status"] == "active"
    assert "invalidationDate" not in play.doc["enquiryPeriod"]


@pytest.mark.parametrize(("start", "kept"), [("2026-03-21T00:00:00+02:00", True), ("2026-03-24T00:00:00+02:00", False)])
def test_an_auction_that_is_far_is_planned_anew(api, play, start, kept):
    """More than two working days after it may be held at the earliest: 19 March."""
    api.call("PATCH", play.tender.path, {"auctionPeriod": {"startDate": start}}, user="chronograph")
    assert ("startDate" in play.amend()["auctionPeriod"]) == kept
