"""Claims about a tender: filed, answered, settled, withdrawn, closed by time or by the tender's end; their documents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from journey import (
    DAY,
    FORBIDDEN,
    NO_ROLE,
    NOT_AUTHOR,
    UNKNOWN,
    add_file,
    answer,
    bidding,
    cancel,
    claim,
    forge_status,
    forged,
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

REQUIRED = ["This field is required."]
CANT = said("Can't update complaint")
ANSWER = {"status": "answered", "resolutionType": "resolved", "resolution": "Умови змінено, як ви просили"}
WITHDRAW = {"status": "cancelled", "cancellationReason": "Помилка"}
OPEN = ["active.enquiries", "active.tendering", "active.auction", "active.qualification", "active.awarded"]
OVER = ["complete", "unsuccessful", "cancelled"]


@pytest.fixture
def draft(api: Api, tender: Thing) -> Thing:
    """A claim that is being written."""
    return api.post(f"{tender.path}/complaints", builders.claim())


@pytest.fixture
def filed(api: Api, tender: Thing) -> Thing:
    """A claim that waits for the buyer's answer."""
    return claim(api, tender.path)


def in_status(api: Api, tender: Thing, complaint: Thing, status: str, **fields: Any) -> None:
    """Put a claim into a status by hand."""
    with forged(api, tender) as body:
        found = next(c for c in body["complaints"] if c["id"] == complaint.id)
        found.update(fields, status=status)


# --- filing


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, [*wrong("author", REQUIRED), *wrong("title", REQUIRED)]),
        ({"invalid_field": "x"}, wrong("invalid_field", "Rogue field")),
        (
            {"author": {"identifier": "x"}},
            wrong("author", {"identifier": ["Please use a mapping for this field or Identifier instance instead of str."]}),
        ),
        (
            builders.claim(author={"identifier": {"id": 0}}),
            wrong(
                "author", {"name": REQUIRED, "address": REQUIRED, "contactPoint": REQUIRED, "identifier": {"scheme": REQUIRED}}
            ),
        ),
        (
            builders.claim(author={"name": "x", "identifier": {"uri": "x"}}),
            wrong(
                "author",
                {
                    "address": REQUIRED,
                    "contactPoint": REQUIRED,
                    "identifier": {"scheme": REQUIRED, "id": REQUIRED, "uri": ["Not a well formed URL."]},
                },
            ),
        ),
        (builders.claim(relatedLot=UNKNOWN), wrong("relatedLot", ["relatedLot should be one of lots"])),
        (builders.claim(status="answered"), wrong("resolutionType", REQUIRED)),
        (builders.claim(status="cancelled"), wrong("cancellationReason", REQUIRED)),
    ],
)
def test_invalid_claims(api: Api, tender: Thing, data: Doc, errors: list[Doc]) -> None:
    refused = api.refused("POST", f"{tender.path}/complaints", data, status=422)
    assert sorted(refused, key=lambda e: str(e["name"])) == errors


def test_claims_about_what_does_not_exist(api: Api, tender: Thing) -> None:
    assert api.refused("POST", "/tenders/some_id/complaints", builders.claim(), status=404) == unknown("tender")
    assert api.refused("GET", "/tenders/some_id/complaints", status=404) == unknown("tender")
    assert api.refused("GET", f"{tender.path}/complaints/some_id", status=404) == unknown("complaint")
    assert api.refused("PATCH", f"{tender.path}/complaints/some_id", WITHDRAW, status=404) == unknown("complaint")
    assert api.refused("PATCH", "/tenders/some_id/complaints/some_id", WITHDRAW, status=404) == unknown("tender")
    assert api.get(f"{tender.path}/complaints") == []


def test_a_claim_is_filed(api: Api, tender: Thing) -> None:
    sent = builders.claim(status="claim", resolution="x", complaintID="x", type="complaint")
    made = api.call("POST", f"{tender.path}/complaints", sent, status=201)
    doc = made.json["data"]
    assert doc["author"] == sent["author"]
    assert (doc["status"], doc["type"], doc["complaintID"]) == ("claim", "claim", f"{tender.data['tenderID']}.1")
    assert doc["dateSubmitted"] == doc["date"] == api.clock.now.isoformat()
    assert "resolution" not in doc
    assert doc.keys().isdisjoint({"owner", "owner_token", "transfer_token"})
    assert made.json["access"].keys() == {"token", "transfer"}
    assert made.headers["Location"].endswith(f"{tender.path}/complaints/{doc['id']}")
    seen = {name: value for name, value in doc.items() if name != "author"}
    assert api.get(f"{tender.path}/complaints/{doc['id']}") == seen
    assert api.get(f"{tender.path}/complaints") == api.get(tender.path)["complaints"] == [seen]


def test_a_claim_begins_as_a_draft_unless_it_is_filed_at_once(api: Api, tender: Thing) -> None:
    for sent in ({}, {"status": "draft"}, {"status": "pending"}, {"status": "resolved"}):
        made = api.post(f"{tender.path}/complaints", builders.claim(**sent))
        assert made.data["status"] == "draft"
        assert "dateSubmitted" not in made.data


def test_claims_of_a_tender_and_its_awards_are_numbered_together(api: Api, tender: Thing) -> None:
    numbers = [claim(api, tender.path).data["complaintID"] for _ in range(2)]
    bids = to_qualification(api, tender, 450)
    award = api.get(f"{tender.path}/awards")[0]
    numbers.append(claim(api, f"{tender.path}/awards/{award['id']}", bids[0].token).data["complaintID"])
    assert numbers == [f"{tender.data['tenderID']}.{count}" for count in (1, 2, 3)]


def test_the_author_is_unknown_until_bids_are_opened(api: Api, tender: Thing, filed: Thing) -> None:
    bidding(api, tender, 450, 460)
    for path in (filed.path, f"{filed.path}?acc_token={filed.token}", f"{filed.path}?acc_token={tender.token}"):
        assert "author" not in api.get(path)
    assert "author" not in api.patch(filed, WITHDRAW)
    assert "author" not in api.tick(tender, api.clock.now + 20 * DAY)["complaints"][0]
    forge_status(api, tender, "active.qualification")
    assert api.get(filed.path)["author"] == filed.data["author"]
    assert api.get(tender.path)["complaints"][0]["author"] == filed.data["author"]


@pytest.mark.parametrize("status", [*OPEN[2:], *OVER])
def test_claims_about_a_tender_are_filed_before_bids_close(api: Api, tender: Thing, status: str) -> None:
    forge_status(api, tender, status)
    refused = api.refused("POST", f"{tender.path}/complaints", builders.claim())
    assert refused == said(f"Can't add complaint in current ({status}) tender status")


def test_claims_are_filed_by_accredited_platforms(api: Api, tender: Thing) -> None:
    for user in ("auction", "chronograph", "reviewer", None):
        assert api.refused("POST", f"{tender.path}/complaints", builders.claim(), user=user) == FORBIDDEN
    refused = api.refused("POST", f"{tender.path}/complaints", builders.claim(), user="broker1")
    assert refused == [
        {
            "location": "procurementMethodType",
            "name": "accreditation",
            "description": "Broker Accreditation level does not permit complaint creation",
        }
    ]
    api.post(f"{tender.path}/complaints", builders.claim(), user="broker2")


# --- a claim's life


def test_a_claim_is_written_filed_answered_and_settled(api: Api, tender: Thing, draft: Thing) -> None:
    assert api.patch(draft, {"title": "Інша назва"})["title"] == "Інша назва"
    api.clock.advance(DAY)
    changed = api.patch(draft, {"status": "claim"})
    assert changed["status"] == "claim"
    assert changed["dateSubmitted"] == changed["date"] == api.clock.now.isoformat()
    assert api.patch(draft, {"resolution": "Умови змінено"}, token=tender.token)["resolution"] == "Умови змінено"
    answered = api.patch(draft, ANSWER | {"tendererAction": "Змінено строк"}, token=tender.token)
    assert answered["dateAnswered"] == answered["tendererActionDate"] == api.clock.now.isoformat()
    assert (answered["status"], answered["resolutionType"]) == ("answered", "resolved")
    assert api.patch(draft, {"satisfied": False})["satisfied"] is False
    assert api.patch(draft, {"status": "resolved"})["status"] == "resolved"
    assert api.get(draft.path)["status"] == "resolved"


@pytest.mark.parametrize("satisfied", [True, False])
def test_who_filed_a_claim_says_whether_the_answer_settles_it(api: Api, tender: Thing, filed: Thing, satisfied: bool) -> None:
    answer(api, filed, tender)
    assert api.refused("PATCH", filed.path, {"status": "resolved"}, token=filed.token) == CANT
    settled = api.patch(filed, {"satisfied": satisfied, "status": "resolved"})
    assert (settled["status"], settled["satisfied"]) == ("resolved", satisfied)


@pytest.mark.parametrize("state", ["draft", "claim", "answered"])
def test_a_claim_is_withdrawn(api: Api, tender: Thing, filed: Thing, state: str) -> None:
    in_status(api, tender, filed, state, resolutionType="resolved")
    refused = api.refused("PATCH", filed.path, {"status": "cancelled"}, token=filed.token, status=422)
    assert refused == wrong("cancellationReason", REQUIRED)
    gone = api.patch(filed, WITHDRAW)
    assert (gone["status"], gone["cancellationReason"]) == ("cancelled", "Помилка")
    assert gone["dateCanceled"] == api.clock.now.isoformat()


@pytest.mark.parametrize("state", ["draft", "answered"])
def test_who_withdraws_a_claim_says_why_and_nothing_else(api: Api, tender: Thing, filed: Thing, state: str) -> None:
    in_status(api, tender, filed, state, resolutionType="resolved")
    assert "cancellationReason" not in api.patch(filed, {"cancellationReason": "Помилка"})
    gone = api.patch(filed, WITHDRAW | {"title": "Інша", "satisfied": False})
    assert (gone["status"], gone["title"], gone["cancellationReason"]) == ("cancelled", filed.data["title"], "Помилка")
    assert "satisfied" not in gone


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (
            {"status": "answered", "resolutionType": "resolved", "resolution": "Так"},
            "Can't update complaint: resolution too short",
        ),
        (
            {"status": "answered", "resolutionType": "resolved", "resolution": "Х" * 19},
            "Can't update complaint: resolution too short",
        ),
        ({"status": "answered", "resolutionType": "resolved"}, "Can't update complaint"),
        ({"status": "resolved"}, "Can't update complaint"),
        ({"status": "pending"}, "Can't update complaint"),
        ({"status": "ignored"}, "Can't update complaint"),
        ({"status": "draft"}, "Can't update complaint"),
    ],
)
def test_answers_that_are_none(api: Api, tender: Thing, filed: Thing, news: Doc, expected: str) -> None:
    assert api.refused("PATCH", filed.path, news, token=tender.token) == said(expected)
    assert api.get(filed.path)["status"] == "claim"


def test_an_answer_needs_its_type(api: Api, tender: Thing, filed: Thing) -> None:
    news = {"status": "answered", "resolution": ANSWER["resolution"]}
    assert api.refused("PATCH", filed.path, news, token=tender.token, status=422) == wrong("resolutionType", REQUIRED)
    refused = api.refused("PATCH", filed.path, ANSWER | {"resolutionType": "x"}, token=tender.token, status=422)
    assert refused == wrong("resolutionType", ["Value must be one of ['invalid', 'resolved', 'declined']."])


def test_an_answer_of_twenty_characters_will_do(api: Api, tender: Thing, filed: Thing) -> None:
    assert api.patch(filed, ANSWER | {"resolution": "Х" * 20}, token=tender.token)["status"] == "answered"


@pytest.mark.parametrize(
    ("state", "holder", "news"),
    [
        ("draft", "buyer", {"title": "Інша назва"}),
        ("draft", "buyer", ANSWER),
        ("draft", "buyer", WITHDRAW),
        ("claim", "claimant", {"title": "Інша назва"}),
        ("claim", "claimant", {"satisfied": True}),
        ("claim", "claimant", ANSWER),
        ("answered", "buyer", {"resolution": "Інша відповідь"}),
        ("answered", "buyer", WITHDRAW),
        ("pending", "claimant", {"title": "Інша назва"}),
        ("resolved", "claimant", {"satisfied": True}),
        ("resolved", "buyer", {"tendererAction": "Зроблено"}),
        ("invalid", "buyer", WITHDRAW),
        ("ignored", "claimant", {"status": "claim"}),
    ],
)
def test_who_has_no_part_in_a_status(api: Api, tender: Thing, filed: Thing, state: str, holder: str, news: Doc) -> None:
    in_status(api, tender, filed, state, resolutionType="resolved")
    token = tender.token if holder == "buyer" else filed.token
    assert api.refused("PATCH", filed.path, news, token=token) == NO_ROLE


@pytest.mark.parametrize("state", ["invalid", "resolved", "declined", "cancelled", "ignored"])
def test_what_is_closed_is_not_withdrawn(api: Api, tender: Thing, filed: Thing, state: str) -> None:
    in_status(api, tender, filed, state, resolutionType="resolved", cancellationReason="Помилка")
    refused = api.refused("PATCH", filed.path, WITHDRAW | {"cancellationReason": "Інша"}, token=filed.token)
    assert refused == said(f"Can't update complaint in current ({state}) status")


@pytest.mark.parametrize(("state", "news"), [("draft", {"status": "answered", "resolutionType": "x"}), ("claim", {"rogue": 1})])
def test_what_cannot_be_read_is_said_first(api: Api, tender: Thing, filed: Thing, state: str, news: Doc) -> None:
    in_status(api, tender, filed, state)
    api.refused("PATCH", filed.path, news, token=tender.token, status=422)


@pytest.mark.parametrize(
    ("state", "status"),
    [("draft", "answered"), ("draft", "resolved"), ("draft", "pending"), ("answered", "claim"), ("answered", "declined")],
)
def test_moves_that_nobody_makes(api: Api, tender: Thing, filed: Thing, state: str, status: str) -> None:
    in_status(api, tender, filed, state, resolutionType="resolved", satisfied=True)
    assert api.refused("PATCH", filed.path, {"status": status}, token=filed.token) == CANT


@pytest.mark.parametrize("status", OVER)
def test_claims_of_an_ended_tender_are_closed(api: Api, tender: Thing, draft: Thing, status: str) -> None:
    forge_status(api, tender, status)
    refused = api.refused("PATCH", draft.path, {"status": "claim"}, token=draft.token)
    assert refused == said(f"Can't update complaint in current ({status}) tender status")


@pytest.mark.parametrize("status", OPEN[2:])
@pytest.mark.parametrize("news", [{"status": "claim"}, {"title": "Інша назва"}])
def test_drafts_are_finished_before_bids_close(api: Api, tender: Thing, draft: Thing, status: str, news: Doc) -> None:
    forge_status(api, tender, status)
    assert api.refused("PATCH", draft.path, news, token=draft.token) == CANT
    assert api.patch(draft, WITHDRAW)["status"] == "cancelled"


@pytest.mark.parametrize("status", ["active.enquiries", "active.tendering", "active.auction", "active.qualification"])
def test_claims_are_answered_while_the_tender_lives(api: Api, tender: Thing, filed: Thing, status: str) -> None:
    if status != "active.enquiries":
        bidding(api, tender, 450, 460)
        api.until(tender, "active.auction" if status == "active.auction" else "active.tendering")
    if status == "active.qualification":
        hold_auction(api, tender)
    assert api.get(tender.path)["status"] == status
    assert answer(api, filed, tender)["status"] == "answered"
    assert api.patch(filed, {"satisfied": True, "status": "resolved"})["status"] == "resolved"


def test_strangers_may_not_touch_a_claim(api: Api, filed: Thing) -> None:
    other = api.tender()
    for user, token in (("broker", ""), ("broker", other.token), ("broker2", filed.token), (None, ""), ("auction", "")):
        assert api.refused("PATCH", filed.path, WITHDRAW, user=user, token=token) == FORBIDDEN


# --- before the review body: documents of the old toolkit


@pytest.mark.parametrize("verdict", ["invalid", "resolved", "declined"])
def test_the_review_body_decides(api: Api, tender: Thing, filed: Thing, verdict: str) -> None:
    in_status(api, tender, filed, "pending")
    path = filed.path
    changed = api.patch(path, {"decision": "Рішення", "title": "Інша назва"}, user="reviewer")
    assert (changed["decision"], changed["title"], changed["status"]) == ("Рішення", "Вимога", "pending")
    assert api.refused("PATCH", path, {"status": "ignored"}, user="reviewer") == CANT
    decided = api.patch(path, {"status": verdict}, user="reviewer")
    assert (decided["status"], decided["dateDecision"]) == (verdict, api.clock.now.isoformat())
    assert api.refused("PATCH", path, {"decision": "Інше"}, user="reviewer") == NO_ROLE


def test_the_review_body_has_no_part_in_claims(api: Api, filed: Thing) -> None:
    assert api.refused("PATCH", filed.path, {"status": "resolved"}, user="reviewer") == NO_ROLE


def test_the_buyer_says_what_it_did_about_a_pending_one(api: Api, tender: Thing, filed: Thing) -> None:
    in_status(api, tender, filed, "pending")
    changed = api.patch(filed, {"tendererAction": "Змінено", "resolution": "x"}, token=tender.token)
    assert (changed["tendererAction"], changed["tendererActionDate"]) == ("Змінено", api.clock.now.isoformat())
    assert "resolution" not in changed


def test_pending_ones_are_passed_over(api: Api, tender: Thing, filed: Thing) -> None:
    in_status(api, tender, filed, "pending")
    assert api.tick(tender)["complaints"][0]["status"] == "ignored"


@pytest.mark.parametrize("kind", ["invalid", "resolved", "declined"])
def test_pending_ones_that_were_escalated_after_an_answer_take_its_resolution(
    api: Api, tender: Thing, filed: Thing, kind: str
) -> None:
    in_status(api, tender, filed, "pending", resolutionType=kind, dateEscalated="2017-06-01T00:00:00+03:00")
    assert api.tick(tender)["complaints"][0]["status"] == kind


# --- time


@pytest.mark.parametrize("kind", ["invalid", "resolved", "declined"])
def test_after_three_days_without_a_reply_the_answer_stands(api: Api, tender: Thing, filed: Thing, kind: str) -> None:
    assert answer(api, filed, tender, kind)["status"] == "answered"
    due = api.clock.now + 3 * DAY
    assert api.get(tender.path)["next_check"] == due.isoformat()
    assert api.tick(tender, due - timedelta(seconds=1))["complaints"][0]["status"] == "answered"
    assert api.tick(tender, due)["complaints"][0]["status"] == kind


def test_the_reply_is_accelerated_in_a_sandbox(api: Api) -> None:
    tender = api.tender(procurementMethodDetails="quick, accelerator=1440")
    filed = claim(api, tender.path)
    answer(api, filed, tender)
    assert api.get(tender.path)["next_check"] == (api.clock.now + timedelta(minutes=3)).isoformat()
    assert api.tick(tender, timedelta(minutes=3))["complaints"][0]["status"] == "resolved"


def test_unanswered_claims_are_ignored_when_the_tender_ends(api: Api, tender: Thing, filed: Thing, draft: Thing) -> None:
    doc = api.until(tender, "unsuccessful")
    assert {c["id"]: c["status"] for c in doc["complaints"]} == {filed.id: "ignored", draft.id: "draft"}


def test_unanswered_claims_are_ignored_when_the_tender_is_cancelled(api: Api, tender: Thing, filed: Thing) -> None:
    cancel(api, tender)
    assert api.get(filed.path)["status"] == "ignored"


def test_claims_about_a_lot_are_ignored_when_the_lot_ends(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    about_one, about_two = claim(api, tender.path, relatedLot=one), claim(api, tender.path, relatedLot=two)
    about_both = claim(api, tender.path)
    cancel(api, tender, one)
    assert [api.get(c.path)["status"] for c in (about_one, about_two, about_both)] == ["ignored", "claim", "claim"]


@pytest.mark.parametrize("kind", ["invalid", "resolved", "declined"])
def test_answers_stand_when_the_tender_ends(api: Api, tender: Thing, filed: Thing, kind: str) -> None:
    answer(api, filed, tender, kind)
    cancel(api, tender)
    assert api.get(filed.path)["status"] == kind


def test_answers_about_a_lot_stand_when_the_lot_ends(api: Api) -> None:
    tender, (one, two) = with_lots(api, 2)
    about_one, about_two = claim(api, tender.path, relatedLot=one), claim(api, tender.path, relatedLot=two)
    for filed in (about_one, about_two):
        answer(api, filed, tender, "declined")
    cancel(api, tender, one)
    assert [api.get(c.path)["status"] for c in (about_one, about_two)] == ["declined", "answered"]


# --- documents


@pytest.mark.parametrize(
    ("state", "holder", "allowed"),
    [
        ("draft", "claimant", True),
        ("draft", "buyer", False),
        ("claim", "claimant", False),
        ("claim", "buyer", True),
        ("answered", "claimant", True),
        ("answered", "buyer", False),
        ("pending", "reviewer", True),
        ("pending", "claimant", False),
        ("claim", "reviewer", False),
        ("resolved", "claimant", False),
        ("cancelled", "buyer", False),
    ],
)
def test_who_adds_documents_when(api: Api, tender: Thing, filed: Thing, state: str, holder: str, allowed: bool) -> None:
    in_status(api, tender, filed, state)
    who: dict[str, Any] = {
        "claimant": {"token": filed.token},
        "buyer": {"token": tender.token},
        "reviewer": {"user": "reviewer"},
    }[holder]
    added = upload(api, f"{filed.path}/documents", **who, status=201 if allowed else 403)
    if allowed:
        author = {"claimant": "complaint_owner", "buyer": "tender_owner", "reviewer": "reviewers"}[holder]
        assert added.json["data"]["author"] == author
        assert api.get(f"{filed.path}/documents")[0]["author"] == author
        path = f"{filed.path}/documents/{added.json['data']['id']}"
        assert api.patch(path, {"description": "Опис"}, **who)["description"] == "Опис"
        assert upload(api, path, method="PUT", **who).json["data"]["author"] == author
    else:
        assert added.json["errors"] == said(f"Can't add document in current ({state}) complaint status")


def test_documents_are_changed_by_their_authors_only(api: Api, tender: Thing, draft: Thing) -> None:
    mine = add_file(api, f"{draft.path}/documents", token=draft.token)
    path = f"{draft.path}/documents/{mine['id']}"
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == NOT_AUTHOR
    api.patch(draft, {"status": "claim"})
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == NOT_AUTHOR
    assert upload(api, path, method="PUT", token=tender.token, status=403).json["errors"] == NOT_AUTHOR
    late = said("Can't update document in current (claim) complaint status")
    assert api.refused("PATCH", path, {"description": "x"}, token=draft.token) == late
    assert upload(api, path, method="PUT", token=draft.token, status=403).json["errors"] == late
    theirs = add_file(api, f"{draft.path}/documents", token=tender.token)
    answer(api, draft, tender)
    path = f"{draft.path}/documents/{theirs['id']}"
    assert api.refused("PATCH", path, {"description": "x"}, token=draft.token) == NOT_AUTHOR
    late = said("Can't update document in current (answered) complaint status")
    assert api.refused("PATCH", path, {"description": "x"}, token=tender.token) == late


@pytest.mark.parametrize("status", OVER)
def test_documents_of_an_ended_tender_stay_as_they_are(api: Api, tender: Thing, draft: Thing, status: str) -> None:
    doc = add_file(api, f"{draft.path}/documents", token=draft.token)
    path = f"{draft.path}/documents/{doc['id']}"
    forge_status(api, tender, status)
    refused = upload(api, f"{draft.path}/documents", token=draft.token, status=403)
    assert refused.json["errors"] == said(f"Can't add document in current ({status}) tender status")
    late = said(f"Can't update document in current ({status}) tender status")
    assert upload(api, path, method="PUT", token=draft.token, status=403).json["errors"] == late
    assert api.refused("PATCH", path, {"description": "x"}, token=draft.token) == late


def test_documents_and_their_versions(api: Api, draft: Thing) -> None:
    path = f"{draft.path}/documents"
    made = upload(api, path, token=draft.token)
    doc = made.json["data"]
    assert made.headers["Location"].endswith(f"{path}/{doc['id']}")
    assert api.refused("GET", f"{path}/some_id", status=404) == unknown("document")
    assert upload(api, f"{path}/some_id", method="PUT", token=draft.token, status=404).json["errors"] == unknown("document")
    no_file = [{"location": "body", "name": "file", "description": "Not Found"}]
    assert upload(api, path, field="other", token=draft.token, status=404).json["errors"] == no_file
    newer = upload(api, f"{path}/{doc['id']}", method="PUT", token=draft.token, content=b"newer").json["data"]
    shown = api.get(f"{path}/{doc['id']}")
    assert key_of(shown) == key_of(newer) != key_of(doc)
    assert [key_of(v) for v in shown["previousVersions"]] == [key_of(doc)]
    named = api.post(path, registered(api), token=draft.token)
    assert [d["id"] for d in api.get(path)] == [doc["id"], named.data["id"]]
