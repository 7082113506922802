"""The demos of dialogues, played to their ends with the bridge between the stages at work."""

from __future__ import annotations

from threading import Event

import pytest
from test_demo import Theatre

from plugins.demo import competitive_dialogue_eu, competitive_dialogue_ua
from plugins.dialogue.follower import Follower

PLAYS = {"competitiveDialogueEU": competitive_dialogue_eu, "competitiveDialogueUA": competitive_dialogue_ua}


@pytest.fixture
def settings(settings):
    types = " ".join(f"{kind} {kind}.stage2" for kind in PLAYS)
    return settings | {"plugins": f"{types} documents chronograph dialogue"}


class Bridged(Theatre):
    """A stage on which the bridge works too when time passes."""

    def __init__(self, api):
        super().__init__(api)
        self.follower = Follower(api.registry.services)

    def sleep(self, seconds):
        super().sleep(seconds)
        self.follower.turn(Event())


@pytest.mark.parametrize("kind", PLAYS)
def test_the_play_goes_to_its_end(api, kind):
    stage = Bridged(api)
    PLAYS[kind].play(stage)

    first, second = (api.get(f"/tenders/{row['id']}") for row in api.call("GET", "/tenders").json["data"])
    assert first["status"] == second["status"] == "complete"
    assert first["stage2TenderID"] == second["id"]
    assert second["procurementMethodType"] == f"{kind}.stage2"
    assert len(second["shortlistedFirms"]) == 4
    assert sorted(contract["status"] for contract in second["contracts"]) == ["active", "active"]
    assert "Firm can't create bid" in stage.text
    assert "active.pre-qualification again" in stage.text
