"""The examples of the READMEs of procedures are what was said: `pytest tests/docs --update-snapshots` records them anew."""

from __future__ import annotations

import pytest

from openprocurement_api.testing import builders
from plugins.dialogue.bridge import Bridge
from procedures.above_threshold_eu.tests.play import PASSED, STAND_STILL
from procedures.above_threshold_eu.tests.play import Play as Reviewed
from procedures.above_threshold_ua.tests.play import APPROVED, REVIEW
from procedures.above_threshold_ua.tests.play import Play as Open
from procedures.competitive_dialogue.tests.play import WAITING
from procedures.competitive_dialogue.tests.play import Play as Dialogue
from procedures.esco.tests import data as savings
from procedures.esco.tests.play import Play as Esco
from procedures.reporting.tests.play import Play as Purchase


def served(plugins):
    """The tested API has these plugins."""
    return pytest.mark.parametrize("plugins", [plugins], ids=[plugins.split()[0]])


@pytest.fixture
def settings(settings, plugins):
    return settings | {"plugins": f"{plugins} documents"}


@served("aboveThresholdUA")
def test_a_complaint_about_an_award_is_satisfied(api, tell):
    play = Open(api).awarding(430, 450)
    buyer, bidder, reviewer = {"token": play.tender.token}, {"token": play.bids[0].token}, {"user": REVIEW}
    awards = f"{play.tender.path}/awards"
    rejected = f"{awards}/{play.award['id']}"
    tell.asked("PATCH", rejected, {"status": "unsuccessful"}, "id", "status", **buyer)
    confirmed = f"{awards}/{play.award['id']}"
    tell.asked("PATCH", confirmed, APPROVED, "id", "status", **buyer)
    said = {"status": "pending", "title": "Відхилено безпідставно", "author": builders.organization("ТОВ «Майстер»", "00000011")}
    made = tell.asked("POST", f"{rejected}/complaints", said, "id", "status", "type", status=201, **bidder)
    complaint = f"{rejected}/complaints/{made.json['data']['id']}"
    tell.asked("PATCH", complaint, {"status": "accepted"}, "id", "status", **reviewer)
    decision = {"status": "satisfied", "decision": "Скаргу задоволено"}
    tell.asked("PATCH", complaint, decision, "id", "status", "decision", **reviewer)
    tell.asked("PATCH", rejected, {"status": "cancelled"}, "id", "status", **buyer)
    tell.stand_in("procedures/above_threshold_ua/README.md")
    assert [award["status"] for award in play.doc["awards"]] == ["cancelled", "cancelled", "pending"]
    assert [contract["status"] for contract in play.doc["contracts"]] == ["cancelled"]
    assert play.award["bid_id"] == play.bids[0].id


@served("aboveThresholdEU")
def test_bidders_are_let_in_and_the_stand_still_begins(api, tell):
    play = Reviewed(api).open_bids(430, 450)
    path, token = play.tender.path, play.tender.token
    tell.asked("PATCH", f"{path}{play.at(0)}", PASSED, "id", "bidID", "status", token=token)
    play.judge(1, "active")
    tell.asked("PATCH", path, {"status": STAND_STILL}, "id", "status", "qualificationPeriod", token=token)
    tell.stand_in("procedures/above_threshold_eu/README.md")


@served("competitiveDialogueEU competitiveDialogueEU.stage2 dialogue")
def test_the_talks_end_and_the_second_stage_is_taken_over(api, tell):
    play = Dialogue(api).talks()
    path, token = play.tender.path, play.tender.token
    tell.asked("PATCH", path, {"status": WAITING}, "id", "status", token=token)
    assert Bridge(api.registry.services).open("tender", play.tender.id)
    told = tell.asked("GET", path, None, "id", "status", "stage2TenderID", user=None)
    second = f"/tenders/{told.json['data']['stage2TenderID']}"
    taken = tell.asked("PATCH", f"{second}/credentials", {}, "id", "status", token=token)
    tell.stand_in("procedures/competitive_dialogue/README.md")
    begun = api.patch(second, {"title": "Парти"}, token=taken.json["access"]["token"])
    assert begun["status"] == "draft.stage2"


@served("esco")
def test_a_bid_is_valued(api, tell):
    bids = f"{Esco(api).tender.path}/bids"
    made = tell.asked("POST", bids, savings.bid(), "id", "status", "value", status=201)
    tell.stand_in("procedures/esco/README.md")
    assert made.json["data"]["value"].items() >= {"amount": 4576.44, "amountPerformance": 991.73}.items()


@served("reporting")
def test_what_looks_like_a_slip_of_the_pen_is_answered_with_a_warning(api, keep):
    play = Purchase(api)
    award = play.name()
    much = {"value": {"amount": 5000}}
    answer = api.call("PATCH", award.path, much, token=play.tender.token)
    assert keep("warning", answer, "id", "status", "value").json["warnings"]
