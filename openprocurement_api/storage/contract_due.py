"""What a store promises the clock: documents that must be looked at, earliest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from .base import Store
from .contract_kinds import create, replace

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


class DueContract:
    """`due`."""

    def test_nothing_is_due_in_an_empty_store(self, store: Store) -> None:
        assert store.due("tender", until=NOON) == []

    def test_earliest_first_up_to_and_with_the_moment(self, store: Store) -> None:
        create(store, "at noon in winter Kyiv", next_check="2024-01-01T12:00:00+02:00")
        create(store, "at noon in summer Kyiv", next_check="2024-01-01T12:00:00+03:00")
        create(store, "at noon", next_check="2024-01-01T12:00:00")
        create(store, "later", next_check="2024-01-01T12:00:00.000001Z")
        create(store, "never", next_check=None)
        create(store, "not ours", "asset", wake="2024-01-01", next_check="2024-01-01")
        hours = [(NOON - timedelta(hours=3), "at noon in summer Kyiv"), (NOON - timedelta(hours=2), "at noon in winter Kyiv")]
        assert store.due("tender", until=NOON) == [*hours, (NOON, "at noon")]
        assert store.due("tender", until=NOON.replace(tzinfo=None)) == [*hours, (NOON, "at noon")]
        assert {moment.utcoffset() for moment, _ in store.due("tender", until=NOON)} == {timedelta(0)}

    def test_a_save_moves_the_document(self, store: Store) -> None:
        create(store, "a", next_check="2024-01-01T11:00:00Z")
        replace(store, "a", next_check="2024-01-01T12:00:00Z")
        assert store.due("tender", until=NOON) == [(NOON, "a")]
        replace(store, "a")
        assert store.due("tender", until=NOON) == []

    def test_unlisted_documents_are_due_as_well(self, store: Store) -> None:
        create(store, "a", status="draft", next_check=NOON.isoformat())
        assert store.due("tender", until=NOON) == [(NOON, "a")]

    @pytest.mark.parametrize("limit", [1, 2, 3, 7])
    def test_pages_of_due_documents_follow_one_another(self, store: Store, limit: int) -> None:
        expected = []
        for n, name in enumerate("gfedcba"):
            moment = NOON + timedelta(hours=n // 3)
            create(store, name, next_check=moment.isoformat())
            expected.append((moment, name))
        until, seen, after = NOON + timedelta(days=1), [], None
        while rows := store.due("tender", until=until, limit=limit, after=after):
            assert len(rows) <= limit
            seen += rows
            after = rows[-1]
        assert seen == sorted(expected)
