"""A hundred platforms bid on one tender at the same moment: all bids are stored, none is lost, none is there twice."""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen

import pytest

from openprocurement_api import children, supervisor
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.processes import PATIENCE, free_port, wait_until

PLATFORMS = [f"platform{number:03}" for number in range(100)]
INI = """[app:main]
use = egg:openprocurement-api#main
{settings}
[server:main]
use = egg:gunicorn#main
bind = 127.0.0.1:{port}
workers = 2
"""


@pytest.fixture
def settings(settings, tmp_path):
    keys = tmp_path / "auth.ini"
    brokers = "".join(f"{name} = {name}\n" for name in ("broker", *PLATFORMS))
    keys.write_text(f"[brokers]\n{brokers}[chronograph]\nchronograph = chronograph\n")
    return settings | {"auth.file": str(keys)}


def tendering(api: Api) -> str:
    """A tender that takes bids now: its questions ended yesterday."""
    api.clock.now = datetime.now(UTC) - timedelta(days=8)
    thing = api.tender()
    api.until(thing, "active.tendering")
    return thing.path


def at_once(bid) -> list[str]:
    """The ids of the bids of all platforms, all of which set out together."""
    line = threading.Barrier(len(PLATFORMS))

    def go(number: int) -> str:
        line.wait()
        return bid(PLATFORMS[number], builders.bid(400 - number))

    with ThreadPoolExecutor(len(PLATFORMS)) as pool:
        return list(pool.map(go, range(len(PLATFORMS))))


def check(api: Api, path: str, ids: list[str]) -> None:
    stored = api.store.get("tender", path.rpartition("/")[2])
    bids = stored.body["bids"]
    assert sorted(bid["id"] for bid in bids) == sorted(ids)
    assert Counter(bid["owner"] for bid in bids) == dict.fromkeys(PLATFORMS, 1)
    assert sorted(bid["value"]["amount"] for bid in bids) == list(range(301, 401))
    assert stored.body["numberOfBids"] == len(PLATFORMS)


def test_in_threads(api):
    path = tendering(api)
    api.clock.now = None
    check(api, path, at_once(lambda who, data: Api(api.web.app).post(f"{path}/bids", data, user=who).id))


def test_on_a_server_of_two_workers(settings, tmp_path):
    settings["storage.url"] = f"sqlite:///{tmp_path}/store.db"
    api = Api.start(settings)
    path = tendering(api)
    port = free_port()
    lines = "\n".join(f"{name} = {value}" for name, value in settings.items())
    (tmp_path / "api.ini").write_text(INI.format(settings=lines, port=port))
    base = f"http://127.0.0.1:{port}/api/2.5"

    def bid(who: str, data: dict) -> str:
        headers = {"Content-Type": "application/json", "Authorization": "Basic " + base64.b64encode(f"{who}:".encode()).decode()}
        with urlopen(Request(f"{base}{path}/bids", json.dumps({"data": data}).encode(), headers), timeout=PATIENCE) as answer:
            return json.load(answer)["data"]["id"]

    server = children.Child("api", children.command("openprocurement_api", "serve", str(tmp_path / "api.ini")), {})
    try:
        wait_until(lambda: supervisor.answers(f"{base}/health"))
        ids = at_once(bid)
    finally:
        children.end([server])
    check(api, path, ids)
