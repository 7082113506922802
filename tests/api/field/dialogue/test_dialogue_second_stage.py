"""What the toolkit's suites say of the second stage of dialogues, opened by hand as a bridge of old does it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from openprocurement_api.keys import digest
from openprocurement_api.testing import builders
from openprocurement_api.testing.builders import problem
from openprocurement_api.testing.client import BASE
from procedures.competitive_dialogue.tests.play import Play
from procedures.competitive_dialogue.tests.second_play import (
    BRIDGE,
    DRAFT,
    TOKEN,
    SecondEU,
    announcement,
    shortlist,
    take_over,
)

EU, UA = "competitiveDialogueEU.stage2", "competitiveDialogueUA.stage2"
BOTH = pytest.mark.parametrize("kind", [EU, UA])
STRANGER = builders.organization("ТОВ «Чужий»", "00000099")
NO_FIRM = [problem("data", "Firm can't create bid")]


def offer(**changes):
    return builders.bid() | builders.DECLARED | changes


# --- the bridge announces


@BOTH
def test_a_bridge_opens_a_second_stage_for_the_buyers_platform(api, kind):
    sent = announcement(api, kind)
    made = api.post("/tenders", sent, user=BRIDGE)
    assert made.data["status"] == "active.tendering"
    assert made.data["owner"] == "broker"
    assert made.data["procurementMethod"] == "selective"
    assert made.data["tenderID"] == sent["tenderID"]
    assert made.data["dialogueID"] == sent["dialogueID"]
    assert made.data["shortlistedFirms"] == sent["shortlistedFirms"]
    assert "dialogue_token" not in made.data


@BOTH
def test_a_platform_needs_the_accreditation_of_a_bridge(api, kind):
    assert api.refused("POST", "/tenders", announcement(api, kind)) == [
        problem("accreditation", "Broker Accreditation level does not permit tender creation", "procurementMethodType")
    ]
    assert api.refused("POST", "/tenders", announcement(api, kind), user="chronograph") == [
        problem("permission", "Forbidden", "url")
    ]


@BOTH
@pytest.mark.parametrize("name", ["dialogue_token", "shortlistedFirms"])
def test_what_a_second_stage_must_say(api, kind, name):
    sent = announcement(api, kind)
    del sent[name]
    assert api.refused("POST", "/tenders", sent, status=422, user=BRIDGE) == [problem(name, ["This field is required."])]


@BOTH
def test_three_firms_are_on_the_list(api, kind):
    sent = announcement(api, kind, shortlistedFirms=shortlist([])[:2])
    assert api.refused("POST", "/tenders", sent, status=422, user=BRIDGE) == [
        problem("shortlistedFirms", ["Please provide at least 3 items."])
    ]


@pytest.mark.parametrize("lot", ["0" * 32, "1"])
@BOTH
def test_firms_are_listed_for_lots_of_the_tender(api, kind, lot):
    sent = announcement(api, kind, lots=1)
    sent["shortlistedFirms"][1]["lots"] = [{"id": lot}]
    assert api.refused("POST", "/tenders", sent, status=422, user=BRIDGE) == [
        problem("shortlistedFirms", [{"lots": [{"id": ["id should be one of lots"]}]}])
    ]


@pytest.mark.parametrize(("kind", "days"), [(EU, 30), (UA, 15)])
def test_the_time_for_bids_is_reckoned_from_now(api, kind, days):
    named = {"startDate": api.clock.now.isoformat(), "endDate": (api.clock.now + timedelta(days=90)).isoformat()}
    period = api.post("/tenders", announcement(api, kind, tenderPeriod=named), user=BRIDGE).data["tenderPeriod"]
    start, end = (datetime.fromisoformat(period[name]) for name in ("startDate", "endDate"))
    assert start == api.clock.now
    assert end.date() - start.date() == timedelta(days=days)


@BOTH
def test_a_draft_of_the_bridge(api, kind):
    made = api.post("/tenders", announcement(api, kind, status="draft"), user=BRIDGE)
    assert made.id not in [row["id"] for row in api.get("/tenders")]
    assert "shortlistedFirms" not in made.data
    for wish in ({"title": "Інша назва"}, {"status": "complete"}):
        assert api.refused("PATCH", made.path, wish, user=BRIDGE) == [
            problem("data", "Can't update tender in current (draft) status")
        ]
    assert api.patch(made.path, {"status": DRAFT}, user=BRIDGE)["status"] == DRAFT
    assert made.id in [row["id"] for row in api.get("/tenders")]


def test_the_whole_way_by_hand(api):
    first = Play(api).talks().wait()
    told = api.get(f"{first.tender.path}/extract_credentials", user=BRIDGE)
    carried = {"owner": told["owner"], "dialogue_token": told["tender_token"], "dialogueID": told["id"]}
    made = api.post("/tenders", announcement(api, EU, status="draft", **carried), user=BRIDGE)
    first.bridge(stage2TenderID=made.id)
    api.patch(made.path, {"status": DRAFT}, user=BRIDGE)
    first.bridge(status="complete")
    token = api.call("PATCH", f"{made.path}/credentials", {}, token=first.tender.token).json["access"]["token"]
    assert api.patch(made.path, {"status": "active.tendering"}, token=token)["status"] == "active.tendering"


# --- the buyer takes over


@BOTH
def test_the_token_of_the_first_stage_gives_one_for_the_second(api, kind):
    made = api.post("/tenders", announcement(api, kind, status=DRAFT), user=BRIDGE)
    answer = api.call("PATCH", f"{made.path}/credentials", "", token=TOKEN)
    token = answer.json["access"]["token"]
    assert answer.json["data"]["status"] == DRAFT
    assert token not in (TOKEN, made.token)
    assert api.store.get("tender", made.id).body["owner_token"] == digest(token)
    assert api.refused("PATCH", made.path, {"status": "active.tendering"}, token=made.token)


def test_the_fields_clients_take_it_over_without_a_body(api):
    made = api.post("/tenders", announcement(api, EU, status=DRAFT), user=BRIDGE)
    api.web.authorization = ("Basic", ("broker", ""))
    headers = {"Content-Type": "application/json", "X-Access-Token": TOKEN}
    answer = api.web.request(f"{BASE}{made.path}/credentials", method="PATCH", headers=headers)
    token = answer.json["access"]["token"]
    assert api.patch(made.path, {"status": "active.tendering"}, token=token)["status"] == "active.tendering"


@BOTH
@pytest.mark.parametrize(("user", "token"), [("broker", ""), ("broker", "x"), ("broker1", TOKEN), (BRIDGE, TOKEN), (None, TOKEN)])
def test_nobody_else_takes_it_over(api, kind, user, token):
    made = api.post("/tenders", announcement(api, kind, status=DRAFT), user=BRIDGE)
    assert api.refused("PATCH", f"{made.path}/credentials", {}, user=user, token=token) == [
        problem("permission", "Forbidden", "url")
    ]


def test_it_is_taken_over_before_it_begins(api, second):
    assert api.refused("PATCH", f"{second.tender.path}/credentials", {}, token=TOKEN) == [
        problem("data", "Can't generate credentials in current (active.tendering) contract status")
    ]


def test_a_first_stage_has_no_credentials_to_take_over(api):
    play = Play(api)
    api.call("PATCH", f"{play.tender.path}/credentials", {}, token=play.tender.token, status=404)


# --- before it begins, and while bids are made


def test_the_buyer_sets_only_the_time_for_bids(api, draft):
    end = (api.clock.now + timedelta(days=45)).isoformat()
    changed = api.patch(draft.tender, {"tenderPeriod": {"endDate": end}, "title": "Інша назва"})
    assert changed["tenderPeriod"]["endDate"] == end
    assert changed["title"] == draft.tender.data["title"]
    assert api.patch(draft.tender, {"status": "active.tendering"})["tenderPeriod"]["endDate"] == end


def test_the_time_for_bids_begins_with_the_second_stage(api, draft):
    api.clock.advance(timedelta(days=20))
    period = api.patch(draft.tender, {"status": "active.tendering"})["tenderPeriod"]
    start, end = (datetime.fromisoformat(period[name]) for name in ("startDate", "endDate"))
    assert start == api.clock.now
    assert end - start >= timedelta(days=14, hours=23)


def test_a_draft_is_given_up(api, draft):
    draft.cancel()
    assert draft.status == "cancelled"


def test_nobody_bids_before(api, draft):
    assert api.refused("POST", f"{draft.tender.path}/bids", offer()) == [
        problem("data", f"Can't add bid in current ({DRAFT}) tender status")
    ]


def test_only_the_date_of_delivery_changes(api, second):
    date = {"endDate": "2027-03-01T00:00:00+02:00"}
    items = [{"deliveryDate": date, "description": "Інше", "quantity": 1}, second.tender.data["items"][0] | {"id": uuid4().hex}]
    (item,) = api.patch(second.tender, {"items": items, "title": "Інша назва"})["items"]
    (before,) = second.tender.data["items"]
    assert item["deliveryDate"]["endDate"] == date["endDate"]
    assert {**item, "deliveryDate": 0} == {**before, "deliveryDate": 0}
    assert second.doc["title"] == second.tender.data["title"]


def test_other_goods_are_not_bought(api, second):
    items = [{"classification": {"scheme": "ДК021", "id": "55523100-3", "description": "Послуги"}}]
    assert api.refused("PATCH", second.tender.path, {"items": items}, token=second.tender.token) == [
        problem("item", "Can't change classification")
    ]
    period = {"enquiryPeriod": {"endDate": api.clock.now.isoformat()}}
    assert api.refused("PATCH", second.tender.path, period, token=second.tender.token) == [
        problem("item", "Can't change enquiryPeriod")
    ]


def test_lots_are_those_of_the_first_stage(api):
    second = SecondEU(api, lots=2)
    path, token = f"{second.tender.path}/lots", second.tender.token
    lot = f"{path}/{second.lots[0]}"
    for method, address, data, verb in (
        ("POST", path, builders.lot(), "create"),
        ("PATCH", lot, {"title": "Інша назва"}, "update"),
        ("DELETE", lot, None, "delete"),
    ):
        assert api.refused(method, address, data, token=token) == [problem("data", f"Can't {verb} lot for tender stage2")]


# --- only those on the list


def test_a_stranger_does_not_bid(api, second):
    assert api.refused("POST", f"{second.tender.path}/bids", offer(tenderers=[STRANGER])) == NO_FIRM


def test_a_firm_bids_under_its_own_number(api, second):
    bid = second.bid()
    status = {"status": bid.data["status"]}
    assert api.refused("PATCH", bid.path, {"tenderers": [STRANGER], **status}, token=bid.token) == NO_FIRM
    renamed = builders.organization("Нова назва", "00000011")
    assert api.patch(bid, {"tenderers": [renamed], **status})["tenderers"][0]["name"] == "Нова назва"
    number = {"tenderers": [{"identifier": {"id": "00000000"}}]}
    api.patch(bid.path, number, user="administrator")
    assert api.get(bid.path, token=bid.token)["tenderers"][0]["identifier"]["id"] == "00000000"


def test_a_firm_bids_for_the_lots_for_which_it_passed(api):
    sent = announcement(api, EU, lots=2, status=DRAFT)
    (first, other), firms = (lot["id"] for lot in sent["lots"]), sent["shortlistedFirms"]
    firms[0]["lots"] = [{"id": first}]
    second = take_over(api, api.post("/tenders", sent, user=BRIDGE))
    api.patch(second, {"status": "active.tendering"})
    bids = f"{second.path}/bids"
    declared = builders.DECLARED
    assert api.refused("POST", bids, builders.lot_bid({first: 200, other: 200}) | declared) == NO_FIRM
    api.post(bids, builders.lot_bid({first: 200}) | declared)
    author = builders.organization(code="00000011")
    for about, fits in ((first, True), (other, False)):
        question = builders.question(author=author, questionOf="lot", relatedItem=about)
        api.call("POST", f"{second.path}/questions", question, status=201 if fits else 403)
        claim = builders.claim(author=author, relatedLot=about)
        api.call("POST", f"{second.path}/complaints", claim, status=201 if fits else 403)


@pytest.mark.parametrize(("plural", "made", "name"), [
    ("questions", builders.question, "question"),
    ("complaints", builders.claim, "complaint"),
])  # fmt: skip
def test_a_stranger_neither_asks_nor_complains(api, second, plural, made, name):
    path = f"{second.tender.path}/{plural}"
    assert api.refused("POST", path, made(author=STRANGER)) == [problem("author", f"Author can't create {name}")]
    api.post(path, made())
    assert api.refused("POST", path, made(), user="broker1") == [
        problem("accreditation", f"Broker Accreditation level does not permit {name} creation", "procurementMethodType")
    ]


def test_a_question_about_an_item_is_about_its_lot(api):
    second = SecondEU(api)
    about = {"questionOf": "item", "relatedItem": second.doc["items"][0]["id"]}
    api.post(f"{second.tender.path}/questions", builders.question(**about))
