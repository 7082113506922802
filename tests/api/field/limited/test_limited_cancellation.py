"""Purchases without competition that are given up, as a whole or lot by lot."""

from __future__ import annotations

import pytest
from journey import FORBIDDEN, UNKNOWN, add_file, cancel, forge_status, said, unknown, upload, wrong
from purchases import BOTH, EVERY_KIND, KINDS, OVER, announce, conclude, confirm, lots_of, name

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.client import Api, Thing

CLOSED = [(kind, status) for kind in KINDS for status in OVER if (kind, status) != ("reporting", "unsuccessful")]
REASON = {"reason": "Немає коштів"}


@EVERY_KIND
def test_a_cancellation_is_prepared_and_carried_out(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    made = api.call("POST", f"{tender.path}/cancellations", REASON, token=tender.token, status=201)
    doc = made.json["data"]
    assert made.headers["Location"].endswith(f"{tender.path}/cancellations/{doc['id']}")
    assert doc == {
        "id": doc["id"],
        "reason": "Немає коштів",
        "reasonType": "cancelled",
        "status": "pending",
        "cancellationOf": "tender",
        "date": api.clock.now.isoformat(),
    }
    path = f"{tender.path}/cancellations/{doc['id']}"
    assert api.get(tender.path)["status"] == "active"
    file = add_file(api, f"{path}/documents", token=tender.token)
    upload(api, f"{path}/documents/{file['id']}", method="PUT", token=tender.token, content=b"newer")
    assert api.patch(path, {"reasonType": "unsuccessful", "reason": "x"}, token=tender.token) == api.get(path)
    assert (api.get(path)["reasonType"], api.get(path)["reason"]) == ("unsuccessful", "Немає коштів")
    api.patch(path, {"status": "active"}, token=tender.token)
    assert api.get(tender.path)["status"] == "cancelled"
    assert api.refused("PATCH", path, {"status": "active"}, token=tender.token) == said(
        "Can't update cancellation in current (cancelled) tender status"
    )


@EVERY_KIND
def test_awards_and_contracts_go_with_the_tender(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    confirm(api, tender)
    cancel(api, tender)
    shown = api.get(tender.path)
    assert [shown["status"], shown["awards"][0]["status"], shown["contracts"][0]["status"]] == ["cancelled"] * 3


@EVERY_KIND
def test_a_draft_is_given_up(api: Api, kind: str) -> None:
    tender = announce(api, kind, status="draft")
    cancel(api, tender)
    assert api.get(tender.path)["status"] == "cancelled"


@EVERY_KIND
def test_invalid_cancellations(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    path = f"{tender.path}/cancellations"
    assert api.refused("POST", path, {}, token=tender.token, status=422) == wrong("reason", ["This field is required."])
    refused = api.refused("POST", path, REASON | {"reasonType": "whim"}, token=tender.token, status=422)
    assert refused == wrong("reasonType", ["Value must be one of ['cancelled', 'unsuccessful']."])
    assert api.refused("GET", f"{path}/some_id", status=404) == unknown("cancellation")
    for user, token in (("broker", ""), ("broker1", tender.token), ("chronograph", "")):
        assert api.refused("POST", path, REASON, user=user, token=token) == FORBIDDEN


@pytest.mark.parametrize(
    ("about", "related"),
    [({}, "This field is required."), ({"relatedLot": UNKNOWN}, "relatedLot should be one of lots")],
)
def test_a_report_has_no_lots_to_cancel(api: Api, about: Doc, related: str) -> None:
    tender = announce(api)
    sent = REASON | {"cancellationOf": "lot"} | about
    text = 'Lot cancellation can not be submitted, since "multiple lots" option is not available for this type of tender.'
    refused = api.refused("POST", f"{tender.path}/cancellations", sent, token=tender.token, status=422)
    assert sorted(refused, key=str) == sorted([*wrong("cancellationOf", [text]), *wrong("relatedLot", [related])], key=str)


@BOTH
def test_which_lot_is_cancelled(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=1)
    path, sent = f"{tender.path}/cancellations", REASON | {"cancellationOf": "lot"}
    refused = api.refused("POST", path, sent, token=tender.token, status=422)
    assert refused == wrong("relatedLot", ["This field is required."])
    refused = api.refused("POST", path, sent | {"relatedLot": UNKNOWN}, token=tender.token, status=422)
    assert refused == wrong("relatedLot", ["relatedLot should be one of lots"])


@pytest.mark.parametrize(("kind", "status"), CLOSED)
def test_what_is_over_is_not_cancelled(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind)
    prepared = api.post(f"{tender.path}/cancellations", REASON, token=tender.token)
    forge_status(api, tender, status)
    refused = api.refused("POST", f"{tender.path}/cancellations", REASON, token=tender.token)
    assert refused == said(f"Can't add cancellation in current ({status}) tender status")
    refused = api.refused("PATCH", prepared.path, {"status": "active"}, token=tender.token)
    assert refused == said(f"Can't update cancellation in current ({status}) tender status")
    refused = upload(api, f"{prepared.path}/documents", token=tender.token, status=403).json["errors"]
    assert refused == said(f"Can't add document in current ({status}) tender status")


# --- lots


def statuses(api: Api, tender: Thing) -> tuple[str, list[str]]:
    """The status of the tender and those of its lots."""
    shown = api.get(tender.path)
    return shown["status"], [lot["status"] for lot in shown["lots"]]


@BOTH
def test_with_its_last_lot_the_tender_is_cancelled(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    first, second = lots_of(tender)
    confirm(api, tender, first)
    cancel(api, tender, first)
    assert statuses(api, tender) == ("active", ["cancelled", "active"])
    shown = api.get(tender.path)
    assert [shown["awards"][0]["status"], shown["contracts"][0]["status"]] == ["cancelled"] * 2
    refused = api.refused(
        "POST", f"{tender.path}/cancellations", REASON | {"cancellationOf": "lot", "relatedLot": first}, token=tender.token
    )
    assert refused == said("Can add cancellation only in active lot status")
    cancel(api, tender, second)
    assert statuses(api, tender) == ("cancelled", ["cancelled"] * 2)


@BOTH
def test_a_draft_is_cancelled_lot_by_lot(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=1, status="draft")
    cancel(api, tender, lots_of(tender)[0])
    assert statuses(api, tender) == ("cancelled", ["cancelled"])


@BOTH
def test_the_last_open_lot_decides_how_the_tender_ends(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    won, given_up = lots_of(tender)
    conclude(api, tender, won)
    cancel(api, tender, given_up)
    assert statuses(api, tender) == ("complete", ["complete", "cancelled"])


@BOTH
def test_lots_that_failed_or_were_given_up_make_the_tender_unsuccessful(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=3)
    failed, signed, given_up = lots_of(tender)
    api.patch(name(api, tender, failed), {"status": "unsuccessful"})
    conclude(api, tender, signed)
    assert statuses(api, tender) == ("active", ["unsuccessful", "complete", "active"])
    stored = api.store.get("tender", tender.id)
    body = stored.body
    body["lots"][1]["status"] = "cancelled"
    api.store.put("tender", tender.id, body, expect=stored.rev)
    cancel(api, tender, given_up)
    assert statuses(api, tender) == ("unsuccessful", ["unsuccessful", "cancelled", "cancelled"])


@BOTH
def test_a_tender_with_a_complete_lot_is_cancelled_lot_by_lot(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    won, given_up = lots_of(tender)
    prepared = api.post(f"{tender.path}/cancellations", REASON, token=tender.token)
    conclude(api, tender, won)
    text = "Can't {} cancellation, if there is at least one complete lot"
    refused = api.refused("POST", f"{tender.path}/cancellations", REASON, token=tender.token)
    assert refused == said(text.format("add"))
    refused = api.refused("PATCH", prepared.path, {"status": "active"}, token=tender.token)
    assert refused == said(text.format("update"))
    cancel(api, tender, given_up)
    assert statuses(api, tender) == ("complete", ["complete", "cancelled"])
