"""Filling a store with many documents."""

from __future__ import annotations

import pytest

from openprocurement_api.storage import RevConflict, Whole, bulk
from openprocurement_api.storage.bulk import batches, fill
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create, listed
from openprocurement_api.storage.sqlite import SqliteStore


@pytest.fixture
def store(tmp_path):
    store = SqliteStore(tmp_path / "store.db", KINDS)
    yield store
    store.close()


def test_batches_are_bounded_by_number_and_by_bytes(monkeypatch):
    monkeypatch.setattr(bulk, "BATCH_DOCUMENTS", 3)
    monkeypatch.setattr(bulk, "BATCH_BYTES", 10)
    sizes = [4, 4, 4, 1, 1, 1, 1, 50, 2]
    made = list(batches(Whole(str(n), b"x" * (size - size // 2), (b"x" * (size // 2),)) for n, size in enumerate(sizes)))
    assert [[int(whole.id) for whole in batch] for batch in made] == [[0, 1], [2, 3, 4], [5, 6], [7], [8]]
    assert list(batches([])) == []


def test_documents_are_saved_in_order(store):
    names = [f"{n * 7 % 4201:04}" for n in range(4201)]
    assert fill(store, "tender", ({"id": name} for name in names)) == 4201
    assert listed(store, limit=5000) == names
    assert store.get("tender", "0007").body == {"id": "0007"}
    assert fill(store, "tender", [{"id": "more"}], first=4202) == 1


def test_what_is_there_otherwise_stops_it(store):
    create(store, "b", id="b", mine=True)
    with pytest.raises(RevConflict, match="tender b is kept otherwise"):
        fill(store, "tender", [{"id": "a"}, {"id": "b"}])
    assert listed(store) == ["b"]
