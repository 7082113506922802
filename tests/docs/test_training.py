"""What docs/training.md says of keys and of time is so; its examples are recorded by `pytest tests/docs --update-snapshots`."""

from __future__ import annotations

import configparser
import re
from datetime import datetime, timedelta

from pages import ROOT

from openprocurement_api.keys import digest
from openprocurement_api.testing import builders
from openprocurement_api.testing.client import Api
from procedures.below_threshold.tests.play import Play

PAGE = (ROOT / "docs/training.md").read_text(encoding="utf-8")
FASTER = {"procurementMethodDetails": "quick, accelerator=1440", "submissionMethodDetails": "quick"}


def test_time_passes_faster(api, keep):
    play = Play(api)
    kept = keep("training-faster", api.call("PATCH", play.tender.path, FASTER, token=play.tender.token), "id", *FASTER)
    assert kept.json["data"].items() >= FASTER.items()
    play.open_bids(450)
    path = f"{play.tender.path}/awards/{play.award['id']}"
    decided = api.call("PATCH", path, {"status": "active"}, token=play.tender.token)
    period = keep("training-award", decided, "id", "status", "complaintPeriod").json["data"]["complaintPeriod"]
    span = datetime.fromisoformat(period["endDate"]) - datetime.fromisoformat(period["startDate"])
    assert span == timedelta(minutes=2)


def test_elsewhere_time_is_as_it_is(settings, tmp_path):
    keys = tmp_path / "auth.ini"
    keys.write_text(f"[brokers]\nbroker = sha512:{digest('broker')}\n", encoding="utf-8")
    api = Api.start(settings | {"sandbox_mode": "false", "auth.file": str(keys)})
    data = builders.tender(api.clock.now, **FASTER)
    assert api.refused("POST", "/tenders", data, status=422) == [builders.problem("procurementMethodDetails", "Rogue field")]


def test_every_key_of_make_run_is_named_with_its_levels():
    said = PAGE.partition("### Its keys")[2].partition("\n## ")[0]
    parser = configparser.ConfigParser(delimiters=("=",))
    parser.read_string((ROOT / "conf/auth.dev.ini").read_text(encoding="utf-8"))
    brokers = dict(line.partition(",")[::2] for _, line in parser.items("brokers"))
    assert dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", said, re.MULTILINE)) == {k: v or "1234" for k, v in brokers.items()}
    others = {key for group in parser.sections() if group != "brokers" for _, key in parser.items(group)}
    assert others <= set(re.findall(r"`(\w+)`", said))


def test_tests_are_marked_and_listed_apart(api):
    tender = api.tender(mode="test")
    assert tender.data["title"].startswith("[ТЕСТУВАННЯ] ")
    found = [[row["id"] for row in api.get(f"/tenders{query}", user=None)] for query in ("", "?mode=test", "?mode=_all_")]
    assert found == [[], [tender.id], [tender.id]]
