"""Cancellations of a tender or of a lot, in every phase; what goes with them, and their documents."""

from __future__ import annotations

from typing import Any

import pytest
from journey import (
    FORBIDDEN,
    STAND_STILL,
    UNKNOWN,
    add_file,
    awards,
    bidding,
    cancel,
    claim,
    contracts,
    forge_status,
    hold_auction,
    key_of,
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

REASON = {"reason": "Немає коштів"}
OVER = ["complete", "unsuccessful", "cancelled"]
REQUIRED = ["This field is required."]


@pytest.fixture
def prepared(api: Api, tender: Thing) -> Thing:
    """A cancellation that is being prepared."""
    return api.post(f"{tender.path}/cancellations", REASON, token=tender.token)


def held(thing: Thing, tender: Thing) -> Thing:
    """The thing in the hand of the buyer."""
    return Thing(thing.path, tender.token, thing.data)


def bring(api: Api, tender: Thing, status: str) -> None:
    """Bring an announced tender to a phase of its life, as requests and time do."""
    if status in ("active.tendering", "active.auction"):
        bidding(api, tender, 240, 230)
    elif status in ("active.qualification", "active.awarded"):
        to_qualification(api, tender, 240, 230)
    if status == "active.awarded":
        for award in awards(api, tender):
            api.patch(award, {"status": "active"})
    assert api.until(tender, status)["status"] == status


# --- what is refused


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, wrong("reason", REQUIRED)),
        ({"invalid_field": "x"}, wrong("invalid_field", "Rogue field")),
        (REASON | {"cancellationOf": "lot"}, wrong("relatedLot", REQUIRED)),
        (REASON | {"cancellationOf": "lot", "relatedLot": UNKNOWN}, wrong("relatedLot", ["relatedLot should be one of lots"])),
        (REASON | {"cancellationOf": "item"}, wrong("cancellationOf", ["Value must be one of ['tender', 'lot']."])),
        (REASON | {"status": "done"}, wrong("status", ["Value must be one of ['pending', 'active']."])),
    ],
)
def test_invalid_cancellations(api: Api, tender: Thing, data: Doc, errors: list[Doc]) -> None:
    assert api.refused("POST", f"{tender.path}/cancellations", data, token=tender.token, status=422) == errors


def test_cancellations_of_what_does_not_exist(api: Api, tender: Thing) -> None:
    assert api.refused("POST", "/tenders/some_id/cancellations", REASON, status=404) == unknown("tender")
    assert api.refused("GET", "/tenders/some_id/cancellations", status=404) == unknown("tender")
    assert api.refused("GET", f"{tender.path}/cancellations/some_id", status=404) == unknown("cancellation")
    news = {"status": "active"}
    assert api.refused("PATCH", f"{tender.path}/cancellations/some_id", news, status=404) == unknown("cancellation")
    assert api.refused("PATCH", "/tenders/some_id/cancellations/some_id", news, status=404) == unknown("tender")


@pytest.mark.parametrize("user", ["broker", "broker2", "administrator", "chronograph", "auction", None])
def test_only_the_buyer_cancels(api: Api, tender: Thing, prepared: Thing, user: str | None) -> None:
    assert api.refused("POST", f"{tender.path}/cancellations", REASON, user=user) == FORBIDDEN
    assert api.refused("PATCH", prepared.path, {"status": "active"}, user=user) == FORBIDDEN
    assert api.get(tender.path)["status"] == "active.enquiries"


@pytest.mark.parametrize("status", OVER)
def test_what_has_ended_is_not_cancelled(api: Api, tender: Thing, prepared: Thing, status: str) -> None:
    forge_status(api, tender, status)
    refused = api.refused("POST", f"{tender.path}/cancellations", REASON, token=tender.token)
    assert refused == said(f"Can't add cancellation in current ({status}) tender status")
    refused = api.refused("PATCH", prepared.path, {"status": "active"}, token=tender.token)
    assert refused == said(f"Can't update cancellation in current ({status}) tender status")


# --- the tender


def test_a_cancellation_is_prepared(api: Api, tender: Thing) -> None:
    made = api.call("POST", f"{tender.path}/cancellations", REASON | {"reason_en": "No money"}, token=tender.token, status=201)
    doc = made.json["data"]
    assert doc == REASON | {
        "id": doc["id"],
        "reason_en": "No money",
        "status": "pending",
        "cancellationOf": "tender",
        "date": api.clock.now.isoformat(),
    }
    assert "access" not in made.json
    assert made.headers["Location"].endswith(f"{tender.path}/cancellations/{doc['id']}")
    assert api.get(f"{tender.path}/cancellations", user=None) == [doc]
    assert api.get(tender.path)["cancellations"] == [doc]
    assert api.get(tender.path)["status"] == "active.enquiries"


def test_a_prepared_cancellation_is_carried_out(api: Api, tender: Thing, prepared: Thing) -> None:
    changed = api.patch(held(prepared, tender), {"status": "active", "reason": "Інша причина"})
    assert (changed["status"], changed["reason"]) == ("active", "Немає коштів")
    doc = api.get(tender.path)
    assert (doc["status"], doc["date"]) == ("cancelled", api.clock.now.isoformat())
    assert "next_check" not in doc
    for status in ("pending", "active"):
        refused = api.refused("PATCH", prepared.path, {"status": status}, token=tender.token)
        assert refused == said("Can't update cancellation in current (cancelled) tender status")
    assert api.get(prepared.path) == changed


@pytest.mark.parametrize(
    "status", ["active.enquiries", "active.tendering", "active.auction", "active.qualification", "active.awarded"]
)
@pytest.mark.parametrize("lots", [0, 2])
def test_a_tender_is_cancelled_in_every_phase(api: Api, status: str, lots: int) -> None:
    tender, _ = with_lots(api, lots) if lots else (api.tender(), [])
    filed = claim(api, tender.path)
    bring(api, tender, status)
    assert cancel(api, tender).data["status"] == "active"
    doc = api.get(tender.path)
    assert doc["status"] == "cancelled"
    assert doc["complaints"][0]["status"] == "ignored"
    assert "next_check" not in doc
    sealed = status in ("active.enquiries", "active.tendering", "active.auction")
    assert ("bids" not in doc) if sealed else (len(doc["bids"]) == 2)
    assert api.get(filed.path)["author"]


def test_a_draft_is_cancelled(api: Api) -> None:
    tender = api.tender(status="draft")
    cancel(api, tender)
    assert api.get(tender.path)["status"] == "cancelled"


def test_bids_of_a_cancelled_tender_that_were_never_opened_are_gone(api: Api, tender: Thing) -> None:
    bids = bidding(api, tender, 440, 430)
    cancel(api, tender)
    assert api.get(f"{tender.path}/bids") == []
    assert api.refused("GET", f"{bids[0].path}?acc_token={bids[0].token}", status=404) == unknown("bid")
    assert "bids" not in api.store.get("tender", tender.id).body


# --- lots


def test_a_lot_is_cancelled(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    made = cancel(api, tender, one)
    assert (made.data["cancellationOf"], made.data["relatedLot"]) == ("lot", one)
    doc = api.get(tender.path)
    assert {lot["id"]: lot["status"] for lot in doc["lots"]} == {one: "cancelled", two: "active"}
    assert doc["status"] == "active.enquiries"
    again = REASON | {"cancellationOf": "lot", "relatedLot": one}
    refused = api.refused("POST", f"{tender.path}/cancellations", again, token=tender.token)
    assert refused == said("Can add cancellation only in active lot status")
    refused = api.refused("PATCH", made.path, {"status": "pending"}, token=tender.token)
    assert refused == said("Can update cancellation only in active lot status")


def test_a_prepared_cancellation_of_a_lot_is_carried_out(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    prepared = cancel(api, tender, one, status="pending")
    assert api.get(f"{tender.path}/lots/{one}")["status"] == "active"
    api.patch(held(prepared, tender), {"status": "active"})
    assert api.get(f"{tender.path}/lots/{one}")["status"] == "cancelled"
    assert api.get(f"{tender.path}/lots/{two}")["status"] == "active"


@pytest.mark.parametrize(
    "status", ["active.enquiries", "active.tendering", "active.auction", "active.qualification", "active.awarded"]
)
def test_a_tender_ends_with_its_last_lot(api: Api, status: str) -> None:
    tender, (one, two) = with_lots(api, 2)
    bring(api, tender, status)
    cancel(api, tender, one)
    assert api.get(tender.path)["status"] == status
    cancel(api, tender, two)
    doc = api.get(tender.path)
    assert doc["status"] == "cancelled"
    sealed = status in ("active.enquiries", "active.tendering", "active.auction")
    assert ("bids" not in doc) if sealed else (len(doc["bids"]) == 2)
    refused = api.refused("POST", f"{tender.path}/cancellations", REASON, token=tender.token)
    assert refused == said("Can't add cancellation in current (cancelled) tender status")


def test_the_auction_goes_on_without_a_cancelled_lot(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    bidding(api, tender, 240, 230)
    api.until(tender, "active.auction")
    cancel(api, tender, one)
    assert api.get(tender.path)["status"] == "active.auction"
    hold_auction(api, tender)
    assert api.get(tender.path)["status"] == "active.qualification"
    assert [a.data["lotID"] for a in awards(api, tender)] == [two]


def test_when_the_last_lot_to_be_auctioned_is_cancelled_awards_are_given(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    api.until(tender, "active.tendering")
    api.post(f"{tender.path}/bids", builders.lot_bid({one: 240, two: 240}))
    api.post(f"{tender.path}/bids", builders.lot_bid({one: 230}))
    api.until(tender, "active.auction")
    cancel(api, tender, one)
    assert api.get(tender.path)["status"] == "active.qualification"
    assert [a.data["lotID"] for a in awards(api, tender)] == [two]


def test_awarding_goes_on_without_a_cancelled_lot(api: Api) -> None:
    tender, (one, _) = with_lots(api, 2)
    to_qualification(api, tender, 240)
    second = next(a for a in awards(api, tender) if a.data["lotID"] != one)
    api.patch(second, {"status": "active"})
    assert api.get(tender.path)["status"] == "active.qualification"
    cancel(api, tender, one)
    assert api.get(tender.path)["status"] == "active.awarded"
    assert [c.data["status"] for c in contracts(api, tender)] == ["pending"]


def ended(api: Api, tender: Thing) -> list[tuple[str, str]]:
    """The statuses of the awards, each with that of its contract."""
    drawn = {c.data["awardID"]: c.data["status"] for c in contracts(api, tender)}
    return [(a.data["status"], drawn.get(a.id, "")) for a in awards(api, tender)]


@pytest.mark.parametrize("lots", [0, 2])
def test_awards_and_contracts_are_cancelled_with_the_tender(api: Api, lots: int) -> None:
    tender, _ = with_lots(api, lots) if lots else (api.tender(), [])
    bids = to_qualification(api, tender, 240, 230)
    api.patch(awards(api, tender)[0], {"status": "unsuccessful"})
    filed = claim(api, awards(api, tender)[0].path, bids[1].token)
    api.patch(awards(api, tender)[1], {"status": "active"})
    cancel(api, tender)
    gone = ("cancelled", "cancelled")
    assert ended(api, tender) == [("unsuccessful", ""), gone, *([("cancelled", "")] if lots else [])]
    assert all(a.data["complaintPeriod"]["endDate"] == api.clock.now.isoformat() for a in awards(api, tender)[1:])
    assert api.get(filed.path)["status"] == "ignored"


def test_awards_and_contracts_are_cancelled_with_their_lot(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    to_qualification(api, tender, 240)
    for award in awards(api, tender):
        api.patch(award, {"status": "active"})
    cancel(api, tender, one)
    given = {a.data["lotID"]: status for a, status in zip(awards(api, tender), ended(api, tender), strict=True)}
    assert given == {one: ("cancelled", "cancelled"), two: ("active", "pending")}
    assert api.get(tender.path)["status"] == "active.awarded"


def test_a_tender_with_a_complete_lot_is_not_cancelled_as_a_whole(api: Api) -> None:
    tender, (_, two) = with_lots(api, 2)
    to_qualification(api, tender, 240)
    prepared = cancel(api, tender, status="pending")
    for award in awards(api, tender):
        api.patch(award, {"status": "active"})
    api.clock.advance(STAND_STILL)
    api.patch(contracts(api, tender)[0], {"status": "active"})
    text = "Can't {} cancellation, if there is at least one complete lot"
    for status in ("pending", "active"):
        refused = api.refused("POST", f"{tender.path}/cancellations", REASON | {"status": status}, token=tender.token)
        assert refused == said(text.format("add"))
    assert api.refused("PATCH", prepared.path, {"status": "active"}, token=tender.token) == said(text.format("update"))
    cancel(api, tender, two)
    doc = api.get(tender.path)
    assert (doc["status"], [lot["status"] for lot in doc["lots"]]) == ("complete", ["complete", "cancelled"])


# --- documents


def test_documents_and_their_versions(api: Api, tender: Thing, prepared: Thing) -> None:
    path = f"{prepared.path}/documents"
    made = upload(api, path, token=tender.token)
    doc = made.json["data"]
    assert made.headers["Location"].endswith(f"{path}/{doc['id']}")
    assert "author" not in doc
    newer = upload(api, f"{path}/{doc['id']}", method="PUT", token=tender.token, name="2.doc", content=b"2").json["data"]
    changed = api.patch(f"{path}/{doc['id']}", {"description": "Опис"}, token=tender.token)
    assert (changed["title"], changed["description"]) == ("2.doc", "Опис")
    assert key_of(changed) == key_of(newer) != key_of(doc)
    api.post(path, registered(api), token=tender.token)
    assert len(api.get(path)) == 2
    assert len(api.get(f"{path}?all=1")) == 3
    assert [key_of(v) for v in api.get(f"{path}/{doc['id']}")["previousVersions"]] == [key_of(doc)]
    assert api.refused("GET", f"{path}/some_id", status=404) == unknown("document")
    no_file = [{"location": "body", "name": "file", "description": "Not Found"}]
    for method, where in (("POST", path), ("PUT", f"{path}/{doc['id']}")):
        answer = upload(api, where, method=method, token=tender.token, field="other", status=404)
        assert answer.json["errors"] == no_file


@pytest.mark.parametrize("user", ["broker", "bot", "auction"])
def test_only_the_buyer_adds_documents(api: Api, prepared: Thing, user: str) -> None:
    assert upload(api, f"{prepared.path}/documents", user=user, status=403).json["errors"] == FORBIDDEN


@pytest.mark.parametrize("status", OVER)
def test_documents_of_an_ended_tender_stay_as_they_are(api: Api, tender: Thing, prepared: Thing, status: str) -> None:
    doc = add_file(api, f"{prepared.path}/documents", token=tender.token)
    path = f"{prepared.path}/documents/{doc['id']}"
    forge_status(api, tender, status)
    refused: Any = upload(api, f"{prepared.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said(f"Can't add document in current ({status}) tender status")
    late = said(f"Can't update document in current ({status}) tender status")
    assert upload(api, path, method="PUT", token=tender.token, status=403).json["errors"] == late
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == late


@pytest.mark.parametrize(
    "status", ["draft", "active.enquiries", "active.tendering", "active.auction", "active.qualification", "active.awarded"]
)
def test_documents_are_added_in_every_phase(api: Api, tender: Thing, prepared: Thing, status: str) -> None:
    forge_status(api, tender, status)
    assert add_file(api, f"{prepared.path}/documents", token=tender.token)["title"] == "звіт.doc"
