"""The requests of `openprocurement_client` 2.0.0 from PyPI, as `requests` sends them, and what it reads in the answers.

Its habits: a HEAD of `/spore` before anything else; `Content-Type: application/json` on every request but forms, bodies or not;
`X-Access-Token` even if it has no token; whole answers sent back as PATCH, tokens included; Python's `True` in a query.
"""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import httpx
import pytest
from scripted import HOST

from openprocurement_api.testing import client as testing
from openprocurement_api.testing.builders import bid, claim, lot, question, tender, value

TENDERS = "/api/2.5/tenders"
OWN_HEADERS = {"Content-Type": "application/json"}
SESSION_HEADERS = {
    "User-Agent": "op.client/0123456789abcdef0123456789abcdef",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "*/*",
    "Connection": "keep-alive",
}


class OldClient:
    """A session that sends what the old client sends."""

    def __init__(self, app, key: str) -> None:
        transport = httpx.WSGITransport(app, remote_addr="127.0.0.1")
        self.session = httpx.Client(
            transport=transport, base_url=HOST, auth=(key, ""), headers=SESSION_HEADERS, follow_redirects=True
        )
        assert self.session.head("/api/2.5/spore").status_code == 200

    def send(self, method: str, path: str, body=None, token: str | None = None, expected: int = 200, **options):
        """One request; returns the decoded answer, on which the old client insists."""
        headers = dict(OWN_HEADERS) | ({"X-Access-Token": token} if token is not None else {})
        if "files" in options:
            del headers["Content-Type"]
        response = self.session.request(method, path, json=body, headers=headers, **options)
        assert response.status_code == expected, response.text
        return response.json()


@pytest.fixture
def old(api):
    made = []

    def client(key: str = "broker") -> OldClient:
        made.append(OldClient(api.web.app, key))
        return made[-1]

    yield client
    for each in made:
        each.session.close()


@pytest.fixture
def client(old) -> OldClient:
    return old()


@pytest.fixture
def made(api, client):
    """The whole answer to the announcement of a tender, as the old client keeps it."""
    return client.send("POST", TENDERS, {"data": tender(api.clock.now)}, expected=201)


def of(answer) -> str:
    return f"{TENDERS}/{answer['data']['id']}"


def tick(api, answer, at) -> None:
    api.tick(testing.Thing(f"/tenders/{answer['data']['id']}", "", answer["data"]), at)


# --- tenders and what is below them


def test_a_tender_goes_back_whole(client, made):
    """`patch_tender` sends the answer it had, changed: data, access and all."""
    made["data"]["title"] = "Інші парти"
    changed = client.send("PATCH", of(made), made, token=made["access"]["token"])
    assert changed["data"]["title"] == "Інші парти"
    assert "access" not in changed


def test_reading_without_a_token_sends_an_empty_one(client, made):
    for part in ("questions", "documents", "awards", "lots"):
        assert client.send("GET", f"{of(made)}/{part}", token="")["data"] == []


def test_lots_are_made_patched_read_and_deleted(client, made):
    token = made["access"]["token"]
    added = client.send("POST", f"{of(made)}/lots", {"data": lot()}, token=token, expected=201)
    path = f"{of(made)}/lots/{added['data']['id']}"
    added["data"]["title"] = "Лот перший"
    assert client.send("PATCH", path, added, token=token)["data"]["title"] == "Лот перший"
    assert client.send("GET", path, token=token)["data"]["title"] == "Лот перший"
    assert client.send("DELETE", path, token=token)["data"]["id"] == added["data"]["id"]


def test_questions_are_asked_and_answered(client, old, made):
    asked = old("broker2").send("POST", f"{of(made)}/questions", {"data": question()}, token="", expected=201)
    asked["data"]["answer"] = "Синій"
    path = f"{of(made)}/questions/{asked['data']['id']}"
    assert client.send("PATCH", path, asked, token=made["access"]["token"])["data"]["answer"] == "Синій"
    assert client.send("GET", path, token="")["data"]["answer"] == "Синій"


def test_bids_are_made_patched_read_and_deleted(api, old, made):
    tick(api, made, made["data"]["enquiryPeriod"]["endDate"])
    supplier = old("broker2")
    offer = supplier.send("POST", f"{of(made)}/bids", {"data": bid()}, token="", expected=201)
    path, token = f"{of(made)}/bids/{offer['data']['id']}", offer["access"]["token"]
    offer["data"]["value"] = value(440)
    assert supplier.send("PATCH", path, offer, token=token)["data"]["value"]["amount"] == 440
    assert supplier.send("GET", path, token=token)["data"]["value"]["amount"] == 440
    assert supplier.send("DELETE", path, token=token)["data"]["id"] == offer["data"]["id"]


def test_claims_and_cancellations(client, old, made):
    filed = old("broker2").send("POST", f"{of(made)}/complaints", {"data": claim()}, token="", expected=201)
    filed["data"]["status"] = "claim"
    path = f"{of(made)}/complaints/{filed['data']['id']}"
    moved = old("broker2").send("PATCH", path, filed, token=filed["access"]["token"])
    assert moved["data"]["status"] == "claim"

    token = made["access"]["token"]
    stop = client.send("POST", f"{of(made)}/cancellations", {"data": {"reason": "Досить"}}, token=token, expected=201)
    stop["data"]["status"] = "active"
    assert client.send("PATCH", f"{of(made)}/cancellations/{stop['data']['id']}", stop, token=token)["data"]["status"] == "active"
    assert client.send("GET", of(made))["data"]["status"] == "cancelled"


def test_credentials_are_extracted(old, made):
    shown = old("contracting").send("GET", f"{of(made)}/extract_credentials")["data"]
    digest = hashlib.sha512(made["access"]["token"].encode()).hexdigest()
    assert (shown["owner"], shown["tender_token"]) == ("broker", digest)


def test_a_patch_without_a_body_gets_the_envelope(client, made):
    """`patch_credentials` sends none; what knows no credentials says so in the shape that every failure has."""
    answer = client.send("PATCH", f"{of(made)}/credentials", token=made["access"]["token"], expected=404)
    assert answer["status"] == "error"
    assert client.send("PATCH", of(made), token=made["access"]["token"], expected=422)["status"] == "error"


@pytest.mark.parametrize(
    ("path", "status"), [(f"{TENDERS}/{'0' * 32}", 404), (f"{TENDERS}/x/bids/y", 404), ("/api/2.5/nothing", 404)]
)
def test_errors_have_the_status_it_looks_for(client, path, status):
    assert client.send("GET", path, expected=status)["errors"]


# --- files


def name_read_by_the_old_client(response) -> str:
    return response.headers["Content-Disposition"].split("; filename=")[1].strip('"')


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_form_is_sent_to_the_api(client, made, method):
    token, form = made["access"]["token"], {"file": ("terms.txt", b"content")}
    added = client.send("POST", f"{of(made)}/documents", token=token, expected=201, files=form)
    if method == "PUT":
        path = f"{of(made)}/documents/{added['data']['id']}"
        added = client.send("PUT", path, token=token, files={"file": ("terms.txt", b"content")})
    response = client.session.get(added["data"]["url"], headers=OWN_HEADERS | {"X-Access-Token": token})
    assert (response.status_code, response.text) == (200, "content")
    assert name_read_by_the_old_client(response) == "terms.txt"


@pytest.mark.parametrize("registered", [True, False])
def test_a_file_goes_to_the_document_service_and_then_to_the_tender(client, made, registered):
    token, form = made["access"]["token"], {"file": ("terms.txt", b"content")}
    headers = {"X-Access-Token": token}
    place = "/docservice/upload"
    if registered:
        digest = hashlib.md5(b"content").hexdigest()
        answer = client.session.post("/docservice/register", json={"data": {"hash": f"md5:{digest}"}}, headers=headers)
        assert answer.status_code == 201
        place = answer.json()["upload_url"]
    kept = client.session.post(place, headers=headers, files=form)
    assert kept.status_code == 200
    body = {"data": kept.json()["data"]}
    added = client.send("POST", f"{of(made)}/documents", body, token=token, expected=201)
    added["data"]["description"] = "Умови"
    changed = client.send("PATCH", f"{of(made)}/documents/{added['data']['id']}", added, token=token)
    assert changed["data"]["description"] == "Умови"
    again = client.session.post("/docservice/upload", headers=headers, files={"file": ("terms.txt", b"content 2")}).json()
    replaced = client.send("PUT", f"{of(made)}/documents/{added['data']['id']}", {"data": again["data"]}, token=token)
    assert client.session.get(replaced["data"]["url"], headers=OWN_HEADERS).text == "content 2"


def test_a_name_that_is_not_ascii_can_be_read(client, made):
    form = {"file": ("умови.txt", b"content")}
    added = client.send("POST", f"{of(made)}/documents", token=made["access"]["token"], expected=201, files=form)
    assert added["data"]["title"] == "умови.txt"
    response = client.session.get(added["data"]["url"], headers=OWN_HEADERS)
    assert name_read_by_the_old_client(response).startswith("_____.txt"), "it knows no filename*"
    assert response.headers["Content-Disposition"].endswith(f"filename*=UTF-8''{quote('умови.txt')}")


# --- the feed


def test_the_feed_is_followed_by_its_offset_alone(client, announce):
    ids = [announce(str(number)) for number in range(3)]
    query, seen = {"mode": "_all_", "feed": "changes", "limit": "2"}, []
    while rows := (answer := client.send("GET", TENDERS, params=query))["data"]:
        seen += [row["id"] for row in rows]
        query["offset"] = answer["next_page"]["offset"]
    assert seen == ids


def test_a_number_is_looked_for_from_the_newest(client, announce, api):
    wanted, _ = announce("wanted"), announce("later")
    number = api.get(f"/tenders/{wanted}")["tenderID"]
    query = {"mode": "_all_", "feed": "changes", "offset": "", "opt_fields": "tenderID", "descending": "True", "limit": "1"}
    while rows := (answer := client.send("GET", TENDERS, params=query))["data"]:
        query["offset"] = answer["next_page"]["offset"]
        if rows[0]["tenderID"] == number:
            break
    assert [row["id"] for row in rows] == [wanted]


def test_the_latest_tests_are_asked_for_by_a_date(client, announce):
    wanted = announce("test", mode="test")
    announce("real")
    answer = client.send("GET", f"{TENDERS}?offset=2026-03-01T00:00:00&opt_fields=tender_id&mode=test")
    assert [row["id"] for row in answer["data"]] == [wanted]


def test_two_retrievers_share_the_feed(client, announce):
    """Backwards from the newest, and forwards from `prev_page` of that first page; the cookies stay what they are."""
    ids = [announce(str(number)) for number in range(5)]
    query = {"feed": "changes", "mode": "_all_", "limit": "2"}
    cookies = dict(client.session.cookies)
    first = client.send("GET", TENDERS, params={"descending": "True", **query})
    back, seen = first["next_page"]["offset"], [row["id"] for row in first["data"]]
    while rows := (answer := client.send("GET", TENDERS, params={"descending": "True", "offset": back, **query}))["data"]:
        seen += [row["id"] for row in rows]
        back = answer["next_page"]["offset"]
    assert seen == ids[::-1]
    news = announce("news")
    answer = client.send("GET", TENDERS, params={"offset": first["prev_page"]["offset"], **query})
    assert [row["id"] for row in answer["data"]] == [news]
    assert dict(client.session.cookies) == cookies


def test_a_lost_offset_is_404(client):
    answer = client.send("GET", TENDERS, params={"feed": "changes", "mode": "_all_", "offset": "nonsense"}, expected=404)
    assert answer["errors"] == [{"location": "params", "name": "offset", "description": "Offset expired/invalid"}]
