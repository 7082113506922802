"""What the toolkit's suites say of lots of energy service tenders."""

from __future__ import annotations

import pytest
from journey import wrong

from openprocurement_api.testing.builders import value
from procedures.esco.tests import data
from procedures.esco.tests.play import Play

RANGE, STEP = "yearlyPaymentsPercentageRange", "minimalStepPercentage"
REQUIRED = ["This field is required."]
NOT_OTHER = "when tender fundingKind is other, yearlyPaymentsPercentageRange should be equal 0.8"
NOT_BUDGET = "when tender fundingKind is budget, yearlyPaymentsPercentageRange should be less or equal 0.8, and more or equal 0"


def add(play, **changes):
    return play.api.post(f"{play.tender.path}/lots", data.lot(**changes), token=play.tender.token).data


def refused(play, body):
    return play.api.refused("POST", f"{play.tender.path}/lots", body, status=422, token=play.tender.token)


def test_what_a_lot_says(play):
    shown = add(play, minimalStep=value(15), minValue=value(700))
    assert (shown[STEP], shown[RANGE], shown["fundingKind"], shown["status"]) == (0.02, 0.8, "other", "active")
    assert shown["minValue"] == {"amount": 0, "currency": "UAH", "valueAddedTaxIncluded": True}
    assert shown.keys().isdisjoint({"value", "minimalStep"})


@pytest.mark.parametrize(
    ("changes", "name", "description"),
    [
        ({STEP: None}, STEP, REQUIRED),
        ({STEP: 0.0049}, STEP, ["Value should be greater than 0.005."]),
        ({STEP: 0.031}, STEP, ["Value should be less than 0.03."]),
        ({RANGE: 0.7}, RANGE, [NOT_OTHER]),
        ({RANGE: 1.1}, RANGE, ["Value should be less than 1."]),
        ({"fundingKind": "loan"}, "fundingKind", ["Value must be one of ['budget', 'other']."]),
        ({"value": {"amount": 500}}, "value", "Rogue field"),
    ],
)
def test_what_is_refused(play, changes, name, description):
    assert refused(play, data.lot(**changes)) == wrong(name, description)


def test_a_budget_pays_for_a_lot_at_most_eight_tenths(budgeted):
    assert refused(budgeted, data.lot(yearlyPaymentsPercentageRange=0.9)) == wrong(RANGE, [NOT_BUDGET])
    assert add(budgeted, yearlyPaymentsPercentageRange=0.5)[RANGE] == 0.5


def test_a_lot_is_funded_as_its_tender_is(api, budgeted):
    lot = add(budgeted)
    assert lot["fundingKind"] == "budget"
    changed = budgeted.act(f"/lots/{lot['id']}", {"fundingKind": "other", "title": "Інший лот"})
    assert (changed["fundingKind"], changed["title"]) == ("budget", "Інший лот")


def test_lots_that_come_with_the_tender_are_funded_alike(api):
    body = data.tender(api.clock.now, lots=[data.lot()], **data.BUDGET)
    message = "lot funding kind should be identical to tender funding kind"
    assert api.refused("POST", "/tenders", body, status=422) == wrong("lots", [message])
    body["lots"] = [data.lot(), data.lot(**data.BUDGET | {RANGE: 0.9})]
    assert api.refused("POST", "/tenders", body, status=422) == wrong("lots", [{RANGE: [NOT_BUDGET]}])


def test_the_tender_has_the_least_step_and_range_of_its_lots(api, budgeted):
    first, second = (add(budgeted, minimalStepPercentage=step, yearlyPaymentsPercentageRange=limit)
                     for step, limit in ((0.03, 0.5), (0.01, 0.6)))  # fmt: skip
    assert (budgeted.doc[STEP], budgeted.doc[RANGE]) == (0.01, 0.5)
    budgeted.act(f"/lots/{first['id']}", {STEP: 0.005, RANGE: 0.65})
    assert (budgeted.doc[STEP], budgeted.doc[RANGE]) == (0.005, 0.6)
    for lot in (first, second):
        api.call("DELETE", f"{budgeted.tender.path}/lots/{lot['id']}", token=budgeted.tender.token)
    assert (budgeted.doc[STEP], budgeted.doc[RANGE]) == (0.02, 0.7)


def test_guarantees_are_summed_and_the_currency_is_the_tenders(api):
    lots = [data.lot(guarantee={"amount": amount, "currency": "EUR"}) for amount in (10.1, 20.2)]
    play = Play(api, lots=2)
    for lot, made in zip(play.lots, lots, strict=True):
        play.act(f"/lots/{lot}", {"guarantee": made["guarantee"]})
    assert play.doc["guarantee"] == {"amount": 30.3, "currency": "EUR"}
    play.act("", {"minValue": {"currency": "USD", "valueAddedTaxIncluded": False}})
    assert {lot["minValue"]["currency"] for lot in play.doc["lots"]} == {"USD"}


def test_funding_is_not_changed_once_there_are_lots(api, divided):
    errors = api.refused("PATCH", divided.tender.path, {"fundingKind": "budget"}, status=422, token=divided.tender.token)
    assert errors == wrong("lots", ["lot funding kind should be identical to tender funding kind"])


def test_an_operator_repairs_the_range_of_a_lot(api):
    play = Play(api, lots=2, funding=data.BUDGET)
    news = {"lots": [{RANGE: 0.3, "title": "Нова назва"}, {}]}
    first, second = api.patch(play.tender.path, news, user="administrator")["lots"]
    assert (first[RANGE], first["title"], second[RANGE]) == (0.3, "Лот 1", 0.7)
