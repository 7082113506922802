"""The store in memory."""

from __future__ import annotations

import pytest

from openprocurement_api.storage.contract import KINDS, StoreContract
from openprocurement_api.storage.memory import MemoryStore


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self):
        return MemoryStore(KINDS)

    @pytest.fixture
    def reopen(self, store):
        return lambda: store
