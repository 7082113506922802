from __future__ import annotations

import sys
from pathlib import Path

import pytest

from openprocurement_api import cli, ini
from openprocurement_api.hookspecs import hookimpl
from openprocurement_api.settings import SettingsError
from openprocurement_api.storage.base import Unavailable

INI = """[app:main]
use = egg:openprocurement-api#main
storage.url = memory:
auth.file = auth.ini
plugins = belowThreshold
{more}
[server:main]
use = egg:gunicorn#main
{server}
"""


@pytest.fixture
def write(tmp_path):
    """Writes an installation's INI file; returns its path."""

    def written(more: str = "", server: str = "") -> str:
        (tmp_path / "auth.ini").write_text("[brokers]\nbroker = broker\n[bots]\nbot = sha512:" + "0" * 128 + "\n")
        path = tmp_path / "test.ini"
        path.write_text(INI.format(more=more, server=server))
        return str(path)

    return written


def test_help_names_the_commands_of_all_installed_plugins(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert all(f"\n    {name}" in said for name in ("run", "serve", "settings", "procedures", "chronograph", "demo", "documents"))


def test_settings_are_listed_with_defaults_those_of_plugins_too(capsys):
    assert cli.main(["settings"]) == 0
    said = capsys.readouterr().out
    assert "storage.url (required)\n    Where documents are kept" in said
    assert "chronograph.streams (default: 10)\n" in said
    assert "server_id (optional)\n" in said


def test_procedures_are_listed(capsys):
    assert cli.main(["procedures"]) == 0
    assert "belowThreshold                  Below-threshold procurement (the default)\n" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "serve"])
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("log.levl = INFO", "unknown setting 'log.levl'"),
        ("sandbox_mode = perhaps", "'perhaps': it is neither true nor false"),
        ("log.format = xml", "log.format is console or json"),
        ("server_id = a\nserver_id = b", "cannot be read"),
        ("server_id = a%secret", "[app:main] server_id: % is written %% in this file"),
        ("server_id = secret%(x)s", "[app:main] server_id: % is written %% in this file"),
    ],
)
def test_wrong_settings_are_one_sentence_and_exit_code_2(command, more, said, write, capsys):
    assert cli.main([command, write(more)]) == 2
    told = capsys.readouterr().err
    assert told.startswith("openprocurement: ")
    assert said in told
    assert "secret" not in told
    assert told.count("\n") == 1


def test_a_missing_file_is_one_sentence(tmp_path, capsys):
    assert cli.main(["serve", str(tmp_path / "none.ini")]) == 2
    assert "none.ini cannot be read" in capsys.readouterr().err


def test_an_unknown_plugin_is_one_sentence(write, capsys):
    path = Path(write())
    path.write_text(path.read_text().replace("belowThreshold", "belowTreshold"))
    assert cli.main(["serve", str(path)]) == 2
    assert capsys.readouterr().err.startswith("openprocurement: no plugin is called 'belowTreshold'; there are: ")


def test_a_store_that_cannot_be_opened_is_exit_code_1(write, capsys, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OPENPROCUREMENT_STORAGE_URL", f"sqlite:///{tmp_path}/file/store.db")
    assert cli.main(["serve", write("sandbox_mode = true")]) == 1
    assert capsys.readouterr().err.startswith("openprocurement: the store cannot be used: ")


class Point:
    """An entry point that may be broken."""

    def __init__(self, name, plugin):
        self.name, self.plugin = name, plugin

    def load(self):
        if isinstance(self.plugin, Exception):
            raise self.plugin
        return self.plugin


def test_a_broken_plugin_leaves_the_other_commands_alone(capsys, monkeypatch):
    def greet(_arguments):
        sys.stdout.write("hello\n")

    class Good:
        @staticmethod
        @hookimpl
        def openprocurement_commands(subcommands):
            subcommands.add_parser("greet").set_defaults(run=greet)

    class Misspelt:
        @staticmethod
        @hookimpl
        def openprocurement_comands():
            """No hook is called so."""

    broken = {"missing": ImportError("No module named 'bad'"), "buggy": AttributeError("x"), "misspelt": Misspelt()}
    points = [Point("good", Good()), *(Point(name, plugin) for name, plugin in broken.items())]
    monkeypatch.setattr(cli.plugins, "entry_points", lambda group: points)
    assert cli.main(["greet"]) == 0
    said = capsys.readouterr()
    assert said.out == "hello\n"
    missing, buggy, misspelt = said.err.splitlines()
    assert missing == "openprocurement: plugin 'missing' cannot be imported: ImportError: No module named 'bad'"
    assert buggy == "openprocurement: plugin 'buggy' cannot be imported: AttributeError: x"
    assert misspelt.startswith("openprocurement: plugin 'misspelt': ")


def test_a_store_that_fails_later_is_exit_code_1(capsys, monkeypatch):
    def fail(_manager):
        raise Unavailable("no connection")

    monkeypatch.setattr(cli, "parser", fail)
    assert cli.main([]) == 1
    assert capsys.readouterr().err == "openprocurement: the store cannot be used: no connection\n"


# --- the INI file


def test_the_server_has_defaults(write):
    assert ini.server(write()) == {"workers": "2", "worker_class": "gevent", "bind": "127.0.0.1:8080"}


@pytest.mark.parametrize(
    ("lines", "bind"),
    [("port = 6000", "127.0.0.1:6000"), ("host = 0.0.0.0", "0.0.0.0:8080"), ("bind = unix:/run/cdb", "unix:/run/cdb")],
)
def test_the_server_takes_host_and_port_or_bind(write, lines, bind):
    assert ini.server(write(server=lines))["bind"] == bind


def test_paths_are_those_of_the_file(write, tmp_path):
    conf, given = ini.application(write("server_id = %(here)s"))
    assert (conf["here"], given["server_id"]) == (str(tmp_path), str(tmp_path))


def test_a_section_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "empty.ini"
    path.write_text("[other]\n")
    with pytest.raises(SettingsError, match=r"empty.ini cannot be read: .*main"):
        ini.application(str(path))
