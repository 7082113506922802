"""Installations to give commands to, each with a SQLite store of its own."""

from __future__ import annotations

import pytest
from dumps import KINDS

from openprocurement_api.storage import open_store

INI = """[app:main]
use = egg:openprocurement-api#main
storage.url = {url}
auth.file = auth.ini
plugins = belowThreshold
log.level = ERROR
"""


@pytest.fixture
def installation(tmp_path):
    """Writes the INI file of an installation with a store of its own; returns its path."""

    def written(name, url=None):
        (tmp_path / "auth.ini").write_text("[brokers]\nbroker = sha512:" + "0" * 128 + "\n")
        path = tmp_path / f"{name}.ini"
        path.write_text(INI.format(url=url or f"sqlite:///{tmp_path}/{name}.db"))
        return str(path)

    return written


@pytest.fixture
def opened(tmp_path):
    """Opens the store of an installation, or one in memory; all are closed at the end of the test."""
    stores = []

    def open_it(name=None, kinds=KINDS):
        stores.append(open_store(f"sqlite:///{tmp_path}/{name}.db" if name else "memory:", kinds.values()))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()
