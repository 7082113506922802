"""What the toolkit's suites say of awards, contracts and questions where bidders were reviewed before prices were opened."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from journey import FORBIDDEN, NOT_AUTHOR, add_file, registered, said, wrong

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE
from procedures.above_threshold_eu.tests.play import Play

REQUIRED = ["This field is required."]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def awarding(reviewed):
    """Three bids, the third rejected in the review; the first, the best, is considered."""
    return reviewed.judge_all(2).stand_still().to_auction().compete()


def path_of(play: Play, award: Doc | None = None) -> str:
    return f"{play.tender.path}/awards/{(award or play.award)['id']}"


def contract_of(play: Play) -> str:
    return f"{play.tender.path}/contracts/{play.doc['contracts'][-1]['id']}"


# --- awards


def test_the_best_bid_that_passed_the_review_is_considered(awarding):
    award = awarding.award
    first = awarding.bids[0]
    assert (award["status"], award["bid_id"], award["value"]["amount"]) == ("pending", first.id, 450)
    assert award["suppliers"] == first.data["tenderers"]
    assert "endDate" not in award["complaintPeriod"]


@pytest.mark.parametrize(
    ("news", "name", "description"),
    [
        ({"awardStatus": "unsuccessful"}, "awardStatus", "Rogue field"),
        ({"status": "won"}, "status", ["Value must be one of ['pending', 'unsuccessful', 'active', 'cancelled']."]),
    ],
)
def test_a_decision_that_cannot_be_read(api, awarding, news, name, description):
    refused = api.refused("PATCH", path_of(awarding), news, status=422, token=awarding.tender.token)
    assert refused == wrong(name, description)


def test_a_rejection_makes_room_for_the_next(api, awarding):
    first = awarding.award
    answer = api.call("PATCH", path_of(awarding), {"status": "unsuccessful"}, token=awarding.tender.token)
    assert answer.json["data"]["complaintPeriod"].keys() == {"startDate", "endDate"}
    assert answer.headers["Location"] == f"http://localhost{BASE}{path_of(awarding)}"
    assert awarding.award["bid_id"] == awarding.bids[1].id
    refused = api.refused("PATCH", path_of(awarding, first), {"status": "active"}, token=awarding.tender.token)
    assert refused == said("Can't update award in current (unsuccessful) status")


def test_who_was_rejected_in_the_review_wins_nothing(awarding):
    awarding.decide("unsuccessful")
    awarding.decide("unsuccessful")
    assert [award["status"] for award in awarding.doc["awards"]] == ["unsuccessful", "unsuccessful"]
    assert awarding.status == "active.awarded"
    end = awarding.doc["awards"][-1]["complaintPeriod"]["endDate"]
    assert awarding.doc["next_check"] == end
    awarding.api.tick(awarding.tender, end)
    assert awarding.status == "unsuccessful"


def test_only_the_buyer_decides(api, awarding):
    for token in ("", awarding.bids[0].token):
        assert api.refused("PATCH", path_of(awarding), {"status": "active"}, token=token) == FORBIDDEN
    news = {"bid_id": awarding.bids[1].id, "suppliers": [builders.organization()]}
    assert api.refused("POST", f"{awarding.tender.path}/awards", news, token=awarding.tender.token) == FORBIDDEN


def test_documents_of_an_award(api, awarding):
    token = awarding.tender.token
    made = add_file(api, f"{path_of(awarding)}/documents", token=token)
    assert (made["language"], made["author"]) == ("uk", "tender_owner")
    bots = api.post(f"{path_of(awarding)}/documents", registered(api), user="bot")
    assert api.refused("PATCH", bots.path, {"title": "x"}, token=token) == NOT_AUTHOR
    awarding.decide("active")
    refused = api.refused("POST", f"{path_of(awarding)}/documents", registered(api), token=token)
    assert refused == said("Can't add document in current (active.awarded) tender status")


# --- complaints


@pytest.mark.parametrize("status", ["draft", "claim", "pending"])
def test_who_was_rejected_in_the_review_does_not_complain_of_awards(api, awarding, status):
    awarding.decide("active")
    place = f"{path_of(awarding)}/complaints"
    refused = api.refused("POST", place, builders.claim(status=status), token=awarding.bids[2].token)
    assert refused == FORBIDDEN
    assert awarding.complain(f"/awards/{awarding.award['id']}", status, awarding.bids[1].token).data["status"] == status
    assert api.post(place, builders.claim(status=status), user="token").data["status"] == status


def test_who_was_rejected_for_one_lot_complains_of_the_other(api, divided):
    """Its bid stands: not all it offers was rejected."""
    divided.open_bids(200, 210, 220).judge_all(0).stand_still().to_auction().compete()
    award = divided.of_lot(divided.lots[1])
    filed = divided.complain(f"/awards/{award['id']}", "claim", divided.bids[0].token)
    assert filed.data["relatedLot"] == divided.lots[1]


def test_a_satisfied_complaint_begins_awarding_anew(awarding):
    awarding.decide("unsuccessful")
    rejected = awarding.doc["awards"][0]
    awarding.decide("active")
    filed = awarding.complain(f"/awards/{rejected['id']}", "pending", awarding.bids[0].token)
    awarding.review(filed, "accepted")
    awarding.review(filed, "satisfied")
    awarding.decide("cancelled", rejected)
    assert [award["status"] for award in awarding.doc["awards"]] == ["cancelled", "cancelled", "pending"]
    assert awarding.award["bid_id"] == rejected["bid_id"]
    assert awarding.status == "active.qualification"


# --- contracts


def test_a_contract_waits_for_the_stand_still(api, awarding):
    token = awarding.tender.token
    end = awarding.decide("active")["complaintPeriod"]["endDate"]
    path = contract_of(awarding)
    refused = api.refused("PATCH", path, {"status": "active"}, token=token)
    assert refused == said(f"Can't sign contract before stand-still period end ({end})")
    early = {"dateSigned": (api.clock.now + MINUTE).isoformat()}
    refused = api.refused("PATCH", path, early, status=422, token=token)
    text = f"Contract signature date should be after award complaint period end date ({end})"
    assert refused == wrong("dateSigned", [text])
    awarding.pass_stand_still()
    assert api.patch(path, {"status": "active"}, token=token)["dateSigned"] == api.clock.now.isoformat()
    assert awarding.status == "complete"
    refused = api.refused("PATCH", path, {"title": "x"}, token=token)
    assert refused == said("Can't update contract in current (complete) tender status")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"amount": 451}, "Value amount should be less or equal to awarded amount (450.0)"),
        ({"currency": "USD"}, "Can't update currency for contract value"),
        ({"valueAddedTaxIncluded": False}, "Can't update valueAddedTaxIncluded for contract value"),
    ],
)
def test_a_contract_costs_no_more_than_was_awarded(api, awarding, changes, text):
    awarding.decide("active")
    refused = api.refused("PATCH", contract_of(awarding), {"value": changes}, token=awarding.tender.token)
    assert refused == said(text)
    assert api.patch(contract_of(awarding), {"value": {"amount": 440}}, token=awarding.tender.token)["value"]["amount"] == 440


def test_no_contract_is_signed_while_a_complaint_is_considered(api, awarding):
    token = awarding.tender.token
    awarding.decide("active")
    filed = awarding.complain(f"/awards/{awarding.award['id']}", "pending", awarding.bids[1].token)
    awarding.pass_stand_still()
    path = contract_of(awarding)
    refused = api.refused("PATCH", path, {"status": "active"}, token=token)
    assert refused == said("Can't sign contract before reviewing all complaints")
    awarding.review(filed, "accepted")
    assert api.refused("PATCH", path, {"title": "x"}, token=token) == said("Can't update contract with accepted complaint")
    refused = api.refused("PATCH", path_of(awarding), {"status": "cancelled"}, token=token)
    assert refused == said("Can't update award with accepted complaint")
    refused = api.refused("POST", f"{path}/documents", registered(api), token=token)
    assert refused == said("Can't add document with accepted complaint")
    awarding.review(filed, "declined")
    assert api.patch(path, {"status": "active"}, token=token)["status"] == "active"


def test_each_lot_has_its_contract(api):
    play = Play(api, lots=2).awarding(200, 210)
    for lot in play.lots:
        play.decide("active", play.of_lot(lot))
    play.pass_stand_still()
    for place, contract in enumerate(play.doc["contracts"]):
        assert play.status == "active.awarded"
        play.act(f"/contracts/{contract['id']}", {"status": "active"})
        assert play.doc["lots"][place]["status"] == "complete"
    assert play.status == "complete"


# --- questions


def test_questions_are_asked_and_answered_in_their_time(api, play):
    place, token = f"{play.tender.path}/questions", play.tender.token
    asked = api.post(place, builders.question())
    assert "author" not in api.get(asked.path)
    assert api.patch(asked.path, {"answer": "Синій"}, token=token)["dateAnswered"] == api.clock.now.isoformat()
    api.clock.now = datetime.fromisoformat(play.doc["enquiryPeriod"]["endDate"]) + MINUTE
    assert api.refused("POST", place, builders.question()) == said("Can add question only in enquiryPeriod")
    assert api.patch(asked.path, {"answer": "Зелений"}, token=token)["answer"] == "Зелений"
    api.clock.now = datetime.fromisoformat(play.doc["enquiryPeriod"]["clarificationsUntil"]) + MINUTE
    refused = api.refused("PATCH", asked.path, {"answer": "Білий"}, token=token)
    assert refused == said("Can update question only before enquiryPeriod.clarificationsUntil")
    play.open_bids()
    assert play.status == "unsuccessful"


def test_who_asked_is_known_when_prices_are_open(api, play):
    asked = api.post(f"{play.tender.path}/questions", builders.question())
    steps = (lambda: play.open_bids(450, 460), play.judge_all, play.stand_still, play.to_auction, play.compete)
    for step in steps:
        assert "author" not in api.get(asked.path, user=None)
        assert "author" not in play.doc["questions"][0]
        step()
    assert api.get(asked.path, user=None)["author"] == asked.data["author"]
    refused = api.refused("PATCH", asked.path, {"answer": "Ні"}, token=play.tender.token)
    assert refused == said("Can't update question in current (active.qualification) tender status")


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"questionOf": "lot"}, REQUIRED),
        ({"questionOf": "lot", "relatedItem": "0" * 32}, ["relatedItem should be one of lots"]),
        ({"questionOf": "item", "relatedItem": "0" * 32}, ["relatedItem should be one of items"]),
    ],
)
def test_a_question_is_about_something_there_is(api, divided, about, error):
    refused = api.refused("POST", f"{divided.tender.path}/questions", builders.question(**about), status=422)
    assert refused == wrong("relatedItem", error)


def test_a_question_about_a_cancelled_lot_holds_nothing_up(api, divided):
    first, end = divided.lots[0], divided.doc["tenderPeriod"]["endDate"]
    about = builders.question(questionOf="lot", relatedItem=first)
    asked = api.post(f"{divided.tender.path}/questions", about)
    for amount in (200, 210):
        divided.bid(amount, *divided.lots)
    assert "next_check" not in divided.doc
    api.tick(divided.tender, end)
    assert divided.status == "active.tendering"
    divided.cancel(first)
    assert divided.doc["next_check"] == end
    refused = api.refused("PATCH", asked.path, {"answer": "Так"}, token=divided.tender.token)
    assert refused == said("Can update question only in active lot status")
    api.tick(divided.tender)
    assert divided.status == "active.pre-qualification"
