"""What goes wrong on the way: what is sent again, what is not, and what the caller learns."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError

import httpx
import pytest
from scripted import HOST, Script, refused, said

from openprocurement_client import (
    Client,
    ClientError,
    Conflict,
    Connection,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    Refused,
    Retries,
    ServerFailed,
    Stale,
    TooManyRequests,
    Unreachable,
)
from openprocurement_client.retry import asked_for

RESET = httpx.ReadError("Connection reset by peer")
LATE = httpx.ReadTimeout("timed out")
CLOSED = httpx.ConnectError("Connection refused")
HALF = httpx.Response(200, content=b'{"data": {"id": "1"')
PAGE = httpx.Response(502, html="<h1>Bad Gateway</h1>")
LOST = (RESET, LATE, HALF, PAGE, refused(503), refused(504))
"""After these it is not known whether a write was carried out."""


@pytest.mark.parametrize("failure", [*LOST, CLOSED, refused(429)], ids=str)
def test_reading_is_repeated(failure):
    script = Script(failure, failure, said({"id": "1"}))
    assert script.client().get("/tenders/1").id == "1"
    assert len(script.asked) == 3
    assert 0.25 <= script.pauses[0] <= 0.5
    assert 0.5 <= script.pauses[1] <= 1.0
    assert len({request.headers["X-Client-Request-ID"] for request in script.asked}) == 1


@pytest.mark.parametrize("failure", [*LOST, CLOSED, refused(429), refused(409)], ids=str)
def test_a_post_is_repeated_under_one_key(failure):
    script = Script(failure, said({"id": "1"}, 201))
    assert script.client().create("/tenders", {}).id == "1"
    first, second = (request.headers["Idempotency-Key"] for request in script.asked)
    assert first == second
    assert len(first) == 32
    assert script.bodies == [{"data": {}}] * 2


def test_another_post_has_another_key():
    script = Script(said({}, 201), said({}, 201), said({}, 201))
    client = script.client()
    client.create("/tenders", {})
    client.create("/tenders", {})
    client.create("/tenders", {}, idempotency_key="mine")
    keys = [request.headers["Idempotency-Key"] for request in script.asked]
    assert len(set(keys)) == 3
    assert keys[2] == "mine"


@pytest.mark.parametrize("failure", LOST, ids=str)
def test_what_could_be_done_twice_is_sent_once(failure):
    attempts = {
        "a post without a key": lambda client: client.create("/tenders", {}),
        "an operation": lambda client: client.operate("/tenders/1/auction", {}),
        "a blind patch": lambda client: client.patch("/tenders/1", {}),
        "a blind delete": lambda client: client.delete("/tenders/1/bids/2"),
        "a form": lambda client: client.attach_directly("/tenders/1/documents", io.BytesIO(b"x"), title="x"),
    }
    for name, attempt in attempts.items():
        script = Script(failure)
        with pytest.raises(ClientError) as caught:
            attempt(script.client(idempotency=False))
        assert caught.value.uncertain, name
        assert len(script.asked) == 1, name
        assert "Idempotency-Key" not in script.asked[0].headers


@pytest.mark.parametrize("failure", [CLOSED, httpx.ConnectTimeout("t"), refused(429), refused(412)], ids=str)
def test_what_surely_was_not_done_is_sent_again(failure):
    script = Script(failure, said({"id": "1"}))
    assert script.client().patch("/tenders/1", {}).id == "1"


def test_the_cookie_of_a_balancer_comes_back():
    script = Script(refused(412, Set_Cookie="SERVER_ID=two; path=/"), said({"id": "1"}))
    script.client().patch("/tenders/1", {})
    assert "Cookie" not in script.asked[0].headers
    assert script.asked[1].headers["Cookie"] == "SERVER_ID=two"


def test_a_guarded_patch_is_repeated_and_says_when_it_cannot_know():
    script = Script(RESET, said({"id": "1"}))
    assert script.client().patch("/tenders/1", {}, if_match='"e"').id == "1"
    assert [request.headers["If-Match"] for request in script.asked] == ['"e"'] * 2

    script = Script(RESET, refused(412))
    with pytest.raises(Stale) as caught:
        script.client().patch("/tenders/1", {}, if_match='"e"')
    assert caught.value.uncertain

    script = Script(refused(412))
    with pytest.raises(Stale) as caught:
        script.client().patch("/tenders/1", {}, if_match='"e"')
    assert not caught.value.uncertain


def test_update_does_not_change_twice_what_it_may_have_changed():
    script = Script(said({"id": "1", "n": 1}, ETag='"a"'), RESET, refused(412))
    client = script.client()
    with pytest.raises(Stale):
        client.update(client.get("/tenders/1"), lambda data: {"n": data["n"] + 1})
    assert len(script.asked) == 3


def test_it_gives_up_in_the_end():
    script = Script(*[refused(503)] * 5)
    with pytest.raises(ServerFailed) as caught:
        script.client().get("/tenders/1")
    assert not caught.value.uncertain, "nothing was to be changed"
    assert len(script.pauses) == 4

    script = Script(*[CLOSED] * 2)
    with pytest.raises(Unreachable, match="GET /tenders/1: no answer: Connection refused") as lost:
        script.client(retries=Retries(attempts=2, sleep=script.pauses.append)).get("/tenders/1")
    assert not lost.value.sent


def test_pauses_end_growing_and_heed_the_server():
    told = []
    retries = Retries(attempts=None, longest=8, sleep=lambda _: None, told=lambda error, pause: told.append(pause))
    script = Script(*[refused(503)] * 40, refused(503, Retry_After="30"), refused(429, Retry_After="99999"), said({}))
    script.client(retries=retries).get("/tenders/1")
    assert all(4 <= pause <= 8 for pause in told[5:40])
    assert told[40:] == [30, 900]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("7", 7.0),
        ("Sun, 22 Nov 2026 20:00:10 GMT", 10.0),
        ("Sun, 22 Nov 2026 20:00:10", 10.0),
        ("Sun, 22 Nov 2026 19:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, expected):
    assert asked_for(header, datetime(2026, 11, 22, 20, 0, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused), (401, Forbidden), (403, Forbidden), (404, NotFound), (409, Conflict), (410, Gone), (412, Stale),
        (415, Refused), (422, Invalid), (429, TooManyRequests), (500, ServerFailed), (507, ServerFailed),
    ],
)  # fmt: skip
def test_every_status_has_its_error(status, kind):
    script = Script(refused(status, "value", ["Too much.", "Too late."], X_Request_ID="r1"))
    with pytest.raises(ClientError) as caught:
        script.client(retries=Retries(attempts=1)).patch("/tenders/1", {}, if_match='"e"')
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.request_id) == (status, "r1")
    assert str(caught.value) == f"PATCH /tenders/1 was refused with {status}: value: Too much.; value: Too late."
    assert caught.value.fields == {"value": "Too much."}
    assert caught.value.uncertain == (status >= 500)


@pytest.mark.parametrize("text", [b"", b"<html>", b"[]", b'{"errors": 1}', b'{"errors": [1]}', b'{"errors": null}', b"{}"])
def test_a_refusal_by_something_else_has_no_problems(text):
    script = Script(httpx.Response(403, content=text))
    with pytest.raises(Forbidden, match=r"^GET /tenders/1 was refused with 403$") as caught:
        script.client().get("/tenders/1")
    assert caught.value.problems == ()


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"data": []}', b'{"data": 1', b"[" * 100_000])
def test_an_answer_that_makes_no_sense_is_no_answer(text):
    script = Script(*[httpx.Response(200, content=text)] * 5)
    with pytest.raises(Unreachable, match="cannot be read"):
        script.client().get("/tenders/1")


def test_a_list_is_no_object():
    script = Script(*[said({"id": "1"})] * 5)
    with pytest.raises(Unreachable, match="no list"):
        script.client().items("/tenders/1/bids")


def test_a_file_that_arrives_as_another_one_is_told():
    script = Script(said({"hash": "md5:" + "0" * 32}))
    with pytest.raises(ClientError, match="received something else"):
        script.client().attach("/tenders/1/documents", io.BytesIO(b"x"), title="x")
    assert len(script.asked) == 1


def test_an_upload_is_repeated_from_its_first_byte():
    kept = {"hash": "md5:9dd4e461268c8034f5c8564e155c67a6", "url": "u"}
    script = Script(RESET, refused(503), said(kept), said({"id": "1"}, 201))
    script.client().attach("/tenders/1/documents", io.BytesIO(b"x"), title="x")
    assert [b"\r\n\r\nx\r\n" in request.content for request in script.asked] == [True, True, True, False]


# --- who is told what


def test_the_client_says_who_it_is():
    script = Script(said({}), said({}))
    script.client().get("/tenders/1")
    assert script.asked[0].headers["User-Agent"].startswith("openprocurement-client/")
    assert script.asked[0].headers["Authorization"] == "Basic YnJva2VyOg=="
    assert str(script.asked[0].url) == f"{HOST}/api/2.5/tenders/1"

    connection = Connection(user_agent="portal/1", api_version="2.4", transport=httpx.MockTransport(script))
    with Client(f"{HOST}/prefix/", connection=connection) as client:
        client.get("tenders/1")
    assert script.asked[1].headers["User-Agent"] == "portal/1"
    assert "Authorization" not in script.asked[1].headers
    assert str(script.asked[1].url) == f"{HOST}/prefix/api/2.4/tenders/1"


def test_a_client_without_its_metadata_still_has_a_name(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("openprocurement_client.wire.version", missing)
    script = Script(said({}))
    script.client().get("/tenders/1")
    assert script.asked[0].headers["User-Agent"] == "openprocurement-client"


def test_an_address_of_the_api_is_taken_as_it_is():
    script = Script(said({}))
    with Client("https://api.example.org/api/0/", connection=Connection(transport=httpx.MockTransport(script))) as client:
        client.get("/tenders/1")
    assert str(script.asked[0].url) == "https://api.example.org/api/0/tenders/1"


@pytest.mark.parametrize("url", ["", "example.org", "ftp://example.org", "http://", "http://a:b:c"])
def test_what_is_no_address_is_told_at_once(url):
    with pytest.raises(ValueError, match="is no address"):
        Client(url)


def test_keys_and_tokens_go_to_no_other_host():
    elsewhere = "https://files.example.org/get/1"
    script = Script(
        httpx.Response(200, content=b"x"), httpx.Response(302, headers={"Location": elsewhere}), httpx.Response(200, content=b"x")
    )
    client = script.client()
    assert client.download({"url": elsewhere}, token="t") == b"x"
    assert client.download({"url": f"{HOST}/api/2.5/tenders/1/documents/2?download=3"}, token="t") == b"x"
    assert [("Authorization" in r.headers, "X-Access-Token" in r.headers) for r in script.asked] == [
        (False, False),
        (True, True),
        (False, False),
    ]


def test_a_document_that_moves_for_ever_is_given_up():
    script = Script(*[httpx.Response(302, headers={"Location": "/again"})] * 4)
    with pytest.raises(ClientError, match="moved too often"):
        script.client().download({"url": f"{HOST}/first"})
    assert script.asked[1].url == f"{HOST}/again"


def test_the_document_service_may_have_accounts_of_its_own():
    kept = {"hash": "md5:9dd4e461268c8034f5c8564e155c67a6", "url": "u"}
    for documents, expected in (
        ("https://uploader:word@docs.example.org/", "Basic dXBsb2FkZXI6d29yZA=="),
        ("https://docs.example.org", "Basic YnJva2VyOg=="),
    ):
        script = Script(said(kept), said({"id": "1"}, 201))
        script.client(documents=documents).attach("/tenders/1/documents", io.BytesIO(b"x"), title="x")
        assert str(script.asked[0].url) == "https://docs.example.org/upload"
        assert script.asked[0].headers["Authorization"] == expected


def test_a_host_that_a_proxy_has_changed_does_not_matter():
    script = Script(
        said({"id": "7"}, 201, Location="http://inside:8080/api/2.5/tenders/7"), said({"id": "7"}, 201, Location="/else")
    )
    client = script.client()
    assert client.create("/tenders", {}).path == "/tenders/7"
    assert client.create("/tenders", {}).path == "/tenders"
