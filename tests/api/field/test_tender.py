"""Tenders: announcing, every way to announce wrongly, drafts, changes, who may, and what time does to them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from journey import FORBIDDEN, awards, contracts, forge_status, forged, to_qualification, unknown

from openprocurement_api.testing.builders import bid, item, organization, problem, tender, value
from openprocurement_api.testing.client import BASE

REQUIRED = ["This field is required."]
NO_DATA = problem("data", "Data not available")
WRONG_TYPE = problem("Content-Type", "Content-Type header should be one of ['application/json']", "header")
GIVEN = {
    "id",
    "tenderID",
    "date",
    "dateModified",
    "owner",
    "status",
    "next_check",
    "procurementMethod",
    "awardCriteria",
    "submissionMethod",
}
"""What the server adds to an announcement."""


def changed(doc, path, new):
    """A copy with one value replaced (taken out, if None) at a dotted path."""
    copy = deepcopy(doc)
    *above, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    holder = copy
    for step in above:
        holder = holder[step]
    if new is None:
        del holder[last]
    else:
        holder[last] = new
    return copy


def sorted_errors(errors):
    return sorted(errors, key=lambda error: error["name"])


# --- bodies that say nothing


UNREADABLE = (
    ("data", "application/x-www-form-urlencoded", (415, WRONG_TYPE)),
    ("data", "application/json", (422, problem("data", "No JSON object could be decoded"))),
    ('"data"', "application/json", (422, NO_DATA)),
    ('{"not_data": {}}', "application/json", (422, NO_DATA)),
    ('{"data": []}', "application/json", (422, NO_DATA)),
    ('{"data": null}', "application/json", (422, NO_DATA)),
)


@pytest.mark.parametrize(("method", "path"), [("POST", "/tenders"), ("PATCH", "/tenders/{}")])
@pytest.mark.parametrize(("body", "content_type", "answered"), UNREADABLE)
def test_body_that_is_no_tender(api, enquiries, method, path, body, content_type, answered):
    api.web.authorization = ("Basic", ("broker", ""))
    headers = {"Content-Type": content_type, "X-Access-Token": enquiries.token}
    url, (status, error) = BASE + path.format(enquiries.id), answered
    answer = api.web.request(url, method=method, body=body.encode(), headers=headers, status=status)
    assert answer.json == {"status": "error", "errors": [error]}
    assert answer.content_type == "application/json"


def test_a_tender_that_names_no_procedure_says_which_it_follows(api, enquiries):
    unnamed = {name: value for name, value in tender(api.clock.now).items() if name != "procurementMethodType"}
    for made in (api.post("/tenders", unnamed), api.post("/tenders", unnamed | {"procurementMethodType": None})):
        assert made.data["procurementMethodType"] == api.get(made.path)["procurementMethodType"] == "belowThreshold"
    listed = api.call("GET", "/tenders?opt_fields=procurementMethodType").json["data"]
    assert [row["procurementMethodType"] for row in listed] == ["belowThreshold"] * 3


# --- announcements that are wrong

LOT_UNREAD = {
    "value": ["Please use a mapping for this field or Value instance instead of str."],
    "title": ["Couldn't interpret '{}' as string."],
}


def test_unknown_procedure(api):
    error = problem("procurementMethodType", "Not implemented", "data")
    assert api.refused("POST", "/tenders", {"procurementMethodType": "invalid_value"}, status=415) == [error]


def test_everything_that_is_missing_is_named(api):
    errors = api.refused("POST", "/tenders", {"procurementMethod": "invalid_value"}, status=422)
    missing = ("enquiryPeriod", "items", "minimalStep", "procuringEntity", "tenderPeriod", "title", "value")
    choices = problem("procurementMethod", ["Value must be one of ['open', 'selective', 'limited']."])
    assert sorted_errors(errors) == sorted_errors([choices, *(problem(name, REQUIRED) for name in missing)])


@pytest.mark.parametrize(
    ("data", "name", "description"),
    [
        ({"invalid_field": "invalid_value"}, "invalid_field", "Rogue field"),
        ({"value": "invalid_value"}, "value", ["Please use a mapping for this field or Value instance instead of str."]),
        ({"value": {"amount": "much"}}, "value", {"amount": ["Value 'much' is not float."]}),
        ({"value": {"amount": 1, "colour": "red"}}, "value", {"colour": "Rogue field"}),
        (
            {"enquiryPeriod": {"endDate": "invalid_value"}},
            "enquiryPeriod",
            {"endDate": ["Could not parse invalid_value. Should be ISO8601."]},
        ),
        ({"enquiryPeriod": {"endDate": "9999-12-31T23:59:59.999999"}}, "enquiryPeriod", {"endDate": ["date value out of range"]}),
        ({"items": ["thing"]}, "items", ["Please use a mapping for this field or Item instance instead of str."]),
        ({"items": [{}, {"quantity": "many"}]}, "items", {"quantity": ["Value 'many' is not int."]}),
        ({"hasEnquiries": "perhaps"}, "hasEnquiries", ["Must be either true or false."]),
        ({"lots": "thing"}, "lots", ["Please use a mapping for this field or Lot instance instead of str."]),
        ({"lots": {"title": "thing"}}, "lots", ["Please use a list for this field instead of dict."]),
        ({"lots": [{}, {"value": "much", "title": {}}]}, "lots", LOT_UNREAD),
    ],
)
def test_what_cannot_be_read_is_refused_before_what_is_missing(api, data, name, description):
    assert api.refused("POST", "/tenders", data, status=422) == [problem(name, description)]


def period(start, end):
    return {"startDate": start, "endDate": end}


@pytest.mark.parametrize(
    ("path", "new", "name", "description"),
    [
        (
            "tenderPeriod",
            period("2026-04-10", "2026-04-01"),
            "tenderPeriod",
            {"startDate": ["period should begin before its end"]},
        ),
        ("tenderPeriod", period("2026-03-03", "2026-04-01"), "tenderPeriod", ["period should begin after enquiryPeriod"]),
        ("tenderPeriod", {}, "tenderPeriod", {"endDate": REQUIRED}),
        ("awardPeriod", period("2026-03-03", "2026-03-03"), "awardPeriod", ["period should begin after tenderPeriod"]),
        ("minimalStep.amount", 1000, "minimalStep", ["value should be less than value of tender"]),
        ("minimalStep.currency", "USD", "minimalStep", ["currency should be identical to currency of value of tender"]),
        (
            "minimalStep.valueAddedTaxIncluded",
            False,
            "minimalStep",
            ["valueAddedTaxIncluded should be identical to valueAddedTaxIncluded of value of tender"],
        ),
        ("value.amount", -1, "value", {"amount": ["Float value should be greater than 0."]}),
        ("value.currency", "UAHH", "value", {"currency": ["String value is too long."]}),
        (
            "procuringEntity.contactPoint.telephone",
            None,
            "procuringEntity",
            {"contactPoint": {"email": ["telephone or email should be present"]}},
        ),
        (
            "procuringEntity.contactPoint.email",
            "nobody",
            "procuringEntity",
            {"contactPoint": {"email": ["Not a well formed email address."]}},
        ),
        ("procuringEntity.identifier", {}, "procuringEntity", {"identifier": {"scheme": REQUIRED, "id": REQUIRED}}),
        (
            "procuringEntity.kind",
            "private",
            "procuringEntity",
            {"kind": ["Value must be one of ['general', 'special', 'defense', 'other']."]},
        ),
        ("items", [], "items", ["Please provide at least 1 item."]),
        ("items.0.description", None, "items", [{"description": REQUIRED}]),
        ("items.0.classification", None, "items", [{"classification": REQUIRED}]),
        ("items.0.unit", {"name": "штука"}, "items", [{"unit": {"code": REQUIRED}}]),
        ("items.0.relatedLot", "0" * 32, "items", [{"relatedLot": ["relatedLot should be one of lots"]}]),
        (
            "items.0.deliveryLocation",
            {"latitude": "91", "longitude": "30.5"},
            "items",
            [{"deliveryLocation": {"latitude": ["Invalid value. Latitude must be between -90 and 90 degree."]}}],
        ),
        (
            "items.0.deliveryLocation",
            {"latitude": "50.4", "longitude": "east"},
            "items",
            [{"deliveryLocation": {"longitude": ["Invalid value. Required longitude format 12.0123456789"]}}],
        ),
        (
            "items.0.deliveryDate",
            period("2026-05-02", "2026-05-01"),
            "items",
            [{"deliveryDate": {"startDate": ["period should begin before its end"]}}],
        ),
        ("items.0.classification.id", "33600000-6", "items", [{"additionalClassifications": REQUIRED}]),
        ("mode", "play", "mode", ["Value must be one of ['test']."]),
        (
            "submissionMethod",
            "pigeon",
            "submissionMethod",
            ["Value must be one of ['electronicAuction', 'electronicSubmission', 'written', 'inPerson']."],
        ),
        ("funders", [organization()], "funders", ["Funder identifier should be one of the values allowed"]),
    ],
)
def test_broken_rules(api, path, new, name, description):
    data = changed(tender(api.clock.now, title_en="Desks"), path, new)
    assert api.refused("POST", "/tenders", data, status=422) == [problem(name, description)]


@pytest.mark.parametrize("end", ["2026-03-01T00:00:00+02:00", "0002-01-01T00:00:00+00:00"])
def test_questions_are_not_over_before_they_are_asked(api, end):
    for status in ("draft", "active.enquiries"):
        data = tender(api.clock.now, enquiryPeriod={"endDate": end}, status=status)
        errors = api.refused("POST", "/tenders", data, status=422)
        assert errors == [problem("enquiryPeriod", {"startDate": ["period should begin before its end"]})]


def test_time_for_bids_is_not_over_before_it_begins(api):
    data = tender(api.clock.now, tenderPeriod={"endDate": (api.clock.now + timedelta(days=1)).isoformat()})
    errors = api.refused("POST", "/tenders", data, status=422)
    assert errors == [problem("tenderPeriod", {"startDate": ["period should begin before its end"]})]


def test_award_period_begins_after_the_auction(api):
    day = api.clock.now + timedelta(days=20)
    periods = {
        "auctionPeriod": period(day.isoformat(), day.isoformat()),
        "awardPeriod": period((day - timedelta(days=1)).isoformat(), day.isoformat()),
    }
    errors = api.refused("POST", "/tenders", tender(api.clock.now, **periods), status=422)
    assert errors == [problem("awardPeriod", ["period should begin after auctionPeriod"])]


def classified(code, *schemes):
    more = [{"scheme": scheme, "id": "17.21.1", "description": "папір"} for scheme in schemes]
    return item(classification={"scheme": "ДК021", "id": code, "description": "щось"}, additionalClassifications=more)


@pytest.mark.parametrize(
    ("items", "description"),
    [
        ([classified("39161000-8"), classified("44617100-9")], ["CPV class of items should be identical"]),
        ([classified("33611000-6", "INN"), classified("33721000-0")], ["CPV group of items be identical"]),
        ([item(id="1"), item(id="1")], ["Item id should be uniq for all items"]),
        (
            [classified("99999999-9", "Не ДКПП")],
            [
                {
                    "additionalClassifications": [
                        "One of additional classifications should be one of [ДК003, ДК015, ДК018, specialNorms]."
                    ]
                }
            ],
        ),
        (
            [classified("33611000-6", "ATC")],
            [{"additionalClassifications": ["One of additional classifications should be INN."]}],
        ),
    ],
)
def test_items_that_do_not_belong_together(api, items, description):
    assert api.refused("POST", "/tenders", tender(api.clock.now, items=items), status=422) == [problem("items", description)]


@pytest.mark.parametrize(
    "items",
    [
        [classified("39161000-8"), classified("39162000-5")],
        [classified("33611000-6", "INN"), classified("33652000-5", "INN")],
        [classified("33695000-8")],
        [classified("99999999-9"), classified("99999999-9", "ДК003")],
        [classified("44617100-9", "ДКПП")],
    ],
)
def test_items_that_belong_together(api, items):
    kept = api.tender(items=items).data["items"]
    assert [i["classification"] for i in kept] == [i["classification"] for i in items]


def test_unknown_code_of_the_vocabulary(api):
    [error] = api.refused("POST", "/tenders", tender(api.clock.now, items=[classified("00000000-0")]), status=422)
    assert error["description"][0]["classification"]["id"][0].startswith("Value must be one of [")


def test_funders(api):
    bank = organization("World Bank") | {"identifier": {"scheme": "XM-DAC", "id": "44000"}}
    funded = api.tender(funders=[bank])
    assert funded.data["funders"][0]["identifier"] == {"scheme": "XM-DAC", "id": "44000"}
    error = problem("funders", ["Funders' identifier should be unique"])
    assert api.refused("PATCH", funded.path, {"funders": [bank, bank]}, status=422, token=funded.token) == [error]
    assert "funders" not in api.patch(funded, {"funders": []})


def test_details_of_a_training_installation(api):
    details = {"procurementMethodDetails": "quick, accelerator=1440"}
    assert api.tender(**details).data["procurementMethodDetails"] == details["procurementMethodDetails"]
    api.registry.services = replace(api.registry.services, env=replace(api.registry.services.env, sandbox=False))
    errors = api.refused("POST", "/tenders", tender(api.clock.now, **details), status=422)
    assert errors == [problem("procurementMethodDetails", "Rogue field")]


def test_buyers_of_every_kind_may_buy_below_the_threshold(api):
    for kind in ("general", "special", "defense", "other"):
        assert api.tender(procuringEntity=organization(kind=kind)).data["procuringEntity"]["kind"] == kind
    assert "kind" not in api.tender(procuringEntity=organization()).data["procuringEntity"]


# --- announcements that are right


def test_announcement(api):
    sent = tender(api.clock.now)
    answer = api.call("POST", "/tenders", sent, status=201)
    made, access = answer.json["data"], answer.json["access"]
    assert set(made) == set(sent) | GIVEN
    assert made["status"] == "active.enquiries"
    assert made["owner"] == "broker"
    assert made["tenderID"] == f"UA-{api.clock.now.date()}-000001"
    assert made["enquiryPeriod"]["startDate"] == made["date"] == made["dateModified"] == api.clock.now.isoformat()
    assert made["tenderPeriod"]["startDate"] == made["enquiryPeriod"]["endDate"] == made["next_check"]
    assert answer.headers["Location"] == f"http://localhost{BASE}/tenders/{made['id']}"
    assert len(access["token"]) == 32
    assert api.get(f"/tenders/{made['id']}", user=None) == made
    assert api.tender().data["tenderID"] == f"UA-{api.clock.now.date()}-000002"
    assert api.store.counters()[f"tenderID__{api.clock.now.date()}"] == 2, "the name that counters of existing stores have"


def test_fields_of_the_server_are_passed_over(api):
    theirs = {
        "id": "hash",
        "doc_id": "hash2",
        "tenderID": "hash3",
        "owner": "me",
        "dateModified": "2015-01-01",
        "date": "2015-01-01",
        "awards": [],
        "bids": [],
        "questions": [],
        "complaints": [],
        "contracts": [],
        "cancellations": [],
        "numberOfBids": 7,
        "next_check": "2015-01-01",
        "auctionUrl": "http://localhost/",
        "procurementMethod": "limited",
        "awardCriteria": "bestProposal",
        "submissionMethod": "written",
        "owner_token": "0" * 32,
    }
    made = api.tender(**theirs).data
    assert set(made) == set(tender(api.clock.now)) | GIVEN
    assert all(made[name] != theirs[name] for name in ("id", "tenderID", "owner", "date", "dateModified", "next_check"))
    assert (made["procurementMethod"], made["awardCriteria"], made["submissionMethod"]) == (
        "open",
        "lowestCost",
        "electronicAuction",
    )


def test_status_that_is_not_a_beginning_is_passed_over(api):
    assert api.tender(status="active.tendering").data["status"] == "active.enquiries"


def test_guarantee(api):
    made = api.tender(guarantee={"amount": 100500, "currency": "USD"})
    assert made.data["guarantee"] == {"amount": 100500, "currency": "USD"}
    assert api.get(made.path)["guarantee"] == {"amount": 100500, "currency": "USD"}


def test_answers_that_are_indented_or_wrapped(api):
    data = tender(api.clock.now)
    assert '{\n    "' in api.call("POST", "/tenders?opt_pretty=1", data, status=201).text
    api.web.authorization = ("Basic", ("broker", ""))
    answer = api.web.post_json(f"{BASE}/tenders", {"data": data, "options": {"pretty": True}}, status=201)
    assert '{\n    "' in answer.text
    answer = api.call("POST", "/tenders?opt_jsonp=callback", data, status=201)
    assert answer.content_type == "application/javascript"
    assert answer.text.startswith('callback({"')
    one = api.tender()
    assert '{\n    "data": {\n        "' in api.call("GET", f"{one.path}?opt_pretty=1").text
    wrapped = api.call("GET", f"{one.path}?opt_jsonp=callback")
    assert wrapped.content_type == "application/javascript"
    assert 'callback({"data": {"' in wrapped.text
    both = api.call("GET", f"{one.path}?opt_jsonp=callback&opt_pretty=1")
    assert both.text.startswith('callback({\n    "data": {\n        "')


def test_tender_of_a_test(api):
    made = api.tender(mode="test", title_en="Desks")
    assert made.data["title"] == "[ТЕСТУВАННЯ] Парти для школи"
    assert made.data["title_en"] == "[TESTING] Desks"
    again = api.patch(made, {"title": "Столи", "title_en": "[TESTING] Tables"})
    assert again["title"] == "[ТЕСТУВАННЯ] Столи"
    assert again["title_en"] == "[TESTING] Tables"


# --- drafts


def test_draft(api):
    draft = api.tender(status="draft")
    assert draft.data["status"] == "draft"
    assert "next_check" not in draft.data
    closed = [problem("data", "Can't update tender in current (draft) status")]
    assert api.refused("PATCH", draft.path, {"value": {"amount": 100}}, token=draft.token) == closed
    assert api.refused("PATCH", draft.path, {"status": "active.tendering"}, token=draft.token) == closed
    assert api.refused("PATCH", draft.path, {"status": "active.enquiries"}) == FORBIDDEN
    assert api.call("GET", "/tenders").json["data"] == []
    assert api.get(draft.path)["status"] == "draft"
    published = api.patch(draft, {"status": "active.enquiries"})
    assert published["status"] == "active.enquiries"
    assert published["next_check"] == published["enquiryPeriod"]["endDate"]
    assert [row["id"] for row in api.get("/tenders")] == [draft.id]


def test_nothing_happens_in_a_draft(api):
    draft = api.tender(status="draft")
    errors = api.refused("POST", f"{draft.path}/questions", {"title": "?", "author": organization()})
    assert errors == [problem("data", "Can add question only in enquiryPeriod")]
    errors = api.refused("POST", f"{draft.path}/bids", {"tenderers": [organization()], "value": value(1)})
    assert errors == [problem("data", "Can't add bid in current (draft) tender status")]


# --- changes


def test_change_of_one_field(api, enquiries):
    api.clock.advance(timedelta(minutes=1))
    after = api.patch(enquiries, {"procurementMethodRationale": "Open"})
    assert after == enquiries.data | {"procurementMethodRationale": "Open", "dateModified": api.clock.now.isoformat()}
    assert api.get(enquiries.path) == after


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"dateModified": "2015-01-01T00:00:00+02:00"},
        {"status": "cancelled"},
        {"status": "active.tendering"},
        {"procuringEntity": {"kind": "defense"}},
        {"mode": "test"},
        {"procurementMethodType": "aboveThresholdUA"},
        {"tenderID": "UA-1"},
        {"owner": "broker2"},
        {"auctionUrl": "http://localhost/"},
        {"awardCriteria": "bestProposal"},
        {"title": "Парти для школи"},
        {"numberOfBids": 3},
        {"bids": [{}]},
    ],
)
def test_change_that_changes_nothing(api, enquiries, data):
    api.clock.advance(timedelta(minutes=1))
    assert api.patch(enquiries, data) == enquiries.data
    assert api.get(enquiries.path) == enquiries.data


def test_items_merge_by_index(api, enquiries):
    two = api.patch(enquiries, {"items": [{}, item(quantity=5)]})["items"]
    assert two[0] == enquiries.data["items"][0]
    assert two[1]["id"] != two[0]["id"]
    assert two[1]["quantity"] == 5
    moved = api.patch(enquiries, {"items": [{"description": "Стільці"}, {}]})["items"]
    assert moved == [two[0] | {"description": "Стільці"}, two[1]]
    assert api.patch(enquiries, {"items": [{}]})["items"] == [moved[0]]


def test_long_lists_of_additional_classifications(api, enquiries):
    for size in (25, 20, 30, 3):
        codes = [{"scheme": "ДКПП", "id": str(number), "description": f"№ {number}"} for number in range(size, 0, -1)]
        [one] = api.patch(enquiries, {"items": [{"additionalClassifications": codes}]})["items"]
        assert one["additionalClassifications"] == codes


def test_null_takes_a_field_away(api):
    made = api.tender(
        procuringEntity=organization(kind="general", contactPoint={"name": "Я", "telephone": "+380", "faxNumber": "1"})
    )
    after = api.patch(made, {"procuringEntity": {"contactPoint": {"faxNumber": None}}})
    assert after["procuringEntity"]["contactPoint"] == {"name": "Я", "telephone": "+380"}
    errors = api.refused("PATCH", made.path, {"title": None}, status=422, token=made.token)
    assert errors == [problem("title", REQUIRED)]


def test_guarantee_comes_later(api, enquiries):
    rogue = problem("guarantee", {"valueAddedTaxIncluded": "Rogue field"})
    sent = {"guarantee": {"valueAddedTaxIncluded": True}}
    assert api.refused("PATCH", enquiries.path, sent, status=422, token=enquiries.token) == [rogue]
    assert api.patch(enquiries, {"guarantee": {"amount": 12}})["guarantee"] == {"amount": 12, "currency": "UAH"}
    assert api.patch(enquiries, {"guarantee": {"currency": "USD"}})["guarantee"] == {"amount": 12, "currency": "USD"}


def test_periods_are_moved(api, enquiries):
    end = (api.clock.now + timedelta(days=3)).isoformat()
    after = api.patch(enquiries, {"enquiryPeriod": {"endDate": end}, "tenderPeriod": {"startDate": end}})
    assert after["enquiryPeriod"]["endDate"] == after["tenderPeriod"]["startDate"] == after["next_check"] == end
    errors = api.refused("PATCH", enquiries.path, {"tenderPeriod": {"startDate": None}}, status=422, token=enquiries.token)
    assert errors == [problem("tenderPeriod", {"startDate": ["This field cannot be deleted"]})]


def test_history_is_kept_outside_the_tender(api, enquiries):
    api.patch(enquiries, {"procurementMethodRationale": "Open"})
    stored = api.store.get("tender", enquiries.id).body
    assert "revisions" not in stored
    assert enquiries.token not in str(stored)


@pytest.mark.parametrize("status", ["active.tendering", "active.auction", "active.qualification", "active.awarded"])
def test_later_nothing_changes_any_more(api, enquiries, status):
    forge_status(api, enquiries, status)
    assert api.patch(enquiries, {"title": "Інше"})["title"] == enquiries.data["title"]


@pytest.mark.parametrize("status", ["complete", "unsuccessful", "cancelled"])
def test_what_has_ended_is_closed(api, enquiries, status):
    forge_status(api, enquiries, status)
    closed = [problem("data", f"Can't update tender in current ({status}) status")]
    assert api.refused("PATCH", enquiries.path, {"status": "active.auction"}, token=enquiries.token) == closed
    assert api.refused("PATCH", enquiries.path, {"id": enquiries.id}, user="chronograph") == closed


# --- not found


@pytest.mark.parametrize(("method", "data"), [("GET", None), ("PATCH", {})])
def test_no_such_tender(api, method, data):
    assert api.refused(method, "/tenders/some_id", data, status=404) == unknown("tender")


def test_archived_tender(api, enquiries):
    with forged(api, enquiries) as body:
        body["doc_type"] = "tender"
    assert api.refused("GET", enquiries.path, status=410) == [problem("tender_id", "Archived", "url")]


# --- who may


@pytest.mark.parametrize(
    ("user", "mode", "refusal"),
    [
        ("broker1", {}, None),
        ("broker2", {}, "accreditation"),
        ("broker3", {}, "accreditation"),
        ("broker4", {}, "accreditation"),
        ("broker1t", {"mode": "test"}, None),
        ("broker1t", {}, "mode"),
        ("broker2t", {"mode": "test"}, "accreditation"),
    ],
)
def test_accreditation(api, user, mode, refusal):
    data = tender(api.clock.now, **mode)
    if refusal is None:
        assert api.post("/tenders", data, user=user).data["owner"] == user
        return
    error = problem(refusal, "Broker Accreditation level does not permit tender creation", "procurementMethodType")
    assert api.refused("POST", "/tenders", data, user=user) == [error]


@pytest.mark.parametrize("user", [None, "nobody", "chronograph", "auction", "administrator", "reviewer", "bot", "contracting"])
def test_only_platforms_announce(api, user):
    assert api.refused("POST", "/tenders", tender(api.clock.now), user=user) == FORBIDDEN


def test_token_in_its_three_places(api, enquiries):
    token, sent = enquiries.token, {"data": {"title": "1"}}
    api.web.authorization = ("Basic", ("broker", ""))
    url = BASE + enquiries.path
    assert api.web.patch_json(f"{url}?acc_token={token}", sent).json["data"]["title"] == "1"
    sent["data"]["title"] = "2"
    assert api.web.patch_json(url, sent, headers={"X-Access-Token": token}).json["data"]["title"] == "2"
    sent["data"]["title"] = "3"
    assert api.web.patch_json(url, {**sent, "access": {"token": token}}).json["data"]["title"] == "3"


@pytest.mark.parametrize(
    ("user", "known"), [("broker", False), ("broker1", True), (None, True), ("nobody", True), ("auction", True)]
)
def test_token_counts_only_with_its_platform(api, enquiries, user, known):
    token = enquiries.token if known else "0" * 32
    assert api.refused("PATCH", enquiries.path, {"title": "Інше"}, user=user, token=token) == FORBIDDEN


def test_bearer_is_as_good_as_basic(api, enquiries):
    headers = {"Authorization": "Bearer broker", "X-Access-Token": enquiries.token}
    api.web.authorization = None
    answer = api.web.patch_json(BASE + enquiries.path, {"data": {"title": "Інше"}}, headers=headers)
    assert answer.json["data"]["title"] == "Інше"


def test_administrator_repairs(api, enquiries):
    sent = {"mode": "test", "procuringEntity": {"identifier": {"id": "00000000"}}, "title": "Інше"}
    after = api.patch(enquiries.path, sent, user="administrator")
    assert after["mode"] == "test"
    assert after["procuringEntity"]["identifier"]["id"] == "00000000"
    assert after["title"] == "[ТЕСТУВАННЯ] Парти для школи"
    asked = api.post(f"{enquiries.path}/questions", {"title": "Питання", "author": organization()})
    no_role = problem("role", "Forbidden", "url")
    assert api.refused("PATCH", asked.path, {"answer": "Ні"}, user="administrator") == [no_role]


def test_administrator_alone_repairs_the_kind_of_the_buyer(api, enquiries):
    wish = {"procuringEntity": {"kind": "special"}}
    assert api.patch(enquiries, wish)["procuringEntity"]["kind"] == "general"
    assert api.patch(enquiries.path, wish, user="administrator")["procuringEntity"]["kind"] == "special"


def test_administrator_repairs_what_has_ended(api, enquiries):
    api.post(f"{enquiries.path}/cancellations", {"reason": "Годі", "status": "active"}, token=enquiries.token)
    assert api.get(enquiries.path)["status"] == "cancelled"
    assert api.patch(enquiries.path, {"mode": "test"}, user="administrator")["mode"] == "test"
    assert api.patch(enquiries.path, {"status": "active.enquiries"}, user="administrator")["status"] == "active.enquiries"


# --- what time does


def test_tendering_begins_and_ends_without_bids(api, enquiries):
    early = api.tick(enquiries, timedelta(days=1))
    assert early["status"] == "active.enquiries"
    begun = api.tick(enquiries, enquiries.data["tenderPeriod"]["startDate"])
    assert begun["status"] == "active.tendering"
    assert begun["next_check"] == begun["tenderPeriod"]["endDate"]
    assert api.tick(enquiries) == begun
    ended = api.tick(enquiries, begun["tenderPeriod"]["endDate"])
    assert ended["status"] == "unsuccessful"
    assert "next_check" not in ended
    assert ended["date"] == api.clock.now.isoformat()


def test_late_clock_makes_up_for_what_it_missed(api, enquiries):
    assert api.tick(enquiries, timedelta(days=30))["status"] == "unsuccessful"


def test_clock_sees_what_it_needs(api, enquiries):
    seen = api.get(enquiries.path, user="chronograph")
    assert set(seen) == {"id", "status", "enquiryPeriod", "tenderPeriod", "numberOfBids"}
    assert datetime.fromisoformat(seen["tenderPeriod"]["startDate"]) > api.clock.now


def test_lost_contract_is_drawn_up_again(api, tendering):
    to_qualification(api, tendering, 450)
    [award] = awards(api, tendering)
    api.patch(award, {"status": "active"})
    [lost] = contracts(api, tendering)
    with forged(api, tendering) as body:
        del body["contracts"]
    [again] = api.tick(tendering)["contracts"]
    assert again == lost.data | {"id": again["id"]}
    assert api.tick(tendering)["contracts"] == [again]


@pytest.mark.parametrize("bids", [1, 2])
def test_from_bids_to_a_contract(api, tendering, bids):
    made = [api.post(f"{tendering.path}/bids", bid(450 - number)) for number in range(bids)]
    after = api.tick(tendering, api.get(tendering.path)["tenderPeriod"]["endDate"])
    assert after["status"] == ("active.qualification" if bids == 1 else "active.auction")
    if bids > 1:
        results = {"bids": [{"id": b.id, "value": b.data["value"]} for b in made]}
        api.call("POST", f"{tendering.path}/auction", results, user="auction")
    won = api.get(tendering.path)
    assert "startDate" not in won.get("auctionPeriod", {})
    [award] = won["awards"]
    assert award["bid_id"] == made[-1].id
    api.patch(f"{tendering.path}/awards/{award['id']}", {"status": "active"}, token=tendering.token)
    awarded = api.get(tendering.path)
    assert awarded["status"] == "active.awarded"
    assert awarded["awardPeriod"]["endDate"] == api.clock.now.isoformat()
    api.clock.advance(timedelta(days=10))
    [contract] = awarded["contracts"]
    api.patch(f"{tendering.path}/contracts/{contract['id']}", {"status": "active"}, token=tendering.token)
    assert api.get(tendering.path)["status"] == "complete"


def test_last_bid_rejected(api, tendering):
    api.post(f"{tendering.path}/bids", bid())
    won = api.until(tendering, "active.qualification")
    api.patch(f"{tendering.path}/awards/{won['awards'][0]['id']}", {"status": "unsuccessful"}, token=tendering.token)
    rejected = api.get(tendering.path)
    assert rejected["status"] == "active.awarded"
    assert rejected["next_check"] == rejected["awards"][0]["complaintPeriod"]["endDate"]
    assert api.until(tendering, "unsuccessful")["status"] == "unsuccessful"
