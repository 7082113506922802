"""Dumps: whole, the same from every store, the same after any cut, and usable while the store is written to."""

from __future__ import annotations

import gzip
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dumps import fill, load, text_of

from openprocurement_api import cli
from openprocurement_api.commands import dumping, files, spool
from openprocurement_api.commands.failures import Failed
from openprocurement_api.storage.contract_kinds import create, listed, replace

ROOT = Path(__file__).parents[2]


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def documents_of(text, kind="tender"):
    return [line for line in lines_of(text) if line["line"] == "document" and line["kind"] == kind]


# --- what a dump has


def test_a_dump_names_itself_and_ends_with_counts_and_a_digest(opened):
    store = opened()
    create(store, "a", "asset")
    store.put("tender", "b", {"n": 1}, expect=None, revision={"r": 1})
    store.count("UA")
    assert text_of(store).decode().splitlines()[:-1] == [
        '{"line":"openprocurement-dump","version":1,"kinds":["asset","tender"]}',
        '{"line":"document","kind":"asset","id":"a","doc":{},"history":[]}',
        '{"line":"document","kind":"tender","id":"b","doc":{"n":1},"history":[{"r":1}]}',
        '{"line":"counter","name":"UA","value":1}',
    ]
    end = lines_of(text_of(store))[-1]
    digest = end.pop("sha256")
    assert end == {"line": "end", "documents": {"asset": 1, "tender": 1}, "revisions": {"asset": 0, "tender": 1}, "counters": 1}
    assert len(digest) == 64


def test_documents_outside_the_feed_come_first_then_those_in_it_in_its_order(opened):
    store = opened()
    for name, status in (("c", "active"), ("b", "draft"), ("d", "active"), ("a", "draft")):
        create(store, name, status=status)
    replace(store, "c", status="active")
    assert [line["id"] for line in documents_of(text_of(store))] == ["a", "b", "d", "c"]


def test_an_empty_store_has_a_dump_too(opened):
    text = text_of(opened())
    assert [line["line"] for line in lines_of(text)] == ["openprocurement-dump", "end"]
    assert load(text, opened("new")).documents == {}


# --- from store to store


@pytest.mark.parametrize(("source", "target"), [(None, "b"), ("a", None), ("a", "b")])
def test_a_loaded_dump_is_dumped_the_same(opened, source, target):
    store, other = fill(opened(source)), opened(target)
    create(store, "x", "asset", changed="2024-01-01", registry="land")
    text = text_of(store)
    load(text, other)
    assert text_of(other) == text
    assert listed(other, feed=None, limit=1000) == listed(store, feed=None, limit=1000)
    assert other.count("day 0") == store.count("day 0")
    assert [row.number for row in other.revisions("tender", "0021")] == [row.number for row in store.revisions("tender", "0021")]


def test_numbers_of_counters_are_read_after_the_documents(opened, monkeypatch):
    store = fill(opened())
    wholes = store.wholes

    def acting(*args):
        store.count("late")
        return wholes(*args)

    monkeypatch.setattr(store, "wholes", acting)
    assert {"line": "counter", "name": "late", "value": 1} in lines_of(text_of(store))


# --- while others write


@pytest.fixture
def busy(opened, monkeypatch):
    """A store in which others save documents between any two pages of a dump."""
    monkeypatch.setattr(dumping, "PAGE", 4)
    monkeypatch.setattr(spool, "PAGE", 4)
    store, acts = fill(opened("busy")), []

    def before_others(method):
        def acting(*args, **options):
            found = method(*args, **options)
            if acts:
                acts.pop(0)()
            return found

        return acting

    for name in ("changes", "ids", "wholes"):
        monkeypatch.setattr(store, name, before_others(getattr(store, name)))
    return store, acts


def test_every_document_acknowledged_before_is_in_it_once_and_whole(busy, opened):
    store, acts = busy
    before = set(store.ids("tender", limit=1000))
    drafts = [line["id"] for line in documents_of(text_of(store)) if line["doc"]["status"] == "draft"]

    def publish():
        replace(store, drafts.pop(), status="active", dateModified="2024-03-01")

    def move():
        name = listed(store, limit=1)[0]
        seen = store.get("tender", name)
        store.put("tender", name, {"moves": len(acts)}, expect=seen.rev, revision={"moves": len(acts)})

    def add():
        create(store, f"new {len(acts)}", status="active")

    acts += [publish, move, add, move, publish, move, move, add, move, publish, move, move]
    text = text_of(store)
    ids = [line["id"] for line in documents_of(text)]
    assert acts == []
    assert len(ids) == len(set(ids))
    assert before <= set(ids)
    moved = [line for line in documents_of(text) if "moves" in line["doc"]]
    assert [line["history"][-1]["moves"] for line in moved] == [line["doc"]["moves"] for line in moved] != []
    other = opened()
    load(text, other)
    assert text_of(other) == text


# --- after a cut


@pytest.mark.parametrize("packed", [False, True])
def test_a_dump_cut_at_any_byte_is_continued_to_the_same_bytes(opened, monkeypatch, packed):
    monkeypatch.setattr(files, "BLOCK", 700)
    store = fill(opened(), documents=12)
    whole = text_of(store, packed=packed)
    step = 7 if packed else 101
    for cut in (*range(0, len(whole), step), len(whole)):
        assert text_of(store, written=whole[:cut], packed=packed) == whole


def test_what_a_power_cut_leaves_is_cut_off(opened, monkeypatch):
    monkeypatch.setattr(files, "BLOCK", 700)
    store = fill(opened(), documents=12)
    whole = text_of(store, packed=True)
    member = whole.index(b"\x1f\x8b\x08", 1)
    for cut in (900, member, member + 20):
        assert text_of(store, written=whole[:cut] + b"\0" * 500, packed=True) == whole


def test_a_block_that_ends_with_the_dump_is_followed_by_none(opened, monkeypatch):
    store = fill(opened(), documents=3)
    monkeypatch.setattr(files, "BLOCK", 1)
    packed = text_of(store, packed=True)
    lines = gzip.decompress(packed).splitlines(keepends=True)
    assert packed == b"".join(gzip.compress(line, files.LEVEL, mtime=0) for line in lines)


def test_a_packed_dump_has_several_members_that_gzip_reads(opened, monkeypatch):
    monkeypatch.setattr(files, "BLOCK", 700)
    store = fill(opened())
    packed = text_of(store, packed=True)
    assert packed.count(b"\x1f\x8b\x08") > 3
    assert gzip.decompress(packed) == text_of(store)


def test_a_document_that_the_dump_has_is_not_dumped_again(opened):
    store = fill(opened())
    whole = text_of(store)
    cut = whole[: whole.index(b'"id":"0014"')]
    name = documents_of(cut[: cut.rindex(b"\n")])[-1]["id"]
    replace(store, name, dateModified="2024-05-01", status="active")
    ids = [line["id"] for line in documents_of(text_of(store, written=cut))]
    assert sorted(ids) == sorted(store.ids("tender"))


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"my shopping list\n", "the file is no dump"),
        (b"{", None),
        (b'{"line":"counter","name":"a","value":1}\n', "the file is no dump"),
        (b'{"line":"openprocurement-dump","version":2,"kinds":[]}\n', "version 2; this program reads version 1"),
        (b'{"line":"openprocurement-dump","version":1,"kinds":["lot"]}\n', "begun with the kinds lot; there are asset, tender"),
        (b'{"line":"openprocurement-dump","version":1,"kinds":[]}\n{"line":"plan"}\n', "a line that is none"),
    ],
)
def test_only_a_dump_of_this_store_is_continued(opened, written, sentence):
    store = opened()
    if sentence is None:
        assert text_of(store, written=written) == text_of(store)
        return
    with pytest.raises(Failed, match=sentence):
        text_of(store, written=written)


# --- the command


@pytest.mark.parametrize("name", ["dump.jsonl", "dump.jsonl.gz"])
def test_the_command_writes_a_file_for_its_owner_only(installation, opened, tmp_path, name, capsys):
    fill(opened("a"))
    assert cli.main(["dump", installation("a"), str(tmp_path / name)]) == 0
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert "documents: 25 of tender" in capsys.readouterr().err
    assert cli.main(["load", installation("b"), str(tmp_path / name)]) == 0
    assert "documents: 25 of tender" in capsys.readouterr().err
    assert cli.main(["dump", installation("b"), str(tmp_path / f"again-{name}")]) == 0
    assert (tmp_path / f"again-{name}").read_bytes() == (tmp_path / name).read_bytes()


def test_a_file_that_is_there_is_not_written_over(installation, tmp_path, capsys):
    file = tmp_path / "dump"
    file.write_text("precious")
    assert cli.main(["dump", installation("a"), str(file)]) == 1
    assert "is there already; --resume continues" in capsys.readouterr().err
    assert cli.main(["dump", "--resume", installation("a"), str(file)]) == 1
    assert "the file is no dump" in capsys.readouterr().err
    assert file.read_text() == "precious"


def test_a_whole_dump_is_left_alone(installation, opened, tmp_path, capsys):
    file = tmp_path / "dump"
    ini = installation("a")
    assert cli.main(["dump", "--resume", ini, str(file)]) == 0
    before = file.read_bytes()
    create(opened("a"), "later")
    assert cli.main(["dump", "--resume", ini, str(file)]) == 0
    assert file.read_bytes() == before
    assert capsys.readouterr().err.count("is whole; documents: none") == 2


def test_standard_output_is_not_continued(installation, capsys):
    assert cli.main(["dump", "--resume", installation("a"), "-"]) == 1
    assert "--resume needs a file" in capsys.readouterr().err


def test_a_store_that_is_away_leaves_no_file(installation, tmp_path, capsys):
    (tmp_path / "a.db").write_text("this is no database " * 100)
    assert cli.main(["dump", installation("a"), str(tmp_path / "dump")]) == 1
    assert "file is not a database" in capsys.readouterr().err
    assert not (tmp_path / "dump").exists()


def test_a_whole_dump_that_was_changed_is_told(installation, opened, tmp_path, capsys):
    fill(opened("a"))
    file = tmp_path / "dump"
    assert cli.main(["dump", installation("a"), str(file)]) == 0
    file.write_bytes(file.read_bytes().replace("Папір 7".encode(), "Папір 8".encode()))
    assert cli.main(["dump", "--resume", installation("a"), str(file)]) == 1
    assert "the dump is damaged" in capsys.readouterr().err


def test_no_room_for_the_table_of_ids_is_one_sentence(installation, opened, tmp_path, monkeypatch, capsys):
    make = spool.Spool.__init__

    def narrow(table):
        make(table)
        table._db.execute("PRAGMA max_page_count = 3")

    monkeypatch.setattr(spool.Spool, "__init__", narrow)
    store = opened("a")
    for number in range(100):
        create(store, f"{number:0200}")
    assert cli.main(["dump", installation("a"), str(tmp_path / "dump")]) == 1
    told = capsys.readouterr().err
    assert "folder for temporary files" in told
    assert "full" in told
    assert told.count("\n") == 1


def test_a_folder_that_is_not_there_is_one_sentence(installation, tmp_path, capsys):
    assert cli.main(["dump", installation("a"), str(tmp_path / "none" / "dump")]) == 1
    assert "No such file or directory" in capsys.readouterr().err


def run(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", "openprocurement_api", *arguments], env=environment, cwd=ROOT, **options)


def test_one_store_is_piped_into_another(installation, opened):
    store = fill(opened("a"))
    ini = installation("a")
    out = run("dump", ini, "-", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    taken = run("load", installation("b"), "-", stdin=out.stdout, stderr=subprocess.DEVNULL)
    out.stdout.close()
    assert (out.wait(), taken.wait()) == (0, 0)
    assert text_of(opened("b")) == text_of(store)


def ended_or(condition, process):
    while process.poll() is None and not condition():
        time.sleep(0.01)


def test_killed_processes_are_continued(installation, opened, tmp_path):
    store, empty = fill(opened("a"), documents=3000), opened("b")
    source, target, file = installation("a"), installation("b"), tmp_path / "dump.gz"
    begun = {"dump": lambda: file.exists() and file.stat().st_size, "load": lambda: empty.ids("tender")}
    for command, ini in (("dump", source), ("load", target)):
        process = run(command, ini, str(file), stderr=subprocess.DEVNULL)
        while process.poll() is None and not begun[command]():
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert run(command, "--resume", ini, str(file), stderr=subprocess.DEVNULL).wait() == 0
    assert documents_of(gzip.decompress(file.read_bytes())) == documents_of(text_of(store))
    assert text_of(empty) == text_of(store)
