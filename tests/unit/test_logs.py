"""Logs: JSON a line, the request's context in it, and nothing that is a secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from openprocurement_api import logs
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from openprocurement_api.testing.plugin import CONF


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    yield
    logs.configure("console", "CRITICAL")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """The log so far."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_with_the_requests_context(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO")
    token = logs.ABOUT.set({"request_id": "r1", "platform": "broker"})
    structlog.get_logger("openprocurement_api.x").info("saved", MESSAGE_ID="tender_create", title="Парти")
    logs.ABOUT.reset(token)
    (line,) = lines(capsys)
    assert line["event"] == "saved"
    assert abs(datetime.fromisoformat(line["timestamp"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert (line["request_id"], line["platform"], line["MESSAGE_ID"], line["title"]) == ("r1", "broker", "tender_create", "Парти")
    assert line["level"] == "info"


def test_what_is_named_like_a_secret_is_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO")
    structlog.get_logger("openprocurement_api.x").info("x", token="t", acc_token="t", Authorization="t", title="t")
    (line,) = lines(capsys)
    assert [line[name] for name in ("token", "acc_token", "Authorization", "title")] == ["***", "***", "***", "t"]


def test_the_console_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("console", "WARNING")
    log = structlog.get_logger("openprocurement_api.x")
    log.info("small")
    log.warning("large")
    assert "large" in (text := capsys.readouterr().err)
    assert "small" not in text


@pytest.mark.parametrize(("style", "level"), [("yaml", "INFO"), ("json", "LOUD")])
def test_an_unknown_style_or_level_is_refused(style: str, level: str) -> None:
    with pytest.raises(ValueError, match=r"log\.(format|level)"):
        logs.configure(style, level)


def test_who_reads_without_a_key_may_leave_no_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = {"storage.url": "memory:", "auth.file": str(CONF), "plugins": "belowThreshold", "sandbox_mode": "true"}
    api = Api.start(settings | {"log.format": "json", "log.level": "INFO", "log.reads": "false"})
    tender = api.tender()
    capsys.readouterr()
    for _ in range(2):
        api.get(tender.path, user=None)
    api.call("HEAD", tender.path, user=None)
    assert not lines(capsys)
    api.refused("GET", "/tenders/nowhere", status=404, user=None)
    api.get(tender.path, token=tender.token)
    noted = [(line["status"], line.get("platform")) for line in lines(capsys) if line["event"] == "request"]
    assert noted == [(404, None), (200, "broker")]


def test_requests_are_logged_without_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = {"storage.url": "memory:", "auth.file": str(CONF), "plugins": "belowThreshold", "sandbox_mode": "true"}
    api = Api.start(settings | {"log.format": "json", "log.level": "INFO"})
    tender = api.tender()
    api.call("PATCH", f"{tender.path}?acc_token={tender.token}", {"title": "Нова назва"}, X_Client_Request_ID="r7")
    api.until(tender, "active.tendering")
    bid = api.post(f"{tender.path}/bids", builders.bid(123.45, "ТОВ «Таємниця»"))
    api.get(bid.path, token=bid.token)
    api.refused("PATCH", bid.path, {"value": {"amount": 99}})
    text = capsys.readouterr().err
    events = [json.loads(line) for line in text.splitlines()]
    assert not [secret for secret in (tender.token, bid.token, "Таємниця", "123.45") if secret in text]
    patched = next(e for e in events if e.get("request_id") == "r7" and e["event"] == "request")
    assert (patched["platform"], patched["role"], patched["status"], patched["document_id"]) == (
        "broker",
        "broker",
        200,
        tender.id,
    )
    assert {"tender_create", "tender_patch", "switched_tender_active.tendering", "refused"} <= {e["MESSAGE_ID"] for e in events}


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO")
    log = structlog.get_logger("openprocurement_api.x")
    with Path("/dev/full").open("w", buffering=1) as full, monkeypatch.context() as patched:
        patched.setattr("sys.stderr", full)
        log.info("lost")
        patched.undo()
        full.buffer.raw.close()
    log.info("kept")
    assert [line["event"] for line in lines(capsys)] == ["kept"]


def test_what_json_does_not_know_stands_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO")
    structlog.get_logger("openprocurement_api.x").error("odd", path=Path("/x"), count=10**30)
    (line,) = lines(capsys)
    assert (line["path"], line["logger"]) == ("/x", "openprocurement_api.x")
