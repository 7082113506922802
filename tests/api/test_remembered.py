"""Answers that are sent again: to whom, until when, and never anything that a fresh reading would not show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from webob import Request

from openprocurement_api import logs
from openprocurement_api.http import remembered
from openprocurement_api.storage.base import Missing, Unavailable
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api, Thing
from openprocurement_api.testing.plugin import CONF


@pytest.fixture
def asked(api: Api, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of requests that were not answered from memory."""
    front, found = api.web.app, list[str]()
    behind = front.app
    monkeypatch.setattr(front, "app", lambda environ, start: found.append(environ["PATH_INFO"]) or behind(environ, start))
    return found


@pytest.fixture
def tender(api: Api) -> Thing:
    """An announced tender; made before anybody looks who was asked."""
    return api.tender()


def see(api: Api, path: str, status: int = 200, user: str | None = None, **headers: str) -> Any:
    """One reading."""
    return api.call("GET", path, user=user, status=status, **headers)


def test_what_nobody_changed_is_read_once(api: Api, tender: Thing, asked: list[str]) -> None:
    first, again = see(api, tender.path), see(api, tender.path)
    assert first.body == again.body
    assert {**first.headers, "X-Request-ID": ""} == {**again.headers, "X-Request-ID": ""}
    assert first.headers["X-Request-ID"] != again.headers["X-Request-ID"]
    assert asked == [BASE + tender.path]


def test_a_change_is_seen_at_once(api: Api, tender: Thing) -> None:
    see(api, tender.path)
    api.patch(tender, {"title": "Нова назва"})
    assert see(api, tender.path).json["data"]["title"] == "Нова назва"


def test_what_another_server_saved_is_seen_at_once(api: Api, tender: Thing) -> None:
    see(api, tender.path)
    stored = api.store.get("tender", tender.id)
    api.store.put("tender", tender.id, {**stored.body, "title": "Нова назва"}, expect=stored.rev)
    assert see(api, tender.path).json["data"]["title"] == "Нова назва"


def test_collections_and_what_is_in_them_are_remembered_too(api: Api, tender: Thing, asked: list[str]) -> None:
    item = api.post(f"{tender.path}/questions", builders.question())
    asked.clear()
    for path in (f"{tender.path}/questions", item.path, f"{tender.path}/questions", item.path):
        see(api, path)
    assert len(asked) == 2


def test_the_feed_is_remembered_until_something_is_saved(api: Api, tender: Thing, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = []
    changes = api.store.changes
    monkeypatch.setattr(api.store, "changes", lambda *args, **options: pages.append(args) or changes(*args, **options))
    for _ in range(3):
        assert [row["id"] for row in see(api, "/tenders?opt_fields=status").json["data"]] == [tender.id]
    assert len(pages) == (1 if api.store.state("tender") else 3)
    other = api.tender()
    assert [row["id"] for row in see(api, "/tenders?opt_fields=status").json["data"]] == [tender.id, other.id]


def test_who_has_the_answer_is_told_so(api: Api, tender: Thing, asked: list[str]) -> None:
    etag = see(api, tender.path).headers["ETag"]
    again = see(api, tender.path, 304, If_None_Match=etag)
    assert asked == [BASE + tender.path]
    assert again.body == b""
    assert again.headers["ETag"] == etag
    fresh = see(api, tender.path, 304, If_None_Match=etag, X_Access_Token="nobody's")
    assert {**again.headers, "X-Request-ID": ""} == {**fresh.headers, "X-Request-ID": ""}
    see(api, tender.path, 304, If_None_Match="*")
    see(api, tender.path, 304, If_None_Match=f'"other", W/{etag}')
    see(api, tender.path, 200, If_None_Match='"other"')


def test_an_answer_in_short_is_remembered_whole(api: Api, tender: Thing, asked: list[str]) -> None:
    fresh = see(api, tender.path, X_Access_Token="nobody's")
    see(api, tender.path, 304, If_None_Match=fresh.headers["ETag"])
    assert see(api, tender.path).body == fresh.body
    assert len(asked) == 2


def test_packed_and_plain_are_apart(api: Api, tender: Thing) -> None:
    plain = see(api, tender.path)
    for _ in range(2):
        packed = see(api, tender.path, Accept_Encoding="gzip")
        assert packed.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-gzip"'
        assert see(api, tender.path).headers["ETag"] == plain.headers["ETag"]


def test_addresses_are_those_of_the_server_that_is_asked(api: Api, tender: Thing) -> None:
    for host in ("one.example.org", "two.example.org", "one.example.org"):
        assert f"http://{host}/" in see(api, "/tenders", Host=host).json["next_page"]["uri"]


def test_addresses_are_those_under_which_the_server_is_known(api: Api, tender: Thing) -> None:
    def page(**environ: str) -> str:
        asked = Request.blank(f"{BASE}/tenders", environ=environ)
        del asked.environ["HTTP_HOST"]
        return str(asked.get_response(api.web.app).json["next_page"]["uri"])

    for _ in range(2):
        assert page(SERVER_NAME="one.example.org").startswith(f"http://one.example.org{BASE}")
        assert page(SERVER_NAME="two.example.org").startswith(f"http://two.example.org{BASE}")
        assert page(SERVER_NAME="two.example.org", SCRIPT_NAME="/below").startswith(f"http://two.example.org/below{BASE}")


def test_nobody_fills_the_memory_with_small_answers(api: Api, tender: Thing) -> None:
    kept = api.registry.answers._kept
    for number in range(3):
        for packing in ("", "gzip;q=0", "br"):
            see(api, f"{tender.path}/questions?x={number}", Accept_Encoding=packing)
        see(api, f"{tender.path}/questions?x={number}{'y' * 500}")
    assert len(kept) == 3
    assert kept.currsize >= 3 * 2500


def test_nothing_that_a_token_shows_is_remembered(api: Api, tender: Thing) -> None:
    api.until(tender, "active.tendering")
    bid = api.post(f"{tender.path}/bids", builders.bid())
    for _ in range(2):
        assert see(api, bid.path, user="broker", X_Access_Token=bid.token).json["data"]["value"]["amount"]
        for name in ("acc_token", "acc%5Ftoken"):
            assert see(api, f"{bid.path}?{name}={bid.token}", user="broker").json["data"]["value"]["amount"]
            see(api, f"{bid.path}?{name}={bid.token}", 403, user="broker1")
            see(api, f"{bid.path}?{name}={bid.token}", 403)
        see(api, bid.path, 403, user="broker")
        see(api, bid.path, 403)


def test_groups_that_see_other_things_are_apart(api: Api, tender: Thing) -> None:
    bodies = {user: see(api, tender.path, user=user).body for user in (None, "broker", "auction", "administrator")}
    for user, body in bodies.items():
        assert see(api, tender.path, user=user).body == body == see(api, tender.path, user=user, X_Access_Token="nobody's").body


def test_what_depends_on_the_time_is_not_remembered(api: Api, tender: Thing, asked: list[str]) -> None:
    for _ in range(2):
        see(api, f"{tender.path}?opt_fields=actions")
        see(api, f"{tender.path}/historical")
    assert len(asked) == 4


def test_what_was_refused_is_not_remembered(api: Api, tender: Thing) -> None:
    api.until(tender, "active.tendering")
    see(api, f"{tender.path}/bids", 403)
    api.post(f"{tender.path}/bids", builders.bid())
    api.until(tender, "active.qualification")
    assert see(api, f"{tender.path}/bids").json["data"]


def test_a_head_has_no_body(api: Api, tender: Thing) -> None:
    see(api, tender.path)
    for _ in range(2):
        assert api.call("HEAD", tender.path, user=None).body == b""
    assert see(api, tender.path).json["data"]["id"] == tender.id


def test_a_store_that_cannot_be_asked_is_503_and_waited_for_once(
    api: Api, tender: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    see(api, tender.path)
    for name in ("get", "rev"):

        def fail(*_: object, name: str = name, **__: object) -> None:
            calls.append(name)
            raise Unavailable("down")

        monkeypatch.setattr(api.store, name, fail)
    assert see(api, tender.path, 503).headers["Retry-After"]
    assert calls == ["rev"]


def test_a_document_that_has_gone_is_404(api: Api, tender: Thing, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise Missing("gone")

    see(api, tender.path)
    for name in ("get", "rev"):
        monkeypatch.setattr(api.store, name, gone)
    see(api, tender.path, 404)


def started(folder: Path, **changes: str) -> Api:
    """An API with settings of its own."""
    named = {"storage.url": "memory:", "auth.file": str(CONF), "plugins": "belowThreshold", "sandbox_mode": "true"}
    return Api.start(named | {"log.level": "CRITICAL"} | changes)


def test_an_operator_may_have_nothing_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api = started(tmp_path, **{"answers.megabytes": "0"})
    tender = api.tender()
    monkeypatch.setattr(api.store, "rev", lambda *_: pytest.fail("there is nothing to ask for"))
    assert see(api, tender.path).body == see(api, tender.path).body


def test_what_nobody_asks_for_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MEGABYTE", 12_000)
    api = started(tmp_path, **{"answers.megabytes": "1"})
    small, other = api.tender(), api.tender(description="x" * 6000)
    large = api.tender(description="x" * 9000)
    kept = api.registry.answers
    for each in (small, other, large):
        see(api, each.path)
    assert [answer.document for answer in kept._kept.values()] == [other.id]
    assert kept._kept.currsize <= kept._kept.maxsize


def test_an_answer_that_is_sent_again_is_logged_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api = started(tmp_path, **{"log.format": "json", "log.level": "INFO"})
    tender = api.tender()
    try:
        capsys.readouterr()
        for _ in range(2):
            see(api, tender.path, user="broker", X_Client_Request_ID="r-1")
        first, again = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    finally:
        logs.configure("console", "CRITICAL")
    assert {**first, "ms": 0, "timestamp": ""} == {**again, "ms": 0, "timestamp": ""}
    assert (again["document_id"], again["platform"], again["request_id"], again["status"]) == (tender.id, "broker", "r-1", 200)
    route = 'route="/api/2.5/tenders/{tender_id}"'
    counted = [line for line in api.web.get("/metrics").text.splitlines() if line.startswith("openprocurement_requests_total")]
    assert any(route in line and 'status="200"' in line and not line.endswith(" 1.0") for line in counted)
