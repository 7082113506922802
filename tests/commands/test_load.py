"""Loads: into an empty store, continued after any interruption, and never silent about what is missing."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace

import pytest
from dumps import KINDS, fill, load, text_of

from openprocurement_api import cli
from openprocurement_api.commands.failures import Failed
from openprocurement_api.storage import BadCursor, bulk
from openprocurement_api.storage.contract_kinds import create, listed
from openprocurement_api.storage.index import Kinds

TENDER = {"line": "document", "kind": "tender", "id": "a", "history": []}


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(bulk, "BATCH_DOCUMENTS", 4)


@pytest.fixture
def text(opened):
    """A dump of two kinds."""
    store = fill(opened())
    create(store, "x", "asset", registry="land")
    return text_of(store)


@pytest.mark.parametrize("target", [None, "b"])
def test_a_load_interrupted_at_any_batch_is_continued(text, opened, monkeypatch, target):
    for calls in range(1, 8):
        store = opened(target and f"{target}{calls}")
        restore, made = store.restore, []

        def interrupted(*args, restore=restore, made=made, calls=calls, **options):
            made.append(args)
            if len(made) == calls:
                raise KeyboardInterrupt
            restore(*args, **options)

        monkeypatch.setattr(store, "restore", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load(text, store)
        load(text, store)
        assert text_of(store) == text


def test_a_cut_dump_is_told_and_a_whole_one_completes_it(text, opened):
    store = opened()
    for cut in (len(text) // 2, text.rindex(b"\n", 0, -1) + 1):
        end = text.rindex(b"\n", 0, cut) + 1
        with pytest.raises(Failed, match="cut off or damaged"):
            load(text[:end], store)
    load(text, store)
    assert text_of(store) == text


def test_a_changed_line_is_told(text, opened):
    with pytest.raises(Failed, match="its last line does not fit"):
        load(text.replace("Папір 3".encode(), "Папір 4".encode()), opened())


def test_a_missing_line_is_told(text, opened):
    lines = text.splitlines(keepends=True)
    with pytest.raises(Failed, match="its last line does not fit"):
        load(b"".join(lines[:5] + lines[6:]), opened())


def test_documents_of_others_are_told(text, opened):
    store = opened()
    create(store, "mine")
    with pytest.raises(Failed, match="the dump has 25 documents of tender, the store 26"):
        load(text, store)


def test_a_document_that_differs_is_told_and_stays(text, opened):
    store = opened()
    create(store, "0014", mine=True)
    with pytest.raises(Failed, match="the store is not that of this dump"):
        load(text, store)
    assert store.get("tender", "0014").body == {"mine": True}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (TENDER | {"doc": {"dateModified": 1}}, "a tender that cannot be kept"),
        (TENDER | {"doc": [1]}, "a tender that cannot be kept"),
        ({"line": "document", "kind": "tender"}, "a line that is none"),
        (TENDER | {"kind": "plan", "doc": {}}, "a document of plan, which its first line does not name"),
        ({"line": "counter", "name": "day", "value": 2**63}, "a line that is none"),
        ({"line": "openprocurement-dump", "version": 1, "kinds": []}, "cut off or damaged"),
    ],
)
def test_a_line_that_makes_no_sense_is_told(opened, line, sentence):
    header = {"line": "openprocurement-dump", "version": 1, "kinds": ["tender"]}
    with pytest.raises(Failed, match=sentence):
        load(b"".join(json.dumps(each).encode() + b"\n" for each in (header, line)), opened())


@pytest.mark.parametrize("text", [b"", b'{"line":"counter","name":"a","value":1}\n'])
def test_a_file_that_is_no_dump_is_told(text, opened):
    with pytest.raises(Failed, match="the file is no dump"):
        load(text, opened())


def test_kinds_that_no_plugin_declares_are_named(text, opened):
    store = opened()
    with pytest.raises(Failed, match="no loaded plugin declares: asset"):
        load(text, store, {"tender": KINDS["tender"]})
    assert store.ids("tender") == []


# --- the command


@pytest.fixture
def dumped(installation, opened, tmp_path):
    """The file of a dump of an installation's store."""
    fill(opened("a"))
    path = tmp_path / "dump.gz"
    assert cli.main(["dump", installation("a"), str(path)]) == 0
    return path


@pytest.mark.parametrize(
    "act",
    [
        lambda store: create(store, "a"),
        lambda store: create(store, "a", status="draft"),
        lambda store: store.count("number"),
    ],
)
def test_a_store_with_anything_in_it_is_refused(dumped, installation, opened, act, capsys):
    store = opened("b")
    act(store)
    assert cli.main(["load", installation("b"), str(dumped)]) == 1
    assert "the store is not empty; --resume" in capsys.readouterr().err
    assert len(store.ids("tender")) <= 1


def test_a_packed_file_that_is_cut_is_continued_with_the_whole_one(dumped, installation, opened, tmp_path, capsys):
    cut = tmp_path / "cut.gz"
    cut.write_bytes(dumped.read_bytes()[:-200])
    ini = installation("b")
    assert cli.main(["load", ini, str(cut)]) == 1
    assert "cut off or damaged" in capsys.readouterr().err
    assert cli.main(["load", "--resume", ini, str(dumped)]) == 0
    assert listed(opened("b"), limit=1000) == listed(opened("a"), limit=1000)


@pytest.mark.parametrize("name", ["rubbish.gz", "rubbish"])
def test_rubbish_is_no_dump(installation, tmp_path, name, capsys):
    (tmp_path / name).write_bytes(b"no newline")
    assert cli.main(["load", installation("b"), str(tmp_path / name)]) == 1
    assert "the file is no dump" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_one_sentence(installation, tmp_path, capsys):
    assert cli.main(["load", installation("b"), str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err


def test_standard_input_is_read(installation, opened, monkeypatch, capsys):
    ini = installation("b")
    text = text_of(fill(opened(kinds=Kinds(tender=KINDS["tender"]))))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    assert cli.main(["load", ini, "-"]) == 0
    assert "documents: 25 of tender" in capsys.readouterr().err
    assert len(opened("b").ids("tender")) == 25


def test_a_cursor_of_the_store_that_was_dumped_is_refused(text, opened):
    old, new = opened("a"), opened("b")
    load(text, old)
    load(text, new)
    with pytest.raises(BadCursor):
        new.changes("tender", since=old.changes("tender")[0].cursor)
