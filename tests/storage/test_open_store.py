"""The URLs of stores."""

from __future__ import annotations

import pytest

from openprocurement_api.storage import Kind, open_store
from openprocurement_api.storage.memory import MemoryStore


def test_memory_gives_a_new_store_each_time():
    first = open_store("memory:", [Kind("tender", feed="registry")])
    first.put("tender", "a", {"registry": "land"}, expect=None)
    assert [change.id for change in first.changes("tender", feed="land")] == ["a"]
    assert isinstance(first, MemoryStore)
    assert open_store("memory:").changes("tender", feed=None) == []


def test_three_slashes_are_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///var/база даних?%20#.db").close()
    assert (tmp_path / "var" / "база даних?%20#.db").is_file()


def test_four_slashes_are_an_absolute_path(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a/b/c.db", [Kind("tender", feed="registry")])
    store.put("tender", "a", {"registry": "land"}, expect=None)
    assert [change.id for change in store.changes("tender", feed="land")] == ["a"]
    store.close()
    assert (tmp_path / "a" / "b" / "c.db").is_file()


@pytest.mark.parametrize("url", ["", "sqlite:", "sqlite:///", "sqlite://host/x.db", "postgres://host/x", "/var/x.db", "memory:x"])
def test_any_other_url_is_refused_with_a_sentence(url):
    with pytest.raises(ValueError, match=r"storage\.url must be"):
        open_store(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("couchdb://cdb:se/cret@host:5984/cdb", "couchdb://***@host:5984/cdb"),
        ("couchdb://cdb:s@e/cret@host:5984/cdb", "couchdb://***@host:5984/cdb"),
        ("couchdb://cdb:se:cret@host:5984/CDB", "couchdb://***@host:5984/CDB"),
        ("couchdb://cdb:se℀cret@host/cdb", "couchdb://***@host/cdb"),
        ("couchdb:cdb:secret@host", "couchdb:***@host"),
        ("couchdb://cdb:secret", "couchdb://cdb:***"),
        ("couchdb://host:5984", "couchdb://host:5984"),
        ("http:/secret@host", "http:***@host"),
        ("sqlite:", "sqlite:"),
    ],
)
def test_a_refused_url_shows_no_password_however_it_is_written(url, shown):
    with pytest.raises(ValueError, match=r"storage\.url must be") as refusal:
        open_store(url)
    assert str(refusal.value).endswith(f"not {shown!r}")
