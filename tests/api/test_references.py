"""What is about an item or a lot keeps it: else nobody could answer the question or the claim any more."""

from __future__ import annotations

import pytest

from openprocurement_api.testing import builders

GONE = {"questions": "relatedItem", "complaints": "relatedLot"}


@pytest.fixture
def tender(api):
    """A tender with two lots and two items, none of which belongs to a lot."""
    return api.tender(lots=[builders.lot("Перший"), builders.lot("Другий")], items=[builders.item(), builders.item()])


def about(api, tender, kind, of, related):
    """A question or a claim about a lot or an item."""
    made = builders.question(questionOf=of, relatedItem=related) if kind == "questions" else builders.claim(relatedLot=related)
    return api.post(f"{tender.path}/{kind}", made)


@pytest.mark.parametrize("kind", GONE)
def test_a_lot_that_something_is_about_stays(api, tender, kind):
    lot, other = (lot["id"] for lot in tender.data["lots"])
    about(api, tender, kind, "lot", lot)
    errors = api.refused("DELETE", f"{tender.path}/lots/{lot}", status=422, token=tender.token)
    assert errors == [builders.problem(kind, [{GONE[kind]: [f"{GONE[kind]} should be one of lots"]}])]
    api.call("DELETE", f"{tender.path}/lots/{other}", token=tender.token)
    assert [left["id"] for left in api.get(tender.path)["lots"]] == [lot]


def test_an_item_that_a_question_is_about_stays(api, tender):
    item = tender.data["items"][1]["id"]
    question = about(api, tender, "questions", "item", item)
    errors = api.refused("PATCH", tender.path, {"items": [{}]}, status=422, token=tender.token)
    assert errors == [builders.problem("questions", [{"relatedItem": ["relatedItem should be one of items"]}])]
    answered = api.patch(question.path, {"answer": "Так"}, token=tender.token)
    assert answered["relatedItem"] == item


def test_other_items_may_go(api, tender):
    about(api, tender, "questions", "item", tender.data["items"][0]["id"])
    assert len(api.patch(tender, {"items": [{}]})["items"]) == 1


def test_a_lot_and_an_item_may_have_one_id(api):
    twins = "1" * 32
    lots = [builders.lot("Перший", id=twins), builders.lot("Другий")]
    tender = api.tender(lots=lots, items=[builders.item(), builders.item(id=twins)])
    about(api, tender, "questions", "lot", twins)
    errors = api.refused("DELETE", f"{tender.path}/lots/{twins}", status=422, token=tender.token)
    assert errors == [builders.problem("questions", [{"relatedItem": ["relatedItem should be one of lots"]}])]
    assert len(api.patch(tender, {"items": [{}]})["items"]) == 1
