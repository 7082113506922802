"""The bridge finds what waits, whenever it starts, and one dialogue that fails stops no other."""

from __future__ import annotations

from threading import Event
from unittest.mock import patch

from openprocurement_api.storage.base import Unavailable
from openprocurement_api.testing.client import Api
from plugins.dialogue.carrying import second_id
from plugins.dialogue.follower import Follower
from procedures.competitive_dialogue.tests.play import PENDING, WAITING, Play


def test_dialogues_that_waited_before_the_start_and_those_that_wait_later(api: Api, waiting: Play):
    follower, later = Follower(api.registry.services), Play(api).talks()
    follower.turn(Event())
    assert (waiting.status, later.status) == ("complete", PENDING)
    later.wait()
    follower.turn(Event())
    assert later.status == "complete"
    assert follower.waiting == set()


def test_a_dialogue_that_fails_is_tried_again_and_stops_no_other(api: Api, waiting: Play):
    follower, other = Follower(api.registry.services), Play(api).talks().wait()
    broken = api.registry.services.procedures.pop("competitiveDialogueEU.stage2")
    follower.turn(Event())
    assert {waiting.status, other.status} == {WAITING}
    assert len(follower.waiting) == 2
    api.registry.services.procedures["competitiveDialogueEU.stage2"] = broken
    follower.turn(Event())
    assert {waiting.status, other.status} == {"complete"}


def test_dialogues_without_a_second_stage_here_are_not_looked_for(api: Api, waiting: Play):
    del api.registry.services.procedures["competitiveDialogueEU.stage2"]
    follower = Follower(api.registry.services)
    assert follower.types == {"competitiveDialogueUA"}
    follower.turn(Event())
    assert waiting.status == WAITING


def test_a_store_that_is_away_is_waited_for(api: Api, waiting: Play):
    follower = Follower(api.registry.services)
    for name in ("changes", "put"):
        with patch.object(api.store, name, side_effect=Unavailable("away")):
            follower.turn(Event())
        assert waiting.status == WAITING
    follower.turn(Event())
    assert waiting.status == "complete"


def test_it_stops_when_told(api: Api, waiting: Play):
    stop = Event()
    stop.set()
    follower = Follower(api.registry.services)
    follower.turn(stop)
    follower.run(stop)
    assert waiting.status == WAITING


def test_it_works_until_told_to_stop(api: Api, waiting: Play):
    stop, follower = Event(), Follower(api.registry.services, 0.01)
    turn = follower.turn

    def last(event: Event) -> None:
        turn(event)
        stop.set()

    with patch.object(follower, "turn", last):
        follower.run(stop)
    assert waiting.status == "complete"
    assert api.get(f"/tenders/{second_id(waiting.tender.id)}")["status"] == "draft.stage2"
