"""The feed misses nothing and no acknowledged write is lost: the proof of `make proof`, some seconds of it."""

from __future__ import annotations

import feed_proof
import pytest


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_nothing_is_lost(store, tmp_path, request):
    """On memory with threads, on SQLite with processes of which one is killed; a server that `--store` names goes first."""
    chosen = request.config.getoption("--store")
    if chosen.startswith("couchdb") and store == "sqlite":
        url = request.getfixturevalue("store_url")
    else:
        url = "memory:" if store == "memory" else f"sqlite:///{tmp_path}/proof.db"
    counts = feed_proof.race(feed_proof.settings_of(url), seconds=1, writers=2, kills=1, least=30)
    assert counts["acknowledged writes"] >= 30
    assert counts["rows read by observers"] > 0
    assert counts["writers killed"] == (0 if store == "memory" else 1)


def test_a_loss_is_noticed(tmp_path, monkeypatch):
    """The proof proves something: a store that forgets a save, and an observer who passes a row by, are found out."""
    checked = feed_proof.checked

    def spoiled(api, shared, told, observers):
        changed = next(iter(told.edits))
        told.edits[changed] += 1
        observers[0].seen[changed] = "yesterday"
        told.questions.append("a question nobody stored")
        return checked(api, shared, told, observers)

    monkeypatch.setattr(feed_proof, "checked", spoiled)
    with pytest.raises(AssertionError) as found:
        feed_proof.race(feed_proof.settings_of("memory:"), seconds=0, writers=1, least=10)
    counts = found.value.args[0]
    assert (counts["acknowledged changes lost"], counts["acknowledged questions lost"], counts["last states missed"]) == (1, 1, 1)
