"""The auction module's page: what it is told, the addresses it leaves, the results it reports, with and without lots."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from journey import FORBIDDEN, UNKNOWN, awards, cancel, said, unknown, upload, wrong

from openprocurement_api.testing.builders import bid, item, lot, lot_bid, value

FIRST, SECOND = "1" * 32, "2" * 32
ROOM = "http://auction.example.org/tenders/1"
NUMBER = wrong("bids", "Number of auction results did not match the number of tender bids")
IDENTICAL = wrong("bids", "Auction bids should be identical to the tender bids")
LOT_NUMBER = wrong("lots", "Number of lots did not match the number of tender lots")
LOT_IDENTICAL = wrong("lots", "Auction lots should be identical to the tender lots")
OFFERS = wrong("bids", [{"lotValues": ["Number of lots of auction results did not match the number of tender lots"]}])
OFFER_OF_OTHERS = wrong("bids", [{"lotValues": [{"relatedLot": ["relatedLot should be one of lots of bid"]}]}])


def refused(api, method, path, data, status=422):
    return api.refused(method, path, data, status=status, user="auction")


@pytest.fixture
def path(tendering):
    return f"{tendering.path}/auction"


@pytest.fixture
def bids(api, tendering):
    """Two bids, the dearer one first."""
    return [api.post(f"{tendering.path}/bids", bid(amount, name)) for amount, name in ((469, "ТОВ «А»"), (459, "ТОВ «Б»"))]


@pytest.fixture
def auction(api, tendering, bids, path):
    """A tender in active.auction; its auction page."""
    api.until(tendering, "active.auction")
    return path


# --- who, when, where


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST"])
@pytest.mark.parametrize("lot_part", ["", f"/{FIRST}"])
def test_no_such_tender(api, method, lot_part):
    if (method, lot_part) != ("GET", f"/{FIRST}"):
        data = None if method == "GET" else {}
        assert api.refused(method, f"/tenders/some_id/auction{lot_part}", data, status=404, user="auction") == unknown("tender")


@pytest.mark.parametrize("user", ["broker", "chronograph", "administrator", None])
def test_only_the_auction_module(api, auction, user):
    for method in ("GET", "PATCH", "POST"):
        assert api.refused(method, auction, None if method == "GET" else {}, user=user) == FORBIDDEN


def test_not_before_and_not_after(api, tendering, bids, path):
    def check(status):
        for method, words in (("GET", "get auction info"), ("PATCH", "update auction urls"), ("POST", "report auction results")):
            errors = refused(api, method, path, None if method == "GET" else {}, 403)
            assert errors == said(f"Can't {words} in current ({status}) tender status")

    check("active.tendering")
    api.until(tendering, "active.auction")
    api.call("POST", path, {"bids": [{"id": b.id} for b in bids]}, user="auction")
    check("active.qualification")
    cancel(api, tendering)
    check("cancelled")


def test_what_the_auction_module_sees(api, tendering, bids, auction):
    seen = api.get(auction, user="auction")
    assert set(seen) == {"tenderID", "dateModified", "items", "minimalStep", "auctionPeriod", "bids"}
    assert set(seen["auctionPeriod"]) == {"shouldStartAfter"}
    assert seen["bids"] == [{name: b.data[name] for name in ("id", "date", "value")} for b in bids]


# --- addresses


def test_addresses(api, tendering, bids, auction):
    mine = [{"id": b.id, "participationUrl": f"{ROOM}?key_for_bid={b.id}"} for b in bids]
    answer = api.patch(auction, {"auctionUrl": ROOM, "bids": mine[::-1]}, user="auction")
    assert answer["auctionUrl"] == ROOM
    assert [b["participationUrl"] for b in answer["bids"]] == [b["participationUrl"] for b in mine]
    assert api.get(tendering.path)["auctionUrl"] == ROOM
    for b, sent in zip(bids, mine, strict=True):
        assert api.get(b.path, token=b.token) == b.data | sent
    api.call("POST", auction, {"bids": [{"id": b.id} for b in bids]}, user="auction")
    assert "participationUrl" not in str(api.get(tendering.path))
    assert api.get(bids[0].path, user=None) == bids[0].data


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_bids_that_do_not_match(api, bids, auction, method):
    first, second = bids
    assert refused(api, method, auction, {"bids": [{"invalid_field": "invalid_value"}]}) == wrong(
        "bids", {"invalid_field": "Rogue field"}
    )
    assert refused(api, method, auction, {"bids": "all"}) != []
    assert refused(api, method, auction, {"bids": []}) == NUMBER
    assert refused(api, method, auction, {"bids": [{"id": second.id, "value": value(419)}]}) == NUMBER
    wrong_id = {"bids": [{"id": second.id}, {"id": "some_id"}]}
    assert refused(api, method, auction, wrong_id) == wrong("bids", {"id": ["Hash value is wrong length."]})
    assert refused(api, method, auction, {"bids": [{"id": second.id}, {"id": UNKNOWN}]}) == IDENTICAL
    assert refused(api, method, auction, {"bids": [{"id": second.id}, {"id": second.id}]}) == IDENTICAL
    assert refused(api, method, auction, {"bids": [{"id": second.id}, {}]}) == IDENTICAL
    assert [b["value"] for b in api.get(auction, user="auction")["bids"]] == [first.data["value"], second.data["value"]]


def test_addresses_that_are_none(api, bids, auction):
    both = [{"id": b.id} for b in bids]
    assert refused(api, "PATCH", auction, {"bids": both, "auctionUrl": "room"}) == wrong("auctionUrl", ["Not a well formed URL."])
    both[1]["participationUrl"] = "door"
    errors = refused(api, "PATCH", auction, {"bids": both})
    assert errors == wrong("bids", [{"participationUrl": ["Not a well formed URL."]}])


# --- results


def test_results_in_any_order(api, tendering, bids, auction):
    first, second = bids
    api.clock.advance(timedelta(days=1))
    results = [{"id": second.id, "value": value(419)}, {"id": first.id, "value": {"amount": 409}}]
    after = api.call("POST", auction, {"bids": results}, user="auction").json["data"]
    assert after["status"] == "active.qualification"
    assert [b["value"]["amount"] for b in after["bids"]] == [409, 419]
    assert after["bids"][0]["tenderers"] == first.data["tenderers"]
    assert after["auctionPeriod"]["endDate"] == after["awardPeriod"]["startDate"] == api.clock.now.isoformat()
    [award] = after["awards"]
    assert award["bid_id"] == first.id
    assert award["value"] == value(409)
    assert award["suppliers"] == first.data["tenderers"]
    assert award["status"] == "pending"


def test_results_that_say_nothing_new(api, bids, auction):
    after = api.call("POST", auction, {"bids": [{"id": b.id} for b in bids]}, user="auction").json["data"]
    assert [b["value"] for b in after["bids"]] == [b.data["value"] for b in bids]
    assert after["awards"][0]["bid_id"] == bids[1].id


def test_of_equal_bids_the_earlier_wins(api, bids, auction):
    dates = [(api.clock.now + timedelta(minutes=minutes)).isoformat() for minutes in (2, 1)]
    results = [{"id": b.id, "value": value(400), "date": date} for b, date in zip(bids, dates, strict=True)]
    after = api.call("POST", auction, {"bids": results}, user="auction").json["data"]
    assert [b["date"] for b in after["bids"]] == dates
    assert after["awards"][0]["bid_id"] == bids[1].id


@pytest.mark.parametrize(
    ("result", "description"),
    [
        ({"value": {"amount": "little"}}, {"value": {"amount": ["Value 'little' is not float."]}}),
        ({"value": {"amount": 501}}, [{"value": ["value of bid should be less than value of tender"]}]),
        ({"value": {"currency": "USD"}}, [{"value": ["currency of bid should be identical to currency of value of tender"]}]),
        ({"value": {"amount": -1}}, [{"value": {"amount": ["Float value should be greater than 0."]}}]),
        ({"date": "today"}, {"date": ["Could not parse today. Should be ISO8601."]}),
        ("won", ["Please use a mapping for this field or Bid instance instead of str."]),
    ],
)
def test_results_that_are_wrong(api, bids, auction, result, description):
    second = {"id": bids[1].id} | result if isinstance(result, dict) else result
    assert refused(api, "POST", auction, {"bids": [{"id": bids[0].id}, second]}) == wrong("bids", description)


def test_results_change_amounts_alone(api, tendering, bids, auction):
    results = [{"id": b.id, "status": "draft", "tenderers": [], "parameters": [], "value": value(400)} for b in bids]
    after = api.call("POST", auction, {"bids": results, "title": "Інше", "status": "complete"}, user="auction").json["data"]
    assert after["title"] == tendering.data["title"]
    assert [(b["status"], b["tenderers"]) for b in after["bids"]] == [("active", b.data["tenderers"]) for b in bids]


def test_parameters_decide_with_the_price(api):
    enum = [{"value": share, "title": str(share)} for share in (0, 0.15)]
    features = [{"code": code, "title": code, "featureOf": "tenderer", "enum": enum} for code in ("years", "power")]
    made = api.tender(features=features)
    api.until(made, "active.tendering")
    answers = [{"code": "years", "value": 0.15}, {"code": "power", "value": 0.15}]
    good = api.post(f"{made.path}/bids", bid(500, parameters=answers))
    cheap = api.post(f"{made.path}/bids", bid(360, parameters=[{**a, "value": 0} for a in answers]))
    api.until(made, "active.auction")
    seen = api.get(f"{made.path}/auction", user="auction")
    assert seen["features"] == features
    assert [b["parameters"] for b in seen["bids"]] == [b.data["parameters"] for b in (good, cheap)]
    after = api.call("POST", f"{made.path}/auction", {"bids": [{"id": good.id}, {"id": cheap.id}]}, user="auction").json["data"]
    assert after["awards"][0]["bid_id"] == good.id, "500 / (1 + 0.3 / 0.7) is 350"


def test_protocol_of_the_auction(api, tendering, bids, auction):
    where = f"{tendering.path}/documents"
    first = upload(api, where, user="auction", name="audit.yaml").json["data"]
    assert first["author"] == "auction"
    api.call("POST", auction, {"bids": [{"id": b.id} for b in bids]}, user="auction")
    second = upload(api, f"{where}/{first['id']}", method="PUT", user="auction", name="audit.yaml").json["data"]
    assert second["id"] == first["id"]
    [award] = awards(api, tendering)
    api.patch(award, {"status": "active"})
    late = said("Can't add document in current (active.awarded) tender status")
    assert upload(api, where, user="auction", status=403).json["errors"] == late


# --- shortened auctions of a training installation


@pytest.mark.parametrize("mode", ["quick(mode:no-auction)", "quick(mode:fast-forward)"])
@pytest.mark.parametrize("divided", [False, True])
def test_auction_that_was_not_held(api, mode, divided):
    made = divided_tender(api, 1, submissionMethodDetails=mode) if divided else api.tender(submissionMethodDetails=mode)
    api.until(made, "active.tendering")
    bids = [api.post(f"{made.path}/bids", lot_bid({FIRST: a}) if divided else bid(a)) for a in (200, 190)]
    after = api.until(made, "active.auction")
    holder = after["lots"][0] if divided else after
    assert holder["auctionPeriod"]["shouldStartAfter"] == after["tenderPeriod"]["endDate"], "no rounding to midnight"
    results = {"bids": [{"id": b.id, **({"lotValues": [{"relatedLot": FIRST}]} if divided else {})} for b in bids]}
    where = f"{made.path}/auction/{FIRST}" if divided else f"{made.path}/auction"
    after = api.call("POST", where, results, user="auction").json["data"]
    holder = after["lots"][0] if divided else after
    assert holder["auctionPeriod"] == dict.fromkeys(("startDate", "endDate"), api.clock.now.isoformat())


# --- lots


def divided_tender(api, count=2, **changes):
    lots = [lot(f"Лот {lot_id}", id=lot_id) for lot_id in (FIRST, SECOND)[:count]]
    return api.tender(lots=lots, items=[item(relatedLot=each["id"]) for each in lots], **changes)


@pytest.fixture
def divided(api):
    """A tender with two lots, in active.auction."""
    made = divided_tender(api)
    api.until(made, "active.tendering")
    for amount, name in ((209, "ТОВ «А»"), (199, "ТОВ «Б»")):
        api.post(f"{made.path}/bids", lot_bid({FIRST: amount, SECOND: amount}, name))
    api.until(made, "active.auction")
    return made


@pytest.fixture
def seen(api, divided):
    return api.get(f"{divided.path}/auction", user="auction")


def offers(seen, *amounts, lots=(FIRST, SECOND), **fields):
    """Bids as the auction module sends them: the same amount for each lot."""
    sent = []
    for b, amount in zip(seen["bids"], amounts, strict=True):
        sent.append({"id": b["id"], "lotValues": [{"relatedLot": lot_id, "value": value(amount)} | fields for lot_id in lots]})
    return sent


def test_what_the_auction_module_sees_of_lots(api, seen):
    assert set(seen) == {"tenderID", "dateModified", "items", "minimalStep", "lots", "bids"}
    assert [set(each) for each in seen["lots"]] == [
        {"id", "title", "date", "status", "value", "minimalStep", "auctionPeriod"}
    ] * 2
    assert [set(b) for b in seen["bids"]] == [{"id", "date", "lotValues"}] * 2
    assert seen["bids"][0]["lotValues"][0].items() >= {"relatedLot": FIRST, "value": value(209)}.items()


def test_addresses_of_lots(api, divided, seen):
    for lot_id in (FIRST, SECOND):
        doors = [
            {
                "id": b["id"],
                "lotValues": [{"relatedLot": r, "participationUrl": f"{ROOM}/{lot_id}/{b['id']}"} for r in (FIRST, SECOND)],
            }
            for b in seen["bids"]
        ]
        rooms = [{"id": r, "auctionUrl": f"{ROOM}/{lot_id}"} for r in (FIRST, SECOND)]
        answer = api.patch(f"{divided.path}/auction/{lot_id}", {"bids": doors, "lots": rooms}, user="auction")
    assert [each["auctionUrl"] for each in answer["lots"]] == [f"{ROOM}/{FIRST}", f"{ROOM}/{SECOND}"]
    for b in answer["bids"]:
        assert [o["participationUrl"] for o in b["lotValues"]] == [f"{ROOM}/{r}/{b['id']}" for r in (FIRST, SECOND)]
    assert [each["auctionUrl"] for each in api.get(f"{divided.path}/lots", user=None)] == [f"{ROOM}/{FIRST}", f"{ROOM}/{SECOND}"]


def test_common_addresses_for_lots(api, divided, seen):
    both = [{"id": b["id"]} for b in seen["bids"]]
    path = f"{divided.path}/auction"
    room = wrong("auctionUrl", ["url should be posted for each lot"])
    assert refused(api, "PATCH", path, {"bids": both, "auctionUrl": ROOM}) == room
    both[0]["participationUrl"] = ROOM
    door = wrong("bids", [{"participationUrl": ["url should be posted for each lot of bid"]}])
    assert refused(api, "PATCH", path, {"bids": both}) == door
    assert refused(api, "PATCH", path, {"bids": both, "auctionUrl": ROOM}) == room + door


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_offers_that_do_not_match(api, divided, seen, method):
    path = f"{divided.path}/auction/{FIRST}"
    both = offers(seen, 190, 180)
    assert refused(api, method, path, {"bids": [{"invalid_field": "invalid_value"}]}) == wrong(
        "bids", {"invalid_field": "Rogue field"}
    )
    assert refused(api, method, path, {"bids": both[:1]}) == NUMBER
    assert refused(api, method, path, {"bids": [both[0], both[1] | {"id": UNKNOWN}]}) == IDENTICAL
    assert refused(api, method, path, {"bids": both, "lots": [{"id": FIRST}]}) == LOT_NUMBER
    assert refused(api, method, path, {"bids": both, "lots": [{"id": FIRST}, {"id": UNKNOWN}]}) == LOT_IDENTICAL
    assert refused(api, method, path, {"bids": offers(seen, 190, 180, lots=[FIRST])}) == OFFERS
    assert refused(api, method, path, {"bids": [{"id": b["id"]} for b in both]}) == OFFERS
    assert refused(api, method, path, {"bids": offers(seen, 190, 180, lots=[FIRST, FIRST])}) == OFFER_OF_OTHERS
    assert refused(api, method, path, {"bids": offers(seen, 190, 180, lots=[FIRST, UNKNOWN])}) == OFFER_OF_OTHERS
    wrong_field = wrong("bids", {"lotValues": {"colour": "Rogue field"}})
    assert refused(api, method, path, {"bids": offers(seen, 190, 180, colour="red")}) == wrong_field
    assert api.get(f"{divided.path}/auction", user="auction") == seen


def test_results_lot_by_lot(api, divided, seen):
    for lot_id, amounts, after_status in ((FIRST, (150, 160), "active.auction"), (SECOND, (170, 165), "active.qualification")):
        api.clock.advance(timedelta(hours=1))
        answer = api.call("POST", f"{divided.path}/auction/{lot_id}", {"bids": offers(seen, *amounts)[::-1]}, user="auction")
        after = answer.json["data"]
        assert after["status"] == after_status
        each = next(each for each in after["lots"] if each["id"] == lot_id)
        assert datetime.fromisoformat(each["auctionPeriod"]["endDate"]) == api.clock.now
    assert [[o["value"]["amount"] for o in b["lotValues"]] for b in after["bids"]] == [[150, 170], [160, 165]]
    assert {(a["lotID"], a["bid_id"], a["value"]["amount"]) for a in after["awards"]} == {
        (FIRST, seen["bids"][0]["id"], 150),
        (SECOND, seen["bids"][1]["id"], 165),
    }


def test_results_of_an_ended_auction_stay_as_they_are(api, divided, seen):
    path, results = f"{divided.path}/auction/{FIRST}", {"bids": offers(seen, 150, 160)}
    api.call("POST", path, results, user="auction")
    before = api.store.get("tender", divided.id)
    api.clock.advance(timedelta(hours=1))
    again = api.call("POST", path, results, user="auction").json["data"]
    assert again["status"] == "active.auction"
    assert api.store.get("tender", divided.id).rev == before.rev
    for other in (offers(seen, 150, 140), offers(seen, 150, 160, date=api.clock.now.isoformat())):
        errors = refused(api, "POST", path, {"bids": other}, 403)
        assert errors == said("Can't report auction results after the auction has ended")
    rooms = {"bids": offers(seen, 150, 160), "lots": [{"id": r, "auctionUrl": f"{ROOM}/{r}"} for r in (FIRST, SECOND)]}
    errors = refused(api, "PATCH", path, rooms, 403)
    assert errors == said("Can't update auction urls after the auction has ended")
    assert api.store.get("tender", divided.id).rev == before.rev
    api.patch(f"{divided.path}/auction/{SECOND}", rooms, user="auction")


@pytest.mark.parametrize("mode", ["quick(mode:no-auction)", "quick(mode:fast-forward)"])
def test_repeated_results_of_an_auction_that_was_not_held(api, mode):
    made = divided_tender(api, submissionMethodDetails=mode)
    api.until(made, "active.tendering")
    for amount in (200, 190):
        api.post(f"{made.path}/bids", lot_bid({FIRST: amount, SECOND: amount}))
    api.until(made, "active.auction")
    results = {"bids": api.get(f"{made.path}/auction", user="auction")["bids"]}
    first = api.call("POST", f"{made.path}/auction/{FIRST}", results, user="auction").json["data"]
    api.clock.advance(timedelta(hours=1))
    assert api.call("POST", f"{made.path}/auction/{FIRST}", results, user="auction").json["data"] == first


def test_offers_are_known_by_their_place_too(api, divided, seen):
    both = [{"id": b["id"], "lotValues": [{"value": value(150)}, {"value": value(140)}]} for b in seen["bids"]]
    for lot_id in (FIRST, SECOND):
        after = api.call("POST", f"{divided.path}/auction/{lot_id}", {"bids": both}, user="auction").json["data"]
    assert [[o["value"]["amount"] for o in b["lotValues"]] for b in after["bids"]] == [[150, 140]] * 2


def test_offers_that_are_too_high(api, divided, seen):
    errors = refused(api, "POST", f"{divided.path}/auction/{FIRST}", {"bids": offers(seen, 100, 251)})
    high = {"value": ["value of bid should be less than value of lot"]}
    assert errors == wrong("bids", [{"lotValues": [high]}])


def test_results_of_everything_at_once(api, divided, seen):
    errors = refused(api, "POST", f"{divided.path}/auction", {"bids": offers(seen, 190, 180)})
    assert [error["name"] for error in errors] == ["bids"]
    assert api.get(divided.path)["status"] == "active.auction"


def test_cancelled_lot(api, divided, seen):
    cancel(api, divided, FIRST)
    for method, words in (("PATCH", "update auction urls"), ("POST", "report auction results")):
        errors = refused(api, method, f"{divided.path}/auction/{FIRST}", {"bids": offers(seen, 190, 180)}, 403)
        assert errors == said(f"Can {words} only in active lot status")
    after = api.call("POST", f"{divided.path}/auction/{SECOND}", {"bids": offers(seen, 190, 180)}, user="auction").json["data"]
    assert after["status"] == "active.qualification"
    assert [a["lotID"] for a in after["awards"]] == [SECOND]


def test_lot_that_is_not_there(api, divided, seen):
    for method in ("PATCH", "POST"):
        errors = refused(api, method, f"{divided.path}/auction/{UNKNOWN}", {"bids": offers(seen, 190, 180)}, 404)
        assert errors == unknown("auction_lot")


def test_bids_for_some_lots(api):
    made = divided_tender(api)
    api.until(made, "active.tendering")
    both, first, second = (
        api.post(f"{made.path}/bids", lot_bid(wanted)) for wanted in ({FIRST: 200, SECOND: 200}, {FIRST: 190}, {SECOND: 180})
    )
    api.until(made, "active.auction")
    seen = api.get(f"{made.path}/auction", user="auction")
    assert [[o["relatedLot"] for o in b["lotValues"]] for b in seen["bids"]] == [[FIRST, SECOND], [FIRST], [SECOND]]
    for lot_id in (FIRST, SECOND):
        after = api.call("POST", f"{made.path}/auction/{lot_id}", {"bids": seen["bids"]}, user="auction").json["data"]
    assert {(a["lotID"], a["bid_id"]) for a in after["awards"]} == {(FIRST, first.id), (SECOND, second.id)}
    assert both.id not in {a["bid_id"] for a in after["awards"]}
