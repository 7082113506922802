"""Every way to fail answers with one envelope: {"status": "error", "errors": [{"location", "name", "description"}]}, as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from openprocurement_api.http import views
from openprocurement_api.storage.base import RevConflict, Unavailable
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api

NOWHERE = "0" * 32
FORM = "multipart/form-data; boundary=x"


class Ground:
    """An API with a tender in it, and requests in which something goes wrong."""

    def __init__(self, api: Api) -> None:
        self.api, self.web = api, api.web
        self.tender = api.tender()
        self.path = f"{BASE}{self.tender.path}"
        self.key("broker")

    def key(self, name: str) -> None:
        self.web.authorization = ("Basic", (name, ""))

    def send(self, method: str, path: str, body: Any = b"", kind: str = "", **headers: str) -> Any:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if kind:
            headers["Content-Type"] = kind
        return self.web.request(path, method=method, body=body, headers=headers, expect_errors=True)

    def patch(self, path: str, data: Any, **headers: str) -> Any:
        return self.web.patch_json(
            path,
            {"data": data},
            headers={"X-Access-Token": self.tender.token} | {n.replace("_", "-"): v for n, v in headers.items()},
            expect_errors=True,
        )


Way = Callable[[Ground, pytest.MonkeyPatch], Any]
WAYS: dict[str, tuple[int, Way]] = {}


def way(status: int) -> Callable[[Way], Way]:
    """A way to fail, with the status that it is answered with."""

    def note(fail: Way) -> Way:
        WAYS[fail.__name__] = (status, fail)
        return fail

    return note


# --- what cannot be read


@way(422)
def bad_json(on, patch):
    return on.send("POST", f"{BASE}/tenders", b"{", "application/json")


@way(422)
def json_too_deep(on, patch):
    return on.send("POST", f"{BASE}/tenders", b"[" * 100_000, "application/json")


@way(422)
def bytes_that_are_no_text(on, patch):
    return on.send("POST", f"{BASE}/tenders", b'{"data": "\xff"}', "application/json")


@way(422)
def no_data(on, patch):
    return on.send("POST", f"{BASE}/tenders", b"{}", "application/json")


@way(415)
def wrong_content_type(on, patch):
    return on.send("POST", f"{BASE}/tenders", b"{}", "text/plain")


@way(415)
def unknown_procedure(on, patch):
    return on.web.post_json(f"{BASE}/tenders", {"data": {"procurementMethodType": "barter"}}, expect_errors=True)


@way(422)
def bad_query_encoding(on, patch):
    return on.send("GET", f"{on.path}?opt_fields=%E0")


@way(400)
def bad_path_encoding(on, patch):
    return on.send("GET", f"{BASE}/tenders/%E0")


@way(422)
def bad_callback(on, patch):
    return on.send("GET", f"{on.path}?opt_jsonp=alert(1)")


@way(413)
def body_too_large(on, patch):
    services = on.api.registry.services
    patch.setattr(on.api.registry, "services", replace(services, settings={**services.settings, "max_body": 10}))
    return on.patch(on.path, {"description": "more than ten bytes"})


# --- what is not there


@way(404)
def unknown_path(on, patch):
    return on.send("GET", "/nowhere")


@way(404)
def unknown_version(on, patch):
    return on.send("GET", "/api/9.9/tenders")


@way(405)
def wrong_method(on, patch):
    return on.send("DELETE", f"{BASE}/tenders")


@way(405)
def unwanted_method(on, patch):
    return on.send("TRACE", on.path)


@way(404)
def expired_offset(on, patch):
    return on.send("GET", f"{BASE}/tenders?offset=long-ago")


@way(404)
def unknown_download(on, patch):
    document = on.api.post(f"{on.tender.path}/documents", registered(on), token=on.tender.token)
    return on.send("GET", f"{BASE}{document.path}?download={NOWHERE}")


@way(410)
def archived(on, patch):
    stored = on.api.store.get("tender", on.tender.id)
    on.api.store.put("tender", on.tender.id, stored.body | {"doc_type": "tender"}, expect=stored.rev)
    return on.send("GET", on.path)


# --- what is wrong, or not allowed


@way(422)
def wrong_type(on, patch):
    return on.patch(on.path, {"title": ["a", "list"]})


@way(422)
def rogue_field(on, patch):
    return on.patch(on.path, {"title": "Парти", "colour": "red"})


@way(422)
def broken_rule(on, patch):
    return on.web.post_json(f"{BASE}/tenders", {"data": builders.tender(on.api.clock.now, items=[])}, expect_errors=True)


@way(403)
def wrong_state(on, patch):
    return on.web.post_json(f"{on.path}/bids", {"data": builders.bid()}, expect_errors=True)


@way(403)
def wrong_actor(on, patch):
    on.key("broker1")
    return on.patch(on.path, {"title": "Наше"}, X_Access_Token="guessed")


@way(403)
def nobody(on, patch):
    on.web.authorization = None
    return on.web.post_json(f"{BASE}/tenders", {"data": builders.tender(on.api.clock.now)}, expect_errors=True)


@way(403)
def too_low_a_level(on, patch):
    on.key("broker2")
    return on.web.post_json(f"{BASE}/tenders", {"data": builders.tender(on.api.clock.now)}, expect_errors=True)


@way(403)
def refused_move(on, patch):
    claim = on.api.post(f"{on.tender.path}/complaints", builders.claim())
    return on.patch(f"{BASE}{claim.path}", {"status": "resolved"}, X_Access_Token=claim.token)


@way(403)
def foreign_document(on, patch):
    data = registered(on) | {"url": f"http://elsewhere.example.com/get/{NOWHERE}?Signature=x&KeyID=12345678"}
    return on.web.post_json(
        f"{on.path}/documents", {"data": data}, headers={"X-Access-Token": on.tender.token}, expect_errors=True
    )


@way(404)
def form_without_file(on, patch):
    return on.send("POST", f"{on.path}/documents", b"--x--\r\n", FORM, X_Access_Token=on.tender.token)


# --- what others or the machine do


@way(412)
def stale(on, patch):
    return on.patch(on.path, {"title": "Інше"}, If_Match='"of-yesterday"')


@way(409)
def lost_races(on, patch):
    def lose(*args, **options):
        raise RevConflict("somebody was faster")

    patch.setattr(on.api.store, "put", lose)
    return on.patch(on.path, {"title": "Інше"})


@way(409)
def lost_race_of_an_announcement(on, patch):
    def lose(*args, **options):
        raise RevConflict("somebody was faster")

    patch.setattr(on.api.store, "put", lose)
    return on.web.post_json(f"{BASE}/tenders", {"data": builders.tender(on.api.clock.now)}, expect_errors=True)


def down(*args, **options):
    raise Unavailable("the disk is gone")


@way(503)
def store_down_for_reading(on, patch):
    patch.setattr(on.api.store, "get", down)
    return on.send("GET", on.path)


@way(503)
def store_down_for_writing(on, patch):
    patch.setattr(on.api.store, "put", down)
    return on.patch(on.path, {"title": "Інше"})


@way(503)
def store_down_for_the_feed(on, patch):
    patch.setattr(on.api.store, "changes", down)
    return on.send("GET", f"{BASE}/tenders")


@way(502)
def disk_full_for_documents(on, patch):
    def full(*args, **options):
        from plugins.documents.storage import StorageFailed

        raise StorageFailed("no space left on device")

    patch.setattr(on.api.registry.services.documents.store, "put", full)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\nabc\r\n--x--\r\n'
    return on.send("POST", f"{on.path}/documents", body, FORM, X_Access_Token=on.tender.token)


@way(500)
def bug(on, patch):
    def fail(*args, **options):
        raise ZeroDivisionError("secret of the house")

    patch.setattr(on.api.store, "get", fail)
    return on.send("GET", on.path)


# --- the envelope


def registered(on):
    """A document whose address the document service has signed."""
    digest = f"md5:{NOWHERE}"
    url = on.web.post("/docservice/register", {"hash": digest}).json["data"]["url"]
    return {"title": "Умови.pdf", "format": "application/pdf", "hash": digest, "url": url}


@pytest.fixture
def ground(api) -> Ground:
    return Ground(api)


def enveloped(answer) -> list[dict]:
    """The errors of an answer that has the one shape of failures."""
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.headers["X-Request-ID"]
    assert "ETag" not in answer.headers
    assert answer.json.keys() == {"status", "errors"}
    assert answer.json["status"] == "error"
    assert answer.json["errors"]
    for error in answer.json["errors"]:
        assert error.keys() == {"location", "name", "description"}
        assert error["description"]
    errors: list[dict] = answer.json["errors"]
    return errors


@pytest.mark.parametrize("name", WAYS)
def test_it_fails_in_the_envelope(ground, monkeypatch, name):
    status, fail = WAYS[name]
    answer = fail(ground, monkeypatch)
    assert answer.status_int == status, answer.text
    enveloped(answer)
    assert "secret of the house" not in answer.text
    assert not re.search(r"Traceback|\.py\b|Exception", answer.text)
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("name", ["bad_json", "wrong_state", "bug", "unknown_path"])
def test_callbacks_and_indentation_leave_errors_as_they_are(ground, monkeypatch, name):
    """A page that asks by <script> cannot read an error; a client that reads errors finds them where they always are."""
    send = ground.send
    ground.send = lambda method, path, *rest, **more: send(method, f"{path}?opt_jsonp=show&opt_pretty=1", *rest, **more)
    enveloped(WAYS[name][1](ground, monkeypatch))


def test_every_address_says_what_is_not_there(ground):
    """The last id of every address of a resource: an unknown one is a 404 that names it."""
    patterns = [service.path for service in ground.api.registry.cornice_services.values() if service.path.endswith("_id}")]
    known = {"tender_id": ground.tender.id}
    found = 0
    for pattern in patterns:
        address = re.sub(r"\{(\w+)\}", lambda name: known.get(name[1], NOWHERE), pattern)
        if address != ground.path:
            found += 1
            answer = ground.send("GET", address)
            assert answer.status_int in ((404, 405) if "auction" in pattern else (404,)), (address, answer.text)
            enveloped(answer)
    assert found >= 15
    answer = ground.send("GET", f"{BASE}/tenders/{NOWHERE}")
    assert enveloped(answer) == [{"location": "url", "name": "tender_id", "description": "Not Found"}]


def test_every_address_refuses_the_methods_it_does_not_take(ground):
    known = {"tender_id": ground.tender.id}
    for service in ground.api.registry.cornice_services.values():
        address = re.sub(r"\{(\w+)\}", lambda name: known.get(name[1], NOWHERE), service.path)
        answer = ground.send("TRACE", address)
        assert answer.status_int == 405, address
        assert enveloped(answer) == [{"location": "url", "name": "method", "description": "Method Not Allowed"}]


def test_health_says_what_is_wrong_as_data(ground, monkeypatch):
    """The one answer that is no refusal and no success: facts, under a status that load balancers understand."""
    monkeypatch.setattr(ground.api.store, "ping", down)
    answer = ground.send("GET", f"{BASE}/health")
    assert answer.status_int == 503
    assert answer.json["data"]["store"] == answer.json["data"]["error"] == "unreachable: the disk is gone"


def test_a_failing_page_of_the_house_is_in_the_envelope_too(ground, monkeypatch):
    def fail(*args):
        raise KeyError("facts")

    monkeypatch.setattr(views, "lag", fail)
    answer = ground.send("GET", f"{BASE}/health")
    assert answer.status_int == 500
    enveloped(answer)
