"""Contracts: drawn up for an award, amended, signed after the stand-still, cancelled with the award; their documents."""

from __future__ import annotations

from datetime import datetime

import pytest
from journey import (
    DAY,
    FORBIDDEN,
    HOUR,
    STAND_STILL,
    UNKNOWN,
    add_file,
    answer,
    awards,
    cancel,
    claim,
    contracts,
    forge_status,
    forged,
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

ADMIN = "token"
SIGN = {"status": "active"}
CLOSED = ["active.enquiries", "active.tendering", "active.auction", "complete", "unsuccessful", "cancelled"]


@pytest.fixture
def award(api: Api, tender: Thing) -> Thing:
    """The award of the only bid, 450 UAH, confirmed: the tender is in active.awarded."""
    to_qualification(api, tender, 450)
    (award,) = awards(api, tender)
    return Thing(award.path, award.token, api.patch(award, SIGN))


@pytest.fixture
def contract(api: Api, tender: Thing, award: Thing) -> Thing:
    """The contract of the award; its stand-still runs."""
    return contracts(api, tender)[0]


# --- drawing up


def test_a_contract_for_a_lot_of_no_items_names_none(api: Api) -> None:
    tender, _ = with_lots(api, 1)
    to_qualification(api, tender, 200)
    api.patch(awards(api, tender)[0], SIGN)
    assert "items" not in contracts(api, tender)[0].data


def test_a_contract_is_drawn_up_for_the_award(api: Api, tender: Thing, award: Thing, contract: Thing) -> None:
    assert contract.data == {
        "id": contract.id,
        "status": "pending",
        "date": api.clock.now.isoformat(),
        "awardID": award.id,
        "contractID": f"{tender.data['tenderID']}-1",
        "suppliers": award.data["suppliers"],
        "value": award.data["value"],
        "items": tender.data["items"],
    }
    assert api.get(contract.path, user=None) == contract.data
    assert api.get(tender.path)["contracts"] == [contract.data]


def test_a_contract_of_a_lot_has_its_items(api: Api) -> None:
    lots = [{**builders.lot(), "id": digit * 32} for digit in "12"]
    items = [builders.item(relatedLot=lot["id"], description=lot["id"]) for lot in lots]
    tender = api.tender(lots=lots, items=items)
    to_qualification(api, tender, 240)
    for award in awards(api, tender):
        api.patch(award, SIGN)
    drawn = contracts(api, tender)
    assert [c.data["contractID"] for c in drawn] == [f"{tender.data['tenderID']}-{count}" for count in (1, 2)]
    lot_of = {a.id: a.data["lotID"] for a in awards(api, tender)}
    for contract in drawn:
        assert [i["description"] for i in contract.data["items"]] == [lot_of[contract.data["awardID"]]]


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"invalid_field": "x"}, wrong("invalid_field", "Rogue field")),
        ({"awardID": "invalid_value"}, wrong("awardID", ["awardID should be one of awards"])),
        ({}, wrong("awardID", ["This field is required."])),
    ],
)
def test_invalid_contracts(api: Api, tender: Thing, award: Thing, data: Doc, errors: list[Doc]) -> None:
    assert api.refused("POST", f"{tender.path}/contracts", data, user=ADMIN, status=422) == errors


def test_contracts_of_what_does_not_exist(api: Api, tender: Thing) -> None:
    assert api.refused("POST", "/tenders/some_id/contracts", {}, user=ADMIN, status=404) == unknown("tender")
    assert api.refused("GET", "/tenders/some_id/contracts", status=404) == unknown("tender")
    assert api.refused("GET", f"{tender.path}/contracts/some_id", status=404) == unknown("contract")
    assert api.refused("PATCH", f"{tender.path}/contracts/some_id", SIGN, status=404) == unknown("contract")
    assert api.refused("PATCH", "/tenders/some_id/contracts/some_id", SIGN, status=404) == unknown("tender")


def test_a_contract_drawn_up_by_hand(api: Api, tender: Thing, award: Thing) -> None:
    sent = {
        "title": "Договір",
        "description": "Опис",
        "awardID": award.id,
        "value": award.data["value"],
        "suppliers": award.data["suppliers"],
        "status": "active",
        "dateSigned": api.clock.now.isoformat(),
    }
    path = f"{tender.path}/contracts"
    for user, token in (("broker", tender.token), ("contracting", ""), ("administrator", ""), (None, "")):
        assert api.refused("POST", path, sent, user=user, token=token) == FORBIDDEN
    refused = api.refused("POST", path, sent, user=ADMIN, status=422)
    end = award.data["complaintPeriod"]["endDate"]
    assert refused == wrong("dateSigned", [f"Contract signature date should be after award complaint period end date ({end})"])
    del sent["dateSigned"]
    made = api.call("POST", path, sent, user=ADMIN, status=201)
    doc = made.json["data"]
    assert (doc["status"], doc["title"], doc["value"], doc["suppliers"]) == (
        "pending",
        "Договір",
        award.data["value"],
        award.data["suppliers"],
    )
    assert made.headers["Location"].endswith(f"{path}/{doc['id']}")
    assert api.get(f"{path}/{doc['id']}") == doc


@pytest.mark.parametrize("status", CLOSED)
def test_contracts_belong_to_awarding(api: Api, tender: Thing, award: Thing, contract: Thing, status: str) -> None:
    forge_status(api, tender, status)
    refused = api.refused("POST", f"{tender.path}/contracts", {"awardID": award.id}, user=ADMIN)
    assert refused == said(f"Can't add contract in current ({status}) tender status")
    for news in (SIGN, {"title": "x"}, {"value": {"amount": 232}}, {"contractID": "x"}):
        refused = api.refused("PATCH", contract.path, news, token=tender.token)
        assert refused == said(f"Can't update contract in current ({status}) tender status")
    assert api.get(contract.path)["status"] == "pending"


# --- amending


def test_the_buyer_amends_a_contract(api: Api, contract: Thing) -> None:
    period = {"startDate": "2026-04-01T00:00:00+03:00", "endDate": "2027-04-01T00:00:00+03:00"}
    news = {"title": "Договір", "contractNumber": "№ 12", "period": period, "value": {"amount": 238}}
    changed = api.patch(contract, news)
    assert changed == contract.data | news | {"value": builders.value(238)}


def test_what_the_award_says_stays(api: Api, contract: Thing) -> None:
    news = {
        "contractID": "myselfID",
        "awardID": contract.data["awardID"],
        "items": [{"description": "Інше"}],
        "suppliers": [{"name": "Інша"}],
        "id": UNKNOWN,
        "date": "2020-01-01",
    }
    assert api.patch(contract, news) == contract.data


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"currency": "USD"}, "Can't update currency for contract value"),
        ({"valueAddedTaxIncluded": False}, "Can't update valueAddedTaxIncluded for contract value"),
        ({"amount": 450.01}, "Value amount should be less or equal to awarded amount (450.0)"),
        ({"amount": 501}, "Value amount should be less or equal to awarded amount (450.0)"),
    ],
)
def test_the_value_only_goes_down(api: Api, contract: Thing, value: Doc, text: str) -> None:
    assert api.refused("PATCH", contract.path, {"value": value}, token=contract.token) == said(text)
    assert api.get(contract.path) == contract.data
    api.patch(contract, {"value": {"amount": 238}})
    assert api.patch(contract, {"value": {"amount": 450}})["value"]["amount"] == 450


def test_the_value_is_not_taken_away(api: Api, contract: Thing) -> None:
    for news in ({"value": None}, {"value": None, "title": "Договір"}):
        assert api.refused("PATCH", contract.path, news, token=contract.token) == said("Can't delete value of contract")
    assert api.get(contract.path) == contract.data


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (builders.value(10, currency="USD"), "Can't update currency for contract value"),
        (builders.value(10, valueAddedTaxIncluded=False), "Can't update valueAddedTaxIncluded for contract value"),
        (builders.value(451), "Value amount should be less or equal to awarded amount (450.0)"),
    ],
)
def test_a_value_that_was_not_there_keeps_to_the_award(api: Api, tender: Thing, contract: Thing, value: Doc, text: str) -> None:
    with forged(api, tender) as body:
        del body["contracts"][0]["value"]
    assert api.refused("PATCH", contract.path, {"value": value}, token=contract.token) == said(text)
    assert api.patch(contract, {"value": builders.value(449)})["value"] == builders.value(449)


@pytest.mark.parametrize(
    ("news", "errors"),
    [
        ({"contract": "x"}, wrong("contract", "Rogue field")),
        ({"value": {"amount": "x"}}, wrong("value", {"amount": ["Value 'x' is not float."]})),
        ({"value": {"amount": -1}}, wrong("value", {"amount": ["Float value should be greater than 0."]})),
        (
            {"period": {"startDate": "2026-05-01", "endDate": "2026-04-01"}},
            wrong("period", {"startDate": ["period should begin before its end"]}),
        ),
        ({"awardID": "x"}, wrong("awardID", ["awardID should be one of awards"])),
        ({"status": "done"}, wrong("status", ["Value must be one of ['pending', 'terminated', 'active', 'cancelled']."])),
    ],
)
def test_invalid_amendments(api: Api, contract: Thing, news: Doc, errors: list[Doc]) -> None:
    assert api.refused("PATCH", contract.path, news, token=contract.token, status=422) == errors


@pytest.mark.parametrize("user", ["broker", "broker1", "contracting", "administrator", "chronograph", None])
def test_only_the_buyer_amends(api: Api, contract: Thing, user: str | None) -> None:
    assert api.refused("PATCH", contract.path, {"title": "x"}, user=user) == FORBIDDEN
    assert api.patch(contract.path, {"title": "Договір"}, user=ADMIN)["title"] == "Договір"


# --- signing


def test_a_contract_is_signed_after_the_stand_still(api: Api, tender: Thing, award: Thing, contract: Thing) -> None:
    end = award.data["complaintPeriod"]["endDate"]
    for moment in (api.clock.now, datetime.fromisoformat(end)):
        api.clock.now = moment
        refused = api.refused("PATCH", contract.path, SIGN, token=tender.token)
        assert refused == said(f"Can't sign contract before stand-still period end ({end})")
    api.clock.now = datetime.fromisoformat(end) + HOUR
    signed = api.patch(contract, SIGN)
    assert (signed["status"], signed["dateSigned"], signed["date"]) == ("active", *(api.clock.now.isoformat(),) * 2)
    doc = api.get(tender.path)
    assert doc["status"] == "complete"
    assert "next_check" not in doc


def test_when_a_contract_was_signed(api: Api, award: Thing, contract: Thing) -> None:
    end = datetime.fromisoformat(award.data["complaintPeriod"]["endDate"])
    for early in (end, end - HOUR):
        refused = api.refused("PATCH", contract.path, {"dateSigned": early.isoformat()}, token=contract.token, status=422)
        text = f"Contract signature date should be after award complaint period end date ({end.isoformat()})"
        assert refused == wrong("dateSigned", [text])
    api.clock.now = end + DAY
    late = {"dateSigned": (api.clock.now + HOUR).isoformat()}
    refused = api.refused("PATCH", contract.path, late, token=contract.token, status=422)
    assert refused == wrong("dateSigned", ["Contract signature date can't be in the future"])
    good = (end + HOUR).isoformat()
    assert api.patch(contract, {"dateSigned": good})["dateSigned"] == good
    assert api.patch(contract, SIGN)["dateSigned"] == good


@pytest.mark.parametrize("status", ["answered", "pending"])
@pytest.mark.parametrize("about", ["tender", "award"])
def test_a_claim_that_waits_holds_a_contract_up(api: Api, tender: Thing, contract: Thing, status: str, about: str) -> None:
    with forged(api, tender) as body:
        holder = body if about == "tender" else body["awards"][0]
        holder["complaints"] = [builders.claim(id=UNKNOWN, status=status, date=api.clock.now.isoformat(), type="claim")]
    api.clock.advance(STAND_STILL)
    refused = api.refused("PATCH", contract.path, SIGN, token=tender.token)
    assert refused == said("Can't sign contract before reviewing all complaints")


def test_a_claim_that_was_not_answered_does_not(api: Api, tender: Thing) -> None:
    filed = claim(api, tender.path)
    to_qualification(api, tender, 450)
    api.patch(awards(api, tender)[0], SIGN)
    api.clock.advance(STAND_STILL)
    assert api.patch(contracts(api, tender)[0], SIGN)["status"] == "active"
    assert api.get(filed.path)["status"] == "ignored"


def test_an_answer_is_waited_for(api: Api, tender: Thing) -> None:
    filed = claim(api, tender.path)
    to_qualification(api, tender, 450)
    api.patch(awards(api, tender)[0], SIGN)
    api.clock.advance(STAND_STILL)
    answer(api, filed, tender)
    (contract,) = contracts(api, tender)
    assert api.refused("PATCH", contract.path, SIGN, token=tender.token)
    api.tick(tender, 3 * DAY)
    assert api.patch(contract, SIGN)["status"] == "active"


@pytest.mark.parametrize("status", ["cancelled", "terminated"])
def test_moves_that_nobody_makes(api: Api, contract: Thing, status: str) -> None:
    refused = api.refused("PATCH", contract.path, {"status": status}, token=contract.token)
    assert refused == said("Can't update contract status")


def test_a_cancelled_contract_stays_so(api: Api, tender: Thing, award: Thing, contract: Thing) -> None:
    api.patch(award, {"status": "cancelled"})
    cancelled = api.get(contract.path)
    assert cancelled["status"] == "cancelled"
    for status in ("active", "pending"):
        refused = api.refused("PATCH", contract.path, {"status": status}, token=tender.token)
        assert refused == said("Can't update contract status")
    assert api.patch(contract, {"title": "Договір"}) == cancelled
    assert api.get(tender.path)["status"] == "active.qualification"


def test_a_new_award_draws_up_a_new_contract(api: Api, tender: Thing, award: Thing, contract: Thing) -> None:
    api.patch(award, {"status": "cancelled"})
    api.patch(awards(api, tender)[-1], SIGN)
    drawn = contracts(api, tender)
    assert [(c.data["status"], c.data["contractID"][-1]) for c in drawn] == [("cancelled", "1"), ("pending", "2")]


def test_the_stand_still_of_every_award_is_waited_for(api: Api, tender: Thing) -> None:
    to_qualification(api, tender, 450, 440)
    api.patch(awards(api, tender)[0], {"status": "unsuccessful"})
    rejected, winner = awards(api, tender)
    api.patch(winner, SIGN)
    end = (api.clock.now + 9 * DAY).isoformat()
    api.patch(rejected.path, {"complaintPeriod": {"endDate": end}}, user="administrator")
    (contract,) = contracts(api, tender)
    api.clock.now = datetime.fromisoformat(end)
    refused = api.refused("PATCH", contract.path, SIGN, token=tender.token)
    assert refused == said(f"Can't sign contract before stand-still period end ({end})")
    api.clock.advance(HOUR)
    assert api.patch(contract, SIGN)["status"] == "active"


# --- lots


def test_a_tender_is_complete_when_every_lot_has_ended(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    to_qualification(api, tender, 240)
    for award in awards(api, tender):
        api.patch(award, SIGN)
    api.clock.advance(STAND_STILL)
    first, second = contracts(api, tender)
    api.patch(first, SIGN)
    doc = api.get(tender.path)
    assert doc["status"] == "active.awarded"
    assert sorted(lot["status"] for lot in doc["lots"]) == ["active", "complete"]
    refused = api.refused("PATCH", first.path, {"title": "x"}, token=tender.token)
    assert refused == said("Can update contract only in active lot status")
    api.patch(second, SIGN)
    doc = api.get(tender.path)
    assert doc["status"] == "complete"
    assert {lot["status"] for lot in doc["lots"]} == {"complete"}
    assert {one, two} == {lot["id"] for lot in doc["lots"]}


def test_contracts_of_cancelled_lots_are_closed(api: Api) -> None:
    tender, (one, _) = with_lots(api, 2)
    to_qualification(api, tender, 240)
    for award in awards(api, tender):
        api.patch(award, SIGN)
    award_of = {a.data["lotID"]: a.id for a in awards(api, tender)}
    contract = next(c for c in contracts(api, tender) if c.data["awardID"] == award_of[one])
    doc = add_file(api, f"{contract.path}/documents", token=tender.token)
    api.clock.advance(STAND_STILL)
    cancel(api, tender, one)
    refused = api.refused("PATCH", contract.path, SIGN, token=tender.token)
    assert refused == said("Can update contract only in active lot status")
    refused = upload(api, f"{contract.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said("Can add document only in active lot status")
    path = f"{contract.path}/documents/{doc['id']}"
    refused = api.refused("PATCH", path, {"description": "x"}, token=tender.token)
    assert refused == said("Can update document only in active lot status")


# --- documents


def test_documents_and_their_versions(api: Api, contract: Thing) -> None:
    path = f"{contract.path}/documents"
    made = upload(api, path, token=contract.token)
    doc = made.json["data"]
    assert "author" not in doc
    assert made.headers["Location"].endswith(f"{path}/{doc['id']}")
    assert api.refused("GET", f"{path}/some_id", status=404) == unknown("document")
    newer = upload(api, f"{path}/{doc['id']}", method="PUT", token=contract.token, content=b"newer").json["data"]
    changed = api.patch(f"{path}/{doc['id']}", {"description": "Опис", "title": "підписано.pdf"}, token=contract.token)
    assert (changed["description"], changed["title"]) == ("Опис", "підписано.pdf")
    assert key_of(changed) == key_of(newer) != key_of(doc)
    api.post(path, registered(api, title="додаток.pdf"), token=contract.token)
    assert [d["title"] for d in api.get(path)] == ["підписано.pdf", "додаток.pdf"]
    assert len(api.get(f"{path}?all=1")) == 3
    for token in ("", "x"):
        assert upload(api, path, token=token, status=403).json["errors"] == FORBIDDEN


@pytest.mark.parametrize("status", CLOSED)
def test_documents_belong_to_awarding(api: Api, tender: Thing, contract: Thing, status: str) -> None:
    doc = add_file(api, f"{contract.path}/documents", token=tender.token)
    path = f"{contract.path}/documents/{doc['id']}"
    forge_status(api, tender, status)
    refused = upload(api, f"{contract.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said(f"Can't add document in current ({status}) tender status")
    late = said(f"Can't update document in current ({status}) tender status")
    assert upload(api, path, method="PUT", token=tender.token, status=403).json["errors"] == late
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == late


def test_documents_of_a_cancelled_contract_stay_as_they_are(api: Api, tender: Thing, award: Thing, contract: Thing) -> None:
    doc = add_file(api, f"{contract.path}/documents", token=tender.token)
    path = f"{contract.path}/documents/{doc['id']}"
    api.patch(award, {"status": "cancelled"})
    refused = upload(api, f"{contract.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said("Can't add document in current contract status")
    late = said("Can't update document in current contract status")
    assert upload(api, path, method="PUT", token=tender.token, status=403).json["errors"] == late
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == late
