"""Lots of negotiations: made, changed and taken away until somebody is named; their prices."""

from __future__ import annotations

import pytest
from journey import FORBIDDEN, UNKNOWN, cancel, forge_status, said, unknown, wrong
from purchases import BOTH, OVER, announce, lots_of, name

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing


@BOTH
def test_lots_come_with_the_tender_or_later(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=1)
    made = api.call("POST", f"{tender.path}/lots", builders.part("Другий"), token=tender.token, status=201)
    lot = made.json["data"]
    assert made.headers["Location"].endswith(f"{tender.path}/lots/{lot['id']}")
    assert lot == {
        "id": lot["id"],
        "title": "Другий",
        "value": builders.value(250),
        "status": "active",
        "date": api.clock.now.isoformat(),
    }
    assert [each["title"] for each in api.get(f"{tender.path}/lots")] == ["Лот 1", "Другий"]
    for token in ("", "x"):
        assert api.refused("POST", f"{tender.path}/lots", builders.part(), token=token) == FORBIDDEN


@pytest.mark.parametrize("field", ["minimalStep", "guarantee", "auctionPeriod", "auctionUrl"])
@BOTH
def test_nobody_bids_for_a_lot(api: Api, kind: str, field: str) -> None:
    tender = announce(api, kind)
    refused = api.refused("POST", f"{tender.path}/lots", builders.part(**{field: {}}), token=tender.token, status=422)
    assert refused == wrong(field, "Rogue field")


@BOTH
def test_invalid_lots(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    required = ["This field is required."]
    refused = api.refused("POST", f"{tender.path}/lots", {}, token=tender.token, status=422)
    assert refused == [*wrong("title", required), *wrong("value", required)]
    same = [builders.part(id=UNKNOWN)] * 2
    refused = api.refused("POST", "/tenders", builders.purchase(kind, lots=same), status=422)
    assert refused == wrong("lots", ["Lot id should be uniq for all lots"])
    items = [builders.delivered(relatedLot=UNKNOWN)]
    refused = api.refused("PATCH", tender.path, {"items": items}, token=tender.token, status=422)
    assert refused == wrong("items", [{"relatedLot": ["relatedLot should be one of lots"]}])
    for method in ("GET", "PATCH", "DELETE"):
        data = {} if method == "PATCH" else None
        assert api.refused(method, f"{tender.path}/lots/some_id", data, token=tender.token, status=404) == unknown("lot")


@BOTH
def test_prices_of_lots_are_in_the_terms_of_the_tender(api: Api, kind: str) -> None:
    foreign = builders.part(value=builders.value(20, currency="USD", valueAddedTaxIncluded=False))
    tender = announce(api, kind, lots=0)
    lot = api.post(f"{tender.path}/lots", foreign, token=tender.token)
    assert api.get(lot.path)["value"] == builders.value(20)
    api.patch(tender, {"value": {"currency": "EUR"}})
    assert api.get(lot.path)["value"] == builders.value(20, currency="EUR")
    assert api.get(tender.path)["value"] == builders.value(500, currency="EUR")


@BOTH
def test_the_buyer_changes_a_lot(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    path = f"{tender.path}/lots/{lots_of(tender)[0]}"
    changed = api.patch(path, {"title": "Перший", "value": {"amount": 100}, "status": "cancelled"}, token=tender.token)
    assert (changed["title"], changed["value"]["amount"], changed["status"]) == ("Перший", 100, "active")
    assert api.call("DELETE", path, token=tender.token).json["data"] == changed
    assert len(api.get(tender.path)["lots"]) == 1


@BOTH
def test_a_lot_that_has_items_is_not_taken_away(api: Api, kind: str) -> None:
    lot = builders.part(id=UNKNOWN)
    tender = api.post("/tenders", builders.purchase(kind, lots=[lot], items=[builders.delivered(relatedLot=UNKNOWN)]))
    refused = api.refused("DELETE", f"{tender.path}/lots/{UNKNOWN}", token=tender.token, status=422)
    assert refused == wrong("items", [{"relatedLot": ["relatedLot should be one of lots"]}])


def refusals(api: Api, tender: Thing) -> dict[str, list[dict[str, object]]]:
    """What is answered to each change of the first lot, or of the lots."""
    path = f"{tender.path}/lots"
    one = f"{path}/{lots_of(tender)[0]}"
    return {
        "add": api.refused("POST", path, builders.part(), token=tender.token),
        "update": api.refused("PATCH", one, {"title": "x"}, token=tender.token),
        "delete": api.refused("DELETE", one, token=tender.token),
    }


@BOTH
def test_with_an_award_lots_stay_as_they_are(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    name(api, tender, lots_of(tender)[1])
    assert refusals(api, tender) == {verb: said(f"Can't {verb} lot when you have awards") for verb in ("add", "update", "delete")}


@pytest.mark.parametrize("status", ["draft", *OVER])
@BOTH
def test_lots_belong_to_a_purchase_under_way(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind, lots=2)
    forge_status(api, tender, status)
    texts = {verb: said(f"Can't {verb} lot in current ({status}) tender status") for verb in ("add", "update", "delete")}
    assert refusals(api, tender) == texts


@BOTH
def test_a_lot_that_is_being_cancelled_stays_as_it_is(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    lot, other = lots_of(tender)
    cancel(api, tender, lot, status="pending")
    refused = api.refused("PATCH", f"{tender.path}/lots/{lot}", {"title": "x"}, token=tender.token)
    assert refused == said("Can't update lot when it has 'pending' cancellation.")
    assert api.patch(f"{tender.path}/lots/{other}", {"title": "x"}, token=tender.token)["title"] == "x"
