"""What HTTP offers beside the data: conditional requests, packing, HEAD, OPTIONS, other origins, JSONP, request ids, pages."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from webob import Request

from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api


def raw(api: Api, method: str, path: str, status: int = 200, **headers: str) -> Any:
    """A request without a key."""
    api.web.authorization = None
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.web.request(BASE + path, method=method, headers=named, status=status)


def test_a_tender_that_did_not_change_is_304(api: Api) -> None:
    tender = api.tender()
    first = raw(api, "GET", tender.path)
    again = raw(api, "GET", tender.path, 304, If_None_Match=first.headers["ETag"])
    assert again.body == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    api.patch(tender, {"title": "Нова назва"})
    assert raw(api, "GET", tender.path, If_None_Match=first.headers["ETag"]).json["data"]["title"] == "Нова назва"


def test_the_feed_is_304_until_something_is_new(api: Api) -> None:
    api.tender()
    etag = raw(api, "GET", "/tenders").headers["ETag"]
    raw(api, "GET", "/tenders", 304, If_None_Match=etag)
    api.tender()
    raw(api, "GET", "/tenders", 200, If_None_Match=etag)


def test_a_write_to_what_was_not_seen_is_412(api: Api) -> None:
    tender = api.tender()
    seen = api.call("GET", tender.path).headers["ETag"]
    changed = api.call("PATCH", tender.path, {"title": "а"}, token=tender.token, If_Match=seen)
    (error,) = api.refused("PATCH", tender.path, {"title": "б"}, status=412, token=tender.token, If_Match=seen)
    assert (error["location"], error["name"]) == ("header", "If-Match")
    assert api.get(tender.path)["title"] == "а"
    api.call("PATCH", tender.path, {"title": "в"}, token=tender.token, If_Match=changed.headers["ETag"])
    api.call("PATCH", tender.path, {"title": "г"}, token=tender.token, If_Match="*")


def test_a_bid_does_not_change_the_tenders_etag_while_it_is_sealed(api: Api) -> None:
    tender = api.tender()
    api.until(tender, "active.tendering")
    before, offset = raw(api, "GET", tender.path), raw(api, "GET", "/tenders").json["next_page"]
    api.post(f"{tender.path}/bids", builders.bid())
    assert raw(api, "GET", tender.path).headers["ETag"] == before.headers["ETag"]
    assert raw(api, "GET", "/tenders").json["next_page"] == offset


def test_large_answers_are_packed(api: Api) -> None:
    tender = api.tender(items=[builders.item() for _ in range(10)])
    plain = raw(api, "GET", tender.path)
    request = Request.blank(BASE + tender.path, headers={"Accept-Encoding": "br;q=1.0, gzip;q=0.8"})
    packed = request.get_response(api.web.app)  # WebTest would unpack it
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert json.loads(gzip.decompress(packed.body)) == plain.json
    assert packed.headers["ETag"] != plain.headers["ETag"]
    raw(api, "GET", tender.path, 304, If_None_Match=packed.headers["ETag"])
    assert "Content-Encoding" not in raw(api, "GET", tender.path, Accept_Encoding="gzip;q=0").headers
    assert "Content-Encoding" not in raw(api, "GET", "/version", Accept_Encoding="gzip").headers


def test_head_is_get_without_the_body(api: Api) -> None:
    tender = api.tender()
    head, get = raw(api, "HEAD", tender.path), raw(api, "GET", tender.path)
    assert head.body == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/tenders", "GET, HEAD, OPTIONS, POST"),
        ("/tenders/x", "GET, HEAD, OPTIONS, PATCH"),
        ("/tenders/x/bids/y", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("/tenders/x/documents/y", "GET, HEAD, OPTIONS, PATCH, PUT"),
        ("/tenders/x/awards/y", "GET, HEAD, OPTIONS, PATCH"),
        ("/tenders/x/auction", "GET, HEAD, OPTIONS, PATCH, POST"),
        ("/health", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_names_the_methods(api: Api, path: str, allowed: str) -> None:
    assert raw(api, "OPTIONS", path).headers["Allow"] == allowed


def test_pages_of_other_origins_may_read_and_never_with_credentials(api: Api) -> None:
    answer = raw(api, "GET", "/tenders", Origin="https://journalist.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    before = raw(api, "OPTIONS", "/tenders", Origin="https://journalist.example", Access_Control_Request_Method="GET")
    assert before.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Credentials" not in before.headers
    assert raw(api, "GET", "/nowhere", 404).headers["Access-Control-Allow-Origin"] == "*"


def test_pretty_and_jsonp(api: Api) -> None:
    tender = api.tender()
    plain = raw(api, "GET", tender.path)
    pretty = raw(api, "GET", f"{tender.path}?opt_pretty=1")
    assert pretty.text.startswith('{\n    "data": {\n        "id"')
    assert pretty.json == plain.json
    called = raw(api, "GET", f"{tender.path}?opt_jsonp=show")
    assert called.content_type == "application/javascript"
    assert json.loads(called.text.removeprefix("show(").removesuffix(");")) == plain.json
    assert len({answer.headers["ETag"] for answer in (plain, pretty, called)}) == 3
    both = raw(api, "GET", f"{tender.path}?opt_jsonp=show&opt_pretty=1").text
    assert both.startswith("show({\n")


def test_the_body_may_ask_for_a_pretty_answer(api: Api) -> None:
    api.web.authorization = ("Basic", ("broker", ""))
    body = {"data": builders.tender(api.clock.now), "options": {"pretty": True}}
    assert api.web.post_json(f"{BASE}/tenders", body, status=201).text.startswith("{\n    ")


def test_request_ids_go_through(api: Api) -> None:
    assert raw(api, "GET", "/version", X_Client_Request_ID="req-1").headers["X-Request-ID"] == "req-1"
    assert len(raw(api, "GET", "/version").headers["X-Request-ID"]) == 32
    assert len(raw(api, "GET", "/version", X_Client_Request_ID="x" * 999).headers["X-Request-ID"]) == 128


def test_pages_about_the_server(api: Api) -> None:
    tender = api.tender()
    assert api.get("/version", user=None)["api"] == "2.5"
    health = api.get("/health", user=None)
    assert (health["store"], health["clock"]) == ("ok", {"lag": 0.0})
    api.clock.now = builders.datetime.fromisoformat(tender.data["next_check"]) + builders.timedelta(seconds=90)
    assert api.get("/health", user=None)["clock"]["lag"] == 90
    spore = api.call("GET", "/spore", user=None).json
    assert {"name", "base_url", "version", "expected_status", "methods"} == set(spore)
    assert {"path": "/api/2.5/tenders/:tender_id/bids", "method": "POST", "formats": ["json"]} in spore["methods"].values()
    metrics = api.web.get("/metrics").text
    assert 'openprocurement_requests_total{method="POST",route="/api/2.5/tenders",status="201"}' in metrics


def test_the_bearer_of_a_key_and_the_three_places_of_a_token(api: Api) -> None:
    tender = api.tender()
    api.web.authorization = ("Bearer", "broker")
    url, body = BASE + tender.path, {"data": {"description": "1"}}
    assert api.web.patch_json(f"{url}?acc_token={tender.token}", body).json["data"]["description"] == "1"
    headers = {"X-Access-Token": tender.token}
    assert api.web.patch_json(url, {"data": {"description": "2"}}, headers=headers).json["data"]["description"] == "2"
    inside = {"data": {"description": "3"}, "access": {"token": tender.token}}
    assert api.web.patch_json(url, inside).json["data"]["description"] == "3"
    api.web.patch_json(url, body, status=403)


@pytest.mark.parametrize("kind", ["Application/JSON", "APPLICATION/JSON;charset=UTF-8", " application/json ; charset=utf-8"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_the_case_of_a_media_type_means_nothing(api: Api, method: str, kind: str) -> None:
    tender = api.tender()
    path, data = ("", builders.tender(api.clock.now)) if method == "POST" else (f"/{tender.id}", {"title": "Нова назва"})
    headers = {"Content-Type": kind, "X-Access-Token": tender.token}
    answer = api.web.request(f"{BASE}/tenders{path}", method=method, body=json.dumps({"data": data}).encode(), headers=headers)
    assert answer.json["data"]["title"] == data["title"]
