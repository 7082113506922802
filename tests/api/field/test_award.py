"""Awards: given by the engine or by hand, decided by the buyer, taken back, complained of; with and without lots."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from journey import (
    DAY,
    FORBIDDEN,
    NOT_AUTHOR,
    UNKNOWN,
    add_file,
    awards,
    bidding,
    cancel,
    claim,
    contracts,
    forge_status,
    forged,
    registered,
    said,
    to_qualification,
    unknown,
    upload,
    with_lots,
    wrong,
)

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

ADMIN = "token"
REQUIRED = ["This field is required."]


@pytest.fixture
def bids(api: Api, tender: Thing) -> list[Thing]:
    """Two bids; the tender is in active.qualification and the cheaper one, the second, is considered."""
    return to_qualification(api, tender, 460, 450)


def by_hand(bid: Thing, **changes: Any) -> Doc:
    """An award as the group `admins` creates it."""
    return {"suppliers": [builders.organization("ТОВ «Майстер»")], "bid_id": bid.id, "status": "pending"} | changes


# --- given by hand


@pytest.mark.parametrize(
    ("data", "name", "description"),
    [
        ({"invalid_field": "x"}, "invalid_field", "Rogue field"),
        (
            {"suppliers": [{"identifier": "x"}]},
            "suppliers",
            {"identifier": ["Please use a mapping for this field or Identifier instance instead of str."]},
        ),
        (
            {"suppliers": [{"identifier": {"id": 0}}], "bid_id": UNKNOWN},
            "suppliers",
            [{"name": REQUIRED, "address": REQUIRED, "contactPoint": REQUIRED, "identifier": {"scheme": REQUIRED}}],
        ),
        (
            {"suppliers": [{"name": "x", "identifier": {"uri": "x"}}], "bid_id": UNKNOWN},
            "suppliers",
            [
                {
                    "address": REQUIRED,
                    "contactPoint": REQUIRED,
                    "identifier": {"scheme": REQUIRED, "id": REQUIRED, "uri": ["Not a well formed URL."]},
                }
            ],
        ),
        ({"suppliers": [builders.organization()]}, "bid_id", REQUIRED),
        ({"suppliers": [builders.organization()], "bid_id": "x"}, "bid_id", ["Hash value is wrong length."]),
        (
            {"suppliers": [builders.organization()], "bid_id": UNKNOWN, "lotID": UNKNOWN},
            "lotID",
            ["lotID should be one of lots"],
        ),
        ({"bid_id": UNKNOWN}, "suppliers", REQUIRED),
    ],
)
@pytest.mark.usefixtures("bids")
def test_invalid_awards(api: Api, tender: Thing, data: Doc, name: str, description: Any) -> None:
    assert api.refused("POST", f"{tender.path}/awards", data, user=ADMIN, status=422) == wrong(name, description)


@pytest.mark.usefixtures("bids")
def test_an_award_is_a_json_object(api: Api, tender: Thing) -> None:
    path = f"/api/2.5{tender.path}/awards"
    api.web.authorization = ("Basic", (ADMIN, ""))
    answer = api.web.post(path, "data", status=415)
    assert answer.json["errors"] == [
        {
            "location": "header",
            "name": "Content-Type",
            "description": "Content-Type header should be one of ['application/json']",
        }
    ]
    answer = api.web.post(path, "data", content_type="application/json", status=422)
    assert answer.json["errors"] == said("No JSON object could be decoded")
    bodies: list[Any] = ["data", {"not_data": {}}, {"data": []}]
    for body in bodies:
        assert api.web.post_json(path, body, status=422).json["errors"] == said("Data not available")


def test_awards_of_what_does_not_exist(api: Api, tender: Thing) -> None:
    award = {"suppliers": [builders.organization()], "bid_id": UNKNOWN}
    assert api.refused("POST", "/tenders/some_id/awards", award, user=ADMIN, status=404) == unknown("tender")
    assert api.refused("GET", "/tenders/some_id/awards", status=404) == unknown("tender")
    assert api.refused("GET", "/tenders/some_id/awards/some_id", status=404) == unknown("tender")
    assert api.refused("GET", f"{tender.path}/awards/some_id", status=404) == unknown("award")
    news = {"status": "unsuccessful"}
    assert api.refused("PATCH", "/tenders/some_id/awards/some_id", news, user=ADMIN, status=404) == unknown("tender")
    assert api.refused("PATCH", f"{tender.path}/awards/some_id", news, user=ADMIN, status=404) == unknown("award")
    assert api.get(f"{tender.path}/awards") == []


@pytest.mark.parametrize("user", ["broker", "auction", "chronograph", "administrator", "bot", None])
def test_only_admins_give_awards_by_hand(api: Api, tender: Thing, bids: list[Thing], user: str | None) -> None:
    assert api.refused("POST", f"{tender.path}/awards", by_hand(bids[0]), user=user, token=tender.token) == FORBIDDEN


def test_an_award_given_by_hand(api: Api, tender: Thing, bids: list[Thing]) -> None:
    sent = by_hand(bids[0], value=builders.value(460), status="active", title="Переможець")
    answer = api.call("POST", f"{tender.path}/awards", sent, user=ADMIN, status=201)
    award = answer.json["data"]
    assert award["status"] == "pending"
    assert award["suppliers"] == sent["suppliers"]
    assert award["value"]["amount"] == 460
    assert award["date"] == award["complaintPeriod"]["startDate"] == api.clock.now.isoformat()
    assert "access" not in answer.json
    assert answer.headers["Location"].endswith(f"{tender.path}/awards/{award['id']}")
    assert api.get(f"{tender.path}/awards/{award['id']}", user=None) == award
    assert api.get(tender.path)["awards"][-1] == award


@pytest.mark.parametrize(
    "status",
    ["active.enquiries", "active.tendering", "active.auction", "active.awarded", "complete", "unsuccessful", "cancelled"],
)
def test_awards_are_given_only_in_qualification(api: Api, tender: Thing, bids: list[Thing], status: str) -> None:
    forge_status(api, tender, status)
    refused = api.refused("POST", f"{tender.path}/awards", by_hand(bids[0]), user=ADMIN)
    assert refused == said(f"Can't create award in current ({status}) tender status")


def test_an_award_without_a_value_makes_a_contract_without_one(api: Api, tender: Thing, bids: list[Thing]) -> None:
    award = api.post(f"{tender.path}/awards", by_hand(bids[0]), user=ADMIN)
    assert api.patch(award, {"status": "active"}, token=tender.token)["status"] == "active"
    (contract,) = contracts(api, tender)
    assert "value" not in contract.data


def test_a_tender_that_has_no_award_yet_waits_for_one(api: Api, tender: Thing, bids: list[Thing]) -> None:
    with forged(api, tender) as body:
        del body["awards"]
    cancel(api, tender, status="pending")
    assert api.get(tender.path)["status"] == "active.qualification"
    award = api.post(f"{tender.path}/awards", by_hand(bids[0]), user=ADMIN)
    api.patch(award, {"status": "active"}, token=tender.token)
    assert api.get(tender.path)["status"] == "active.awarded"
    answer = api.call("PATCH", award.path, {"status": "cancelled"}, token=tender.token)
    assert answer.headers["Location"].endswith(awards(api, tender)[-1].path)


# --- decided by the buyer


def test_the_best_bid_is_considered_first(api: Api, tender: Thing, bids: list[Thing]) -> None:
    (award,) = awards(api, tender)
    assert award.data["bid_id"] == bids[1].id
    assert award.data["status"] == "pending"
    assert award.data["value"]["amount"] == 450
    assert award.data["suppliers"] == bids[1].data["tenderers"]
    assert award.data["complaintPeriod"] == {"startDate": award.data["date"]}
    doc = api.get(tender.path)
    assert doc["awardPeriod"] == {"startDate": award.data["date"]}
    assert "next_check" not in doc


def test_a_rejected_bid_leads_to_the_next_one(api: Api, tender: Thing, bids: list[Thing]) -> None:
    (first,) = awards(api, tender)
    answer = api.call("PATCH", first.path, {"status": "unsuccessful"}, token=tender.token)
    assert answer.json["data"]["status"] == "unsuccessful"
    first, second = awards(api, tender)
    assert answer.headers["Location"].endswith(second.path)
    assert answer.headers["Location"].startswith("http://")
    assert (second.data["status"], second.data["bid_id"]) == ("pending", bids[0].id)
    assert api.get(tender.path)["status"] == "active.qualification"
    refused = api.refused("PATCH", first.path, {"status": "pending"}, token=tender.token)
    assert refused == said("Can't update award in current (unsuccessful) status")


def test_the_whole_life_of_awards(api: Api, tender: Thing, bids: list[Thing]) -> None:
    award = api.post(f"{tender.path}/awards", by_hand(bids[0], value=builders.value(500)), user=ADMIN)
    assert api.refused("PATCH", award.path, {"awardStatus": "unsuccessful"}, token=tender.token, status=422) == wrong(
        "awardStatus", "Rogue field"
    )
    assert api.refused("PATCH", award.path, {"status": "done"}, token=tender.token, status=422) == wrong(
        "status", ["Value must be one of ['pending', 'unsuccessful', 'active', 'cancelled']."]
    )
    changed = api.patch(award, {"title": "Назва", "description": "Опис", "bid_id": UNKNOWN}, token=tender.token)
    assert (changed["title"], changed["description"], changed["bid_id"]) == ("Назва", "Опис", bids[0].id)
    api.patch(award, {"status": "unsuccessful"}, token=tender.token)
    last = awards(api, tender)[-1]
    assert last.data["bid_id"] == bids[1].id
    answer = api.call("PATCH", last.path, {"status": "active"}, token=tender.token)
    assert "Location" not in answer.headers
    answer = api.call("PATCH", last.path, {"status": "cancelled"}, token=tender.token)
    assert answer.headers["Location"].endswith(awards(api, tender)[-1].path)
    assert [a.data["status"] for a in awards(api, tender)] == ["pending", "unsuccessful", "cancelled", "pending"]
    forge_status(api, tender, "complete")
    assert api.get(award.path)["value"]["amount"] == 500
    refused = api.refused("PATCH", award.path, {"status": "unsuccessful"}, token=tender.token)
    assert refused == said("Can't update award in current (complete) tender status")


@pytest.mark.parametrize("lots", [0, 2])
def test_nobody_wins_beside_a_winner(api: Api, lots: int) -> None:
    tender, _ = with_lots(api, lots) if lots else (api.tender(), [])
    bids = to_qualification(api, tender, 240, 230)
    first, *others = awards(api, tender)
    about = {"lotID": first.data["lotID"]} if lots else {}
    by_admins = api.post(f"{tender.path}/awards", by_hand(bids[0], value=builders.value(240), **about), user=ADMIN)
    for award in (first, *others):
        api.patch(award, {"status": "active"})
    refused = api.refused("PATCH", by_admins.path, {"status": "active"}, token=tender.token)
    assert refused == said("Can't activate award while another one is active")
    assert api.get(tender.path)["status"] == "active.qualification"
    api.patch(by_admins.path, {"status": "unsuccessful"}, token=tender.token)
    assert [a.id for a in awards(api, tender)] == [first.id, *(a.id for a in others), by_admins.id], "nobody else is considered"
    doc = api.tick(tender, 9 * DAY)
    assert doc["status"] == "active.awarded"
    for contract in contracts(api, tender):
        api.patch(contract, {"status": "active"})
    assert api.get(tender.path)["status"] == "complete"


@pytest.mark.usefixtures("bids")
def test_a_winner_is_confirmed(api: Api, tender: Thing) -> None:
    (award,) = awards(api, tender)
    api.clock.advance(timedelta(minutes=5))
    now = api.clock.now
    active = api.patch(award, {"status": "active"})
    assert (active["status"], active["date"]) == ("active", now.isoformat())
    assert datetime.fromisoformat(active["complaintPeriod"]["endDate"]) == now + 2 * DAY
    doc = api.get(tender.path)
    assert doc["status"] == "active.awarded"
    assert doc["awardPeriod"]["endDate"] == now.isoformat()


@pytest.mark.parametrize(
    ("moves", "status"),
    [
        ((), "cancelled"),
        (("active",), "pending"),
        (("active",), "unsuccessful"),
        (("unsuccessful",), "active"),
        (("unsuccessful",), "cancelled"),
        (("active", "cancelled"), "active"),
        (("active", "cancelled"), "pending"),
    ],
)
@pytest.mark.usefixtures("bids")
def test_moves_that_nobody_makes(api: Api, tender: Thing, moves: tuple[str, ...], status: str) -> None:
    (award,) = awards(api, tender)
    for move in moves:
        api.patch(award, {"status": move})
    present = api.get(award.path)["status"]
    refused = api.refused("PATCH", award.path, {"status": status}, token=tender.token)
    assert refused == said(f"Can't update award in current ({present}) status")


@pytest.mark.parametrize("moves", [("active",), ("unsuccessful",), ("active", "cancelled")])
@pytest.mark.usefixtures("bids")
def test_a_decision_is_not_reworded(api: Api, tender: Thing, moves: tuple[str, ...]) -> None:
    (award,) = awards(api, tender)
    for move in moves:
        api.patch(award, {"status": move})
    before = api.get(award.path)
    refused = api.refused("PATCH", award.path, {"title": "Інша назва"}, token=tender.token)
    assert refused == said(f"Can't update award in current ({moves[-1]}) status")
    assert api.get(award.path) == before


@pytest.mark.parametrize("user", ["broker", "broker1", "auction", "chronograph", "bot", None])
@pytest.mark.usefixtures("bids")
def test_only_the_buyer_decides(api: Api, tender: Thing, user: str | None) -> None:
    (award,) = awards(api, tender)
    assert api.refused("PATCH", award.path, {"status": "active"}, token="", user=user) == FORBIDDEN
    if user != "broker":
        assert api.refused("PATCH", award.path, {"status": "active"}, token=tender.token, user=user) == FORBIDDEN


def test_the_only_bid_is_rejected(api: Api, tender: Thing) -> None:
    to_qualification(api, tender, 450)
    (award,) = awards(api, tender)
    answer = api.call("PATCH", award.path, {"status": "unsuccessful"}, token=tender.token)
    assert "Location" not in answer.headers
    doc = api.get(tender.path)
    assert doc["status"] == "active.awarded"
    assert doc["next_check"] == doc["awards"][0]["complaintPeriod"]["endDate"]
    assert api.until(tender, "unsuccessful")["awards"][0]["status"] == "unsuccessful"


@pytest.mark.usefixtures("bids")
def test_an_administrator_repairs_the_stand_still(api: Api, tender: Thing) -> None:
    (award,) = awards(api, tender)
    end = award.data["complaintPeriod"]["startDate"]
    repaired = api.patch(award, {"complaintPeriod": {"endDate": end}, "title": "x"}, user="administrator", token="")
    assert repaired["complaintPeriod"] == {"startDate": end, "endDate": end}
    assert "title" not in repaired
    api.patch(award, {"status": "active"})
    repaired = api.patch(award, {"complaintPeriod": {"endDate": end}}, user="administrator", token="")
    assert repaired["complaintPeriod"]["endDate"] == end


# --- taken back


def test_a_winner_is_taken_back(api: Api, tender: Thing, bids: list[Thing]) -> None:
    (award,) = awards(api, tender)
    api.patch(award, {"status": "active"})
    filed = claim(api, award.path, bids[0].token)
    drafted = api.post(f"{award.path}/complaints", builders.claim(), token=bids[0].token)
    api.clock.advance(timedelta(hours=1))
    answer = api.call("PATCH", award.path, {"status": "cancelled"}, token=tender.token)
    given, again = awards(api, tender)
    assert answer.headers["Location"].endswith(again.path)
    assert (given.data["status"], again.data["status"]) == ("cancelled", "pending")
    assert again.data["bid_id"] == given.data["bid_id"]
    assert given.data["complaintPeriod"]["endDate"] == api.clock.now.isoformat()
    for complaint in (filed, drafted):
        seen = api.get(complaint.path)
        assert (seen["status"], seen["cancellationReason"]) == ("cancelled", "cancelled")
        assert seen["dateCanceled"] == api.clock.now.isoformat()
    (contract,) = contracts(api, tender)
    assert contract.data["status"] == "cancelled"
    doc = api.get(tender.path)
    assert doc["status"] == "active.qualification"
    assert "endDate" not in doc["awardPeriod"]


@pytest.mark.parametrize("state", ["claim", "answered", "resolved", "draft", "cancelled"])
def test_a_rejection_is_taken_back_only_if_somebody_complained(api: Api, tender: Thing, bids: list[Thing], state: str) -> None:
    (first,) = awards(api, tender)
    api.patch(first, {"status": "unsuccessful"})
    second = awards(api, tender)[-1]
    api.patch(second, {"status": "active"})
    about_first = claim(api, first.path, bids[1].token)
    about_second = claim(api, second.path, bids[1].token)
    with forged(api, tender) as body:
        body["awards"][0]["complaints"][0]["status"] = state
    news = {"status": "cancelled"}
    if state in ("draft", "cancelled"):
        refused = api.refused("PATCH", first.path, news, token=tender.token)
        assert refused == said("Can't update award in current (unsuccessful) status")
        return
    answer = api.call("PATCH", first.path, news, token=tender.token)
    given = awards(api, tender)
    assert answer.headers["Location"].endswith(given[-1].path)
    assert [a.data["status"] for a in given] == ["cancelled", "cancelled", "pending"]
    assert given[-1].data["bid_id"] == bids[1].id
    assert api.get(about_first.path)["status"] == ("resolved" if state == "resolved" else "cancelled")
    assert api.get(about_second.path)["status"] == "cancelled"
    assert [c.data["status"] for c in contracts(api, tender)] == ["cancelled"]
    assert api.get(tender.path)["status"] == "active.qualification"


def test_claims_that_are_settled_stay_as_they_are(api: Api, tender: Thing, bids: list[Thing]) -> None:
    (award,) = awards(api, tender)
    api.patch(award, {"status": "active"})
    settled = claim(api, award.path, bids[0].token)
    with forged(api, tender) as body:
        body["awards"][0]["complaints"][0]["status"] = "declined"
    api.patch(award, {"status": "cancelled"})
    assert api.get(settled.path)["status"] == "declined"


# --- lots


def test_awards_of_a_tender_with_lots_say_which(api: Api) -> None:
    tender, (lot,) = with_lots(api, 1)
    bids = to_qualification(api, tender, 240, 230)
    refused = api.refused("POST", f"{tender.path}/awards", by_hand(bids[0]), user=ADMIN, status=422)
    assert refused == wrong("lotID", REQUIRED)
    refused = api.refused("POST", f"{tender.path}/awards", by_hand(bids[0], lotID=UNKNOWN), user=ADMIN, status=422)
    assert refused == wrong("lotID", ["lotID should be one of lots"])
    award = api.post(f"{tender.path}/awards", by_hand(bids[0], lotID=lot), user=ADMIN)
    assert award.data["lotID"] == lot


def test_each_lot_has_its_own_awards(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    to_qualification(api, tender, 240, 230)
    first, second = awards(api, tender)
    assert {first.data["lotID"], second.data["lotID"]} == {one, two}
    api.patch(first, {"status": "active"})
    assert api.get(tender.path)["status"] == "active.qualification"
    api.patch(second, {"status": "unsuccessful"})
    third = awards(api, tender)[-1]
    assert third.data["lotID"] == second.data["lotID"]
    assert third.data["value"]["amount"] == 240
    api.patch(third, {"status": "active"})
    assert api.get(tender.path)["status"] == "active.awarded"
    api.patch(first, {"status": "cancelled"})
    assert api.get(tender.path)["status"] == "active.qualification"
    assert [a.data["status"] for a in awards(api, tender)] == ["cancelled", "unsuccessful", "active", "pending"]


def test_taking_back_a_rejection_leaves_other_lots_alone(api: Api) -> None:
    tender, _ = with_lots(api, 2)
    bids = to_qualification(api, tender, 240, 230)
    first, second = awards(api, tender)
    api.patch(first, {"status": "unsuccessful"})
    api.patch(second, {"status": "active"})
    api.patch(awards(api, tender)[-1], {"status": "active"})
    claim(api, first.path, bids[0].token)
    api.patch(first, {"status": "cancelled"})
    assert [a.data["status"] for a in awards(api, tender)] == ["cancelled", "active", "cancelled", "pending"]
    assert sorted(c.data["status"] for c in contracts(api, tender)) == ["cancelled", "pending"]


def test_awards_of_cancelled_lots_are_closed(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    bids = to_qualification(api, tender, 240, 230)
    cancel(api, tender, one)
    refused = api.refused("POST", f"{tender.path}/awards", by_hand(bids[0], lotID=one), user=ADMIN)
    assert refused == said("Can create award only in active lot status")
    api.post(f"{tender.path}/awards", by_hand(bids[0], lotID=two), user=ADMIN)
    gone = next(a for a in awards(api, tender) if a.data["lotID"] == one)
    refused = api.refused("PATCH", gone.path, {"status": "active"}, token=tender.token)
    assert refused == said("Can update award only in active lot status")
    refused_form = upload(api, f"{gone.path}/documents", token=tender.token, status=403)
    assert refused_form.json["errors"] == said("Can add document only in active lot status")
    complaints = f"{gone.path}/complaints"
    refused = api.refused("POST", complaints, builders.claim(), token=bids[0].token)
    assert refused == said("Can add complaint only in active lot status")


# --- what counts beside the price


def feature(code: str, **changes: Any) -> Doc:
    """A criterion with answers worth 0, 5 and 15 %."""
    answers = [{"value": worth, "title": f"{worth}"} for worth in (0, 0.05, 0.15)]
    return {"code": code, "title": "Критерій", "enum": answers} | changes


def test_bids_are_ranked_by_price_and_parameters(api: Api) -> None:
    tender = api.tender(features=[feature("one"), feature("two")])
    api.until(tender, "active.tendering")
    offers = [(475, 0.15), (469, 0.15), (450, 0.0), (480, 0.15)]
    made = [
        api.post(
            f"{tender.path}/bids",
            builders.bid(amount, parameters=[{"code": "one", "value": worth}, {"code": "two", "value": 0.15}]),
        )
        for amount, worth in offers
    ]
    api.until(tender, "active.auction")
    sent = api.get(f"{tender.path}/auction", user="auction")["bids"]
    api.call("POST", f"{tender.path}/auction", {"bids": sent}, user="auction")
    order = [1, 0, 3, 2]
    for place in order:
        award = awards(api, tender)[-1]
        assert award.data["bid_id"] == made[place].id
        api.patch(award, {"status": "unsuccessful"})
    assert len(awards(api, tender)) == len(order)


def test_of_equal_bids_the_earlier_is_considered_first(api: Api, tender: Thing) -> None:
    api.until(tender, "active.tendering")
    made = []
    for _ in range(3):
        made.append(api.post(f"{tender.path}/bids", builders.bid(450)))
        api.clock.advance(timedelta(minutes=1))
    api.until(tender, "active.auction")
    sent = api.get(f"{tender.path}/auction", user="auction")["bids"]
    api.call("POST", f"{tender.path}/auction", {"bids": sent[::-1]}, user="auction")
    assert awards(api, tender)[0].data["bid_id"] == made[0].id


def test_only_the_lots_own_criteria_count_for_it(api: Api) -> None:
    lots = [{**builders.lot(), "id": digit * 32} for digit in "12"]
    features = [feature("all"), feature("first", featureOf="lot", relatedItem="1" * 32)]
    tender = api.tender(lots=lots, features=features)
    api.until(tender, "active.tendering")
    both = {"1" * 32: 240.0, "2" * 32: 240.0}
    cheap = {"1" * 32: 230.0, "2" * 32: 230.0}
    good = [{"code": "all", "value": 0}, {"code": "first", "value": 0.15}]
    poor = [{"code": "all", "value": 0}, {"code": "first", "value": 0}]
    better = api.post(f"{tender.path}/bids", builders.lot_bid(both, parameters=good))
    cheaper = api.post(f"{tender.path}/bids", builders.lot_bid(cheap, parameters=poor))
    api.until(tender, "active.auction")
    sent = api.get(f"{tender.path}/auction", user="auction")["bids"]
    for lot in lots:
        api.call("POST", f"{tender.path}/auction/{lot['id']}", {"bids": sent}, user="auction")
    winners = {a.data["lotID"]: a.data["bid_id"] for a in awards(api, tender)}
    assert winners == {"1" * 32: better.id, "2" * 32: cheaper.id}


# --- documents


@pytest.mark.usefixtures("bids")
def test_documents_of_an_award(api: Api, tender: Thing) -> None:
    (award,) = awards(api, tender)
    answer = upload(api, f"{award.path}/documents", token=tender.token)
    doc = answer.json["data"]
    assert answer.headers["Location"].endswith(f"{award.path}/documents/{doc['id']}")
    assert (doc["title"], doc["author"]) == ("звіт.doc", "tender_owner")
    path = f"{award.path}/documents/{doc['id']}"
    changed = api.patch(path, {"description": "Опис"}, token=tender.token)
    assert changed["description"] == "Опис"
    newer = upload(api, path, token=tender.token, method="PUT", name="звіт 2.doc").json["data"]
    assert (newer["id"], newer["title"], newer["author"]) == (doc["id"], "звіт 2.doc", "tender_owner")
    assert len(api.get(f"{award.path}/documents")) == 1
    assert len(api.get(f"{award.path}/documents?all=1")) == 2
    assert api.get(award.path)["documents"][-1]["title"] == "звіт 2.doc"


@pytest.mark.usefixtures("bids")
def test_a_bot_adds_an_extract_of_the_register(api: Api, tender: Thing) -> None:
    (award,) = awards(api, tender)
    extract = registered(api, documentType="registerExtract", title="edr.yaml", format="application/yaml")
    doc = api.post(f"{award.path}/documents", extract, user="bot").data
    assert (doc["documentType"], doc["author"], doc["title"]) == ("registerExtract", "bots", "edr.yaml")
    path = f"{award.path}/documents/{doc['id']}"
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == NOT_AUTHOR
    assert upload(api, path, token=tender.token, method="PUT", status=403).json["errors"] == NOT_AUTHOR
    assert api.refused("PATCH", path, {"description": "x"}, user="bot") == FORBIDDEN
    assert add_file(api, f"{award.path}/documents", user="bot")["author"] == "bots"


@pytest.mark.parametrize("status", ["active.awarded", "active.auction", "complete", "unsuccessful", "cancelled"])
@pytest.mark.usefixtures("bids")
def test_documents_of_awards_change_only_in_qualification(api: Api, tender: Thing, status: str) -> None:
    (award,) = awards(api, tender)
    doc = add_file(api, f"{award.path}/documents", token=tender.token)
    path = f"{award.path}/documents/{doc['id']}"
    forge_status(api, tender, status)
    refused = upload(api, f"{award.path}/documents", token=tender.token, status=403)
    assert refused.json["errors"] == said(f"Can't add document in current ({status}) tender status")
    late = said(f"Can't update document in current ({status}) tender status")
    assert upload(api, path, token=tender.token, method="PUT", status=403).json["errors"] == late
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == late


def test_strangers_add_no_documents(api: Api, tender: Thing, bids: list[Thing]) -> None:
    (award,) = awards(api, tender)
    for token in ("", bids[0].token):
        assert upload(api, f"{award.path}/documents", token=token, status=403).json["errors"] == FORBIDDEN


def test_awards_are_not_there_before_bids_are_opened(api: Api, tender: Thing) -> None:
    bidding(api, tender, 450, 460)
    assert api.get(f"{tender.path}/awards") == []
    assert "awards" not in api.get(tender.path)
