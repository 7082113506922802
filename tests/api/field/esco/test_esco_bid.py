"""What the toolkit's suites say of bids for energy service contracts: terms, and what they are worth."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from journey import wrong

from procedures.esco.tests import data
from procedures.esco.tests.play import Play

SHARE, SAVED, DURATION = "yearlyPaymentsPercentage", "annualCostsReduction", "contractDuration"
REQUIRED = ["This field is required."]


def refused(play, body, **options):
    return play.api.refused("POST", f"{play.tender.path}/bids", body, status=422, **options)


def test_price_and_performance_are_shown_to_the_bidder(api, play):
    shown = play.bid(1000).data
    assert shown["status"] == "pending"
    assert shown["value"] == data.value() | {
        "currency": "UAH",
        "valueAddedTaxIncluded": True,
        "amount": 4576.44,
        "amountPerformance": 991.73,
    }


@pytest.mark.parametrize(
    ("announced", "rate", "share", "savings", "duration", "worth", "price"),
    [
        ("2017-08-18T09:00:00+03:00", 0.125, 0.7, [92.47] + [250] * 20, (0, 8), 1807.29, 3.84),
        ("2017-08-17T21:00:00+00:00", 0.125, 0.7, [92.47] + [250] * 20, (2, 10), 1513.50, 354.80),
        ("2018-01-01T23:59:59+02:00", 0.135, 0.8, [400] * 21, (15, 0), 712.11, 4800.88),
    ],
)
def test_what_offers_are_worth(  # noqa: PLR0913, PLR0917 - a row of a table
    api, announced, rate, share, savings, duration, worth, price
):
    api.clock.now = datetime.fromisoformat(announced)
    play = Play(api, funding=data.BUDGET | {"yearlyPaymentsPercentageRange": 0.8}, NBUdiscountRate=rate)
    value = data.value(share, *duration, annualCostsReduction=savings)
    shown = api.post(f"{play.tender.path}/bids", data.bid() | {"value": value}).data["value"]
    assert (shown["amountPerformance"], shown["amount"]) == (worth, price)


def test_what_a_bidder_says_of_price_and_performance_is_passed_over(api, play):
    made = play.bid(1000, value=data.value(amount=1, amountPerformance=10**6))
    assert (made.data["value"]["amount"], made.data["value"]["amountPerformance"]) == (4576.44, 991.73)
    changed = api.patch(made, {"status": "pending", "value": {"amount": 1, "amountPerformance": 10**6}})
    assert changed["value"] == made.data["value"]
    assert changed["date"] == made.data["date"]


def test_a_bidder_changes_its_terms(api, play):
    made = play.bid(1000)
    api.clock.advance(timedelta(minutes=1))
    changed = api.patch(made, {"status": "pending", "value": {SHARE: 0.85, DURATION: {"years": 8}}})
    assert changed["value"][DURATION] == {"years": 8, "days": 74}
    assert changed["value"]["amount"] < made.data["value"]["amount"]
    assert changed["value"]["amountPerformance"] > made.data["value"]["amountPerformance"]
    assert changed["date"] == api.clock.now.isoformat()
    assert api.get(made.path, token=made.token)["value"] == changed["value"]


@pytest.mark.parametrize("name", [SHARE, SAVED, DURATION])
def test_what_is_required(play, name):
    value = {key: part for key, part in data.value().items() if key != name}
    assert refused(play, data.bid(value=value)) == wrong("value", {name: REQUIRED})


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({SHARE: 1.5}, {SHARE: ["Value should be less than 1."]}),
        ({SHARE: -0.1}, {SHARE: ["Value should be greater than 0."]}),
        ({SHARE: "half"}, {SHARE: ["Number 'half' failed to convert to a decimal."]}),
        ({SHARE: 0.79999}, {SHARE: ["yearlyPaymentsPercentage should be greater than 0.8 and less than 1"]}),
        ({SAVED: [400] * 20}, {SAVED: ["annual costs reduction should be set for 21 period"]}),
        ({SAVED: 400}, {SAVED: ["annual costs reduction should be set for 21 period"]}),
        ({SAVED: ["much"] + [400] * 20}, {SAVED: ["Number 'much' failed to convert to a decimal."]}),
        ({SAVED: {"0": 400}}, {SAVED: ["Please use a list for this field instead of dict."]}),
        ({SAVED: [400] * 20 + [-1]}, {SAVED: [["Value should be greater than 0."]]}),
        ({DURATION: {"years": 16}}, {DURATION: {"years": ["Int value should be less than 15."]}}),
        ({DURATION: {"years": 1, "days": 365}}, {DURATION: {"days": ["Int value should be less than 364."]}}),
        ({DURATION: {"days": 5}}, {DURATION: {"years": REQUIRED}}),
        ({DURATION: {"years": 15, "days": 1}}, {DURATION: {"days": ["max contract duration 15 years"]}}),
        ({DURATION: {"years": 0, "days": 0}}, {DURATION: {"days": ["min contract duration 1 day"]}}),
        ({DURATION: 10}, {DURATION: ["Please use a mapping for this field or ContractDuration instance instead of int."]}),
        ({"currency": "USD"}, ["currency of bid should be identical to currency of minValue of tender"]),
        (
            {"valueAddedTaxIncluded": False},
            ["valueAddedTaxIncluded of bid should be identical to valueAddedTaxIncluded of minValue of tender"],
        ),
    ],
)
def test_what_is_refused(play, changes, description):
    assert refused(play, data.bid(value=data.value(**changes))) == wrong("value", description)


def test_a_bid_has_terms(play):
    assert refused(play, {"tenderers": data.bid()["tenderers"]}) == wrong("value", REQUIRED)


def test_a_budget_pays_no_more_than_it_said(budgeted):
    body = data.bid(value=data.value(0.70001))
    description = {SHARE: ["yearlyPaymentsPercentage should be greater than 0 and less than 0.7"]}
    assert refused(budgeted, body) == wrong("value", description)
    for share in (0, 0.7):
        made = budgeted.api.post(f"{budgeted.tender.path}/bids", data.bid(value=data.value(share)))
        assert made.data["value"][SHARE] == share


def test_the_largest_savings_are_reckoned_exactly(play):
    made = play.bid(2000, value=data.value(1, 15, 0, annualCostsReduction=[10**11] * 21))
    assert made.data["value"]["amount"] == 1516712328767.12
    description = {SAVED: [["Value should be less than 100000000000."]]}
    too_much = data.value(annualCostsReduction=[10**11 + 1] + [0] * 20)
    assert refused(play, data.bid(value=too_much)) == wrong("value", description)


def test_a_company_need_not_declare_that_it_may_take_part(api, play):
    assert play.bid(450).data.keys().isdisjoint({"selfQualified", "selfEligible"})
    assert play.bid(450, selfQualified=True, selfEligible=False).data["selfEligible"] is False


def test_a_draft_need_not_fit_the_tender(api, play):
    made = play.bid(450, status="draft", value=data.value(0.1, currency="USD"))
    errors = api.refused("PATCH", made.path, {"status": "pending"}, status=422, token=made.token)
    assert errors == wrong("value", ["currency of bid should be identical to currency of minValue of tender"])
    api.patch(made, {"status": "pending", "value": {SHARE: 0.9, "currency": "UAH"}})


def test_terms_stay_secret_until_the_auction_is_over(api, play):
    for amount in (450, 460):
        play.bid(amount)
    assert "bids" not in play.doc
    play.open_bids()
    for step in (play.judge_all, play.stand_still, play.to_auction):
        assert all(bid.keys() <= {"id", "status", "tenderers"} for bid in play.doc["bids"])
        step()
    play.compete()
    assert all(bid["value"].keys() >= {"amount", "amountPerformance", SHARE, SAVED, DURATION} for bid in play.doc["bids"])


# --- lots


def test_each_lot_has_terms_of_its_own(api, divided):
    made = divided.bid(1000, *divided.lots)
    assert [offer["value"]["amountPerformance"] for offer in made.data["lotValues"]] == [991.73] * 2
    api.clock.advance(timedelta(minutes=1))
    news = {"status": "pending", "lotValues": [{"value": {SHARE: 0.8}}, {}]}
    first, second = api.patch(made, news)["lotValues"]
    assert first["value"]["amountPerformance"] > second["value"]["amountPerformance"] == 991.73
    assert (first["date"], second["date"]) == (api.clock.now.isoformat(), made.data["lotValues"][1]["date"])


def test_what_is_refused_of_lots(divided):
    one = divided.lots[0]

    def offered(**changes):
        return refused(divided, data.bid(lotValues=[{"relatedLot": one, "value": data.value(**changes)}]) | {"value": None})

    undivided = wrong("value", ["value should be posted for each lot of bid"])
    assert refused(divided, data.bid()) == wrong("lotValues", REQUIRED) + undivided
    described = {SHARE: ["yearlyPaymentsPercentage should be greater than 0.8 and less than 1"]}
    assert offered(yearlyPaymentsPercentage=0.5) == wrong("lotValues", [{"value": described}])
    message = "currency of bid should be identical to currency of minValue of lot"
    assert offered(currency="USD") == wrong("lotValues", [{"value": [message]}])
    message = "valueAddedTaxIncluded of bid should be identical to valueAddedTaxIncluded of minValue of lot"
    assert offered(valueAddedTaxIncluded=False) == wrong("lotValues", [{"value": [message]}])


def test_a_budget_pays_for_each_lot_no_more_than_it_said(api):
    play = Play(api, lots=2, funding=data.BUDGET)
    api.patch(f"{play.tender.path}/lots/{play.lots[1]}", {"yearlyPaymentsPercentageRange": 0.3}, token=play.tender.token)
    offers = [{"relatedLot": lot, "value": data.value(0.5)} for lot in play.lots]
    described = {SHARE: ["yearlyPaymentsPercentage should be greater than 0 and less than 0.3"]}
    assert refused(play, data.bid(lotValues=offers) | {"value": None}) == wrong("lotValues", [{"value": described}])
