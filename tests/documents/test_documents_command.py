from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plugins.documents.__main__ import main
from plugins.documents.accounts import Accounts
from plugins.documents.local import LocalStore
from plugins.documents.settings import Settings, environment, section
from plugins.documents.signing import Signer

NEEDED = {"path": "files", "auth_file": "auth.ini", "dockey": "11" * 32}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in ("PATH", "DOCKEY", "AUTH_FILE"):
        monkeypatch.delenv(f"OPENPROCUREMENT_DOCUMENTS_{name}", raising=False)


def test_settings_of_text():
    settings = Settings.of({**NEEDED, "max_size": "10", "listen": "127.0.0.1:9"})
    assert (settings.path, settings.max_size, settings.base) == (Path("files"), 10, "http://127.0.0.1:9")
    assert Settings.of({**NEEDED, "url": "https://docs/"}).base == "https://docs"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({**NEEDED, "dockye": "1"}, r"\[documents\] dockye: no such setting"),
        ({"path": "files", "dockey": "1"}, r"\[documents\] auth_file: is needed"),
        ({**NEEDED, "dockey": ""}, r"\[documents\] dockey: is needed"),
        ({**NEEDED, "threads": "many"}, r"\[documents\] threads: 'many': it is not a whole number"),
        ({**NEEDED, "workers": "0"}, r"\[documents\] workers: '0': it is less than 1"),
    ],
)
def test_wrong_settings_are_named(values, message):
    with pytest.raises(ValueError, match=message):
        Settings.of(values)


def test_a_section_of_an_ini_file(tmp_path):
    ini = tmp_path / "a.ini"
    ini.write_text("[documents]\npath = %(here)s/files\ndockey = 1\n")
    assert section(ini) == {"path": f"{tmp_path}/files", "dockey": "1"}
    ini.write_text("[other]\n")
    with pytest.raises(ValueError, match=r"no section \[documents\]"):
        section(ini)


def test_the_environment():
    given = {"OPENPROCUREMENT_DOCUMENTS_DOCKEY": "1", "OPENPROCUREMENT_DOCUMENTS_URL": "", "OPENPROCUREMENT_DOCKEY": "2"}
    assert environment(given) == {"dockey": "1"}


def test_flags_go_over_environment_over_file(tmp_path, monkeypatch, capsys):
    ini = tmp_path / "a.ini"
    ini.write_text("[documents]\npath = %(here)s/ini\nauth_file = a\ndockey = 1\n")

    def used() -> set[str]:
        return {path.name for path in tmp_path.iterdir()} - {"a.ini"}

    assert main(["collect", "--config", str(ini)]) == 0
    assert used() == {"ini"}
    monkeypatch.setenv("OPENPROCUREMENT_DOCUMENTS_PATH", str(tmp_path / "environment"))
    assert main(["collect", "--config", str(ini)]) == 0
    assert used() == {"ini", "environment"}
    assert main(["collect", "--config", str(ini), "--path", str(tmp_path / "flag")]) == 0
    assert used() == {"ini", "environment", "flag"}


def test_collect_tells_what_it_removed(tmp_path, capsys):
    store = LocalStore(tmp_path)
    store.register("md5:" + "0" * 32)
    store.clock.now = datetime.now(ZoneInfo("Europe/Kyiv")) - timedelta(days=3)
    old = store.register("md5:" + "0" * 32)
    flags = ["--path", str(tmp_path), "--auth-file", "a", "--dockey", "1"]
    assert main(["collect", *flags]) == 0
    assert main(["collect", *flags, "--days", "2"]) == 0
    assert capsys.readouterr().out.splitlines() == ["0 registrations removed", "1 registrations removed"]
    assert f"{old}.json" not in {path.name for path in store.registered.iterdir()}


def test_a_new_key(capsys):
    assert main(["key"]) == 0
    seed, public = (line.split(": ")[1] for line in capsys.readouterr().out.splitlines())
    assert Signer(seed).verify_key == public


def test_a_line_for_the_accounts(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("getpass.getpass", lambda: "secret")
    assert main(["password", "broker"]) == 0
    accounts = tmp_path / "auth.ini"
    accounts.write_text(f"[uploaders]\n{capsys.readouterr().out}")
    assert Accounts.read(accounts).admit("Basic YnJva2VyOnNlY3JldA==") == "broker"  # broker:secret


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serve"], "[documents] path: is needed"),
        (["serve", "--path", "{0}", "--auth-file", "{0}/none", "--dockey", "11"], "dockey: a key is 64 hexadecimal digits"),
        (["serve", "--path", "{0}", "--auth-file", "{0}/none", "--dockey", "11" * 32], "No such file"),
        (["collect", "--config", "{0}/none.ini"], "No such file"),
        (["collect", "--path", "/dev/null/a", "--auth-file", "a", "--dockey", "1"], "Not a directory"),
    ],
)
def test_wrong_settings_end_the_command(tmp_path, capsys, arguments, told):
    assert main([argument.format(tmp_path) for argument in arguments]) == 2
    assert told in capsys.readouterr().err


def test_help(capsys):
    with pytest.raises(SystemExit) as raised:
        main(["serve", "--help"])
    assert raised.value.code == 0
    assert "--auth-file" in capsys.readouterr().out
