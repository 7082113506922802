"""The store in memory."""

from __future__ import annotations

import pytest

from openprocurement_api.storage import BadCursor
from openprocurement_api.storage.contract import KINDS, StoreContract
from openprocurement_api.storage.contract_kinds import create
from openprocurement_api.storage.memory import MemoryStore


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self):
        return MemoryStore(KINDS)

    @pytest.fixture
    def reopen(self, store):
        return lambda: store


def test_a_cursor_of_an_earlier_run_is_refused():
    before, after = MemoryStore(KINDS), MemoryStore(KINDS)
    for store in (before, after):
        create(store, "a")
    with pytest.raises(BadCursor):
        after.changes("tender", since=before.changes("tender")[0].cursor)
