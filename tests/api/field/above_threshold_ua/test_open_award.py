"""Awards, complaints about them, and contracts of the open procedure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openprocurement_api.testing import builders
from procedures.below_threshold.tests.secrets import document

REQUIRED = ["This field is required."]
ACCEPTED = "Can't {} with accepted complaint"


def place(award):
    return f"/awards/{award['id']}"


def accepted(play, award=None, bidder=1):
    """A complaint about an award that the review body considers."""
    complaint = play.complain(place(award or play.award), token=play.bids[bidder].token)
    play.review(complaint, "accepted")
    return complaint


def satisfied(play, award=None, bidder=1):
    """A complaint about an award that was upheld."""
    complaint = accepted(play, award, bidder)
    play.review(complaint, "satisfied")
    return complaint


# --- decisions


@pytest.mark.parametrize(("said", "missing"), [({"qualified": True}, "eligible"), ({"eligible": True}, "qualified")])
def test_a_winner_is_qualified_and_eligible(awarding, refused, said, missing):
    assert (awarding.award["qualified"], awarding.award["eligible"]) == (False, False)
    path, data = f"{awarding.tender.path}{place(awarding.award)}", {"status": "active", **said}
    refused(REQUIRED, "PATCH", path, data, token=awarding.tender.token, status=422, name=missing)


@pytest.mark.parametrize("status", ["active", "unsuccessful"])
def test_the_stand_still_is_ten_days_from_midnight(awarding, status):
    """Decided on 18 March; summer time begins meanwhile."""
    award = awarding.award
    assert awarding.decide(status)["complaintPeriod"]["endDate"] == "2026-03-29T00:00:00+02:00"
    assert awarding.doc["awards"][0]["id"] == award["id"]


def test_a_decision_is_not_reworded(awarding, refused):
    awarding.decide("active")
    path = f"{awarding.tender.path}{place(awarding.award)}"
    message = "Can't update award in current (active) status"
    for data in ({"title": "Інший"}, {"qualified": False}, {"status": "unsuccessful"}):
        status = 422 if "qualified" in data else 403
        errors = awarding.api.refused("PATCH", path, data, token=awarding.tender.token, status=status)
        assert status == 422 or errors == [builders.problem("data", message)]
    refused(message, "PATCH", path, {"title": "Інший"}, token=awarding.tender.token)


def test_a_rejection_is_taken_back_only_after_a_satisfied_complaint(awarding, refused):
    first = awarding.award
    awarding.decide("unsuccessful")
    path = f"{awarding.tender.path}{place(first)}"
    message = "Can't update award in current (unsuccessful) status"
    refused(message, "PATCH", path, {"status": "cancelled"}, token=awarding.tender.token)
    awarding.decide("active")
    satisfied(awarding, first, bidder=0)
    awarding.decide("cancelled", first)
    assert [award["status"] for award in awarding.doc["awards"]] == ["cancelled", "cancelled", "pending"]
    assert awarding.award["bid_id"] == first["bid_id"]
    assert awarding.doc["contracts"][0]["status"] == "cancelled"
    assert awarding.status == "active.qualification"
    assert "endDate" not in awarding.doc["awardPeriod"]


def test_a_winner_is_dropped_without_a_complaint(awarding):
    """Then only that award is undone: who was rejected before stays rejected."""
    awarding.decide("unsuccessful")
    awarding.decide("active")
    awarding.decide("cancelled")
    assert [award["status"] for award in awarding.doc["awards"]] == ["unsuccessful", "cancelled", "pending"]
    assert awarding.award["bid_id"] == awarding.bids[1].id


def test_only_the_lots_own_awards_begin_anew(api, lots):
    lots.awarding(200, 210)
    one, other = lots.lots
    for lot in (one, other):
        lots.decide("active", lots.of_lot(lot))
    given = {lot: lots.of_lot(lot)["id"] for lot in (one, other)}
    complaint = lots.complain(f"/awards/{given[one]}", token=lots.bids[1].token)
    assert complaint.data["relatedLot"] == one
    lots.review(complaint, "accepted")
    lots.act(f"/awards/{given[other]}", {"status": "cancelled"})
    lots.review(complaint, "satisfied")
    lots.act(f"/awards/{given[one]}", {"status": "cancelled"})
    assert lots.of_lot(one)["status"] == lots.of_lot(other)["status"] == "pending"


# --- complaints about awards


def test_only_bidders_complain(api, awarding):
    awarding.decide("active")
    path = f"{awarding.tender.path}{place(awarding.award)}/complaints"
    for token in ("", awarding.tender.token):
        errors = api.refused("POST", path, builders.claim(), token=token)
        assert errors == [builders.problem("permission", "Forbidden", "url")]


def test_who_took_its_bid_back_does_not_complain(api, play):
    gone = play.bid(430)
    api.call("DELETE", gone.path, token=gone.token)
    play.awarding(440, 450)
    path = f"{play.tender.path}{place(play.award)}/complaints"
    errors = api.refused("POST", path, builders.claim(), token=gone.token)
    assert errors == [builders.problem("permission", "Forbidden", "url")]


def test_complaints_wait_for_a_winner(awarding, refused):
    """Claims do not."""
    message = "Complaint submission is allowed only after award activation."
    where, token = place(awarding.award), awarding.bids[1].token
    path = f"{awarding.tender.path}{where}/complaints"
    refused(message, "POST", path, builders.claim(status="pending"), token=token)
    draft, claim = awarding.complain(where, "draft", token), awarding.complain(where, "claim", token)
    for one in (draft, claim):
        refused(message, "PATCH", one.path, {"status": "pending"}, token=one.token)
    awarding.decide("active")
    assert awarding.api.patch(claim, {"status": "pending"})["type"] == "complaint"


def test_who_was_rejected_claims_itself(awarding, refused):
    """Others may complain about a rejection, but not claim."""
    rejected = awarding.award
    awarding.decide("unsuccessful")
    message = "Can add claim only on unsuccessful award of your bid"
    first, second = awarding.bids
    path = f"{awarding.tender.path}{place(rejected)}/complaints"
    refused(message, "POST", path, builders.claim(status="claim"), token=second.token)
    draft = awarding.complain(place(rejected), "draft", second.token)
    refused(message, "PATCH", draft.path, {"status": "claim"}, token=draft.token)
    assert awarding.complain(place(rejected), "claim", first.token).data["status"] == "claim"
    admins = awarding.api.post(path, builders.claim(status="claim"), user="token")
    assert admins.data["status"] == "claim"


def test_only_in_the_complaint_period(api, awarding, refused):
    award = awarding.award
    awarding.decide("active")
    where, token = place(award), awarding.bids[1].token
    draft, claim = awarding.complain(where, "draft", token), awarding.complain(where, "claim", token)
    api.clock.advance(timedelta(days=12))
    message = "Can add complaint only in complaintPeriod"
    refused(message, "POST", f"{awarding.tender.path}{where}/complaints", builders.claim(), token=token)
    for one, data in ((draft, {"title": "Інша"}), (draft, {"status": "claim"}), (claim, {"status": "pending"})):
        refused("Can't update complaint", "PATCH", one.path, data, token=one.token)
    assert awarding.answer(claim)["status"] == "answered"


def test_complaints_are_numbered_through(awarding):
    awarding.decide("active")
    number = awarding.doc["tenderID"]
    ids = [awarding.complain(place(awarding.award), token=bid.token).data["complaintID"] for bid in awarding.bids]
    assert ids == [f"{number}.1", f"{number}.2"]


def test_awards_of_cancelled_lots_are_out_of_reach(lots, refused):
    lots.awarding(200, 210)
    award = lots.of_lot(lots.lots[0])
    claim = lots.complain(place(award), "claim", lots.bids[1].token)
    lots.cancel(lots.lots[0])
    path = f"{lots.tender.path}{place(award)}/complaints"
    refused("Can add complaint only in active lot status", "POST", path, builders.claim(), token=lots.bids[1].token)
    refused("Can update complaint only in active lot status", "PATCH", claim.path, {"status": "pending"}, token=claim.token)


# --- what the review body's consideration stops


def test_nothing_is_done_with_the_award_and_its_contract(api, awarding, refused):
    kept = api.post(
        f"{awarding.tender.path}{place(awarding.award)}/documents", document(api, "Файл.pdf"), token=awarding.tender.token
    )
    awarding.decide("active")
    complaint = accepted(awarding)
    token, root = awarding.tender.token, awarding.tender.path
    award, contract = f"{root}{place(awarding.award)}", f"{root}/contracts/{awarding.doc['contracts'][0]['id']}"
    assert kept.path.startswith(award)
    refused(ACCEPTED.format("update award"), "PATCH", award, {"status": "cancelled"}, token=token)
    refused(ACCEPTED.format("update contract"), "PATCH", contract, {"status": "active"}, token=token)
    refused(ACCEPTED.format("add document"), "POST", f"{contract}/documents", document(api, "Файл.pdf"), token=token)
    awarding.review(complaint, "declined")
    api.post(f"{contract}/documents", document(api, "Файл.pdf"), token=token)


def test_nothing_is_added_to_the_award(api, lots, refused):
    """While another award of the lot is complained of."""
    lots.awarding(200, 210)
    token, lot = lots.tender.token, lots.lots[0]
    rejected = lots.of_lot(lot)
    lots.decide("unsuccessful", rejected)
    lots.decide("active", lots.of_lot(lot))
    complaint = accepted(lots, rejected, bidder=0)
    path = f"{lots.tender.path}{place(lots.of_lot(lot))}/documents"
    refused(ACCEPTED.format("add document"), "POST", path, document(api, "Файл.pdf"), token=token)
    other = f"{lots.tender.path}{place(lots.of_lot(lots.lots[1]))}/documents"
    added = api.post(other, document(api, "Файл.pdf"), token=token)
    lots.review(complaint, "declined")
    assert api.post(path, document(api, "Файл.pdf"), token=token).data["author"] == added.data["author"] == "tender_owner"


@pytest.mark.parametrize("status", ["pending", "accepted", "stopping", "satisfied"])
def test_no_contract_is_signed_before_complaints_are_settled(awarding, refused, status):
    awarding.decide("active")
    complaint = awarding.complain(place(awarding.award), token=awarding.bids[1].token)
    if status in ("accepted", "satisfied"):
        awarding.review(complaint, "accepted")
    if status == "satisfied":
        awarding.review(complaint, "satisfied")
    if status == "stopping":
        awarding.withdraw(complaint, "stopping")
    awarding.pass_stand_still()
    contract = f"{awarding.tender.path}/contracts/{awarding.doc['contracts'][0]['id']}"
    message = "Can't sign contract before reviewing all complaints"
    expected = ACCEPTED.format("update contract") if status == "accepted" else message
    refused(expected, "PATCH", contract, {"status": "active"}, token=awarding.tender.token)


def test_claims_do_not_stop_a_contract(awarding):
    awarding.decide("active")
    awarding.complain(place(awarding.award), "claim", awarding.bids[1].token)
    awarding.pass_stand_still()
    awarding.sign()
    assert awarding.status == "complete"


def test_no_contract_is_signed_in_the_stand_still(awarding, refused):
    awarding.decide("active")
    contract = f"{awarding.tender.path}/contracts/{awarding.doc['contracts'][0]['id']}"
    end = awarding.award["complaintPeriod"]["endDate"]
    message = f"Can't sign contract before stand-still period end ({end})"
    refused(message, "PATCH", contract, {"status": "active"}, token=awarding.tender.token)


def test_a_tender_fails_when_complaints_about_rejections_are_settled(awarding):
    """The chronograph is wanted at the end of the stand-still, but not while something is undecided."""
    first = awarding.award
    awarding.decide("unsuccessful")
    awarding.decide("active")
    complaint = awarding.complain(place(first), token=awarding.bids[0].token)
    awarding.decide("cancelled")
    awarding.decide("unsuccessful")
    assert "next_check" not in awarding.doc
    awarding.pass_stand_still()
    assert awarding.status == "active.awarded"
    awarding.review(complaint, "invalid")
    awarding.api.tick(awarding.tender)
    assert awarding.status == "unsuccessful"
