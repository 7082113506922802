"""Rules of the models: a realistic tender and its nodes pass, and each rule refuses with its message."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprocurement_api.errors import Invalid
from openprocurement_api.models.award import Award
from openprocurement_api.models.base import Scope, check
from openprocurement_api.models.bid import Bid, ConfirmedBid
from openprocurement_api.models.cancellation import Cancellation
from openprocurement_api.models.complaint import Complaint
from openprocurement_api.models.contract import Contract
from openprocurement_api.models.dialogue import DialogueBid, HeavyFeature
from openprocurement_api.models.document import Document
from openprocurement_api.models.item import Item
from openprocurement_api.models.lot import Lot
from openprocurement_api.models.open_tender import OpenTender
from openprocurement_api.models.question import Question
from openprocurement_api.models.second_stage import second_stage
from openprocurement_api.models.tender import Tender

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2020, 1, 31, 12, tzinfo=KYIV)
LOTS = [f"{number:032x}" for number in (1, 2)]
ABSENT = f"{9:032x}"
AWARD = f"{5:032x}"
REQUIRED = ["This field is required."]


def organization(id_="00037256"):
    return {
        "name": "Державне управління справами",
        "name_en": "State administration",
        "identifier": {"scheme": "UA-EDR", "id": id_, "uri": "http://www.dus.gov.ua/"},
        "address": {
            "countryName": "Україна",
            "postalCode": "01220",
            "region": "м. Київ",
            "streetAddress": "вул. Банкова, 11, корпус 1",
            "locality": "м. Київ",
        },
        "contactPoint": {"name": "Державне управління справами", "telephone": "0440000000"},
    }


def price(amount, **changes):
    return {"amount": amount, "currency": "UAH", "valueAddedTaxIncluded": True} | changes


def item(number, lot=None):
    related = {"relatedLot": lot} if lot else {}
    return related | {
        "id": f"item{number}",
        "description": "футляри до державних нагород",
        "description_en": "Cases with state awards",
        "classification": {"scheme": "ДК021", "id": "44617100-9", "description": "Cartons"},
        "additionalClassifications": [{"scheme": "ДКПП", "id": "17.21.1", "description": "папір і картон гофровані"}],
        "unit": {"code": "44617100-9", "name": "item"},
        "quantity": 5,
        "deliveryAddress": organization()["address"],
        "deliveryDate": {"startDate": "2020-03-01T10:00:00.306344", "endDate": "2020-03-10"},
        "deliveryLocation": {"latitude": Decimal("49.8500"), "longitude": "24.0167"},
    }


def feature(code, *values, **changes):
    enum = [{"value": Decimal(value), "title": f"answer {value}"} for value in values]
    return {"code": code, "featureOf": "tenderer", "title": code, "enum": enum} | changes


def tender(**changes):
    """As the client sends it: without lots, one criterion."""
    return {
        "title": "футляри до державних нагород",
        "title_en": "Cases with state awards",
        "procurementMethodType": "belowThreshold",
        "value": price(1000),
        "minimalStep": price(35),
        "enquiryPeriod": {"endDate": "2020-02-07T12:00:00"},
        "tenderPeriod": {"startDate": "2020-02-07T12:00:00+02:00", "endDate": "2020-02-14T12:00:00"},
        "procuringEntity": organization() | {"kind": "general"},
        "items": [item(number) for number in range(5)],
        "features": [feature("years", "0.05", "0.1")],
    } | changes


def lot(number, **changes):
    return {"id": LOTS[number], "title": f"Lot {number}", "value": price(500), "minimalStep": price(15)} | changes


def tender_with_lots(**changes):
    features = [
        feature("years", "0.05", "0.1"),
        feature("service", "0", "0.2", featureOf="lot", relatedItem=LOTS[0]),
        feature("power", "0.1", "0.2", featureOf="item", relatedItem="item1"),
    ]
    items = [item(number, LOTS[number % 2]) for number in range(5)]
    return tender(lots=[lot(0), lot(1)], items=items, features=features) | changes


def plain(raw):
    """As the store keeps it."""
    return msgspec.json.decode(msgspec.json.Encoder(decimal_format="number").encode(raw))


def checked(model, raw, root=None, parent=None, **scope):
    root = raw if root is None else root
    return check(model, raw, Scope(root=root, parent=parent, now=NOW, tz=KYIV, **scope))


def refusals(model, raw, root=None, parent=None):
    """The problems as {name: description}; empty when there are none."""
    try:
        checked(model, raw, root, parent)
    except Invalid as refusal:
        return {problem.name: problem.description for problem in refusal.problems}
    return {}


def put(raw, place, value):
    """A copy of `raw` with another value at a path of keys and indices."""
    copy = deepcopy(raw)
    target = copy
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    return copy


def changed(raw, path, value):
    """The same with a dotted path."""
    return put(raw, [int(step) if step.isdecimal() else step for step in path.split(".")], value)


@pytest.mark.parametrize("raw", [tender(), tender_with_lots()], ids=["whole", "lots"])
def test_realistic_tender_passes_and_is_stable(raw):
    answer = checked(Tender, raw)
    assert answer["value"] == {"amount": 1000.0, "currency": "UAH", "valueAddedTaxIncluded": True}
    assert answer["enquiryPeriod"] == {"endDate": "2020-02-07T12:00:00+02:00"}
    assert answer["items"][0]["deliveryLocation"] == {"latitude": 49.85, "longitude": "24.0167"}
    assert (answer["procurementMethod"], answer["awardCriteria"]) == ("open", "lowestCost")
    assert "guarantee" not in answer
    assert checked(Tender, answer) == answer
    assert plain(answer) == answer


def test_stored_tender_passes():
    system = {
        "id": ABSENT,
        "tenderID": "UA-2020-01-31-000001",
        "owner": "broker",
        "status": "active.auction",
        "date": "2020-01-31T12:00:00+02:00",
        "dateModified": "2020-01-31T12:00:00+02:00",
        "next_check": "2020-02-07T12:00:00+02:00",
        "numberOfBids": 2,
        "auctionUrl": "http://auction.example.com/tenders/1",
        "auctionPeriod": {"startDate": "2020-02-20T11:00:00+02:00", "shouldStartAfter": "2020-02-15T00:00:00+02:00"},
    }
    raw = tender(**system, enquiryPeriod={"startDate": "2020-01-31T12:00:00+02:00", "endDate": "2020-02-07T12:00:00+02:00"})
    answer = checked(Tender, plain(raw))
    assert answer.items() >= system.items()


@pytest.mark.parametrize(
    ("path", "value", "name", "description"),
    [
        ("title", None, "title", REQUIRED),
        ("owner_token", "x", "owner_token", "Rogue field"),
        ("mode", "real", "mode", ["Value must be one of ['test']."]),
        ("value", "x", "value", ["Please use a mapping for this field or Value instance instead of str."]),
        ("value.amount", -1, "value", {"amount": ["Float value should be greater than 0."]}),
        ("value.currency", "UA", "value", {"currency": ["String value is too short."]}),
        ("items", [], "items", ["Please provide at least 1 item."]),
        ("items.2.description", None, "items", [{"description": REQUIRED}]),
        ("items.1.id", "item0", "items", ["Item id should be uniq for all items"]),
        ("items.1.classification.id", "03000000-1", "items", ["CPV class of items should be identical"]),
        (
            "items.0.classification.scheme",
            "CAV",
            "items",
            [{"classification": {"scheme": ["Value must be one of ['CPV', 'ДК021']."]}}],
        ),
        ("items.0.classification.scheme", "CPV", "items", [{"classification": {"scheme": ["Value must be one of ['ДК021']."]}}]),
        ("items.0.relatedLot", ABSENT, "items", [{"relatedLot": ["relatedLot should be one of lots"]}]),
        (
            "procuringEntity.kind",
            "x",
            "procuringEntity",
            {"kind": ["Value must be one of ['general', 'special', 'defense', 'other']."]},
        ),
        (
            "procuringEntity.contactPoint.telephone",
            None,
            "procuringEntity",
            {"contactPoint": {"email": ["telephone or email should be present"]}},
        ),
        ("minimalStep.amount", 1001, "minimalStep", ["value should be less than value of tender"]),
        ("minimalStep.currency", "USD", "minimalStep", ["currency should be identical to currency of value of tender"]),
        (
            "minimalStep.valueAddedTaxIncluded",
            False,
            "minimalStep",
            ["valueAddedTaxIncluded should be identical to valueAddedTaxIncluded of value of tender"],
        ),
        ("enquiryPeriod", {"endDate": "x"}, "enquiryPeriod", {"endDate": ["Could not parse x. Should be ISO8601."]}),
        ("enquiryPeriod", {}, "enquiryPeriod", {"endDate": REQUIRED}),
        ("tenderPeriod.endDate", "2020-02-01", "tenderPeriod", {"startDate": ["period should begin before its end"]}),
        ("tenderPeriod.startDate", "2020-02-01", "tenderPeriod", ["period should begin after enquiryPeriod"]),
        ("awardPeriod", {"startDate": "2020-02-14"}, "awardPeriod", ["period should begin after tenderPeriod"]),
        ("features.0.enum", None, "features", [{"enum": REQUIRED}]),
        ("features.0.enum", [], "features", [{"enum": ["Please provide at least 1 item."]}]),
        (
            "features.0.enum.0.value",
            Decimal("0.4"),
            "features",
            [{"enum": [{"value": ["Float value should be less than 0.3."]}]}],
        ),
        ("features.0.enum.0.value", Decimal("0.10"), "features", [{"enum": ["Feature value should be uniq for feature"]}]),
        ("features.0.featureOf", "item", "features", [{"relatedItem": REQUIRED}]),
        ("features", [feature("a", "0.1"), feature("a", "0.1")], "features", ["Feature code should be uniq for all features"]),
        (
            "features",
            [feature("a", "0.3"), feature("b", "0.00000000000001")],
            "features",
            ["Sum of max value of all features should be less then or equal to 30%"],
        ),
        (
            "features",
            [feature("a", "0.1", featureOf="item", relatedItem="x")],
            "features",
            [{"relatedItem": ["relatedItem should be one of items"]}],
        ),
        (
            "features",
            [feature("a", "0.1", featureOf="lot", relatedItem="x")],
            "features",
            [{"relatedItem": ["relatedItem should be one of lots"]}],
        ),
        ("procurementMethodDetails", "quick, accelerator=1440", "procurementMethodDetails", "Rogue field"),
        ("funders", [organization()], "funders", ["Funder identifier should be one of the values allowed"]),
        ("funders", [organization(), organization()], "funders", ["Funders' identifier should be unique"]),
        ("documents", [], "documents", "Rogue field"),
    ],
)
def test_tender_refuses(path, value, name, description):
    assert refusals(Tender, changed(tender(), path, value)) == {name: description}


@pytest.mark.parametrize(
    ("path", "value", "name", "description"),
    [
        ("lots.1.id", LOTS[0], "lots", ["Lot id should be uniq for all lots"]),
        ("lots.1.title", "", "lots", [{"title": ["String value is too short."]}]),
        ("lots.0.minimalStep.amount", 501, "lots", [{"minimalStep": ["value should be less than value of lot"]}]),
        ("auctionUrl", "http://auction.example.com/1", "auctionUrl", ["url should be posted for each lot"]),
        (
            "features.2.enum.0.value",
            Decimal("0.200000000001"),
            "features",
            ["Sum of max value of all features for lot should be less then or equal to 30%"],
        ),
    ],
)
def test_tender_with_lots_refuses(path, value, name, description):
    raw = changed(tender_with_lots(), path, value)
    if path == "lots.1.id":
        raw["items"] = [item(number, LOTS[0]) for number in range(5)]
        raw["features"] = []
    assert refusals(Tender, raw) == {name: description}


def test_tender_knows_its_stored_lots():
    stored = plain(tender_with_lots())
    raw = {key: value for key, value in stored.items() if key != "lots"}
    assert refusals(Tender, raw, stored) == {}
    raw = changed(raw, "features.2.enum.0.value", 0.21)
    limit = "Sum of max value of all features for lot should be less then or equal to 30%"
    assert refusals(Tender, raw, stored) == {"features": [limit]}


def test_guarantees_of_lots_are_in_one_currency():
    usd, uah = {"amount": 1, "currency": "USD"}, {"amount": 1}
    message = {"lots": ["lot guarantee currency should be identical to tender guarantee currency"]}
    assert refusals(Tender, tender_with_lots(lots=[lot(0, guarantee=usd), lot(1, guarantee=uah)])) == message
    assert refusals(Tender, tender_with_lots(lots=[lot(0, guarantee=usd), lot(1, guarantee=usd)])) == {}
    assert refusals(Tender, tender_with_lots(lots=[lot(0), lot(1, guarantee=uah)])) == {}


def test_lots_have_ids_of_their_own():
    assert refusals(Tender, tender_with_lots(lots=[lot(0), lot(1), lot(1)])) == {"lots": ["Lot id should be uniq for all lots"]}


def test_pharmaceuticals_share_three_digits():
    inn = [{"scheme": "INN", "id": "x", "description": "x"}]
    items = [item(0), item(1)]
    for each, code in zip(items, ("33600000-6", "33651000-8"), strict=True):
        each["classification"]["id"] = code
        each["additionalClassifications"] = inn
    assert refusals(Tender, tender(items=items)) == {}
    items[1]["classification"]["id"] = "44617100-9"
    assert refusals(Tender, tender(items=items)) == {"items": ["CPV group of items be identical"]}


@pytest.mark.parametrize(
    ("code", "schemes", "description"),
    [
        ("44617100-9", [], None),
        ("99999999-9", [], None),
        ("99999999-9", ["ДКПП", "ДК003"], None),
        ("99999999-9", ["ДКПП"], ["One of additional classifications should be one of [ДК003, ДК015, ДК018, specialNorms]."]),
        ("33600000-6", [], REQUIRED),
        ("33600000-6", ["ДКПП"], ["One of additional classifications should be INN."]),
        ("33600000-6", ["ДКПП", "INN"], None),
        ("33695000-8", [], None),
    ],
)
def test_additional_classifications(code, schemes, description):
    raw = changed(item(0), "classification.id", code)
    raw["additionalClassifications"] = [{"scheme": scheme, "id": "x", "description": "x"} for scheme in schemes]
    assert refusals(Item, raw) == ({"additionalClassifications": description} if description else {})


def test_classification_is_in_the_list():
    raw = changed(item(0), "classification.id", "44617100-0")
    [message] = refusals(Item, raw)["classification"]["id"]
    assert message.startswith("Value must be one of ['03000000-1', ")
    assert refusals(Item, changed(raw, "classification.id", "44617100-9")) == {}


@pytest.mark.parametrize(
    ("location", "description"),
    [
        ({"latitude": -90, "longitude": "180.0"}, None),
        ({"latitude": "8,5", "longitude": 0}, {"latitude": ["Invalid value. Required latitude format 12.0123456789"]}),
        ({"latitude": 0, "longitude": True}, {"longitude": ["Invalid value. Required longitude format 12.0123456789"]}),
        ({"latitude": "90.1", "longitude": 0}, {"latitude": ["Invalid value. Latitude must be between -90 and 90 degree."]}),
        ({"latitude": 0, "longitude": 181}, {"longitude": ["Invalid value. Longitude must be between -180 and 180 degree."]}),
        ({"latitude": 0}, {"longitude": REQUIRED}),
    ],
)
def test_coordinates(location, description):
    assert refusals(Item, item(0) | {"deliveryLocation": location}) == ({"deliveryLocation": description} if description else {})


def test_identifier_is_of_a_known_register():
    raw = changed(tender(), "procuringEntity.identifier.scheme", "UA")
    [message] = refusals(Tender, raw)["procuringEntity"]["identifier"]["scheme"]
    assert message.startswith("Value must be one of ['AE-ACCI', ")
    assert "'UA-EDR'" in message


def test_funders_of_the_list_pass():
    bank = organization() | {"identifier": {"scheme": "XM-DAC", "id": 44000}}
    assert refusals(Tender, tender(funders=[bank])) == {}


def test_award_period_follows_the_auction():
    periods = {"auctionPeriod": {"endDate": "2020-02-20"}, "awardPeriod": {"startDate": "2020-02-19"}}
    assert refusals(Tender, tender(**periods)) == {"awardPeriod": ["period should begin after auctionPeriod"]}
    assert refusals(Tender, tender(**changed(periods, "awardPeriod.startDate", "2020-02-20"))) == {}


def test_beginning_of_a_saved_period_stays():
    saved = tender(dateModified="2020-01-31T12:00:00+02:00")
    assert refusals(Tender, saved) == {"enquiryPeriod": {"startDate": ["This field cannot be deleted"]}}


def test_details_of_the_sandbox():
    details = {"procurementMethodDetails": "quick, accelerator=1440"}
    assert checked(Tender, tender(**details), sandbox=True).items() >= details.items()


def bid(**changes):
    parameters = [{"code": "years", "value": Decimal("0.1")}]
    return {"tenderers": [organization()], "value": price(500), "parameters": parameters} | changes


def lot_bid(**changes):
    """For the first lot, whose items are 0, 2 and 4."""
    parameters = [{"code": "years", "value": Decimal("0.1")}, {"code": "service", "value": 0}]
    prices = [{"value": price(500), "relatedLot": LOTS[0], "participationUrl": "http://localhost/1"}]
    return {"tenderers": [organization()], "lotValues": prices, "parameters": parameters} | changes


@pytest.mark.parametrize(("raw", "root"), [(bid(), tender()), (lot_bid(), tender_with_lots())], ids=["whole", "lots"])
def test_bid_passes(raw, root):
    answer = checked(Bid, raw, plain(root))
    assert (answer["status"], answer["date"]) == ("active", NOW.isoformat())
    assert answer["parameters"][0] == {"code": "years", "value": 0.1}
    assert checked(Bid, answer, plain(root)) == answer


def test_bid_is_not_compared_with_a_price_the_tender_does_not_name():
    root = plain({key: value for key, value in tender().items() if key != "value"})
    assert checked(Bid, bid(value=price(10**9)), root)["value"]["amount"] == 1e9


def test_bid_for_both_lots_answers_all_criteria():
    prices = [{"value": price(500), "relatedLot": id_} for id_ in LOTS]
    answers = [{"code": "years", "value": 0.05}, {"code": "service", "value": 0.2}, {"code": "power", "value": 0.1}]
    root = plain(tender_with_lots())
    assert refusals(Bid, lot_bid(lotValues=prices, parameters=answers), root) == {}
    assert refusals(Bid, lot_bid(lotValues=prices), root) == {"parameters": ["All features parameters is required."]}


@pytest.mark.parametrize(
    ("path", "value", "name", "description"),
    [
        ("tenderers", None, "tenderers", REQUIRED),
        ("tenderers", [], "tenderers", ["Please provide at least 1 item."]),
        ("tenderers", [organization(), organization()], "tenderers", ["Please provide no more than 1 item."]),
        (
            "tenderers",
            [{"identifier": "x"}],
            "tenderers",
            {"identifier": ["Please use a mapping for this field or Identifier instance instead of str."]},
        ),
        (
            "tenderers",
            [{"identifier": {"uri": "x"}}],
            "tenderers",
            [
                {
                    "name": REQUIRED,
                    "identifier": {"scheme": REQUIRED, "id": REQUIRED, "uri": ["Not a well formed URL."]},
                    "address": REQUIRED,
                    "contactPoint": REQUIRED,
                }
            ],
        ),
        ("status", "pending", "status", ["Value must be one of ['active', 'draft']."]),
        ("value", None, "value", REQUIRED),
        ("value.amount", Decimal("1000.01"), "value", ["value of bid should be less than value of tender"]),
        ("value.currency", "USD", "value", ["currency of bid should be identical to currency of value of tender"]),
        (
            "value.valueAddedTaxIncluded",
            False,
            "value",
            ["valueAddedTaxIncluded of bid should be identical to valueAddedTaxIncluded of value of tender"],
        ),
        ("parameters", None, "parameters", REQUIRED),
        ("parameters", [], "parameters", REQUIRED),
        ("parameters.0.code", "x", "parameters", [{"code": ["code should be one of feature code."]}]),
        ("parameters.0.value", 0.2, "parameters", [{"value": ["value should be one of feature value."]}]),
        ("parameters", [{"code": "years", "value": 0.1}] * 2, "parameters", ["Parameter code should be uniq for all parameters"]),
        ("transfer_token", "x", "transfer_token", "Rogue field"),
    ],
)
def test_bid_refuses(path, value, name, description):
    assert refusals(Bid, changed(bid(), path, value), plain(tender())) == {name: description}


@pytest.mark.parametrize(
    ("path", "value", "name", "description"),
    [
        ("lotValues", [], "lotValues", REQUIRED),
        ("lotValues.0.relatedLot", ABSENT, "lotValues", [{"relatedLot": ["relatedLot should be one of lots"]}]),
        ("lotValues", lot_bid()["lotValues"] * 2, "lotValues", ["bids don't allow duplicated proposals"]),
        ("lotValues.0.value.amount", 501, "lotValues", [{"value": ["value of bid should be less than value of lot"]}]),
        (
            "lotValues.0.value.currency",
            "USD",
            "lotValues",
            [{"value": ["currency of bid should be identical to currency of value of lot"]}],
        ),
        ("value", price(1), "value", ["value should be posted for each lot of bid"]),
        ("participationUrl", "http://localhost/1", "participationUrl", ["url should be posted for each lot of bid"]),
        ("parameters", lot_bid()["parameters"][:1], "parameters", ["All features parameters is required."]),
    ],
)
def test_bid_for_lots_refuses(path, value, name, description):
    assert refusals(Bid, changed(lot_bid(), path, value), plain(tender_with_lots()))[name] == description


def award(**changes):
    return {"id": AWARD, "bid_id": ABSENT, "status": "active", "value": price(500), "suppliers": [organization()]} | changes


def contract(**changes):
    return {"awardID": AWARD, "value": price(500), "suppliers": [organization()], "items": [item(0)]} | changes


def awarded(end="2020-01-30T00:00:00+02:00"):
    return plain(tender(awards=[award(complaintPeriod={"endDate": end})]))


def question(**changes):
    return {"title": "Калорійність", "author": organization()} | changes


def document(**changes):
    return {"title": "notice.pdf", "format": "application/pdf", "url": "/get/1", "hash": "md5:" + "0" * 32} | changes


def complaint(**changes):
    return {"title": "Умови", "author": organization()} | changes


@pytest.mark.parametrize(
    ("model", "raw", "root", "expected"),
    [
        (Question, question(), tender(), {"questionOf": "tender", "date": NOW.isoformat()}),
        (Question, question(questionOf="item", relatedItem="item1"), tender(), {"relatedItem": "item1"}),
        (Document, document(documentOf="lot", relatedItem=LOTS[1]), tender_with_lots(), {"dateModified": NOW.isoformat()}),
        (Complaint, complaint(status="answered", resolutionType="resolved"), tender(), {"type": "claim"}),
        (Complaint, complaint(status="cancelled", cancellationReason="x", relatedLot=LOTS[0]), tender_with_lots(), {}),
        (Cancellation, {"reason": "x", "reason_en": "y"}, tender(), {"status": "pending", "cancellationOf": "tender"}),
        (Cancellation, {"reason": "x", "cancellationOf": "lot", "relatedLot": LOTS[0]}, tender_with_lots(), {}),
        (Award, award(), tender(), {"status": "active"}),
        (Award, award(lotID=LOTS[1], qualified=True), tender_with_lots(), {"qualified": True}),
        (Contract, contract(), awarded(), {"status": "pending"}),
        (Contract, contract(dateSigned="2020-01-31"), awarded(), {"dateSigned": "2020-01-31T00:00:00+02:00"}),
        (Contract, contract(dateSigned="2020-01-31"), tender(awards=[award()]), {}),
        (Lot, lot(0, numberOfBids=2, auctionPeriod={"shouldStartAfter": "2020-02-15"}), tender(), {"status": "active"}),
    ],
)
def test_node_passes(model, raw, root, expected):
    root = plain(root)
    answer = checked(model, raw, root, parent=root)
    assert answer.items() >= expected.items()
    assert checked(model, plain(answer), root, parent=root) == answer


@pytest.mark.parametrize(
    ("model", "raw", "root", "name", "description"),
    [
        (Question, question(questionOf="item"), tender(), "relatedItem", REQUIRED),
        (Question, question(questionOf="item", relatedItem="x"), tender(), "relatedItem", ["relatedItem should be one of items"]),
        (Question, question(questionOf="lot", relatedItem="x"), tender(), "relatedItem", ["relatedItem should be one of lots"]),
        (Document, document(documentOf="item"), tender(), "relatedItem", REQUIRED),
        (
            Document,
            document(documentOf="lot", relatedItem=ABSENT),
            tender(),
            "relatedItem",
            ["relatedItem should be one of lots"],
        ),
        (
            Document,
            document(documentOf="item", relatedItem=ABSENT),
            tender(),
            "relatedItem",
            ["relatedItem should be one of items"],
        ),
        (Document, document(format="pdf"), tender(), "format", ["String value did not match validation regex."]),
        (Document, document(hash="md5:0"), tender(), "hash", ["Hash value is wrong length."]),
        (Complaint, complaint(status="answered"), tender(), "resolutionType", REQUIRED),
        (Complaint, complaint(status="cancelled"), tender(), "cancellationReason", REQUIRED),
        (Complaint, complaint(relatedLot=ABSENT), tender(), "relatedLot", ["relatedLot should be one of lots"]),
        (Cancellation, {}, tender(), "reason", REQUIRED),
        (Cancellation, {"reason": "x", "cancellationOf": "lot"}, tender(), "relatedLot", REQUIRED),
        (Cancellation, {"reason": "x", "relatedLot": ABSENT}, tender(), "relatedLot", ["relatedLot should be one of lots"]),
        (Award, award(), tender_with_lots(), "lotID", REQUIRED),
        (Award, award(lotID=ABSENT), tender_with_lots(), "lotID", ["lotID should be one of lots"]),
        (Contract, contract(awardID=ABSENT), awarded(), "awardID", ["awardID should be one of awards"]),
        (
            Contract,
            contract(dateSigned="2020-01-30"),
            awarded(),
            "dateSigned",
            ["Contract signature date should be after award complaint period end date (2020-01-30T00:00:00+02:00)"],
        ),
        (
            Contract,
            contract(dateSigned="2020-02-01"),
            awarded(),
            "dateSigned",
            ["Contract signature date can't be in the future"],
        ),
    ],
)
def test_node_refuses(model, raw, root, name, description):
    root = plain(root)
    assert refusals(model, raw, root, parent=root) == {name: description}


numbers = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.sampled_from(["id", "value"]), inner, max_size=3),
)


@second_stage
class Second(OpenTender):
    """A second stage."""


@pytest.mark.parametrize(
    ("model", "path", "name"),
    [
        (OpenTender, ("items",), "Item"),
        (OpenTender, ("tenderPeriod",), "PeriodStartEndRequired"),
        (OpenTender, ("items", "deliveryDate"), "PeriodEndRequired"),
        (OpenTender, ("enquiryPeriod",), "EnquiryPeriod"),
        (ConfirmedBid, ("lotValues",), "LotValue"),
        (DialogueBid, ("lotValues",), "LotValue"),
        (HeavyFeature, ("enum",), "FeatureValue"),
        (Second, ("features",), "Feature"),
        (Second, ("shortlistedFirms",), "Firms"),
    ],
)
def test_a_model_that_extends_another_is_called_as_in_the_wire_contract(model, path, name):
    first, *inner = path
    raw = {first: [{part: "x"} for part in inner] or "x"}
    said = refusals(model, raw)[first]
    for part in inner:
        said = said[part]
    assert said == [f"Please use a mapping for this field or {name} instance instead of str."]


def places(raw, way=()):
    """Every path into `raw`, as tuples of keys and indices."""
    children = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for key, child in children:
        yield (*way, key)
        yield from places(child, (*way, key))


FUZZED = [
    (model, raw, place)
    for model, raw in [(Tender, tender_with_lots()), (Bid, lot_bid()), (Contract, contract()), (Document, document())]
    for place in places(raw)
]


@given(st.sampled_from(FUZZED), values)
def test_whatever_is_sent_is_accepted_or_refused(case, value):
    model, sample, place = case
    raw = put(sample, place, value)
    root = raw if model is Tender else plain(tender_with_lots(awards=[award()]))
    problems = refusals(model, raw, root)
    if problems:
        assert msgspec.json.encode(problems)
    else:
        answer = checked(model, raw, root)
        stored = answer if model is Tender else root
        assert checked(model, plain(answer), stored) == answer
