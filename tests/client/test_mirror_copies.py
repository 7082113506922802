"""Copies: what is stored moves together with the place, through crashes at every step."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import msgspec
import pytest

from openprocurement_client import Place
from openprocurement_client.mirror import jsonl
from openprocurement_client.mirror.copies import CopyError, Document, Origin, OtherCopy, open_copy, path_of

ORIGIN = Origin("http://127.0.0.1:6543/api/2.5", "tenders", "")
TARGETS = ("copy.jsonl", "copy.db")


def document(key: str, state: int = 0) -> Document:
    modified = f"2026-03-02T09:00:{state:02}+02:00"
    text = json.dumps({"id": key, "dateModified": modified, "amount": 0.10, "title": "Парти\n"}, ensure_ascii=False)
    return Document(key, modified, text.encode())


def states(target: str) -> dict[str, str]:
    """What a reader finds: `dateModified` by id."""
    if target.endswith(".jsonl"):
        found = [msgspec.json.decode(line) for line in Path(target).read_bytes().splitlines()]
        return {each["id"]: each["dateModified"][17:19] for each in found}
    with sqlite3.connect(target) as db:
        rows = db.execute("SELECT id, dateModified, body FROM documents").fetchall()
    db.close()
    assert all(json.loads(body)["dateModified"] == modified for _, modified, body in rows)
    return {key: modified[17:19] for key, modified, _ in rows}


@pytest.fixture(params=TARGETS)
def target(request, tmp_path):
    return str(tmp_path / request.param)


@pytest.fixture
def opened():
    """Opens copies; they are closed at the end."""
    made = []

    def copy(target: str, origin: Origin = ORIGIN, **options):
        made.append(open_copy(target, origin, **options))
        return made[-1]

    yield copy
    for each in made:
        each.close()


def test_a_copy_keeps_documents_and_the_place(target, opened):
    copy = opened(target)
    assert (copy.place, len(copy)) == (None, 0)
    copy.store([document("a"), document("b")], Place("1"))
    copy.store([document("a", 1)], Place("2", "x"))
    copy.settle()
    copy.close()
    again = opened(target)
    assert (again.place, len(again)) == (Place("2", "x"), 2)
    again.store([], Place("3"))
    again.settle()
    assert states(target) == {"a": "01", "b": "00"}


def test_settling_a_new_copy_does_nothing(target, opened):
    copy = opened(target)
    copy.settle()
    assert (copy.place, len(copy)) == (None, 0)


def test_a_copy_of_something_else_is_left_alone(target, opened):
    copy = opened(target)
    copy.store([document("a")], Place("1"))
    copy.close()
    kind = () if target.endswith(".db") else (Origin(ORIGIN.url, "plans", ""),)
    for other in (Origin(ORIGIN.url, "tenders", "test"), Origin("http://else", "tenders", ""), *kind):
        with pytest.raises(OtherCopy, match="it is a copy of tenders of http://127"):
            opened(target, other)
    assert opened(target, Origin("http://else", "tenders", ""), moved=True).place == Place("1")


def test_one_mirror_at_a_time(target, opened):
    copy = opened(target)
    with pytest.raises(CopyError, match="another mirror is at work"):
        opened(target)
    copy.close()
    assert len(opened(target)) == 0


def test_a_folder_that_is_not_there_is_told(target, opened):
    with pytest.raises(CopyError, match="cannot be made: No such file"):
        opened(target.replace("copy", "nowhere/copy"))


def test_a_file_that_is_no_copy_is_left_alone(target, opened):
    content = b"something of mine\n" * 100
    Path(target).write_bytes(content)
    with pytest.raises(CopyError):
        opened(target)
    assert Path(target).read_bytes() == content


def test_what_is_no_target_is_told(opened):
    with pytest.raises(ValueError, match="is no target"):
        opened("copy.csv")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("sqlite:copy", "copy"), ("sqlite:///var/copy.db", "var/copy.db"), ("sqlite:////var/copy.db", "/var/copy.db"),
        ("var/copy.db", "var/copy.db"), ("/var/copy.jsonl", "/var/copy.jsonl"),
    ],
)  # fmt: skip
def test_targets_are_files(target, path):
    assert str(path_of(target)) == path


# --- SQLite


def test_one_file_holds_several_kinds(tmp_path, opened):
    target = str(tmp_path / "copy.db")
    tenders, plans = opened(target), opened(target, Origin(ORIGIN.url, "plans", "test"))
    tenders.store([document("a")], Place("1"))
    plans.store([document("a"), document("b")], Place("2"))
    assert (len(tenders), len(plans)) == (1, 2)
    tenders.close()
    assert opened(target).place == Place("1")


def test_a_failing_write_leaves_everything_as_it_was(tmp_path, opened):
    target = str(tmp_path / "copy.db")
    copy = opened(target)
    copy.store([document("a")], Place("1"))
    with sqlite3.connect(target) as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON copies BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    with pytest.raises(CopyError, match="disk is full"):
        copy.store([document("a", 1), document("b")], Place("2"))
    assert states(target) == {"a": "00"}
    assert copy.place == Place("1")
    with sqlite3.connect(target) as db:
        db.execute("DROP TRIGGER full")
        db.execute("UPDATE copies SET place = 'nonsense'")
    db.close()
    copy.close()
    with pytest.raises(CopyError, match="no place in a feed"):
        opened(target)


# --- JSON Lines


@pytest.fixture
def lines(tmp_path) -> str:
    return str(tmp_path / "copy.jsonl")


def count(target: str) -> int:
    return len(Path(target).read_bytes().splitlines())


def test_overtaken_lines_go_when_the_feed_ends(lines, opened):
    copy = opened(lines)
    for state in range(3):
        copy.store([document("a", state), document("b")], Place(str(state)))
    assert count(lines) == 6
    copy.settle()
    assert count(lines) == 2
    copy.store([document("a", 9)], Place("9"))
    copy.close()
    again = opened(lines)
    again.settle()
    assert states(lines) == {"a": "09", "b": "00"}
    assert count(lines) == 2


def test_overtaken_lines_go_when_they_outweigh_the_others(lines, opened, monkeypatch):
    monkeypatch.setattr(jsonl, "NOT_WORTH_IT", 3)
    copy = opened(lines)
    counts = []
    for state in range(6):
        copy.store([document("a", state)], Place(str(state)))
        counts.append(count(lines))
    assert counts == [1, 2, 3, 4, 1, 2]
    assert states(lines) == {"a": "05"}


def test_what_a_crash_left_is_cut_off(lines, opened):
    copy = opened(lines)
    copy.store([document("a")], Place("1"))
    copy.close()
    with Path(lines).open("ab") as file:
        file.write(document("b").text + b"\n" + document("a", 5).text[:20])
    assert len(opened(lines)) == 1
    assert states(lines) == {"a": "00"}


def test_a_first_page_that_a_crash_cut_short_is_not_taken_for_somebody_elses(lines, opened, monkeypatch):
    copy = opened(lines)
    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(SystemExit):
        copy.store([document("a")], Place("1"))
    monkeypatch.undo()
    copy.close()
    again = opened(lines)
    assert (again.place, len(again)) == (None, 0)


def crash(*_):
    raise SystemExit


class Crash:
    """Lets so many calls of a function pass, then ends the program."""

    def __init__(self, function, passes: int) -> None:
        self.function, self.passes = function, passes

    def __call__(self, *arguments):
        if not self.passes:
            raise SystemExit
        self.passes -= 1
        return self.function(*arguments)


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_crash_at_any_step_loses_nothing(lines, opened, monkeypatch, name):
    """Stopped before the first, the second ... of the steps that write or rename; then opened again."""
    outcomes = set()
    for passes in range(12):
        for left in Path(lines).parent.iterdir():
            left.unlink()
        copy = opened(lines)
        copy.store([document("a"), document("b")], Place("1"))
        monkeypatch.setattr(os, name, Crash(getattr(os, name), passes))
        try:
            copy.store([document("a", 1), document("a", 2), document("c")], Place("2"))
            copy.settle()
        except SystemExit:
            pass
        monkeypatch.undo()
        copy.close()
        again = opened(lines)
        expected = {"1": {"a": "00", "b": "00"}, "2": {"a": "02", "b": "00", "c": "00"}}[again.place.forward]
        assert states(lines) == expected
        outcomes.add(again.place.forward)
        again.store([document("d")], Place("3"))
        again.settle()
        assert states(lines) == expected | {"d": "00"}
        again.close()
    assert outcomes == {"1", "2"}


def test_a_file_that_somebody_changed_is_told(lines, opened):
    copy = opened(lines)
    copy.store([document("a"), document("b")], Place("1"))
    copy.close()
    Path(lines).write_bytes(document("a").text + b"\n")
    with pytest.raises(CopyError, match="has 1 documents, and had 2: somebody changed it"):
        opened(lines)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]"])
def test_a_state_that_is_none_is_told(lines, opened, content):
    Path(f"{lines}.state").write_bytes(content)
    with pytest.raises(CopyError, match=r"copy\.jsonl: "):
        opened(lines)


def test_a_full_disk_is_told_and_nothing_is_lost(lines, opened, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    copy = opened(lines)
    copy.store([document("a")], Place("1"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CopyError, match="No space left"):
        copy.store([document("b")], Place("2"))
    monkeypatch.undo()
    copy.close()
    assert opened(lines).place == Place("1")
    assert states(lines) == {"a": "00"}
