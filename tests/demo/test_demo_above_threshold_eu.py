"""The demo of the open procedure with publication in English, played to its end."""

from __future__ import annotations

import pytest
from test_demo import Theatre

from plugins.demo import above_threshold_eu


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "aboveThresholdEU documents chronograph"}


@pytest.mark.parametrize("speed", [1, 4])
def test_the_play_goes_to_its_end(api, speed):
    stage = Theatre(api, speed=speed)
    above_threshold_eu.play(stage)

    (row,) = api.call("GET", "/tenders?opt_fields=status").json["data"]
    assert row["status"] == "complete"
    tender = api.get(f"/tenders/{row['id']}")
    found = [each["status"] for each in tender["qualifications"]]
    assert (found.count("active"), found.count("cancelled")) == (8, 2)
    assert {bid["status"] for bid in tender["bids"]} == {"active"}
    assert all("url" not in bid["financialDocuments"][0] for bid in tender["bids"])
    assert sorted(contract["status"] for contract in tender["contracts"]) == ["active", "active"]
    assert "Can't view bid in current (active.tendering) tender status" in stage.text
    assert "active.pre-qualification again" in stage.text
