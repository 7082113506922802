"""What the toolkit's suites say of energy service tenders: what is announced instead of a value and a step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import wrong

from openprocurement_api.testing.builders import value
from openprocurement_api.testing.client import Thing
from procedures.esco.tests import data
from procedures.esco.tests.play import Play

REQUIRED = ["This field is required."]
RATE, RANGE, STEP = "NBUdiscountRate", "yearlyPaymentsPercentageRange", "minimalStepPercentage"


def announce(api, **changes) -> Thing:
    return api.post("/tenders", data.tender(api.clock.now, **changes))


def refused(api, **changes):
    return api.refused("POST", "/tenders", data.tender(api.clock.now, **changes), status=422)


def without(doc, *names):
    return {name: value for name, value in doc.items() if name not in names}


def test_what_an_announcement_says(api):
    shown = announce(api).data
    assert shown["procurementMethodType"] == "esco"
    assert (shown["status"], shown["awardCriteria"]) == ("active.tendering", "ratedCriteria")
    assert (shown[RATE], shown[STEP], shown[RANGE], shown["fundingKind"]) == (0.135, 0.02, 0.8, "other")
    assert shown["minValue"] == {"amount": 0, "currency": "UAH", "valueAddedTaxIncluded": True}
    assert shown["noticePublicationDate"] == api.clock.now.isoformat()
    assert {"enquiryPeriod", "complaintPeriod", "tenderPeriod"} < shown.keys()
    assert shown.keys().isdisjoint({"value", "minimalStep"})


@pytest.mark.parametrize("name", [RATE, STEP])
def test_what_is_required(api, name):
    body = without(data.tender(api.clock.now), name)
    assert api.refused("POST", "/tenders", body, status=422) == wrong(name, REQUIRED)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        (RATE, 1.2, "Value should be less than 0.99."),
        (RATE, -2, "Value should be greater than 0."),
        (RATE, "a lot", "Number 'a lot' failed to convert to a decimal."),
        (STEP, 0.001, "Value should be greater than 0.005."),
        (STEP, 0.5, "Value should be less than 0.03."),
        (RANGE, 1.3, "Value should be less than 1."),
        (RANGE, -0.5, "Value should be greater than 0."),
        (RANGE, 0.7, "when fundingKind is other, yearlyPaymentsPercentageRange should be equal 0.8"),
        ("fundingKind", "loan", "Value must be one of ['budget', 'other']."),
        ("value", {"amount": 500}, "Rogue field"),
    ],
)
def test_what_is_refused(api, name, given, message):
    assert refused(api, **{name: given}) == wrong(name, message if message == "Rogue field" else [message])


def test_a_budget_pays_at_most_eight_tenths(api):
    message = ["when fundingKind is budget, yearlyPaymentsPercentageRange should be less or equal 0.8, and more or equal 0"]
    assert refused(api, fundingKind="budget", yearlyPaymentsPercentageRange=0.9) == wrong(RANGE, message)
    for share in (0, 0.31456, 0.8):
        shown = announce(api, fundingKind="budget", yearlyPaymentsPercentageRange=share).data
        assert shown[RANGE] == share


@pytest.mark.parametrize(("given", "kept"), [(0.1234549, 0.12345), (0.123455, 0.12346), (0.99, 0.99), (0, 0), ("0.2", 0.2)])
def test_five_places_of_a_rate_are_kept(api, given, kept):
    assert announce(api, NBUdiscountRate=given).data[RATE] == kept


def test_a_step_that_clients_send_by_custom_is_passed_over(api):
    assert "minimalStep" not in announce(api, minimalStep=value(15)).data


def test_the_least_value_is_nothing_whatever_is_sent(api):
    tender = announce(api, minValue=value(500, currency="EUR", valueAddedTaxIncluded=False))
    assert tender.data["minValue"] == {"amount": 0, "currency": "EUR", "valueAddedTaxIncluded": False}
    assert api.patch(tender, {"minValue": {"amount": 700}})["minValue"]["amount"] == 0


def test_nobody_says_when_the_notice_is_published(api):
    long_ago = "2017-01-01T00:00:00+02:00"
    tender = announce(api, noticePublicationDate=long_ago)
    assert tender.data["noticePublicationDate"] == api.clock.now.isoformat()
    changed = api.patch(tender, {"noticePublicationDate": long_ago, "description": "Уточнено"})
    assert changed["noticePublicationDate"] == tender.data["noticePublicationDate"]


def test_the_notice_is_published_with_the_draft(api):
    draft = announce(api, status="draft")
    assert "noticePublicationDate" not in draft.data
    api.clock.advance(timedelta(days=1))
    published = api.patch(draft, {"status": "active.tendering"})
    assert published["noticePublicationDate"] == api.clock.now.isoformat()


def test_items_say_neither_when_nor_how_much(api):
    delivery = {"startDate": "2026-09-01T00:00:00+03:00", "endDate": "2026-09-15T00:00:00+03:00"}
    tender = announce(api, items=[data.item() | {"quantity": 5, "deliveryDate": delivery}])
    assert tender.data["items"][0].keys().isdisjoint({"quantity", "deliveryDate"})
    changed = api.patch(tender, {"items": [{"quantity": 7, "deliveryDate": delivery, "description": "Утеплення"}]})["items"][0]
    assert changed["description"] == "Утеплення"
    assert changed.keys().isdisjoint({"quantity", "deliveryDate"})


def test_english_is_required(api):
    body = without(data.tender(api.clock.now), "title_en")
    assert api.refused("POST", "/tenders", body, status=422) == wrong("title_en", REQUIRED)
    item = without(data.item(), "description_en")
    assert refused(api, items=[item]) == wrong("items", [{"description_en": REQUIRED}])


def test_items_are_of_one_class(api):
    other = data.item(classification={"scheme": "ДК021", "id": "39151000-5", "description": "Меблі різні"})
    assert refused(api, items=[data.item(), other]) == wrong("items", ["CPV class of items should be identical"])


def test_tendering_lasts_thirty_days(api):
    period = {"endDate": (api.clock.now + timedelta(days=29)).isoformat()}
    assert refused(api, tenderPeriod=period) == wrong("tenderPeriod", ["tenderPeriod should be greater than 30 days"])


def test_who_may_buy_and_on_which_level(api):
    buyer = data.tender(api.clock.now)["procuringEntity"] | {"kind": "other"}
    errors = api.refused("POST", "/tenders", data.tender(api.clock.now, procuringEntity=buyer))
    assert [(e["location"], e["name"]) for e in errors] == [("procuringEntity", "kind")]
    errors = api.refused("POST", "/tenders", data.tender(api.clock.now), user="broker2")
    assert errors[0]["description"] == "Broker Accreditation level does not permit tender creation"


# --- changes


def test_the_buyer_changes_the_terms(api, play):
    news = {RATE: 0.15, STEP: 0.025, "fundingKind": "budget", RANGE: 0.6}
    changed = play.act("", news)
    assert {name: changed[name] for name in news} == news
    path = play.tender.path
    assert api.refused("PATCH", path, {RATE: 1.2}, status=422, token=play.tender.token) == wrong(
        RATE, ["Value should be less than 0.99."]
    )


def test_a_change_of_the_rate_makes_bids_invalid_and_their_worth_is_reckoned_anew(api, play):
    bid = play.bid(450)
    worth = bid.data["value"]["amountPerformance"]
    play.act("", {RATE: 0.3})
    assert api.get(bid.path, token=bid.token)["status"] == "invalid"
    confirmed = api.patch(bid, {"status": "pending"})["value"]
    assert confirmed["amount"] == bid.data["value"]["amount"]
    assert confirmed["amountPerformance"] < worth


def test_terms_stay_once_bids_are_opened(api, play):
    play.open_bids(450, 460)
    assert play.act("", {RATE: 0.3})[RATE] == data.RATE


def test_an_operator_repairs_the_range(api, budgeted):
    shown = api.patch(budgeted.tender.path, {RANGE: 0.5, RATE: 0.5}, user="administrator")
    assert (shown[RANGE], shown[RATE]) == (0.5, data.RATE)


# --- criteria beside the performance


def feature(*values, **changes):
    answers = [{"title": str(value), "value": value} for value in values]
    return {"code": "warmth", "title": "Тепло", "featureOf": "tenderer", "enum": answers} | changes


def test_criteria_weigh_a_quarter_at_most(api):
    assert announce(api, features=[feature(0.1, 0.25)]).data["features"][0]["enum"][1]["value"] == 0.25
    assert refused(api, features=[feature(0.1, 0.26)]) == wrong(
        "features", [{"enum": [{"value": ["Float value should be less than 0.25."]}]}]
    )
    pair = [feature(0.1, 0.15), feature(0.05, 0.11, code="light")]
    message = "Sum of max value of all features should be less then or equal to 25%"
    assert refused(api, features=pair) == wrong("features", [message])
    message = "Sum of max value of all features for lot should be less then or equal to 25%"
    assert refused(api, features=pair, lots=[data.lot()]) == wrong("features", [message])


def test_a_good_answer_weighs_more_than_performance(api):
    play = Play(api, features=[feature(0.05, 0.25)])
    for amount, answer in ((450, 0.25), (440, 0.05)):
        play.bid(amount, parameters=[{"code": "warmth", "value": answer}])
    play.judged().to_auction().compete()
    assert play.award["bid_id"] == play.bids[0].id
