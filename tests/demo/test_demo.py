"""The demo, played against an API in this process, with the clock of both in the test's hand."""

import argparse
import io
from datetime import UTC, datetime, timedelta
from threading import Event

import httpx
import pytest

from openprocurement_api import cli
from openprocurement_api.testing.client import Api
from plugins import demo
from plugins.chronograph.clockwork import Clockwork
from plugins.demo import (
    above_threshold_ua,
    above_threshold_ua_defense,
    auction,
    below_threshold,
    negotiation,
    negotiation_quick,
    reporting,
)
from plugins.demo.command import PLAYS
from plugins.demo.failures import Failed
from plugins.demo.stage import Stage
from plugins.demo.wire import Platform


class Theatre(Stage):
    """A stage whose time passes only when somebody waits; then the chronograph looks at what is due."""

    def __init__(self, api, **options):
        self.api = api
        self.clockwork = Clockwork(api.registry.services) if "chronograph.interval" in api.registry.services.settings else None
        super().__init__("http://localhost", transport=httpx.WSGITransport(api.web.app), out=io.StringIO(), **options)

    def now(self):
        return self.api.clock.now.astimezone(UTC)

    def sleep(self, seconds):
        self.api.clock.advance(timedelta(seconds=seconds))
        if self.clockwork:
            self.clockwork.catch_up(Event())

    @property
    def text(self):
        return self._out.getvalue()


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "belowThreshold documents chronograph"}


def test_the_play_goes_to_its_end(api):
    stage = Theatre(api)
    below_threshold.play(stage)

    (row,) = api.call("GET", "/tenders?opt_fields=status").json["data"]
    assert row["status"] == "complete"
    assert row["id"] in stage.text
    tender = api.get(f"/tenders/{row['id']}")
    assert [award["status"] for award in tender["awards"]].count("unsuccessful") == 1
    assert sorted(contract["status"] for contract in tender["contracts"]) == ["active", "active"]
    assert {bid["owner"] for bid in api.store.get("tender", row["id"]).body["bids"]} == {"broker", "broker2"}
    assert all(bid["documents"] for bid in tender["bids"])


@pytest.mark.parametrize(
    ("kind", "play", "awards"),
    [
        ("aboveThresholdUA", above_threshold_ua, ["active", "active", "cancelled", "unsuccessful"]),
        ("aboveThresholdUA.defense", above_threshold_ua_defense, ["active", "active"]),
    ],
)
def test_the_play_of_an_open_procedure_goes_to_its_end(settings, kind, play, awards):
    stage = Theatre(Api.start(settings | {"plugins": f"{kind} documents chronograph"}))
    play.play(stage)

    (row,) = stage.api.call("GET", "/tenders?opt_fields=status").json["data"]
    assert row["status"] == "complete"
    tender = stage.api.get(f"/tenders/{row['id']}")
    assert sorted(award["status"] for award in tender["awards"]) == awards
    assert [complaint["status"] for complaint in tender["complaints"]] == ["resolved"]
    assert "invalidationDate" in tender["enquiryPeriod"]


@pytest.fixture
def purchases(settings):
    """An API with the purchases without competition."""
    return Api.start(settings | {"plugins": "reporting negotiation negotiation.quick documents"})


def test_the_play_of_reporting_notices_a_slip_of_the_pen(purchases):
    stage = Theatre(purchases)
    reporting.play(stage)

    rows = purchases.call("GET", "/tenders?opt_fields=status").json["data"]
    assert [row["status"] for row in rows] == ["complete", "complete"]
    assert "Warning: The award (880000.0 UAH) is more than 5 times the expected value (90000.0 UAH)" in stage.text
    assert "6 x 'Flatbed scanner' at 14,666.67" in stage.text


@pytest.mark.parametrize("play", [negotiation, negotiation_quick], ids=["negotiation", "negotiation.quick"])
def test_the_play_of_a_negotiation_goes_to_its_end(purchases, play):
    stage = Theatre(purchases)
    play.play(stage)

    (row,) = purchases.call("GET", "/tenders").json["data"]
    tender = purchases.get(f"/tenders/{row['id']}")
    assert tender["status"] == "complete"
    assert [award["status"] for award in tender["awards"]] == ["cancelled", "active", "active"]
    assert [contract["status"] for contract in tender["contracts"]] == ["cancelled", "active", "active"]
    assert tender["awards"][0]["complaints"][0]["status"] == "resolved"


def test_an_unfinished_purchase_is_a_failure(purchases, monkeypatch):
    monkeypatch.setattr(reporting, "sign", lambda stage, tender: None)
    with pytest.raises(Failed, match="should be complete, and is active"):
        reporting.play(Theatre(purchases))


def test_the_play_tells_what_was_saved(api):
    stage = Theatre(api, speed=4)
    below_threshold.play(stage)

    (total,) = [line.split() for line in stage.text.splitlines() if line.split()[:2] == ["in", "all"]]
    (row,) = api.call("GET", "/tenders").json["data"]
    tender = api.get(f"/tenders/{row['id']}")
    paid = sum(contract["value"]["amount"] for contract in tender["contracts"])
    assert total[2:5] == [f"{amount:,.2f}" for amount in (490_000, paid, 490_000 - paid)]
    assert "Can't view bid in current (active.tendering) tender status" in stage.text


def test_without_a_chronograph_the_play_says_so(settings, api):
    stage = Theatre(api)
    stage.clockwork = None
    with pytest.raises(Failed, match=r"still active\.enquiries.*chronograph"):
        below_threshold.play(stage)


def test_a_server_that_is_not_for_training_is_told_apart(settings, tmp_path):
    from openprocurement_api.keys import digest

    keys = tmp_path / "auth.ini"
    keys.write_text(f"[brokers]\nbroker = sha512:{digest('broker')}\n")
    api = Api.start(settings | {"sandbox_mode": "false", "auth.file": str(keys)})
    with pytest.raises(Failed, match="sandbox_mode = true"):
        below_threshold.play(Theatre(api))
    api.store.close()


def test_bids_fall_until_nobody_goes_lower():
    bidders = [auction.Bidder("a", 90, [100]), auction.Bidder("b", 97, [99]), auction.Bidder("c", 80, [101])]
    auction.fall(bidders, 2)

    assert [len(bidder.said) for bidder in bidders] == [auction.ROUNDS + 1] * 3
    assert all(later <= earlier for b in bidders for earlier, later in zip(b.said, b.said[1:], strict=False))
    assert all(bidder.amount >= bidder.lowest for bidder in bidders)
    assert min(bidders, key=lambda bidder: bidder.amount).id == "c"


def test_a_refusal_is_a_sentence(api):
    platform = Platform("broker", "http://localhost", "http://localhost/docservice", httpx.WSGITransport(api.web.app))
    with pytest.raises(Failed, match="as 'broker' was refused: 404 url/tender_id: Not Found"):
        platform.get(f"{platform.base}/tenders/nothing")
    with pytest.raises(Failed, match="should have been refused"):
        platform.refusal(f"{platform.base}/tenders")


def test_an_answer_that_is_no_json_is_quoted():
    transport = httpx.MockTransport(lambda request: httpx.Response(502, text="Bad gateway"))
    with pytest.raises(Failed, match="502 Bad gateway"):
        Platform("broker", "http://localhost", "", transport).get("http://localhost/api/2.5/tenders")


def test_a_line_of_progress_is_shown_only_to_a_terminal(api):
    stage = Theatre(api)
    stage.progress("waiting")
    assert stage.text == ""
    stage._out.isatty = lambda: True
    stage.wait_until(stage.now() + timedelta(seconds=1), "waiting")
    assert "... waiting, 1 s" in stage.text


def command(*words):
    parser = argparse.ArgumentParser()
    demo.openprocurement_commands(parser.add_subparsers())
    return parser.parse_args(["demo", *words])


@pytest.mark.parametrize("kind", PLAYS)
def test_without_a_server_the_program_says_how_to_start_one(kind, capsys):
    assert cli.main(["demo", kind, "--url", "http://127.0.0.1:1"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("demo: http://127.0.0.1:1/")
    assert "`make run` starts one" in said


def test_the_program_is_asked_about_the_command(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["demo", "--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert said.startswith("usage: openprocurement demo ")
    assert all(kind in said for kind in PLAYS)


def test_an_interruption_has_its_own_exit_code(monkeypatch, capsys):
    def interrupted(stage):
        raise KeyboardInterrupt

    monkeypatch.setattr(below_threshold, "play", interrupted)
    arguments = command("belowThreshold", "--speed", "2")
    assert arguments.run(arguments) == 130
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--speed", "9"], ["--speed", "0"], ["--speed", "x"], ["noSuchProcedure"]])
def test_wrong_arguments_are_refused(words, capsys):
    with pytest.raises(SystemExit) as caught:
        command(*words)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_every_play_can_be_imported_and_is_a_procedure_of_an_installed_plugin():
    from importlib import import_module
    from importlib.metadata import entry_points

    names = entry_points(group="openprocurement.plugins").names
    for name, module in PLAYS.items():
        assert name in names
        assert callable(import_module(f"plugins.demo.{module}").play)


def test_time_runs_by_itself_on_a_real_stage():
    stage = Stage("http://localhost/")
    before = datetime.now(UTC)
    stage.sleep(0.01)
    assert stage.now() > before
    assert stage.documents == "http://localhost/docservice"
