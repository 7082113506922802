"""The feed of tenders: pages forward and back, from a date, with fields, of tests, and what is not in it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest

from openprocurement_api.testing.builders import problem
from openprocurement_api.testing.client import BASE


@pytest.fixture
def three(api):
    """Three tenders, a minute between each."""
    made = []
    for _ in range(3):
        made.append(api.tender())
        api.clock.advance(timedelta(minutes=1))
    return made


def follow(api, link):
    """The page a link leads to, by its path and by its uri alike."""
    page = api.call("GET", link["path"]).json
    assert link["uri"] == f"http://localhost{link['path']}"
    assert parse_qs(urlparse(link["uri"]).query).get("offset", [""]) == [link["offset"]]
    return page


def test_feed_of_nothing(api):
    page = api.call("GET", "/tenders").json
    assert page["data"] == []
    assert set(page) == {"data", "next_page"}
    assert set(page["next_page"]) == {"offset", "path", "uri"}
    assert page["next_page"]["path"].startswith(f"{BASE}/tenders?offset=")


@pytest.mark.parametrize("feed", ["", "&feed=changes", "&feed=dateModified"])
@pytest.mark.parametrize("back", ["", "&descending=1"])
def test_feed_page_by_page(api, three, feed, back):
    wanted = [{"id": t.id, "dateModified": t.data["dateModified"]} for t in three]
    wanted = wanted[::-1] if back else wanted
    whole = api.call("GET", f"/tenders?opt_pretty=1{feed}{back}").json
    assert whole["data"] == wanted
    first = api.call("GET", f"/tenders?limit=2{feed}{back}").json
    assert first["data"] == wanted[:2]
    assert ("prev_page" in first) == bool(back)
    second = follow(api, first["next_page"])
    assert second["data"] == wanted[2:]
    third = follow(api, second["next_page"])
    assert third["data"] == []
    assert third["next_page"] == follow(api, third["next_page"])["next_page"]
    for page in (second, third):
        assert ("descending=1" in page["next_page"]["uri"]) == bool(back)
        assert ("descending=1" in page["prev_page"]["uri"]) != bool(back)
        assert page["next_page"]["uri"].count("limit=2") == 1
        assert feed in page["next_page"]["uri"]
    assert follow(api, second["prev_page"])["data"] == wanted[1::-1]


def test_feed_from_a_date(api, three):
    for index, made in enumerate(three):
        date = made.data["dateModified"].replace("+", "%2B")
        assert [row["id"] for row in api.get(f"/tenders?offset={date}")] == [t.id for t in three[index:]]
        assert [row["id"] for row in api.get(f"/tenders?offset={date}&descending=1")] == [t.id for t in three[:index]][::-1]
    assert api.call("GET", "/tenders?offset=2050-01-01").json["data"] == []


@pytest.mark.parametrize("query", ["offset=2050-01-01", "offset=2015-01-01T00:00:00%2B02:00&descending=1"])
def test_everything_lies_behind_who_begins_with_a_date_beyond_the_end(api, three, query):
    page = api.call("GET", f"/tenders?{query}").json
    assert page["data"] == []
    assert follow(api, page["next_page"])["next_page"] == page["next_page"]
    assert len(follow(api, page["prev_page"])["data"]) == 3


def test_feed_begins_where_it_ended(api, three):
    start = api.call("GET", "/tenders?descending=1").json["prev_page"]
    assert follow(api, start)["data"] == []
    four = api.tender()
    api.patch(three[0], {"title": "Інше"})
    assert [row["id"] for row in follow(api, start)["data"]] == [four.id, three[0].id]


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "many", "1e2", "%D9%A3", ""])
def test_feed_with_a_limit_that_makes_no_sense(api, three, limit):
    page = api.call("GET", f"/tenders?limit={limit}").json
    assert len(page["data"]) == 3
    assert (f"limit={limit}" in page["next_page"]["path"]) == bool(limit)


@pytest.mark.parametrize("offset", ["0", "invalid", "0" * 64])
@pytest.mark.parametrize("feed", ["", "&feed=changes"])
def test_feed_from_nowhere(api, three, offset, feed):
    error = problem("offset", "Offset expired/invalid", "params")
    assert api.refused("GET", f"/tenders?offset={offset}{feed}", status=404) == [error]


def test_feed_with_fields(api, three):
    page = api.call("GET", "/tenders?opt_fields=status").json
    assert page["data"][0] == {name: three[0].data[name] for name in ("id", "dateModified", "status")}
    assert "opt_fields=status" in page["next_page"]["uri"]
    page = api.call("GET", "/tenders?opt_fields=status,enquiryPeriod,nonsense").json
    assert page["data"][0] == {name: three[0].data[name] for name in ("id", "dateModified", "status", "enquiryPeriod")}
    assert "opt_fields=status%2CenquiryPeriod%2Cnonsense" in page["next_page"]["uri"]


@pytest.mark.parametrize("back", ["", "&descending=1"])
@pytest.mark.parametrize(("rows", "sizes"), [(0.5, [1, 1, 1, 0]), (1.5, [2, 1, 0]), (5, [3, 0])])
@pytest.mark.parametrize("field", ["title", "status"])
def test_a_page_made_from_much_ends_early(api, three, monkeypatch, field, back, rows, sizes):
    indexed = [len(change.text) for change in api.store.changes("tender")]
    size = max(indexed) if field == "status" else len(api.store.get("tender", three[0].id).raw)
    monkeypatch.setattr("openprocurement_api.http.feed.MAX_BYTES", rows * size)
    monkeypatch.setattr("openprocurement_api.http.feed.SLICE", 1)
    page, seen = api.call("GET", f"/tenders?opt_fields={field}{back}").json, []
    for size in sizes:
        assert len(page["data"]) == size
        seen += page["data"]
        page = follow(api, page["next_page"])
    wanted = [{name: tender.data[name] for name in ("id", "dateModified", field)} for tender in three]
    assert seen == wanted[:: -1 if back else 1]
    assert len(api.call("GET", "/tenders").json["data"]) == 3


@pytest.mark.parametrize("mode", ["", "test", "_all_", "__all__"])
def test_feed_of_tests(api, three, mode):
    api.tender(mode="test")
    page = api.call("GET", f"/tenders?mode={mode}").json
    assert len(page["data"]) == {"test": 1, "_all_": 4}.get(mode, 3)
    assert ("mode=" in page["next_page"]["uri"]) == (mode in ("test", "_all_"))


def test_feed_keeps_drafts_to_itself(api):
    api.tender(status="draft")
    for query in ("", "?feed=changes", "?mode=_all_", "?descending=1"):
        assert api.call("GET", f"/tenders{query}").json["data"] == []


def test_feed_forgets_nothing_of_one_moment(api):
    made = [api.tender().id for _ in range(5)]
    seen, page = [], api.call("GET", "/tenders?limit=2").json
    while page["data"]:
        seen += [row["id"] for row in page["data"]]
        page = follow(api, page["next_page"])
    assert seen == made
