"""What a store promises about entering a feed at a moment instead of at a cursor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from .base import Store
from .contract_kinds import EXAMPLES, create, listed, replace

NOON = datetime(2024, 3, 31, 12, tzinfo=UTC)


def from_moment(store: Store, moment: datetime, kind: str = "tender") -> list[str]:
    """The ids that reading forward from the moment gives."""
    return listed(store, kind=kind, since=store.cursor_at(kind, moment), limit=1000)


class MomentContract:
    """`cursor_at`."""

    def test_an_empty_feed_has_a_cursor_too(self, store: Store) -> None:
        cursor = store.cursor_at("tender", NOON)
        create(store, "a", dateModified="2024-01-01")
        assert listed(store, since=cursor) == ["a"]

    def test_the_moment_itself_is_included(self, store: Store) -> None:
        for n, name in enumerate("abc"):
            create(store, name, dateModified=(NOON + timedelta(microseconds=n)).isoformat())
        assert from_moment(store, NOON) == ["a", "b", "c"]
        assert from_moment(store, NOON + timedelta(microseconds=1)) == ["b", "c"]
        assert from_moment(store, NOON + timedelta(microseconds=3)) == []

    def test_a_moment_after_all_still_sees_what_is_saved_later(self, store: Store) -> None:
        create(store, "a", dateModified=NOON.isoformat())
        cursor = store.cursor_at("tender", NOON + timedelta(days=1))
        create(store, "b", dateModified=NOON.isoformat())
        assert listed(store, since=cursor) == ["b"]

    def test_reading_backwards_begins_right_before_the_moment(self, store: Store) -> None:
        assert listed(store, since=store.cursor_at("tender", NOON), descending=True) == []
        for n, name in enumerate("abc"):
            create(store, name, dateModified=(NOON + timedelta(microseconds=n)).isoformat())
        for n, expected in enumerate(([], ["a"], ["b", "a"], ["c", "b", "a"])):
            cursor = store.cursor_at("tender", NOON + timedelta(microseconds=n))
            assert listed(store, since=cursor, descending=True) == expected

    def test_stamps_of_different_offsets_are_compared_as_moments(self, store: Store) -> None:
        create(store, "winter", dateModified="2024-03-31T02:59:59+02:00")
        create(store, "summer", dateModified="2024-03-31T04:00:00+03:00")
        assert from_moment(store, datetime(2024, 3, 31, 1, tzinfo=UTC)) == ["summer"]
        assert from_moment(store, datetime(2024, 3, 31, 2, 30, tzinfo=timezone(timedelta(hours=2)))) == ["winter", "summer"]

    def test_naive_times_are_utc(self, store: Store) -> None:
        create(store, "a", dateModified="2024-03-31T11:59:59+00:00")
        create(store, "b", dateModified="2024-03-31T12:00:00")
        assert from_moment(store, NOON) == ["b"]
        assert from_moment(store, NOON.replace(tzinfo=None)) == ["b"]

    def test_more_equal_stamps_than_a_page_holds(self, store: Store) -> None:
        names = [f"{n:02}" for n in range(25)]
        create(store, "before", dateModified="2024-03-31T11:00:00Z")
        for name in names:
            create(store, name, dateModified=NOON.isoformat())
        cursor, seen = store.cursor_at("tender", NOON), []
        while rows := store.changes("tender", since=cursor, limit=10):
            cursor = rows[-1].cursor
            seen += [row.id for row in rows]
        assert seen == names

    def test_a_document_saved_before_others_of_earlier_stamps(self, store: Store) -> None:
        for name, hour in (("a", 9), ("b", 6), ("c", 1), ("d", 7)):
            create(store, name, dateModified=f"2024-01-01T0{hour}:00:00Z")
        assert {"a", "b", "d"} <= set(from_moment(store, datetime(2024, 1, 1, 5, tzinfo=UTC)))
        assert {"a", "d"} <= set(from_moment(store, datetime(2024, 1, 1, 7, tzinfo=UTC)))

    def test_the_beginning_of_time_is_the_whole_feed(self, store: Store) -> None:
        create(store, "a", dateModified="0001-01-01T00:00:00Z")
        assert from_moment(store, datetime.min.replace(tzinfo=timezone(timedelta(hours=3)))) == ["a"]
        assert from_moment(store, datetime.max.replace(tzinfo=UTC)) == []

    @given(
        saves=st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.integers(0, 9)), max_size=25), hour=st.integers(0, 9)
    )
    @EXAMPLES
    def test_nothing_stamped_at_the_moment_or_later_is_left_out(
        self, store: Store, saves: list[tuple[str, int | None]], hour: int
    ) -> None:
        kind = f"run {store.count('run')}"
        stamps: dict[str, int | None] = {}
        for name, stamp in saves:
            save = replace if name in stamps else create
            save(store, name, kind, dateModified=None if stamp is None else f"2024-01-01T{stamp:02}:00:00Z")
            stamps[name] = stamp
        found = from_moment(store, datetime(2024, 1, 1, hour, tzinfo=UTC), kind)
        assert {name for name, stamp in stamps.items() if stamp is not None and stamp >= hour} <= set(found)
        cursor = store.cursor_at(kind, datetime(2024, 1, 1, hour, tzinfo=UTC))
        before = listed(store, kind=kind, since=cursor, limit=1000, descending=True)
        assert {name for name, stamp in stamps.items() if stamp is not None} <= {*found, *before}
