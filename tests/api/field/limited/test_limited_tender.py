"""Purchases without competition: announced, changed until somebody is named, moved by nobody's clock."""

from __future__ import annotations

import pytest
from journey import UNKNOWN, forge_status, key_of, registered, said, upload, wrong
from purchases import BOTH, EVERY_KIND, KINDS, OVER, announce, conclude, confirm, lots_of, name

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api

REQUIRED = ["This field is required."]


# --- announcing


@EVERY_KIND
def test_a_purchase_is_announced(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    sent = builders.purchase(kind)
    shown = api.get(tender.path, user=None)
    assert shown == tender.data
    assert (shown["status"], shown["procurementMethod"], shown["procurementMethodType"]) == ("active", "limited", kind)
    assert shown.keys() - sent.keys() == {
        "id", "tenderID", "owner", "date", "dateModified", "status", "procurementMethod",
    }  # fmt: skip
    assert [row["id"] for row in api.call("GET", "/tenders").json["data"]] == [tender.id]


@EVERY_KIND
def test_a_draft_is_published(api: Api, kind: str) -> None:
    tender = announce(api, kind, status="draft")
    late = said("Can't update tender in current (draft) status")
    assert api.refused("PATCH", tender.path, {"title": "x"}, token=tender.token) == late
    assert api.refused("PATCH", tender.path, {"id": tender.id}, user="chronograph") == late
    assert api.refused("POST", f"{tender.path}/awards", builders.supplier(), token=tender.token) == said(
        "Can't add award in current (draft) tender status"
    )
    assert api.patch(tender, {"status": "active"})["status"] == "active"


@EVERY_KIND
def test_what_every_purchase_says(api: Api, kind: str) -> None:
    errors = api.refused("POST", "/tenders", {"procurementMethodType": kind}, status=422)
    needed = {"title", "items", "value", "procuringEntity"}
    needed |= {"reporting": set(), "negotiation": {"cause", "causeDescription"}, "negotiation.quick": {"causeDescription"}}[kind]
    assert {e["name"] for e in errors} == needed
    assert all(e["description"] == REQUIRED for e in errors)


def classified(code: str) -> Doc:
    """An item with a code of the vocabulary."""
    return builders.delivered(classification={"scheme": "ДК021", "id": code, "description": "x"})


@EVERY_KIND
def test_items_are_of_one_group(api: Api, kind: str) -> None:
    """Not of one class, as those of a call for bids."""
    announce(api, kind, items=[classified("39161000-8"), classified("39113000-7")])
    other = builders.purchase(kind, items=[classified("39161000-8"), classified("44617100-9")])
    assert api.refused("POST", "/tenders", other, status=422) == wrong("items", ["CPV group of items be identical"])


@pytest.mark.parametrize("field", ["minimalStep", "tenderPeriod", "enquiryPeriod", "features", "awardCriteria", "auctionPeriod"])
@EVERY_KIND
def test_nothing_is_said_about_bids(api: Api, kind: str, field: str) -> None:
    refused = api.refused("POST", "/tenders", builders.purchase(kind, **{field: {}}), status=422)
    assert refused == wrong(field, "Rogue field")


@EVERY_KIND
def test_delivery_is_required(api: Api, kind: str) -> None:
    bare = builders.purchase(kind, items=[builders.item()])
    refused = api.refused("POST", "/tenders", bare, status=422)
    assert refused == wrong("items", [{"deliveryDate": REQUIRED, "deliveryAddress": REQUIRED}])
    endless = builders.purchase(kind, items=[builders.delivered(deliveryDate={"startDate": "2026-09-01"})])
    refused = api.refused("POST", "/tenders", endless, status=422)
    assert refused == wrong("items", [{"deliveryDate": {"endDate": REQUIRED}}])


def test_a_report_has_no_lots(api: Api) -> None:
    refused = api.refused("POST", "/tenders", builders.purchase(items=[builders.delivered(relatedLot=UNKNOWN)]), status=422)
    assert refused == wrong("items", [{"relatedLot": ["This option is not available"]}])
    refused = api.refused("POST", "/tenders", builders.purchase(lots=[builders.part()]), status=422)
    assert refused == wrong("lots", "Rogue field")
    tender = announce(api)
    for path in ("lots", "bids", "questions", "complaints"):
        assert api.refused("GET", f"{tender.path}/{path}", status=404)[0]["location"] == "url"


@pytest.mark.parametrize(
    ("kind", "cause", "status"),
    [
        ("negotiation", "twiceUnsuccessful", 201),
        ("negotiation", "quick", 422),
        ("negotiation", "whim", 422),
        ("negotiation.quick", "quick", 201),
        ("negotiation.quick", "stateLegalServices", 201),
        ("negotiation.quick", "whim", 422),
    ],
)
def test_causes(api: Api, kind: str, cause: str, status: int) -> None:
    answer = api.call("POST", "/tenders", builders.purchase(kind, cause=cause), status=status).json
    if status == 422:
        assert [(e["name"], e["description"][0][:22]) for e in answer["errors"]] == [("cause", "Value must be one of [")]
    else:
        assert answer["data"]["cause"] == cause


def test_only_a_quick_negotiation_leaves_the_cause_open(api: Api) -> None:
    sent = {name: value for name, value in builders.purchase("negotiation.quick").items() if name != "cause"}
    assert "cause" not in api.post("/tenders", sent).data
    refused = api.refused("POST", "/tenders", sent | {"procurementMethodType": "negotiation"}, status=422)
    assert refused == wrong("cause", REQUIRED)


@BOTH
def test_the_cause_is_described(api: Api, kind: str) -> None:
    refused = api.refused("POST", "/tenders", builders.purchase(kind, causeDescription=""), status=422)
    assert refused == wrong("causeDescription", ["String value is too short."])
    described = announce(api, kind, causeDescription_en="There are no others")
    assert described.data["causeDescription_en"] == "There are no others"


@pytest.mark.parametrize(
    ("kind", "buyer", "status"),
    [
        ("reporting", "other", 201),
        ("negotiation", "other", 403),
        ("negotiation.quick", "other", 403),
        ("negotiation", "defense", 201),
    ],
)
def test_who_may_buy_so(api: Api, kind: str, buyer: str, status: int) -> None:
    sent = builders.purchase(kind, procuringEntity=builders.organization(kind=buyer))
    answer = api.call("POST", "/tenders", sent, status=status).json
    if status == 403:
        text = "'other' procuringEntity cannot publish this type of procedure. Only general, special, defense are allowed."
        assert answer["errors"] == [{"location": "procuringEntity", "name": "kind", "description": text}]


@pytest.mark.parametrize(
    ("kind", "user", "status"),
    [
        ("reporting", "broker1", 201),
        ("reporting", "broker3", 201),
        ("reporting", "broker2", 403),
        ("negotiation", "broker1", 403),
        ("negotiation", "broker3", 201),
        ("negotiation.quick", "broker1", 403),
        ("negotiation.quick", "broker3", 201),
    ],
)
def test_which_platforms_may_announce(api: Api, kind: str, user: str, status: int) -> None:
    answer = api.call("POST", "/tenders", builders.purchase(kind), user=user, status=status).json
    if status == 403:
        assert answer["errors"][0]["description"] == "Broker Accreditation level does not permit tender creation"


def test_what_a_whole_tender_says_of_its_awards_is_left_out(api: Api) -> None:
    copied = announce(api, awards=[builders.supplier()], contracts=[{"title": "Договір"}])
    assert copied.data.keys().isdisjoint({"awards", "contracts"})
    draft = announce(api, awards=[builders.supplier()], status="draft")
    assert "awards" not in draft.data


# --- changing


@EVERY_KIND
def test_the_buyer_changes_the_purchase(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    changed = api.patch(tender, {"title": "Парти й стільці", "items": [{"quantity": 5}], "procurementMethod": "open"})
    assert (changed["title"], changed["items"][0]["quantity"], changed["procurementMethod"]) == ("Парти й стільці", 5, "limited")
    entity = api.patch(tender, {"procuringEntity": {"kind": "defense", "name": "Ліцей"}})["procuringEntity"]
    assert (entity["kind"], entity["name"]) == ("general", "Ліцей")
    assert api.refused("PATCH", tender.path, {"title": "x"}, user="broker1") == [
        {"location": "url", "name": "permission", "description": "Forbidden"}
    ]


@EVERY_KIND
def test_with_an_award_the_purchase_stays_as_it_is(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    late = said("Can't update tender when there is at least one award.")
    assert api.refused("PATCH", tender.path, {"title": "x"}, token=tender.token) == late
    api.patch(award, {"status": "unsuccessful"})
    assert api.refused("PATCH", tender.path, {"title": "x"}, token=tender.token) == late
    assert api.get(tender.path)["title"] == tender.data["title"]


@EVERY_KIND
def test_the_chronograph_has_no_power(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    no_power = said("Chronograph has no power over me!")
    for data in ({"id": tender.id}, {"status": "complete"}, {"auctionPeriod": {"startDate": None}}):
        expected = no_power if "auctionPeriod" not in data else wrong("auctionPeriod", "Rogue field")
        status = 403 if expected is no_power else 422
        assert api.refused("PATCH", tender.path, data, user="chronograph", status=status) == expected
    assert "next_check" not in api.get(tender.path)
    conclude(api, tender)
    assert api.refused("PATCH", tender.path, {"id": tender.id}, user="chronograph") == said(
        "Can't update tender in current (complete) status"
    )


@EVERY_KIND
def test_nothing_changes_at_the_end(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    conclude(api, tender)
    assert api.get(tender.path)["status"] == "complete"
    assert api.refused("PATCH", tender.path, {"title": "x"}, token=tender.token) == said(
        "Can't update tender in current (complete) status"
    )


@EVERY_KIND
def test_an_administrator_repairs(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    assert api.patch(tender.path, {"mode": "test"}, user="administrator")["mode"] == "test"
    assert api.patch(tender.path, {"status": "cancelled"}, user="administrator")["status"] == "cancelled"


# --- documents


@EVERY_KIND
def test_documents_of_the_purchase(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    made = upload(api, f"{tender.path}/documents", token=tender.token).json["data"]
    assert "author" not in made
    path = f"{tender.path}/documents/{made['id']}"
    assert upload(api, path, method="PUT", token=tender.token, content=b"newer").json["data"]["id"] == made["id"]
    assert api.patch(path, {"description": "Опис"}, token=tender.token)["description"] == "Опис"
    confirm(api, tender)
    api.post(f"{tender.path}/documents", registered(api), token=tender.token)


ENDS = [(kind, status) for kind in KINDS for status in ("draft", *OVER) if (kind, status) != ("reporting", "unsuccessful")]


@pytest.mark.parametrize(("kind", "status"), ENDS)
def test_documents_belong_to_a_purchase_under_way(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind)
    made = upload(api, f"{tender.path}/documents", token=tender.token).json["data"]
    forge_status(api, tender, status)
    refused = upload(api, f"{tender.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said(f"Can't add document in current ({status}) tender status")
    late = said(f"Can't update document in current ({status}) tender status")
    path = f"{tender.path}/documents/{made['id']}"
    assert upload(api, path, method="PUT", token=tender.token, status=403).json["errors"] == late
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == late


# --- reported in one go


def concluded(**changes: Doc) -> Doc:
    """A report of a concluded contract."""
    return (
        builders.purchase(
            status="complete",
            awards=[builders.supplier()],
            contracts=[{"contractNumber": "№ 12", "dateSigned": "2026-02-20T12:00:00+02:00", "value": builders.value(440)}],
        )
        | changes
    )


def test_a_concluded_contract_is_reported_in_one_go(api: Api) -> None:
    sent = concluded()
    sent["contracts"][0]["documents"] = [registered(api, title="договір.pdf")]
    tender = api.post("/tenders", sent)
    shown = api.get(tender.path, user=None)
    (award,), (contract,) = shown["awards"], shown["contracts"]
    assert (shown["status"], award["status"], contract["status"]) == ("complete", "active", "active")
    assert award["suppliers"] == contract["suppliers"] == sent["awards"][0]["suppliers"]
    assert contract["awardID"] == award["id"]
    assert contract["contractID"] == f"{shown['tenderID']}-1"
    assert contract["items"] == shown["items"]
    assert (contract["contractNumber"], contract["dateSigned"]) == ("№ 12", "2026-02-20T12:00:00+02:00")
    assert contract["value"]["amount"] == 440
    (document,) = contract["documents"]
    assert api.get(f"{tender.path}/contracts/{contract['id']}/documents/{document['id']}")["title"] == "договір.pdf"
    assert {"datePublished", "dateModified"} <= document.keys()
    assert key_of(document) in sent["contracts"][0]["documents"][0]["url"]
    assert [row["id"] for row in api.call("GET", "/tenders").json["data"]] == [tender.id]


def test_what_follows_from_the_award_is_not_taken_from_the_contract(api: Api) -> None:
    odd = {"suppliers": [builders.organization("Інший")], "contractID": "x", "awardID": UNKNOWN, "items": [builders.delivered()]}
    refused = api.refused("POST", "/tenders", concluded(contracts=[odd]), status=422)
    assert refused == wrong("contracts", [{"awardID": ["awardID should be one of awards"]}])
    del odd["awardID"]
    shown = api.post("/tenders", concluded(contracts=[odd])).data
    (contract,) = shown["contracts"]
    assert contract["suppliers"] == shown["awards"][0]["suppliers"]
    assert contract["contractID"] == f"{shown['tenderID']}-1"
    assert contract["items"] == shown["items"]
    assert contract["value"] == shown["awards"][0]["value"]
    assert contract["dateSigned"] == api.clock.now.isoformat()


@pytest.mark.parametrize(
    "parts",
    [
        {"contracts": []},
        {"awards": []},
        {"awards": [builders.supplier()] * 2},
        {"contracts": [{}, {}]},
        {"awards": None, "contracts": None},
    ],
)
def test_a_complete_report_is_whole(api: Api, parts: Doc) -> None:
    assert api.refused("POST", "/tenders", concluded(**parts)) == said(
        "A complete tender comes with exactly one award and its contract"
    )
    assert api.call("GET", "/tenders").json["data"] == []


@pytest.mark.parametrize(
    ("contract", "text"),
    [
        ({"value": builders.value(451)}, "Value amount should be less or equal to awarded amount (450.0)"),
        ({"value": builders.value(450, currency="USD")}, "Can't update currency for contract value"),
        ({"value": builders.value(450, valueAddedTaxIncluded=False)}, "Can't update valueAddedTaxIncluded for contract value"),
    ],
)
def test_the_reported_contract_keeps_to_its_award(api: Api, contract: Doc, text: str) -> None:
    assert api.refused("POST", "/tenders", concluded(contracts=[contract])) == said(text)


def test_what_is_wrong_in_a_report_is_told(api: Api) -> None:
    refused = api.refused("POST", "/tenders", concluded(awards=[{}], contracts=[{"dateSigned": "2027-01-01"}]), status=422)
    assert refused == [
        *wrong("awards", [{"suppliers": REQUIRED}]),
        *wrong("contracts", [{"dateSigned": ["Contract signature date can't be in the future"]}]),
    ]


def test_a_contract_with_an_award_of_no_value_may_cost_anything(api: Api) -> None:
    award = {"suppliers": [builders.organization()]}
    shown = api.post("/tenders", concluded(awards=[award])).data
    assert shown["contracts"][0]["value"]["amount"] == 440


def test_without_a_document_service_no_report_has_documents(api: Api) -> None:
    sent = concluded()
    sent["contracts"][0]["documents"] = [registered(api)]
    api.registry.services.__dict__["documents"] = None
    refused = api.refused("POST", "/tenders", sent, status=422)
    assert refused == said("Can't upload document to document service.")


# --- warnings


@pytest.mark.parametrize(
    ("award", "warned"),
    [
        (builders.value(2500), False),
        (builders.value(2500.01), True),
        (builders.value(2500.01, currency="USD"), False),
        (None, False),
    ],
)
def test_an_award_of_many_times_the_expected_value_is_doubted(api: Api, award: Doc | None, *, warned: bool) -> None:
    tender = announce(api)
    sent = builders.supplier()
    sent["value"] = award
    answer = api.call("POST", f"{tender.path}/awards", sent, token=tender.token, status=201).json
    text = "The award (2500.01 UAH) is more than 5 times the expected value (500.0 UAH). Is it a slip of the pen?"
    assert answer.get("warnings") == (wrong("value", text) if warned else None)
    path = f"{tender.path}/awards/{answer['data']['id']}"
    confirmed = api.call("PATCH", path, {"status": "active"}, token=tender.token).json
    assert ("warnings" in confirmed, confirmed["data"]["status"]) == (warned, "active")
    assert "warnings" not in api.call("GET", path).json


def test_a_report_in_one_go_is_doubted_too(api: Api) -> None:
    answer = api.call("POST", "/tenders", concluded(awards=[builders.supplier(5000)]), status=201).json
    assert [w["name"] for w in answer["warnings"]] == ["value"]
    assert answer["data"]["status"] == "complete"


@BOTH
def test_negotiations_are_not_doubted(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=1)
    lot = lots_of(tender)[0]
    sent = builders.supplier(10_000, lotID=lot)
    assert "warnings" not in api.call("POST", f"{tender.path}/awards", sent, token=tender.token, status=201).json
