"""What the toolkit's suites say of the announcement, the auction and the awards of a tender whose bidders are reviewed first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from journey import add_file, said, wrong

from openprocurement_api.testing import builders
from procedures.above_threshold_eu.tests import data
from procedures.above_threshold_eu.tests.play import Play

REQUIRED = ["This field is required."]


def without(doc, *path):
    """The document without the field at the end of a path."""
    first, *rest = path
    if not rest:
        return {name: value for name, value in doc.items() if name != first}
    return doc | {first: without(doc[first], *rest)}


# --- the announcement


@pytest.mark.parametrize(
    ("path", "name", "description"),
    [
        (("title_en",), "title_en", REQUIRED),
        (("procuringEntity", "name_en"), "procuringEntity", {"name_en": REQUIRED}),
        (("procuringEntity", "identifier", "legalName_en"), "procuringEntity", {"identifier": {"legalName_en": REQUIRED}}),
        (("procuringEntity", "contactPoint", "name_en"), "procuringEntity", {"contactPoint": {"name_en": REQUIRED}}),
    ],
)
def test_names_come_in_english_too(api, path, name, description):
    refused = api.refused("POST", "/tenders", without(data.tender(api.clock.now), *path), status=422)
    assert refused == wrong(name, description)


def test_every_entry_of_the_buyer_in_a_register_has_an_english_name(api):
    others = [{"scheme": "UA-EDR", "id": "00000002"}]
    refused = api.refused(
        "POST", "/tenders", data.tender(api.clock.now, procuringEntity=data.buyer(additionalIdentifiers=others)), 422
    )
    assert refused == wrong("procuringEntity", {"additionalIdentifiers": [{"legalName_en": REQUIRED}]})


@pytest.mark.parametrize("name", ["description_en", "deliveryDate", "deliveryAddress"])
def test_items_are_described_in_english_and_delivered(api, name):
    tender = data.tender(api.clock.now)
    tender["items"] = [without(tender["items"][0], name)]
    assert api.refused("POST", "/tenders", tender, status=422) == wrong("items", [{name: REQUIRED}])


def test_bids_are_made_for_thirty_days_at_least(api):
    short = {"endDate": (api.clock.now + timedelta(days=30) - timedelta(minutes=1)).isoformat()}
    refused = api.refused("POST", "/tenders", data.tender(api.clock.now, tenderPeriod=short), status=422)
    assert refused == wrong("tenderPeriod", ["tenderPeriod should be greater than 30 days"])


def test_periods_follow_from_the_time_for_bids(play):
    doc = play.doc
    assert doc["procuringEntity"]["contactPoint"]["availableLanguage"] == "uk"
    end = datetime.fromisoformat(doc["tenderPeriod"]["endDate"])
    assert end.date() - datetime.fromisoformat(doc["enquiryPeriod"]["endDate"]).date() == timedelta(days=10)
    after = datetime.fromisoformat(doc["auctionPeriod"]["shouldStartAfter"])
    assert timedelta(days=35) <= after - end < timedelta(days=36)
    assert "qualificationPeriod" not in doc


def test_after_a_change_seven_days_are_left(api, play):
    api.clock.now = datetime.fromisoformat(play.doc["tenderPeriod"]["endDate"]) - timedelta(days=6)
    refused = api.refused("PATCH", play.tender.path, {"description": "Уточнено"}, token=play.tender.token)
    assert refused == said("tenderPeriod should be extended by 7 days")


def test_documents_have_a_language(api, play):
    made = add_file(api, f"{play.tender.path}/documents", token=play.tender.token)
    assert made["language"] == "uk"
    path = f"{play.tender.path}/documents/{made['id']}"
    assert api.patch(path, {"language": "en"}, token=play.tender.token)["language"] == "en"
    refused = api.refused("PATCH", path, {"language": "fr"}, status=422, token=play.tender.token)
    assert refused == wrong("language", ["Value must be one of ['uk', 'en', 'ru']."])


def test_an_unanswered_question_keeps_bids_shut(api, play):
    api.post(f"{play.tender.path}/questions", builders.question())
    play.bid(450)
    play.bid(460)
    api.tick(play.tender, play.doc["tenderPeriod"]["endDate"])
    assert play.status == "active.tendering"
    assert "next_check" not in play.doc


# --- the auction


def test_the_auction_is_planned_anew_when_the_review_was_short(api, play):
    play.open_bids(450, 460).judge_all()
    far = (api.clock.now + timedelta(days=40)).isoformat()
    api.patch(play.tender.path, {"auctionPeriod": {"startDate": far}}, user="administrator")
    assert "startDate" in play.stored["auctionPeriod"]
    play.stand_still()
    assert play.doc["auctionPeriod"] == {"shouldStartAfter": play.doc["qualificationPeriod"]["endDate"]}


def test_the_auction_module_sees_the_prices_of_those_who_take_part(api, reviewed):
    reviewed.judge_all(2).stand_still().to_auction()
    shown = api.get(f"{reviewed.tender.path}/auction", user="auction")["bids"]
    assert [bid.get("value", {}).get("amount") for bid in shown] == [450, 460, None]
    assert [bid["status"] for bid in shown] == ["active", "active", "unsuccessful"]
    assert set(shown[2]) == {"id", "status"}
    reviewed.compete()
    assert reviewed.status == "active.qualification"
    assert reviewed.award["bid_id"] == reviewed.bids[0].id


def test_offers_that_were_rejected_win_nothing(api, divided):
    first, second = divided.lots
    for amount in (200, 210, 220):
        divided.bid(amount, first, second)
    divided.open_bids().judge_all(0).stand_still().to_auction().compete()
    assert divided.of_lot(first)["bid_id"] == divided.bids[1].id
    assert divided.of_lot(second)["bid_id"] == divided.bids[0].id


# --- awards


def test_who_passed_the_review_need_not_be_said_to_be_qualified(api):
    play = Play(api).awarding(450, 460)
    assert not {"qualified", "eligible"} & play.award.keys()
    shown = play.act(f"/awards/{play.award['id']}", {"status": "active"})
    assert shown["status"] == "active"
    end = datetime.fromisoformat(shown["complaintPeriod"]["endDate"])
    assert timedelta(days=10) <= end - api.clock.now <= timedelta(days=11)
