"""The demo of energy service contracts, played to its end."""

from __future__ import annotations

import pytest
from test_demo import Theatre

from plugins.demo import esco


@pytest.fixture
def settings(settings):
    return settings | {"plugins": "esco documents chronograph"}


def test_the_play_goes_to_its_end(api):
    stage = Theatre(api)
    esco.play(stage)

    (row,) = api.call("GET", "/tenders?opt_fields=status").json["data"]
    assert row["status"] == "complete"
    tender = api.get(f"/tenders/{row['id']}")
    assert [each["status"] for each in tender["qualifications"]].count("cancelled") == 2
    assert sorted(award["status"] for award in tender["awards"]) == ["active", "active", "unsuccessful"]
    for part in tender["lots"]:
        ranked = sorted(
            (offer["value"]["amountPerformance"] for bid in tender["bids"] for offer in bid["lotValues"]
             if offer["relatedLot"] == part["id"]),
            reverse=True,
        )  # fmt: skip
        won = [award for award in tender["awards"] if award["lotID"] == part["id"]]
        assert [award["value"]["amountPerformance"] for award in won] == ranked[: len(won)]
        assert won[-1]["value"]["amountPerformance"] > 0
    assert "Can't view bid in current (active.tendering) tender status" in stage.text
    assert "worth to the buyer" in stage.text


def test_the_play_notices_when_the_auctions_lead_nowhere(api, monkeypatch):
    stage = Theatre(api)
    monkeypatch.setattr(esco, "hold", lambda *_: None)
    with pytest.raises(esco.Failed, match=r"should be active\.qualification, and is active\.auction"):
        esco.play(stage)
