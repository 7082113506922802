"""What the toolkit's suites say of the first stage of dialogues."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from openprocurement_api.testing import builders
from openprocurement_api.testing.builders import problem
from procedures.above_threshold_eu.tests import data
from procedures.above_threshold_eu.tests.data import CONFIDENTIAL
from procedures.above_threshold_eu.tests.play import REVIEWED, STAND_STILL
from procedures.below_threshold.tests.secrets import document
from procedures.competitive_dialogue.tests.play import PENDING, WAITING, Play, interest

SWITCH = [problem("data", "Can't update tender status")]
SECOND = "0" * 32
KNOWN = {"id", "status", "tenderers"}

# --- the announcement


def test_a_dialogue_is_announced(play):
    doc = play.doc
    assert doc["status"] == "active.tendering"
    assert doc["procurementMethod"] == "open"
    assert {"enquiryPeriod", "complaintPeriod"} <= doc.keys()
    assert "auctionPeriod" not in doc


def test_the_national_kind_says_nothing_in_english(api):
    tender = builders.open_tender(api.clock.now, days=31, procurementMethodType="competitiveDialogueUA")
    assert api.post("/tenders", tender).data["status"] == "active.tendering"
    errors = api.refused("POST", "/tenders", tender | {"procurementMethodType": "competitiveDialogueEU"}, status=422)
    assert {error["name"] for error in errors} >= {"title_en", "procuringEntity", "items"}


@pytest.mark.parametrize("kind", ["competitiveDialogueEU", "competitiveDialogueUA"])
def test_bids_are_made_for_thirty_days(api, kind):
    period = {"endDate": (api.clock.now + timedelta(days=29)).isoformat()}
    tender = data.tender(api.clock.now, procurementMethodType=kind, tenderPeriod=period)
    assert api.refused("POST", "/tenders", tender, status=422) == [
        problem("tenderPeriod", ["tenderPeriod should be greater than 30 days"])
    ]


@pytest.mark.parametrize(("weight", "fits"), [(0.99, True), (0.995, False)])
def test_criteria_may_weigh_almost_all(api, weight, fits):
    enum = [{"title": "Так", "value": weight}, {"title": "Ні", "value": 0}]
    feature = {"code": "a", "title": "Досвід", "featureOf": "tenderer", "enum": enum}
    tender = data.tender(api.clock.now, procurementMethodType="competitiveDialogueEU", features=[feature])
    api.call("POST", "/tenders", tender, status=201 if fits else 422)


def test_criteria_weigh_no_more_than_that_together(api):
    enum = [{"title": "Так", "value": 0.6}, {"title": "Ні", "value": 0}]
    features = [{"code": code, "title": "Досвід", "featureOf": "tenderer", "enum": enum} for code in "ab"]
    tender = data.tender(api.clock.now, procurementMethodType="competitiveDialogueEU", features=features)
    assert api.refused("POST", "/tenders", tender, status=422) == [
        problem("features", ["Sum of max value of all features should be less then or equal to 99%"])
    ]


# --- bids


def test_a_bid_has_no_price(api):
    enum = [{"title": "Так", "value": 0.1}, {"title": "Ні", "value": 0}]
    play = Play(api, features=[{"code": "years", "title": "Гарантія", "featureOf": "tenderer", "enum": enum}])
    sent = {"value": builders.value(450), "parameters": [{"code": "years", "value": 0.1}]}
    made = play.bid(**sent)
    assert made.data["status"] == "pending"
    changed = api.patch(made, {"status": "pending", **sent})
    assert not sent.keys() & (made.data.keys() | changed.keys())


@pytest.mark.parametrize("kind", ["financial", "eligibility", "qualification"])
def test_a_bid_has_documents_of_one_kind(play, kind):
    """Clients that send the lists of a bid with prices are not refused."""
    assert play.bid(**{f"{kind}Documents": [{"title": "Ціна"}]}).data.keys().isdisjoint({f"{kind}Documents", "documents"})


def test_a_wish_for_a_lot_has_no_price(api, divided):
    wish = {"relatedLot": divided.lots[0], "value": builders.value(200)}
    made = divided.bid(lotValues=[wish])
    (kept,) = made.data["lotValues"]
    assert kept["relatedLot"] == divided.lots[0]
    assert "value" not in kept
    api.clock.advance(timedelta(hours=1))
    changed = api.patch(made, {"status": "pending", "lotValues": [{}, {"relatedLot": divided.lots[1]}]})
    dates = [datetime.fromisoformat(each["date"]) for each in changed["lotValues"]]
    assert dates[1] - dates[0] == timedelta(hours=1)


def test_with_lots_a_bid_says_for_which(api, divided):
    errors = api.refused("POST", f"{divided.tender.path}/bids", interest(11), status=422)
    assert errors == [problem("lotValues", ["This field is required."])]


def test_nobody_bids_for_a_lot_that_was_given_up(api, divided):
    gone = divided.lots[0]
    divided.cancel(gone)
    assert api.refused("POST", f"{divided.tender.path}/bids", interest(11, gone)) == [
        problem("data", "Can add bid only in active lot status")
    ]


@pytest.mark.parametrize("status", ["active", "invalid", "nowhere"])
def test_a_bid_begins_pending_or_as_a_draft(api, play, status):
    code = 422 if status == "nowhere" else 403
    errors = api.refused("POST", f"{play.tender.path}/bids", interest(11, status=status), status=code)
    if code == 403:
        assert errors == [problem("data", "Bid can be added only with status: ['draft', 'pending'].")]


def test_a_bidder_hands_its_bid_in_and_nothing_else(api, play):
    bid = play.bid(status="draft")
    path, token = bid.path, bid.token
    assert api.patch(bid, {"subcontractingDetails": "ДКП «Орфей»"})["status"] == "draft"
    assert api.refused("PATCH", path, {"status": "active"}, token=token) == [
        problem("bid", "Can't update bid to (active) status")
    ]
    assert api.patch(bid, {"status": "pending"})["status"] == "pending"


@pytest.mark.parametrize("kind", ["financial", "eligibility", "qualification"])
def test_a_bid_has_one_collection_of_documents(api, play, kind):
    bid = play.bid()
    api.call("POST", f"{bid.path}/{kind}_documents", document(api, "a.pdf"), token=bid.token, status=404)


def test_a_description_may_be_confidential_without_a_reason(api, play):
    bid = play.bid()
    secret = {"confidentiality": "buyerOnly"}
    errors = api.refused("POST", f"{bid.path}/documents", document(api, "a.pdf") | secret, status=422, token=bid.token)
    assert errors == [problem("confidentialityRationale", ["confidentialityRationale is required"])]
    for said in ({"isDescriptionDecision": True}, CONFIDENTIAL):
        made = api.post(f"{bid.path}/documents", document(api, "a.pdf") | secret | said, token=bid.token)
        assert made.data["isDescriptionDecision"] == ("isDescriptionDecision" in said)


def test_an_anonymous_change_of_a_bid_is_refused_whatever_its_type(play):
    bid = play.bid()
    play.api.web.authorization = None
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        play.api.web.patch(f"/api/2.5{bid.path}", '{"data": {}}', content_type=content_type, status=403)


# --- three different firms


def test_a_firm_that_bids_three_times_is_one_firm(api, play):
    for _ in range(3):
        api.post(f"{play.tender.path}/bids", interest(11))
    play.end_tendering()
    assert play.status == "unsuccessful"


def test_three_firms_are_enough(play):
    assert play.open_bids(1, 2, 3).status == REVIEWED


def test_a_lot_needs_three_firms_of_its_own(divided):
    first, second = divided.lots
    for _ in range(3):
        divided.bid(0, first)
    divided.bid(0, second)
    divided.open_bids()
    assert [lot["status"] for lot in divided.doc["lots"]] == ["active", "unsuccessful"]
    offers = [each["status"] for bid in divided.stored["bids"] for each in bid["lotValues"]]
    assert offers == ["pending"] * 3 + ["unsuccessful"]


def test_firms_are_known_from_the_review_on(play):
    bid = play.bid()
    play.api.refused("GET", bid.path)
    play.open_bids(1, 2)
    assert all(each.keys() == KNOWN for each in play.doc["bids"])


# --- the review and the talks


def test_the_stand_still_ends_five_days_later_to_the_minute(api, play):
    play.judged(1, 2, 3)
    assert datetime.fromisoformat(play.doc["qualificationPeriod"]["endDate"]) == api.clock.now + timedelta(days=5)


def test_the_review_is_finished_before_the_stand_still(api, play):
    play.open_bids(1, 2, 3)
    text = "Can't switch to 'active.pre-qualification.stand-still' while not all bids are qualified"
    path, token = play.tender.path, play.tender.token
    assert api.refused("PATCH", path, {"status": STAND_STILL}, token=token) == [problem("data", text)]


@pytest.mark.parametrize("status", ["active.stage2.waiting", "complete", "cancelled"])
def test_the_status_is_no_field_of_the_buyer_before_the_review_and_after_it(api, play, status):
    """As for its other fields that nobody edits, a wish is passed over."""
    assert api.patch(play.tender, {"status": status})["status"] == "active.tendering"
    play.judged(1, 2, 3)
    assert api.patch(play.tender, {"status": status})["status"] == STAND_STILL


@pytest.mark.parametrize("status", ["active.stage2.waiting", "active.stage2.pending", "complete", "cancelled"])
def test_the_buyer_makes_no_other_move_while_bids_are_reviewed(api, play, status):
    play.open_bids(1, 2, 3)
    assert api.refused("PATCH", play.tender.path, {"status": status}, token=play.tender.token) == SWITCH


@pytest.mark.parametrize("status", ["complete", "active.tendering", "unsuccessful", "active.pre-qualification"])
def test_the_buyer_makes_no_other_move_than_to_the_second_stage(api, play, status):
    play.talks()
    for _ in range(2):
        assert api.refused("PATCH", play.tender.path, {"status": status}, token=play.tender.token) == SWITCH
        if play.status == PENDING:
            play.wait()
    assert play.status == WAITING


def test_nothing_else_of_the_tender_changes_during_the_talks(play):
    play.talks()
    assert play.act("", {"title": "Інша назва", "status": WAITING})["title"] == play.tender.data["title"]


# --- the bridge, by hand


def test_the_bridge_names_the_second_stage_and_ends_the_first(play):
    play.talks().wait()
    assert play.bridge(stage2TenderID=SECOND)["stage2TenderID"] == SECOND
    assert play.bridge(status="complete")["status"] == "complete"
    assert play.api.refused("PATCH", play.tender.path, {"status": "complete"}, user="competitive_dialogue")


def test_the_bridge_changes_nothing_else(play):
    play.talks().wait()
    assert play.bridge(title="Інша назва")["title"] == play.tender.data["title"]


def test_the_bridge_has_no_part_to_play_before(api, play):
    play.talks()
    for wish in ({"stage2TenderID": SECOND}, {"status": "complete"}):
        assert api.refused("PATCH", play.tender.path, wish, user="competitive_dialogue") == [problem("role", "Forbidden", "url")]


def test_the_bridge_is_told_whose_the_tender_is(api, play):
    told = api.get(f"{play.tender.path}/extract_credentials", user="competitive_dialogue")
    assert told == {"owner": "broker", "id": play.tender.id, "tender_token": play.stored["owner_token"]}


def test_there_are_no_auctions_awards_and_contracts(api, play):
    for place in ("auction", "awards", "contracts"):
        api.call("GET", f"{play.tender.path}/{place}", user="auction", status=404)


def test_the_end_of_the_first_stage_shows_bids_without_their_secrets(api):
    play = Play(api)
    bid = play.bid()
    api.post(f"{bid.path}/documents", document(api, "a.pdf") | CONFIDENTIAL, token=bid.token)
    play.talks(2, 3).wait().bridge(status="complete")
    (shown, *_) = play.doc["bids"]
    assert shown["selfEligible"] is True
    assert "url" not in shown["documents"][0]
