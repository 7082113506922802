"""Complaints about awards of negotiations: filed by any platform, decided by the review body, in the way of a signature."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import FORBIDDEN, NO_ROLE, NOT_AUTHOR, UNKNOWN, add_file, cancel, forge_status, said, unknown, upload, wrong
from purchases import BOTH, OVER, STAND_STILL, announce, conclude, confirm, contract_of, lots_of, name, pass_stand_still

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api, Thing

BODY = "reviewer"
SIGN = {"status": "active"}
REVIEWING = said("Can't sign contract before reviewing all complaints")


def complain(api: Api, award: Thing, status: str = "pending", **options: str) -> Thing:
    """A complaint about an award."""
    return api.post(f"{award.path}/complaints", builders.claim(status=status), **options)


def rule(api: Api, complaint: Thing, *statuses: str) -> Doc:
    """The review body takes a complaint from one status to the next."""
    for status in statuses:
        ruled: Doc = api.patch(complaint.path, {"status": status, "decision": "Рішення"}, user=BODY)
    return ruled


# --- filing


@BOTH
def test_any_platform_complains(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    made = api.call("POST", f"{award.path}/complaints", builders.claim(), user="broker4", status=201)
    draft, now = made.json["data"], api.clock.now.isoformat()
    assert made.headers["Location"].endswith(f"{award.path}/complaints/{draft['id']}")
    assert (draft["status"], draft["type"], draft["date"]) == ("draft", "complaint", now)
    assert draft["complaintID"] == f"{tender.data['tenderID']}.1"
    assert "dateSubmitted" not in draft
    filed = api.patch(
        f"{award.path}/complaints/{draft['id']}", {"status": "pending"}, user="broker4", token=made.json["access"]["token"]
    )
    assert (filed["status"], filed["dateSubmitted"]) == ("pending", now)
    at_once = complain(api, award).data
    assert (at_once["status"], at_once["dateSubmitted"], at_once["complaintID"][-2:]) == ("pending", now, ".2")
    assert [c["id"] for c in api.get(f"{award.path}/complaints", user=None)] == [filed["id"], at_once["id"]]


@BOTH
def test_there_are_no_claims(api: Api, kind: str) -> None:
    award = name(api, announce(api, kind))
    made = complain(api, award, "claim")
    assert made.data["status"] == "draft"
    refused = api.refused("PATCH", made.path, {"status": "claim"}, token=made.token)
    assert refused == said("Can't update complaint")


@BOTH
def test_invalid_complaints(api: Api, kind: str) -> None:
    award = name(api, announce(api, kind))
    path = f"{award.path}/complaints"
    required = ["This field is required."]
    refused = api.refused("POST", path, {}, status=422)
    assert sorted(refused, key=str) == sorted([*wrong("author", required), *wrong("title", required)], key=str)
    assert api.refused("POST", path, builders.claim(), user=None) == FORBIDDEN
    accreditation = {"location": "procurementMethodType", "name": "accreditation"}
    text = "Broker Accreditation level does not permit complaint creation"
    assert api.refused("POST", path, builders.claim(), user="broker2") == [accreditation | {"description": text}]
    assert api.refused("PATCH", f"{path}/some_id", {}, status=404) == unknown("complaint")


@BOTH
def test_complaints_come_in_their_period(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, _ = confirm(api, tender)
    draft = complain(api, award, "draft")
    api.clock.advance(STAND_STILL[kind])
    refused = api.refused("POST", f"{award.path}/complaints", builders.claim())
    assert refused == said("Can add complaint only in complaintPeriod")
    assert api.refused("PATCH", draft.path, {"status": "pending"}, token=draft.token) == said("Can't update complaint")
    withdrawn = api.patch(draft, {"status": "cancelled", "cancellationReason": "Пізно"})
    assert (withdrawn["status"], withdrawn["dateCanceled"]) == ("cancelled", api.clock.now.isoformat())


@pytest.mark.parametrize("status", OVER)
@BOTH
def test_complaints_belong_to_a_purchase_under_way(api: Api, kind: str, status: str) -> None:
    tender = announce(api, kind)
    award = name(api, tender)
    complaint = complain(api, award)
    forge_status(api, tender, status)
    refused = api.refused("POST", f"{award.path}/complaints", builders.claim())
    assert refused == said(f"Can't add complaint in current ({status}) tender status")
    refused = api.refused("PATCH", complaint.path, {"status": "accepted"}, user=BODY)
    assert refused == said(f"Can't update complaint in current ({status}) tender status")
    refused = upload(api, f"{complaint.path}/documents", user=BODY, status=403).json["errors"]
    assert refused == said(f"Can't add document in current ({status}) tender status")


def test_reports_are_not_complained_of(api: Api) -> None:
    award = name(api, announce(api))
    assert api.refused("POST", f"{award.path}/complaints", builders.claim(), status=404)[0]["location"] == "url"


@BOTH
def test_complaints_about_a_lot(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    lot, other = lots_of(tender)
    award = name(api, tender, lot)
    complaint = complain(api, award)
    assert complaint.data["relatedLot"] == lot
    cancel(api, tender, lot)
    refused = api.refused("PATCH", complaint.path, {"status": "accepted"}, user=BODY)
    assert refused == said("Can update complaint only in active lot status")
    conclude(api, tender, other)
    assert api.get(tender.path)["status"] == "complete"


# --- deciding


@pytest.mark.parametrize(
    ("statuses", "dates"),
    [
        (("invalid",), {"dateDecision"}),
        (("mistaken",), {"dateDecision"}),
        (("accepted", "declined"), {"dateAccepted", "dateDecision"}),
        (("accepted", "satisfied"), {"dateAccepted", "dateDecision"}),
        (("accepted", "stopped"), {"dateAccepted", "dateDecision", "dateCanceled"}),
    ],
)
@BOTH
def test_the_review_body_decides(api: Api, kind: str, statuses: tuple[str, ...], dates: set[str]) -> None:
    complaint = complain(api, name(api, announce(api, kind)))
    ruled = rule(api, complaint, *statuses)
    assert (ruled["status"], ruled["decision"]) == (statuses[-1], "Рішення")
    assert {field for field in ruled if field.startswith("date")} == {"date", "dateSubmitted"} | dates
    assert ruled.get("acceptance") is (statuses[0] == "accepted")
    if statuses[-1] != "satisfied":
        assert api.refused("PATCH", complaint.path, {"status": "accepted"}, user=BODY) == NO_ROLE


@BOTH
def test_only_the_review_body_decides(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    complaint = complain(api, name(api, tender))
    for token in (tender.token, complaint.token):
        assert api.refused("PATCH", complaint.path, {"status": "accepted"}, token=token) in (
            said("Can't update complaint"),
            NO_ROLE,
        )
    assert api.refused("PATCH", complaint.path, {"status": "accepted"}, user="broker1") == FORBIDDEN
    assert api.get(complaint.path)["status"] == "pending"


@BOTH
def test_who_complained_asks_to_stop(api: Api, kind: str) -> None:
    complaint = complain(api, name(api, announce(api, kind)))
    refused = api.refused("PATCH", complaint.path, {"status": "cancelled", "cancellationReason": "Ні"}, token=complaint.token)
    assert refused == said("Can't update complaint")
    refused = api.refused("PATCH", complaint.path, {"status": "stopping"}, token=complaint.token, status=422)
    assert refused == wrong("cancellationReason", ["This field is required."])
    asked = api.patch(complaint, {"status": "stopping", "cancellationReason": "Ні"})
    api.clock.advance(timedelta(hours=1))
    stopped = rule(api, complaint, "stopped")
    assert (stopped["status"], stopped["dateCanceled"]) == ("stopped", asked["dateCanceled"])


@BOTH
def test_the_buyer_acts_on_an_upheld_complaint(api: Api, kind: str) -> None:
    tender = announce(api, kind)
    award, contract = confirm(api, tender)
    complaint = complain(api, award)
    rule(api, complaint, "accepted", "satisfied")
    assert api.patch(award, {"status": "cancelled"})["status"] == "cancelled"
    assert api.get(contract.path)["status"] == "cancelled"
    assert api.get(complaint.path)["status"] == "satisfied"
    again, contract = confirm(api, tender)
    pass_stand_still(api, tender)
    assert api.refused("PATCH", contract.path, SIGN, token=tender.token) == REVIEWING
    refused = api.refused("PATCH", complaint.path, {"status": "resolved"}, token=tender.token)
    assert refused == said("Can't update complaint")
    acted = api.patch(complaint.path, {"status": "resolved", "tendererAction": "Рішення скасовано"}, token=tender.token)
    assert (acted["status"], acted["tendererActionDate"]) == ("resolved", api.clock.now.isoformat())
    assert api.patch(contract_of(api, tender, again), SIGN, token=tender.token)["status"] == "active"
    assert api.get(tender.path)["status"] == "complete"


@pytest.mark.parametrize("statuses", [(), ("accepted",), ("accepted", "satisfied")])
@BOTH
def test_nothing_is_signed_before_complaints_are_reviewed(api: Api, kind: str, statuses: tuple[str, ...]) -> None:
    tender = announce(api, kind)
    award, contract = confirm(api, tender)
    complaint = complain(api, award)
    pass_stand_still(api, tender)
    if statuses:
        rule(api, complaint, *statuses)
    assert api.refused("PATCH", contract.path, SIGN, token=tender.token) == REVIEWING


@BOTH
def test_a_failed_lot_stays_open_while_somebody_complains(api: Api, kind: str) -> None:
    tender = announce(api, kind, lots=2)
    failed, won = lots_of(tender)
    dropped = name(api, tender, failed)
    api.patch(dropped, {"status": "unsuccessful"})
    complain(api, dropped)
    conclude(api, tender, won)
    assert [lot["status"] for lot in api.get(tender.path)["lots"]] == ["active", "complete"]


# --- documents


@BOTH
def test_documents_of_a_complaint(api: Api, kind: str) -> None:
    complaint = complain(api, name(api, announce(api, kind)), "draft")
    path = f"{complaint.path}/documents"
    mine = add_file(api, path, token=complaint.token)
    assert mine["author"] == "complaint_owner"
    api.patch(complaint, {"status": "pending"})
    ruling = add_file(api, path, user=BODY)
    assert ruling["author"] == "aboveThresholdReviewers"
    refused = upload(api, path, token=complaint.token, status=403).json["errors"]
    assert refused == said("Can't add document in current (pending) complaint status")
    refused = upload(api, f"{path}/{mine['id']}", method="PUT", user=BODY, status=403).json["errors"]
    assert refused == NOT_AUTHOR
    assert api.patch(f"{path}/{ruling['id']}", {"description": "Рішення"}, user=BODY)["description"] == "Рішення"
    assert UNKNOWN not in (mine["id"], ruling["id"])
