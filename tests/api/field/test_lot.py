"""Lots: dividing a tender, the sums that follow, and what becomes of each lot with no, one or two bids."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import (
    BAD_BODIES,
    FORBIDDEN,
    UNKNOWN,
    awards,
    bidding,
    cancel,
    claim,
    contracts,
    forge_status,
    hold_auction,
    registered,
    said,
    unknown,
    with_lots,
    wrong,
)

from openprocurement_api.testing.builders import bid, item, lot, lot_bid, organization, problem, tender, value
from openprocurement_api.testing.client import BASE

REQUIRED = ["This field is required."]
FIRST, SECOND = "1" * 32, "2" * 32
CURRENCY = wrong("lots", ["lot guarantee currency should be identical to tender guarantee currency"])


@pytest.fixture
def path(enquiries):
    return f"{enquiries.path}/lots"


@pytest.fixture
def add(api, enquiries, path):
    """Adds a lot to the tender."""
    return lambda title="Лот", amount=250, **changes: api.post(path, lot(title, amount, **changes), token=enquiries.token)


# --- lots that are wrong


@BAD_BODIES
def test_body_that_is_no_lot(api, enquiries, path, body, content_type, status, error):
    api.web.authorization = ("Basic", ("broker", ""))
    url = f"{BASE}{path}?acc_token={enquiries.token}"
    answer = api.web.post(url, body.encode(), content_type=content_type, status=status)
    assert answer.json == {"status": "error", "errors": [error]}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, [("minimalStep", REQUIRED), ("title", REQUIRED), ("value", REQUIRED)]),
        ({"invalid_field": "invalid_value"}, [("invalid_field", "Rogue field")]),
        ({"value": "invalid_value"}, [("value", ["Please use a mapping for this field or Value instance instead of str."])]),
        (lot(title=""), [("title", ["String value is too short."])]),
        (lot(minimalStep=value(500)), [("minimalStep", ["value should be less than value of lot"])]),
        (lot(id="one"), [("id", ["Hash value is wrong length."])]),
        (lot(guarantee={"amount": -1}), [("guarantee", {"amount": ["Float value should be greater than 0."]})]),
    ],
)
def test_invalid_lot(api, enquiries, path, data, errors):
    found = api.refused("POST", path, data, status=422, token=enquiries.token)
    assert sorted(found, key=lambda e: e["name"]) == [problem(*error) for error in errors]


@pytest.mark.parametrize(
    ("lots", "description"),
    [
        ([lot(id=FIRST), lot("Інший", id=FIRST)], ["Lot id should be uniq for all lots"]),
        ([lot(), {"title": "Пустий"}], [{"value": REQUIRED, "minimalStep": REQUIRED}]),
        ([lot(minimalStep=value(251))], [{"minimalStep": ["value should be less than value of lot"]}]),
        ([lot(guarantee={"amount": 1, "currency": c}) for c in ("UAH", "USD")], CURRENCY[0]["description"]),
    ],
)
def test_invalid_lots_of_a_new_tender(api, lots, description):
    assert api.refused("POST", "/tenders", tender(api.clock.now, lots=lots), status=422) == wrong("lots", description)


def test_lots_that_are_no_list(api):
    for lots in ("two", ["one", "two"], {"title": "Лот"}):
        [error] = api.refused("POST", "/tenders", tender(api.clock.now, lots=lots), status=422)
        assert error["name"] == "lots"


def test_items_belong_to_lots_that_exist(api, enquiries):
    sent = {"items": [{"relatedLot": UNKNOWN}]}
    errors = api.refused("PATCH", enquiries.path, sent, status=422, token=enquiries.token)
    assert errors == wrong("items", [{"relatedLot": ["relatedLot should be one of lots"]}])


# --- adding


def test_lot(api, enquiries, path):
    sent = lot(status="cancelled", auctionUrl="http://localhost/", auctionPeriod={"startDate": "2030-01-01"}, date="2015-01-01")
    answer = api.call("POST", path, sent, token=enquiries.token, status=201)
    made = answer.json["data"]
    assert made == lot() | {"id": made["id"], "status": "active", "date": api.clock.now.isoformat()}
    assert answer.headers["Location"] == f"http://localhost{BASE}{path}/{made['id']}"
    assert "access" not in answer.json
    assert api.get(path, user=None) == [made]
    assert api.get(f"{path}/{made['id']}", user=None) == made
    assert api.get(enquiries.path)["lots"] == [made]


def test_lots_that_come_with_the_tender(api):
    made, (first, second) = with_lots(api, 2)
    expected = {"status": "active", "date": api.clock.now.isoformat()}
    assert made.data["lots"] == [lot("Лот 0") | expected | {"id": first}, lot("Лот 1") | expected | {"id": second}]
    assert made.data["value"]["amount"] == 500
    assert "auctionPeriod" not in made.data


def test_same_id(api, enquiries, path, add):
    add(id=FIRST)
    errors = api.refused("POST", path, lot(id=FIRST), status=422, token=enquiries.token)
    assert errors == wrong("lots", ["Lot id should be uniq for all lots"])


def test_only_the_buyer(api, enquiries, path, add):
    made = add()
    for user, token in (("broker", ""), ("broker2", enquiries.token), (None, ""), ("chronograph", ""), ("auction", "")):
        assert api.refused("POST", path, lot(), user=user, token=token) == FORBIDDEN
        assert api.refused("PATCH", made.path, {"title": "Інше"}, user=user, token=token) == FORBIDDEN
        assert api.refused("DELETE", made.path, user=user, token=token) == FORBIDDEN


@pytest.mark.parametrize("status", ["active.tendering", "active.auction", "active.qualification", "active.awarded", "complete"])
def test_lots_are_fixed_when_enquiries_end(api, enquiries, path, add, status):
    made = add()
    forge_status(api, enquiries, status)
    for method, where, word, data in (
        ("POST", path, "add", lot()),
        ("PATCH", made.path, "update", {"title": "Інше"}),
        ("DELETE", made.path, "delete", None),
    ):
        errors = api.refused(method, where, data, token=enquiries.token)
        assert errors == said(f"Can't {word} lot in current ({status}) tender status")


@pytest.mark.parametrize(
    ("method", "where", "name"),
    [
        ("GET", "/tenders/some_id/lots", "tender"),
        ("POST", "/tenders/some_id/lots", "tender"),
        ("GET", "/tenders/some_id/lots/some_id", "tender"),
        ("PATCH", "/tenders/some_id/lots/some_id", "tender"),
        ("DELETE", "/tenders/some_id/lots/some_id", "tender"),
        ("GET", "{}/some_id", "lot"),
        ("PATCH", "{}/some_id", "lot"),
        ("DELETE", "{}/some_id", "lot"),
    ],
)
def test_not_found(api, enquiries, path, method, where, name):
    data = {"title": "Лот"} if method in ("POST", "PATCH") else None
    assert api.refused(method, where.format(path), data, status=404, token=enquiries.token) == unknown(name)


# --- changing and taking away


def test_change(api, enquiries, add):
    made = add()
    api.clock.advance(timedelta(minutes=1))
    after = api.patch(made.path, {"title": "Інше", "status": "cancelled", "date": "2015-01-01"}, token=enquiries.token)
    assert after == made.data | {"title": "Інше"}
    assert api.patch(made.path, {"title": "Інше"}, token=enquiries.token) == after
    errors = api.refused("PATCH", made.path, {"minimalStep": {"amount": 251}}, status=422, token=enquiries.token)
    assert errors == wrong("minimalStep", ["value should be less than value of lot"])


def test_removal(api, enquiries, path, add):
    made = add()
    assert api.call("DELETE", made.path, token=enquiries.token).json["data"] == made.data
    assert api.refused("DELETE", made.path, status=404, token=enquiries.token) == unknown("lot")
    assert api.get(path) == []
    needed = add()
    api.patch(enquiries, {"items": [{"relatedLot": needed.id}]})
    errors = api.refused("DELETE", needed.path, status=422, token=enquiries.token)
    assert errors == wrong("items", [{"relatedLot": ["relatedLot should be one of lots"]}])
    api.patch(enquiries, {"items": [{"relatedLot": None}]})
    assert api.call("DELETE", needed.path, token=enquiries.token).json["data"]["id"] == needed.id


def test_lot_with_a_criterion_stays(api, enquiries, add):
    made = add()
    criterion = {"title": "Гарантія", "featureOf": "lot", "relatedItem": made.id, "enum": [{"value": 0.1, "title": "рік"}]}
    api.patch(enquiries, {"features": [criterion]})
    errors = api.refused("DELETE", made.path, status=422, token=enquiries.token)
    assert errors == wrong("features", [{"relatedItem": ["relatedItem should be one of lots"]}])


# --- sums


def test_value_and_step_follow_from_the_lots(api, enquiries, add):
    add(amount=0.1, minimalStep=value(0.05))
    second = add(amount=0.2, minimalStep=value(0.03))
    now = api.get(enquiries.path)
    assert (now["value"], now["minimalStep"]) == (value(0.3), value(0.03)), "not 0.30000000000000004"
    api.patch(second.path, {"value": {"amount": 0.7}}, token=enquiries.token)
    assert api.get(enquiries.path)["value"]["amount"] == 0.8
    assert api.patch(enquiries, {"value": {"amount": 10**6}})["value"]["amount"] == 0.8


def test_step_of_a_new_lot_may_lie_below_its_value(api, enquiries, path, add):
    add(amount=0.1, minimalStep=value(0.01))
    add(amount=500, minimalStep=value(100))
    assert api.get(enquiries.path)["minimalStep"]["amount"] == 0.01


def test_lots_are_in_the_currency_of_the_tender(api, enquiries, path, add):
    made = add(value=value(250, currency="USD"), minimalStep=value(5, currency="EUR", valueAddedTaxIncluded=False))
    assert (made.data["value"], made.data["minimalStep"]) == (value(250), value(5))
    api.patch(enquiries, {"value": {"currency": "GBP"}, "minimalStep": {"currency": "GBP"}})
    assert api.get(made.path)["value"] == value(250, currency="GBP")
    assert api.get(made.path)["minimalStep"] == value(5, currency="GBP")
    for name in ("value", "minimalStep"):
        after = api.patch(made.path, {name: {"currency": "USD"}}, token=enquiries.token)
        assert after[name]["currency"] == "GBP"
    errors = api.refused("PATCH", enquiries.path, {"value": {"currency": "USD"}}, status=422, token=enquiries.token)
    assert errors == wrong("minimalStep", ["currency should be identical to currency of value of tender"])


def test_lots_include_tax_as_the_tender_does(api, enquiries, add):
    made = add(value=value(250, valueAddedTaxIncluded=False))
    assert made.data["value"]["valueAddedTaxIncluded"] is True
    api.patch(enquiries, {"value": {"valueAddedTaxIncluded": False}, "minimalStep": {"valueAddedTaxIncluded": False}})
    after = api.get(made.path)
    assert after["value"]["valueAddedTaxIncluded"] is after["minimalStep"]["valueAddedTaxIncluded"] is False
    after = api.patch(made.path, {"value": {"valueAddedTaxIncluded": True}}, token=enquiries.token)
    assert after["value"]["valueAddedTaxIncluded"] is False


def usd(amount):
    return {"amount": amount, "currency": "USD"}


def test_guarantees(api, enquiries, path, add):
    assert "guarantee" not in add().data
    assert "guarantee" not in api.get(enquiries.path)
    assert add(guarantee=usd(100500)).data["guarantee"] == usd(100500)
    assert api.get(enquiries.path)["guarantee"] == usd(100500)
    uah = lot(guarantee={"amount": 500, "currency": "UAH"})
    assert api.refused("POST", path, uah, status=422, token=enquiries.token) == CURRENCY
    add(guarantee=usd(500))
    assert api.get(enquiries.path)["guarantee"] == usd(101000)


def test_guarantee_of_the_tender_names_the_currency(api):
    made = api.tender(guarantee=usd(100))
    path = f"{made.path}/lots"
    first = api.post(path, lot(guarantee=usd(20)), token=made.token)
    assert api.get(made.path)["guarantee"] == usd(20)
    assert api.patch(made, {"guarantee": {"currency": "GBP"}})["guarantee"] == {"amount": 20, "currency": "GBP"}
    assert api.get(first.path)["guarantee"] == {"amount": 20, "currency": "GBP"}
    second = api.post(path, lot(guarantee={"amount": 30, "currency": "GBP"}), token=made.token)
    assert api.refused("POST", path, lot(guarantee=usd(40)), status=422, token=made.token) == CURRENCY
    assert api.get(made.path)["guarantee"] == {"amount": 50, "currency": "GBP"}
    assert api.patch(made, {"guarantee": {"amount": 55}})["guarantee"] == {"amount": 50, "currency": "GBP"}
    api.patch(second.path, {"guarantee": {"amount": 35}}, token=made.token)
    assert api.get(made.path)["guarantee"]["amount"] == 55
    api.patch(second.path, {"guarantee": {"amount": 0}}, token=made.token)
    assert api.get(made.path)["guarantee"]["amount"] == 20
    api.call("DELETE", second.path, token=made.token)
    assert api.get(made.path)["guarantee"] == {"amount": 20, "currency": "GBP"}
    api.patch(first.path, {"guarantee": {"amount": 0}}, token=made.token)
    api.call("DELETE", first.path, token=made.token)
    assert api.get(made.path)["guarantee"] == {"amount": 0, "currency": "GBP"}


def test_guarantee_that_no_lot_shares_is_the_tenders_own(api, add, enquiries):
    made = add()
    api.patch(enquiries, {"guarantee": usd(55)})
    api.call("DELETE", made.path, token=enquiries.token)
    assert api.get(enquiries.path)["guarantee"] == usd(55)


def test_value_of_a_tender_that_is_divided_no_more_is_in_the_currency_named_last(api, enquiries, add):
    made = add()
    api.patch(enquiries, {name: {"currency": "GBP"} for name in ("value", "minimalStep")})
    api.call("DELETE", made.path, token=enquiries.token)
    now = api.get(enquiries.path)
    assert (now["value"], now["minimalStep"]) == (value(500, currency="GBP"), value(15, currency="GBP"))


def test_guarantee_comes_later(api, enquiries, add):
    made = add()
    assert api.patch(made.path, {"guarantee": {"amount": 12}}, token=enquiries.token)["guarantee"] == {
        "amount": 12,
        "currency": "UAH",
    }
    assert api.patch(made.path, {"guarantee": {"currency": "USD"}}, token=enquiries.token)["guarantee"] == {
        "amount": 12,
        "currency": "UAH",
    }


# --- what becomes of lots


def statuses(api, made):
    doc = api.get(made.path)
    return doc["status"], [each["status"] for each in doc["lots"]]


def decide(api, award, status="active"):
    """The buyer decides on an award."""
    api.patch(award, {"status": status})


def sign(api, made):
    """The buyer signs every contract that waits for it, after the stand-still."""
    api.clock.advance(timedelta(days=10))
    for contract in contracts(api, made):
        if contract.data["status"] == "pending":
            api.patch(contract, {"status": "active"})


@pytest.mark.parametrize("count", [1, 2])
def test_lots_without_bids(api, count):
    made, _ = with_lots(api, count)
    api.tick(made, made.data["tenderPeriod"]["endDate"])
    assert statuses(api, made) == ("unsuccessful", ["unsuccessful"] * count)


def test_auctions_are_planned_by_lot(api):
    made, _ = with_lots(api, 2)
    bidding(api, made, 200, 190)
    waiting = api.get(made.path)
    midnight = "2026-03-17T00:00:00+02:00"
    assert [each["auctionPeriod"] for each in waiting["lots"]] == [{"shouldStartAfter": midnight}] * 2
    assert "auctionPeriod" not in waiting
    start = "2026-03-17T11:00:00+02:00"
    planned = api.patch(made.path, {"lots": [{"auctionPeriod": {"startDate": start}}, {}]}, user="chronograph")
    assert planned["lots"][0]["auctionPeriod"] == {"startDate": start, "shouldStartAfter": midnight}
    assert planned["lots"][1]["auctionPeriod"] == {"shouldStartAfter": midnight}
    assert api.until(made, "active.auction")["next_check"] == start


@pytest.mark.parametrize("count", [1, 2])
def test_one_bid_is_awarded_at_once(api, count):
    made, lots = with_lots(api, count)
    bidding(api, made, 200)
    api.tick(made, made.data["tenderPeriod"]["endDate"])
    assert statuses(api, made) == ("active.qualification", ["active"] * count)
    given = awards(api, made)
    assert [award.data["lotID"] for award in given] == lots
    for number, award in enumerate(given):
        assert api.get(made.path)["status"] == "active.qualification", number
        decide(api, award)
    assert api.get(made.path)["status"] == "active.awarded"
    sign(api, made)
    assert statuses(api, made) == ("complete", ["complete"] * count)


@pytest.mark.parametrize("count", [1, 2])
def test_two_bids_meet_in_the_auction(api, count):
    made, lots = with_lots(api, count)
    _, best = bidding(api, made, 200, 190)
    api.until(made, "active.auction")
    assert api.get(made.path, user="chronograph")["numberOfBids"] == 2
    hold_auction(api, made)
    given = awards(api, made)
    assert [(award.data["lotID"], award.data["bid_id"]) for award in given] == [(lot_id, best.id) for lot_id in lots]
    for award in given:
        decide(api, award)
    sign(api, made)
    assert statuses(api, made) == ("complete", ["complete"] * count)


def test_rejected_bids_leave_the_lot_unsuccessful(api):
    made, _ = with_lots(api, 1)
    bidding(api, made, 200, 190)
    hold_auction(api, made)
    for _ in range(2):
        decide(api, awards(api, made)[-1], "unsuccessful")
    assert statuses(api, made) == ("active.awarded", ["active"])
    api.tick(made, api.get(made.path)["next_check"])
    assert statuses(api, made) == ("unsuccessful", ["unsuccessful"])


def test_one_lot_has_bids_and_the_other_none(api):
    made, (first, second) = with_lots(api, 2)
    api.until(made, "active.tendering")
    for amount in (200, 190):
        api.post(f"{made.path}/bids", lot_bid({first: amount}))
    api.until(made, "active.auction")
    assert statuses(api, made) == ("active.auction", ["active", "unsuccessful"])
    assert "auctionPeriod" not in api.get(f"{made.path}/lots/{second}")
    hold_auction(api, made)
    decide(api, awards(api, made)[0])
    sign(api, made)
    assert statuses(api, made) == ("complete", ["complete", "unsuccessful"])


def test_one_lot_has_two_bids_and_the_other_one(api):
    made, (first, second) = with_lots(api, 2)
    api.until(made, "active.tendering")
    both = api.post(f"{made.path}/bids", lot_bid({first: 200, second: 200}))
    api.post(f"{made.path}/bids", lot_bid({first: 190}))
    doc = api.until(made, "active.auction")
    assert [each.get("auctionPeriod", {}).get("shouldStartAfter") for each in doc["lots"]] == ["2026-03-17T00:00:00+02:00", None]
    bids = api.get(f"{made.path}/auction", user="auction")["bids"]
    api.call("POST", f"{made.path}/auction/{first}", {"bids": bids}, user="auction")
    assert api.get(made.path)["status"] == "active.qualification"
    assert [award.data["lotID"] for award in awards(api, made)] == [first, second]
    assert awards(api, made)[1].data["bid_id"] == both.id


def test_one_lot_is_won_and_the_other_lost(api):
    made, _ = with_lots(api, 2)
    bidding(api, made, 200)
    api.until(made, "active.qualification")
    won, lost = awards(api, made)
    decide(api, won)
    decide(api, lost, "unsuccessful")
    assert api.get(made.path)["status"] == "active.awarded"
    api.clock.advance(timedelta(days=10))
    sign(api, made)
    assert statuses(api, made)[1][0] == "complete"
    api.tick(made)
    assert statuses(api, made) == ("complete", ["complete", "unsuccessful"])


def test_both_lots_are_lost(api):
    made, _ = with_lots(api, 2)
    bidding(api, made, 200)
    api.until(made, "active.qualification")
    for award in awards(api, made):
        decide(api, award, "unsuccessful")
    api.tick(made, timedelta(days=10))
    assert statuses(api, made) == ("unsuccessful", ["unsuccessful"] * 2)


@pytest.mark.parametrize("status", ["active.enquiries", "active.tendering", "active.qualification"])
def test_cancelled_lots_leave_the_tender_to_the_others(api, status):
    made, (first, second) = with_lots(api, 2)
    if status != "active.enquiries":
        bidding(api, made, 200)
        api.until(made, status)
    cancel(api, made, first)
    assert statuses(api, made) == (status, ["cancelled", "active"])
    errors = api.refused(
        "POST", f"{made.path}/cancellations", {"reason": "Ще", "cancellationOf": "lot", "relatedLot": first}, token=made.token
    )
    assert errors == said("Can add cancellation only in active lot status")
    cancel(api, made, second)
    assert statuses(api, made) == ("cancelled", ["cancelled", "cancelled"])


def test_bids_for_a_cancelled_lot_are_gone(api):
    made, (first, second) = with_lots(api, 2)
    api.until(made, "active.tendering")
    only, both = (api.post(f"{made.path}/bids", lot_bid(offers)) for offers in ({first: 200}, {first: 200, second: 200}))
    cancel(api, made, first)
    after = api.until(made, "active.qualification")
    assert [b["id"] for b in after["bids"]] == [both.id]
    assert [offer["relatedLot"] for offer in after["bids"][0]["lotValues"]] == [second]
    assert [award.data["lotID"] for award in awards(api, made)] == [second]
    assert api.refused("GET", only.path, status=404) == unknown("bid")


def weighed(api):
    """A tender with two lots and a criterion for each, and the answers to both."""
    enum = [{"value": share, "title": str(share)} for share in (0, 0.1)]
    features = [
        {"code": code, "title": code, "featureOf": "lot", "relatedItem": lot_id, "enum": enum}
        for code, lot_id in (("first", FIRST), ("second", SECOND))
    ]
    made = api.tender(lots=[lot("Перший", id=FIRST), lot("Другий", id=SECOND)], features=features)
    api.until(made, "active.tendering")
    return made, [{"code": code, "value": 0.1} for code in ("first", "second")]


def test_offers_that_were_never_opened_stay_secret_if_the_lot_is_cancelled_in_the_auction(api):
    made, answers = weighed(api)
    for amount in (200, 190):
        both = api.post(f"{made.path}/bids", lot_bid({FIRST: amount, SECOND: amount + 1}, parameters=answers))
    api.post(f"{both.path}/documents", registered(api, documentOf="lot", relatedItem=FIRST), token=both.token)
    only = api.post(f"{made.path}/bids", lot_bid({FIRST: 123}, parameters=answers[:1]))
    api.until(made, "active.auction")
    cancel(api, made, FIRST)
    hold_auction(api, made)
    after = api.get(made.path, user=None)
    assert after["status"] == "active.qualification"
    assert only.id not in str(after["bids"])
    assert [[offer["relatedLot"] for offer in b["lotValues"]] for b in after["bids"]] == [[SECOND], [SECOND]]
    assert [b["parameters"] for b in after["bids"]] == [answers[1:]] * 2
    assert all("documents" not in b for b in api.store.get("tender", made.id).body["bids"]), "no empty list is kept"


def test_bids_are_gone_with_the_last_lot_that_had_any(api):
    made, (first, _) = with_lots(api, 2)
    api.until(made, "active.tendering")
    for amount in (200, 190):
        api.post(f"{made.path}/bids", lot_bid({first: amount}))
    api.until(made, "active.auction")
    cancel(api, made, first)
    assert statuses(api, made) == ("unsuccessful", ["cancelled", "unsuccessful"])
    assert "bids" not in api.store.get("tender", made.id).body


def test_cancelled_lot_beside_a_signed_one(api):
    made, (_, second) = with_lots(api, 2)
    bidding(api, made, 200)
    api.until(made, "active.qualification")
    for award in awards(api, made):
        decide(api, award)
    sign_first = contracts(api, made)[0]
    api.clock.advance(timedelta(days=10))
    api.patch(sign_first, {"status": "active"})
    assert statuses(api, made) == ("active.awarded", ["complete", "active"])
    cancel(api, made, second)
    assert statuses(api, made) == ("complete", ["complete", "cancelled"])


def test_lot_without_bids_beside_a_cancelled_one(api):
    made, (first, _) = with_lots(api, 2)
    cancel(api, made, first)
    api.tick(made, made.data["tenderPeriod"]["endDate"])
    assert statuses(api, made) == ("unsuccessful", ["cancelled", "unsuccessful"])


def test_things_of_a_cancelled_lot_are_closed(api):
    made, (first, _) = with_lots(api, 2)
    bidding(api, made, 200)
    api.until(made, "active.qualification")
    award = awards(api, made)[0]
    cancel(api, made, first)
    errors = api.refused("PATCH", award.path, {"status": "active"}, token=made.token)
    assert errors == said("Can update award only in active lot status")
    given = {"suppliers": [organization()], "bid_id": award.data["bid_id"], "lotID": first}
    errors = api.refused("POST", f"{made.path}/awards", given, user="token")
    assert errors == said("Can create award only in active lot status")


def test_claims_about_a_lot_hold_up_that_lot_alone(api):
    made, (first, second) = with_lots(api, 2)
    filed = claim(api, made.path, relatedLot=first)
    news = {"status": "answered", "resolutionType": "resolved", "resolution": "Умови змінено, як ви просили"}
    bidding(api, made, 200)
    api.until(made, "active.qualification")
    for award in awards(api, made):
        decide(api, award)
    api.clock.advance(timedelta(days=10))
    api.patch(filed.path, news, token=made.token)
    signing = contracts(api, made)
    errors = api.refused("PATCH", signing[0].path, {"status": "active"}, token=made.token)
    assert errors == said("Can't sign contract before reviewing all complaints")
    assert signing[1].data["status"] == "pending"
    api.patch(signing[1], {"status": "active"})
    assert statuses(api, made) == ("active.awarded", ["active", "complete"])
    assert second in str(api.get(made.path)["awards"])


def test_items_and_contracts_of_lots(api):
    made = api.tender(
        lots=[lot("Перший", id=FIRST), lot("Другий", id=SECOND)],
        items=[item(id="a", relatedLot=FIRST), item(id="b", relatedLot=SECOND), item(id="c", relatedLot=SECOND)],
    )
    bidding(api, made, 200)
    api.until(made, "active.qualification")
    for award in awards(api, made):
        decide(api, award)
    assert [[i["id"] for i in contract.data["items"]] for contract in contracts(api, made)] == [["a"], ["b", "c"]]


def test_bid_for_a_tender_that_is_divided(api):
    made, _ = with_lots(api, 1)
    api.until(made, "active.tendering")
    errors = api.refused("POST", f"{made.path}/bids", bid(200), status=422)
    assert sorted(error["name"] for error in errors) == ["lotValues", "value"]
