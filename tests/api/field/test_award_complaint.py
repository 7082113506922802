"""Claims about an award: by those who bid, in its complaintPeriod; otherwise they live as claims about a tender do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import (
    DAY,
    FORBIDDEN,
    NO_ROLE,
    NOT_AUTHOR,
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

REQUIRED = ["This field is required."]
CANT = said("Can't update complaint")
LATE = said("Can add complaint only in complaintPeriod")
WITHDRAW = {"status": "cancelled", "cancellationReason": "Помилка"}
CLOSED_PHASES = ["active.enquiries", "active.tendering", "active.auction", "complete", "unsuccessful", "cancelled"]


@pytest.fixture
def bid(api: Api, tender: Thing) -> Thing:
    """The only bid; it is considered, the tender is in active.qualification."""
    return to_qualification(api, tender, 450)[0]


@pytest.fixture
def award(api: Api, tender: Thing, bid: Thing) -> Thing:
    """The award that considers the bid."""
    return awards(api, tender)[0]


@pytest.fixture
def filed(api: Api, award: Thing, bid: Thing) -> Thing:
    """A claim about the award that waits for the buyer's answer."""
    return claim(api, award.path, bid.token)


# --- filing


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, [*wrong("author", REQUIRED), *wrong("title", REQUIRED)]),
        ({"invalid_field": "x"}, wrong("invalid_field", "Rogue field")),
        (builders.claim(relatedLot=UNKNOWN), wrong("relatedLot", ["relatedLot should be one of lots"])),
        (
            builders.claim(author={"name": "x", "identifier": {"id": 0}}),
            wrong("author", {"address": REQUIRED, "contactPoint": REQUIRED, "identifier": {"scheme": REQUIRED}}),
        ),
    ],
)
def test_invalid_claims(api: Api, award: Thing, bid: Thing, data: Doc, errors: list[Doc]) -> None:
    refused = api.refused("POST", f"{award.path}/complaints", data, token=bid.token, status=422)
    assert sorted(refused, key=lambda e: str(e["name"])) == errors


def test_claims_about_what_does_not_exist(api: Api, tender: Thing, award: Thing, bid: Thing) -> None:
    sent, some = builders.claim(), "awards/some_id/complaints"
    assert api.refused("POST", f"/tenders/some_id/{some}", sent, token=bid.token, status=404) == unknown("tender")
    assert api.refused("POST", f"{tender.path}/{some}", sent, token=bid.token, status=404) == unknown("award")
    assert api.refused("GET", f"{tender.path}/{some}", status=404) == unknown("award")
    assert api.refused("PATCH", f"/tenders/some_id/{some}/some_id", WITHDRAW, status=404) == unknown("tender")
    assert api.refused("PATCH", f"{tender.path}/{some}/some_id", WITHDRAW, status=404) == unknown("award")
    assert api.refused("PATCH", f"{award.path}/complaints/some_id", WITHDRAW, status=404) == unknown("complaint")
    assert api.refused("GET", f"{award.path}/complaints/some_id", status=404) == unknown("complaint")


def test_a_claim_is_filed_by_who_bid(api: Api, tender: Thing, award: Thing, bid: Thing) -> None:
    sent = builders.claim(status="claim")
    made = api.call("POST", f"{award.path}/complaints", sent, token=bid.token, status=201)
    doc = made.json["data"]
    assert doc["author"] == sent["author"]
    assert (doc["status"], doc["complaintID"]) == ("claim", f"{tender.data['tenderID']}.1")
    assert doc["dateSubmitted"] == api.clock.now.isoformat()
    assert made.json["access"]["token"]
    assert made.headers["Location"].endswith(f"{award.path}/complaints/{doc['id']}")
    assert api.get(f"{award.path}/complaints/{doc['id']}", user=None) == doc
    assert api.get(award.path)["complaints"] == api.get(f"{award.path}/complaints") == [doc]


def test_nobody_else_files_one(api: Api, tender: Thing, award: Thing, bid: Thing) -> None:
    for user, token in (("broker", ""), ("broker", tender.token), ("broker2", bid.token), (None, ""), ("reviewer", "")):
        assert api.refused("POST", f"{award.path}/complaints", builders.claim(), user=user, token=token) == FORBIDDEN
    other = api.tender()
    foreign = to_qualification(api, other, 400)[0]
    assert api.refused("POST", f"{award.path}/complaints", builders.claim(), token=foreign.token) == FORBIDDEN


@pytest.mark.parametrize("status", CLOSED_PHASES)
def test_claims_are_filed_and_changed_while_awards_are_given(
    api: Api, tender: Thing, award: Thing, bid: Thing, filed: Thing, status: str
) -> None:
    forge_status(api, tender, status)
    refused = api.refused("POST", f"{award.path}/complaints", builders.claim(), token=bid.token)
    assert refused == said(f"Can't add complaint in current ({status}) tender status")
    refused = api.refused("PATCH", filed.path, WITHDRAW, token=filed.token)
    assert refused == said(f"Can't update complaint in current ({status}) tender status")


def test_claims_are_filed_until_the_stand_still_ends(api: Api, award: Thing, bid: Thing) -> None:
    drafted = api.post(f"{award.path}/complaints", builders.claim(), token=bid.token)
    api.patch(award, {"status": "active"})
    end = api.clock.now + 2 * DAY
    api.clock.now = end
    claim(api, award.path, bid.token)
    api.clock.advance(timedelta(seconds=1))
    assert api.refused("POST", f"{award.path}/complaints", builders.claim(), token=bid.token) == LATE
    assert api.refused("PATCH", drafted.path, {"status": "claim"}, token=drafted.token) == CANT
    assert api.refused("PATCH", drafted.path, {"title": "Інша назва"}, token=drafted.token) == CANT
    assert api.patch(drafted, WITHDRAW)["status"] == "cancelled"


# --- a claim's life


def test_a_claim_is_written_filed_answered_and_settled(api: Api, tender: Thing, award: Thing, bid: Thing) -> None:
    drafted = api.post(f"{award.path}/complaints", builders.claim(), token=bid.token)
    assert api.refused("PATCH", drafted.path, {"title": "x"}, token=tender.token) == NO_ROLE
    api.patch(award, {"status": "active"})
    assert api.patch(drafted, {"title": "Інша назва"})["title"] == "Інша назва"
    assert api.patch(drafted, {"status": "claim"})["dateSubmitted"] == api.clock.now.isoformat()
    assert api.refused("PATCH", drafted.path, {"title": "x"}, token=drafted.token) == NO_ROLE
    assert api.patch(drafted, {"resolution": "Розглядаємо"}, token=tender.token)["resolution"] == "Розглядаємо"
    assert answer(api, drafted, tender)["dateAnswered"] == api.clock.now.isoformat()
    assert api.patch(drafted, {"satisfied": False})["satisfied"] is False
    assert api.patch(drafted, {"status": "resolved"})["status"] == "resolved"
    refused = api.refused("PATCH", drafted.path, WITHDRAW, token=drafted.token)
    assert refused == said("Can't update complaint in current (resolved) status")


def test_a_short_resolution_is_none(api: Api, tender: Thing, filed: Thing) -> None:
    news = {"status": "answered", "resolutionType": "resolved", "resolution": "Так"}
    refused = api.refused("PATCH", filed.path, news, token=tender.token)
    assert refused == said("Can't update complaint: resolution too short")


def test_a_claim_is_withdrawn(api: Api, filed: Thing) -> None:
    refused = api.refused("PATCH", filed.path, {"status": "cancelled"}, token=filed.token, status=422)
    assert refused == wrong("cancellationReason", REQUIRED)
    gone = api.patch(filed, WITHDRAW)
    assert (gone["status"], gone["dateCanceled"]) == ("cancelled", api.clock.now.isoformat())


def test_an_open_claim_holds_the_contract_up(api: Api, tender: Thing, award: Thing, filed: Thing) -> None:
    api.patch(award, {"status": "active"})
    answer(api, filed, tender)
    api.clock.advance(STAND_STILL)
    (contract,) = contracts(api, tender)
    refused = api.refused("PATCH", contract.path, {"status": "active"}, token=tender.token)
    assert refused == said("Can't sign contract before reviewing all complaints")
    api.patch(filed, {"satisfied": True, "status": "resolved"})
    assert api.patch(contract, {"status": "active"})["status"] == "active"
    assert api.get(tender.path)["status"] == "complete"


@pytest.mark.parametrize("verdict", ["invalid", "resolved", "declined"])
def test_the_review_body_decides_pending_ones(api: Api, tender: Thing, filed: Thing, verdict: str) -> None:
    with forged(api, tender) as body:
        body["awards"][0]["complaints"][0]["status"] = "pending"
    assert add_file(api, f"{filed.path}/documents", user="reviewer")["author"] == "reviewers"
    assert api.patch(filed.path, {"decision": "Рішення"}, user="reviewer")["decision"] == "Рішення"
    decided = api.patch(filed.path, {"status": verdict}, user="reviewer")
    assert (decided["status"], decided["dateDecision"]) == (verdict, api.clock.now.isoformat())


# --- time


@pytest.mark.parametrize("kind", ["invalid", "resolved", "declined"])
def test_after_three_days_without_a_reply_the_answer_stands(api: Api, tender: Thing, filed: Thing, kind: str) -> None:
    answer(api, filed, tender, kind)
    due = api.clock.now + 3 * DAY
    assert api.get(tender.path)["next_check"] == due.isoformat()
    api.tick(tender, due)
    assert api.get(filed.path)["status"] == kind


def test_an_answered_claim_keeps_a_failed_tender_open(api: Api, tender: Thing, award: Thing, bid: Thing) -> None:
    api.patch(award, {"status": "unsuccessful"})
    api.clock.advance(DAY)
    filed = claim(api, award.path, bid.token)
    answer(api, filed, tender)
    due = api.clock.now + 3 * DAY
    assert api.tick(tender, api.clock.now + 2 * DAY)["status"] == "active.awarded"
    assert api.get(tender.path)["next_check"] == due.isoformat()
    doc = api.tick(tender, due)
    assert (doc["status"], doc["awards"][0]["complaints"][0]["status"]) == ("unsuccessful", "resolved")


def test_unanswered_claims_are_ignored_when_the_tender_ends(api: Api, tender: Thing, award: Thing, filed: Thing) -> None:
    api.patch(award, {"status": "unsuccessful"})
    doc = api.until(tender, "unsuccessful")
    assert doc["awards"][0]["complaints"][0]["status"] == "ignored"


def test_unanswered_claims_are_ignored_when_the_contract_is_signed(api: Api, tender: Thing, award: Thing, filed: Thing) -> None:
    api.patch(award, {"status": "active"})
    api.clock.advance(STAND_STILL)
    api.patch(contracts(api, tender)[0], {"status": "active"})
    assert api.get(filed.path)["status"] == "ignored"


def test_pending_ones_are_passed_over(api: Api, tender: Thing, filed: Thing) -> None:
    with forged(api, tender) as body:
        body["awards"][0]["complaints"][0]["status"] = "pending"
    assert api.tick(tender)["awards"][0]["complaints"][0]["status"] == "ignored"


# --- lots


def test_claims_about_awards_of_cancelled_lots_are_closed(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    bid = to_qualification(api, tender, 240)[0]
    of_lot = {a.data["lotID"]: a for a in awards(api, tender)}
    filed = {lot: claim(api, of_lot[lot].path, bid.token) for lot in (one, two)}
    doc = add_file(api, f"{filed[one].path}/documents", token=tender.token)
    cancel(api, tender, one)
    assert [api.get(filed[lot].path)["status"] for lot in (one, two)] == ["ignored", "claim"]
    refused = api.refused("POST", f"{of_lot[one].path}/complaints", builders.claim(), token=bid.token)
    assert refused == said("Can add complaint only in active lot status")
    refused = api.refused("PATCH", filed[one].path, WITHDRAW, token=filed[one].token)
    assert refused == said("Can update complaint only in active lot status")
    path = f"{filed[one].path}/documents"
    with forged(api, tender) as body:
        for award in body["awards"]:
            for complaint in award["complaints"]:
                complaint["status"] = "claim"
        body["lots"][0]["status"] = "unsuccessful"
    refused_form = upload(api, path, token=tender.token, status=403)
    assert refused_form.json["errors"] == said("Can add document only in active lot status")
    refused = api.refused("PATCH", f"{path}/{doc['id']}", {"description": "x"}, token=tender.token)
    assert refused == said("Can update document only in active lot status")


# --- documents


def test_who_adds_documents_when(api: Api, tender: Thing, award: Thing, bid: Thing) -> None:
    drafted = api.post(f"{award.path}/complaints", builders.claim(), token=bid.token)
    path = f"{drafted.path}/documents"
    mine = add_file(api, path, token=drafted.token)
    assert mine["author"] == "complaint_owner"
    refused = upload(api, path, token=tender.token, status=403).json["errors"]
    assert refused == said("Can't add document in current (draft) complaint status")
    assert upload(api, path, token=bid.token, status=403).json["errors"] == FORBIDDEN
    api.patch(drafted, {"status": "claim"})
    refused = upload(api, path, token=drafted.token, status=403).json["errors"]
    assert refused == said("Can't add document in current (claim) complaint status")
    assert add_file(api, path, token=tender.token)["author"] == "tender_owner"
    assert api.refused("PATCH", f"{path}/{mine['id']}", {"description": "x"}, token=tender.token) == NOT_AUTHOR
    answer(api, drafted, tender)
    assert api.patch(f"{path}/{mine['id']}", {"description": "Опис"}, token=drafted.token)["description"] == "Опис"
    newer = upload(api, f"{path}/{mine['id']}", method="PUT", token=drafted.token, name="новий.doc").json["data"]
    assert (newer["id"], newer["title"], newer["description"]) == (mine["id"], "новий.doc", "Опис")
    assert upload(api, f"{path}/{mine['id']}", method="PUT", token=tender.token, status=403).json["errors"] == NOT_AUTHOR


@pytest.mark.parametrize("status", CLOSED_PHASES)
def test_documents_are_closed_in_other_phases(api: Api, tender: Thing, filed: Thing, status: str) -> None:
    doc = add_file(api, f"{filed.path}/documents", token=tender.token)
    forge_status(api, tender, status)
    refused = upload(api, f"{filed.path}/documents", token=tender.token, status=403)
    assert refused.json["errors"] == said(f"Can't add document in current ({status}) tender status")
    refused_patch = api.refused("PATCH", f"{filed.path}/documents/{doc['id']}", {"description": "x"}, token=tender.token)
    assert refused_patch == said(f"Can't update document in current ({status}) tender status")
