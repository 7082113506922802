"""`init-db` where there is no server: see tests/storage/test_couchdb_init.py for where there is one."""

from __future__ import annotations

from openprocurement_api import cli


def test_a_file_is_made_once(installation, opened, tmp_path, capsys):
    ini = installation("a")
    assert cli.main(["init-db", ini]) == 0
    assert capsys.readouterr().out == f"file {tmp_path}/a.db: made\n"
    opened("a").put("tender", "b", {}, expect=None)
    assert cli.main(["init-db", ini]) == 0
    assert capsys.readouterr().out == f"file {tmp_path}/a.db: already there, with the tables and indexes of this version\n"
    assert opened("a").ids("tender") == ["b"]


def test_a_file_of_another_program_is_refused(installation, tmp_path, capsys):
    (tmp_path / "a.db").write_text("this is no database " * 100)
    assert cli.main(["init-db", installation("a")]) == 1
    assert "file is not a database" in capsys.readouterr().err


def test_memory_needs_nothing(installation, capsys):
    assert cli.main(["init-db", installation("a", "memory:")]) == 0
    assert "there is nothing to make" in capsys.readouterr().out


def test_any_other_address_is_a_wrong_setting(installation, capsys):
    assert cli.main(["init-db", installation("a", "postgres://user:secret@host/x")]) == 2
    told = capsys.readouterr().err
    assert "storage.url must be" in told
    assert "secret" not in told
