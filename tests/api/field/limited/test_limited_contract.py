"""Contracts of purchases without competition: amended, priced unit by unit, signed; with them the purchase, or the lot, ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import FORBIDDEN, UNKNOWN, add_file, cancel, forge_status, registered, said, unknown, upload, wrong
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
    pass_stand_still,
)

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api

SIGN = {"status": "active"}
CLOSED = [(kind, status) for kind in KINDS for status in OVER if (kind, status) != ("reporting", "unsuccessful")]
SHORT = timedelta(hours=1)


# --- amending


@EVERY_KIND
def test_the_buyer_amends_a_contract(api: Api, kind: str) -> None:
    _, contract = confirm(api, announce(api, kind))
    period = {"startDate": "2026-04-01T00:00:00+03:00", "endDate": "2027-04-01T00:00:00+03:00"}
    news = {"title": "Договір", "contractNumber": "№ 12", "period": period, "value": {"amount": 238}}
    frozen = {"contractID": "x", "awardID": contract.data["awardID"], "id": UNKNOWN, "date": "2020-01-01"}
    assert api.patch(contract, news | frozen) == contract.data | news | {"value": builders.value(238)}
    assert api.refused("PATCH", contract.path, news, token="") == FORBIDDEN
    assert api.refused("PATCH", f"{contract.path.rpartition('/')[0]}/some_id", news, status=404) == unknown("contract")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"currency": "USD"}, "Can't update currency for contract value"),
        ({"valueAddedTaxIncluded": False}, "Can't update valueAddedTaxIncluded for contract value"),
        ({"amount": 450.01}, "Value amount should be less or equal to awarded amount (450.0)"),
    ],
)
@EVERY_KIND
def test_the_value_only_goes_down(api: Api, kind: str, value: Doc, text: str) -> None:
    _, contract = confirm(api, announce(api, kind))
    assert api.refused("PATCH", contract.path, {"value": value}, token=contract.token) == said(text)
    assert api.get(contract.path) == contract.data
    assert api.refused("PATCH", contract.path, {"value": None}, token=contract.token) == said("Can't delete value of contract")


@EVERY_KIND
def test_unit_prices(api: Api, kind: str) -> None:
    _, contract = confirm(api, announce(api, kind))
    news = {"description": "Інше", "quantity": 1, "unit": {"name": "шт", "value": {"amount": 12}}}
    changed = api.patch(contract, {"items": [news]})
    (before,), (after,) = contract.data["items"], changed["items"]
    assert after == before | {"unit": {"code": "H87", "name": "шт", "value": builders.value(12)}}
    assert api.patch(contract, {"items": [{"unit": None}]})["items"] == [after]
    refused = api.refused(
        "PATCH", contract.path, {"items": [{"unit": {"value": {"amount": "x"}}}]}, token=contract.token, status=422
    )
    assert refused[0]["name"] == "items"


@EVERY_KIND
def test_items_are_counted(api: Api, kind: str) -> None:
    tender = announce(api, kind, items=[builders.delivered(), builders.delivered()])
    _, contract = confirm(api, tender)
    (one, other), path = contract.data["items"], contract.path
    for items in ([one], [one, other, builders.delivered()], []):
        assert api.refused("PATCH", path, {"items": items}, token=contract.token) == said("Can't change items count")
    assert api.patch(contract, {"items": [{}, {"unit": {"value": {"amount": 7}}}]})["items"] == [
        one, other | {"unit": other["unit"] | {"value": builders.value(7)}},
    ]  # fmt: skip


# --- signing


def test_a_report_is_complete_when_its_contract_is_signed(api: Api) -> None:
    tender = announce(api)
    _, contract = confirm(api, tender)
    signed = api.patch(contract, SIGN)
    assert (signed["status"], signed["dateSigned"]) == ("active", api.clock.now.isoformat())
    assert api.get(tender.path)["status"] == "complete"


@BOTH
def test_a_negotiation_waits_for_its_stand_still(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, contract = confirm(api, tender)
    end = award.data["complaintPeriod"]["endDate"]
    early = said(f"Can't sign contract before stand-still period end ({end})")
    assert api.refused("PATCH", contract.path, SIGN, token=tender.token) == early
    assert api.patch(contract, {"title": "Договір"})["title"] == "Договір"
    pass_stand_still(api, tender)
    assert api.patch(contract, SIGN)["status"] == "active"
    assert api.get(tender.path)["status"] == "complete"


@EVERY_KIND
def test_the_date_of_the_signature(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    _, contract = confirm(api, tender)
    late = {"dateSigned": (api.clock.now + SHORT).isoformat()}
    refused = api.refused("PATCH", contract.path, late, token=tender.token, status=422)
    assert refused == wrong("dateSigned", ["Contract signature date can't be in the future"])
    early = (api.clock.now - SHORT).isoformat()
    assert api.patch(contract, {"dateSigned": early})["dateSigned"] == early
    pass_stand_still(api, tender)
    assert api.patch(contract, SIGN)["dateSigned"] == early


@pytest.mark.parametrize("status", ["terminated", "cancelled"])
@EVERY_KIND
def test_a_contract_is_signed_or_not(api: Api, kind: str, status: str) -> None:
    _, contract = confirm(api, announce(api, kind))
    refused = api.refused("PATCH", contract.path, {"status": status}, token=contract.token)
    assert refused == said("Can't update contract status")


@EVERY_KIND
def test_a_contract_is_cancelled_with_its_award(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, contract = confirm(api, tender)
    api.patch(award, {"status": "cancelled"})
    for news in (SIGN, {"title": "x"}):
        refused = api.refused("PATCH", contract.path, news, token=tender.token)
        assert refused == said("Can't update contract in current (cancelled) status")
    conclude(api, tender)
    assert [c["status"] for c in api.get(f"{tender.path}/contracts")] == ["cancelled", "active"]
    assert api.get(tender.path)["status"] == "complete"


@pytest.mark.parametrize(("kind", "status"), CLOSED)
def test_contracts_belong_to_a_purchase_under_way(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind)
    award, contract = confirm(api, tender)
    forge_status(api, tender, status)
    refused = api.refused("PATCH", contract.path, SIGN, token=tender.token)
    assert refused == said(f"Can't update contract in current ({status}) tender status")
    refused = api.refused("POST", f"{tender.path}/contracts", {"awardID": award.id}, user="token")
    assert refused == said(f"Can't add contract in current ({status}) tender status")


# --- drawing up by hand


@EVERY_KIND
def test_the_admins_draw_up_a_contract(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, _ = confirm(api, tender)
    path = f"{tender.path}/contracts"
    for user, token in (("broker", tender.token), ("contracting", ""), (None, "")):
        assert api.refused("POST", path, {"awardID": award.id}, user=user, token=token) == FORBIDDEN
    required = wrong("awardID", ["This field is required."])
    assert api.refused("POST", path, {"title": "x"}, user="token", status=422) == required
    refused = api.refused("POST", path, {"awardID": UNKNOWN}, user="token", status=422)
    assert refused == wrong("awardID", ["awardID should be one of awards"])
    made = api.post(path, {"awardID": award.id, "title": "Договір", "status": "active"}, user="token")
    assert (made.data["status"], made.data["title"]) == ("pending", "Договір")


# --- lots


@BOTH
def test_each_lot_is_contracted_on_its_own(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    first, second = lots_of(tender)
    conclude(api, tender, first)
    shown = api.get(tender.path)
    assert (shown["status"], [lot["status"] for lot in shown["lots"]]) == ("active", ["complete", "active"])
    contract = conclude(api, tender, second)
    shown = api.get(tender.path)
    assert (shown["status"], [lot["status"] for lot in shown["lots"]]) == ("complete", ["complete", "complete"])
    assert contract.data["contractID"] == f"{tender.data['tenderID']}-2"


@BOTH
def test_a_signed_contract_of_a_lot_stays_as_it_is(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    contract = conclude(api, tender, lots_of(tender)[0])
    refused = api.refused("PATCH", contract.path, {"title": "x"}, token=tender.token)
    assert refused == said("Can update contract only in active lot status")


@BOTH
def test_with_a_signature_failed_lots_are_closed(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    failed, won = lots_of(tender)
    api.patch(name(api, tender, failed), {"status": "unsuccessful"})
    conclude(api, tender, won)
    shown = api.get(tender.path)
    assert ([lot["status"] for lot in shown["lots"]], shown["status"]) == (["unsuccessful", "complete"], "complete")


@BOTH
def test_a_failed_lot_stays_open_while_its_stand_still_lasts(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    failed, won = lots_of(tender)
    award, contract = confirm(api, tender, won)
    pass_stand_still(api, tender)
    api.patch(name(api, tender, failed), {"status": "unsuccessful"})
    api.patch(contract, SIGN)
    assert [lot["status"] for lot in api.get(tender.path)["lots"]] == ["active", "complete"]
    assert name(api, tender, failed).data["status"] == "pending"
    assert contract_of(api, tender, award).data["status"] == "active"


@pytest.mark.parametrize("status", ["pending", "active"])
@BOTH
def test_a_contract_of_a_lot_that_is_being_cancelled(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind, lots=2)
    lot, _ = lots_of(tender)
    _, contract = confirm(api, tender, lot)
    pass_stand_still(api, tender)
    cancel(api, tender, lot, status=status)
    refused = api.refused("PATCH", contract.path, SIGN, token=tender.token)
    assert refused == said("Can't update contract while cancellation for corresponding lot exists")


# --- documents


@EVERY_KIND
def test_documents_of_a_contract(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, contract = confirm(api, tender)
    doc = add_file(api, f"{contract.path}/documents", token=tender.token)
    path = f"{contract.path}/documents/{doc['id']}"
    assert "author" not in doc
    upload(api, path, method="PUT", token=tender.token, content=b"newer")
    assert api.patch(path, {"description": "Опис"}, token=tender.token)["description"] == "Опис"
    api.post(f"{contract.path}/documents", registered(api), token=tender.token)
    api.patch(award, {"status": "cancelled"})
    refused = upload(api, f"{contract.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said("Can't add document in current contract status")
    refused = api.refused("PATCH", path, {"description": "x"}, token=tender.token)
    assert refused == said("Can't update document in current contract status")


@EVERY_KIND
def test_documents_of_a_contract_belong_to_a_purchase_under_way(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    contract = conclude(api, tender)
    refused = upload(api, f"{contract.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said("Can't add document in current (complete) tender status")
