import hashlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from webtest import TestApp

from openprocurement_api.clock import Clock
from plugins.documents.links import Links
from plugins.documents.local import LocalStore
from plugins.documents.service import make_app
from plugins.documents.settings import Settings
from plugins.documents.signing import Signer

SEED = "11" * 32
API_SEED = "22" * 32
PASSWORD = "broker"
BASE = "http://docs.example.org"


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.now = datetime(2026, 3, 4, 12, 0, tzinfo=ZoneInfo("Europe/Kyiv"))
    return clock


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> LocalStore:
    return LocalStore(tmp_path / "files", clock)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    accounts = tmp_path / "auth.ini"
    accounts.write_text(f"[uploaders]\nbroker = {hashlib.sha512(PASSWORD.encode()).hexdigest()}\n")
    return Settings(
        path=tmp_path / "files",
        auth_file=accounts,
        dockey=SEED,
        apikeys=Signer(API_SEED).verify_key,
        url=BASE,
        max_size=200_000,
    )


@pytest.fixture
def anonymous(settings: Settings, store: LocalStore, clock: Clock) -> TestApp:
    return TestApp(make_app(settings, store, clock), lint=True)


@pytest.fixture
def app(settings: Settings, store: LocalStore, clock: Clock) -> TestApp:
    app = TestApp(make_app(settings, store, clock), lint=True)
    app.authorization = ("Basic", ("broker", PASSWORD))
    return app


@pytest.fixture
def service() -> Links:
    """Addresses as the document service signs them."""
    return Links(BASE, Signer(SEED))


@pytest.fixture
def api() -> Links:
    """Addresses as the API signs them."""
    return Links(BASE, Signer(API_SEED))
