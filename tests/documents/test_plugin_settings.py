"""How the plugin is set up: keys of the ini files, the kept signing key, commands, and what stops the start."""

import argparse
import multiprocessing
import stat
from configparser import ConfigParser
from pathlib import Path

import pytest

from openprocurement_api.settings import IGNORED, Settings, SettingsError, read
from openprocurement_api.settings import OPTIONS as KERNEL
from plugins import documents
from plugins.documents.client import Account, Embedded, Remote, connect
from plugins.documents.seeds import kept_seed
from plugins.documents.settings import Settings as Alone
from plugins.documents.settings import section
from plugins.documents.signing import Signer

SEED, API_SEED, BASE = "11" * 32, "22" * 32, "http://docs.example.org"
HASH, KEY = "md5:" + "0" * 32, "0" * 32
ROOT = Path(__file__).parents[2]
REMOTE = {
    "dockey": API_SEED,
    "docservice_url": BASE,
    "docservice_upload_url": f"{BASE}/upload",
    "docservice_username": "broker",
    "docservice_password": "secret",
}


@pytest.fixture
def needed(tmp_path) -> dict[str, str]:
    return {"storage.url": "memory:", "auth.file": "a", "plugins": "documents", "documents.path": str(tmp_path / "files")}


def settings(given: dict[str, str]) -> Settings:
    return read(given, documents.openprocurement_settings())


def test_a_service(needed):
    found = connect(settings(needed | REMOTE))
    assert isinstance(found, Remote)
    assert found.account == Account(f"{BASE}/upload", "broker", "secret")
    assert found.limit == Alone.max_size
    assert not Path(needed["documents.path"]).exists()


@pytest.mark.parametrize("name", ["dockey", "docservice_url", "docservice_username", "docservice_password"])
def test_a_service_needs_all_of_it(needed, name):
    given = {key: value for key, value in (needed | REMOTE).items() if key != name}
    with pytest.raises(SettingsError, match=f"with docservice_upload_url {name} is needed"):
        connect(settings(given))


def test_a_directory(needed, service):
    found = connect(settings(needed | {"dockey": API_SEED, "dockeys": f"seed:{SEED}", "docservice_url": BASE}))
    assert isinstance(found, Embedded)
    assert not found.strict
    assert found.limit == Alone.max_size
    assert found.accept(service.proof(KEY, HASH), HASH) == KEY


def test_nothing_is_needed(needed):
    found = connect(settings(needed))
    assert isinstance(found, Embedded)
    path = Path(needed["documents.path"]) / "dockey"
    assert Signer(path.read_text().strip()).key_id == found.links.signer.key_id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert found.public_url(KEY).startswith(f"/docservice/get/{KEY}?")
    proof = found.links.proof(KEY, HASH)
    assert [found.accept(f"{host}{proof}", HASH) for host in ("", "http://a", "https://b:1")] == [KEY] * 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"dockey": "11"}, "dockey: a key is 64 hexadecimal digits"),
        ({"dockeys": "11"}, "dockeys: a key is 64 hexadecimal digits"),
        ({"documents.path": "/dev/null/files"}, "Not a directory"),
        ({"docservice_url": "/files"}, "'docservice_url': '/files': it is not an http or https URL"),
        ({"docservice_upload_url": "files.example.org"}, "'docservice_upload_url'.* it is not an http or https URL"),
        ({"documents.max_size": "1G"}, "'documents.max_size': '1G'"),
    ],
)
def test_what_is_wrong_stops_the_start(needed, given, message):
    with pytest.raises(SettingsError, match=message):
        connect(settings(needed | given))


def test_a_seed_that_was_spoiled_is_never_replaced(needed):
    connect(settings(needed))
    path = Path(needed["documents.path"]) / "dockey"
    path.write_text("")
    with pytest.raises(SettingsError, match="dockey: a key is 64 hexadecimal digits, not 0 characters"):
        connect(settings(needed))
    assert path.read_text() == ""


def made(folder: Path, start: multiprocessing.Barrier, found: multiprocessing.Queue) -> None:
    start.wait()
    found.put(kept_seed(folder))


def test_processes_that_start_together_get_one_seed(tmp_path):
    spawned = multiprocessing.get_context("spawn")
    for attempt in range(5):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        start, found = spawned.Barrier(2), spawned.Queue()
        processes = [spawned.Process(target=made, args=(folder, start, found)) for _ in range(2)]
        for process in processes:
            process.start()
        seeds = {found.get(timeout=30) for _ in processes}
        for process in processes:
            process.join()
        assert len(seeds) == 1
        assert [path.name for path in folder.iterdir()] == ["dockey"]


def test_who_comes_second_takes_the_first_ones_seed(tmp_path, monkeypatch):
    """The case that two processes seldom meet: both have looked, and found none."""
    first = kept_seed(tmp_path)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert kept_seed(tmp_path) == first


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    documents.openprocurement_commands(parser.add_subparsers())
    arguments = parser.parse_args(words)
    return arguments.run(arguments)


def test_cleaning_up_after_the_api(needed, capsys):
    connect(settings(needed)).store.register(HASH)
    assert run("documents", "collect", "--path", needed["documents.path"], "--days", "-1") == 0
    assert capsys.readouterr().out == "1 registrations removed\n"
    assert run("documents", "collect") == 2
    assert "[documents] path: is needed" in capsys.readouterr().err


def test_the_command(tmp_path, capsys):
    assert run("documents", "key") == 0
    assert capsys.readouterr().out.startswith("seed (secret, dockey): ")
    assert run("documents", "serve", "--config", str(tmp_path / "none.ini")) == 2
    with pytest.raises(SystemExit) as raised:
        run("documents", "--help")
    assert raised.value.code == 0
    assert "collect" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["development.ini", "production.ini"])
def test_the_ini_files_name_settings_that_exist(name, monkeypatch):
    parser = ConfigParser({"here": str(ROOT)})
    parser.read(ROOT / name, encoding="utf-8")
    known = {option.name for option in (*KERNEL, *documents.OPTIONS)}
    assert set(parser["app:main"]) - known - IGNORED == set()
    secrets = {"dockey": SEED}  # production takes it from the environment
    assert Alone.of({**secrets, **section(ROOT / name)}).listen == "127.0.0.1:8081"
