"""What the toolkit's suites say of awards and contracts of energy service tenders: their value is what was offered."""

from __future__ import annotations

import pytest
from journey import wrong

from procedures.esco.tests import data
from procedures.esco.tests.play import Play


@pytest.fixture
def considered(play):
    """A tender in active.qualification whose first bid is considered."""
    return play.awarding(440, 450)


@pytest.fixture
def won(considered):
    """A tender in active.awarded."""
    considered.decide("active")
    return considered


def contract(play):
    return play.doc["contracts"][-1]


def test_an_award_has_the_value_of_its_bid(considered):
    first, second = considered.doc["bids"]
    assert considered.award["value"] == first["value"]
    considered.decide("unsuccessful")
    assert considered.award["value"] == second["value"]


def test_a_contract_has_the_value_and_the_items_of_its_award(won):
    assert contract(won)["value"] == won.award["value"]
    assert contract(won)["items"] == won.doc["items"]
    assert contract(won)["suppliers"] == won.award["suppliers"]


@pytest.mark.parametrize("news", [{"amount": 1}, {"currency": "USD"}, {"yearlyPaymentsPercentage": 0.85}])
def test_the_value_of_a_contract_is_not_changed(won, news):
    path = f"/contracts/{contract(won)['id']}"
    before = contract(won)["value"]
    assert won.act(path, {"value": news})["value"] == before
    assert won.act(path, {"contractNumber": "7", "value": news})["contractNumber"] == "7"
    assert contract(won)["value"] == before


def test_a_value_that_cannot_be_is_refused_all_the_same(api, won):
    path = f"{won.tender.path}/contracts/{contract(won)['id']}"
    errors = api.refused("PATCH", path, {"value": {"contractDuration": {"years": 20}}}, status=422, token=won.tender.token)
    assert errors == wrong("value", {"contractDuration": {"years": ["Int value should be less than 15."]}})


def test_a_contract_is_signed_after_the_stand_still(api, won):
    end = won.award["complaintPeriod"]["endDate"]
    path = f"{won.tender.path}/contracts/{contract(won)['id']}"
    errors = api.refused("PATCH", path, {"status": "active"}, token=won.tender.token)
    assert errors[0]["description"] == f"Can't sign contract before stand-still period end ({end})"
    won.pass_stand_still()
    won.sign()
    assert won.status == "complete"


def test_awards_given_by_hand_have_terms(api, considered):
    given = {"bid_id": considered.bids[0].id, "suppliers": [data.bid()["tenderers"][0]], "value": data.value()}
    made = api.post(f"{considered.tender.path}/awards", given, user="token")
    assert made.data["value"]["contractDuration"] == {"years": 10, "days": 74}
    given["value"] = {"amount": 500}
    errors = api.refused("POST", f"{considered.tender.path}/awards", given, status=422, user="token")
    assert [error["name"] for error in errors] == ["value"]


def test_lots_are_contracted_each_on_its_own(api):
    play = Play(api, lots=2).awarding(440, 450)
    for lot in play.lots:
        play.decide("active", play.of_lot(lot))
    assert [made["value"] for made in play.doc["contracts"]] == [award["value"] for award in play.doc["awards"]]
