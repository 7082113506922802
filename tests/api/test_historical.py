"""GET .../historical: versions by number and date, what each shows and to whom, and everything one can ask for wrongly."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from openprocurement_api.clock import DEFAULT_ZONE
from openprocurement_api.hookspecs import hookimpl
from openprocurement_api.http import revisions
from openprocurement_api.storage.base import Doc
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import BASE, Api, Thing
from procedures.below_threshold.tests.play import Play
from procedures.below_threshold.tests.scenarios import SCENARIOS
from procedures.below_threshold.tests.secrets import after, document, sealed_changes, stages

MINUTE = timedelta(minutes=1)
TITLES = ("перша", "друга", "третя", "четверта")


def past(api: Api, thing: Thing, query: str = "", *, status: int = 200, user: str | None = None, **headers: str) -> Any:
    """The answer to a question about the past; a header X-Revision-N is written X_Revision_N."""
    return api.call("GET", f"{thing.path}/historical{query}", user=user, status=status, **headers)


@pytest.fixture
def changed(api: Api) -> Thing:
    """A tender that had four titles, a minute each."""
    tender = api.tender(title=TITLES[0])
    for title in TITLES[1:]:
        api.clock.advance(MINUTE)
        api.patch(tender, {"title": title})
    return tender


def title(answer: Any) -> str:
    return str(answer.json["data"]["title"])


# --- by number, by date


def test_the_document_of_each_number(api, changed):
    shown = [past(api, changed, f"?revision={n}") for n in (1, 2, 3, 4)]
    assert tuple(title(answer) for answer in shown) == TITLES
    assert [answer.headers["X-Revision-N"] for answer in shown] == ["1", "2", "3", "4"]
    assert [answer.headers["X-Revision-Date"] for answer in shown] == [a.json["data"]["dateModified"] for a in shown]
    assert shown[0].json["data"] == changed.data


def test_headers_ask_for_the_same_as_the_query(api, changed):
    date = past(api, changed, "?revision=2").headers["X-Revision-Date"]
    assert past(api, changed, X_Revision_N="2").body == past(api, changed, "?revision=2").body
    assert past(api, changed, X_Revision_Date=date).body == past(api, changed, "?revision=2").body


def test_without_a_version_it_is_the_present_one(api, changed):
    present, plain = past(api, changed), api.call("GET", changed.path, user=None)
    assert present.json == plain.json
    assert present.headers["X-Revision-N"] == "4"


def test_a_version_keeps_its_bytes_whatever_is_saved_later(api, changed):
    before = [past(api, changed, f"?revision={n}") for n in (1, 2, 3, 4)]
    api.patch(changed, {"description": "Опис", "title": "п'ята", "title_en": "Fifth"})
    api.patch(changed, {"title_en": None, "status": "cancelled"}, user="administrator")
    after = [past(api, changed, f"?revision={n}") for n in (1, 2, 3, 4)]
    assert [answer.body for answer in after] == [answer.body for answer in before]
    assert [answer.headers["X-Revision-Hash"] for answer in after] == [answer.headers["X-Revision-Hash"] for answer in before]


@pytest.mark.parametrize(("minutes", "number"), [(0, 0), (0.5, 0), (1, 1), (2.99, 2), (3, 3), (9999, 3)])
def test_a_date_asks_for_what_stood_then(api, changed, minutes, number):
    begun = api.clock.now - 3 * MINUTE
    answer = past(api, changed, f"?date={(begun + minutes * MINUTE).isoformat()}")
    assert title(answer) == TITLES[number]
    assert answer.headers["X-Revision-N"] == str(number + 1)


def test_a_date_without_an_offset_is_in_the_zone_of_the_server(api, changed):
    begun = (api.clock.now - 3 * MINUTE).astimezone(DEFAULT_ZONE).replace(tzinfo=None)
    assert title(past(api, changed, f"?date={(begun + MINUTE).isoformat()}")) == TITLES[1]
    past(api, changed, f"?date={(begun - MINUTE).isoformat()}", status=404)


def test_a_clock_that_goes_back_leaves_dates_in_order(api, changed):
    api.clock.advance(-9 * MINUTE)
    api.patch(changed, {"title": "п'ята"})
    dates = [past(api, changed, f"?revision={n}").headers["X-Revision-Date"] for n in (4, 5)]
    assert dates == sorted(dates)
    assert title(past(api, changed, f"?date={dates[0]}".replace("+", "%2B"))) == TITLES[3]
    assert title(past(api, changed, f"?date={dates[1]}".replace("+", "%2B"))) == "п'ята"


# --- what is asked for wrongly


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?revision=0", 404),
        ("?revision=5", 404),
        ("?revision=" + "9" * 1000, 404),
        ("?revision=" + "9" * 5000, 422),
        ("?revision=-1", 422),
        ("?revision=1.0", 422),
        ("?revision=", 422),
        ("?revision=%C2%B2", 422),
        ("?revision=%D9%A3", 422),
        ("?revision=last", 422),
        ("?date=2026-03-01", 404),
        ("?date=0001-01-01T00:00:00%2B23:59", 404),
        ("?date=9999-12-31T23:59:59-23:59", 200),
        ("?date=yesterday", 422),
        ("?date=", 422),
        ("?date=2026-02-30", 422),
        ("?revision=1&date=2026-03-02", 422),
    ],
)
def test_what_is_not_there_is_404_and_what_cannot_be_read_422(api, changed, query, status):
    answer = past(api, changed, query, status=status)
    if status != 200:
        (error,) = answer.json["errors"]
        assert error["location"] == "querystring"
        assert error["name"] in query
        assert "X-Revision-N" not in answer.headers


def test_errors_of_headers_name_them(api, changed):
    (error,) = past(api, changed, X_Revision_N="5", status=404).json["errors"]
    assert error == {"location": "header", "name": "X-Revision-N", "description": "Not Found"}
    (error,) = past(api, changed, X_Revision_Date="x", status=422).json["errors"]
    assert (error["location"], error["name"]) == ("header", "X-Revision-Date")
    past(api, changed, "?revision=2", X_Revision_N="2", status=422)
    past(api, changed, X_Revision_Date="2026-03-02", X_Revision_N="2", status=422)


def test_what_does_not_exist_has_no_past(api):
    (error,) = api.refused("GET", f"/tenders/{'0' * 32}/historical?revision=x", status=404)
    assert error["name"] == "tender_id"


# --- as on every GET


def test_conditional_head_and_dressed_up_answers(api, changed):
    first = past(api, changed, "?revision=1")
    again = past(api, changed, "?revision=1", status=304, If_None_Match=first.headers["ETag"])
    assert again.body == b""
    assert again.headers["X-Revision-N"] == "1"
    past(api, changed, "?revision=2", If_None_Match=first.headers["ETag"])
    head = api.web.request(f"{BASE}{changed.path}/historical?revision=1", method="HEAD")
    assert (head.body, head.headers["ETag"], head.headers["X-Revision-N"]) == (b"", first.headers["ETag"], "1")
    pretty, called = past(api, changed, "?revision=1&opt_pretty=1"), past(api, changed, "?revision=1&opt_jsonp=show")
    assert pretty.json == first.json
    assert pretty.text.startswith('{\n    "data"')
    assert json.loads(called.text.removeprefix("show(").removesuffix(");")) == first.json
    assert {a.headers["X-Revision-Hash"] for a in (first, again, head, pretty, called)} == {first.headers["ETag"].strip('"')}
    past(api, changed, "?opt_jsonp=no+name", status=422)


def test_pages_of_other_origins_may_ask_and_read_the_headers(api, changed):
    preflight = api.web.options(f"{BASE}{changed.path}/historical")
    assert preflight.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert {"X-Revision-N", "X-Revision-Date"} <= set(preflight.headers["Access-Control-Allow-Headers"].split(", "))
    exposed = set(past(api, changed).headers["Access-Control-Expose-Headers"].split(", "))
    assert {"X-Revision-N", "X-Revision-Date", "X-Revision-Hash"} <= exposed


# --- what each version shows


def named_by_date(api: Api, view: Doc) -> Any:
    """The version of a date, as the public gets it."""
    return api.call("GET", f"/tenders/{view['id']}/historical", user=None, X_Revision_Date=view["dateModified"])


def without_addresses(value: Any) -> Any:
    """Documents have their addresses only when they are shown."""
    if isinstance(value, dict):
        return {name: without_addresses(item) for name, item in value.items() if name != "url"}
    return [without_addresses(item) for item in value] if isinstance(value, list) else value


def written_past_the_engine(api: Api, id: str) -> bool:
    """Whether a test wrote into the store what has no revision."""
    return int(api.store.get("tender", id).rev.partition("-")[0]) != len(list(api.store.revisions("tender", id)))


class Observer:
    """A plugin that keeps each thing the public saw."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Doc]] = {}

    @hookimpl
    def openprocurement_saved(self, kind: str, id: str, before: Any, after: Any) -> None:
        views = self.seen.setdefault(id, [])
        if after["status"] != "draft" and views[-1:] != [after]:
            views.append(json.loads(json.dumps(after)))


def test_every_version_of_every_scenario_is_what_the_public_saw_then(settings):
    versions = 0
    for scenario in SCENARIOS:
        api, observer = Api.start(settings | {"storage.url": "memory:"}), Observer()
        api.registry.services.plugins.register(observer)
        scenario(api)
        for tender_id, views in observer.seen.items():
            if written_past_the_engine(api, tender_id):
                continue
            for number, view in enumerate(views, 1):
                answer = named_by_date(api, view)
                assert without_addresses(answer.json["data"]) == without_addresses(view), (scenario.__name__, number)
                assert answer.headers["X-Revision-N"] == str(number)
                versions += 1
    assert versions > 3 * len(SCENARIOS)


def test_what_was_sealed_then_stays_sealed_in_that_version(api):
    play = Play(api)
    api.until(play.tender, "active.tendering")
    play.bid(417.25)
    play.bid(418.25)
    sealed = int(past(api, play.tender).headers["X-Revision-N"])
    play.end_tendering()
    play.hold_auction()
    opened = int(past(api, play.tender).headers["X-Revision-N"])
    assert "417.25" in past(api, play.tender).text
    buyer = {"user": "broker", "X_Access_Token": play.tender.token}
    bidder = {"user": "broker", "X_Access_Token": play.bids[0].token}
    for number in range(1, opened):
        for who in ({}, buyer, bidder, {"user": "administrator"}, {"user": "auction"}, {"user": "token"}):
            text = past(api, play.tender, f"?revision={number}", **who).text
            assert "417.25" not in text
            assert play.bids[0].id not in text
    assert sealed < opened


def test_sealed_changes_have_neither_number_nor_date(api):
    changes = sealed_changes(api)
    tender = next(changes)
    before = past(api, tender)
    made = 0
    for _ in changes:
        made += 1
        then = past(api, tender)
        assert (then.body, then.headers["X-Revision-N"]) == (before.body, before.headers["X-Revision-N"])
        dated = past(api, tender, f"?date={api.clock.now.isoformat()}".replace("+", "%2B"))
        assert dated.headers["X-Revision-Date"] == before.headers["X-Revision-Date"]
        past(api, tender, f"?revision={int(before.headers['X-Revision-N']) + 1}", status=404)
    assert made
    assert len(list(api.store.revisions("tender", tender.id))) == int(before.headers["X-Revision-N"]) + made


def test_no_version_shows_a_viewer_what_the_present_seals(api):
    for stage in stages(api):
        last = int(past(api, stage.thing).headers["X-Revision-N"])
        for viewer in stage.everybody():
            headers = {"X_Access_Token": viewer.token} if viewer.token else {}
            for number in range(1, last + 1):
                answer = past(api, stage.thing, f"?revision={number}", user=viewer.user, **headers)
                assert not stage.vault.leaks(f"{answer.text} {answer.headers}", viewer.name), (stage.name, viewer.name, number)


def test_a_version_shows_a_group_the_view_that_it_has_now(api):
    play = Play(api)
    api.until(play.tender, "active.tendering")
    shown = past(api, play.tender, "?revision=1", user="chronograph").json["data"]
    assert shown["status"] == "active.enquiries"
    assert shown["numberOfBids"] == 0
    assert "title" not in shown
    assert "numberOfBids" not in past(api, play.tender, "?revision=1").json["data"]


def test_files_of_then_are_given_out_by_the_api(api):
    tender = api.tender()
    path = f"{tender.path}/documents"
    made = api.call("POST", path, document(api, "Умови"), token=tender.token, status=201).json["data"]
    api.clock.advance(MINUTE)
    api.call("PATCH", f"{path}/{made['id']}", {"title": "Інші"}, token=tender.token)
    (then,) = past(api, tender, "?revision=2").json["data"]["documents"]
    assert without_addresses(then) == without_addresses(made)
    assert then["url"].startswith(f"http://localhost{BASE}{path}/{made['id']}?download=")
    assert api.web.get(then["url"], status=302).location == made["url"]


def test_a_document_kept_elsewhere_keeps_its_address(api):
    tender = api.tender()
    stored = api.store.get("tender", tender.id)
    kept = {"id": "d" * 32, "title": "Умови", "url": "https://elsewhere.example.com/1"}
    api.store.put("tender", tender.id, stored.body | {"documents": [kept]}, expect=stored.rev)
    assert past(api, tender).json["data"]["documents"] == [kept]


# --- drafts


def test_a_draft_has_the_one_version_that_it_is(api):
    draft = api.tender(status="draft")
    answer = past(api, draft)
    assert answer.json["data"] == api.get(draft.path)
    assert answer.headers["X-Revision-N"] == "1"
    past(api, draft, "?revision=2", status=404)


def test_what_a_tender_was_before_it_was_published_is_no_version(api):
    draft = api.tender(status="draft")
    api.clock.advance(MINUTE)
    begun = api.patch(draft, {"status": "active.enquiries"})["dateModified"]
    api.clock.advance(MINUTE)
    api.patch(draft, {"title": "Нова назва"})
    first = past(api, draft, "?revision=1")
    assert (first.json["data"]["status"], first.headers["X-Revision-Date"]) == ("active.enquiries", begun)
    assert past(api, draft).headers["X-Revision-N"] == "2"
    past(api, draft, "?revision=3", status=404)
    past(api, draft, f"?date={draft.data['dateModified']}".replace("+", "%2B"), status=404)


# --- the store


@pytest.mark.parametrize("window", [1, 2, 3, 4, 5])
def test_a_long_history_is_read_in_windows(api, changed, monkeypatch, window):
    monkeypatch.setattr(revisions, "WINDOW", window)
    assert tuple(title(past(api, changed, f"?revision={n}")) for n in (1, 2, 3, 4)) == TITLES


def test_saves_made_while_a_version_is_read_do_not_disturb_it(api, changed, monkeypatch):
    read = api.store.revisions

    def late(kind: str, id: str) -> Any:
        monkeypatch.undo()
        api.patch(changed, {"title": "пізня"})
        return read(kind, id)

    monkeypatch.setattr(api.store, "revisions", late)
    answer = past(api, changed)
    assert (title(answer), answer.headers["X-Revision-N"]) == (TITLES[3], "4")
    assert past(api, changed).headers["X-Revision-N"] == "5"


def test_a_document_whose_history_begins_late_begins_with_what_is_known(api):
    tender = api.tender()
    body = api.store.get("tender", tender.id).body | {"id": "f" * 32}
    api.store.put("tender", body["id"], body, expect=None)
    copy = Thing(f"/tenders/{body['id']}", tender.token, body)
    assert past(api, copy).headers["X-Revision-N"] == "1"
    api.clock.advance(MINUTE)
    api.patch(copy, {"title": "Нова назва"})
    assert title(past(api, copy, "?revision=1")) == builders.tender(api.clock.now)["title"]
    assert title(past(api, copy, "?revision=2")) == "Нова назва"


def test_a_sealed_change_shows_in_the_version_it_belongs_to(api):
    """The document of a version is the last one in it: what a holder changed unseen is in what came to light later."""
    play = Play(api)
    api.until(play.tender, "active.tendering")
    bid = after(play, lambda: play.bid(417))
    after(play, lambda: api.patch(bid, {"value": {"amount": 416}}))
    play.bid(418)
    play.end_tendering()
    play.hold_auction()
    assert '"amount":416' in past(api, play.tender).text
    assert '"amount":417' not in past(api, play.tender).text
