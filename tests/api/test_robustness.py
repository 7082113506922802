"""Hostile and broken requests are refused in the envelope, soon and shortly: none is the server's failure (500)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from webob import Request

from openprocurement_api.models.base import REQUIRED
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api, Thing

JSON = "application/json"
MULTIPART = "multipart/form-data"
BOUNDARY = f"{MULTIPART}; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\nabc\r\n--x--\r\n'


class BrokenStream:
    """A body in malformed chunks, or of a caller who hangs up: what a server raises then is its own affair."""

    def read(self, size: int = -1) -> bytes:
        raise SyntaxError("Invalid chunk size: b'zz'")


def send(api: Api, method: str, path: str, status: int, body: bytes | None = None, **environ: Any) -> Any:
    """A request as a server may hand it over, which WebTest would not let pass; its answer, in the envelope."""
    request = Request.blank(BASE + path, environ={"HTTP_AUTHORIZATION": "Basic YnJva2VyOg=="} | environ, method=method)
    if body is not None:
        request.body = body
    answer = request.get_response(api.web.app)
    assert answer.status_int == status, answer.text
    assert answer.json["status"] == "error"
    return answer


@pytest.fixture
def document(api: Api, tender: Thing) -> Thing:
    """A document of the tender."""
    url = api.web.post("/docservice/register", {"hash": f"md5:{'0' * 32}"}).json["data"]["url"]
    data = {"title": "Умови.pdf", "format": "application/pdf", "hash": f"md5:{'0' * 32}", "url": url}
    return api.post(f"{tender.path}/documents", data, token=tender.token)


@pytest.fixture
def tender(api: Api) -> Thing:
    """A tender."""
    thing = api.tender()
    api.web.authorization = ("Basic", ("broker", ""))
    return thing


# --- too much


@pytest.mark.parametrize(
    ("field", "count", "limit"),
    [("items", 200_000, 1000), ("features", 200_000, 1000), ("funders", 200_000, 100), ("items", 1001, 1000)],
)
def test_a_list_that_is_too_long_is_not_looked_into(api: Api, field: str, count: int, limit: int) -> None:
    data = builders.tender(api.clock.now) | {field: [{}] * count}
    began = time.process_time()
    errors = api.refused("POST", "/tenders", data, 422)
    assert errors == [builders.problem(field, [f"Please provide no more than {limit} items."])]
    assert time.process_time() - began < 2


def test_errors_are_collected_for_the_first_hundred_elements(api: Api) -> None:
    (error,) = api.refused("POST", "/tenders", builders.tender(api.clock.now, items=[{}] * 1000), 422)
    assert len(error["description"]) == 100


def test_unknown_fields_are_told_a_hundred_at_a_time(api: Api) -> None:
    unknown = dict.fromkeys(map("field{}".format, range(10_000)), 1)
    errors = api.refused("POST", "/tenders", builders.tender(api.clock.now) | unknown, 422)
    assert errors == [builders.problem(f"field{number}", "Rogue field") for number in range(100)]
    (error,) = api.refused("POST", "/tenders", builders.tender(api.clock.now, value=builders.value(1) | unknown), 422)
    assert len(error["description"]) == 100


def test_a_long_name_does_not_fill_the_log(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    api, name = Api.start(settings | {"log.format": "json", "log.level": "INFO"}), "x" * 100_000
    assert api.refused("POST", "/tenders", {name: 1}, 422) == [builders.problem(name, "Rogue field")]
    (line,) = [line for line in capsys.readouterr().err.splitlines() if '"MESSAGE_ID":"refused"' in line]
    assert "body/xxx" in line
    assert len(line) < 2000


def test_a_list_inside_a_list_has_a_limit_too(api: Api) -> None:
    crowded = builders.item(additionalClassifications=[{}] * 200_000)
    (error,) = api.refused("POST", "/tenders", builders.tender(api.clock.now, items=[crowded]), 422)
    assert error["description"] == [{"additionalClassifications": ["Please provide no more than 100 items."]}]


@pytest.mark.parametrize("levels", [65, 600, 900, 100_000])
@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_json_that_is_too_deep(api: Api, tender: Thing, levels: int, opening: bytes) -> None:
    closing = b"}" if opening.startswith(b"{") else b"]"
    deep = opening * levels + b"1" + closing * levels
    for method, path, body in (
        ("PATCH", f"{tender.path}?acc_token={tender.token}", b'{"data": {"items": %b}}' % deep),
        ("POST", "/tenders", b'{"data": {"title": %b}}' % deep),
    ):
        answer = api.web.request(BASE + path, method=method, body=body, headers={"Content-Type": JSON}, status=422)
        assert answer.json["errors"][0]["name"] == "data"


def test_json_of_sixty_levels_is_read(api: Api, tender: Thing) -> None:
    deep = b"[" * 60 + b"]" * 60
    path = f"{BASE}{tender.path}?acc_token={tender.token}"
    body = b'{"data": {"title": %b}}' % deep
    answer = api.web.request(path, method="PATCH", body=body, headers={"Content-Type": JSON}, status=422)
    assert answer.json["errors"][0]["name"] == "title"


# --- headers


@pytest.mark.parametrize("header", ["Basic \xff", "Basic \xd0\xba", "Basic =", "Basic /w==", "Bearer \xff", "\xff \xff", "Basic"])
def test_a_key_that_cannot_be_read_is_none(api: Api, header: str) -> None:
    answer = send(api, "POST", "/tenders", 403, HTTP_AUTHORIZATION=header, CONTENT_TYPE=JSON, body=b'{"data": {}}')
    assert answer.json["errors"] == [builders.problem("permission", "Forbidden", "url")]


def test_a_fault_before_the_handler_is_in_the_envelope_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(key: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api.registry.services.keys, "user", fail)
    assert send(api, "GET", "/version", 500).headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a\r\nb\tc\x00d\x1b[31m\x7f\x85е", "abcd[31m"), ("req 1/ї~", "req 1/~"), ("x" * 127 + "\x01yz", "x" * 127 + "y")],
)
def test_only_printable_characters_of_a_request_id_go_through(api: Api, given: str, kept: str) -> None:
    wire = given.encode().decode("latin-1")
    assert send(api, "GET", "/nowhere", 404, HTTP_X_CLIENT_REQUEST_ID=wire).headers["X-Request-ID"] == kept


def test_a_request_id_of_nothing_printable_is_none(api: Api) -> None:
    assert len(send(api, "GET", "/nowhere", 404, HTTP_X_CLIENT_REQUEST_ID="\x01\xff ").headers["X-Request-ID"]) == 32


# --- bodies


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (MULTIPART, PART),
        (f"{MULTIPART}; boundary=", PART),
        (f"{MULTIPART}; boundary={'x' * 300}", PART),
        (f"{MULTIPART}; boundary=\xff", PART),
        (f"{BOUNDARY}; charset=foo", PART),
        (f"{BOUNDARY}; charset=base64", PART),
        (f"{BOUNDARY}; charset=idna", PART.replace(b"a.pdf", b"\xff")),
        (BOUNDARY, b"x"),
        (BOUNDARY, PART[:-6]),
        (BOUNDARY, PART.replace(b"\r\n", b"\n")),
    ],
)
def test_a_form_that_cannot_be_read(api: Api, tender: Thing, document: Thing, kind: str, body: bytes) -> None:
    for method, path in (("POST", f"{tender.path}/documents"), ("PUT", document.path)):
        answer = send(api, method, path, 422, body, CONTENT_TYPE=kind, HTTP_X_ACCESS_TOKEN=tender.token)
        assert answer.json["errors"] == [builders.problem("data", "The form cannot be read.")]


@pytest.mark.parametrize(
    "body",
    [
        PART.replace(b"--x\r\n", b"--x\r\nX-A: b\r\n", 1).replace(b"X-A: b\r\n", b"X-A: b\r\n" * 300_000),
        PART.replace(b"a.pdf", b"a" * 10_000),
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 100_000 + PART,
        b"--x\r\n\r\n\r\n" * 100_000 + PART,
    ],
)
def test_a_form_with_too_much_around_its_file(api: Api, tender: Thing, body: bytes) -> None:
    answer = send(api, "POST", f"{tender.path}/documents", 422, body, CONTENT_TYPE=BOUNDARY, HTTP_X_ACCESS_TOKEN=tender.token)
    assert answer.json["errors"] == [builders.problem("data", "The form cannot be read.")]


@pytest.mark.parametrize(
    "body",
    [b"", b"--x--", PART.replace(b'"file"', b'"other"'), PART.replace(b"a.pdf", b""), PART.replace(b"name=", b"\xff=")],
)
def test_a_form_without_a_file(api: Api, tender: Thing, document: Thing, body: bytes) -> None:
    for method, path in (("POST", f"{tender.path}/documents"), ("PUT", document.path)):
        answer = send(api, method, path, 404, body, CONTENT_TYPE=BOUNDARY, HTTP_X_ACCESS_TOKEN=tender.token)
        assert answer.json["errors"] == [builders.problem("file", "Not Found")]


@pytest.mark.parametrize("kind", [JSON, BOUNDARY, "application/pdf"])
def test_a_body_that_breaks_off(api: Api, tender: Thing, document: Thing, kind: str) -> None:
    environ = {"CONTENT_TYPE": kind, "wsgi.input": BrokenStream(), "wsgi.input_terminated": True}
    answer = send(api, "PUT", document.path, 400, HTTP_X_ACCESS_TOKEN=tender.token, **environ)
    assert answer.json["errors"] == [builders.problem("data", "The body is malformed or incomplete.")]


# --- null where an object belongs


@pytest.mark.parametrize("method", ["PATCH", "POST"])
@pytest.mark.parametrize(
    ("data", "description"),
    [
        ({"bids": [None]}, [REQUIRED]),
        ({"bids": [{}, None]}, [REQUIRED]),
        ({"lots": [None]}, [REQUIRED]),
        ({"lots": [{}, None]}, [REQUIRED]),
        ({"bids": [{"lotValues": [None]}, {}]}, [{"lotValues": [REQUIRED]}]),
        ({"bids": [{"lotValues": [{}, None]}, None]}, [REQUIRED]),
    ],
)
@pytest.mark.parametrize("lots", [0, 2])
def test_the_auction_module_sends_null(api: Api, method: str, data: Any, description: Any, lots: int) -> None:
    path = auction(api, lots)
    for address in (path, f"{path}/{'0' * 31}1"):
        errors = api.refused(method, address, data, 422, user="auction")
        assert errors == [builders.problem(next(iter(data)), description)]


def auction(api: Api, lots: int) -> str:
    """The auction page of a tender in active.auction, with so many lots and two bids."""
    ids = [f"{number:032}" for number in range(1, lots + 1)]
    items = [builders.item(relatedLot=ids[0])] if ids else [builders.item()]
    tender = api.tender(items=items, **({"lots": [builders.lot(id=name) for name in ids]} if ids else {}))
    api.until(tender, "active.tendering")
    for amount in (240, 230):
        api.post(f"{tender.path}/bids", builders.lot_bid(dict.fromkeys(ids, amount)) if ids else builders.bid(amount))
    api.until(tender, "active.auction")
    return f"{tender.path}/auction"


def test_too_many_lots_are_counted_before_they_are_read(api: Api) -> None:
    (error,) = api.refused("POST", "/tenders", builders.tender(api.clock.now, lots=[{}] * 20_000), status=422)
    assert (error["name"], error["description"]) == ("lots", ["Please provide no more than 1000 items."])
