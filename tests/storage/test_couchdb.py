"""The store in CouchDB: the contract."""

from __future__ import annotations

import pytest

from openprocurement_api.storage.contract import StoreContract

pytest_plugins = ("couch_server",)


class TestCouchDB(StoreContract):
    @pytest.fixture
    def reopen(self, opened):
        return opened
