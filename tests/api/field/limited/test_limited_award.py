"""Awards without bids: the buyer names a supplier, confirms it or not, takes the decision back; and their documents."""

from __future__ import annotations

import pytest
from journey import FORBIDDEN, UNKNOWN, add_file, cancel, forge_status, forged, registered, said, unknown, upload, wrong
from purchases import (
    BOTH,
    EVERY_KIND,
    KINDS,
    OVER,
    announce,
    conclude,
    confirm,
    contract_of,
    lots_of,
    name,
)

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api

REQUIRED = ["This field is required."]
CLOSED = [(kind, status) for kind in KINDS for status in OVER if (kind, status) != ("reporting", "unsuccessful")]
ENDS = {"negotiation": "2026-03-13T00:00:00+02:00", "negotiation.quick": "2026-03-08T00:00:00+02:00"}
"""Of a stand-still that begins on the morning of 2 March."""


# --- naming


@EVERY_KIND
def test_the_buyer_names_a_supplier(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    sent = builders.supplier(status="active", id=UNKNOWN, date="2016-01-14T18:07:00+02:00", subcontractingDetails="Немає")
    made = api.call("POST", f"{tender.path}/awards", sent, token=tender.token, status=201)
    award = made.json["data"]
    assert made.headers["Location"].endswith(f"{tender.path}/awards/{award['id']}")
    now = api.clock.now.isoformat()
    negotiated = {} if kind == "reporting" else {"qualified": True, "complaintPeriod": {"startDate": now}}
    assert award == {
        "id": award["id"],
        "status": "pending",
        "date": now,
        "suppliers": sent["suppliers"],
        "value": sent["value"],
        "subcontractingDetails": "Немає",
        **negotiated,
    }
    assert award["id"] != UNKNOWN
    assert api.get(f"{tender.path}/awards/{award['id']}", user=None) == award
    assert api.get(tender.path)["awards"] == [award]


@EVERY_KIND
def test_only_the_buyer_names_suppliers(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    for user, token in (("broker", ""), ("broker1", tender.token), (None, tender.token), ("chronograph", ""), ("auction", "")):
        assert api.refused("POST", f"{tender.path}/awards", builders.supplier(), user=user, token=token) == FORBIDDEN
    assert api.post(f"{tender.path}/awards", builders.supplier(), user="token").data["status"] == "pending"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"suppliers": None}, wrong("suppliers", REQUIRED)),
        ({"suppliers": []}, wrong("suppliers", ["Please provide at least 1 item."])),
        ({"suppliers": [builders.organization()] * 2}, wrong("suppliers", ["Please provide no more than 1 item."])),
        ({"suppliers": [{"identifier": "x"}]}, None),
        ({"bid_id": UNKNOWN}, wrong("bid_id", "Rogue field")),
        ({"invalid_field": 1}, wrong("invalid_field", "Rogue field")),
    ],
)
@EVERY_KIND
def test_invalid_awards(api: Api, kind: str, changes: Doc, errors: list[Doc] | None) -> None:
    tender = announce(api, kind)
    refused = api.refused("POST", f"{tender.path}/awards", builders.supplier(**changes), token=tender.token, status=422)
    assert refused == errors or (errors is None and refused[0]["name"] == "suppliers")


@EVERY_KIND
def test_awards_of_what_does_not_exist(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    assert api.refused("POST", "/tenders/some_id/awards", builders.supplier(), status=404) == unknown("tender")
    assert api.refused("GET", f"{tender.path}/awards/some_id", status=404) == unknown("award")
    assert api.refused("PATCH", f"{tender.path}/awards/some_id", {}, status=404) == unknown("award")


@EVERY_KIND
def test_one_supplier_at_a_time(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    first = name(api, tender)
    again = ("POST", f"{tender.path}/awards", builders.supplier())
    assert api.refused(*again, token=tender.token) == said("Can't create new award while any (pending) award exists")
    api.patch(first, {"status": "unsuccessful"})
    second, contract = confirm(api, tender)
    assert api.refused(*again, token=tender.token) == said("Can't create new award while any (active) award exists")
    api.patch(second, {"status": "cancelled"})
    assert api.get(contract.path)["status"] == "cancelled"
    third = name(api, tender)
    assert [a["status"] for a in api.get(f"{tender.path}/awards")] == ["unsuccessful", "cancelled", "pending"]
    assert third.id not in (first.id, second.id)


@pytest.mark.parametrize(("kind", "status"), CLOSED)
def test_awards_belong_to_a_purchase_under_way(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    forge_status(api, tender, status)
    refused = api.refused("POST", f"{tender.path}/awards", builders.supplier(), token=tender.token)
    assert refused == said(f"Can't add award in current ({status}) tender status")
    refused = api.refused("PATCH", award.path, {"status": "unsuccessful"}, token=tender.token)
    assert refused == said(f"Can't update award in current ({status}) tender status")


# --- deciding


@EVERY_KIND
def test_the_buyer_rewords_an_award_under_consideration(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    news = {"title": "Постачальник", "value": {"amount": 400}, "suppliers": [{"name": "ТОВ «Майстерня»"}], "items": []}
    changed = api.patch(award, news | {"date": "2020-01-01", "id": UNKNOWN})
    assert (changed["title"], changed["value"]["amount"], changed["suppliers"][0]["name"]) == (
        "Постачальник", 400, "ТОВ «Майстерня»",
    )  # fmt: skip
    assert (changed["id"], changed["date"]) == (award.id, award.data["date"])


@EVERY_KIND
def test_a_confirmed_award_has_a_contract(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, contract = confirm(api, tender)
    assert contract.data["items"] == tender.data["items"]
    assert (contract.data["status"], contract.data["awardID"], contract.data["value"]) == (
        "pending", award.id, award.data["value"],
    )  # fmt: skip
    assert contract.data["contractID"] == f"{tender.data['tenderID']}-1"
    assert award.data.get("complaintPeriod", {}).get("endDate") == ENDS.get(kind)
    assert api.get(tender.path)["status"] == "active"


@EVERY_KIND
def test_a_decision_is_only_taken_back(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, _ = confirm(api, tender)
    late = said("Can't update award in current (active) status")
    for news in ({"title": "x"}, {"value": {"amount": 1}}, {"status": "pending"}, {"status": "unsuccessful"}):
        assert api.refused("PATCH", award.path, news, token=tender.token) == late
    assert api.patch(award, {"status": "active", "value": {"amount": 450}}) == award.data
    taken = api.call("PATCH", award.path, {"status": "cancelled"}, token=tender.token)
    assert taken.json["data"]["status"] == "cancelled"
    assert "Location" not in taken.headers
    for news in ({"status": "active"}, {"title": "x"}):
        late = said("Can't update award in current (cancelled) status")
        assert api.refused("PATCH", award.path, news, token=tender.token) == late


@EVERY_KIND
def test_a_supplier_that_was_dropped_stays_so(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    assert api.patch(award, {"status": "unsuccessful"})["status"] == "unsuccessful"
    for news in ({"status": "cancelled"}, {"status": "active"}, {"title": "x"}):
        late = said("Can't update award in current (unsuccessful) status")
        assert api.refused("PATCH", award.path, news, token=tender.token) == late
    assert "contracts" not in api.get(tender.path)


def test_a_report_ignores_qualified(api: Api) -> None:
    award = name(api, announce(api), qualified=False)
    assert "qualified" not in award.data
    changed = api.patch(award, {"qualified": True, "status": "active"})
    assert ("qualified" in changed, changed["status"]) == (False, "active")


@pytest.mark.parametrize("changes", [{"qualified": False}, {"qualified": None}])
@BOTH
def test_a_negotiated_supplier_is_qualified(api: Api, kind: str, changes: Doc) -> None:
    tender = announce(api, kind)
    award = name(api, tender, **changes)
    refused = api.refused("PATCH", award.path, {"status": "active"}, token=tender.token)
    assert refused == said("Can't update award to active status with not qualified")
    assert api.patch(award, {"status": "active", "qualified": True})["status"] == "active"


@BOTH
def test_the_stand_still_of_a_negotiation(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    assert api.patch(award, {"status": "unsuccessful"})["complaintPeriod"]["endDate"] == ENDS[kind]
    confirmed, _ = confirm(api, tender)
    assert confirmed.data["complaintPeriod"] == {"startDate": api.clock.now.isoformat(), "endDate": ENDS[kind]}
    taken = api.patch(confirmed, {"status": "cancelled"})
    assert taken["complaintPeriod"]["endDate"] == api.clock.now.isoformat()


@BOTH
def test_in_a_sandbox_the_stand_still_is_short(api: Api, kind: str) -> None:
    tender = announce(api, kind, procurementMethodDetails="quick, accelerator=1440")
    award, _ = confirm(api, tender)
    minutes = {"negotiation": "10:00", "negotiation.quick": "05:00"}[kind]
    assert award.data["complaintPeriod"]["endDate"] == f"2026-03-02T09:{minutes}+02:00"


@BOTH
def test_an_administrator_repairs_a_stand_still(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, _ = confirm(api, tender)
    period = {"startDate": "2026-02-01T00:00:00+02:00", "endDate": "2026-02-02T00:00:00+02:00"}
    assert api.patch(award.path, {"complaintPeriod": period}, user="administrator")["complaintPeriod"] == period
    assert api.patch(award, {"complaintPeriod": {"endDate": "2027-01-01T00:00:00+02:00"}})["complaintPeriod"] == period


# --- lots


@BOTH
def test_awards_of_lots(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    first, second = lots_of(tender)
    refused = api.refused("POST", f"{tender.path}/awards", builders.supplier(), token=tender.token, status=422)
    assert refused == wrong("lotID", REQUIRED)
    sent = builders.supplier(lotID=UNKNOWN)
    refused = api.refused("POST", f"{tender.path}/awards", sent, token=tender.token, status=422)
    assert refused == wrong("lotID", ["lotID should be one of lots"])
    award = name(api, tender, first)
    sent = builders.supplier(lotID=first)
    again = said("Can't create new award on lot while any (pending) award exists")
    assert api.refused("POST", f"{tender.path}/awards", sent, token=tender.token) == again
    assert name(api, tender, second).data["lotID"] == second
    assert award.data["lotID"] == first


@BOTH
def test_an_award_moves_to_a_free_lot_only(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=3)
    first, second, third = lots_of(tender)
    award = name(api, tender, first)
    name(api, tender, second)
    refused = api.refused("PATCH", award.path, {"lotID": second}, token=tender.token)
    assert refused == wrong("lotID", "Another award is already using this lotID.")
    assert api.patch(award, {"lotID": third})["lotID"] == third
    assert name(api, tender, first).data["lotID"] == first


@BOTH
def test_the_contract_of_a_lot_has_its_items(api: Api, kind: str) -> None:
    lots = [builders.part(id=digit * 32) for digit in "12"]
    items = [builders.delivered(relatedLot=lot["id"], description=lot["id"]) for lot in lots]
    tender = api.post("/tenders", builders.purchase(kind, lots=lots, items=items))
    _, contract = confirm(api, tender, lots[1]["id"])
    assert [item["description"] for item in contract.data["items"]] == [lots[1]["id"]]


@pytest.mark.parametrize("status", ["pending", "active"])
@BOTH
def test_a_lot_that_is_being_cancelled_has_no_new_awards(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind, lots=2)
    lot, other = lots_of(tender)
    award = name(api, tender, lot)
    cancel(api, tender, lot, status=status)
    text = "Can't {} award while cancellation for corresponding lot exists"
    refused = api.refused("PATCH", award.path, {"status": "active"}, token=tender.token)
    assert refused == said(text.format("update"))
    refused = api.refused("POST", f"{tender.path}/awards", builders.supplier(lotID=lot), token=tender.token)
    assert refused == said(text.format("add"))
    assert name(api, tender, other).data["status"] == "pending"


@BOTH
def test_a_lot_that_is_over_has_no_new_awards(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    lot, _ = lots_of(tender)
    conclude(api, tender, lot)
    (award,) = api.get(f"{tender.path}/awards")
    refused = api.refused("PATCH", f"{tender.path}/awards/{award['id']}", {"status": "cancelled"}, token=tender.token)
    assert refused == said("Can update award only in active lot status")
    refused = api.refused("POST", f"{tender.path}/awards", builders.supplier(lotID=lot), token=tender.token)
    assert refused == said("Can add award only in active lot status")


# --- documents


@EVERY_KIND
def test_documents_of_an_award(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    made = upload(api, f"{award.path}/documents", token=tender.token)
    doc = made.json["data"]
    assert made.headers["Location"].endswith(f"{award.path}/documents/{doc['id']}")
    assert "author" not in doc
    api.post(f"{award.path}/documents", registered(api), token=tender.token)
    path = f"{award.path}/documents/{doc['id']}"
    for decision in ("active", "cancelled"):
        api.patch(award, {"status": decision})
        refused = upload(api, f"{award.path}/documents", token=tender.token, status=403).json["errors"]
        assert refused == said(f"Can't add document in current ({decision}) award status")
        upload(api, path, method="PUT", token=tender.token, content=decision.encode())
        assert api.patch(path, {"description": decision}, token=tender.token)["description"] == decision
    assert upload(api, f"{award.path}/documents", token="", status=403).json["errors"] == FORBIDDEN


@pytest.mark.parametrize(("kind", "status"), CLOSED)
def test_documents_of_an_award_belong_to_a_purchase_under_way(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    doc = add_file(api, f"{award.path}/documents", token=tender.token)
    forge_status(api, tender, status)
    refused = upload(api, f"{award.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said(f"Can't add document in current ({status}) tender status")
    refused = api.refused("PATCH", f"{award.path}/documents/{doc['id']}", {"description": "x"}, token=tender.token)
    assert refused == said(f"Can't update document in current ({status}) tender status")


@EVERY_KIND
def test_a_lost_contract_is_drawn_up_again(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, _ = confirm(api, tender)
    with forged(api, tender) as body:
        del body["contracts"]
    api.post(f"{tender.path}/documents", registered(api), token=tender.token)
    assert contract_of(api, tender, award).data["status"] == "pending"
