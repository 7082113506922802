"""What a store promises about its feeds: commit order, every listed document once, at its latest place, and nothing missed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .base import BadCursor, Store
from .contract_kinds import create, listed, replace


class FeedContract:
    """`changes`, with cursors and declared fields."""

    def test_an_empty_feed(self, store: Store) -> None:
        assert store.changes("tender") == []
        assert store.changes("tender", descending=True, feed=None) == []

    def test_order_is_the_order_of_saves(self, store: Store) -> None:
        for name, stamp in (("a", "2024-03-01"), ("b", "2024-01-01"), ("c", "2024-02-01")):
            create(store, name, dateModified=stamp)
        create(store, "z", "asset")
        assert listed(store) == ["a", "b", "c"]
        assert listed(store, descending=True) == ["c", "b", "a"]

    def test_a_document_is_listed_once_at_its_latest_place(self, store: Store) -> None:
        for name in "abc":
            create(store, name)
        replace(store, "a")
        assert listed(store) == ["b", "c", "a"]

    def test_pages_follow_one_another(self, store: Store) -> None:
        for name in "abcde":
            create(store, name)
        for descending, expected in ((False, "abcde"), (True, "edcba")):
            cursor, seen = "", ""
            while rows := store.changes("tender", since=cursor, limit=2, descending=descending):
                assert len(rows) <= 2
                cursor = rows[-1].cursor
                seen += "".join(row.id for row in rows)
            assert seen == expected

    def test_a_cursor_works_in_both_directions(self, store: Store) -> None:
        for name in "abc":
            create(store, name)
        middle = store.changes("tender")[1].cursor
        assert listed(store, since=middle) == ["c"]
        assert listed(store, since=middle, descending=True) == ["a"]

    def test_a_cursor_stays_good_when_its_document_moves_on(self, store: Store, reopen: Callable[[], Store]) -> None:
        for name in "abc":
            create(store, name)
        first, *_, last = (row.cursor for row in store.changes("tender"))
        replace(store, "a")
        assert listed(reopen(), since=first) == ["b", "c", "a"]
        assert listed(reopen(), since=last) == ["a"]

    @pytest.mark.parametrize(
        "cursor",
        ["x", "-1", "0", "12", "None", "2024-01-01", "9" * 30, "s" + "f" * 15, "s" + "0" * 23, "\x00", "Є", "\U0001d7d9"],
    )
    def test_a_cursor_of_others_is_refused(self, store: Store, cursor: str) -> None:
        create(store, "a")
        for descending in (False, True):
            with pytest.raises(BadCursor):
                store.changes("tender", since=cursor, descending=descending)

    def test_a_cursor_of_a_longer_history_is_refused(self, store: Store) -> None:
        create(store, "a")
        cursor = store.changes("tender")[0].cursor
        ahead = f"{cursor[:15]}7{cursor[16:]}"
        with pytest.raises(BadCursor):
            store.changes("tender", since=ahead)

    def test_feeds_are_apart(self, store: Store) -> None:
        create(store, "a")
        create(store, "b", mode="test")
        create(store, "c", mode=None)
        create(store, "d", mode="other")
        assert listed(store) == ["a", "c"]
        assert listed(store, feed="test") == ["b"]
        assert listed(store, feed="test", descending=True) == ["b"]
        assert listed(store, feed="unheard of") == []
        assert listed(store, feed=None) == ["a", "b", "c", "d"]
        assert listed(store, feed=None, descending=True, limit=2) == ["d", "c"]

    def test_unlisted_documents_are_in_no_feed(self, store: Store) -> None:
        create(store, "a", status="draft")
        create(store, "b", status="terminated", mode="test")
        create(store, "c", status="active")
        create(store, "d", status=["draft"])
        assert listed(store, feed=None) == ["c", "d"]

    def test_a_document_leaves_the_feed_and_comes_back(self, store: Store) -> None:
        create(store, "a", status="active", dateModified="2024-01-01")
        create(store, "b", status="active", dateModified="2024-01-01")
        replace(store, "a", status="draft", dateModified="2024-01-01")
        assert listed(store) == ["b"]
        create(store, "c")
        cursor = store.changes("tender")[-1].cursor
        replace(store, "a", status="active", dateModified="2024-01-01")
        assert listed(store, since=cursor) == ["a"]

    def test_an_unchanged_stamp_keeps_the_place(self, store: Store) -> None:
        create(store, "a", dateModified="2024-01-01", status="one")
        create(store, "b", dateModified="2024-01-01")
        before = store.changes("tender")
        replace(store, "a", dateModified="2024-01-01", status="two")
        after = store.changes("tender")
        assert [(row.cursor, row.id) for row in after] == [(row.cursor, row.id) for row in before]
        assert after[0].summary in ({"status": "one"}, {"status": "two"})
        replace(store, "a", dateModified="2024-01-02")
        assert listed(store) == ["b", "a"]

    def test_an_absent_stamp_keeps_no_place(self, store: Store) -> None:
        create(store, "a", dateModified=None)
        create(store, "b")
        replace(store, "a")
        assert listed(store) == ["b", "a"]

    def test_another_feed_is_another_place(self, store: Store) -> None:
        create(store, "a", dateModified="2024-01-01", mode="test")
        create(store, "b")
        cursor = store.changes("tender")[-1].cursor
        replace(store, "a", dateModified="2024-01-01")
        assert listed(store, since=cursor) == ["a"]
        assert listed(store, feed="test") == []

    def test_rows_carry_stamp_and_summary(self, store: Store) -> None:
        create(
            store, "a", dateModified="2024-01-01T00:00:00+02:00", status="active", lots=[{"id": "Ї"}], title="not in the summary"
        )
        create(store, "b", lots=None)
        rows = [(row.stamp, row.summary) for row in store.changes("tender")]
        assert rows == [("2024-01-01T00:00:00+02:00", {"status": "active", "lots": [{"id": "Ї"}]}), (None, {"lots": None})]

    def test_rows_may_be_asked_for_without_summaries(self, store: Store) -> None:
        create(store, "a", dateModified="2024-01-01", status="active")
        create(store, "b", dateModified="2024-01-02")
        rows, whole = store.changes("tender", summaries=False), store.changes("tender")
        assert [(row.id, row.stamp, row.cursor) for row in rows] == [(row.id, row.stamp, row.cursor) for row in whole]
        assert [row.summary for row in rows] in ([{}, {}], [row.summary for row in whole])
        assert set(store.changes("tender")) == set(whole)

    def test_a_kind_may_name_its_own_fields(self, store: Store) -> None:
        create(store, "a", "asset", changed="2024-01-01", registry="land", mode="test")
        create(store, "b", "asset", registry="land")
        replace(store, "a", "asset", changed="2024-01-01", registry="land", dateModified="2024-01-02")
        assert listed(store, kind="asset", feed="land") == ["a", "b"]

    @pytest.mark.parametrize("field", ["dateModified", "next_check", "mode"])
    def test_a_declared_field_of_another_type_is_refused(self, store: Store, field: str) -> None:
        with pytest.raises(ValueError, match=field):
            create(store, "a", **{field: 1})
        assert listed(store, feed=None) == []

    @pytest.mark.parametrize("field", ["dateModified", "next_check"])
    @pytest.mark.parametrize("text", ["", "soon", "2024-13-01", "0001-01-01T00:00:00+02:00"])
    def test_a_time_that_is_none_is_refused(self, store: Store, field: str, text: str) -> None:
        with pytest.raises(ValueError, match=field):
            create(store, "a", **{field: text})
        assert listed(store) == []
