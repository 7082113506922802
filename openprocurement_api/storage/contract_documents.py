"""What a store promises about single documents: saved whole, read back exactly, replaced by compare-and-swap only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .base import Doc, Missing, Rev, RevConflict, Revision, Store, Unavailable, Whole
from .contract_kinds import EXAMPLES, create, listed, replace

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
DOCUMENTS = st.dictionaries(st.text(), st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))

NOT_JSON = {
    "NaN": float("nan"),
    "infinity": float("inf"),
    "minus infinity": float("-inf"),
    "Decimal": Decimal("1.1"),
    "datetime": datetime(2024, 1, 1, tzinfo=UTC),
    "set": {"a"},
    "object": object(),
    "surrogate": "\ud800",
}


class DocumentContract:
    """Documents, revisions of documents, counters, and the life of the store itself."""

    def test_get_of_nothing_is_missing(self, store: Store) -> None:
        with pytest.raises(Missing):
            store.get("tender", "a")

    def test_what_is_put_can_be_read(self, store: Store) -> None:
        put = create(store, "a", title="Київ")
        assert put.body == {"title": "Київ"}
        assert store.get("tender", "a") == put

    def test_rev_is_that_of_the_document_another_handle_saved(self, store: Store, reopen: Callable[[], Store]) -> None:
        create(store, "a")
        saved = replace(reopen(), "a", title="new")
        assert store.rev("tender", "a") == saved.rev == store.get("tender", "a").rev

    def test_nothing_has_no_rev(self, store: Store) -> None:
        with pytest.raises(Missing):
            store.rev("tender", "a")

    def test_every_save_makes_another_state(self, store: Store, reopen: Callable[[], Store]) -> None:
        other = reopen()
        states = [store.state("tender")]
        for save in (
            lambda: create(other, "a", dateModified="2026-01-01T00:00:00+02:00"),
            lambda: replace(other, "a", dateModified="2026-01-01T00:00:00+02:00", title="in the same place"),
            lambda: create(store, "b", status="draft"),
            lambda: other.restore("tender", [Whole("c", b"{}")]),
            lambda: store.restore("tender", [Whole("d", b"{}")]),
        ):
            save()
            states.append(store.state("tender"))
            assert store.state("tender") == states[-1]
        assert len(set(states)) == len(states) or set(states) == {None}

    def test_kinds_do_not_share_ids(self, store: Store) -> None:
        create(store, "a", "asset")
        with pytest.raises(Missing):
            store.get("tender", "a")

    def test_an_undeclared_kind_is_kept_and_listed_too(self, store: Store) -> None:
        create(store, "a", "plan", status="draft", mode="test")
        assert listed(store, kind="plan") == []
        assert [change.summary for change in store.changes("plan", feed="test")] == [{}]

    def test_update_replaces_the_whole_body(self, store: Store) -> None:
        create(store, "a", title="old", value=1)
        replace(store, "a", title="new")
        assert store.get("tender", "a").body == {"title": "new"}

    def test_a_revision_tells_the_number_of_saves(self, store: Store) -> None:
        revs = [create(store, "a").rev, replace(store, "a").rev, replace(store, "a").rev]
        assert [re.sub("-[0-9a-f]{8,}$", "", rev) for rev in revs] == ["1", "2", "3"]

    def test_create_twice_conflicts_and_changes_nothing(self, store: Store) -> None:
        create(store, "a", n=1)
        with pytest.raises(RevConflict):
            create(store, "a", n=2)
        assert store.get("tender", "a").body == {"n": 1}

    def test_update_with_a_stale_revision_conflicts_and_changes_nothing(self, store: Store) -> None:
        first = create(store, "a", n=1)
        second = replace(store, "a", n=2)
        rows = store.changes("tender")
        with pytest.raises(RevConflict):
            store.put("tender", "a", {"n": 3}, expect=first.rev, revision={"n": 3})
        assert store.get("tender", "a") == second
        assert store.changes("tender") == rows
        assert list(store.revisions("tender", "a")) == []

    @pytest.mark.parametrize("rev", ["1-abc", "abc", ""])
    def test_update_of_nothing_conflicts(self, store: Store, rev: str) -> None:
        with pytest.raises(RevConflict):
            store.put("tender", "a", {}, expect=Rev(rev))
        assert listed(store) == []

    def test_caller_and_store_share_no_objects(self, store: Store) -> None:
        lots: list[int] = []
        put = create(store, "a", lots=lots)
        lots.append(1)
        put.body["lots"].append(2)
        store.get("tender", "a").body["lots"].append(3)
        store.changes("tender")[0].summary["lots"].append(4)
        assert store.get("tender", "a").body == {"lots": []}
        assert store.changes("tender")[0].summary == {"lots": []}

    @given(body=DOCUMENTS)
    @EXAMPLES
    def test_any_json_comes_back_as_it_was(self, store: Store, body: Doc) -> None:
        name = f"any-{store.count('any')}"
        store.put("any", name, {"body": body}, expect=None)
        assert store.get("any", name).body == {"body": body}

    @pytest.mark.parametrize("number", [0.1, 1.10, 999999999999.99, 0.00123456789012345, 1e15, 2**53 + 1, 10**18, -5, 0.0])
    def test_numbers_are_exact(self, store: Store, number: float) -> None:
        create(store, "a", amount=number)
        found = store.get("tender", "a").body["amount"]
        assert (found, type(found)) == (number, type(number))

    @pytest.mark.parametrize("value", NOT_JSON.values(), ids=NOT_JSON)
    def test_what_is_not_json_is_refused(self, store: Store, value: Any) -> None:
        with pytest.raises(ValueError, match=r"plain JSON|surrogates"):
            create(store, "a", values=[value])
        with pytest.raises(ValueError, match=r"plain JSON|surrogates"):
            store.put("tender", "a", {}, expect=None, revision={"value": value})
        with pytest.raises(Missing):
            store.get("tender", "a")

    def test_a_document_of_a_megabyte(self, store: Store) -> None:
        body = {"items": [{"id": str(n), "description": "Папір офісний А4"} for n in range(20_000)]}
        put = create(store, "a", **body)
        assert len(put.raw) > 1_000_000
        assert store.get("tender", "a").body == body

    def test_revisions_are_kept_in_order(self, store: Store) -> None:
        rev = store.put("tender", "a", {}, expect=None, revision={"n": 1}).rev
        for n in range(2, 251):
            rev = store.put("tender", "a", {}, expect=rev, revision={"n": n}).rev
        store.put("tender", "b", {}, expect=None, revision={"other": True})
        assert list(store.revisions("tender", "a")) == [Revision(n, {"n": n}) for n in range(1, 251)]

    def test_a_save_without_a_revision_adds_none(self, store: Store) -> None:
        create(store, "a")
        assert list(store.revisions("tender", "a")) == []
        assert list(store.revisions("tender", "nothing")) == []

    def test_counters_count_from_one_each(self, store: Store) -> None:
        assert [store.count("UA-2024-01-01") for _ in range(3)] == [1, 2, 3]
        assert store.count("UA-2024-01-02") == 1

    def test_another_handle_sees_all(self, store: Store, reopen: Callable[[], Store]) -> None:
        put = store.put("tender", "a", {"title": "Львів"}, expect=None, revision={"n": 1})
        store.count("number")
        other = reopen()
        assert other.get("tender", "a") == put
        assert other.changes("tender") == store.changes("tender")
        assert [revision.body for revision in other.revisions("tender", "a")] == [{"n": 1}]
        assert other.count("number") == 2

    def test_ping_of_a_healthy_store_is_silent(self, store: Store) -> None:
        store.ping()
        store.close()
        with pytest.raises(Unavailable):
            store.ping()

    def test_a_closed_store_is_unavailable(self, store: Store) -> None:
        rev = create(store, "a").rev
        store.close()
        store.close()
        now = datetime.now(UTC)
        calls: list[Callable[[], object]] = [
            lambda: store.get("tender", "a"),
            lambda: store.rev("tender", "a"),
            lambda: store.state("tender"),
            lambda: store.put("tender", "a", {}, expect=rev),
            lambda: store.changes("tender"),
            lambda: store.cursor_at("tender", now),
            lambda: store.due("tender", until=now),
            lambda: list(store.revisions("tender", "a")),
            lambda: store.count("number"),
            lambda: store.ids("tender"),
            lambda: store.wholes("tender", ["a"]),
            lambda: store.restore("tender", [Whole("b", b"{}")]),
            store.counters,
            lambda: store.raise_counters({"number": 1}),
        ]
        for call in calls:
            with pytest.raises(Unavailable, match="closed"):
                call()
