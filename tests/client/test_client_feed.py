"""The feed: nothing is missed, whatever stops the reader, and the place is kept whole."""

from __future__ import annotations

import os
from itertools import islice

import httpx
import pytest
from scripted import Script, page, refused

from openprocurement_client import ClientError, CursorFile, CursorLost, NotFound, Place, Retries, Unreachable


def titles(pages) -> list[str]:
    return [row["title"] for each in pages for row in each.rows]


def test_every_document_comes_once_and_later_changes_again(client, announce, api):
    ids = [announce(str(number)) for number in range(5)]
    feed = client.feed(fields="title", limit=2)
    pages = list(feed.pages())
    assert [len(each.rows) for each in pages] == [2, 2, 1, 0]
    assert titles(pages) == ["0", "1", "2", "3", "4"]
    assert [row["id"] for each in pages for row in each.rows] == ids

    announce("5")
    later = list(feed.pages(pages[-1].after))
    assert titles(later) == ["5"]
    assert titles(feed.pages(pages[0].after)) == ["2", "3", "4", "5"]


def test_a_date_is_a_place_to_begin(client, announce, api):
    announce("old")
    api.clock.now = api.clock.now.replace(day=5)
    announce("new")
    assert titles(client.feed(fields="title").pages(Place("2026-03-04"))) == ["new"]


def test_modes_are_told_apart(client, announce):
    announce("real")
    announce("test", mode="test")
    assert titles(client.feed(fields="title").pages()) == ["real"]
    assert titles(client.feed(fields="title", mode="_all_").pages())[1].endswith("test")


def test_newest_first_reads_news_between_the_history(client, announce):
    for number in range(5):
        announce(str(number))
    seen = []
    for each in client.feed(fields="title", limit=2).pages(newest_first=True):
        seen.append([row["title"] for row in each.rows])
        if len(seen) == 1:
            announce("news")
    assert seen == [["4", "3"], ["news"], ["2", "1"], ["0"], []]


def test_newest_first_goes_on_from_where_it_was(client, announce):
    for number in range(5):
        announce(str(number))
    feed = client.feed(fields="title", limit=2)
    (first,) = islice(feed.pages(newest_first=True), 1)
    announce("news")
    kept = Place.loads(first.after.dumps())
    assert sorted(titles(feed.pages(kept, newest_first=True))) == ["0", "1", "2", "news"]


def test_what_leaves_the_history_while_its_end_is_read_is_news():
    script = Script(
        page([{"id": "b"}], "1", before="2"),
        page([], "2"),
        page([{"id": "b"}], "1"),
        page([], "2"),
        page([], "1"),
        page([{"id": "a"}], "3"),
        page([], "3"),
    )
    found = [(each.rows, each.after) for each in script.client().feed().pages(newest_first=True)]
    assert found == [([{"id": "b"}], Place("2", "1")), ([{"id": "a"}], Place("3")), ([], Place("3"))]


def test_newest_first_of_nothing(client, announce):
    feed = client.feed(fields="title")
    (empty,) = feed.pages(newest_first=True)
    assert empty.rows == []
    announce("first")
    assert titles(feed.pages(empty.after)) == ["first"]


def test_the_file_moves_when_the_whole_page_was_dealt_with(client, announce, tmp_path):
    for number in range(5):
        announce(str(number))
    kept = CursorFile(tmp_path / "tenders.cursor")
    feed = client.feed(fields="title", limit=2)
    rows = feed.rows(kept)
    assert [next(rows)["title"] for _ in range(4)] == ["0", "1", "2", "3"]
    rows.close()
    assert [row["title"] for row in feed.rows(kept)] == ["2", "3", "4"], "the second page was not finished"
    assert list(feed.rows(kept)) == []
    announce("5")
    assert [row["title"] for row in feed.rows(kept)] == ["5"]


def test_following_pauses_at_the_end_and_rides_out_failures():
    pauses = []
    script = Script(
        page([{"id": "1"}], "a"),
        *[refused(503), httpx.ReadTimeout("t"), httpx.Response(200, content=b"{")] * 4,
        page([], "a"),
        page([{"id": "2"}], "b"),
    )
    feed = script.client(retries=Retries(attempts=2, first=0, sleep=pauses.append)).feed(pause=7)
    found = [each.rows for each in islice(feed.pages(follow=True), 3)]
    assert found == [[{"id": "1"}], [], [{"id": "2"}]]
    assert pauses == [0] * 12 + [7]
    assert script.asked[-1].url.params["offset"] == "a"


def test_without_following_it_gives_up():
    script = Script(*[httpx.ReadError("reset")] * 2)
    with pytest.raises(Unreachable):
        list(script.client(retries=Retries(attempts=2, first=0)).feed().pages())


@pytest.mark.parametrize("answer", [{"data": []}, {"data": [], "next_page": []}, {"next_page": {"offset": ""}}, []])
def test_what_is_no_page_is_no_answer(answer):
    script = Script(httpx.Response(200, json=answer))
    with pytest.raises(Unreachable, match="cannot be read"):
        list(script.client(retries=Retries(attempts=1)).feed().pages())


def test_a_lost_place_is_told(client):
    with pytest.raises(CursorLost, match="Offset expired/invalid") as caught:
        list(client.feed().pages(Place("nonsense")))
    assert caught.value.status == 404
    with pytest.raises(NotFound) as other:
        list(client.feed("aliens").pages())
    assert not isinstance(other.value, CursorLost)


def test_a_place_is_kept_in_a_file(tmp_path):
    kept = CursorFile(tmp_path / "cursor")
    assert kept.read() is None
    for place in (Place("a"), Place("a", "b"), Place("a", "")):
        kept.write(place)
        assert kept.read() == place
    assert [path.name for path in tmp_path.iterdir()] == ["cursor"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"forward": 1}', b"\xff"])
def test_a_file_that_is_something_else_is_told(tmp_path, content):
    kept = CursorFile(tmp_path / "cursor")
    kept.path.write_bytes(content)
    with pytest.raises(ClientError, match=f"{kept.path}: this is no place in a feed"):
        kept.read()


def test_a_crash_while_writing_leaves_the_old_place(tmp_path, monkeypatch):
    kept = CursorFile(tmp_path / "cursor")
    kept.write(Place("old"))

    def crash(_handle):
        raise SystemExit

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(SystemExit):
        kept.write(Place("new"))
    assert kept.read() == Place("old")
