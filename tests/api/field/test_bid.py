"""Bids: offering, every way to offer wrongly, what stays sealed, changes, parameters, documents, and the tender period."""

from __future__ import annotations

from datetime import timedelta

import pytest
from journey import BAD_BODIES, FORBIDDEN, add_file, cancel, forge_status, registered, said, unknown, upload

from openprocurement_api.testing.builders import bid, item, lot, lot_bid, organization, problem, value
from openprocurement_api.testing.client import BASE

REQUIRED = ["This field is required."]
VAT = "valueAddedTaxIncluded of bid should be identical to valueAddedTaxIncluded of value of"
FIRST, SECOND = "1" * 32, "2" * 32


def by_name(errors):
    return sorted(errors, key=lambda error: error["name"])


@pytest.fixture
def path(tendering):
    return f"{tendering.path}/bids"


@pytest.fixture
def offer(api, path):
    return api.post(path, bid(450))


# --- offers that are wrong


@BAD_BODIES
def test_body_that_is_no_bid(api, path, body, content_type, status, error):
    api.web.authorization = ("Basic", ("broker", ""))
    answer = api.web.post(BASE + path, body.encode(), content_type=content_type, status=status)
    assert answer.json == {"status": "error", "errors": [error]}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, [("tenderers", REQUIRED)]),
        ({"invalid_field": "invalid_value"}, [("invalid_field", "Rogue field")]),
        ({"tenderers": "us"}, [("tenderers", ["Please use a mapping for this field or Organization instance instead of str."])]),
        (
            {"tenderers": [{"identifier": "invalid_value"}]},
            [("tenderers", {"identifier": ["Please use a mapping for this field or Identifier instance instead of str."]})],
        ),
        (
            bid(tenderers=[{"identifier": {}}]),
            [
                (
                    "tenderers",
                    [
                        {
                            "name": REQUIRED,
                            "address": REQUIRED,
                            "contactPoint": REQUIRED,
                            "identifier": {"scheme": REQUIRED, "id": REQUIRED},
                        }
                    ],
                )
            ],
        ),
        (
            bid(tenderers=[{"name": "name", "identifier": {"uri": "invalid_value"}}]),
            [
                (
                    "tenderers",
                    [
                        {
                            "address": REQUIRED,
                            "contactPoint": REQUIRED,
                            "identifier": {"scheme": REQUIRED, "id": REQUIRED, "uri": ["Not a well formed URL."]},
                        }
                    ],
                )
            ],
        ),
        (bid(tenderers=[]), [("tenderers", ["Please provide at least 1 item."])]),
        (bid(tenderers=[organization(), organization()]), [("tenderers", ["Please provide no more than 1 item."])]),
        ({"tenderers": [organization()]}, [("value", REQUIRED)]),
        (bid(value=value(500, valueAddedTaxIncluded=False)), [("value", [f"{VAT} tender"])]),
        (
            bid(value=value(500, currency="USD")),
            [("value", ["currency of bid should be identical to currency of value of tender"])],
        ),
        (bid(value=value(500.01)), [("value", ["value of bid should be less than value of tender"])]),
        (bid(value={"amount": "a lot"}), [("value", {"amount": ["Value 'a lot' is not float."]})]),
        (bid(value={"currency": "UAH"}), [("value", {"amount": REQUIRED})]),
        (bid(status="won"), [("status", ["Value must be one of ['active', 'draft']."])]),
        (
            bid(parameters=[{"code": "years", "value": 0.1}]),
            [("parameters", [{"code": ["code should be one of feature code."]}])],
        ),
        (
            bid(lotValues=[{"value": value(5), "relatedLot": "0" * 32}]),
            [("lotValues", [{"relatedLot": ["relatedLot should be one of lots"]}])],
        ),
    ],
)
def test_invalid_bid(api, path, data, errors):
    assert by_name(api.refused("POST", path, data, status=422)) == [problem(*error) for error in errors]


def test_tenderers_are_a_list(api, path):
    [error] = api.refused("POST", path, bid(tenderers=organization()), status=422)
    assert error["name"] == "tenderers"


@pytest.mark.parametrize(
    ("user", "mode", "refusal"),
    [("broker2", {}, None), ("broker1", {}, "accreditation"), ("broker2t", {"mode": "test"}, None), ("broker2t", {}, "mode")],
)
def test_accreditation(api, user, mode, refusal):
    made = api.tender(**mode)
    api.until(made, "active.tendering")
    if refusal is None:
        assert api.post(f"{made.path}/bids", bid(), user=user).data["status"] == "active"
        return
    error = problem(refusal, "Broker Accreditation level does not permit bid creation", "procurementMethodType")
    assert api.refused("POST", f"{made.path}/bids", bid(), user=user) == [error]


def test_only_platforms_bid(api, path):
    for user in (None, "nobody", "auction", "chronograph", "administrator"):
        assert api.refused("POST", path, bid(), user=user) == FORBIDDEN


# --- offering


def test_bid(api, tendering, path):
    before = api.get(tendering.path)
    api.clock.advance(timedelta(minutes=1))
    answer = api.call("POST", path, bid(450, participationUrl="http://localhost/", date="2015-01-01", owner="me"), status=201)
    made = answer.json["data"]
    assert made == bid(450) | {"id": made["id"], "status": "active", "date": api.clock.now.isoformat()}
    assert set(answer.json["access"]) == {"token", "transfer"}
    assert answer.headers["Location"] == f"http://localhost{BASE}{path}/{made['id']}"
    assert api.get(tendering.path) == before, "neither the bid nor that there is one shows"


def test_sealed(api, tendering, path, offer):
    other = api.post(path, bid(440, "ТОВ «Інший»"))
    whole = said("Can't view bids in current (active.tendering) tender status")
    one = said("Can't view bid in current (active.tendering) tender status")
    for user, token in (
        ("broker", ""),
        (None, ""),
        ("broker", tendering.token),
        ("broker", other.token),
        ("broker2", offer.token),
        ("administrator", ""),
        ("auction", ""),
        ("token", ""),
    ):
        assert api.refused("GET", path, user=user, token=token) == whole
        assert api.refused("GET", offer.path, user=user, token=token) == one
    assert api.get(offer.path, token=offer.token) == offer.data
    assert "bids" not in api.get(tendering.path, token=offer.token)


def test_sealed_in_the_auction_and_opened_after(api, tendering, path, offer):
    other = api.post(path, bid(440, "ТОВ «Інший»"))
    api.until(tendering, "active.auction")
    assert api.refused("GET", path) == said("Can't view bids in current (active.auction) tender status")
    assert api.refused("GET", offer.path) == said("Can't view bid in current (active.auction) tender status")
    assert api.get(offer.path, token=offer.token) == offer.data
    results = {"bids": [{"id": offer.id, "value": value(430)}, {"id": other.id}]}
    api.call("POST", f"{tendering.path}/auction", results, user="auction")
    opened = offer.data | {"value": value(430)}
    assert api.get(offer.path, user=None) == opened
    assert api.get(path, user=None) == [opened, other.data]
    assert api.get(tendering.path)["bids"] == [opened, other.data]
    late = said("Can't delete bid in current (active.qualification) tender status")
    assert api.refused("DELETE", offer.path, token=offer.token) == late


@pytest.mark.parametrize(
    ("method", "where", "name"),
    [
        ("GET", "/tenders/some_id/bids", "tender"),
        ("POST", "/tenders/some_id/bids", "tender"),
        ("GET", "/tenders/some_id/bids/some_id", "tender"),
        ("PATCH", "/tenders/some_id/bids/some_id", "tender"),
        ("DELETE", "/tenders/some_id/bids/some_id", "tender"),
        ("GET", "{}/some_id", "bid"),
        ("PATCH", "{}/some_id", "bid"),
        ("DELETE", "{}/some_id", "bid"),
    ],
)
def test_not_found(api, path, method, where, name):
    data = {"value": value(1)} if method in ("POST", "PATCH") else None
    assert api.refused(method, where.format(path), data, status=404) == unknown(name)


# --- changing


def test_only_a_new_amount_dates_a_bid_anew(api, offer):
    api.clock.advance(timedelta(minutes=1))
    errors = api.refused("PATCH", offer.path, {"value": {"amount": 600}}, status=422, token=offer.token)
    assert errors == [problem("value", ["value of bid should be less than value of tender"])]
    renamed = api.patch(offer, {"tenderers": [{"name": "ТОВ «Нова назва»"}]})
    assert renamed["date"] == offer.data["date"]
    assert renamed["tenderers"] == [offer.data["tenderers"][0] | {"name": "ТОВ «Нова назва»"}]
    assert api.patch(offer, {"value": value(450), "tenderers": offer.data["tenderers"]}) == offer.data
    cheaper = api.patch(offer, {"value": {"amount": 400}})
    assert cheaper == offer.data | {"value": value(400), "date": api.clock.now.isoformat()}


def test_draft_bid(api, tendering, path):
    draft = api.post(path, bid(450, status="draft"))
    assert draft.data["status"] == "draft"
    active = api.patch(draft, {"status": "active"})
    assert active == draft.data | {"status": "active"}
    errors = api.refused("PATCH", draft.path, {"status": "draft"}, token=draft.token)
    assert errors == [problem("bid", "Can't update bid to (draft) status")]
    errors = api.refused("PATCH", draft.path, {"status": "won"}, token=draft.token, status=422)
    assert errors == [problem("status", ["Value must be one of ['active', 'draft']."])]


def test_drafts_are_gone_when_tendering_ends(api, tendering, path, offer):
    draft = api.post(path, bid(400, status="draft"))
    after = api.until(tendering, "active.qualification")
    assert [b["id"] for b in after["bids"]] == [offer.id]
    assert after["numberOfBids"] == 1
    assert api.refused("GET", draft.path, status=404) == unknown("bid")


def test_drafts_alone_are_no_bids(api, tendering, path):
    api.post(path, bid(400, status="draft"))
    after = api.tick(tendering, api.get(tendering.path)["tenderPeriod"]["endDate"])
    assert after["status"] == "unsuccessful"
    assert "bids" not in after


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_only_the_bidder_changes_a_bid(api, tendering, path, offer, method):
    other = api.post(path, bid(440))
    data = {"value": value(1)} if method == "PATCH" else None
    for user, token in (
        ("broker", ""),
        ("broker", other.token),
        ("broker", tendering.token),
        ("broker2", offer.token),
        (None, offer.token),
    ):
        assert api.refused(method, offer.path, data, user=user, token=token) == FORBIDDEN


def test_withdrawal(api, tendering, path, offer):
    before = api.get(tendering.path)
    assert api.call("DELETE", offer.path, token=offer.token).json["data"] == offer.data
    assert api.refused("GET", offer.path, status=404, token=offer.token) == unknown("bid")
    assert api.refused("DELETE", offer.path, status=404, token=offer.token) == unknown("bid")
    assert api.get(tendering.path) == before
    assert api.tick(tendering, before["tenderPeriod"]["endDate"])["status"] == "unsuccessful"


def test_administrator_repairs_a_bidder(api, offer):
    sent = {"tenderers": [{"identifier": {"id": "00000000"}}], "value": {"amount": 400}}
    api.call("PATCH", offer.path, sent, user="administrator")
    after = api.get(offer.path, token=offer.token)
    assert after["value"] == offer.data["value"]
    assert after["tenderers"][0]["identifier"]["id"] == "00000000"


@pytest.mark.parametrize(
    "status", ["active.enquiries", "active.auction", "active.awarded", "complete", "unsuccessful", "cancelled"]
)
def test_bids_belong_to_tendering(api, tendering, path, offer, status):
    forge_status(api, tendering, status)
    for method, where, word in (("POST", path, "add"), ("PATCH", offer.path, "update"), ("DELETE", offer.path, "delete")):
        data = bid() if method != "DELETE" else None
        errors = api.refused(method, where, data, token=offer.token)
        assert errors == said(f"Can't {word} bid in current ({status}) tender status")


def test_bids_belong_to_the_tender_period(api, tendering, path, offer):
    period = api.get(tendering.path)["tenderPeriod"]
    span = f"from ({period['startDate']}) to ({period['endDate']})"
    for moment in (timedelta(days=-1), timedelta(days=8, seconds=1)):
        api.clock.advance(moment)
        for method, where, word in (("POST", path, "added"), ("PATCH", offer.path, "updated"), ("DELETE", offer.path, "deleted")):
            data = bid() if method != "DELETE" else None
            errors = api.refused(method, where, data, token=offer.token)
            assert errors == said(f"Bid can be {word} only during the tendering period: {span}.")
        errors = upload(api, f"{offer.path}/documents", token=offer.token, status=403).json["errors"]
        assert errors == said(f"Document can be added only during the tendering period: {span}.")


# --- answers to criteria


def feature(code, *values, **about):
    return {"code": code, "title": code, "enum": [{"value": v, "title": str(v)} for v in values]} | about


@pytest.fixture
def weighed(api):
    """A tender with a criterion for its item and one for the tenderer."""
    features = [feature("item", 0.01, 0.1, featureOf="item", relatedItem="1"), feature("years", 0.01, 0.15, featureOf="tenderer")]
    made = api.tender(items=[item(id="1")], features=features)
    api.until(made, "active.tendering")
    return made


def answers(**given):
    return [{"code": code, "value": number} for code, number in given.items()]


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        (None, REQUIRED),
        ([], REQUIRED),
        (answers(item=0.1), ["All features parameters is required."]),
        (answers(item=0.1, years=0.2), [{"value": ["value should be one of feature value."]}]),
        (answers(item=0.1, colour=0.1), [{"code": ["code should be one of feature code."]}]),
        (answers(item=0.1) * 2, ["Parameter code should be uniq for all parameters"]),
        ([{"code": "item"}, {"value": 0.1}], [{"value": REQUIRED}, {"code": REQUIRED}]),
        ([{"code": "item", "value": "x"}], {"value": ["Value 'x' is not float."]}),
    ],
)
def test_wrong_answers(api, weighed, parameters, description):
    data = bid() | ({} if parameters is None else {"parameters": parameters})
    assert api.refused("POST", f"{weighed.path}/bids", data, status=422) == [problem("parameters", description)]


def test_answers(api, weighed):
    made = api.post(f"{weighed.path}/bids", bid(parameters=answers(years=0.15, item=0.01)))
    assert made.data["parameters"] == answers(years=0.15, item=0.01)
    api.clock.advance(timedelta(minutes=1))
    better = api.patch(made, {"parameters": [{}, {"value": 0.1}]})
    assert better == made.data | {"parameters": answers(years=0.15, item=0.1)}


# --- offers for lots


@pytest.fixture
def lotted(api):
    """Two lots, an item in each, and criteria for both."""
    features = [
        feature("first", 0, 0.1, featureOf="lot", relatedItem=FIRST),
        feature("second", 0, 0.1, featureOf="item", relatedItem="b"),
    ]
    made = api.tender(
        lots=[lot("Перший", id=FIRST), lot("Другий", id=SECOND)],
        items=[item(id="a", relatedLot=FIRST), item(id="b", relatedLot=SECOND)],
        features=features,
    )
    api.until(made, "active.tendering")
    return made


@pytest.mark.parametrize(
    ("offers", "name", "description"),
    [
        (None, "lotValues", REQUIRED),
        ([], "lotValues", REQUIRED),
        ([{"value": {"amount": 200}}], "lotValues", [{"relatedLot": REQUIRED}]),
        ([{"relatedLot": FIRST}], "lotValues", [{"value": REQUIRED}]),
        ([{"value": value(200), "relatedLot": "0" * 32}], "lotValues", [{"relatedLot": ["relatedLot should be one of lots"]}]),
        ([{"value": value(200), "relatedLot": "first"}], "lotValues", {"relatedLot": ["Hash value is wrong length."]}),
        (
            [{"value": value(251), "relatedLot": FIRST}],
            "lotValues",
            [{"value": ["value of bid should be less than value of lot"]}],
        ),
        ([{"value": value(200, valueAddedTaxIncluded=False), "relatedLot": FIRST}], "lotValues", [{"value": [f"{VAT} lot"]}]),
        (
            [{"value": value(200, currency="USD"), "relatedLot": FIRST}],
            "lotValues",
            [{"value": ["currency of bid should be identical to currency of value of lot"]}],
        ),
        (
            [{"value": value(200), "relatedLot": FIRST}, {"value": value(199), "relatedLot": FIRST}],
            "lotValues",
            ["bids don't allow duplicated proposals"],
        ),
    ],
)
def test_invalid_offers_for_lots(api, lotted, offers, name, description):
    data = {"tenderers": [organization()], "parameters": answers(first=0)} | ({} if offers is None else {"lotValues": offers})
    errors = api.refused("POST", f"{lotted.path}/bids", data, status=422)
    assert problem(name, description) in errors
    assert {error["name"] for error in errors} <= {name, "parameters"}


def test_lots_have_their_own_values_and_criteria(api, lotted):
    path = f"{lotted.path}/bids"
    whole = lot_bid({FIRST: 200}, parameters=answers(first=0), value=value(200))
    errors = api.refused("POST", path, whole, status=422)
    assert errors == [problem("value", ["value should be posted for each lot of bid"])]
    incomplete = [problem("parameters", ["All features parameters is required."])]
    for offers, given in (({FIRST: 200}, {"second": 0}), ({FIRST: 200, SECOND: 200}, {"first": 0}), ({FIRST: 200}, {})):
        assert api.refused("POST", path, lot_bid(offers, parameters=answers(**given)), status=422) == incomplete
    made = api.post(path, lot_bid({FIRST: 200}, parameters=answers(first=0.1)))
    assert made.data["lotValues"] == [{"relatedLot": FIRST, "value": value(200), "date": api.clock.now.isoformat()}]
    assert api.post(path, lot_bid({FIRST: 200, SECOND: 250}, parameters=answers(second=0, first=0.1))).data["status"] == "active"


def test_only_a_new_amount_dates_an_offer_anew(api, lotted):
    made = api.post(f"{lotted.path}/bids", lot_bid({FIRST: 200, SECOND: 200}, parameters=answers(first=0, second=0)))
    api.clock.advance(timedelta(minutes=1))
    assert api.patch(made, {"tenderers": [{"name": "ТОВ «Нова назва»"}]})["lotValues"] == made.data["lotValues"]
    first, second = api.patch(made, {"lotValues": [{"value": {"amount": 190}}, {}]})["lotValues"]
    assert first == {"relatedLot": FIRST, "value": value(190), "date": api.clock.now.isoformat()}
    assert second == made.data["lotValues"][1]


def test_address_of_an_auction_is_not_the_bidders_to_give(api, lotted):
    offers = lot_bid({FIRST: 200, SECOND: 200}, parameters=answers(first=0, second=0))
    for offer in offers["lotValues"]:
        offer |= {"participationUrl": "https://example.org/of-mine", "date": "2020-01-01T00:00:00+02:00"}
    made = api.post(f"{lotted.path}/bids", offers)
    plain = [{"relatedLot": lot, "value": value(200), "date": api.clock.now.isoformat()} for lot in (FIRST, SECOND)]
    assert made.data["lotValues"] == plain
    assert api.patch(made, {"lotValues": offers["lotValues"]})["lotValues"] == plain
    stored = api.store.get("tender", lotted.id)
    body = stored.body
    body["bids"][0]["lotValues"][0]["participationUrl"] = "https://example.org/room"
    api.store.put("tender", lotted.id, body, expect=stored.rev)
    kept, none = api.patch(made, {"lotValues": offers["lotValues"]})["lotValues"]
    assert (kept["participationUrl"], none) == ("https://example.org/room", plain[1])


def test_offers_are_for_active_lots(api, lotted):
    path = f"{lotted.path}/bids"
    both = api.post(path, lot_bid({FIRST: 200, SECOND: 200}, parameters=answers(first=0, second=0)))
    second = api.post(path, lot_bid({SECOND: 200}, parameters=answers(second=0)))
    cancel(api, lotted, FIRST)
    new = lot_bid({FIRST: 190, SECOND: 190}, parameters=answers(first=0, second=0))
    assert api.refused("POST", path, new) == said("Can add bid only in active lot status")
    late = said("Can update bid only in active lot status")
    assert api.refused("PATCH", both.path, {"lotValues": [{"value": {"amount": 190}}, {}]}, token=both.token) == late
    joined = {"lotValues": [{}, {"relatedLot": FIRST, "value": value(190)}], "parameters": answers(second=0, first=0)}
    assert api.refused("PATCH", second.path, joined, token=second.token) == late
    after = api.patch(both, {"lotValues": [{}, {"value": {"amount": 180}}]})
    assert [offer["value"]["amount"] for offer in after["lotValues"]] == [200, 180]
    without = {"lotValues": [{"relatedLot": SECOND, "value": value(170)}], "parameters": [{"code": "second", "value": 0}]}
    assert [offer["relatedLot"] for offer in api.patch(both, without)["lotValues"]] == [SECOND]


# --- documents


def test_documents_are_sealed_with_their_bid(api, tendering, offer):
    path = f"{offer.path}/documents"
    made = add_file(api, path, token=offer.token)
    assert made["title"] == "звіт.doc"
    assert made["format"] == "application/msword"
    assert "author" not in made
    assert f"{offer.path}/documents/{made['id']}?download=" in made["url"]
    assert api.refused("GET", path) == said("Can't view bid documents in current (active.tendering) tender status")
    assert api.refused("GET", f"{path}/{made['id']}") == said(
        "Can't view bid document in current (active.tendering) tender status"
    )
    key = made["url"].partition("?")[2]
    assert api.refused("GET", f"{path}/{made['id']}?{key}") == said(
        "Can't view bid document in current (active.tendering) tender status"
    )
    assert api.get(path, token=offer.token) == [made]
    assert api.get(f"{path}/{made['id']}", token=offer.token) == made | {"previousVersions": []}
    answer = api.call("GET", f"{path}/{made['id']}?{key}&acc_token={offer.token}", status=302)
    assert "Expires=" in answer.headers["Location"]


def test_versions_of_a_document(api, offer):
    path = f"{offer.path}/documents"
    first = add_file(api, path, token=offer.token)
    api.clock.advance(timedelta(minutes=1))
    second = add_file(api, f"{path}/{first['id']}", token=offer.token, name="Нова.pdf", content=b"new", method="PUT")
    assert second["id"] == first["id"]
    assert second["datePublished"] == first["datePublished"] != second["dateModified"]
    assert [d["title"] for d in api.get(path, token=offer.token)] == ["Нова.pdf"]
    assert [d["title"] for d in api.get(f"{path}?all=1", token=offer.token)] == ["звіт.doc", "Нова.pdf"]
    assert api.get(f"{path}/{first['id']}", token=offer.token)["previousVersions"] == [first]
    described = api.patch(f"{path}/{first['id']}", {"description": "Опис"}, token=offer.token)
    assert described["description"] == "Опис"


def test_documents_that_come_with_the_bid(api, tendering, path, offer):
    first, second = registered(api), registered(api, b"more", title="Ще.doc")
    made = api.post(path, bid(documents=[first, second]))
    assert [(d["title"], d["hash"]) for d in made.data["documents"]] == [(d["title"], d["hash"]) for d in (first, second)]
    assert all(f"{made.path}/documents/{d['id']}?download=" in d["url"] for d in made.data["documents"])
    assert api.get(f"{made.path}/documents", token=made.token) == made.data["documents"]
    errors = api.refused("POST", path, bid(documents=[first, {"title": "a"}]), status=422)
    assert errors == [problem("documents", [{"format": REQUIRED, "url": REQUIRED}])]
    foreign = registered(api, url="http://example.org/get/1?KeyID=1&Signature=1")
    errors = api.refused("POST", path, bid(documents=[foreign]))
    assert errors == [problem("url", "Can add document only from document service.")]


@pytest.mark.parametrize(
    ("method", "where", "name"),
    [
        ("POST", "/tenders/some_id/bids/some_id/documents", "tender"),
        ("POST", "/tenders/{tender}/bids/some_id/documents", "bid"),
        ("PUT", "/tenders/some_id/bids/some_id/documents/some_id", "tender"),
        ("PUT", "/tenders/{tender}/bids/some_id/documents/some_id", "bid"),
        ("PUT", "/tenders/{tender}/bids/{bid}/documents/some_id", "document"),
    ],
)
def test_documents_not_found(api, tendering, offer, method, where, name):
    where = where.format(tender=tendering.id, bid=offer.id)
    assert upload(api, where, token=offer.token, method=method, status=404).json["errors"] == unknown(name)


def test_form_without_a_file(api, offer):
    api.web.authorization = ("Basic", ("broker", ""))
    url = f"{BASE}{offer.path}/documents?acc_token={offer.token}"
    answer = api.web.post(url, upload_files=[("invalid_name", "name.doc", b"content")], status=404)
    assert answer.json["errors"] == [problem("file", "Not Found")]


def test_documents_while_the_bid_is_considered(api, tendering, path, offer):
    other = api.post(path, bid(460))
    early = add_file(api, f"{offer.path}/documents", token=offer.token)
    api.until(tendering, "active.auction")
    shut = said("Can't add document in current (active.auction) tender status")
    assert upload(api, f"{offer.path}/documents", token=offer.token, status=403).json["errors"] == shut
    results = {"bids": [{"id": offer.id}, {"id": other.id}]}
    api.call("POST", f"{tendering.path}/auction", results, user="auction")
    made = add_file(api, f"{offer.path}/documents", token=offer.token)
    assert [d["id"] for d in api.get(f"{offer.path}/documents", user=None)] == [early["id"], made["id"]]
    shut = said("Can't add document because award of bid is not in pending state")
    assert upload(api, f"{other.path}/documents", token=other.token, status=403).json["errors"] == shut
    [award] = api.get(tendering.path)["awards"]
    api.patch(f"{tendering.path}/awards/{award['id']}", {"status": "active"}, token=tendering.token)
    for method, where, word, status in (("POST", "", "add", 403), ("PUT", f"/{made['id']}", "update", 403)):
        errors = upload(api, f"{offer.path}/documents{where}", token=offer.token, method=method, status=status).json["errors"]
        assert errors == said(f"Can't {word} document in current (active.awarded) tender status")


def test_documents_of_others(api, tendering, path, offer):
    other = api.post(path, bid(440))
    for token in ("", other.token, tendering.token):
        assert upload(api, f"{offer.path}/documents", token=token, status=403).json["errors"] == FORBIDDEN
