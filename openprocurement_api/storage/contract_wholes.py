"""What a store promises those who carry documents from one store to another: everything out, everything in, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from . import codec
from .base import Doc, Missing, RevConflict, Store, Whole
from .contract_kinds import create, listed, replace

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
IDS = ["~a", "", "b", "_a", ".", "a", "ü", "a/b"]
"""Ids that a store may have to write otherwise, and other ones between them. PouchDB Server lists none beyond U+00FF."""


def whole(id: str, *revisions: Doc, **body: object) -> Whole:
    """A document of the given fields and revisions."""
    return Whole(id, codec.encode(body), tuple(codec.encode(revision) for revision in revisions))


class WholeContract:
    """`kinds`, `ids`, `wholes`, `restore`, `counters`, `raise_counters`."""

    def test_kinds_are_those_declared_and_those_with_documents(self, store: Store) -> None:
        assert store.kinds() == ["asset", "tender"]
        create(store, "a", "plan")
        assert store.kinds() == ["asset", "plan", "tender"]

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_every_id_is_on_one_page(self, store: Store, limit: int) -> None:
        for name in IDS:
            create(store, name, status="draft")
        create(store, "z", "asset")
        seen: list[str] = []
        last: str | None = None
        while page := store.ids("tender", after=last, limit=limit):
            assert len(page) <= limit
            seen += page
            last = page[-1]
        assert sorted(seen) == sorted(IDS)

    def test_a_save_between_two_pages_moves_no_id(self, store: Store) -> None:
        for name in "abcd":
            create(store, name)
        first = store.ids("tender", limit=2)
        replace(store, first[0])
        assert {*first, *store.ids("tender", after=first[-1])} == set("abcd")

    def test_documents_come_with_their_history_in_the_order_asked_for(self, store: Store) -> None:
        create(store, "a", n=1)
        rev = store.put("tender", "b", {"n": 1}, expect=None, revision={"r": 1}).rev
        rev = store.put("tender", "b", {"n": 2}, expect=rev).rev
        store.put("tender", "b", {"n": 3}, expect=rev, revision={"r": 2})
        assert store.wholes("tender", ["b", "nothing", "a"]) == [whole("b", {"r": 1}, {"r": 2}, n=3), whole("a", n=1)]
        assert store.wholes("tender", []) == []

    def test_a_long_history_comes_whole(self, store: Store) -> None:
        rev = None
        for n in range(1, 31):
            rev = store.put("tender", "a", {}, expect=rev, revision={"r": n}).rev
        (found,) = store.wholes("tender", ["a"])
        assert found.revisions == tuple(codec.encode({"r": n}) for n in range(1, 31))

    def test_what_is_restored_is_as_it_was(self, store: Store, reopen: Callable[[], Store]) -> None:
        given = [whole(name, {"r": 1}, {"r": 2}, title="Київ", n=2**53 + 1) for name in IDS]
        store.restore("tender", given)
        other = reopen()
        assert other.wholes("tender", IDS) == given
        assert [row.number for row in other.revisions("tender", "a")] == [1, 2]

    def test_text_is_kept_as_it_was_written(self, store: Store) -> None:
        given = Whole("a", b'{"n": 1.50}', (b'{"r": [ ]}',))
        store.restore("tender", [given])
        assert store.wholes("tender", ["a"]) == [given]

    def test_what_is_restored_is_listed_in_order_and_due(self, store: Store) -> None:
        create(store, "z")
        names = ["c", "a", "d", "b"]
        for number, name in enumerate(names, 1):
            day = f"2024-01-0{number}"
            store.restore("tender", [whole(name, dateModified=day, next_check=day, lots=[name])], first=number)
        store.restore("tender", [whole("draft", status="draft")], first=5)
        assert listed(store)[-4:] == names
        assert {row.id: row.summary for row in store.changes("tender")} == {"z": {}} | {name: {"lots": [name]} for name in names}
        assert store.due("tender", until=NOON) == [(datetime(2024, 1, 1, tzinfo=UTC), "c")]
        assert set(listed(store, since=store.cursor_at("tender", datetime(2024, 1, 3, tzinfo=UTC)))) == {"d", "b"}

    def test_documents_of_one_call_are_in_order_for_those_who_read_back(self, store: Store) -> None:
        store.restore("tender", [whole(name, mode=mode) for name, mode in zip("cadb", (None, "test", None, None), strict=True)])
        assert listed(store, descending=True, feed=None) == ["b", "d", "a", "c"]
        assert sorted(listed(store)) == ["b", "c", "d"]

    def test_a_restored_document_goes_on(self, store: Store) -> None:
        store.restore("tender", [whole("a", {"r": 1}, {"r": 2}, n=1, dateModified="2024-01-01"), whole("b")])
        seen = store.get("tender", "a")
        store.put("tender", "a", {"n": 2, "dateModified": "2024-01-02"}, expect=seen.rev, revision={"r": 3})
        assert store.wholes("tender", ["a"]) == [whole("a", {"r": 1}, {"r": 2}, {"r": 3}, n=2, dateModified="2024-01-02")]
        assert listed(store) == ["b", "a"]
        with pytest.raises(RevConflict):
            store.put("tender", "a", {}, expect=seen.rev)

    def test_a_call_may_be_made_again(self, store: Store) -> None:
        given = [whole(name, {"r": 1}, n=1) for name in "cab"]
        store.restore("tender", given[:2])
        before = store.get("tender", "c")
        store.restore("tender", given)
        store.restore("tender", given)
        assert store.get("tender", "c") == before
        assert listed(store, descending=True) == ["b", "a", "c"]
        assert store.wholes("tender", ["a"]) == [given[1]]

    @pytest.mark.parametrize("other", [whole("a", {"r": 1}, n=2), whole("a", n=1), whole("a", {"r": 1}, {"r": 2}, n=1)])
    def test_another_document_is_not_replaced(self, store: Store, other: Whole) -> None:
        store.put("tender", "a", {"n": 1}, expect=None, revision={"r": 1})
        with pytest.raises(RevConflict):
            store.restore("tender", [whole("b"), other])
        assert store.wholes("tender", ["a", "b"]) == [whole("a", {"r": 1}, n=1)]
        assert listed(store) == ["a"]

    @pytest.mark.parametrize("bad", [Whole("a", b"{"), whole("a", dateModified="soon"), whole("a", mode=1)])
    def test_what_cannot_be_kept_is_refused(self, store: Store, bad: Whole) -> None:
        with pytest.raises(ValueError, match=r"truncated|dateModified|mode"):
            store.restore("tender", [whole("b"), bad])
        with pytest.raises(Missing):
            store.get("tender", "b")

    def test_nothing_may_be_restored(self, store: Store) -> None:
        store.restore("tender", [])
        assert store.ids("tender") == []

    def test_counters_are_told_and_raised_but_never_lowered(self, store: Store) -> None:
        assert store.counters() == {}
        for name in ("b", "a", "b"):
            store.count(name)
        assert list(store.counters().items()) == [("a", 1), ("b", 2)]
        store.raise_counters({"a": 5, "b": 1, "Ї": 7})
        assert store.counters() == {"a": 5, "b": 2, "Ї": 7}
        assert [store.count(name) for name in ("a", "b", "Ї")] == [6, 3, 8]
