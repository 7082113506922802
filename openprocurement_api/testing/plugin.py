"""The pytest plugin: an API to test against, on any store (`pytest --store=URL`), and kept texts to compare with.

pytest loads it wherever this package is installed, so what only the extra `test` brings is imported where it is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from . import couch
from .snapshot import OPTION, Snapshot

if TYPE_CHECKING:
    from .client import Api

CONF = Path(__file__).with_name("auth.ini")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--store`: where the tested API keeps its documents. `--update-snapshots`: write kept texts anew."""
    parser.addoption(
        "--store",
        default="memory:",
        metavar="URL",
        help="storage.url of the tested API; sqlite: is a new file a test, couchdb://... a new prefix, couchdb: a server for it",
    )
    parser.addoption(OPTION, action="store_true", help="write kept texts, such as tables of access, anew")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server that `--store=couchdb:` stands for; workers of pytest-xdist are told its address."""
    config.addinivalue_line("markers", "exhaustive: long, and about rules; the gate runs it on one store")
    if config.getoption("--store") != "couchdb:":
        return
    ends = ExitStack()
    config.add_cleanup(ends.close)
    try:
        config.option.store = ends.enter_context(couch.running(config.rootpath / "build" / "pouchdb"))
    except couch.NoServer as error:
        raise pytest.UsageError(f"--store=couchdb: {error}") from error


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Which stores the tests run on."""
    url = config.getoption("--store")
    lines = [f"store of the tested API: {couch.about(url) if url.startswith('couchdb') else url.rstrip(':')}"]
    if given := os.environ.get(couch.VARIABLE):
        lines.append(f"server of the tests of the CouchDB store: {couch.about(given)}")
    else:
        lines.append(f"server of the tests of the CouchDB store: {couch.PACKAGE} from npm")
    return lines


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The same again at the end, also where the header is left out."""
    terminalreporter.section("stores")
    for line in pytest_report_header(config):
        terminalreporter.write_line(line)


@pytest.fixture
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new, empty store; what was opened through `Api` is closed at the end, databases on a server are removed."""
    from .client import Api

    url = request.config.getoption("--store")
    if url.startswith("couchdb"):
        url = f"{url.rstrip('/')}/t{uuid4().hex}"
    yield f"sqlite:///{tmp_path}/store.db" if url == "sqlite:" else url
    Api.end_all()
    if url.startswith("couchdb"):
        couch.erase(url)


@pytest.fixture
def settings(store_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of the tested API; a test may change them before it asks for `api`."""
    return {
        "storage.url": store_url,
        "auth.file": str(CONF),
        "plugins": "belowThreshold documents",
        "documents.path": str(tmp_path / "documents"),
        "sandbox_mode": "true",
        "log.level": "CRITICAL",
    }


@pytest.fixture
def api(settings: dict[str, str]) -> Iterator[Api]:
    """An API with its clock stopped at a working day's morning."""
    from .client import Api

    client = Api.start(settings)
    yield client
    client.store.close()


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Compares a text with a kept file."""
    return Snapshot(update=request.config.getoption(OPTION))
