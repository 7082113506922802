"""Features: criteria beside the price, what they may weigh, how bids answer them, and how they decide."""

from __future__ import annotations

import pytest
from journey import awards, hold_auction, wrong

from openprocurement_api.testing.builders import bid, item, lot, lot_bid, tender

REQUIRED = ["This field is required."]
FIRST, SECOND = "1" * 32, "2" * 32
TOO_HEAVY = ["Sum of max value of all features should be less then or equal to 30%"]
TOO_HEAVY_LOT = ["Sum of max value of all features for lot should be less then or equal to 30%"]


def feature(code="years", *values, **about):
    enum = [{"value": number, "title": f"на {number}"} for number in values or (0.1, 0.15)]
    return {"code": code, "title": "Критерій", "featureOf": "tenderer", "enum": enum} | about


def without(doc, name):
    return {key: value for key, value in doc.items() if key != name}


@pytest.mark.parametrize(
    ("features", "description"),
    [
        ([feature(featureOf="lot")], [{"relatedItem": REQUIRED}]),
        ([feature(featureOf="item")], [{"relatedItem": REQUIRED}]),
        ([feature(featureOf="lot", relatedItem="2")], [{"relatedItem": ["relatedItem should be one of lots"]}]),
        ([feature(featureOf="item", relatedItem="2")], [{"relatedItem": ["relatedItem should be one of items"]}]),
        ([feature(featureOf="weather")], [{"featureOf": ["Value must be one of ['tenderer', 'lot', 'item']."]}]),
        ([feature("x", 0.5, 0.1)], [{"enum": [{"value": ["Float value should be less than 0.3."]}]}]),
        ([feature("x", 0.1, -0.1)], [{"enum": [{"value": ["Float value should be greater than 0.0."]}]}]),
        ([feature("x", 0.15, 0.15)], [{"enum": ["Feature value should be uniq for feature"]}]),
        ([feature("x", "much")], {"enum": {"value": ["Value 'much' is not float."]}}),
        ([feature(enum=[])], [{"enum": ["Please provide at least 1 item."]}]),
        ([feature(enum=[{"value": 0.1}])], [{"enum": [{"title": REQUIRED}]}]),
        ([feature(enum=[{"title": "a"}])], [{"enum": [{"value": REQUIRED}]}]),
        ([without(feature(), "title")], [{"title": REQUIRED}]),
        ([feature(), feature("years", 0.01)], ["Feature code should be uniq for all features"]),
        ([feature(), feature("power", 0.1, 0.2)], TOO_HEAVY),
        ([feature("a", 0.3), feature("b", 0.0001)], TOO_HEAVY),
        ([{"rogue": 1}], {"rogue": "Rogue field"}),
    ],
)
def test_features_that_are_wrong(api, features, description):
    data = tender(api.clock.now, items=[item(id="1")], features=features)
    assert api.refused("POST", "/tenders", data, status=422) == wrong("features", description)


def test_features_that_weigh_all_they_may(api):
    features = [feature(code, 0, 0.1) for code in ("a", "b", "c")]
    assert [f["enum"] for f in api.tender(features=features).data["features"]] == [f["enum"] for f in features], "0.1 + 0.1 + 0.1"


def divided(features, **changes):
    return {
        "lots": [lot("Перший", id=FIRST), lot("Другий", id=SECOND)],
        "items": [item(id="a", relatedLot=FIRST), item(id="b", relatedLot=SECOND)],
        "features": features,
    } | changes


OF_FIRST, OF_SECOND = {"featureOf": "lot", "relatedItem": FIRST}, {"featureOf": "item", "relatedItem": "b"}


def test_features_are_weighed_lot_by_lot(api):
    light = [feature("a", 0.15, **OF_FIRST), feature("b", 0.15, **OF_SECOND), feature("c", 0.15)]
    made = api.tender(**divided(light))
    assert [f["code"] for f in made.data["features"]] == ["a", "b", "c"], "0.45 in all, 0.3 for each lot"
    heavy = [feature("a", 0.2, **OF_FIRST), *light[1:]]
    data = tender(api.clock.now, **divided(heavy))
    assert api.refused("POST", "/tenders", data, status=422) == wrong("features", TOO_HEAVY_LOT)
    sent = {"features": [{"enum": [{"value": 0.2}]}, {}, {}]}
    assert api.refused("PATCH", made.path, sent, status=422, token=made.token) == wrong("features", TOO_HEAVY_LOT)


def test_features_are_changed_by_index_and_taken_away(api):
    about = {"featureOf": "item", "relatedItem": "1"}
    made = api.tender(
        items=[item(id="1")], features=[feature("a", 0.05, **about), feature("b", 0.05), without(feature("", 0.05), "code")]
    )
    assert all(f["code"] for f in made.data["features"])
    after = api.patch(made, {"features": [{"featureOf": "tenderer", "relatedItem": None}, {}, {}]})
    assert "relatedItem" not in after["features"][0]
    assert after["features"][1:] == made.data["features"][1:]
    assert api.patch(made, {"features": [{}]})["features"] == after["features"][:1]
    assert "features" not in api.patch(made, {"features": []})


def test_item_with_a_feature_stays(api):
    made = api.tender(items=[item(id="1"), item(id="2")], features=[feature(featureOf="item", relatedItem="2")])
    errors = api.refused("PATCH", made.path, {"items": [{}]}, status=422, token=made.token)
    assert errors == wrong("features", [{"relatedItem": ["relatedItem should be one of items"]}])


def test_feature_comes_with_its_item(api):
    made = api.tender(items=[item(id="1")])
    after = api.patch(made, {"items": [{}, item(id="2")], "features": [feature(featureOf="item", relatedItem="2")]})
    assert after["features"] == [feature(featureOf="item", relatedItem="2")]


def test_features_are_seen_by_everybody(api):
    made = api.tender(features=[feature()])
    assert api.get(made.path, user=None)["features"] == [feature()]


def answers(**given):
    return [{"code": code, "value": number} for code, number in given.items()]


def test_features_decide_with_the_price(api):
    """475 / (1 + 0.15 / 0.7) = 391.2 is better than 400."""
    made = api.tender(features=[feature("years", 0, 0.15), feature("power", 0, 0.15)])
    api.until(made, "active.tendering")
    cheap = api.post(f"{made.path}/bids", bid(400, parameters=answers(years=0, power=0)))
    good = api.post(f"{made.path}/bids", bid(475, parameters=answers(years=0.15, power=0)))
    hold_auction(api, made)
    [award] = awards(api, made)
    assert (award.data["bid_id"], award.data["value"]["amount"]) == (good.id, 475)
    api.patch(award, {"status": "unsuccessful"})
    assert awards(api, made)[-1].data["bid_id"] == cheap.id


def test_features_of_one_lot_do_not_decide_on_the_other(api):
    made = api.tender(**divided([feature("a", 0, 0.3, **OF_FIRST), feature("b", 0, 0.3, **OF_SECOND)]))
    api.until(made, "active.tendering")
    cheap = api.post(f"{made.path}/bids", lot_bid({FIRST: 200, SECOND: 200}, parameters=answers(a=0, b=0)))
    good = api.post(f"{made.path}/bids", lot_bid({FIRST: 240, SECOND: 240}, parameters=answers(a=0.3, b=0)))
    hold_auction(api, made)
    assert [(award.data["lotID"], award.data["bid_id"]) for award in awards(api, made)] == [(FIRST, good.id), (SECOND, cheap.id)]


def test_of_equal_bids_the_earlier_wins(api):
    made = api.tender(features=[feature("years", 0, 0.3)])
    api.until(made, "active.tendering")
    answered = [
        api.post(f"{made.path}/bids", bid(amount, parameters=answers(years=share))) for amount, share in ((500, 0.3), (350, 0))
    ]
    hold_auction(api, made)
    dates = [b.data["date"] for b in answered]
    assert dates[0] == dates[1]
    assert awards(api, made)[0].data["bid_id"] == answered[0].id, (
        "500 / (1 + 0.3 / 0.7) is 350 exactly; the first in the list stays first"
    )
