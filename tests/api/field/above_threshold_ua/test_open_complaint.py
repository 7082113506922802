"""Claims and complaints about tenders of the open procedure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openprocurement_api.testing import builders
from procedures.below_threshold.tests.play import ANSWER
from procedures.below_threshold.tests.secrets import document

CANT = "Can't update complaint"
REVIEWER = {"user": "reviewer"}


def role(api, complaint, data, **options):
    """Somebody has no part to play in the complaint as it stands."""
    errors = api.refused("PATCH", complaint.path, data, **options)
    assert errors == [builders.problem("role", "Forbidden", "url")]


# --- filing


@pytest.mark.parametrize(
    ("status", "kind", "submitted"), [("draft", "claim", False), ("claim", "claim", True), ("pending", "complaint", True)]
)
def test_what_is_filed(play, api, status, kind, submitted):
    made = play.complain(status=status).data
    assert (made["status"], made["type"], "dateSubmitted" in made) == (status, kind, submitted)
    assert made["complaintID"] == f"{play.doc['tenderID']}.1"
    assert made.keys().isdisjoint({"owner", "owner_token", "bid_id"})


def test_any_other_status_is_a_draft(play):
    assert play.complain(status="satisfied").data["status"] == "draft"


def test_the_author_of_a_claim_is_not_known_before_bids_are_opened(api, play):
    claim, complaint = play.complain(status="claim"), play.complain()
    assert "author" not in api.get(claim.path)
    assert "author" in api.get(complaint.path)


LATE_CLAIM = "Can submit claim not later than 10 days before tenderPeriod end"
LATE = "Can submit complaint not later than 4 days before tenderPeriod end"


@pytest.mark.parametrize(
    ("status", "span", "message"),
    [("claim", timedelta(days=6), LATE_CLAIM), ("pending", timedelta(days=11, hours=15), LATE)],
)
def test_both_come_in_time(api, play, refused, status, span, message):
    """Claims until 8 March at nine, complaints until 14 March begins."""
    draft = play.complain(status="draft")
    api.clock.advance(span)
    play.complain(status=status)
    api.clock.advance(timedelta(seconds=1))
    refused(message, "POST", f"{play.tender.path}/complaints", builders.claim(status=status))
    refused(message, "PATCH", draft.path, {"status": status}, token=draft.token)


def test_only_while_bids_are_made(api, play, refused):
    draft = play.complain(status="draft")
    play.open_bids(440, 450)
    message = "Can't add complaint in current (active.auction) tender status"
    refused(message, "POST", f"{play.tender.path}/complaints", builders.claim())
    for data in ({"title": "Інша"}, {"status": "claim"}, {"status": "pending"}):
        refused(CANT, "PATCH", draft.path, data, token=draft.token)
    assert play.withdraw(draft, "cancelled")["status"] == "cancelled"


# --- claims


def test_an_answer_is_long_enough_and_in_time(api, play, refused):
    claim = play.complain(status="claim")
    token = play.tender.token
    refused(CANT, "PATCH", claim.path, {"status": "answered", "resolutionType": "resolved"}, token=token)
    short = ANSWER | {"resolution": "Ні"}
    refused("Can't update complaint: resolution too short", "PATCH", claim.path, short, token=token)
    api.clock.advance(timedelta(days=9, hours=15))
    assert play.act(f"/complaints/{claim.id}", {"tendererAction": "Перевіряємо"})["tendererActionDate"]
    api.clock.advance(timedelta(seconds=1))
    message = "Can update claim only before enquiryPeriod.clarificationsUntil"
    for data in (ANSWER, {"tendererAction": "Перевірили"}):
        refused(message, "PATCH", claim.path, data, token=token)


def test_a_satisfied_claim_is_settled_by_who_filed_it(api, play, refused):
    claim = play.complain(status="claim")
    assert play.answer(claim)["dateAnswered"] == api.clock.now.isoformat()
    refused(CANT, "PATCH", claim.path, {"status": "resolved", "satisfied": False}, token=claim.token)
    refused(CANT, "PATCH", claim.path, {"status": "pending", "satisfied": True}, token=claim.token)
    assert api.patch(claim, {"satisfied": True})["status"] == "answered"
    assert api.patch(claim, {"status": "resolved"})["status"] == "resolved"


def test_who_is_not_satisfied_goes_to_the_review_body(api, play):
    claim = play.complain(status="claim")
    play.answer(claim)
    shown = api.patch(claim, {"status": "pending", "satisfied": False})
    assert (shown["type"], shown["dateEscalated"]) == ("complaint", api.clock.now.isoformat())


def test_a_claim_is_escalated_without_an_answer(api, play, refused):
    claim = play.complain(status="claim")
    for data in ({}, {"title": "Інша"}, {"status": "claim"}, {"status": "resolved"}):
        refused(CANT, "PATCH", claim.path, data, token=claim.token)
    shown = api.patch(claim, {"status": "pending", "title": "Інша", "cancellationReason": "Помилка"})
    assert (shown["status"], shown["type"], shown["title"]) == ("pending", "complaint", claim.data["title"])
    assert "cancellationReason" not in shown


def test_the_buyer_has_no_part_in_what_is_not_for_it_to_answer(api, play):
    draft, answered = play.complain(status="draft"), play.complain(status="claim")
    play.answer(answered)
    for one in (draft, answered):
        role(api, one, {"resolution": "Так"}, token=play.tender.token)


def test_the_buyer_does_not_withdraw_a_claim(play, refused):
    """It is told so, not that it forgot the reason that it gave."""
    claim = play.complain(status="claim")
    data = {"status": "cancelled", "cancellationReason": "Помилка"}
    refused(CANT, "PATCH", claim.path, data, token=play.tender.token)
    message = ["This field is required."]
    path, data = claim.path, {"status": "cancelled"}
    refused(message, "PATCH", path, data, token=claim.token, status=422, name="cancellationReason")


# --- before the review body


def test_a_complaint_is_decided(api, play):
    complaint = play.complain()
    accepted = play.review(complaint, "accepted")
    assert (accepted["acceptance"], accepted["dateAccepted"]) == (True, api.clock.now.isoformat())
    considered = play.review(complaint, "accepted", reviewDate="2026-03-05T10:00:00+02:00", reviewPlace="Київ")
    assert (considered["reviewPlace"], considered["decision"]) == ("Київ", "Рішення")
    satisfied = play.review(complaint, "satisfied")
    assert satisfied["dateDecision"] == api.clock.now.isoformat()


@pytest.mark.parametrize("status", ["invalid", "mistaken"])
@pytest.mark.parametrize("reason", ["lawNonСompliance", "noPaymentReceived", "buyerViolationsСorrected"])
def test_a_complaint_is_turned_away(play, status, reason):
    """Two of the reasons are spelled with a Cyrillic С, as they always were."""
    shown = play.review(play.complain(), status, rejectReason=reason, rejectReasonDescription="Пояснення")
    assert (shown["status"], shown["acceptance"], shown["rejectReason"]) == (status, False, reason)
    assert shown["rejectReasonDescription"] == "Пояснення"
    assert "dateDecision" in shown


def test_who_filed_it_may_ask_to_stop(api, play, refused):
    complaint = play.complain()
    message = {"status": "stopping"}
    refused(["This field is required."], "PATCH", complaint.path, message, token=complaint.token, status=422,
            name="cancellationReason")  # fmt: skip
    stopping = play.withdraw(complaint, "stopping")
    assert stopping["dateCanceled"] == api.clock.now.isoformat()
    api.clock.advance(timedelta(hours=1))
    assert play.review(complaint, "stopped")["dateCanceled"] == stopping["dateCanceled"]


def test_a_complaint_before_the_review_body_is_not_withdrawn(api, play, refused):
    complaint = play.complain()
    for accepted in (False, True):
        if accepted:
            play.review(complaint, "accepted")
        data = {"status": "cancelled", "cancellationReason": "Помилка"}
        refused(CANT, "PATCH", complaint.path, data, token=complaint.token)
        role(api, complaint, {"title": "Інша"}, token=complaint.token)
        role(api, complaint, {"status": "resolved"}, token=complaint.token)


@pytest.mark.parametrize("target", ["satisfied", "declined", "resolved"])
def test_what_was_not_accepted_is_not_decided(play, refused, target):
    refused(CANT, "PATCH", play.complain().path, {"status": target}, **REVIEWER)


def test_the_review_body_has_no_part_in_claims(api, play):
    for status in ("draft", "claim"):
        role(api, play.complain(status=status), {"decision": "Рішення"}, **REVIEWER)


def test_the_buyer_tells_what_it_does(api, play, refused):
    complaint = play.complain()
    path = f"/complaints/{complaint.id}"
    assert play.act(path, {"tendererAction": "Виправляємо", "decision": "Так"}).keys().isdisjoint({"decision"})
    play.review(complaint, "accepted")
    play.act(path, {"tendererAction": "Виправили"})
    play.review(complaint, "satisfied")
    assert play.act(path, {"tendererAction": "Усе виправили"})["status"] == "satisfied"
    assert play.act(path, {"status": "resolved"})["status"] == "resolved"


def test_a_satisfied_complaint_is_resolved_by_deeds(play, refused):
    complaint = play.complain()
    play.review(complaint, "accepted")
    play.review(complaint, "satisfied")
    refused(CANT, "PATCH", complaint.path, {"status": "resolved"}, token=play.tender.token)


def test_a_closed_complaint_is_changed_by_nobody(api, play, refused):
    complaint = play.complain()
    play.review(complaint, "invalid")
    for options in ({"token": complaint.token}, {"token": play.tender.token}, REVIEWER):
        role(api, complaint, {"title": "Інша"}, **options)
    message = "Can't update complaint in current (invalid) status"
    again = {"status": "cancelled", "cancellationReason": "Помилка"}
    refused(message, "PATCH", complaint.path, again, token=complaint.token)


# --- documents


def test_documents_are_added_by_whom_the_complaint_waits_for(api, play, refused):
    complaint = play.complain(status="draft")
    path = f"{complaint.path}/documents"
    hands = {"complaint_owner": complaint.token, "tender_owner": play.tender.token, "aboveThresholdReviewers": ""}

    def only(author, status):
        for name, token in hands.items():
            options = {"token": token} if token else REVIEWER
            if name == author:
                assert api.post(path, document(api, "Файл.pdf"), **options).data["author"] == author
            else:
                message = f"Can't add document in current ({status}) complaint status"
                refused(message, "POST", path, document(api, "Файл.pdf"), **options)

    only("complaint_owner", "draft")
    api.patch(complaint, {"status": "claim"})
    only("tender_owner", "claim")
    play.answer(complaint)
    only("complaint_owner", "answered")
    api.patch(complaint, {"status": "pending", "satisfied": False})
    only("aboveThresholdReviewers", "pending")
    play.review(complaint, "accepted")
    only("aboveThresholdReviewers", "accepted")
    play.withdraw(complaint, "stopping")
    only("aboveThresholdReviewers", "stopping")
    play.review(complaint, "stopped")
    only("", "stopped")


def test_a_document_is_changed_by_who_added_it(api, play):
    complaint = play.complain(status="draft")
    added = api.post(f"{complaint.path}/documents", document(api, "Файл.pdf"), token=complaint.token)
    errors = api.refused("PATCH", added.path, {"title": "Інший"}, token=play.tender.token)
    assert errors == [builders.problem("role", "Can update document only author", "url")]


# --- what they stand in the way of


@pytest.mark.parametrize("status", ["claim", "pending", "accepted", "stopping", "satisfied"])
def test_bids_are_not_opened_before_it_is_settled(api, play, status):
    complaint = play.complain(status="claim" if status == "claim" else "pending")
    if status in ("accepted", "satisfied"):
        play.review(complaint, "accepted")
    if status == "satisfied":
        play.review(complaint, "satisfied")
    if status == "stopping":
        play.withdraw(complaint, "stopping")
    assert api.get(complaint.path)["status"] == status
    assert "next_check" not in play.doc
    assert api.tick(play.tender, play.doc["tenderPeriod"]["endDate"])["status"] == "active.tendering"


def test_claims_about_lots_that_were_given_up_do_not_matter(lots):
    lots.complain(relatedLot=lots.lots[0])
    assert "next_check" not in lots.doc
    lots.cancel(lots.lots[0])
    assert "next_check" in lots.doc


def test_an_auction_is_planned_after_the_decision(api, play):
    """The third midnight after it, if that is later than the end of the time for bids."""
    play.bid(), play.bid()
    complaint = play.complain()
    api.clock.advance(timedelta(days=17))
    play.review(complaint, "invalid")
    assert api.tick(play.tender)["auctionPeriod"]["shouldStartAfter"] == "2026-03-22T00:00:00+02:00"
