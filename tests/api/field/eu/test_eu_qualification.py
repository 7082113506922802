"""What the toolkit's suites say of qualifications: one a bid and lot, decided by the buyer before prices are opened."""

from __future__ import annotations

from datetime import datetime

import pytest
from journey import FORBIDDEN, NOT_AUTHOR, add_file, registered, said, unknown, upload, wrong

from openprocurement_api.storage.base import Doc
from openprocurement_api.testing.builders import claim
from openprocurement_api.testing.client import BASE, Thing
from procedures.above_threshold_eu.tests.play import PASSED, REVIEWED, STAND_STILL, Play

REQUIRED = ["This field is required."]


def at(play: Play, place: int) -> str:
    """The address of a qualification."""
    return f"{play.tender.path}{play.at(place)}"


def rule(play: Play, complaint: Thing, *steps: str) -> Doc:
    """The review body takes a complaint through some statuses."""
    for status in steps:
        shown = play.review(complaint, status)
    return shown


def statuses(play: Play) -> list[str]:
    return [each["status"] for each in play.judgements]


def test_every_bid_is_to_be_reviewed(api, reviewed):
    found = api.get(f"{reviewed.tender.path}/qualifications", user=None)
    assert [each["bidID"] for each in found] == [bid.id for bid in reviewed.bids]
    assert all(each["status"] == "pending" and not each["qualified"] and not each["eligible"] for each in found)
    assert api.get(at(reviewed, 0)) == found[0]
    assert reviewed.doc["qualificationPeriod"] == {"startDate": reviewed.doc["tenderPeriod"]["endDate"]}
    assert reviewed.doc["numberOfBids"] == 3


def test_only_what_is_handed_in_is_reviewed(api, play):
    play.bid(450)
    play.bid(460, status="draft")
    gone = play.bid(470)
    api.call("DELETE", gone.path, token=gone.token)
    play.open_bids(480)
    assert [each["bidID"] for each in play.judgements] == [play.bids[0].id, play.bids[3].id]
    assert [bid["status"] for bid in play.doc["bids"]] == ["pending", "deleted", "pending"]


def test_every_offer_for_a_lot_is_to_be_reviewed(api, divided):
    first, second = divided.lots
    divided.bid(200, first)
    divided.open_bids(210, 220)
    a, b, c = (bid.id for bid in divided.bids)
    assert [(each["bidID"], each["lotID"]) for each in divided.judgements] == [
        (a, first), (b, first), (b, second), (c, first), (c, second),
    ]  # fmt: skip


def test_nobody_adds_or_replaces_a_qualification(api, reviewed):
    path = f"{reviewed.tender.path}/qualifications"
    api.call("POST", path, {"bidID": "x"}, token=reviewed.tender.token, status=405)
    api.call("PUT", at(reviewed, 0), {"bidID": "x"}, token=reviewed.tender.token, status=405)
    assert api.refused("GET", f"{path}/{'0' * 32}", status=404) == unknown("qualification")


def test_the_buyer_decides(api, reviewed):
    reviewed.act(f"/qualifications/{reviewed.judgements[0]['id']}", {"title": "Допуск", "description": "Усе гаразд"})
    shown = reviewed.judge(0, "active")
    assert shown["status"] == "active"
    assert (shown["title"], shown["qualified"], shown["eligible"]) == ("Допуск", True, True)
    reviewed.judge(1, "unsuccessful")
    assert [bid["status"] for bid in reviewed.doc["bids"]] == ["active", "unsuccessful", "pending"]
    assert api.refused("PATCH", at(reviewed, 0), PASSED) == FORBIDDEN
    assert api.refused("PATCH", at(reviewed, 0), PASSED, token=reviewed.bids[0].token) == FORBIDDEN


@pytest.mark.parametrize("missing", ["qualified", "eligible"])
def test_who_is_let_in_is_qualified_and_eligible(api, reviewed, missing):
    news = {name: value for name, value in PASSED.items() if name != missing}
    refused = api.refused("PATCH", at(reviewed, 0), news, status=422, token=reviewed.tender.token)
    assert refused == wrong(missing, REQUIRED)
    assert statuses(reviewed)[0] == "pending"


def test_a_decision_is_not_changed_only_taken_back(api, reviewed):
    token = reviewed.tender.token
    for place, status in ((0, "active"), (1, "unsuccessful")):
        reviewed.judge(place, status)
        for news in ({"status": "pending"}, {"title": "Інакше"}):
            refused = api.refused("PATCH", at(reviewed, place), news, token=token)
            assert refused == said("Can't update qualification status")
    taken = api.call("PATCH", at(reviewed, 0), {"status": "cancelled"}, token=token)
    assert taken.json["data"]["status"] == "cancelled"
    assert taken.headers["Location"] == f"http://localhost{BASE}{at(reviewed, 3)}"
    assert statuses(reviewed) == ["cancelled", "unsuccessful", "pending", "pending"]
    assert reviewed.judgements[3]["bidID"] == reviewed.bids[0].id
    assert reviewed.doc["bids"][0]["status"] == "pending"
    refused = api.refused("PATCH", at(reviewed, 0), {"status": "active"}, token=token)
    assert refused == said("Can't update qualification in current cancelled qualification status")


def test_a_decision_that_was_not_made_may_be_taken_back_too(api, reviewed):
    reviewed.judge(0, "cancelled")
    assert statuses(reviewed) == ["cancelled", "pending", "pending", "pending"]


def test_with_lots_each_offer_is_decided_on_its_own(api, divided):
    divided.open_bids(200, 210)
    divided.judge(0, "unsuccessful")
    assert divided.doc["bids"][0]["status"] == "pending"
    divided.judge(1, "active")
    assert divided.doc["bids"][0]["status"] == "active"
    offers = divided.stored["bids"][0]["lotValues"]
    assert [offer["status"] for offer in offers] == ["unsuccessful", "active"]
    divided.judge(1, "cancelled")
    assert divided.judgements[-1]["lotID"] == divided.lots[1]
    divided.judge(len(divided.judgements) - 1, "unsuccessful")
    assert divided.doc["bids"][0]["status"] == "unsuccessful"


def test_qualifications_change_while_bids_are_reviewed(api, reviewed):
    reviewed.judge_all().stand_still()
    refused = api.refused("PATCH", at(reviewed, 0), {"status": "cancelled"}, token=reviewed.tender.token)
    assert refused == said(f"Can't update qualification in current ({STAND_STILL}) tender status")


# --- the stand-still


def test_the_stand_still_begins_when_all_bids_are_reviewed(api, reviewed):
    token, path = reviewed.tender.token, reviewed.tender.path
    switch = "Can't switch to 'active.pre-qualification.stand-still'"
    for place in range(3):
        refused = api.refused("PATCH", path, {"status": STAND_STILL}, token=token)
        assert refused == said(f"{switch} while not all bids are qualified")
        reviewed.judge(place, "active")
    reviewed.stand_still()
    period = {name: datetime.fromisoformat(text) for name, text in reviewed.doc["qualificationPeriod"].items()}
    assert (period["endDate"] - period["startDate"]).days == 5
    assert period["endDate"].strftime("%H:%M:%S") == "00:00:00"
    assert reviewed.doc["next_check"] == reviewed.doc["qualificationPeriod"]["endDate"]


@pytest.mark.parametrize("status", ["active.auction", "active.tendering", "cancelled"])
def test_the_buyer_makes_no_other_move(api, reviewed, status):
    refused = api.refused("PATCH", reviewed.tender.path, {"status": status}, token=reviewed.tender.token)
    assert refused == said("Can't update tender status")
    assert reviewed.act("", {"title": "Інша назва"})["title"] == reviewed.tender.data["title"]


def test_only_lots_that_go_on_count_for_the_stand_still(api, divided):
    divided.open_bids(200, 210)
    divided.judge(0, "active")
    divided.judge(2, "active")
    divided.cancel(divided.lots[1])
    assert statuses(divided) == ["active", "cancelled", "active", "cancelled"]
    divided.stand_still()
    assert divided.status == STAND_STILL


def test_the_auction_follows_the_stand_still(api, reviewed):
    reviewed.judge_all(2).stand_still().to_auction()
    assert reviewed.status == "active.auction"
    assert reviewed.doc["numberOfBids"] == 2


@pytest.mark.parametrize("rejected", [(0, 1), (0, 1, 2)])
def test_with_too_few_bids_left_the_tender_ends(api, reviewed, rejected):
    reviewed.judge_all(*rejected).stand_still().to_auction()
    assert reviewed.status == "unsuccessful"


def test_too_few_bids_are_not_reviewed(api, play):
    play.open_bids(450)
    assert play.status == "unsuccessful"
    assert play.judgements == []


def test_a_lot_with_too_few_bids_is_not_reviewed(api, divided):
    first, second = divided.lots
    divided.bid(200, first)
    divided.bid(210, second)
    divided.bid(220, second)
    divided.open_bids()
    assert [lot["status"] for lot in divided.doc["lots"]] == ["unsuccessful", "active"]
    assert {each["lotID"] for each in divided.judgements} == {second}
    assert [bid["status"] for bid in divided.doc["bids"]] == ["unsuccessful", "pending", "pending"]
    assert divided.stored["bids"][0]["lotValues"][0]["status"] == "unsuccessful"


def test_a_lot_with_too_few_bids_left_is_not_auctioned(api, divided):
    """What was offered for it was in vain, and is said to be."""
    divided.open_bids(200, 210)
    lost = divided.judgements[0]["lotID"]
    divided.judge_all(0).stand_still().to_auction()
    assert {lot["id"]: lot["status"] for lot in divided.doc["lots"]} == {
        each: "unsuccessful" if each == lost else "active" for each in divided.lots
    }
    divided.compete()
    for bid in divided.doc["bids"]:
        assert {offer["relatedLot"]: offer["status"] for offer in bid["lotValues"]} == {
            each: "unsuccessful" if each == lost else "active" for each in divided.lots
        }
    assert [award["lotID"] for award in divided.doc["awards"]] == [each for each in divided.lots if each != lost]


# --- documents


def test_documents_of_a_qualification(api, reviewed):
    path, token = f"{at(reviewed, 0)}/documents", reviewed.tender.token
    made = add_file(api, path, token=token)
    assert (made["language"], made["author"]) == ("uk", "tender_owner")
    assert upload(api, f"{path}/{made['id']}", method="PUT", token=token, content=b"other").json["data"]["id"] == made["id"]
    assert api.patch(f"{path}/{made['id']}", {"title": "рішення.doc"}, token=token)["title"] == "рішення.doc"
    assert len(api.get(f"{path}?all=1")) == 2
    bots = api.post(path, registered(api), user="bot")
    assert api.refused("PATCH", bots.path, {"title": "x"}, token=token) == NOT_AUTHOR
    assert api.refused("POST", path, registered(api)) == FORBIDDEN


def test_documents_are_added_while_the_bid_is_reviewed(api, reviewed):
    path, token = f"{at(reviewed, 0)}/documents", reviewed.tender.token
    made = add_file(api, path, token=token)
    reviewed.judge(0, "active")
    assert api.refused("POST", path, registered(api), token=token) == said("Can't add document in current qualification status")
    refused = api.refused("PATCH", f"{path}/{made['id']}", {"title": "x"}, token=token)
    assert refused == said("Can't update document in current qualification status")
    reviewed.judge_all().stand_still()
    refused = api.refused("POST", path, registered(api), token=token)
    assert refused == said(f"Can't add document in current ({STAND_STILL}) tender status")


# --- complaints


def test_complaints_are_filed_in_the_stand_still(api, reviewed):
    reviewed.judge(0, "active")
    place = f"{at(reviewed, 0)}/complaints"
    refused = api.refused("POST", place, claim(), token=reviewed.bids[0].token)
    assert refused == said(f"Can't add complaint in current ({REVIEWED}) tender status")
    reviewed.judge_all(1).stand_still()
    filed = reviewed.complain_of(0, bid=1)
    assert filed.data["status"] == "pending"
    assert filed.data["type"] == "complaint"
    assert filed.data["complaintID"] == f"{reviewed.doc['tenderID']}.1"
    assert "bid_id" not in filed.data
    assert api.refused("POST", place, claim()) == FORBIDDEN
    assert api.refused("POST", place, claim(), token=reviewed.tender.token) == FORBIDDEN


def test_a_claim_about_a_rejected_bid_is_its_bidders(api, reviewed):
    reviewed.judge_all(1).stand_still()
    place = f"{at(reviewed, 1)}/complaints"
    refused = api.refused("POST", place, claim(status="claim"), token=reviewed.bids[0].token)
    assert refused == said("Can add claim only on unsuccessful qualification of your bid")
    draft = api.post(place, claim(), token=reviewed.bids[0].token)
    refused = api.refused("PATCH", draft.path, {"status": "claim"}, token=draft.token)
    assert refused == said("Can add claim only on unsuccessful qualification of your bid")
    assert reviewed.complain_of(1, bid=1, status="claim").data["status"] == "claim"
    assert reviewed.complain_of(0, bid=1, status="claim").data["status"] == "claim"


def test_a_claim_is_answered_and_escalated(api, reviewed):
    reviewed.judge_all().stand_still()
    first = reviewed.complain_of(0, status="claim")
    reviewed.answer(first)
    shown = api.patch(first, {"status": "pending", "satisfied": False})
    assert (shown["status"], shown["type"]) == ("pending", "complaint")
    assert "dateEscalated" in shown
    other = reviewed.complain_of(0, status="claim")
    reviewed.answer(other)
    assert api.patch(other, {"status": "resolved", "satisfied": True})["status"] == "resolved"


def test_a_satisfied_complaint_takes_the_tender_back(api, reviewed):
    reviewed.judge_all(1).stand_still()
    filed = reviewed.complain_of(1, bid=1)
    rule(reviewed, filed, "accepted", "satisfied")
    assert reviewed.status == REVIEWED
    assert "endDate" not in reviewed.doc["qualificationPeriod"]
    refused = api.refused("PATCH", reviewed.tender.path, {"status": STAND_STILL}, token=reviewed.tender.token)
    assert refused == said("Can't switch to 'active.pre-qualification.stand-still' before resolve all complaints")
    reviewed.judge(1, "cancelled")
    reviewed.judge(3, "active")
    resolved = api.patch(filed.path, {"status": "resolved", "tendererAction": "Допущено"}, token=reviewed.tender.token)
    assert resolved["status"] == "resolved"
    reviewed.stand_still().to_auction()
    assert reviewed.doc["numberOfBids"] == 3


def test_two_complaints_may_be_satisfied(api, reviewed):
    reviewed.judge_all(1).stand_still()
    for bid in (0, 1):
        reviewed.complain_of(1, bid=bid)
    for filed in reviewed.claims:
        assert rule(reviewed, filed, "accepted", "satisfied")["status"] == "satisfied"
    assert reviewed.status == REVIEWED


def test_a_complaint_holds_the_auction_up(api, reviewed):
    reviewed.judge_all().stand_still()
    filed = reviewed.complain_of(0)
    end = reviewed.doc["qualificationPeriod"]["endDate"]
    assert "next_check" not in reviewed.doc
    api.tick(reviewed.tender, end)
    assert reviewed.status == STAND_STILL
    api.tick(reviewed.tender, datetime.fromisoformat(end).replace(minute=1))
    refused = api.refused("POST", f"{at(reviewed, 0)}/complaints", claim(), token=reviewed.bids[0].token)
    assert refused == said("Can add complaint only in qualificationPeriod")
    rule(reviewed, filed, "accepted", "declined")
    api.tick(reviewed.tender)
    assert reviewed.status == "active.auction"


def test_complaints_about_a_cancelled_lot_hold_nothing_up(api, divided):
    divided.open_bids(200, 210).judge_all().stand_still()
    place = next(i for i, each in enumerate(divided.judgements) if each["lotID"] == divided.lots[0])
    filed = divided.complain_of(place)
    assert filed.data["relatedLot"] == divided.lots[0]
    divided.cancel(divided.lots[0])
    refused = api.refused("POST", f"{at(divided, place)}/complaints", claim(), token=divided.bids[0].token)
    assert refused == said("Can add complaint only in active lot status")
    refused = api.refused("PATCH", filed.path, {"status": "accepted"}, user="reviewer")
    assert refused == said("Can update complaint only in active lot status")
    refused = api.refused("POST", f"{filed.path}/documents", registered(api), user="reviewer")
    assert refused == said("Can add document only in active lot status")
    assert divided.to_auction().status == "active.auction"


def test_documents_of_a_complaint(api, reviewed):
    reviewed.judge_all().stand_still()
    draft = reviewed.complain_of(0, status="draft")
    made = add_file(api, f"{draft.path}/documents", token=draft.token)
    assert (made["author"], made["language"]) == ("complaint_owner", "uk")
    refused = api.refused("POST", f"{draft.path}/documents", registered(api), token=reviewed.tender.token)
    assert refused == said("Can't add document in current (draft) complaint status")
    api.patch(draft, {"status": "pending"})
    ruling = add_file(api, f"{draft.path}/documents", user="reviewer")
    assert api.refused("PATCH", f"{draft.path}/documents/{ruling['id']}", {"title": "x"}, token=draft.token) == NOT_AUTHOR
    rule(reviewed, draft, "mistaken")
    reviewed.to_auction()
    refused = api.refused("POST", f"{draft.path}/documents", registered(api), token=draft.token)
    assert refused == said("Can't add document in current (active.auction) tender status")
