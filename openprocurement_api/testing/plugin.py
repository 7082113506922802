"""The pytest plugin: an API to test against, on any store (`pytest --store=URL`), and kept texts to compare with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from .client import Api
from .snapshot import OPTION, Snapshot

CONF = Path(__file__).with_name("auth.ini")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--store`: where the tested API keeps its documents. `--update-snapshots`: write kept texts anew."""
    parser.addoption(
        "--store",
        default="memory:",
        metavar="URL",
        help="storage.url of the tested API; sqlite: is a new file a test, couchdb://... a new prefix",
    )
    parser.addoption(OPTION, action="store_true", help="write kept texts, such as tables of access, anew")


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The settings of the tested API; a test may change them before it asks for `api`."""
    url = request.config.getoption("--store")
    if url.startswith("couchdb"):
        url = f"{url.rstrip('/')}/t{uuid4().hex}"
    return {
        "storage.url": f"sqlite:///{tmp_path}/store.db" if url == "sqlite:" else url,
        "auth.file": str(CONF),
        "plugins": "belowThreshold documents",
        "documents.path": str(tmp_path / "documents"),
        "sandbox_mode": "true",
        "log.level": "CRITICAL",
    }


@pytest.fixture
def api(settings: dict[str, str]) -> Iterator[Api]:
    """An API with its clock stopped at a working day's morning."""
    client = Api.start(settings)
    yield client
    client.store.close()


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Compares a text with a kept file."""
    return Snapshot(update=request.config.getoption(OPTION))
