"""The API describes itself: procedures, pages for people, an OpenAPI document that is valid and complete."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from importlib.metadata import entry_points

import jsonschema
import pytest
from openapi_spec_validator import validate

from openprocurement_api import plugins
from openprocurement_api.describing import procedures
from openprocurement_api.http.views import describing
from openprocurement_api.testing import builders
from procedures.below_threshold.states import PROCEDURE

BASE = "/api/2.5"
DRAWN = r'state "[^"]+" as \w+( \{)?|(\w+|\[\*\]) --> (\w+|\[\*\])( : .+)?'
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def settings(settings):
    """All procedures at once."""
    known = plugins.procedures(plugins.load([point.name for point in entry_points(group=plugins.GROUP)]))
    return settings | {"plugins": f"{' '.join(known)} documents"}


@pytest.fixture
def spec(api):
    return api.call("GET", "/openapi.json", user=None).json


# --- procedures


def test_the_list_names_every_procedure(api):
    found = {p["procurementMethodType"]: p for p in api.get("/procedures", user=None)}
    assert list(found) == sorted(api.registry.services.procedures)
    assert found["belowThreshold"]["title"] == "Below-threshold procurement"
    assert found["belowThreshold"]["uri"] == f"http://localhost{BASE}/procedures/belowThreshold"
    assert found["belowThreshold"]["default"] is True


def test_a_procedure_tells_its_declaration(api):
    told = api.get("/procedures/belowThreshold", user=None)
    assert told["periods"].items() >= {"stand_still_working_days": 2, "claim_reply": "P3D"}.items()
    assert "claim_reply" in told["periodsDescription"]
    tender = told["nodes"][0]
    assert [s["name"] for s in tender["states"]] == [s.name for s in PROCEDURE.root.workflow.states]
    (begins,) = [t for t in tender["transitions"] if t["to"] == "active.tendering"]
    assert begins["actor"] == "chronograph"
    assert begins["at"] == "tenderPeriod.startDate, or enquiryPeriod.endDate if there is none"
    assert tender["diagram"].startswith("stateDiagram-v2")
    row = {"path": "tenders", "state": "active.tendering", "actor": "broker", "verb": "add", "what": ["bids", "complaints"]}
    assert row in told["access"]


def test_the_schemas_of_a_procedure_judge_its_documents(api):
    told = api.get("/procedures/belowThreshold", user=None)["schemas"]
    for name in told["$defs"]:
        jsonschema.Draft202012Validator.check_schema({**told, "$ref": f"#/$defs/{name}"})
    judge = jsonschema.Draft202012Validator({**told, "$ref": "#/$defs/Tender"})
    good = builders.tender(api.clock.now)
    assert list(judge.iter_errors(good)) == []
    for wrong in ({"title": 5}, {"items": []}, {"rogue": 1}, {"value": {"amount": -1}}, {"mode": "real"}):
        assert list(judge.iter_errors(good | wrong)) != [], wrong
    assert [e.message for e in judge.iter_errors({k: v for k, v in good.items() if k != "items"})]


def test_every_diagram_names_its_states_as_mermaid_takes_them(api):
    """A hyphen in the key of a state is a syntax error there."""
    for listed in api.get("/procedures", user=None):
        for node in api.get(f"/procedures/{listed['procurementMethodType']}", user=None)["nodes"]:
            lines = [line.strip() for line in node.get("diagram", "").splitlines()[1:] if line.strip() != "}"]
            assert [line for line in lines if not re.fullmatch(DRAWN, line)] == [], node["path"]


def test_an_unknown_procedure_is_not_found(api):
    answer = api.call("GET", "/procedures/nothing", user=None, status=404)
    assert answer.json["errors"] == [{"location": "url", "name": "procedure_type", "description": "Not Found"}]


@pytest.mark.parametrize("path", ["/procedures", "/procedures/belowThreshold", "/openapi.json"])
def test_who_has_it_need_not_read_it_again(api, path):
    first = api.call("GET", path, user=None)
    again = api.call("GET", path, user=None, status=304, If_None_Match=first.headers["ETag"])
    assert again.body == b""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (timedelta(days=3), "P3D"),
        (timedelta(hours=26, minutes=5), "P1DT2H5M"),
        (timedelta(days=-2), "-P2D"),
        (timedelta(0), "P0D"),
        (Decimal("0.25"), 0.25),
        (date(2026, 1, 31), "2026-01-31"),
        (frozenset({"b", "a"}), ["a", "b"]),
        ((1, timedelta(seconds=5)), [1, "PT5S"]),
        (None, None),
        (procedures.summary, "What a list of procedures says of one."),
    ],
)
def test_values_of_rule_sets_as_json(value, said):
    assert procedures.plain(value) == said


# --- pages


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/procedures", ["belowThreshold", "Below-threshold procurement"]),
        ("/procedures/belowThreshold", ["stateDiagram-v2", "active.tendering", "claim_reply", "3 days", "tender_owner"]),
        ("/openapi", [f'data-url="{BASE}/openapi.json"']),
    ],
)
def test_a_browser_gets_a_page(api, path, words):
    page = api.web.get(BASE + path, headers=BROWSER)
    assert page.content_type == "text/html"
    assert all(word in page.text for word in words)
    for address in re.findall(r'(?:src|href)="([^"#]+)"', page.text):
        assert address.startswith(f"{BASE}/"), "a page asks nobody else for anything"
        api.web.get(address)
    assert api.web.get(BASE + path, headers=BROWSER | {"If-None-Match": page.headers["ETag"]}, status=304).body == b""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("P1D", "1 day"),
        ("-P2D", "minus 2 days"),
        ("P1DT2H5M", "1 day 2 hours 5 minutes"),
        ("PT1S", "1 second"),
        ("Pnever", "Pnever"),
    ],
)
def test_durations_are_spoken_on_pages(text, said):
    assert describing.spoken(text) == said


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/json, text/html;q=0.5", ""])
def test_a_client_gets_json(api, accept):
    answer = api.web.get(f"{BASE}/procedures", headers={"Accept": accept} if accept else {})
    assert answer.content_type == "application/json"
    assert "Accept" in answer.headers["Vary"]


def test_json_can_be_asked_for_in_a_browser(api):
    assert api.web.get(f"{BASE}/procedures?format=json", headers=BROWSER).content_type == "application/json"


def test_only_assets_are_served(api):
    assert api.web.get(f"{BASE}/assets/pages.css").headers["Cache-Control"] == "max-age=3600"
    for name in ("README.md", "..%2fbody.py", "nothing.js"):
        api.call("GET", f"/assets/{name}", user=None, status=404)


# --- OpenAPI


def test_the_document_is_valid(spec):
    validate(spec)
    names = [way["operationId"] for path in spec["paths"].values() for way in path.values() if isinstance(way, dict)]
    assert len(names) == len(set(names))


def test_the_document_has_every_address_and_no_other(api, spec):
    pages = (f"{BASE}/openapi", f"{BASE}/assets/{{asset}}")
    served = {
        (service.path.removeprefix(BASE), method.lower())
        for service in api.registry.cornice_services.values()
        for method, _, _ in service.definitions
        if method not in ("OPTIONS", "HEAD") and service.path not in pages
    }
    told = {(path, method) for path, ways in spec["paths"].items() for method in ways if method != "parameters"}
    assert told == served


def test_whatever_is_shown_fits_the_document(api, spec):
    tender = api.post("/tenders", builders.tender(api.clock.now, lots=[builders.lot()]))
    answer = api.call("GET", tender.path)
    shape = spec["paths"]["/tenders/{tender_id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    judge = jsonschema.Draft202012Validator({**shape, "components": spec["components"]})
    assert list(judge.iter_errors(answer.json)) == []
    assert list(judge.iter_errors({"data": []})) != []


def test_what_a_model_refuses_the_document_refuses(spec):
    body = spec["paths"]["/tenders"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    judge = jsonschema.Draft202012Validator({**body, "components": spec["components"]})
    assert [e.validator for e in judge.iter_errors({})] == ["required"]
    assert list(judge.iter_errors({"data": {"title": "T"}})) != []
